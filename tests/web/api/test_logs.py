"""What the service logs holds nothing that points at a person, whatever goes wrong."""

import logging
from collections.abc import AsyncIterator, Callable, Iterator
from io import StringIO
from typing import Any

import httpx
import pytest

from assistant.answer import Event
from assistant.service import mask_logs
from assistant.settings import Settings
from assistant.web.app import create_app
from tests.web.fake_engine import FakeEngine

from .conftest import IDENTITY, KEY, Api

PHONE, PLATE = "13812345678", "京A12345"


class Crashing(FakeEngine):
    """Fails with all it knows in its message."""

    async def ask(self, conversation_id: str, question: str, *, audience: str | None = None) -> AsyncIterator[Event]:
        """Never answers."""
        raise RuntimeError(f"cannot answer {question}")
        yield  # a generator all the same


@pytest.fixture
def logged() -> Iterator[StringIO]:
    """All that is logged, as the service's own handlers write it."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    mask_logs()
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


def test_a_crash_is_logged_without_what_points_at_a_person(
    settings: Settings, serve: Callable[[Any], str], logged: StringIO
) -> None:
    question = f"我的电话{PHONE}，车牌{PLATE}，定损怎么办"
    with httpx.Client(base_url=serve(create_app(Crashing(), settings)), timeout=20) as client:
        api = Api(client)
        api.open()
        assert "error" in api.ask(question, headers={"Accept": "text/event-stream"}).text
        assert api.ask(question).status_code == 500
        client.post(
            "/v1/chat/completions", headers={"Authorization": f"Bearer {KEY}"},
            json={"model": "after-sales-assistant", "messages": [{"role": "user", "content": question}]},
        )
    text = logged.getvalue()
    assert "cannot answer" in text, "what went wrong can still be found"
    for secret in (PHONE, PLATE, KEY, IDENTITY, api.opened["token"], api.opened["visitor"]):
        assert secret not in text


def test_what_a_person_typed_is_kept_masked(api: Api) -> None:
    api.ask(f"我的电话{PHONE}，车牌{PLATE}，纠纷退款率怎么算")
    (turn,) = api.post(f"/conversations/{api.conversation}/history").json()["turns"]
    assert PHONE not in str(turn)
    assert "138****5678" in turn["question"]
    assert PLATE not in str(turn)
