"""A hand-off in the form each channel takes."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, strategies as st
from pydantic import TypeAdapter, ValidationError

from assistant.handoff.channels import Channel, DingTalk, Mail, NotDelivered, Webhook, WeCom
from assistant.handoff.letters import WECOM_BYTES, Letter, mail, request, signature
from assistant.handoff.packet import Occasion, Packet, Reason, Said, packed
from assistant.handoff.told import as_markdown, as_short, fitted, title

from .conftest import ANSWER, NOON, QUESTION

LINK = "https://desk.example.com/staff/handoffs/h1"
KEY = "h1:wecom:ROBOT"
SECRET = "SEC0123456789abcdef"


def packet(question: str = QUESTION, note: str = "", contact: str | None = None, reason: Reason = "asked") -> Packet:
    return packed(Occasion("demo", "talk", reason, NOON, "merchant", contact, note), [Said(question, ANSWER, NOON)])


def letter(**given: Any) -> Letter:
    return Letter(KEY, "h1", packet(**given), LINK)


def test_wecom_gets_markdown_with_the_figures_and_a_link() -> None:
    made = request(WeCom(kind="wecom", url_env="ROBOT"), letter(), {"ROBOT": "https://qyapi.example.com/send?key=k"}, NOON)
    assert made.address == "https://qyapi.example.com/send?key=k"
    assert made.answers_errcode
    body = json.loads(made.body)
    assert body["msgtype"] == "markdown"
    content = body["markdown"]["content"]
    assert "7÷12,000＝0.0583%（不影响报名）" in content
    assert "《营销活动规范》2024-02-19 起" in content
    assert content.endswith(f"[打开工作台处理]({LINK})")
    assert "2026-11-23 12:00" in content
    assert "13812345678" not in content


@pytest.mark.parametrize("filling", ["字", "a字", "🚗", "e\u0301"])
def test_wecom_is_never_longer_than_it_may_be(filling: str) -> None:
    huge = packet()
    huge["figures"] = [{**huge["figures"][0], "equation": filling * 900, "label": f"指标{n}"} for n in range(9)]
    content = as_short(huge, LINK, WECOM_BYTES)
    assert WECOM_BYTES - 8 <= len(content.encode()) <= WECOM_BYTES
    assert content.endswith(f"[打开工作台处理]({LINK})")
    assert "\ufffd" not in content


@given(st.text(), st.integers(min_value=3, max_value=200))
def test_cutting_keeps_whole_characters(text: str, limit: int) -> None:
    cut = fitted(text, limit)
    assert len(cut.encode()) <= limit
    assert cut == text or text.startswith(cut.removesuffix("…"))


def test_words_of_a_visitor_cannot_act_in_a_group() -> None:
    evil = "<@all> [点这里](http://evil.example) <font color=\"warning\">急</font> ![](http://evil.example/x.png)\n# 大标题"
    content = as_short(packet(question=evil, note=evil), LINK, WECOM_BYTES)
    assert "<" not in content
    assert "](http://evil" not in content
    assert "\n#" not in content.replace("\n### ", "")
    assert "](http://evil" not in as_markdown(packet(question=evil, note=evil))


def test_dingtalk_is_signed_as_its_documentation_says() -> None:
    channel = DingTalk(kind="dingtalk", url_env="ROBOT", secret_env="SIGN")
    environ = {"ROBOT": "https://oapi.example.com/robot/send?access_token=t", "SIGN": SECRET}
    made = request(channel, letter(), environ, NOON)
    query = parse_qs(urlsplit(made.address).query)
    moment = str(int(NOON.timestamp() * 1000))
    wanted = hmac.new(SECRET.encode(), f"{moment}\n{SECRET}".encode(), hashlib.sha256).digest()
    assert query == {"access_token": ["t"], "timestamp": [moment], "sign": [base64.b64encode(wanted).decode()]}
    body = json.loads(made.body)
    assert body["markdown"]["title"] == "售后参谋：有人等人工（访客要求人工）"
    unsigned = request(DingTalk(kind="dingtalk", url_env="ROBOT"), letter(), environ, NOON)
    assert unsigned.address == environ["ROBOT"]


def test_a_webhook_carries_everything_and_can_be_verified() -> None:
    channel = Webhook(kind="webhook", url_env="HOOK", secret_env="SIGN")
    made = request(channel, letter(contact="13912345678"), {"HOOK": "https://crm.example.com/in", "SIGN": SECRET}, NOON)
    body = json.loads(made.body)
    assert (body["type"], body["id"], body["handoff"], body["link"]) == ("handoff.opened", KEY, "h1", LINK)
    assert body["packet"] == json.loads(json.dumps(packet(contact="13912345678")))
    assert made.headers["Idempotency-Key"] == made.headers["webhook-id"] == KEY
    moment = made.headers["webhook-timestamp"]
    wanted = hmac.new(SECRET.encode(), f"{KEY}.{moment}.".encode() + made.body, hashlib.sha256).digest()
    assert made.headers["webhook-signature"] == "v1," + base64.b64encode(wanted).decode()
    bare = request(Webhook(kind="webhook", url_env="HOOK"), letter(), {"HOOK": "https://crm.example.com/in"}, NOON)
    assert "webhook-signature" not in bare.headers


def test_a_secret_as_standard_webhooks_writes_it() -> None:
    # the example of the specification's own libraries
    told = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}'
    )
    assert told == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_mail_holds_all_of_it_and_nothing_typed_in_its_headers() -> None:
    evil = "急\r\nBcc: x@example.com"
    made = mail(
        Mail(kind="mail", to="desk@example.com"), letter(question=evil, note=evil, contact="zhang@example.com"), "参谋 <bot@example.com>"
    )
    read = message_from_bytes(bytes(made), policy=policy.default)
    assert read["To"] == "desk@example.com"
    assert read["Reply-To"] == "zhang@example.com"
    assert read["Subject"] == "售后参谋：有人等人工（访客要求人工）"
    assert "Bcc" not in read
    assert read["Message-ID"] == message_from_bytes(bytes(mail(
        Mail(kind="mail", to="desk@example.com"), letter(), "参谋 <bot@example.com>"
    )), policy=policy.default)["Message-ID"]
    text = read.get_content()
    assert "7÷12,000＝0.0583%" in text
    assert "1. 营销活动规范（2024-02-19 起），淘宝规则" in text
    assert "- 先看体验分。够不够4.2" in text
    assert read.get_content_type() == "text/plain"


@pytest.mark.parametrize("contact", ["13912345678", "zhang@example.com\r\nBcc: x@example.com", None])
def test_only_an_address_becomes_a_reply_address(contact: str | None) -> None:
    made = mail(Mail(kind="mail", to="desk@example.com"), letter(contact=contact), "bot@example.com")
    assert made["Reply-To"] is None
    assert "Bcc" not in message_from_bytes(bytes(made), policy=policy.default)


def test_the_title_tells_a_message_that_was_left() -> None:
    assert title(packet(reason="offline")) == "售后参谋：有新留言（下班时间的留言）"


@pytest.mark.parametrize(("address", "told"), [
    ("", "没有设置"), ("http://robot.example.com/x", "https://"), ("ftp://127.0.0.1/x", "https://"), ("https://", "https://"),
    ("http://[::1", "https://"), ("http://127.0.0.1.example.com/x", "https://"),
])
def test_addresses_that_are_not_used(address: str, told: str) -> None:
    with pytest.raises(NotDelivered, match=told) as refused:
        request(WeCom(kind="wecom", url_env="ROBOT"), letter(), {"ROBOT": address}, NOON)
    assert "example.com" not in str(refused.value)


def test_a_secret_that_is_named_must_be_there() -> None:
    with pytest.raises(NotDelivered, match="SIGN 没有设置"):
        request(Webhook(kind="webhook", url_env="A", secret_env="SIGN"), letter(), {"A": "https://a.example"}, datetime.now(UTC))


@pytest.mark.parametrize("written", [
    {"kind": "sms", "url_env": "A"}, {"kind": "wecom"}, {"kind": "wecom", "url_env": "https://qyapi.example.com?key=1"},
    {"kind": "mail", "to": "a@example.com\r\nBcc: b@example.com"}, {"kind": "mail", "to": []}, {"kind": "wecom", "url_env": "A", "to": "b"},
])
def test_channels_written_wrongly(written: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Channel).validate_python(written)
