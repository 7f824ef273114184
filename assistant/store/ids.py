"""Ids and secrets: long random words nobody can guess. Of a secret only its hash is kept."""

import hashlib
import secrets


def new_id() -> str:
    """22 characters that fit into an address."""
    return secrets.token_urlsafe(16)


def new_secret() -> str:
    """43 characters that fit into an address."""
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> str:
    """SHA-256 in hex; enough for secrets that are random, as ours are."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
