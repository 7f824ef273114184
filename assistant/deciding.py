"""What is done with a question: declined, computed, graded, asked back or answered from documents. No wording here."""

import re
from datetime import date

from assistant import phrases
from assistant.again import asked_again, on_another_day, supposed
from assistant.answer import Calculated, Turn
from assistant.boundaries import Boundary
from assistant.figures import figures, fold
from assistant.findings import judge
from assistant.library import Document, Library
from assistant.metrics import Metric, registry
from assistant.understanding import Reading, Understanding
from assistant.wording import say

CLOSEST = 3
FAR_FETCHED = -2.0  # a reading scored lower speaks of another platform or lacks nearly everything
_OF_A_MONTH = "每月"
_WHICH_DAY = re.compile(r"哪一?天|几号|几月几|什么时候|啥时候|何时|到期|截止|最晚|最迟|最后|期限|多久|还剩|还有几天|几天|过期|来得及")

_TRUE = re.compile(r"对不对|真的|是不是|属实|靠谱|[算按]几|算[^，。；,;]{0,8}[?？]$|(?<!多少)(?<!几)[吗么不][?？。]?$")
_UNTIL = re.compile(r"到(?:哪一?天|几号|什么时候)|几号(?:前|截止|到期)|截止|最晚(?:哪|几号)|最后一?天")
_HOW_MANY = re.compile(r"多少|几(?!乎)|(?:帮|给|替).{0,4}算|算(?:一下|下|算|出)")


def crossed(library: Library, text: str) -> Boundary | None:
    """The boundary a question crosses, if any."""
    return next((boundary for boundary in library.boundaries if boundary.stops(text)), None)


def untold(library: Library, turn: Turn) -> Boundary | None:
    """What no source states, crossed by a question that leaves its subject to the turn before: 每个维度占多少权重."""
    understanding = turn.understanding
    last = understanding.history
    if last is None or not last.subject or any(one.named or one.complete for one in understanding.readings):
        return None
    metric = library.metrics.get(str(last.metric))
    subjects = [last.subject, *turn.earlier[-1:], *((metric.label, *metric.aliases) if metric is not None else ())]
    unknown = [one for one in library.boundaries if one.reason == "unknown"]
    return next(
        (one for one in unknown for subject in subjects if one.stops(f"{subject}，{understanding.text}") and not one.stops(subject)), None
    )


def computable(library: Library, reading: Reading, turn: Turn, enough: float) -> bool:
    """Whether the reading is complete and a value of it is wanted."""
    understanding = turn.understanding
    if not reading.complete:
        return False
    if understanding.platform and reading.metric.platforms and understanding.platform not in reading.metric.platforms and not reading.where:
        return False  # 拼多多排在后三成 is no rank of 天猫
    if reading.metric.label.startswith(_OF_A_MONTH) and phrases.OVER_MONTHS.search(understanding.text):
        return False  # 分3个月扣，最多一共能扣多少: what holds for a month is not the sum of several
    spoken_of = any(reading.metric.id in _spoken(library, turn, document) for document in turn.documents[:CLOSEST])
    if reading.loose and not (spoken_of or reading.named or reading.carried or understanding.following or reading.where):
        return False  # neither the metric nor all of its inputs are named, and nothing found speaks of it
    if reading.goal is not None:
        return reading.goal.target is not None and reading.goal.field is not None
    if len(reading.metric.fields) == 1 and reading.metric.unit.startswith("元") and _priced_each(understanding):
        return False  # 168一盒买了3盒: one price is not the amount
    if reading.where:
        return True  # one of several cases that were read whole
    how_much = reading.how_much and not (understanding.wants_advice or phrases.THRESHOLD.search(understanding.text))
    named_again = reading.carried and reading.named and (understanding.asks_to_compute or how_much)
    if reading.carried and not reading.typed and of_all(understanding.text):
        return False  # 那全国是多少 asks for the others' value, not for one's own again
    back = phrases.BACK_TO_FIRST.search(understanding.text) or phrases.RETURNING.search(understanding.text)
    if back and reading.carried and not understanding.figures and not (understanding.wants_advice or understanding.wants_formula):
        return True  # 还按我最开始报的那个
    graded_again = reading.carried and not understanding.figures and phrases.WHICH_GRADE.search(understanding.text)
    said_again = reading.carried and reading.named and (
        understanding.only_a_name or phrases.AND_THIS.fullmatch(understanding.text)  # 那纠纷退款率呢
    )
    if graded_again or said_again or asked_again(reading, understanding) or on_another_day(reading, understanding):
        return True
    if not reading.typed and not reading.compared and not named_again:
        return False
    if len(reading.metric.fields) == 1 and phrases.GOOD_FOR.search(understanding.text):
        return False  # 体验分上了4.8有啥好处
    if reading.unproven:
        return spoken_of and turn.confidence >= enough and bool(phrases.LEVEL.search(understanding.text))
    told_nothing = not understanding.figures and not understanding.days and not phrases.AND_THIS.fullmatch(understanding.text)
    wants_value = reading.named and not reading.carried and (
        bool(_HOW_MANY.search(understanding.text)) or supposed(understanding.text)
    )  # 要是被认定违法解除呢，赔多少
    if told_nothing and (reading.carried or understanding.following) and (
        (understanding.wants_advice and not wants_value) or understanding.wants_formula
    ):
        return False  # '那这个怎么降' wants no number again
    if reading.named or reading.carried or understanding.following:
        return True
    if reading.metric.unit == "date" and not (_WHICH_DAY.search(understanding.text) and _only_one(reading.metric)):
        return False  # a day alone does not say which of the days that hang on it is asked for
    if reading.metric.unit == "date" and spoken_of:
        return True  # 11月20号签的协议，最晚哪天打款
    if understanding.wants_advice:
        return reading.vouched or reading.compared
    return reading.vouched or bool(phrases.COMPUTE.search(understanding.text))


