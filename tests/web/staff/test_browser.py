"""What the staff do, in a real browser, and what the visitor sees of it."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from assistant.answer import Declined, Done, Event, Text
from assistant.store import deliveries
from assistant.store.handoffs import Opening, open_one

from ..fake_engine import ASKED, DECLINED, DRAFTED, MAIN
from .conftest import PASSWORD, PHONE, OpenPage, Served

EVIL = "<img src=x onerror=alert(1)><script>alert(2)</script>"


def talk(served: Served, *turns: tuple[str, list[Event]], name: str = "talk") -> str:
    served.store.open(name, "demo", None, "merchant")
    for question, events in turns:
        served.store.record(served.store.accept(name, question), events, None)
    return name


class Watching:
    """A visitor's open window, in a loop of its own."""

    def __init__(self, served: Served, conversation: str) -> None:
        self.seen: list[dict[str, Any]] = []
        self._news = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, args=(served, conversation), daemon=True)
        self._thread.start()

    def _run(self, served: Served, conversation: str) -> None:
        async def watch() -> None:
            async for one in served.desk.watch(conversation):
                with self._news:
                    self.seen.append(one)
                    self._news.notify_all()

        self._task = self._loop.create_task(watch())
        try:
            self._loop.run_until_complete(self._task)
        except asyncio.CancelledError:
            pass
        finally:
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()

    def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        with self._news:
            assert self._news.wait_for(lambda: any(wanted(one) for one in self.seen), 20), self.seen
        return next(one for one in self.seen if wanted(one))

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join()


def test_login_take_reply_and_close_as_the_visitor_sees_it(served: Served, open_page: OpenPage) -> None:
    conversation = talk(served, ("近30天1.2万单，判责退款7笔，会影响报名活动吗", MAIN))
    page = open_page()
    page.get_by_label("名字").fill("周敏")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_text("现在没有人在等")).to_be_visible()

    served.desk.open(conversation, "asked", None, "有两笔我不服")
    watching = Watching(served, conversation)
    page.get_by_role("link", name="近30天1.2万单").click()  # it came up by itself
    expect(page.get_by_role("heading", level=1)).to_have_text("近30天1.2万单，判责退款7笔，会影响报名活动吗")
    expect(page.locator(".packet")).to_contain_text("7÷12,000＝0.0583%")
    expect(page.locator(".packet")).to_contain_text("有两笔我不服")
    expect(page.locator(".talks .fig")).to_have_text("0.0583%")
    expect(page.locator(".talks .src li")).to_have_count(4)
    expect(page.locator(".talks input, .talks button")).to_have_count(0)

    page.get_by_role("button", name="接手").click()
    expect(page.locator("#state")).to_contain_text("你在")
    assert watching.until(lambda one: one.get("state") == "taken")["taken_by"] == "周敏"

    page.get_by_label("回复访客").press_sequentially("你好")
    assert watching.until(lambda one: one["type"] == "typing")["author"] == "周敏"
    page.get_by_label("回复访客").press("Shift+Enter")
    page.get_by_label("回复访客").press_sequentially("资料我都看到了")
    page.get_by_label("回复访客").press("Enter")
    said = watching.until(lambda one: one["type"] == "message")
    assert (said["author"], said["text"]) == ("周敏", "你好\n资料我都看到了")
    expect(page.locator(".msg.staff .talk")).to_have_text("你好\n资料我都看到了")
    expect(page.get_by_label("回复访客")).to_have_value("")

    page.get_by_label("回复访客").fill("还没写完")
    served.desk.say(conversation, "拆包录像有三段")
    expect(page.locator(".msg.visitor .talk")).to_have_text("拆包录像有三段")
    expect(page.locator("#queue .new")).to_have_text("等回复")
    expect(page.get_by_label("回复访客")).to_have_value("还没写完")
    page.reload()
    expect(page.locator(".msg")).to_have_count(2)

    page.get_by_role("button", name="结束").click()
    watching.until(lambda one: one.get("state") == "closed")
    watching.close()
    expect(page.locator("#queue")).to_contain_text("已结束 1")


