"""Events to plain JSON and back: whatever an event holds, it comes back as it was."""

import json
from dataclasses import MISSING, fields
from datetime import date
from typing import Any, get_args

import pytest
from hypothesis import given, strategies as st

from assistant.answer import Calculated, Citation, Drafted, Event, InputShown, RuleRow, Text, as_json, markdown
from assistant.understanding import Understood
from assistant.web import drawing
from assistant.web.words import ZH
from assistant.wire import TYPES, from_wire, to_wire, understood_from_wire, understood_to_wire

from .web.fake_engine import ASKED, CONFLICT, DECLINED, DRAFTED, INSURANCE, MAIN, REFUSED

words = st.text(max_size=12)
numbers = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False)
values = st.booleans() | numbers | st.dates() | words | st.lists(numbers, max_size=3).map(tuple)
# a name may be any word, also one that the notation itself uses
names = st.sampled_from(["date", "float", "type", "shown"]) | words
inputs = st.dictionaries(names, values, max_size=4)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "part": st.sampled_from(["say", "body", "acts", "note", "fine"]),
    "verdict": st.none() | st.sampled_from(["ok", "watch", "breach"]),
    "reason": st.sampled_from(["declined", "misses", "asked"]), "status": st.sampled_from(["answered", "asked", "declined"]),
    "inputs": inputs, "previous": inputs, "given": st.dictionaries(names, inputs, max_size=2),
    "also": st.dictionaries(names, inputs, max_size=2), "value": st.none() | values,
    "fraction": st.none() | st.tuples(words, words), "day": st.none() | st.dates(), "ms": st.floats(0, 1e6),
    "rule": st.none() | words, "metric": words, "platform": st.none() | words, "target": st.none() | st.floats(allow_nan=False),
    "sought": st.none() | words,
    "questions": st.lists(words, max_size=3).map(tuple),
    **dict.fromkeys(("editable", "aside", "ended", "open", "at_most"), st.booleans()),
}


def made(kind: type[Any]) -> st.SearchStrategy[Any]:
    """Instances of a dataclass with every field drawn."""
    return st.builds(kind, **{field.name: FIELDS.get(field.name, words) for field in fields(kind)})


def several(kind: type[Any]) -> st.SearchStrategy[Any]:
    return st.lists(made(kind), max_size=3).map(tuple)


FIELDS |= {"shown": several(InputShown), "rows": several(RuleRow), "citations": several(Citation)}
events = st.one_of([made(kind) for kind in TYPES.values()])


def same(one: object, other: object) -> bool:
    """Equal, and of the same types inside: 7 is not 7.0 is not True."""
    return one == other and repr(one) == repr(other)


@given(events)
def test_every_event_comes_back_as_it_was(event: Event) -> None:
    sent = json.dumps(to_wire(event), allow_nan=False, ensure_ascii=False)
    assert same(from_wire(json.loads(sent)), event)


@given(made(Understood))
def test_what_was_understood_comes_back_as_it_was(understood: Understood) -> None:
    sent = json.dumps(understood_to_wire(understood), allow_nan=False)
    assert same(understood_from_wire(json.loads(sent)), understood)


def test_every_event_has_a_type() -> None:
    assert set(TYPES.values()) == set(get_args(Event))


def test_the_notation_is_what_browsers_are_told() -> None:
    event = Calculated("m", "值", {"sign_date": date(2026, 11, 23), "hours": (2.0, 4.0)}, 3.0, "天", "3天", day=date(2026, 1, 2))
    sent = to_wire(event)
    assert sent["type"] == "calculated"
    assert sent["inputs"] == {"sign_date": {"date": "2026-11-23"}, "hours": [2.0, 4.0]}
    assert sent["day"] == {"date": "2026-01-02"}
    assert to_wire(Text("好", "say")) == {"type": "text", "markdown": "好", "part": "say", "worded": False}


@pytest.mark.parametrize("answer", [MAIN, ASKED, REFUSED, DECLINED, CONFLICT, INSURANCE, DRAFTED])
def test_whole_answers_are_told_alike_afterwards(answer: list[Event]) -> None:
    back = [from_wire(json.loads(json.dumps(to_wire(event)))) for event in answer]
    assert back == answer
    assert (markdown(back), as_json(back)) == (markdown(answer), as_json(answer))


def test_what_another_version_wrote_can_be_read() -> None:
    needed = {field.name for field in fields(Drafted) if field.default is MISSING and field.default_factory is MISSING}
    older = {name: part for name, part in to_wire(Drafted("g", "题", "文", {}, date(2026, 1, 2), "名")).items() if name in needed}
    assert from_wire({"type": "drafted", **older, "colour": "red"}) == Drafted("g", "题", "文", {}, date(2026, 1, 2))


def test_a_type_that_is_none_is_told() -> None:
    with pytest.raises(ValueError, match="chart"):
        from_wire({"type": "chart"})


def test_events_about_keeping_change_no_screen() -> None:
    kept = [from_wire({"type": "accepted", "turn": "t1"}), *MAIN[:-1], from_wire({"type": "offered", "reason": "asked"}), MAIN[-1]]
    assert (markdown(kept), as_json(kept)) == (markdown(MAIN), as_json(MAIN))
    shown = {"key": "a1", "conversation": "c", "asked": "问"}
    assert drawing.answer(kept, ZH, **shown) == drawing.answer(MAIN, ZH, **shown)
    assert drawing.answer(kept[:1], ZH, **shown, busy=True) == drawing.answer([], ZH, **shown, busy=True)
