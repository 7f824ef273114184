"""All settings, read once from the environment (prefix ASSISTANT_) and passed around frozen."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

HOME = Path(__file__).resolve().parent.parent


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
