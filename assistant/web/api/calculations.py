"""Compute a card again for changed figures; take a paper as a file."""

import anyio.to_thread
from fastapi import APIRouter
from starlette.responses import Response

from assistant.errors import InvalidInput
from assistant.paper import WORD
from assistant.web.api.context import Context, Kit, Visiting
from assistant.web.api.models import Calculated, Calculation, Paper
from assistant.web.api.refusals import ALWAYS, told
from assistant.web.filling import MARKDOWN, inputs, paper
from assistant.wire import value_to_wire

router = APIRouter(tags=["计算与文书"])
_FILES = {MARKDOWN.partition(";")[0]: {"schema": {"type": "string"}}, WORD: {"schema": {"type": "string", "format": "binary"}}}


@router.post(
    "/calculations", response_model=Calculated, responses=told(*ALWAYS), summary="按改过的数重算",
    description="卡片上的数改了，用同一个公式、同一天的规则再算一次；判定也按那天的规则。",
)
async def calculate(asked: Calculation, visiting: Visiting, kit: Kit) -> Calculated:
    """The value with its verdict."""
    return await anyio.to_thread.run_sync(_compute, kit, asked)


def _compute(kit: Context, asked: Calculation) -> Calculated:
    computed = kit.engine.recalculate(asked.metric, inputs(asked.inputs), asked.day)
    if asked.label and computed.label != asked.label:
        raise InvalidInput("这个结果不能直接改数，请按新数重新回答。")
    return Calculated(
        label=computed.label, said=computed.said, value=value_to_wire(computed.value), unit=computed.unit,
        verdict=computed.verdict, verdict_word=computed.verdict_word,
    )


@router.post(
    "/papers", response_class=Response, summary="下载文书",
    description="按答案里 drafted 事件的 guide、given、day 再写一遍，给出 Markdown 或 Word 文件。",
    responses={**told(*ALWAYS), 200: {"content": _FILES, "description": "文件"}},
)
async def take(asked: Paper, visiting: Visiting, kit: Kit) -> Response:
    """The file."""
    return await anyio.to_thread.run_sync(paper, kit.engine, asked.guide, asked.given, asked.day, asked.format)
