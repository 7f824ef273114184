"""A text that arrives in pieces is cut into the same sentences however the pieces fall."""

from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from assistant.sentences import LONGEST, Sentences

PIECES = st.lists(st.sampled_from([
    "先看0.5%", "。", "！", "?", "\n", "\n\n", "- 交凭证", "**", "【rule/a】", "【", "】", "[1]", "[", "](http://x.y)", " ", "| a | b。c |", "|",
    "```", "```python\n", "~~~", "<think>", "</think>", "<", "”", "」", "[来源1]", "1. ", "《规则》", "`",
]), max_size=24).map("".join)


def cut(*pieces: str) -> list[tuple[str, str]]:
    taken = Sentences()
    found = [one for piece in pieces for one in taken.feed(piece)] + taken.finish()
    return [(one.text, one.blanks) for one in found]


@given(PIECES, st.lists(st.integers(1, 6), max_size=60))
def test_the_sentences_do_not_depend_on_the_pieces(text: str, sizes: list[int]) -> None:
    places = [0]
    for size in sizes:
        places.append(places[-1] + size)
    pieces = [text[start:end] for start, end in pairwise(places)] + [text[places[-1]:]]
    assert cut(*pieces) == cut(text) == cut(*text)


@given(PIECES.filter(lambda text: "`" not in text and "~" not in text and "<think>" not in text))
def test_nothing_is_lost(text: str) -> None:
    assert "".join(words + blanks for words, blanks in cut(text)) == text


@pytest.mark.parametrize(("text", "sentences"), [
    ("要7天。【rule/a】先别急！", ["要7天。【rule/a】", "先别急！"]),
    ("要7天。 [1][2] 先别急", ["要7天。 [1][2]", "先别急"]),
    ("**要7天。**先别急", ["**要7天。**", "先别急"]),
    ("要7天。**先别急**", ["要7天。", "**先别急**"]),
    ("“要7天。”他说", ["“要7天。”", "他说"]),
    ("| 甲。乙 | 丙 |\n| - | - |\n", ["| 甲。乙 | 丙 |", "| - | - |"]),
    ("先说\n```\n7天。\n```\n后说", ["先说", "后说"]),
    ("<think>7天。\n或8天</think>先说。", ["先说。"]),
    ("要3.5天。【注意】别急", ["要3.5天。", "【注意】别急"]),
])
def test_where_a_sentence_ends(text: str, sentences: list[str]) -> None:
    assert [words for words, _ in cut(*text)] == sentences


def test_a_sentence_is_given_as_soon_as_the_next_begins_and_half_a_mark_is_held_back() -> None:
    taken = Sentences()
    assert taken.feed("要7天。") == []
    assert taken.feed("【rule/") == []
    assert taken.feed("a】") == []
    assert [one.text for one in taken.feed("先")] == ["要7天。【rule/a】"]


def test_a_sentence_without_an_end_is_cut() -> None:
    taken = Sentences()
    found = [one for _ in range(400) for one in taken.feed("很长的话")]
    assert [len(one.text) for one in found] == [LONGEST]
