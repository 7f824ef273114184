"""Chat models of our own: one that lies in every sentence, one that repeats what it was given. What they say depends on what they are told alone."""

import hashlib
import json
import random
import re
from collections.abc import AsyncIterator, Sequence
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage, ToolMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult

from assistant.prompts import FOLDER

UNITS = "%", "元", "天", "笔", "单", "倍", "个百分点", "万元", "小时", "分"
LABELS = "纠纷退款率", "零整比", "报名门槛", "红线", "保费", "申诉期限", "达成率", "你的结果", "上限", "返修率"
MARKERS = "【rule/{}】", "[{}]", "［topic/{}］", "【S{}】", "【{}】", ""
SHAPES = (
    "{label}是{number}{unit}{mark}。", "按规定，{label}不得超过{number}{unit}{mark}。",
    "因此{label}要改成{number}{unit}，也就是{other}{unit}{mark}！\n",
)


class Speaking(BaseChatModel):
    """Streams what `spoken` says, a few characters at a time; a tool may be called first."""

    tools: bool = False

    @property
    def _llm_type(self) -> str:
        return "spoken"

    def bind_tools(self, tools: Sequence[Any], **_: Any) -> Any:
        """Which they are is known from the prompt."""
        return self.model_copy(update={"tools": True})

    def _generate(self, *_: Any, **__: Any) -> ChatResult:
        raise NotImplementedError("only streams")

    def spoken(self, messages: Sequence[BaseMessage]) -> str:
        """The answer."""
        raise NotImplementedError

    def called(self, messages: Sequence[BaseMessage]) -> tuple[str, dict[str, Any]] | None:
        """A tool and its arguments."""
        return None

    async def _astream(
        self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: AsyncCallbackManagerForLLMRun | None = None, **_: Any
    ) -> AsyncIterator[ChatGenerationChunk]:
        if (call := self.called(messages)) is not None:
            chunk = {"name": call[0], "args": json.dumps(call[1]), "id": f"call-{len(messages)}", "index": 0, "type": "tool_call_chunk"}
            yield ChatGenerationChunk(message=AIMessageChunk("", tool_call_chunks=[chunk]))
            return
        text = self.spoken(messages)
        for place in range(0, len(text), 5):
            yield ChatGenerationChunk(message=AIMessageChunk(text[place : place + 5]))


class Adversarial(Speaking):
    """Random numbers under names and marks that look right; now and then a tool with random figures before."""

    seed: int = 0

    def dice(self, messages: Sequence[BaseMessage]) -> random.Random:
        """The same for the same messages."""
        told = "\n".join(message.text for message in messages)
        return random.Random(hashlib.sha256(f"{self.seed}\n{told}".encode()).digest())

    def spoken(self, messages: Sequence[BaseMessage]) -> str:
        """A handful of sentences."""
        dice = self.dice(messages)
        return "".join(dice.choice(SHAPES).format(
            label=dice.choice(LABELS), number=round(dice.uniform(101, 99_999), 3), other=dice.randrange(10_000, 99_999),
            unit=dice.choice(UNITS), mark=dice.choice(MARKERS).format(dice.randrange(40, 999)),
        ) for _ in range(dice.randint(1, 6)))

    def called(self, messages: Sequence[BaseMessage]) -> tuple[str, dict[str, Any]] | None:
        """One time in three."""
        dice = self.dice(messages)
        if not self.tools or isinstance(messages[-1], ToolMessage) or dice.random() > 1 / 3:
            return None
        inputs = {"liable_refunds": dice.randrange(1, 99), "paid_suborders": dice.randrange(100, 9999)}
        return dice.choice((
            ("compute", {"metric": "dispute_refund_rate", "inputs": inputs}), ("look_up", {"id": f"rule/{dice.randrange(99)}"}),
            ("solve", {"metric": "dispute_refund_rate", "inputs": inputs, "change": "liable_refunds", "target": dice.random()}),
        ))


class Shuffling(Adversarial):
    """Numbers and marks that are really there, under other names."""

    def spoken(self, messages: Sequence[BaseMessage]) -> str:
        """A handful of sentences."""
        dice, text = self.dice(messages), messages[-1].text
        numbers, marks = re.findall(r"\d+(?:\.\d+)?%?", text) or ["1"], re.findall(r"【[^】]+】", text) or [""]
        shapes = (
            "{label}是{number}{mark}。", "按规定，{label}不得超过{number}{mark}。", "你要在{number}以前处理{mark}。", "{number}{mark}\n",
            "不用管它{mark}。",
        )
        return "".join(
            dice.choice(shapes).format(label=dice.choice(LABELS), number=dice.choice(numbers), mark=dice.choice(marks))
            for _ in range(dice.randint(1, 6))
        )


class Shrugging(Speaking):
    """Says what nobody can find fault with, and nothing."""

    def spoken(self, messages: Sequence[BaseMessage]) -> str:
        """No number, no mark."""
        return "这件事不要紧，随便怎么办都行。没有人会管。"


class Perfect(Speaking):
    """Says back what was composed without a model."""

    def spoken(self, messages: Sequence[BaseMessage]) -> str:
        """What stands at the end of the prompt."""
        heading = (FOLDER / "agent.md").read_text(encoding="utf-8").partition("\n{{plain}}")[0].rpartition("\n")[2]
        return messages[-1].text.rpartition(f"{heading}\n")[2]
