"""Worked examples of a rule that no longer hold."""

from collections.abc import Iterator

from assistant.checks.places import place
from assistant.library import Library
from assistant.rules import Rule


def broken_examples(library: Library) -> Iterator[str]:
    """Every example whose grade or number is another one by now."""
    for rule in library.rules.values():
        yield from _examples(rule)


def _examples(rule: Rule) -> Iterator[str]:
    for example in rule.examples:
        where = f"{place(rule)} 的 examples（{example.day}）"
        if example.value is not None:
            grade = rule.grade(example.value, example.day)
            if grade is None or example.level not in (None, grade.level) or example.word not in (None, grade.word):
                yield f"{where} 不成立：{example.value} 评为 {grade and (grade.level, grade.word)}"
        if example.number is not None and rule.numbers(example.day).get(example.number) != example.equals:
            yield f"{where} 不成立：{example.number} 是 {rule.numbers(example.day).get(example.number)}"
