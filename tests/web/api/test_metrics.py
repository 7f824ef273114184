"""What Prometheus reads: counts that move, and nothing that a person wrote."""

import re

import httpx
import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from assistant.engine import Engine
from assistant.settings import Settings
from assistant.web.app import create_app
from tests.conftest import MakeEngine

from .conftest import QUESTION, Api


def read(http: httpx.Client) -> dict[tuple[str, tuple[str, ...]], float]:
    """(name, label values) → value of every sample."""
    families = text_string_to_metric_families(http.get("/metrics").text)
    return {(one.name, tuple(one.labels.values())): one.value for family in families for one in family.samples}


def test_questions_are_counted_and_timed(api: Api) -> None:
    api.ask("成交1000单，判责7笔，纠纷退款率多少")
    api.ask("？？？")
    told = read(api.http)
    assert told["assistant_questions_total", ("answered",)] == 1
    assert told["assistant_questions_total", ("declined",)] == 1
    assert told["assistant_declines_total", ("empty",)] == 1
    assert told["assistant_first_event_seconds_count", ()] == 2
    assert told["assistant_answer_seconds_count", ()] == 2
    assert told["assistant_open_streams", ()] == 0
    assert told["process_resident_memory_bytes", ()] > 0


def test_nothing_a_person_wrote_stands_in_a_label(api: Api) -> None:
    api.ask(f"{QUESTION} 13812345678")
    api.post(f"/conversations/{api.conversation}/handoff", {"reason": "asked", "note": "私事"})
    text = api.http.get("/metrics").text
    for word in (QUESTION, "13812345678", "私事", api.conversation, api.opened["visitor"]):
        assert word not in text
    assert set(re.findall(r"(\w+)=\"", text)) <= {
        "status", "reason", "limit", "le", "implementation", "major", "minor", "patchlevel", "version",
    }


@pytest.mark.parametrize(("given", "status"), [(None, 401), ("Bearer wrong", 401), ("Bearer é", 401), ("Bearer tell-me", 200)])
def test_figures_may_be_kept_for_who_has_the_token(engine: Engine, settings: Settings, given: str | None, status: int) -> None:
    http = TestClient(create_app(engine, settings.model_copy(update={"metrics_token": SecretStr("tell-me")})))
    headers = {"Authorization": given.encode("latin-1")} if given else {}
    assert http.get("/metrics", headers=headers).status_code == status


def test_two_services_count_apart(api: Api, make_engine: MakeEngine, settings: Settings) -> None:
    api.ask()
    assert read(TestClient(create_app(make_engine(), settings)))["assistant_questions_total", ("answered",)] == 0
