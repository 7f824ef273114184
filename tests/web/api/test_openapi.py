"""The description: complete, Chinese, kept to; whatever is generated from it, nothing crashes."""

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings as examples
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from assistant.engine import Engine
from assistant.settings import Settings
from assistant.web.app import create_app

from .conftest import PLENTY, SHOP, Api
from .fake_desk import FakeDesk

CHINESE = re.compile("[一-龥]")
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def test_every_route_is_described_in_chinese_with_what_can_fail(http: httpx.Client) -> None:
    described = http.get("/api/v1/openapi.json").json()
    assert described["servers"] == [{"url": "/api/v1"}]
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            where = f"{method} {path}"
            assert CHINESE.search(operation["summary"]), where
            assert operation["tags"], where
            assert {"401", "403", "413", "422", "429"} <= set(operation["responses"]), where
            assert ("404" in operation["responses"]) == ("{conversation}" in path or path in ("/sessions", "/uploads")), where
            for status, answer in operation["responses"].items():
                if status >= "400":
                    assert answer["content"]["application/json"]["schema"]["$ref"].endswith("/Refusal"), (where, status)
            if path != "/sessions":
                assert operation["security"] == [{"session": []}], where
    for name, schema in described["components"]["schemas"].items():
        if name.startswith("Body_"):  # a form: its fields are told one by one
            assert all(CHINESE.search(field["description"]) for field in schema["properties"].values())
            continue
        assert CHINESE.search(schema.get("description", "")), name


def test_the_page_of_the_description_needs_nothing_from_elsewhere(http: httpx.Client) -> None:
    page = http.get("/api/v1/docs").text
    assert "<script" not in page
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", page)
    for words in ("打开会话", "/api/v1/conversations/{conversation}/turns", "2000", "conversation"):
        assert words in page


@pytest.fixture
def limits() -> dict[str, int]:
    """Nothing here is about how much is too much."""
    return PLENTY


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_whatever_the_description_allows_or_forbids_nothing_crashes(
    engine: Engine, settings: Settings, desk: FakeDesk, serve: Callable[[Any], str], mode: GenerationMode
) -> None:
    address = serve(create_app(engine, settings, desk=desk))
    schema = schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json")
    seen: set[int] = set()
    with httpx.Client(base_url=address, timeout=20) as client, requests.Session() as session:
        api = Api(client)
        api.open()
        for found in schema.get_all_operations():
            operation = found.ok()
            if mode.is_negative and not (operation.body or operation.query):
                continue  # nothing to send that could be wrong

            @given(case=operation.as_strategy(generation_mode=mode))
            @examples(max_examples=12, deadline=None, database=None, suppress_health_check=list(HealthCheck))
            def call(case: Any) -> None:
                if "conversation" in (case.path_parameters or {}) and case.operation.method != "delete":
                    case.path_parameters["conversation"] = api.conversation
                if case.operation.path == "/uploads" and isinstance(case.body, dict) and mode.is_positive:
                    case.body["conversation"] = api.conversation
                case.headers.pop("Authorization", None)
                headers = {"Origin": SHOP, "Authorization": f"Bearer {api.opened['token']}"}
                reply = case.call_and_validate(session=session, headers=headers, checks=CHECKS)
                seen.add(reply.status_code)
                if case.operation.path in ("/conversations/{conversation}/forget", "/visitor", "/visitor/erase"):
                    api.open()

            call()
        assert client.get("/healthz").status_code == 200
    assert 422 in seen
    if mode.is_positive:
        assert {200, 201, 204} <= seen
