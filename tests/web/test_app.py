"""Health, readiness, headers and the routes of the page's script, over HTTP."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from docx import Document
from fastapi.testclient import TestClient

from assistant.paper import WORD
from assistant.settings import Settings
from assistant.web.app import create_app

from .conftest import Service
from .fake_engine import RATE, FakeEngine

# Gradio itself uses pandas in ways that pandas has announced to drop
pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")


@pytest.fixture
def client(engine: FakeEngine, tmp_path: Path) -> TestClient:
    """The app before its page is there: no lifespan is run."""
    return TestClient(create_app(engine, Settings(data_dir=tmp_path)), headers={"Origin": "http://testserver"})


def test_health_and_shell_come_before_the_page(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok", "page": False}
    shell = client.get("/")
    assert shell.status_code == 200
    assert "售后参谋" in shell.text
    assert shell.headers["cache-control"] == "no-store"
    assert client.get("/readyz").status_code == 503
    assert client.get("/config").status_code == 503


def test_ready_follows_the_engine(service: Service) -> None:
    assert httpx.get(f"{service.address}/readyz").status_code == 200
    service.engine.ready = False
    assert httpx.get(f"{service.address}/readyz").json() == {"ready": False}


def test_security_headers_are_on_every_answer(service: Service) -> None:
    for path in ("/", "/healthz", "/look/ui.css", "/config", "/nothing"):
        headers = httpx.get(service.address + path).headers
        assert "frame-ancestors 'self'" in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_first_paint_is_ours(service: Service) -> None:
    page = httpx.get(service.address).text
    assert '<html\n\tlang="zh-CN"' in page
    assert page.index("正在打开") < page.index("<gradio-app")
    assert page.index("look/tokens.css") < page.index("</head>")
    icon = httpx.get(f"{service.address}/favicon.ico")
    assert "#2d4a88" in icon.text


def test_gradio_reports_nothing_and_shows_no_links(service: Service) -> None:
    config = httpx.get(f"{service.address}/config").json()
    assert config["analytics_enabled"] is False
    assert config["footer_links"] == []
    assert all(dependency["api_visibility"] == "private" for dependency in config["dependencies"])


def test_recalculate(client: TestClient) -> None:
    inputs = {"liable_refunds": 24, "paid_suborders": 12000}
    reply = client.post("/api/recalculate", json={"metric": RATE, "inputs": inputs})
    assert reply.json()["said"] == "0.2%"
    assert "偏高" in reply.json()["stamp"]


def test_another_result_is_not_shown_under_a_cards_name(client: TestClient) -> None:
    sent = {"metric": RATE, "label": "还差成交", "inputs": {"liable_refunds": 24, "paid_suborders": 12000}}
    assert client.post("/api/recalculate", json=sent).json() == {"error": "这个结果不能直接改数，请按新数重新回答。"}


@pytest.mark.parametrize(("inputs", "sentence"), [
    ({"liable_refunds": 9, "paid_suborders": 3}, "判责退款超过了成交，不合理，请核对。"),
    ({"liable_refunds": {"a": 1}, "paid_suborders": 3}, "这些数字没有填对，请核对后再试。"),
    ({str(n): 1 for n in range(50)}, "这些数字没有填对，请核对后再试。"),
])
def test_wrong_figures_are_one_sentence(client: TestClient, inputs: dict[str, Any], sentence: str) -> None:
    reply = client.post("/api/recalculate", json={"metric": RATE, "inputs": inputs})
    assert (reply.status_code, reply.json()) == (422, {"error": sentence})


@pytest.mark.parametrize("body", [b"{", b'{"metric":"m","inputs":{"a":NaN}}', b'"' + b"x" * 40_000 + b'"'])
def test_bodies_that_are_no_figures(client: TestClient, body: bytes) -> None:
    reply = client.post("/api/recalculate", content=body, headers={"content-type": "application/json"})
    assert reply.status_code == 422
    assert "error" in reply.json()


def test_plain_forms_of_other_sites_are_refused(client: TestClient) -> None:
    reply = client.post("/api/feedback", content="{}", headers={"content-type": "text/plain"})
    assert reply.json() == {"error": "请求应为 JSON。"}


TAKING = {"guide": "appeal", "given": {"dispute_appeal_deadline": {"judged": {"date": "2026-11-23"}}}, "day": "2026-11-25"}


def test_a_paper_is_rendered_again_and_named_for_every_reader(client: TestClient, engine: FakeEngine) -> None:
    reply = client.post("/api/draft", json={**TAKING, "format": "md"})
    assert reply.status_code == 200
    assert reply.headers["content-type"] == "text/markdown; charset=utf-8"
    assert reply.headers["cache-control"] == "no-store"
    named = reply.headers["content-disposition"]
    assert named.startswith('attachment; filename="appeal.md"; filename*=UTF-8\'\'')
    assert unquote(named.split("''")[1]) == "淘宝、天猫判责申诉说明-2026-11-25.md"
    assert "2026-11-23起算" in reply.text
    assert engine.taken == [("appeal", {"dispute_appeal_deadline": {"judged": date(2026, 11, 23)}}, date(2026, 11, 25))]


def test_the_same_paper_as_word(client: TestClient) -> None:
    reply = client.post("/api/draft", json={**TAKING, "format": "docx"})
    assert reply.headers["content-type"] == WORD
    assert unquote(reply.headers["content-disposition"]).endswith("2026-11-25.docx")
    document = Document(BytesIO(reply.content))
    assert document.paragraphs[0].text == "淘宝/天猫判责申诉说明"
    assert document.tables[0].cell(1, 1).text == "2026-11-23起算"


@pytest.mark.parametrize(("sent", "sentence"), [
    ({**TAKING, "guide": "other", "format": "md"}, "没有这份文书，请刷新页面再试。"),
    ({**TAKING, "format": "pdf"}, "这些数字没有填对，请核对后再试。"),
    ({**TAKING, "format": "md", "given": {"m": {"a": {"day": "soon"}}}}, "这些数字没有填对，请核对后再试。"),
    ({**TAKING, "format": "md", "given": {str(n): {} for n in range(50)}}, "这些数字没有填对，请核对后再试。"),
])
def test_a_paper_that_cannot_be_made_is_one_sentence(client: TestClient, sent: dict[str, Any], sentence: str) -> None:
    reply = client.post("/api/draft", json=sent)
    assert (reply.status_code, reply.json()) == (422, {"error": sentence})


def test_feedback_reaches_the_engine(client: TestClient, engine: FakeEngine) -> None:
    sent = {"conversation": "c", "question": "q", "thumb": "down"}
    assert client.post("/api/feedback", json=sent).json() == {"kept": True}
    assert engine.thumbs == [("q", "down")]
    assert client.post("/api/feedback", json={**sent, "thumb": "sideways"}).status_code == 422
