"""Known names are found where they stand: the longest, also by sound, never inside another word."""

from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from assistant.mentions import Mention, Names, PinyinNames, sounds, split_syllables

NAMES = {"毛利": ["a"], "售后毛利": ["b"], "毛利率": ["c"], "jd": ["p"], "nps": ["n"], "判责": ["d", "e"]}


def found(text: str) -> list[tuple[str, int]]:
    return [(mention.name, mention.start) for mention in Names(NAMES).find(text)]


def test_the_longest_name_wins_and_holds_no_other() -> None:
    assert found("售后毛利80万") == [("售后毛利", 0)]
    assert found("售后毛利率") == [("售后毛利", 0)]
    assert found("毛利率和毛利") == [("毛利率", 0), ("毛利", 4)]


def test_a_name_stands_for_all_its_keys() -> None:
    assert Names(NAMES).find("我被判责了") == [Mention(2, 4, "判责", ("d", "e"))]


@pytest.mark.parametrize(("text", "hits"), [
    ("jd纠纷率", 1), ("jdk", 0), ("ajd", 0), ("我的jd店", 1), ("nps40", 1), ("enps", 0), ("jd1", 1), ("", 0),
])
def test_a_latin_name_is_a_word_of_its_own(text: str, hits: int) -> None:
    assert len(found(text)) == hits


@given(st.text(alphabet="售后毛利率jdnps判责的 ，", max_size=40))
def test_mentions_stand_in_order_without_overlap_and_where_they_say(text: str) -> None:
    mentions = Names(NAMES).find(text)
    assert all(text[one.start : one.end] == one.name for one in mentions)
    assert all(one.end <= other.start for one, other in pairwise(mentions))


@pytest.mark.parametrize(
    ("text", "name"),
    [("maoli90万", "毛利"), ("售后maoli", "售后毛利"), ("shou后毛li", "售后毛利"), ("panze 7单", "判责"), ("pan责", "判责")],
)
def test_a_name_typed_in_pinyin_is_found(text: str, name: str) -> None:
    assert [mention.name for mention in PinyinNames(NAMES).find(text)] == [name]


@pytest.mark.parametrize("text", ["茂丽", "盘则", "http", "hello", "毛利"])
def test_characters_that_only_sound_alike_are_not_guessed(text: str) -> None:
    assert PinyinNames(NAMES).find(text) == []


def test_a_pinyin_mention_covers_the_letters_typed() -> None:
    text = "今年maoli高"
    mention = PinyinNames(NAMES).find(text)[0]
    assert text[mention.start : mention.end] == "maoli"


@pytest.mark.parametrize(("run", "syllables"), [
    ("zenme", ("zen", "me")), ("xian", ("xian",)), ("lingfu", ("ling", "fu")), ("hello", None), ("http", None), ("", ()),
])
def test_letters_are_split_into_syllables(run: str, syllables: tuple[str, ...] | None) -> None:
    assert split_syllables(run) == syllables


@given(st.text(alphabet="abcdeghilmnorstuvxyz毛利售后 12", max_size=60))
def test_every_sound_stands_where_it_was_typed(text: str) -> None:
    tokens = sounds(text)
    assert all(start < end for _, start, end, _ in tokens)
    assert all(text[start:end] == sound for sound, start, end, latin in tokens if latin)
    assert all(one[2] <= other[1] for one, other in pairwise(tokens))


def test_a_very_long_run_of_letters_is_one_word() -> None:
    assert len(sounds("a" * 3000)) == 1


@pytest.mark.parametrize(("run", "syllables"), [
    ("hunan", ("hu", "nan")), ("fanan", ("fa", "nan")), ("zenme", ("zen", "me")), ("jiufen", ("jiu", "fen")),
])
def test_a_consonant_belongs_to_the_vowel_behind_it(run: str, syllables: tuple[str, ...]) -> None:
    assert split_syllables(run) == syllables
