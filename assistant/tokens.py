"""Tokens: ours for a visitor's session on one site, and those a host site signs to say who its visitor is."""

import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

import jwt

from assistant.errors import AssistantError, SetupError

ALGORITHM = "HS256"
SESSION = "session"
LONGEST_IDENTITY_SECONDS = 24 * 60 * 60
LONGEST_SUBJECT = 200
LONGEST_TOKEN = 4096
LEEWAY_SECONDS = 30  # clocks of host sites differ a little
SECRET_FILE = "secret"  # noqa: S105 - the file's name
SHORTEST_SECRET = 32


class TokenRefused(AssistantError):
    """A token that cannot be trusted: expired, tampered with, or meant for somebody else."""


@dataclass(frozen=True)
class Session:
    """Who speaks, and on which site."""

    site: str
    visitor: str


class Tokens:
    """Issues and reads session tokens. They live for `minutes` and hold on one site only."""

    def __init__(self, secret: str, minutes: int) -> None:
        self._secret, self.seconds = secret, minutes * 60

    def issue(self, session: Session) -> str:
        """A token for a session that begins now."""
        claims = {"aud": SESSION, "site": session.site, "visitor": session.visitor, "exp": int(time.time()) + self.seconds}
        return jwt.encode(claims, self._secret, ALGORITHM)

    def read(self, token: str) -> Session:
        """The session of a token. Raises TokenRefused in a sentence."""
        try:
            if len(token) > LONGEST_TOKEN:
                raise jwt.InvalidTokenError
            claims = jwt.decode(
                token, self._secret, algorithms=[ALGORITHM], audience=SESSION,
                options={"require": ["exp", "aud", "site", "visitor"], "strict_aud": True},
            )
        except jwt.ExpiredSignatureError as error:
            raise TokenRefused("会话已经过期，请重新打开对话。") from error
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError) as error:
            raise TokenRefused("会话凭证不对，请重新打开对话。") from error
        return Session(str(claims["site"]), str(claims["visitor"]))


def identity(token: str, site: str, secret: str) -> str:
    """The subject a host site vouches for. Raises TokenRefused in a sentence.

    Taken is only HS256 with that site's secret, aud "assistant:<site>", sub, and exp at most 24 hours ahead (and, when iat
    is told, behind it), so that a token that leaked is of no use for long.
    """
    if not secret:
        raise TokenRefused("这个站点没有开通身份验证。")
    try:
        if len(token) > LONGEST_TOKEN:
            raise jwt.InvalidTokenError
        claims = jwt.decode(
            token, secret, algorithms=[ALGORITHM], audience=f"assistant:{site}", leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "aud", "sub"], "strict_aud": True},
        )
    except jwt.ExpiredSignatureError as error:
        raise TokenRefused("身份凭证已经过期，请重新登录网站。") from error
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError) as error:
        raise TokenRefused("身份凭证不对，请重新登录网站。") from error
    begun = min(time.time(), float(claims.get("iat", time.time())))
    if float(claims["exp"]) - begun > LONGEST_IDENTITY_SECONDS + LEEWAY_SECONDS:
        raise TokenRefused("身份凭证的有效期不能超过24小时。")
    subject = str(claims["sub"])
    if not 0 < len(subject) <= LONGEST_SUBJECT:
        raise TokenRefused("身份凭证里的用户标识不对。")
    return subject


def service_secret(given: str, data_dir: Path) -> str:
    """What session tokens are signed with: the one given, else a random one kept in the data folder for its owner only."""
    if given:
        if len(given.encode()) < SHORTEST_SECRET:
            raise SetupError(f"ASSISTANT_SECRET 太短，请设成至少{SHORTEST_SECRET}个字节，或者不设，由程序自己生成。")
        return given
    path = data_dir / SECRET_FILE
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        try:
            # made readable for nobody else from the start; of two processes that start at once, one makes it
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return _kept(path)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            made = secrets.token_urlsafe(48)
            file.write(made)
        return made
    except OSError as error:
        raise SetupError(f"密钥文件 {path} 读写不了，请检查数据文件夹的权限，或设置 ASSISTANT_SECRET。") from error


def _kept(path: Path) -> str:
    for _ in range(50):  # another process may be writing it just now
        kept = path.read_text(encoding="ascii", errors="replace").strip()
        if len(kept) >= SHORTEST_SECRET:
            return kept
        time.sleep(0.02)
    raise SetupError(f"密钥文件 {path} 是空的或不完整，请删掉它再启动。")
