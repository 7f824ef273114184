"""The shapes of what goes in and out of the tools: their JSON schemas, described in Chinese for the model that reads them."""

from datetime import date
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema


def _day(raw: object) -> object:
    if isinstance(raw, str):
        try:
            return date.fromisoformat(raw)
        except ValueError:
            raise ValueError("应写成 2026-11-23 这样的日期") from None
    if isinstance(raw, date):
        return raw
    raise ValueError("应写成 2026-11-23 这样的日期")


Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Figure: TypeAlias = Annotated[float, Field(strict=True, allow_inf_nan=False)]
"""a number of JSON; true is none"""
Given: TypeAlias = Figure | str | list[Figure]
"""an input: a number, a day or a choice as text, or several numbers"""


class Shape(BaseModel):
    """What a tool returns."""

    model_config = ConfigDict(frozen=True)


class InputShape(Shape):
    """One input of a metric."""

    name: str = Field(description="调用时用的名字")
    label: str = Field(description="中文名")
    unit: str = Field(description="单位；ratio 是小数（4% 写 0.04），date 是日期，空是没有单位")
    hint: str = Field(description="到哪里找这个数、包不包含什么；可能为空")
    kind: Literal["number", "many", "date", "choice"] = Field(
        description="number 填一个数；many 填一串数；date 填 2026-11-23 这样的文字；choice 填 choices 里的一个 key，或地名、车型这样的说法"
    )
    required: bool = Field(description="false 时可以不给，按通常的值算")
    choices: dict[str, str] = Field(description="kind 是 choice 时可以填的 key 和它的意思")


class MetricShape(Shape):
    """A metric with its form."""

    id: str = Field(description="compute_metric 和 solve_metric 用的编号")
    label: str = Field(description="中文名")
    platform: list[str] = Field(description="只用于这些平台；空的不限平台")
    unit: str = Field(description="结果的单位；ratio 是小数")
    formula: str = Field(description="公式")
    inputs: list[InputShape]


class MetricName(Shape):
    """A metric by name only."""

    id: str
    label: str


class MetricList(Shape):
    """Metrics that fit a query."""

    metrics: list[MetricShape] = Field(description="最相关的，带全部输入")
    others: list[MetricName] = Field(description="其余的，只有编号和名字；要看输入，用它的名字再查一次")


class OriginShape(Shape):
    """Where something comes from."""

    title: str = Field(description="依据的规则、表或文章")
    source: str = Field(description="出自哪里，说给人听的写法")
    address: str = Field(description="网址；可能为空")
    confidence: str = Field(description="high 规则原文，medium 单一来源，low 待核实，conflict 说法不一，calc 推算，own 用户自己的资料")


class SourceShape(OriginShape):
    """A source relied on, with the sentence."""

    quote: str = Field(description="依据的那句话")
    period: str = Field(description="从什么时候起有效；可能为空")


class Computed(Shape):
    """A computed metric with what proves it."""

    metric: str
    label: str
    value: bool | float | str = Field(description="没有四舍五入的值；日期写成 2026-11-23")
    said: str = Field(description="给人看的写法，回答时用它")
    unit: str
    inputs: dict[str, Any] = Field(description="算的时候用的数")
    verdict: Literal["ok", "watch", "breach"] | None = Field(description="按当天规则评：ok 合格，watch 注意，breach 不合格；没有规则就是 null")
    verdict_word: str = Field(description="评定的说法")
    rule: str | None = Field(description="评定所用的规则，rule://编号 可以读全文")
    formula: str
    period: str = Field(description="统计周期和口径的时间")
    note: str = Field(description="口径上要注意的；可能为空")
    day: str = Field(description="按哪天的规则")
    sources: list[SourceShape]


class Solved(Shape):
    """What one input must be for a metric to meet a target."""

    metric: str
    label: str
    target: float
    input: str
    input_label: str
    needed: float = Field(description="这个输入要到多少；笔数、台数已经取整到达标的一侧")
    said: str = Field(description="给人看的写法")
    unit: str
    now: float | None = Field(description="给了的当前值；没给是 null")
    met: bool = Field(description="现在是不是已经达到目标")
    gap: float = Field(description="还差多少；已经达到是 0")
    direction: Literal["up", "down", "none"] = Field(description="要增加、要减少，还是不用动或不知道现在多少")
    day: str


class DocumentShape(Shape):
    """A piece of knowledge as it reads on the day."""

    id: str
    kind: Literal["topic", "rule", "table", "own"] = Field(description="topic 文章，rule 规则，table 表，own 用户自己的资料（没有和规则核对过）")
    title: str
    text: str = Field(description="当天的全文，Markdown；[^编号] 指向 sources")
    period: str
    in_force: bool = Field(description="当天是否有效")
    confidence: str
    sources: dict[str, OriginShape] = Field(description="编号 → 来源")


class Knowledge(Shape):
    """What was found for a question."""

    documents: list[DocumentShape] = Field(description="最相关的在前")
    enough: bool = Field(description="false 时不要拿它们当依据回答")
    confidence: float = Field(description="0 到 1：第一篇答的就是这个问题的把握")
    note: str = Field(description="enough 是 false 的原因；可能为空")
    day: str = Field(description="按哪天的规则")


class CalculationShape(Shape):
    """One calculation of an answer."""

    metric: str
    label: str
    inputs: dict[str, Any]
    value: bool | float | str
    unit: str
    verdict: Literal["ok", "watch", "breach"] | None
    rule: str | None


class CitationShape(SourceShape):
    """One numbered source of an answer."""

    id: str


class PaperShape(Shape):
    """A paper an answer holds."""

    guide: str
    title: str
    name: str


class Answer(Shape):
    """The answer object."""

    text: str = Field(description="完整的回答，Markdown；[1] 指向 citations 的第一条")
    status: Literal["answered", "asked", "declined"] = Field(description="asked 是还缺数，要追问；declined 是不能答")
    citations: list[CitationShape]
    calculations: list[CalculationShape]
    suggestions: list[str] = Field(description="可以接着问的")
    ms: float
    files: list[PaperShape] = Field(default_factory=list, description="回答里带的文书")
    conversation: str = Field(description="接着问时把它填进 conversation")
