"""The widget as files: the launcher, the panel of a site, what the panel loads, and a host page to try it on."""

import gzip
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.sites import OWN, Site, Sites, Theme
from assistant.web.guarding.headers import frame_headers
from assistant.web.guarding.origin import own_origin

FOLDER = Path(__file__).parent / "widget"
LOADER = "loader.js"
LOADER_SECONDS = 300
"""how long a host's browser keeps the launcher: its address is pasted into pages and never changes"""
_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
_IMPORT = re.compile(r'"\./([\w/.-]+\.js)"')
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_HTML = "text/html; charset=utf-8"
_DEMO_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; frame-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)
_UNKNOWN_POLICY = "default-src 'none'; style-src 'self'; frame-ancestors *"
_TRUSTED = "; require-trusted-types-for 'script'; trusted-types dompurify"
"""nothing but DOMPurify may make HTML out of text"""
_UNKNOWN = (
    '<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>售后参谋</title>'
    '<link rel="stylesheet" href="panel.css?v={version}"></head><body><p class="lost">{said}</p></body></html>'
)
_UNKNOWN_SAID = {
    "zh": "没有这个站点，请核对嵌入代码里的 data-site。",
    "en": "There is no such site. Check data-site in the snippet.",
}


@dataclass(frozen=True)
class Served:
    """One file, ready to be sent either way."""

    type: str
    plain: bytes
    zipped: bytes
    tag: str


def widget_routes(sites: Sites, public_url: str) -> APIRouter:
    """The routes. `public_url` is our origin as browsers see it; empty means that of each request."""
    router = APIRouter(include_in_schema=False)

    @router.get("/widget/panel")
    async def panel(request: Request, site: str = "", lang: str = "zh", color: str = "", mode: str = "", identified: str = "") -> Response:
        language = "en" if lang == "en" else "zh"
        known = sites.get(site)
        if known is None:
            page = _UNKNOWN.format(lang=language, version=version(), said=_UNKNOWN_SAID[language])
            return _sent(request, _made(_HTML, page), {"Content-Security-Policy": _UNKNOWN_POLICY}, status=404)
        given = {
            "site": known.key, "origins": [own_origin(request.scope, public_url), *known.origins],
            "brand": _brand(color if _COLOR.fullmatch(color) else known.theme.color), "identified": bool(identified),
        }
        filled = {
            "lang": "zh-CN" if language == "zh" else "en", "mode": mode if mode in ("light", "dark") else known.theme.mode,
            "version": version(), "given": json.dumps(given, ensure_ascii=False).replace("<", "\\u003c"),
        }
        return _sent(request, _made(_HTML, _template("panel.html", filled)), _policy(known))

    @router.get("/widget/{name:path}")
    async def file(request: Request, name: str, v: str = "") -> Response:
        found = files().get(name)
        if found is None:
            return Response("没有这个文件。", 404, media_type="text/plain; charset=utf-8")
        if name == LOADER:
            return _sent(request, found, {"Cache-Control": f"public, max-age={LOADER_SECONDS}", "Cross-Origin-Resource-Policy": "cross-origin"})
        lasting = "public, max-age=31536000, immutable" if v == version() else "no-cache"
        return _sent(request, found, {"Cache-Control": lasting})

    @router.get("/demo")
    async def demo(request: Request) -> Response:
        key = "demo" if sites.get("demo") else OWN
        page = _template("demo.html", {"site": key, "version": version()})
        return _sent(request, _made(_HTML, page), {"Content-Security-Policy": _DEMO_POLICY})

    return router


@cache
def version() -> str:
    """A digest of all the files: it stands in their addresses, so that they may be kept for good."""
    digest = hashlib.sha256()
    for path in _paths():
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@cache
def files() -> Mapping[str, Served]:
    """What may be fetched, by its path under /widget/. Modules import each other under the addresses of this version."""
    made = {}
    for path in _paths():
        if path.suffix in _TYPES:
            text = path.read_text(encoding="utf-8")
            if path.parent == FOLDER and path.name != LOADER:
                text = _IMPORT.sub(rf'"./\1?v={version()}"', text)
            made[path.relative_to(FOLDER).as_posix()] = _made(_TYPES[path.suffix], text)
    return made


def _paths() -> list[Path]:
    return sorted(path for path in FOLDER.rglob("*") if path.is_file())


def _made(type: str, text: str) -> Served:
    plain = text.encode()
    return Served(type, plain, gzip.compress(plain, 9, mtime=0), f'"{hashlib.sha256(plain).hexdigest()[:20]}"')


def _sent(request: Request, one: Served, headers: Mapping[str, str], status: int = 200) -> Response:
    told = {"ETag": one.tag, "Vary": "Accept-Encoding", "Cache-Control": "no-cache", **headers}
    if status == 200 and one.tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=told)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(one.zipped, status, {**told, "Content-Encoding": "gzip"}, one.type)
    return Response(one.plain, status, told, one.type)


def _template(name: str, values: Mapping[str, str]) -> str:
    page = (FOLDER / name).read_text(encoding="utf-8")
    return re.sub(r"\{\{(\w+)\}\}", lambda found: values[found[1]], page)


def _policy(site: Site) -> Mapping[str, str]:
    headers = dict(frame_headers(site))
    headers["Content-Security-Policy"] += _TRUSTED
    return headers


def _brand(color: str) -> Mapping[str, str] | None:
    """A site's own colour and what is readable on it; None for ours, which has a light and a dark form."""
    if color.lower() == Theme().color:
        return None
    digits = color[1:] if len(color) == 7 else "".join(digit * 2 for digit in color[1:])
    red, green, blue = ((int(digits[at : at + 2], 16) / 255) ** 2.2 for at in (0, 2, 4))
    light = 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18  # where black and white contrast alike
    return {"color": f"#{digits}", "on": "#000" if light else "#fff"}
