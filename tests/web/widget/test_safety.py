"""What a hostile text, page or visitor of another site can not do."""

import time
from collections.abc import Callable

import jwt
from playwright.sync_api import Browser, expect

from .conftest import IDENTITY_SECRET, Service, Visit, until
from .test_answers import QUESTION

SCRIPT = "<script>window.pwned=1</script><img src=x onerror='window.pwned=1'>&lt;b&gt;"
MARKDOWN = (
    "markdown:[坏](javascript:window.pwned=1) [数据](data:text/html,x) [明文](http://example.com) [好](https://example.com/a) "
    "![图](https://example.com/x.png) ![坏图](javascript:x) <iframe src=https://example.com></iframe> **粗**体 "
    '<a href="https://example.com" style="position:fixed;inset:0">盖住</a> <form action=/><input name=q></form>'
)


def test_script_in_a_message_stays_text(visit: Callable[..., Visit]) -> None:
    shop = visit()
    panel = shop.open()
    answer = shop.ask(SCRIPT)
    expect(panel.locator(".ask")).to_have_text(SCRIPT)
    expect(answer.locator(".say")).to_contain_text("<script>window.pwned=1</script>")
    assert answer.locator("script, img").count() == 0
    shop.page.reload()
    panel = shop.open()
    expect(panel.locator(".ask")).to_have_text(SCRIPT)
    assert panel.evaluate("window.pwned") is None


def test_markdown_lets_through_words_and_https_links_only(visit: Callable[..., Visit]) -> None:
    shop = visit()
    panel = shop.open()
    body = shop.ask(MARKDOWN).locator(".md")
    assert body.locator("a").evaluate_all("all => all.map((one) => [one.textContent, one.href, one.target, one.rel])") == [
        ["好", "https://example.com/a", "_blank", "noopener noreferrer nofollow"],
    ]
    assert body.locator("img, iframe, form, input, script, [style]").count() == 0
    expect(body).to_contain_text("坏")
    expect(body.locator("strong")).to_have_text("粗")
    assert panel.evaluate("window.pwned") is None


def test_html_cannot_be_made_of_text_by_any_other_way(visit: Callable[..., Visit]) -> None:
    panel = visit().open()
    refused = panel.evaluate("() => { try { document.body.innerHTML = '<b>x</b>'; } catch (error) { return error.name; } }")
    assert refused == "TypeError"  # trusted types


def test_a_site_on_no_list_gets_no_panel(browser: Browser, service: Service) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(service.foreign)
    until(page, "!!window.AfterSales?.open")
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        page.evaluate("AfterSales.open()")
    assert all(frame.evaluate("document.getElementById('log')") is None for frame in page.frames if "chrome-error" not in frame.url)
    context.close()


def test_messages_of_other_windows_are_not_heard(visit: Callable[..., Visit], service: Service) -> None:
    shop = visit()
    panel = shop.open()
    page = shop.page
    # another frame of the host page: the right origin, the wrong window
    page.evaluate("""() => {
        const other = document.createElement("iframe");
        other.id = "other";
        document.body.append(other);
        const frame = [...document.querySelectorAll("div")].map((one) => one.shadowRoot?.querySelector("iframe")).find(Boolean);
        window.panel = frame.contentWindow;
        window.heard = [];
        AfterSales.on("message", (detail) => heard.push(detail));
        for (const data of [{ type: "message", data: { sender: "staff", text: "假的" } }, { type: "close" }]) {
            window.postMessage(data, "*");
            window.dispatchEvent(new MessageEvent("message", { data, origin: new URL(frame.src).origin, source: other.contentWindow }));
            window.dispatchEvent(new MessageEvent("message", { data, origin: location.origin, source: frame.contentWindow }));
        }
    }""")
    expect(shop.launcher).to_be_hidden()  # still open
    assert page.evaluate("heard") == []
    # into the panel: from a window that is not the host, or of an origin on no list
    panel.evaluate("""() => {
        for (const data of [{ type: "ask", data: "偷问" }, { type: "identify", data: "x" }]) {
            window.postMessage(data, "*");
            window.dispatchEvent(new MessageEvent("message", { data, origin: "https://evil.example", source: parent }));
            window.dispatchEvent(new MessageEvent("message", { data, origin: new URL(document.referrer || location).origin, source: window }));
        }
    }""")
    page.wait_for_timeout(200)
    expect(panel.locator(".ask")).to_have_count(0)
    assert not [asked for asked, _ in service.engine.asked if asked == "偷问"]


def test_who_the_host_vouches_for_is_known_on_any_browser(visit: Callable[..., Visit]) -> None:
    now = int(time.time())
    token = jwt.encode({"sub": "user-7", "aud": "assistant:shop", "iat": now, "exp": now + 300}, IDENTITY_SECRET, algorithm="HS256")
    first = visit()
    first.page.evaluate("token => AfterSales.identify(token)", token)
    first.open()
    first.ask(QUESTION)
    talk = first.panel.evaluate("JSON.parse(localStorage['after-sales:shop']).conversation")
    second = visit()
    second.page.evaluate("token => AfterSales.identify(token)", token)
    panel = second.open()
    panel.evaluate("talk => { localStorage['after-sales:shop'] = JSON.stringify({ conversation: talk }); }", talk)
    second.page.reload()
    second.page.evaluate("token => AfterSales.identify(token)", token)
    expect(second.open().locator(".ask")).to_have_text(QUESTION)

    stranger = visit()
    stranger.open().evaluate("talk => { localStorage['after-sales:shop'] = JSON.stringify({ conversation: talk }); }", talk)
    stranger.page.reload()
    expect(stranger.open().locator(".hello")).to_be_visible()  # the number of a conversation opens nothing
