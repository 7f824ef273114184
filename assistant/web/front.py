"""The first paint: what a visitor sees before Gradio is imported, and before its components are drawn."""

from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

STATIC = Path(__file__).parent / "static"
LOOKS = "".join(f'<link rel="stylesheet" href="look/{name}.css">' for name in ("tokens", "icons", "ui", "page"))
COVER = (STATIC / "cover.html").read_text(encoding="utf-8").replace("\n", "")
THEME = (
    '<script>{const kept=localStorage.getItem("assistant-theme");'
    'document.documentElement.dataset.theme=kept??(matchMedia("(prefers-color-scheme: dark)").matches?"dark":"light")}'
    "</script>"
)
_UNTIL_OPEN = (
    "<script>(async function look(){try{"
    'if((await(await fetch("healthz")).json()).page)return location.reload()}catch{}setTimeout(look,250)})()</script>'
    '<noscript><meta http-equiv="refresh" content="2"></noscript>'
)
SHELL = (
    '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>售后参谋</title>'
    '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark">'
    f'<link rel="icon" href="look/favicon.svg">{THEME}{LOOKS}{_UNTIL_OPEN}</head><body>{COVER}</body></html>'
)
"""Served while Gradio is still being imported; it looks again until the page is there."""

_DRESS = {
    b'lang="en"': b'lang="zh-CN"',
    b"</head>": f"{THEME}{LOOKS}</head>".encode(),
    b"<gradio-app": f"{COVER}<gradio-app".encode(),
}


class Front:
    """Gradio's start page with our language, colours and cover, so that nothing blank or foreign shows first."""

    def __init__(self, page: ASGIApp) -> None:
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything through; the start page is held back whole and dressed."""
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
            await self._page(scope, receive, send)
            return
        start: Message = {}
        body = bytearray()

        async def dress(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                return
            body.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            html = bytes(body)
            for plain, dressed in _DRESS.items():
                html = html.replace(plain, dressed, 1)
            kept = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
            await send({**start, "headers": [*kept, (b"content-length", str(len(html)).encode())]})
            await send({"type": "http.response.body", "body": html})

        plain_only = [(name, value) for name, value in scope["headers"] if name.lower() != b"accept-encoding"]
        await self._page({**scope, "headers": plain_only}, receive, dress)
