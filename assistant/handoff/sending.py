"""One message out through one channel, within a time limit, to the named host only."""

import json
import smtplib
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any

import anyio
import anyio.to_thread

from assistant.handoff.channels import DingTalk, Mail, NotDelivered, Webhook, WeCom, is_loopback
from assistant.handoff.letters import Letter, Request, mail, request

if TYPE_CHECKING:
    import httpx

LONGEST_SECONDS = 20.0
MAX_REPLY_BYTES = 65_536
LONGEST_WAIT = 3600.0
_SLOW_DOWN = {45009: 60.0, 130101: 600.0, 410100: 600.0}
"""errcode of a robot that was sent too much → seconds it then stays silent (企业微信 a minute, 钉钉 ten)"""
_TLS_FROM_THE_START = 465


@dataclass(frozen=True)
class PostOffice:
    """The SMTP server. Without a host no mail can be sent."""

    host: str = ""
    port: int = 587
    user: str = ""
    password: str = ""
    sender: str = ""


class Sender:
    """Sends letters. Close it when done; its HTTP client keeps connections."""

    def __init__(self, environ: Mapping[str, str], post: PostOffice, *, longest: float = LONGEST_SECONDS) -> None:
        """`environ` holds the addresses and secrets that channels name; `longest` bounds one message, in seconds."""
        self._environ, self._post, self._longest = environ, post, longest
        self._client: httpx.AsyncClient | None = None

    async def send(self, channel: WeCom | DingTalk | Webhook | Mail, letter: Letter) -> None:
        """Send one letter. Raises NotDelivered with a sentence when it was not, or perhaps not, taken."""
        if self._client is None:
            self._client = await anyio.to_thread.run_sync(self._made)  # its certificates take a third of a second
        try:
            with anyio.fail_after(self._longest):
                if isinstance(channel, Mail):
                    await self._mail(channel, letter)
                else:
                    await self._post_to(self._client, request(channel, letter, self._environ, datetime.now(UTC)))
        except TimeoutError:
            raise NotDelivered(f"{channel.label}在{self._longest:g}秒内没有答复。") from None

    async def close(self) -> None:
        """Release the connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def _made(self) -> "httpx.AsyncClient":
        import httpx

        here = {f"all://{host}": None for host in ("localhost", "127.0.0.1", "[::1]")}  # no proxy for this machine
        return httpx.AsyncClient(timeout=self._longest, follow_redirects=False, mounts=here)

    async def _post_to(self, client: "httpx.AsyncClient", ready: Request) -> None:
        import httpx

        try:
            async with client.stream("POST", ready.address, headers=dict(ready.headers), content=ready.body) as response:
                body = bytearray()
                async for chunk in response.aiter_bytes():
                    body += chunk
                    if len(body) > MAX_REPLY_BYTES:
                        break
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError) as error:
            # the error's own words may hold the address, and with it the robot's key
            raise NotDelivered(f"连不上对方（{type(error).__name__}）。") from None
        if not response.is_success:
            raise NotDelivered(f"对方答复 HTTP {response.status_code}。", _pause(response.headers.get("Retry-After", "")))
        if ready.answers_errcode:
            _check_errcode(bytes(body))

    async def _mail(self, channel: Mail, letter: Letter) -> None:
        if not self._post.host or not self._post.sender:
            raise NotDelivered("还没有设置 ASSISTANT_SMTP_HOST 和 ASSISTANT_SMTP_FROM，发不了邮件。")
        message = mail(channel, letter, self._post.sender)
        await anyio.to_thread.run_sync(_through_smtp, self._post, message, self._longest, abandon_on_cancel=True)


def _check_errcode(body: bytes) -> None:
    """A robot answers 200 whatever happens; only errcode 0 means that it took the message."""
    try:
        told: Any = json.loads(body)
        code = told["errcode"]
    except (ValueError, KeyError, TypeError):
        raise NotDelivered("机器人的答复读不懂，没有 errcode。") from None
    if code != 0:
        known = code if isinstance(code, int) else 0
        raise NotDelivered(f"机器人没有收下，errcode {str(code)[:20]}。", _SLOW_DOWN.get(known, 0.0))


def _pause(written: str) -> float:
    """Retry-After in seconds; a date or nonsense is no wish."""
    return min(float(written), LONGEST_WAIT) if written.isascii() and written.isdigit() else 0.0


def _through_smtp(post: PostOffice, message: EmailMessage, seconds: float) -> None:
    """Blocking. Encrypted, unless the server is on this machine."""
    try:
        context = ssl.create_default_context()
        if post.port == _TLS_FROM_THE_START:
            server: smtplib.SMTP = smtplib.SMTP_SSL(post.host, post.port, timeout=seconds, context=context)
        else:
            server = smtplib.SMTP(post.host, post.port, timeout=seconds)
        try:
            if post.port != _TLS_FROM_THE_START and not is_loopback(post.host):
                server.starttls(context=context)
            if post.user:
                server.login(post.user, post.password)
            server.send_message(message)
        finally:
            with suppress(smtplib.SMTPException, OSError):  # how it says goodbye does not unsend a mail it has taken
                server.quit()
            server.close()
    except (smtplib.SMTPException, OSError) as error:
        raise NotDelivered(f"邮件没有发出去（{type(error).__name__}）。") from None
