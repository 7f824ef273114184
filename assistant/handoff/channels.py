"""Where a hand-off is told: group robots of 企业微信 and 钉钉, any webhook, e-mail. Addresses and secrets stand in the environment."""

import ipaddress
import re
from collections.abc import Mapping
from typing import Annotated, Literal, TypeAlias
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from assistant.errors import AssistantError

EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,24}")
Variable = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,99}$")]
"""the name of an environment variable"""
Mailbox = Annotated[str, StringConstraints(pattern=f"^{EMAIL.pattern}$")]


class NotDelivered(AssistantError):
    """A channel did not take a message. The sentence holds no address and no secret; `wait` is the least pause in seconds."""

    def __init__(self, sentence: str, wait: float = 0.0) -> None:
        super().__init__(sentence)
        self.wait = wait


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WeCom(_Written):
    """A group robot of 企业微信."""

    kind: Literal["wecom"]
    url_env: Variable

    @property
    def name(self) -> str:
        """What tells this channel from the others of a site."""
        return f"wecom:{self.url_env}"

    @property
    def label(self) -> str:
        """What people call it."""
        return "企业微信机器人"


class DingTalk(_Written):
    """A group robot of 钉钉; with `secret_env` its requests are signed (加签)."""

    kind: Literal["dingtalk"]
    url_env: Variable
    secret_env: Variable | Literal[""] = ""

    @property
    def name(self) -> str:
        """What tells this channel from the others of a site."""
        return f"dingtalk:{self.url_env}"

    @property
    def label(self) -> str:
        """What people call it."""
        return "钉钉机器人"


class Webhook(_Written):
    """Any address that takes JSON; with `secret_env` the body is signed."""

    kind: Literal["webhook"]
    url_env: Variable
    secret_env: Variable | Literal[""] = ""

    @property
    def name(self) -> str:
        """What tells this channel from the others of a site."""
        return f"webhook:{self.url_env}"

    @property
    def label(self) -> str:
        """What people call it."""
        return "Webhook"


class Mail(_Written):
    """E-mail to one or several addresses, through the SMTP server of the settings."""

    kind: Literal["mail"]
    to: Annotated[tuple[Mailbox, ...], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value)] = Field(
        min_length=1
    )

    @property
    def name(self) -> str:
        """What tells this channel from the others of a site."""
        return f"mail:{','.join(self.to)}"

    @property
    def label(self) -> str:
        """What people call it."""
        return "邮件"


Robot: TypeAlias = WeCom | DingTalk
Channel: TypeAlias = Annotated[WeCom | DingTalk | Webhook | Mail, Field(discriminator="kind")]


def address_of(channel: WeCom | DingTalk | Webhook, environ: Mapping[str, str]) -> str:
    """The address a channel names. Raises NotDelivered when it is not set or is neither https nor on this machine."""
    address = environ.get(channel.url_env, "").strip()
    if not address:
        raise NotDelivered(f"环境变量 {channel.url_env} 没有设置，不知道发到哪里。")
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        host, parts = "", urlsplit("")
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))):
        raise NotDelivered(f"环境变量 {channel.url_env} 里的地址要以 https:// 开头。")
    return address


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def secret_of(channel: DingTalk | Webhook, environ: Mapping[str, str]) -> str:
    """The secret a channel signs with; '' when it signs nothing. Raises NotDelivered when it is named but not set."""
    if not channel.secret_env:
        return ""
    secret = environ.get(channel.secret_env, "").strip()
    if not secret:
        raise NotDelivered(f"环境变量 {channel.secret_env} 没有设置，没法签名。")
    return secret
