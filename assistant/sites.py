"""The sites the assistant stands on: who they are, which origins may embed it, how it looks there, what is too much."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from assistant.errors import SetupError
from assistant.files import build, read_yaml
from assistant.handoff.hours import HandoffSettings

OWN = "page"
"""key of our own page, which is always there"""
SHORTEST_SECRET = 32  # bytes; RFC 7518 asks as much of a key for HS256
SHORTEST_API_KEY = 16
CALLED = "站点文件"
_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_COLOR = re.compile(r"#(?:[0-9a-fA-F]{3}){1,2}")

Audience = Literal["merchant", "dealer", "owner", "express"]


def _wrong(sentence: str) -> PydanticCustomError:
    return PydanticCustomError("wrong", sentence)


def _origin(origin: str) -> str:
    parts = urlsplit(origin)
    plain = parts.scheme in ("http", "https") and parts.hostname and "*" not in origin
    if not plain or origin != f"{parts.scheme}://{parts.netloc}" or "@" in parts.netloc:
        raise _wrong("应写成 https://域名 或 https://域名:端口，后面不带斜杠和路径，也不用星号")
    return origin.lower()


def _color(color: str) -> str:
    if not _COLOR.fullmatch(color):
        raise _wrong("应写成 #2d4a88 这样的颜色")
    return color


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Theme(_Strict):
    """How the widget looks on the site."""

    color: Annotated[str, AfterValidator(_color)] = "#2d4a88"
    position: Literal["left", "right"] = "right"
    mode: Literal["auto", "light", "dark"] = "auto"


class Limits(_Strict):
    """How much is too much. A visitor is one browser, an address one IP address."""

    questions_per_minute: int = Field(default=20, ge=1)
    questions_per_day: int = Field(default=500, ge=1)
    site_questions_per_minute: int = Field(default=600, ge=1)
    sessions_per_minute: int = Field(default=30, ge=1)
    """new sessions of one address"""
    address_requests_per_minute: int = Field(default=600, ge=1)
    """requests of any kind of one address"""


class Site(_Strict):
    """One site. `key` is its name in the file."""

    key: str = ""
    name: str = Field(min_length=1, max_length=80)
    origins: tuple[Annotated[str, AfterValidator(_origin)], ...] = ()
    audience: Audience = "merchant"
    theme: Theme = Theme()
    greeting: str = Field(default="", max_length=200)
    limits: Limits = Limits()
    identity_secret_env: str = ""
    api_keys_env: str = ""
    handoff: HandoffSettings = HandoffSettings()

    @property
    def identity_secret(self) -> str:
        """What the host site signs identities with; empty when it does not."""
        return os.environ.get(self.identity_secret_env, "") if self.identity_secret_env else ""

    @property
    def api_keys(self) -> tuple[str, ...]:
        """The keys of programs that ask on behalf of the site."""
        said = os.environ.get(self.api_keys_env, "") if self.api_keys_env else ""
        return tuple(key.strip() for key in said.split(",") if key.strip())


class _File(_Strict):
    sites: Mapping[str, Site]


@dataclass(frozen=True)
class Sites:
    """All sites by key; our own page is always among them."""

    by_key: Mapping[str, Site]

    @classmethod
    def read(cls, path: Path) -> "Sites":
        """Read the file. Raises KnowledgeError naming file and field, SetupError when a secret it names is unfit."""
        own = Site(key=OWN, name="售后参谋")
        if not path.is_file():
            return cls({OWN: own})
        file = build(_File, path, read_yaml(path, CALLED), called=CALLED)
        for key in file.sites:
            if not _KEY.fullmatch(key):
                raise SetupError(f"{CALLED} {path.name} 的站点名「{key}」有误：用小写字母、数字、- 和 _，最多40个字符。")
        named = {key: site.model_copy(update={"key": key}) for key, site in file.sites.items()}
        for site in named.values():
            _check_secrets(site, path)
        return cls({OWN: own, **named})

    def get(self, key: str) -> Site | None:
        """The site of that key, if there is one."""
        return self.by_key.get(key)

    def allows(self, origin: str) -> bool:
        """Whether any site names this origin."""
        return any(origin in site.origins for site in self.by_key.values())


def _check_secrets(site: Site, path: Path) -> None:
    where = f"{CALLED} {path.name} 的站点 {site.key}"
    if site.identity_secret_env and len(site.identity_secret.encode()) < SHORTEST_SECRET:
        raise SetupError(f"{where} 用环境变量 {site.identity_secret_env} 验身份，请把它设成至少{SHORTEST_SECRET}个字节的密钥。")
    if site.api_keys_env and (not site.api_keys or min(map(len, site.api_keys)) < SHORTEST_API_KEY):
        raise SetupError(f"{where} 用环境变量 {site.api_keys_env} 放 API 密钥，请设上，每个至少{SHORTEST_API_KEY}个字符，用逗号隔开。")
