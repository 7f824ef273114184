"""A hand-off in the form each channel takes: one HTTP request, or one e-mail. Nothing is sent here.

企业微信 group robot: {"msgtype": "markdown", "markdown": {"content": …}}, at most 4,096 bytes; the key is part of the address.
钉钉 group robot: {"msgtype": "markdown", "markdown": {"title": …, "text": …}}; signed by `timestamp` (ms) and `sign` in the query:
base64 of HMAC-SHA256 over "timestamp\\nsecret".
Webhook: JSON, with the headers of Standard Webhooks (webhook-id, -timestamp, -signature) and Idempotency-Key.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any
from urllib.parse import urlencode, urlsplit

from assistant.handoff.channels import EMAIL, DingTalk, Mail, Webhook, WeCom, address_of, secret_of
from assistant.handoff.packet import Packet
from assistant.handoff.told import as_markdown, as_short, title

WECOM_BYTES = 4096
DINGTALK_BYTES = 18_000  # a robot's whole request may be 20,000
_WHSEC = "whsec_"


@dataclass(frozen=True)
class Letter:
    """One hand-off on its way through one channel. `key` is the same at every attempt."""

    key: str
    handoff: str
    packet: Packet
    link: str = ""
    zone: str = "Asia/Shanghai"


@dataclass(frozen=True)
class Request:
    """A POST ready to be sent. `answers_errcode`: HTTP 200 alone does not mean that it was taken."""

    address: str
    headers: Mapping[str, str]
    body: bytes
    answers_errcode: bool = False


def request(channel: WeCom | DingTalk | Webhook, letter: Letter, environ: Mapping[str, str], now: datetime) -> Request:
    """The request for a channel. Raises NotDelivered when its address or secret is not set up."""
    address = address_of(channel, environ)
    if isinstance(channel, WeCom):
        content = as_short(letter.packet, letter.link, WECOM_BYTES, letter.zone)
        return _json(address, {"msgtype": "markdown", "markdown": {"content": content}}, answers_errcode=True)
    if isinstance(channel, DingTalk):
        text = as_short(letter.packet, letter.link, DINGTALK_BYTES, letter.zone)
        secret = secret_of(channel, environ)
        signed = _signed(address, secret, now) if secret else address
        body = {"msgtype": "markdown", "markdown": {"title": title(letter.packet), "text": text}}
        return _json(signed, body, answers_errcode=True)
    body = {"type": "handoff.opened", "id": letter.key, "handoff": letter.handoff, "link": letter.link, "packet": letter.packet}
    plain = _json(address, body)
    headers = {**plain.headers, "Idempotency-Key": letter.key, "webhook-id": letter.key}
    secret = secret_of(channel, environ)
    if secret:
        moment = str(int(now.timestamp()))
        headers |= {"webhook-timestamp": moment, "webhook-signature": signature(secret, letter.key, moment, plain.body)}
    return Request(address, headers, plain.body)


def signature(secret: str, id: str, moment: str, body: bytes) -> str:
    """'v1,' and the base64 of HMAC-SHA256 over 'id.moment.body'; a secret that begins with whsec_ is base64 behind it."""
    return "v1," + base64.b64encode(hmac.digest(_key(secret), f"{id}.{moment}.".encode() + body, hashlib.sha256)).decode()


def mail(channel: Mail, letter: Letter, sender: str) -> EmailMessage:
    """A plain-text e-mail. Its headers hold nothing a visitor typed but an address that is one, for the reply."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = title(letter.packet)
    message["From"] = sender
    message["To"] = ", ".join(channel.to)
    contact = letter.packet["contact"] or ""
    if EMAIL.fullmatch(contact):
        message["Reply-To"] = contact
    # the same at every attempt, so that a mailbox which drops doubles can
    message["Message-ID"] = f"<{hashlib.sha256(letter.key.encode()).hexdigest()[:40]}@{sender.rpartition('@')[2].rstrip('> ') or 'localhost'}>"
    message["X-Handoff"] = letter.handoff
    message.set_content(as_markdown(letter.packet, letter.link, letter.zone))
    return message


def _json(address: str, body: Mapping[str, Any], *, answers_errcode: bool = False) -> Request:
    held = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return Request(address, {"Content-Type": "application/json; charset=utf-8"}, held, answers_errcode)


def _signed(address: str, secret: str, now: datetime) -> str:
    moment = str(int(now.timestamp() * 1000))
    sign = base64.b64encode(hmac.digest(secret.encode(), f"{moment}\n{secret}".encode(), hashlib.sha256)).decode()
    joint = "&" if urlsplit(address).query else "?"
    return f"{address}{joint}{urlencode({'timestamp': moment, 'sign': sign})}"


def _key(secret: str) -> bytes:
    if secret.startswith(_WHSEC):
        try:
            return base64.b64decode(secret.removeprefix(_WHSEC), validate=True)
        except binascii.Error:
            pass
    return secret.encode()
