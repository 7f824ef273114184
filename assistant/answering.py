"""Engines to be evaluated beside each other: without a model, with the model of the settings. Search and knowledge are shared."""

from collections.abc import Iterator, Sequence
from typing import Any

from assistant.build import build
from assistant.engine import Engine
from assistant.errors import AssistantError
from assistant.prompts import FOLDER
from assistant.results import fingerprint
from assistant.settings import Settings

COMPOSER, MODEL = "composer", "model"


def answering(settings: Settings, names: str) -> Iterator[tuple[str, Engine]]:
    """(name, engine that is ready) for each of the names, with commas between them; empty means what the settings say.

    Raises AssistantError for a name that is none, and for a model that is not set.
    """
    chosen = [name.strip() for name in names.split(",")] if names else [MODEL if settings.model else COMPOSER]
    if wrong := [name for name in chosen if name not in (COMPOSER, MODEL)]:
        raise AssistantError(f"没有「{wrong[0]}」这种回答方式，只有 {COMPOSER} 和 {MODEL}。")
    if MODEL in chosen and not settings.model:
        raise AssistantError("还没有设模型：请设置 ASSISTANT_MODEL，例如 openai:qwen-plus。")
    return _engines(settings, chosen)


def _engines(settings: Settings, names: Sequence[str]) -> Iterator[tuple[str, Engine]]:
    first: Engine | None = None
    for name in names:
        engine = build(settings if name == MODEL else settings.model_copy(update={"model": ""}), keep=False, like=first)
        engine.prepare()
        if engine.failure is not None:
            raise engine.failure
        first = first or engine
        yield name, engine


def made_of(settings: Settings, name: str) -> dict[str, Any]:
    """What results tell of themselves: the model, versions of prompts and knowledge, prices."""
    told: dict[str, Any] = {
        "answerer": name, "knowledge": fingerprint(path for path in settings.knowledge_dir.rglob("*.*") if path.is_file()),
    }
    if name == MODEL:
        told |= {
            "model": settings.model + (" small" if settings.model_small else ""), "prices": settings.model_prices,
            "prompts": {path.name: fingerprint([path]) for path in sorted(FOLDER.glob("*.md"))},
        }
    return told
