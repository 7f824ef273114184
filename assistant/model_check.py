"""Whether the model of the settings can be used, in one screen: answers, streams, calls tools, how fast; or a sentence why not."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assistant.agent import compute, failed
from assistant.call_end import used
from assistant.errors import ModelFailed, SetupError
from assistant.models import chat_model
from assistant.settings import Settings

Say = Callable[[str], None]
SPEAK = "从一数到三十，用汉字，逗号隔开，不写别的。"
CALL = "用工具 compute 算指标 dispute_refund_rate，inputs 是 liable_refunds 7、paid_suborders 12000。只调用工具，不要自己算。"


@dataclass
class Heard:
    """One streamed answer: how many pieces of text, when the first came, how long all took, in seconds."""

    text: str = ""
    pieces: int = 0
    first: float = 0.0
    whole: float = 0.0
    message: Any = None


def check(settings: Settings, say: Say) -> bool:
    """Try the model and say what was seen. Whether it answers. Raises SetupError when none is set or it cannot be built."""
    if not settings.model:
        raise SetupError("没有设模型。设 ASSISTANT_MODEL，例如 openai:qwen-plus 或 ollama:qwen3；不设也照常回答。")
    model = chat_model(settings)
    say(f"模型　　　{settings.model}{f'（{settings.model_base_url}）' if settings.model_base_url else ''}")
    return asyncio.run(_tried(model, settings, say))


async def _tried(model: Any, settings: Settings, say: Say) -> bool:
    try:
        heard = await _heard(model, SPEAK, settings.model_turn_seconds)
    except ModelFailed as error:
        say(f"能回答　　不能：{error}")
        return False
    if not heard.text.strip():
        say("能回答　　不能：回了话，但没有文字。")
        return False
    tokens = used(heard.message, len(SPEAK)).completion_tokens
    pace = f"，每秒约{tokens / max(heard.whole - heard.first, 0.001):,.0f}个词元" if heard.pieces > 1 else ""
    counted = "服务会报词元数" if heard.message.usage_metadata else "服务不报词元数，按字数估"
    say(f"能回答　　能：{heard.text.strip()[:30]}")
    say(f"能流式　　{f'能：{heard.pieces}段' if heard.pieces > 1 else '不能：一次全到，首字等得久'}")
    late = "" if heard.first <= settings.model_first_token_seconds else f"，超过了设的{settings.model_first_token_seconds:g}秒，会总用不带模型的答案"
    say(f"快慢　　　首字{heard.first:.2f}秒{pace}{late}")
    say(f"用量　　　{counted}")
    say(f"能调工具　{await _calls(model, settings)}")
    return True


async def _calls(model: Any, settings: Settings) -> str:
    otherwise = "请设 ASSISTANT_MODEL_SMALL=true，让它只润色查好的答案。"
    if settings.model_small:
        return "没有试：设了只润色。"
    try:
        heard = await _heard(model.bind_tools([compute]), CALL, settings.model_turn_seconds)
    except ModelFailed as error:
        return f"不能：{error}{otherwise}"
    except NotImplementedError:
        return f"不能：这个服务没有工具。{otherwise}"
    right = any(call["name"] == compute.name and call["args"].get("metric") for call in heard.message.tool_calls)
    return "能" if right else f"不能：没有调用。{otherwise}"


async def _heard(model: Any, question: str, seconds: float) -> Heard:
    """One streamed answer. Raises ModelFailed."""
    heard, started = Heard(), time.perf_counter()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in model.astream(question):
                heard.message = chunk if heard.message is None else heard.message + chunk
                if chunk.text:
                    heard.first = heard.first or time.perf_counter() - started
                    heard.pieces += 1
                    heard.text += chunk.text
    except NotImplementedError:
        raise
    except Exception as error:
        raise failed(error) from None
    heard.whole = time.perf_counter() - started
    if heard.message is None:
        raise ModelFailed("模型服务没有回话。", "broken")
    return heard
