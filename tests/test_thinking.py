from itertools import pairwise

from hypothesis import given, strategies as st

from assistant.thinking import Thoughts

PARTS = st.lists(st.sampled_from(["<think>", "</think>", "嗯，3%", "答案。", "<", "a<b", "</", "think>"]), max_size=8)


def _whole(text: str, cuts: list[int]) -> str:
    thoughts = Thoughts()
    places = [0, *sorted(cut % (len(text) + 1) for cut in cuts), len(text)]
    told = "".join(thoughts.feed(text[start:end]) for start, end in pairwise(places))
    return told + thoughts.finish()


@given(PARTS, st.lists(st.integers(0, 200), max_size=10))
def test_wherever_it_is_cut_the_same_is_told(parts: list[str], cuts: list[int]) -> None:
    text = "".join(parts)
    assert _whole(text, cuts) == _whole(text, [])


def test_thoughts_are_left_out_and_the_rest_is_told() -> None:
    assert _whole("<think>也许是3%？</think>是4%。a<b", list(range(30))) == "是4%。a<b"
    assert _whole("是4%。<think>没有想完", []) == "是4%。"