def _priced_each(understanding: Understanding) -> bool:
    """Whether several things are told beside the price of one: 168一盒买了3盒."""
    counts = (one for one in understanding.figures if one.kind == "count" and one.value > 1 and one.unit)
    return any(re.search(rf"(?:一|每|/) ?{re.escape(one.unit)}", understanding.text) for one in counts)


def _spoken(library: Library, turn: Turn, document: Document) -> tuple[str, ...]:
    """The metrics a document speaks of; of a rule those of the topic that tells it as well."""
    rule = library.rules.get(document.id.removeprefix("rule/")) if document.kind == "rule" else None
    topic = library.on(turn.understanding.day).get(f"topic/{rule.topic}") if rule is not None else None
    return (*document.metrics, *(topic.metrics if topic is not None else ()))


def _only_one(metric: Metric) -> bool:
    """Whether no other metric counts a day from the same beginning."""
    starts = {one.spec.label for one in metric.fields if one.kind == "date"}
    others = (other for other in registry().values() if other.unit == "date" and other.id != metric.id)
    return not any(one.spec.label in starts for other in others for one in other.fields)


def day_of(library: Library, reading: Reading, day: date) -> date:
    """The day whose rules count: that of the date given, when a rule it hangs on has ended since."""
    given = [value for value in reading.inputs.values() if isinstance(value, date)]
    for name in reading.metric.borrowed:
        rule = library.rules.get(name)
        dated = rule.on(day) if rule else None
        if rule and dated and dated.version.ended and given and rule.numbers(min(given)):
            return min(given)
    return day


