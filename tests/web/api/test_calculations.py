"""Cards computed again, and papers as files."""

from io import BytesIO
from typing import Any
from urllib.parse import unquote

import pytest
from docx import Document
from fastapi.testclient import TestClient

from assistant.paper import WORD
from assistant.settings import Settings
from assistant.web.app import create_app
from tests.web.fake_engine import FakeEngine

from .conftest import Api

INPUTS = {"liable_refunds": 7, "paid_suborders": 1000}
PAPER = {"guide": "appeal", "given": {"dispute_appeal_deadline": {"judged": {"date": "2026-11-23"}}}, "day": "2026-11-25"}


def test_changed_figures_are_computed_again(api: Api) -> None:
    reply = api.post("/calculations", {"metric": "dispute_refund_rate", "inputs": INPUTS})
    assert reply.status_code == 200
    told = reply.json()
    assert (told["value"], told["said"], told["unit"], told["label"]) == (0.007, "0.7%", "ratio", "纠纷退款率")
    assert told["verdict"] in ("ok", "watch", "breach")
    assert told["verdict_word"]


@pytest.mark.parametrize(("body", "words"), [
    ({"metric": "none", "inputs": {}}, "没有这个指标"),
    ({"metric": "dispute_refund_rate", "inputs": {"liable_refunds": 7}}, "还差"),
    ({"metric": "dispute_refund_rate", "inputs": {"liable_refunds": 7, "paid_suborders": 0}}, ""),
    ({"metric": "dispute_refund_rate", "inputs": {"liable_refunds": "七", "paid_suborders": []}}, ""),
    ({"metric": "dispute_refund_rate", "inputs": INPUTS, "label": "还差成交"}, "按新数重新回答"),
    ({"metric": "dispute_refund_rate", "inputs": {str(n): 1 for n in range(41)}}, "inputs"),
    ({"metric": "dispute_refund_rate", "inputs": {"liable_refunds": {"date": "soon"}}}, "inputs"),
    ({"metric": "dispute_refund_rate"}, "inputs"),
])
def test_figures_that_cannot_be_are_a_sentence(api: Api, body: dict[str, Any], words: str) -> None:
    reply = api.post("/calculations", body)
    assert reply.status_code == 422
    assert words in reply.json()["error"]["message"]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999", "-Infinity"])
def test_numbers_that_are_none_are_a_sentence(api: Api, number: str) -> None:
    body = f'{{"metric":"dispute_refund_rate","inputs":{{"liable_refunds":{number},"paid_suborders":[1,{number}]}}}}'
    reply = api.send("POST", "/calculations", content=body, headers={"Content-Type": "application/json"})
    assert reply.status_code == 422


def test_a_paper_is_a_file(settings: Settings) -> None:
    api = Api(TestClient(create_app(FakeEngine(), settings)))
    api.open()
    reply = api.post("/papers", {**PAPER, "format": "docx"})
    assert reply.headers["content-type"] == WORD
    assert unquote(reply.headers["content-disposition"]).endswith("2026-11-25.docx")
    assert "Content-Disposition" in reply.headers["access-control-expose-headers"]
    assert Document(BytesIO(reply.content)).paragraphs[0].text == "淘宝/天猫判责申诉说明"
    markdown = api.post("/papers", {**PAPER, "format": "md"})
    assert markdown.headers["content-type"] == "text/markdown; charset=utf-8"
    assert "2026-11-23起算" in markdown.text


@pytest.mark.parametrize(("change", "words"), [({"guide": "none"}, "没有这份文书"), ({"format": "pdf"}, "format"), ({"day": "soon"}, "day")])
def test_a_paper_that_cannot_be_made_is_a_sentence(api: Api, change: dict[str, Any], words: str) -> None:
    reply = api.post("/papers", {**PAPER, "format": "md", **change})
    assert reply.status_code == 422
    assert words in reply.json()["error"]["message"]


def test_without_a_session_nothing_is_computed(api: Api) -> None:
    for path, body in (("/calculations", {"metric": "m", "inputs": {}}), ("/papers", {**PAPER, "format": "md"})):
        assert api.post(path, body, headers={"Authorization": None}).status_code == 401