def test_what_others_typed_stays_text(served: Served, open_page: OpenPage) -> None:
    conversation = talk(served, (EVIL, [Declined(EVIL, "weak"), Text(EVIL), Done("declined")]))
    id = served.desk.open(conversation, "declined", "zhang@example.com", EVIL)["id"]
    page = open_page(f"/staff/handoffs/{id}", name="周敏")
    expect(page.locator("h1")).to_have_text(EVIL)
    expect(page.locator(".packet .as-typed")).to_have_text(EVIL)
    expect(page.locator("#queue .ask1")).to_have_text(EVIL[:59] + "…" if len(EVIL) > 60 else EVIL)
    served.desk.say(conversation, EVIL)
    expect(page.locator(".msg .talk")).to_have_text(EVIL)
    page.get_by_label("回复访客").fill(EVIL)
    page.get_by_role("button", name="发送").click()
    expect(page.locator(".msg.staff .talk")).to_have_text(EVIL)
    page.reload()
    expect(page.locator(".msg .talk")).to_have_text([EVIL, EVIL])
    assert page.locator("img, main script").count() == 0


def test_two_people_see_each_other(served: Served, open_page: OpenPage) -> None:
    conversation = talk(served, ("真实体验分九项的权重各是多少", DECLINED))
    id = served.desk.open(conversation, "declined")["id"]
    mine, theirs = open_page(f"/staff/handoffs/{id}", name="周敏"), open_page(f"/staff/handoffs/{id}", name="李雷")
    mine.get_by_role("button", name="接手").click()
    expect(theirs.locator("#state")).to_contain_text("周敏在")
    expect(theirs.locator("#reply")).to_contain_text("要回复先接管")
    theirs.get_by_role("button", name="由我接管").click()
    expect(mine.locator("#state")).to_contain_text("李雷在")


def test_a_reply_that_came_too_late_is_not_lost(served: Served, open_page: OpenPage) -> None:
    id = served.desk.open(talk(served, ("问题", DECLINED)), "declined")["id"]
    page = open_page(f"/staff/handoffs/{id}", name="周敏")
    expect(page.locator("#state")).to_contain_text("还没有人接")
    page.route("**/live?*", lambda route: route.abort())  # news do not come any more
    page.reload()
    page.get_by_label("回复访客").fill("我来")
    served.office.take(id, "李雷")
    page.get_by_label("回复访客").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("李雷在处理")
    expect(page.get_by_label("回复访客")).to_have_value("我来")
    assert served.desk.messages("talk") == []


def test_a_delivery_that_failed_can_be_tried_again(served: Served, open_page: OpenPage) -> None:
    conversation = talk(served, ("问题", DECLINED))
    now = served.office.now()
    opening = Opening(conversation, "asked", served.desk.open(conversation, "asked")["packet"], None, "", now, ("wecom:ROBOT",))
    served.office.close(served.desk.state(conversation)["id"], "周敏")  # type: ignore[index]
    served.store.write(lambda connection: open_one(connection, opening))
    (row,) = served.store.write(lambda connection: deliveries.lease(connection, now, now, 9))
    served.store.write(lambda connection: deliveries.missed(connection, row, "机器人没有收下，errcode 93000。", None))
    page = open_page(name="周敏")
    expect(page.locator(".failed")).to_contain_text("企业微信机器人　试了1次")
    expect(page.locator(".failed")).to_contain_text("errcode 93000")
    page.get_by_role("button", name="再发一次").click()
    expect(page.locator(".failed")).to_have_count(0)
    (due,) = served.store.read(lambda connection: deliveries.of(connection, [row.handoff]))
    assert due.state == "due"


def test_a_login_that_ended_leads_to_the_door(served: Served, open_page: OpenPage) -> None:
    page = open_page(name="周敏")
    expect(page.locator("#queue")).to_be_visible()
    served.accounts.disable("周敏")
    served.office.bell.ring("staff")
    expect(page.get_by_role("button", name="登录")).to_be_visible()


