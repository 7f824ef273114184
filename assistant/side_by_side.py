"""Results in columns: rates by kind, what the guard did, cost and time; and which cases went from right to wrong or back."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from unicodedata import east_asian_width

from assistant.results import Results, Tried, rate

KIND, COUNT, COLUMN = 12, 6, 10
WHOLE = "合计"


def table(columns: Sequence[Results], *, failing: bool) -> str:
    """Every answerer's rates by kind as text; the failing cases when asked for, of several answerers those that differ from the first."""
    k = min(results.repeats for results in columns)
    lines = [_heading(columns, k)]
    kinds = sorted({case.kind for results in columns for case in results.cases})
    lines += [_row(kind, [_of(results, kind) for results in columns], k) for kind in kinds]
    lines.append(_row(WHOLE, [results.cases for results in columns], k))
    lines += [line for results in columns for line in _summary(results, named=len(columns) > 1)]
    if failing and len(columns) == 1:
        lines += [f"  {case.id} {case.question[:40]} — {case.fault}" for case in columns[0].cases if case.fault]
    elif failing:
        lines += [line for other in columns[1:] for line in changes(columns[0], other)]
    return "\n".join(lines)


def compared(before: Results, after: Results) -> str:
    """Two kept results: what they were made of, their table, the cases that changed."""
    lines = [f"{side}：{_made_of(results)}" for side, results in zip("AB", (before, after), strict=True)]
    for name in sorted(before.prompts.keys() | after.prompts.keys()):
        if before.prompts.get(name) != after.prompts.get(name):
            lines.append(f"提示词 {name} 不同：{before.prompts.get(name, '没有')} → {after.prompts.get(name, '没有')}")
    if before.knowledge != after.knowledge:
        lines.append("知识不同：差别不全是回答方式带来的。")
    pair = before.model_copy(update={"answerer": "A"}), after.model_copy(update={"answerer": "B"})
    shared = {case.id for case in before.cases} & {case.id for case in after.cases}
    if alone := len({case.id for results in pair for case in results.cases} - shared):
        lines.append(f"只在一边有的用例 {alone} 条，不计。")
    kept = [
        results.model_copy(update={"cases": tuple(case for case in results.cases if case.id in shared)}) for results in pair
    ]
    return "\n".join([*lines, "", table(kept, failing=True)])


def changes(before: Results, after: Results) -> Iterator[str]:
    """The cases that pass more seldom than before, with what is wrong now; then those that pass more often."""
    earlier = {case.id: case for case in before.cases}
    pairs = [(earlier[case.id], case) for case in after.cases if case.id in earlier]
    for title, worse in ((f"{after.answerer} 比 {before.answerer} 差", True), (f"{after.answerer} 比 {before.answerer} 好", False)):
        found = [(old, new) for old, new in pairs if (new.all_pass(1) < old.all_pass(1) if worse else new.all_pass(1) > old.all_pass(1))]
        yield f"{title}：{len(found)}条"
        yield from (f"  {new.id} {new.question[:40]} — {(new if worse else old).fault}" for old, new in found)


def _heading(columns: Sequence[Results], k: int) -> str:
    cells = [_wide("类别", KIND), _right("条数", COUNT)]
    for results in columns:
        cells.append(_right("通过", COUNT) if len(columns) == 1 else "")
        cells.append(_right("通过率" if len(columns) == 1 else results.answerer, COLUMN))
        cells.append(_right(f"pass^{k}", COLUMN) if k > 1 else "")
    return "".join(cells)


def _row(kind: str, groups: Sequence[Sequence[Tried]], k: int) -> str:
    cells = [_wide(kind, KIND), f"{len(groups[0]):>{COUNT}}"]
    for group in groups:
        if len(groups) == 1:
            cells.append(f"{sum(not case.fault for case in group):>{COUNT}}")
        cells.append(f"{rate(group):>{COLUMN}.1%}")
        cells.append(f"{rate(group, k):>{COLUMN}.1%}" if k > 1 else "")
    if len(groups) > 1:
        cells += [f"{(rate(group) - rate(groups[0])) * 100:>+{COLUMN}.1f}" for group in groups[1:]]
    return "".join(cells)


def _summary(results: Results, *, named: bool) -> Iterator[str]:
    times, spent, name = results.times, results.spent, f"{results.answerer} " if named else ""
    if times:
        yield f"{name}每轮用时：中位 {times[len(times) // 2]:.1f} ms，p95 {times[math.ceil(len(times) * 0.95) - 1]:.1f} ms"
    if spent.calls:
        cost = f"，费用 {results.cost:.4f}" if results.cost is not None else ""
        yield (
            f"{name}模型：调用 {spent.calls} 次，共 {spent.model_ms / 1000:.1f} s，"
            f"输入 {spent.prompt}、输出 {spent.completion} token{cost}"
        )
    if spent.calls or spent.caught or spent.instead:
        yield f"{name}护栏改掉或拦下 {len(spent.caught)} 句{_counted(spent.caught)}"
        yield f"{name}改由规则作答 {len(spent.instead)} 轮{_counted(spent.instead)}"


def _counted(reasons: Sequence[str]) -> str:
    """（number 3，marker 1）"""
    told = "，".join(f"{reason} {count}" for reason, count in Counter(reasons).most_common())
    return f"（{told}）" if told else ""


def _made_of(results: Results) -> str:
    return " ".join(part for part in (results.answerer, results.model, results.made_at[:16], f"每条{results.repeats}遍") if part)


def _of(results: Results, kind: str) -> list[Tried]:
    groups: dict[str, list[Tried]] = defaultdict(list)
    for case in results.cases:
        groups[case.kind].append(case)
    return groups[kind]


def _width(text: str) -> int:
    return sum(1 + (east_asian_width(letter) in "WF") for letter in text)


def _wide(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _right(text: str, width: int) -> str:
    return " " * (width - _width(text)) + text
