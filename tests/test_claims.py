"""What says the opposite of a text is seen beside it; what says the same in other words is not."""

import re
from datetime import date

import pytest

from assistant.claims import Claims, turned
from assistant.library import Library

SETTLED = "不计入。只有小二介入后判了商家责任的单才算进纠纷退款率。判责前双方自行和解，不计入。"
CONFIRM = "没设显著的确认程序，不得拒绝无理由退货；商家也不得自己扩大例外范围。"
EXPIRED = "商家3天内不处理就自动退款；签收当天不算。最后由小二操作的不算自主完结。"
LOST = "凭证丢了可以免费补办，不用交工本费。劳动仲裁不收费。新能源车不套用这个区间。"
SIGNS = "| 情形 | 算不算 |\n| --- | --- |\n| 最后由小二操作 | 不算 |\n| 超时自动退款 | 算 |"


@pytest.mark.parametrize(("text", "told"), [
    (SETTLED, "会计入你的纠纷退款率。"), (SETTLED, "判责前双方自行和解的，也要计入。"), (CONFIRM, "商家可以拒绝无理由退货。"),
    (CONFIRM, "没有显著确认程序的，可以拒绝无理由退货。"), (CONFIRM, "商家可以自己扩大例外范围。"), (EXPIRED, "商家3天内不处理，也不会自动退款。"),
    (EXPIRED, "签收当天也算一天。"), (LOST, "凭证丢了不能补办。"), (LOST, "补办要交工本费。"), (LOST, "劳动仲裁要收费。"),
    (LOST, "新能源车也套用这个区间。"), (SIGNS, "最后由小二操作的也算。"), ("没接通的不算有效跟进。", "没接通的也算有效跟进。"),
    ("要有合同约定才能扣。", "没有合同约定也可以扣。"), ("会被扣车。", "不会被扣车。"),
])
def test_a_claim_turned_round_is_seen(text: str, told: str) -> None:
    assert turned(told, [Claims(text)])


@pytest.mark.parametrize(("text", "told"), [
    (SETTLED, "这种情况不算进去，不计入纠纷退款率。"), (SETTLED, "判责以前谈妥了，就不计入。"), (SETTLED, "判了商家责任才计入。"),
    (CONFIRM, "没有确认程序，商家就不能拒绝无理由退货。"), (EXPIRED, "3天没处理会自动退款。"), (EXPIRED, "签收当天不算，从第二天数。"),
    (LOST, "凭证丢了能免费补办。"), (LOST, "仲裁不用交钱。"), (LOST, "是不是免费补办，要问一下。"),
    (SIGNS, "超时自动退款也算，最后由小二操作的不算。"),
    ("不得不赔。", "必须赔。"), ("门槛不超过0.5%。", "超过0.5%就不合格。"), ("别急着降价。", "先别降价。"), ("", "不影响报名。"),
])
def test_the_same_in_other_words_is_not(text: str, told: str) -> None:
    assert not turned(told, [Claims(text)])


def test_what_another_text_says_is_not_turned_round() -> None:
    old, new = Claims("旧办法：签收当天不算。"), Claims("新办法：签收当天也算一天。")
    assert turned("签收当天也算一天。", [old])
    assert not turned("签收当天也算一天。", [old, new])


TURNS = [
    ("不得", "可以"), ("不能", "可以"), ("不影响", "会影响"), ("不计入", "会计入"), ("不算", "算"), ("不收", "要收"), ("不用", "要"),
    ("没有", "有"), ("可以", "不能"), ("应当", "不必"),
]


def test_the_knowledge_contradicts_itself_nowhere_and_most_of_it_is_seen_when_turned_round(library: Library) -> None:
    """A topic was written apart from the rules whose words it takes: its sentences stand for a model's."""
    documents = library.on(date(2026, 11, 23))
    told, doubted, round, seen = 0, [], 0, 0
    for document in documents.values():
        if document.kind not in ("topic", "rule"):
            continue
        text = re.sub(r"\s*\[\^[^\]]+\]", "", document.text)
        own = Claims(text)
        rules = [Claims(documents[f"rule/{id}"].text) for id in document.borrowed if f"rule/{id}" in documents]
        for sentence in re.findall(r"[^。！？\n]+[。！？]*", text):
            assert not turned(sentence, [own]), sentence
            told += 1
            doubted += [sentence] if turned(sentence, rules) else []
            for word, other in TURNS:
                if sentence.count(word) == 1:
                    round += 1
                    seen += bool(turned(sentence.replace(word, other), [own]))
    assert told > 3000
    assert len(doubted) < 0.03 * told
    assert round > 400
    assert seen > 0.55 * round