def test_a_login_that_ended_while_the_line_was_cut_leads_to_the_door(served: Served, open_page: OpenPage) -> None:
    id = served.desk.open(talk(served, ("问题", DECLINED)), "declined")["id"]
    page = open_page(f"/staff/handoffs/{id}", name="周敏")
    page.route("**/live?*", lambda route: route.abort())
    page.reload()
    expect(page.locator("#state")).to_contain_text("还没有人接")
    served.accounts.disable("周敏")
    page.unroute("**/live?*")
    expect(page.get_by_role("button", name="登录")).to_be_visible()


def test_a_conversation_erased_by_its_visitor_is_not_shown_on(served: Served, open_page: OpenPage) -> None:
    conversation = talk(served, ("问题", DECLINED))
    id = served.desk.open(conversation, "declined")["id"]
    page = open_page(f"/staff/handoffs/{id}", name="周敏")
    page.route("**/live?*", lambda route: route.abort())
    page.reload()
    expect(page.locator("#state")).to_contain_text("还没有人接")
    served.store.forget(conversation)
    page.unroute("**/live?*")
    expect(page.locator("#state")).to_have_count(0)


def flaws(page: Page) -> list[str]:
    """What axe finds, rule by rule with the first place."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


def test_axe_finds_nothing(served: Served, open_page: OpenPage) -> None:
    conversation = talk(served, ("近30天1.2万单，判责退款7笔，会影响报名活动吗", MAIN), ("零服吸收率多少", ASKED), ("写一份申诉", DRAFTED))
    id = served.desk.open(conversation, "asked", "13912345678", "请回电")["id"]
    served.office.reply(id, "周敏", "你好")
    served.desk.say(conversation, "在的")
    talk(served, ("等着的", DECLINED), name="other")
    served.desk.open("other", "declined")
    assert flaws(open_page("/staff/login")) == []
    for scheme in ("light", "dark"):
        for size in (PHONE, None):
            shown = {"size": size} if size else {}
            page = open_page(f"/staff/handoffs/{id}", name="周敏", scheme=scheme, **shown)
            expect(page.locator(".msg")).to_have_count(2)
            assert flaws(page) == [], (scheme, size)
            page.goto(f"{served.address}/staff/")
            expect(page.locator("#queue")).to_be_visible()
            assert flaws(page) == [], (scheme, size)


def test_a_phone_shows_one_thing_at_a_time(served: Served, open_page: OpenPage) -> None:
    conversation = talk(served, ("近30天1.2万单，判责退款7笔，会影响报名活动吗", MAIN))
    id = served.desk.open(conversation, "asked")["id"]
    page = open_page(name="周敏", size=PHONE)
    page.get_by_role("link", name="近30天1.2万单").click()
    expect(page.locator("#queue")).to_be_hidden()
    expect(page.locator(".packet h3").first).to_be_hidden()
    page.locator(".packet summary").click()
    expect(page.locator(".packet")).to_contain_text("7÷12,000＝0.0583%")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_label("回复访客").fill("你好")
    page.get_by_role("button", name="发送").click()
    expect(page.locator(".msg.staff")).to_be_visible()
    page.get_by_role("link", name="队列").click()
    expect(page.locator("#queue")).to_be_visible()
    assert served.office.look(id).row.taken_by == "周敏"


def test_keyboard_alone_is_enough(served: Served, open_page: OpenPage) -> None:
    served.desk.open(talk(served, ("问题一", DECLINED)), "declined")
    page = open_page(name="周敏")
    expect(page.locator("#queue a")).to_have_count(1)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.locator("#queue a").focus()
    page.keyboard.press("Enter")
    take = page.get_by_role("button", name="接手")
    expect(take).to_be_visible()
    while not take.evaluate("one => one === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#state")).to_contain_text("你在")


def test_without_script_it_works_too(served: Served, browser: Any) -> None:
    conversation = talk(served, ("问题", DECLINED))
    served.desk.open(conversation, "declined")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served.address}/staff/login")
    page.get_by_label("名字").fill("周敏")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.locator("#queue a").click()
    page.get_by_label("回复访客").fill("你好")
    page.get_by_role("button", name="发送").click()
    expect(page.locator(".msg.staff .talk")).to_have_text("你好")
    context.close()
    assert [one["text"] for one in served.desk.messages(conversation)] == ["你好"]