def should_ask(reading: Reading, turn: Turn, enough: float) -> bool:
    """Ask for what is missing when a value is wanted; a question for advice goes to the documents."""
    understanding = turn.understanding
    if reading.unproven or (reading.complete and reading.goal is None):
        return False
    if _repeats(reading, turn, enough) or (phrases.OF_WHICH_YEAR.search(understanding.text) and not understanding.asks_to_compute):
        return False
    if phrases.TYPICAL.search(understanding.text) and not reading.vouched:
        return False  # '全国均值是多少' asks for nobody's own value
    dated = reading.metric.unit == "date" and reading.named and (
        phrases.MINE.search(understanding.text) or not (understanding.wants_formula or understanding.wants_advice)
    )
    if dated and _UNTIL.search(understanding.text):
        return True  # 我这件衣服七天无理由到哪天截止
    if understanding.asks_to_compute and (reading.typed or (reading.named and not understanding.wants_formula)):
        return True
    if reading.where and reading.missing and reading.carried:
        return True  # 隔壁店有8千笔成交，他家呢: nothing was told of them before
    goal = reading.goal
    aimed = goal is not None and goal.target is not None and bool(phrases.WANTED.search(understanding.text))
    if aimed and goal is not None and (reading.typed or (goal.at_most and reading.score > FAR_FETCHED)):
        return True
    if phrases.CHANGED.search(understanding.text) and not understanding.asks_to_compute:
        return False  # 当时赔30%，后来改了吗 asks for the rule
    if not reading.named and reading.metric.unit.startswith("元") and phrases.FOLD.search(understanding.text):
        return False  # 商业险折扣变几折 asks for no amount
    if reading.named and reading.how_much and (reading.typed or phrases.PRICE.search(understanding.text)):
        return True
    if reading.vouched and reading.named and phrases.COMPUTE.search(understanding.text):
        return True  # 按22年的口径，商品3.9，物流4.0，综合多少分 wants the value, not the formula
    choices = {one.name for one in reading.metric.fields if one.kind == "choice"}
    if reading.typed <= choices and not reading.how_much and not phrases.PRICE.search(understanding.text):
        return False  # 'which plan is Beijing', 'what is the limit': no amount is wanted
    if not reading.typed or understanding.wants_formula or understanding.wants_advice:
        return False
    if reading.goal is not None or reading.named:
        return True
    known = len(reading.metric.fields) - len(reading.missing)
    wanted = bool(_HOW_MANY.search(understanding.text))
    return known > 0 and reading.score > 0 and not reading.unused and wanted


def _repeats(reading: Reading, turn: Turn, enough: float) -> bool:
    """Whether every figure of a question stands in what was found for it and none is the person's own: 单次赔付超过20%算1.5次吗."""
    understanding = turn.understanding
    if not turn.documents or turn.confidence < enough or phrases.MINE.search(understanding.text) or understanding.asks_to_compute:
        return False
    if not _TRUE.search(understanding.text) or any(one.kind == "choice" for one in reading.metric.fields):
        return False  # 家用5座 is said of one's own car, though every table names five seats
    document = turn.documents[0]
    stated = {(one.value, one.kind) for one in figures(fold("\n".join((document.say, document.body, *document.questions))))}
    told = [(one.value, one.kind) for one in understanding.figures]
    return bool(told) and not any(one.carried for one in understanding.readings) and all(one in stated for one in told)


def of_all(text: str) -> bool:
    """Whether a question is about the trade or the country, and not about one's own figures beside them."""
    return bool(phrases.TYPICAL.search(text)) and not phrases.MINE.search(text)


def wants_unnamed(understanding: Understanding) -> bool:
    """Whether a computation is asked for without a word of what: 12和3000，帮我算个率; 帮我算一下指标."""
    return bool(phrases.COMPUTE_WHAT.fullmatch(understanding.text))


def graded(library: Library, reading: Reading, turn: Turn) -> Calculated | None:
    """A value given for the metric itself, when a rule of the day can grade it."""
    if reading.stated is None or reading.typed:
        return None
    understanding = turn.understanding
    judged = judge(library, reading.metric, reading.stated, understanding.day, understanding.platform, relevant(turn))
    if judged is None:
        return None
    rule, grade = judged
    metric, value = reading.metric, reading.stated
    return Calculated(
        metric.id, metric.label, {metric.id: value}, value, metric.unit, say(value, metric.unit),
        grade.level, grade.word, f"rule/{rule.id}", day=understanding.day,
    )


def topic_about(turn: Turn, metric: str, enough: float) -> Document | None:
    """When the question asks what the value leads to: the best finding that speaks of the metric."""
    if not turn.understanding.wants_meaning or turn.confidence < enough:
        return None
    for document in turn.documents[:CLOSEST]:
        if document.kind == "topic" and metric in document.metrics and not document.unknown and document.current:
            return document
    return None


def relevant(turn: Turn) -> tuple[str, ...]:
    """Rule ids in the order the findings of the search speak of them."""
    ids: list[str] = []
    for document in turn.documents:
        ids += [document.id.removeprefix("rule/")] if document.kind == "rule" else [*document.timeline, *document.borrowed]
    return tuple(dict.fromkeys(ids))
