"""Words of others: nothing in them acts, and none of their figures is lost."""

import re

import pytest
from hypothesis import given, strategies as st

from assistant.neutral import neutral
from assistant.web.markup import block

DIGITS = re.compile(r"\d+")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<script>alert(1)</script>", "＜script＞alert(1)＜/script＞"),
        ("![图](http://example.org/a.png)", "!［图］(http://example.org/a.png)"),
        ("[点这里](javascript:alert(1))", "［点这里］(javascript:alert(1))"),
        ("见[1]和[^S11]", "见［1］和［^S11］"),
        ("# 大标题\n正文", "＃ 大标题\n正文"),
        ("**重**~~划~~`码`", "＊＊重＊＊～～划～～｀码｀"),
        ("标题\n===\n---\n正文", "标题\n正文"),
        ("1. 先拍照\n2) 再申请\n3.5折", "1．先拍照\n2．再申请\n3.5折"),
        ("- 一\n+ 二\n-5℃", "· 一\n· 二\n-5℃"),
        ("| 甲 | 乙 |\n|---|---|\n| 1 | 2 |", "｜ 甲 ｜ 乙 ｜\n｜---｜---｜\n｜ 1 ｜ 2 ｜"),
        ("红\x1b[31m字\x07\u202e倒\u200b", "红［31m字倒"),
        ("甲\n\n\n\n乙", "甲\n\n乙"),
        ("> 引文", "＞ 引文"),
    ],
)
def test_what_could_act_becomes_a_lookalike(written: str, shown: str) -> None:
    assert neutral(written) == shown


@given(st.text(alphabet="<>[]()!`*~|#-+=_>\\&1234. \n\t\x1b\u202e甲乙ab:/"))
def test_nothing_but_text_and_breaks_reaches_the_page(written: str) -> None:
    shown = neutral(written)
    assert DIGITS.findall(shown) == DIGITS.findall(re.sub(r"[\x1b\u202e]", "", written.replace("\t", " ")))
    assert neutral(shown) == shown
    assert set(re.findall(r"<(\w+)", block("\n".join(f"> {line}" for line in shown.split("\n")), "k"))) <= {"blockquote", "p", "br"}
