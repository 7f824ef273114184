"""The visitor's side: opening, the packet as it is handed over, messages to and fro, news as it comes."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from assistant.errors import InvalidInput
from assistant.handoff.desk import Desk
from assistant.handoff.office import Office
from assistant.person import Help
from assistant.store import Store, deliveries

from .conftest import NIGHT, Clock, Sites


@pytest.fixture
def desk(store: Store, sites: Sites, clock: Clock) -> Desk:
    return Desk(store, sites, now=clock, poll_seconds=0.05)


@pytest.fixture
def office(store: Store, desk: Desk, clock: Clock) -> Office:
    return Office(store, desk.bell, now=clock)


def test_opening_hands_over_what_was_said_and_computed(desk: Desk, talk: str, store: Store) -> None:
    opened = desk.open(talk, "asked", None, None, attach=True)
    packet = opened["packet"]
    assert opened["state"] == "open"
    assert packet["question"] == "近30天1.2万单，判责退款7笔，电话138****5678，会影响报名活动吗"
    assert [figure["equation"] for figure in packet["figures"]] == ["7÷12,000＝0.0583%"]
    assert packet["figures"][0]["inputs"][1] == {"label": "支付宝成交", "said": "12,000笔", "value": 12000.0, "unit": "笔"}
    assert (packet["figures"][0]["verdict"], packet["figures"][0]["verdict_word"]) == ("ok", "不影响报名")
    assert packet["clauses"][0]["title"] == "营销活动规范"
    assert packet["clauses"][0]["period"] == "2024-02-19 起"
    assert packet["tried"]["acts"] == ["先看体验分。够不够4.2", "72小时内申诉"]
    assert [line["who"] for line in packet["transcript"]] == ["visitor", "assistant"] * 2
    assert packet["shown"] == ["问题与对话原文", "7÷12,000＝0.0583%", "引用的1条规则与资料", "已经建议过的2步", "手机号、车牌、证件号已打码"]
    assert packet["audience"] == "merchant"
    assert "13812345678" not in json.dumps(packet)
    assert desk.state(talk) == {"id": opened["id"], "state": "open", "taken_by": None}


def test_without_the_conversation_only_the_note_goes_along(desk: Desk, talk: str) -> None:
    packet = desk.open(talk, "asked", "13912345678", "车牌京A12345，请回电", attach=False)["packet"]
    assert packet["note"] == "车牌京A·***45，请回电"
    assert packet["question"] == packet["note"]
    assert packet["contact"] == "13912345678"
    assert (packet["figures"], packet["clauses"], packet["transcript"], packet["tried"]["acts"]) == ([], [], [], [])
    assert packet["shown"] == ["你的留言", "联系方式：13912345678", "其余手机号、车牌、证件号已打码"]


def test_outside_the_hours_a_message_is_left_with_a_contact(desk: Desk, talk: str, clock: Clock) -> None:
    clock.moment = NIGHT
    assert desk.hours("demo") == {"open": False, "text": "人工服务：工作日 9:00–18:00", "back": "明天 9:00"}
    with pytest.raises(InvalidInput, match="请留下手机号或邮箱"):
        desk.open(talk, "asked")
    opened = desk.open(talk, "asked", "zhang@example.com", "有两笔判责我不服，想申诉。")
    assert (opened["packet"]["reason"], opened["packet"]["contact"]) == ("offline", "zhang@example.com")


@pytest.mark.parametrize("contact", ["打我电话", "12345", "a@b", "a@example.com\r\nBcc: x@example.com", "1" * 101, "<b>@x.cn"])
def test_a_contact_nobody_can_be_reached_by_is_refused(desk: Desk, talk: str, contact: str) -> None:
    with pytest.raises(InvalidInput, match="手机号、座机号或邮箱"):
        desk.open(talk, "asked", contact)


@pytest.mark.parametrize("contact", ["13912345678", "+86 139 1234 5678", "0571-88157838", "zhang.san@shop.example.com"])
def test_contacts_as_people_write_them(desk: Desk, talk: str, contact: str) -> None:
    assert desk.open(talk, "asked", f" {contact} ")["packet"]["contact"] == contact


def test_opening_twice_is_one_handoff_and_one_delivery_a_channel(desk: Desk, talk: str, store: Store, sites: Sites) -> None:
    sites.use(channels=[{"kind": "wecom", "url_env": "ROBOT"}, {"kind": "mail", "to": "desk@example.com"}])
    first = desk.open(talk, "asked")
    again = desk.open(talk, "misses", "13912345678", "还有一件事")
    assert again["id"] == first["id"]
    assert again["packet"]["contact"] == "13912345678"
    rows = store.read(lambda connection: deliveries.of(connection, [first["id"]]))
    assert [row.channel for row in rows] == ["mail:desk@example.com", "wecom:ROBOT"]
    assert {row.state for row in rows} == {"due"}


def test_after_it_is_closed_a_new_one_can_be_opened(desk: Desk, office: Office, talk: str, clock: Clock) -> None:
    first = desk.open(talk, "asked")
    office.close(first["id"], "周敏")
    with pytest.raises(InvalidInput, match="没有人工在接"):
        desk.say(talk, "还在吗")
    clock.moment += timedelta(minutes=1)
    assert desk.open(talk, "asked")["id"] != first["id"]


def test_what_cannot_be_opened(desk: Desk, store: Store) -> None:
    with pytest.raises(InvalidInput, match="没有这段对话"):
        desk.open("nowhere", "asked")
    store.accept("own", "问题")  # our own page, where nobody waits
    with pytest.raises(InvalidInput, match="没有开通人工服务"):
        desk.open("own", "asked")
    assert desk.about("own") is None
    assert desk.about("nowhere") is None


def test_what_the_engine_is_told_of_the_people(desk: Desk, talk: str, clock: Clock) -> None:
    assert desk.about(talk) == Help("工作日 9:00–18:00", True, "明天 9:00", 2)
    clock.moment = NIGHT
    assert desk.about(talk) == Help("工作日 9:00–18:00", False, "明天 9:00", 2)


def test_messages_are_numbered_masked_and_a_number_left_in_one_is_kept_for_the_reply(
    desk: Desk, office: Office, talk: str
) -> None:
    opened = desk.open(talk, "asked")
    first = desk.say(talk, " 打我13912345678 ")
    second = desk.say(talk, "车架号LSVAA4182E2123456")
    assert [(one["seq"], one["sender"], one["text"]) for one in (first, second)] == [
        (1, "visitor", "打我139****5678"), (2, "visitor", "车架号LSV**********3456"),
    ]
    assert office.look(opened["id"]).row.contact == "13912345678"
    assert desk.messages(talk, 1) == [second]
    for wrong in ("", "  \n", "字" * 2001):
        with pytest.raises(InvalidInput):
            desk.say(talk, wrong)


async def news(desk: Desk, talk: str, after: int = 0) -> AsyncIterator[dict[str, Any]]:
    async for one in desk.watch(talk, after):
        yield one


async def following(stream: AsyncIterator[dict[str, Any]]) -> dict[str, Any]:
    return await asyncio.wait_for(anext(stream), 20)


async def test_a_visitor_sees_it_taken_typed_answered_and_closed(desk: Desk, office: Office, talk: str) -> None:
    opened = desk.open(talk, "asked")
    stream = news(desk, talk)
    assert await following(stream) == {"type": "handoff", "id": opened["id"], "state": "open", "taken_by": None}
    office.take(opened["id"], "周敏")
    assert (await following(stream))["taken_by"] == "周敏"
    office.typing(opened["id"], "周敏")
    assert await following(stream) == {"type": "typing", "author": "周敏"}
    office.reply(opened["id"], "周敏", "资料我都看到了，打我13800000000")
    answered = await following(stream)
    assert (answered["type"], answered["author"], answered["text"]) == ("message", "周敏", "资料我都看到了，打我13800000000")
    office.close(opened["id"], "周敏")
    assert (await following(stream))["state"] == "closed"
    await stream.aclose()  # type: ignore[attr-defined]


async def test_another_process_is_noticed_without_a_bell(desk: Desk, talk: str, store: Store, sites: Sites, clock: Clock) -> None:
    opened = desk.open(talk, "asked")
    stream = news(desk, talk)
    await following(stream)
    elsewhere = Office(store, Desk(store, sites).bell, now=clock)
    elsewhere.take(opened["id"], "李雷")
    assert (await following(stream))["taken_by"] == "李雷"
    await stream.aclose()  # type: ignore[attr-defined]


async def test_watching_begins_behind_what_is_known(desk: Desk, office: Office, talk: str) -> None:
    opened = desk.open(talk, "asked")
    office.reply(opened["id"], "周敏", "第一句")
    office.reply(opened["id"], "周敏", "第二句")
    stream = news(desk, talk, 1)
    assert (await following(stream))["type"] == "handoff"
    assert (await following(stream))["text"] == "第二句"
    await stream.aclose()  # type: ignore[attr-defined]


def test_messages_of_two_at_once_get_numbers_of_their_own(desk: Desk, office: Office, talk: str) -> None:
    opened = desk.open(talk, "asked")
    office.take(opened["id"], "周敏")

    async def both() -> None:
        await asyncio.gather(*(
            asyncio.to_thread(desk.say, talk, f"{n}") if n % 2 else asyncio.to_thread(office.reply, opened["id"], "周敏", f"{n}")
            for n in range(20)
        ))

    asyncio.run(both())
    assert [one["seq"] for one in desk.messages(talk)] == list(range(1, 21))


def test_only_one_of_two_takes_it(desk: Desk, office: Office, talk: str) -> None:
    id = desk.open(talk, "asked")["id"]
    office.take(id, "周敏")
    with pytest.raises(InvalidInput, match="周敏在处理"):
        office.take(id, "李雷")
    with pytest.raises(InvalidInput, match="周敏在处理"):
        office.reply(id, "李雷", "我来")
    with pytest.raises(InvalidInput, match="周敏在处理"):
        office.close(id, "李雷")
    office.take(id, "李雷", over=True)
    office.release(id, "李雷")
    assert office.look(id).row.state == "open"
    office.reply(id, "周敏", "我来")  # who answers an open one has taken it
    assert office.look(id).row.taken_by == "周敏"


def test_the_queue(desk: Desk, office: Office, talk: str, store: Store, clock: Clock) -> None:
    store.open("later", "demo")
    first = desk.open(talk, "asked")["id"]
    clock.moment += timedelta(minutes=5)
    second = desk.open("later", "declined")["id"]
    assert [one.row.id for one in office.queue("周敏").open] == [first, second]
    office.take(first, "周敏")
    desk.say(talk, "在吗")
    queue = office.queue("周敏")
    assert [(one.row.id, one.unread) for one in queue.mine] == [(first, True)]
    assert [one.row.id for one in office.queue("李雷").others] == [first]
    office.close(second, "李雷")
    assert [one.row.id for one in office.queue("周敏").closed] == [second]


def test_erasing_the_conversation_erases_its_handoff(desk: Desk, office: Office, talk: str, store: Store) -> None:
    id = desk.open(talk, "asked")["id"]
    desk.say(talk, "在吗")
    store.forget(talk)
    assert desk.state(talk) is None
    assert desk.messages(talk) == []
    with pytest.raises(InvalidInput, match="没有这条记录"):
        office.look(id)
