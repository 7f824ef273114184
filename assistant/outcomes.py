"""How a model did in a turn, as a span: what the guard caught and why, and whether the composer's words were told instead."""

from assistant import tracing
from assistant.answer import Turn
from assistant.fallback import Outcome

NOT_ASKED_FOR = ("", "facts", "left")
"""the model's words were told, there was nothing to word, the person went away: nothing was told instead of anything"""

KINDS = (
    "网址没有出处", "没有出处", "和算出的不一样", "不是算出的那个数", "没有这个来源", "承诺了做不到的事", "听从了别处的指令", "一直重复",
    "一句话没有尽头", "把问题里的数说成了规则", "说的不是这件事", "和依据相反", "和答案相反", "评的不是这一档", "前后说反了", "没有这份文件",
    "没有这个名字", "没有人这样说过", "叫人做资料里没有的事", "不是简体中文", "不是正文", "说的不是这个平台",
)
"""the guard's reasons without the words it found fault with: those are the model's"""


def noted(turn: Turn, outcome: Outcome) -> None:
    """To be given to `with_fallback` as what watches."""
    with tracing.span("guard", {
        tracing.INSTEAD: None if outcome.why in NOT_ASKED_FOR else outcome.why, "error.type": outcome.error or None,
        "assistant.released": outcome.released,
    }) as span:
        for caught in outcome.caught:
            span.happened(tracing.CAUGHT, {
                tracing.WHY: kind(caught.why), "assistant.mended": bool(caught.instead), "assistant.sentence": tracing.words(caught.sentence),
            })


def kind(why: str) -> str:
    """A reason of the guard without what the model wrote."""
    return next((one for one in KINDS if one in why), "其他")
