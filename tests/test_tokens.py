"""Session tokens, identity tokens of host sites, and the service's own secret."""

import base64
import json
import time
from pathlib import Path
from typing import Any

import jwt
import pytest

from assistant.errors import SetupError
from assistant.tokens import Session, TokenRefused, Tokens, identity, service_secret

SECRET, OTHER = "s" * 64, "o" * 64
SITE = "shop"


def signed(secret: str = SECRET, algorithm: str = "HS256", **claims: Any) -> str:
    """An identity as the site's server would sign it; a claim of None is left out."""
    whole = {"aud": "assistant:shop", "sub": "u1", "exp": int(time.time()) + 600, **claims}
    return jwt.encode({name: value for name, value in whole.items() if value is not None}, secret, algorithm)


def unsigned(**claims: Any) -> str:
    """The same with alg none and no signature."""
    def part(told: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(told).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part({'aud': 'assistant:shop', 'sub': 'u1', 'exp': time.time() + 60, **claims})}."


def test_a_session_is_read_back() -> None:
    tokens = Tokens(SECRET, 60)
    assert tokens.read(tokens.issue(Session("shop", "v1"))) == Session("shop", "v1")


def test_a_session_ends() -> None:
    past = Tokens(SECRET, -1)
    with pytest.raises(TokenRefused, match="过期"):
        past.read(past.issue(Session("shop", "v1")))


def test_sessions_that_were_tampered_with_are_refused() -> None:
    tokens = Tokens(SECRET, 60)
    head, body, signature = tokens.issue(Session("shop", "v1")).split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    forged = base64.urlsafe_b64encode(json.dumps({**claims, "visitor": "v2"}).encode()).rstrip(b"=").decode()
    alien = Tokens(OTHER, 60).issue(Session("shop", "v1"))
    for token in (
        f"{head}.{forged}.{signature}", f"{head}.{body}.", f"{head}.{body}", alien, "", "a.b.c", "x" * 9000, "\ud800", "é.é.é",
        unsigned(aud="session", site="shop", visitor="v1"), signed(aud="session", site="shop", visitor="v1", exp=None),
        signed(aud=["session"], site="shop", visitor="v1"), signed(site="shop", visitor="v1"),
    ):
        with pytest.raises(TokenRefused):
            tokens.read(token)


def test_a_host_site_vouches_for_its_visitor() -> None:
    assert identity(signed(), SITE, SECRET) == "u1"
    assert identity(signed(iat=int(time.time()), exp=int(time.time()) + 24 * 3600), SITE, SECRET) == "u1"


@pytest.mark.parametrize("token", [
    signed(exp=None), signed(aud=None), signed(sub=None), signed(sub=""), signed(sub="u" * 201),
    signed(aud="assistant:other"), signed(aud=["assistant:shop"]), signed(aud="session"),
    signed(exp=int(time.time()) - 60), signed(exp=int(time.time()) + 25 * 3600),
    signed(iat=int(time.time()) - 20 * 3600, exp=int(time.time()) + 5 * 3600), signed(iat=int(time.time()) + 3600),
    signed(OTHER), signed(algorithm="HS512"), unsigned(), "", "nonsense", signed()[:-2],
], ids=range(18))
def test_identities_that_cannot_be_trusted_are_refused(token: str) -> None:
    with pytest.raises(TokenRefused) as told:
        identity(token, SITE, SECRET)
    assert "凭证" in str(told.value)


def test_odd_numbers_in_claims_are_refused_too() -> None:
    for odd in ("1e999", "[]", '"soon"', "NaN"):
        body = base64.urlsafe_b64encode(f'{{"aud":"assistant:shop","sub":"u1","exp":{odd}}}'.encode()).rstrip(b"=")
        head = base64.urlsafe_b64encode(b'{"alg":"HS256"}').rstrip(b"=")
        algorithm = jwt.get_algorithm_by_name("HS256")
        mark = base64.urlsafe_b64encode(algorithm.sign(head + b"." + body, SECRET.encode())).rstrip(b"=")
        with pytest.raises(TokenRefused):
            identity(b".".join((head, body, mark)).decode(), SITE, SECRET)


def test_a_site_without_a_secret_vouches_for_nobody() -> None:
    with pytest.raises(TokenRefused, match="没有开通"):
        identity(signed(), SITE, "")


def test_the_services_secret_is_made_once_and_private(tmp_path: Path) -> None:
    made = service_secret("", tmp_path / "data")
    assert len(made) >= 32
    assert service_secret("", tmp_path / "data") == made
    assert (tmp_path / "data" / "secret").stat().st_mode & 0o777 == 0o600
    assert service_secret("g" * 40, tmp_path / "data") == "g" * 40


def test_a_secret_that_is_unfit_is_told(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="ASSISTANT_SECRET"):
        service_secret("short", tmp_path)
    (tmp_path / "secret").write_text("short")
    with pytest.raises(SetupError, match="删掉"):
        service_secret("", tmp_path)
    with pytest.raises(SetupError, match="ASSISTANT_SECRET"):
        service_secret("", tmp_path / "secret" / "below")
