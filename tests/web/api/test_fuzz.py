"""A widget gone mad: 1,200 messages of broken JSON, odd characters, wrong types and great lengths. Nothing crashes."""

import json
import random
import string
from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx

from assistant.engine import Engine
from assistant.settings import Settings
from assistant.web.app import create_app

from .conftest import QUESTION, SHOP, Api
from .fake_desk import FakeDesk

MESSAGES = 1200
SEED = 20261123
ODD = (
    "\x00", "\u202e", "\ufeff", "\u2028", "𠮷", "👩‍👩‍👧", "é", "ﷺ", "\ud800", "\udfff", "%s%n", "{{7*7}}", "'; DROP TABLE turns; --",
    "<script>alert(1)</script>", "../../etc/passwd", "${jndi:ldap://x}", "1e999", "NaN", "零", "１２", "一万零二", "\r\nSet-Cookie: a=b",
)
WORDS = ("成交", "判责", "1000单", "7笔", "纠纷退款率", "多少", "呢", "2026年13月45日", "-5", "0", "百分之", "，", "？", QUESTION)
FIELDS = ("question", "audience", "site", "visitor", "identity", "conversation", "thumb", "reason", "contact", "note", "attach", "text",
          "after", "limit", "after_message", "metric", "inputs", "day", "label", "guide", "given", "format", "__proto__", "")
PATHS = (
    "/sessions", "/conversations", "/conversations/{c}/turns", "/conversations/{c}/history", "/conversations/{c}/turns/{t}/feedback",
    "/conversations/{c}/handoff", "/conversations/{c}/messages", "/conversations/{c}/watch", "/calculations", "/papers", "/uploads",
)


def text(dice: random.Random) -> str:
    """Words, odd characters, or much of either."""
    parts = dice.choices((*WORDS, *ODD), k=dice.choice((0, 1, 1, 2, 3, 8)))
    return "".join(parts) * dice.choice((1, 1, 1, 1, 40))


def value(dice: random.Random, depth: int = 0) -> Any:
    """Anything JSON can say, and some of what it cannot."""
    kind = dice.randrange(10 if depth < 4 else 7)
    if kind < 3:
        return text(dice)
    if kind < 7:
        return dice.choice((None, True, False, 0, -1, 2**63, 10**400, 1.5, float("nan"), float("inf"), -0.0, "up", "asked", "md", "merchant"))
    if kind == 7:
        return [value(dice, depth + 1) for _ in range(dice.randrange(4))]
    return {dice.choice((*FIELDS, text(dice)[:40])): value(dice, depth + 1) for _ in range(dice.randrange(5))}


def likely(dice: random.Random, path: str) -> dict[str, Any]:
    """A body that is right, of which one field may not be."""
    bodies: dict[str, dict[str, Any]] = {
        "/sessions": {"site": "shop"}, "turns": {"question": text(dice)}, "feedback": {"thumb": "up", "reason": text(dice)},
        "handoff": {"reason": "asked", "note": text(dice)}, "messages": {"text": text(dice)}, "history": {"after": dice.randrange(-2, 9)},
        "/calculations": {"metric": "dispute_refund_rate", "inputs": {"liable_refunds": value(dice, 3), "paid_suborders": value(dice, 3)}},
        "/papers": {"guide": text(dice), "given": {text(dice): {"a": value(dice, 3)}}, "format": "md"},
    }
    body = next((body for name, body in bodies.items() if path.endswith(name)), {})
    if dice.random() < 0.4:
        body[dice.choice((*body, *FIELDS))] = value(dice)
    return body


def body(dice: random.Random, path: str) -> bytes:
    """What is sent: JSON, mostly; sometimes cut off, doubled, deeply nested, in another encoding, or no JSON at all."""
    made = json.dumps(likely(dice, path) if dice.random() < 0.6 else value(dice))
    encoded = made.encode()
    match dice.randrange(12):
        case 0:
            return encoded[: dice.randrange(len(encoded) + 1)]
        case 1:
            return encoded + encoded
        case 2:
            return made.encode("utf-16")
        case 3:
            return bytes(dice.randrange(256) for _ in range(dice.randrange(60)))
        case 4:
            depth = dice.choice((50, 5_000, 30_000))
            return b"[" * depth + b"]" * depth
        case 5:
            return json.dumps({"question": "问" * dice.choice((1_999, 2_001, 30_000))}, ensure_ascii=False).encode()
    return encoded


def send(dice: random.Random, api: Api, turn: str) -> httpx.Response:
    """One message."""
    path = dice.choice(PATHS)
    known = dice.random() < 0.8
    odd = "".join(dice.choices(string.printable.replace("#", "").replace("?", "").strip() + "é中", k=dice.randrange(1, 90)))
    url = path.replace("{c}", api.conversation if known else odd).replace("{t}", turn if known else odd)
    headers: dict[str, Any] = {"Content-Type": dice.choice(["application/json"] * 8 + ["text/plain", "", "multipart/form-data; boundary=x"])}
    if dice.random() < 0.3:
        headers["Accept"] = dice.choice(("text/event-stream", "*/*", "", "text/event-stream;q=0"))
    if dice.random() < 0.1:
        headers["Authorization"] = dice.choice((b"Bearer \xff\xfe", b"Bearer " + b"a." * 3000, b"bearer", b"Bearer a.b.c"))
    if dice.random() < 0.05:
        headers["Origin"] = dice.choice((b"", b"null", b"\xff", b"https://shop.example, https://shop.example"))
    return api.send(dice.choice(("POST", "POST", "POST", "POST", "GET", "PUT")), url, content=body(dice, path), headers=headers)


def test_a_widget_gone_mad_crashes_nothing(
    engine: Engine, settings: Settings, desk: FakeDesk, serve: Callable[[Any], str]
) -> None:
    dice = random.Random(SEED)
    seen: Counter[int] = Counter()
    with httpx.Client(base_url=serve(create_app(engine, settings, desk=desk)), timeout=20) as client:
        api = Api(client)
        api.open()
        turn = api.ask().json()["turn"]
        for number in range(MESSAGES):
            reply = send(dice, api, turn)
            seen[reply.status_code] += 1
            assert reply.status_code < 500, (number, reply.request.method, reply.request.url, reply.request.content[:300])
            if reply.status_code >= 400:
                assert set(reply.json()["error"]) == {"code", "message"}, (number, reply.text)
        assert api.ask().json()["status"] == "answered"
        refused = client.options("/api/v1/sessions", headers={"Origin": SHOP})
        assert refused.status_code == 405
    assert seen.total() == MESSAGES
    assert {200, 201, 401, 403, 404, 405, 422} <= set(seen), seen
