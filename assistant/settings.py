"""All settings, read once from the environment (prefix ASSISTANT_) and passed around frozen."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import AssistantError

HOME = Path(__file__).resolve().parent.parent


def _origin(address: str) -> str:
    """An address as browsers name an origin: scheme://host[:port], nothing behind it."""
    if not address:
        return ""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query or parts.username:
        raise ValueError("an origin is scheme://host[:port]")
    return f"{parts.scheme}://{parts.netloc}".lower()


def _collector(where: str) -> str:
    """Where spans can go."""
    if where not in ("", "console") and not where.startswith(("http://", "https://")):
        raise ValueError("console or an address")
    return where


def _prices(written: str) -> str:
    """Two numbers, in,out; or nothing."""
    if written and not re.fullmatch(r"\d+(?:\.\d+)?,\d+(?:\.\d+)?", written):
        raise ValueError("prices are in,out")
    return written


class Settings(BaseSettings):
    """Where things are and how the service listens. Unset values fit a checkout."""

    model_config = SettingsConfigDict(env_prefix="ASSISTANT_", frozen=True, extra="ignore")

    knowledge_dir: Path = HOME / "knowledge"
    index_dir: Path = HOME / ".index"
    data_dir: Path = HOME / ".data"
    documents_dir: Path = HOME / "documents"
    """the person's own documents; a folder that does not exist is no documents"""
    embedding_model: str = ""
    """a SentenceTransformer folder or name; empty means the embedded model"""
    host: str = "127.0.0.1"
    port: int = Field(default=7860, ge=1, le=65535)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    database_url: str = ""
    """a SQLAlchemy URL; empty means SQLite in the data folder"""
    sites_file: Path = HOME / "sites.yaml"
    """the sites the widget stands on; a file that does not exist means our own page only"""
    secret: SecretStr = SecretStr("")
    """signs session tokens; empty means a random one kept in the data folder"""
    public_url: Annotated[str, AfterValidator(_origin)] = ""
    """our own origin as browsers see it; empty means scheme and Host of each request"""
    session_minutes: int = Field(default=60, ge=1, le=24 * 60)
    retention_days: int = Field(default=180, ge=1)
    limits_url: str = "memory://"
    """where the counts of the limits are kept: memory:// or redis://host:port/db for several processes"""
    max_upload_bytes: int = Field(default=5 * 2**20, ge=1)
    metrics_token: SecretStr = SecretStr("")
    """what /metrics asks for as a bearer token; empty leaves it open"""
    trace: Annotated[str, AfterValidator(_collector)] = ""
    """where spans go: console, or the gRPC address of an OpenTelemetry collector (http://localhost:4317); empty means nowhere"""
    trace_texts: bool = False
    """spans hold what people and models wrote, too"""
    smtp_host: str = ""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_from: str = ""
    model: str = ""
    """a chat model as server:name, such as openai:qwen-plus or ollama:qwen3; empty means none"""
    model_base_url: str = ""
    """where it is served; empty means the provider's own address"""
    model_api_key: SecretStr = SecretStr("")
    model_small: bool = False
    """true for models too weak to choose tools: they only phrase what was found"""
    model_first_token_seconds: float = Field(default=8, gt=0)
    model_turn_seconds: float = Field(default=30, gt=0)
    model_tokens_per_day: int = Field(default=0, ge=0)
    """of each site; 0 means no limit"""
    model_prices: Annotated[str, AfterValidator(_prices)] = ""
    """what a million tokens cost: in,out"""

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in use."""
        return self.database_url or f"sqlite:///{self.data_dir / 'assistant.sqlite3'}"


def read_settings(**given: Any) -> Settings:
    """The settings of the environment, those given by name instead of theirs. Raises AssistantError naming a bad one."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        raise AssistantError(f"设置 ASSISTANT_{name} 的值「{first['input']}」用不了，请改正。") from error
