"""What goes in and out of the API, as it stands in the OpenAPI description."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from assistant.sites import Audience
from assistant.web.api.context import ID
from assistant.web.filling import MOST_INPUTS, Format, Sent

LONGEST_QUESTION = 2000
LAST = 2**31 - 1
Thumb = Literal["up", "down"]
HandoffReason = Literal["asked", "misses", "declined", "offline"]
HandoffState = Literal["open", "taken", "closed"]


Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_QUESTION)]
Note = Annotated[str, StringConstraints(max_length=LONGEST_QUESTION)]
Known = Annotated[str, StringConstraints(pattern=ID)]

class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Failure(BaseModel):
    """为什么没办成。"""

    code: str = Field(description="给程序看的代号，例如 origin、token、limit")
    message: str = Field(description="给人看的一句话")


class Refusal(BaseModel):
    """所有没办成的请求都是这个样子。"""

    error: Failure


class Opening(_In):
    """打开会话。"""

    site: str = Field(min_length=1, max_length=40, description="站点名，见 sites.yaml")
    visitor: str | None = Field(default=None, max_length=200, description="上次返回的访客密钥；没有就是新访客")
    identity: str | None = Field(default=None, max_length=4096, description="网站签发的身份凭证（JWT）")
    conversation: Known | None = Field(default=None, description="接着哪段对话；不写就开新的")
    audience: Audience | None = Field(default=None, description="访客的身份，不写就按站点的")
    language: Literal["zh", "en"] | None = Field(default=None, description="界面语言；答案总是中文")


class ThemeTold(BaseModel):
    """挂件的样子。"""

    color: str
    position: Literal["left", "right"]
    mode: Literal["auto", "light", "dark"]


class Hours(BaseModel):
    """人工在不在。"""

    open: bool
    text: str = Field(description="例如 人工服务：工作日 9:00–18:00")
    back: str = Field("", description="下一次有人在的时间，例如 今天 13:30、周一 9:00；有人在或没有定时间时为空")


class SiteTold(BaseModel):
    """站点，以及第一屏要用的话。"""

    key: str
    name: str
    audience: Audience
    theme: ThemeTold
    greeting: str
    starters: list[str]
    hours: Hours
    handoff: bool = Field(description="能不能转人工")


class Turn(BaseModel):
    """一问一答。`events` 与提问时流出来的一样。"""

    id: str
    seq: int
    question: str
    status: str = Field(description="accepted answered asked declined stopped failed interrupted")
    events: list[dict[str, Any]]
    asked_at: datetime
    thumb: Thumb | None = None


class Message(BaseModel):
    """与人工之间的一句话。"""

    id: str
    seq: int
    sender: Literal["visitor", "staff"]
    author: str
    text: str
    at: datetime


class HandoffTold(BaseModel):
    """转人工到了哪一步。"""

    id: str
    state: HandoffState
    taken_by: str | None = Field(default=None, description="接手的人")


class Opened(BaseModel):
    """打开了的会话，带着已有的对话。"""

    token: str = Field(description="之后的请求放在 Authorization: Bearer 里")
    expires_in: int = Field(description="秒")
    visitor: str | None = Field(description="访客密钥，请存在浏览器里；用身份凭证打开的没有")
    conversation: str
    site: SiteTold
    checked_on: date = Field(description="知识最近一次核对的日子")
    turns: list[Turn]
    messages: list[Message]
    handoff: HandoffTold | None


class Begin(_In):
    """开一段新对话。"""

    audience: Audience | None = None


class Begun(BaseModel):
    """新对话的编号。"""

    conversation: str


class ConversationTold(BaseModel):
    """一段对话在列表里的样子。"""

    id: str
    started_at: datetime
    updated_at: datetime
    title: str = Field(description="第一个问题")


class Question(_In):
    """一个问题。"""

    question: Said = Field(description="最多2000字，可以带数字")
    audience: Audience | None = None


class Answer(BaseModel):
    """整个答案：正文、依据、计算，以及逐个事件。"""

    model_config = ConfigDict(extra="allow")

    text: str = Field(description="Markdown")
    status: str
    citations: list[dict[str, Any]]
    calculations: list[dict[str, Any]]
    suggestions: list[str]
    ms: float
    turn: str
    conversation: str
    events: list[dict[str, Any]]


class Since(_In):
    """从哪之后开始。"""

    after: int = Field(default=0, ge=0, le=LAST, description="这个序号之后的问答")
    limit: int = Field(default=50, ge=1, le=200, description="最多几轮问答")
    after_message: int = Field(default=0, ge=0, le=LAST, description="这个序号之后的人工消息")


class History(BaseModel):
    """对话里的问答和与人工的来往。"""

    turns: list[Turn]
    messages: list[Message]


class ThumbGiven(_In):
    """对一个回答的评价。"""

    thumb: Thumb
    reason: Note = ""


class HandoffAsked(_In):
    """请人工来。"""

    reason: HandoffReason
    contact: str | None = Field(default=None, max_length=200, description="手机或邮箱，下班时间留言用")
    note: Note = ""
    attach: bool = Field(default=True, description="附上这段对话和计算")


class HandoffOpened(BaseModel):
    """已经转给人工，以及转过去了什么。"""

    handoff: HandoffTold
    hours: Hours
    packet: dict[str, Any]


class HandoffNow(BaseModel):
    """转人工的状态；没转过就是 null。"""

    handoff: HandoffTold | None
    hours: Hours


class Saying(_In):
    """对人工说的一句话。"""

    text: Said


class After(_In):
    """从哪条消息之后开始。"""

    after_message: int = Field(default=0, ge=0, le=LAST)


class Calculation(_In):
    """一张卡片上的数。日期写成 {"date": "2026-11-23"}，几个数写成列表。"""

    metric: str = Field(min_length=1, max_length=80)
    label: str = Field(default="", max_length=200, description="卡片上结果的名字；对不上就不算")
    inputs: dict[str, Sent] = Field(max_length=MOST_INPUTS)
    day: date | None = None


class Calculated(BaseModel):
    """算出来的值。"""

    label: str
    said: str = Field(description="带单位的写法")
    value: Any
    unit: str
    verdict: Literal["ok", "watch", "breach"] | None
    verdict_word: str


class Paper(_In):
    """要哪份文书，用什么填，什么格式。"""

    guide: str = Field(min_length=1, max_length=80)
    given: dict[str, dict[str, Sent]] = Field(default_factory=dict, max_length=MOST_INPUTS)
    day: date | None = None
    format: Format


class Uploaded(BaseModel):
    """收下的文件。"""

    id: str
    name: str
    size: int


class Erased(BaseModel):
    """删掉了多少。"""

    conversations: int = 0
    turns: int = 0
    feedback: int = 0
    handoffs: int = 0
    messages: int = 0
    uploads: int = 0
