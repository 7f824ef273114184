"""Events → the HTML of one answer. Result first, then how, which rule, what to do; sources in the margin."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from assistant.answer import (
    Asked,
    Calculated,
    Citation,
    Cited,
    Declined,
    Drafted,
    Event,
    Part,
    Refused,
    Ruled,
    RuleRow,
    Suggested,
    Text,
    Working,
    markdown,
)
from assistant.owned import OWN
from assistant.web.cards import calculation, carried, figure, paper, question_form, stamp
from assistant.web.icons import icon
from assistant.web.markup import block, inline, is_web_address, text
from assistant.web.words import Words

Kind = TypeVar("Kind", bound=Event)


def question(asked: str) -> str:
    """The person's bubble. Nothing in it is read as Markdown or HTML."""
    lines = "<br>".join(text(line) for line in asked.strip().split("\n"))
    return f'<div class="sh thread"><p class="ask">{lines}</p></div>'


def answer(
    events: Sequence[Event], words: Words, *, key: str, conversation: str, asked: str, busy: bool = False,
    problem: str = "", stopped: bool = False, tools: bool = True,
) -> str:
    """One answer as far as it has come. `problem` is a sentence shown as an error in place of what is missing.

    Without `tools` there are no buttons below it: for whoever reads an answer that was given to somebody else.
    """
    parts = [
        _result(events, words, key), _cards(events, words, key), _prose(events, "body", key),
        _timeline(events, words, key), _acts(events, words, key), _prose(events, "note", key, "note"),
        _prose(events, "fine", key, "sm q2"),
        _sources(events, words, key),
    ]
    drawn = [part for part in parts if part]
    if busy:
        drawn.append(_steps(events, words, alone=not drawn))
    if stopped:
        drawn.append(f'<p class="sm q2">{text(words.stopped)}</p>')
    if problem:
        drawn.append(_problem(problem, words, tools=tools))
    elif not busy and tools:
        drawn.append(_foot(events, words))
    data = carried({"conversation": conversation, "question": asked, "markdown": markdown(list(events))})
    state = " busy" if busy else ""
    return f'<div class="sh thread"><article class="ans{state}" id="{text(key)}">{data}{"".join(drawn)}</article></div>'


def _all(events: Iterable[Event], kind: type[Kind]) -> list[Kind]:
    return [event for event in events if isinstance(event, kind)]


def _texts(events: Sequence[Event], part: Part) -> list[str]:
    return [event.markdown for event in _all(events, Text) if event.part == part and event.markdown.strip()]


def _result(events: Sequence[Event], words: Words, key: str) -> str:
    """A figure or a sentence, never both large."""
    says = _texts(events, "say")
    computed = _all(events, Calculated)
    if computed:
        top = computed[0]
        shown = figure(top.said)
        mark = stamp(top.verdict, top.verdict_word)
        head = (
            f'<p class="h">{text(top.label)}</p><div class="row result"><strong class="fig">{shown}</strong>'
            f'<span class="stamp">{mark}</span></div>'
        )
        asides = "；".join(f"{text(event.label)} {text(event.said)}" for event in computed if event.aside)
        aside = f"<p>{asides}</p>" if asides else ""
        return f'<div class="res">{head}{aside}{"".join(block(say, key) for say in says)}</div>'
    lines = [f'<p class="say">{inline(say, key)}</p>' for say in says]
    for event in events:
        match event:
            case Asked(sentence):
                lines.append(_sentence(sentence, key))
            case Refused(sentence):
                lines.append(f'<div class="row">{stamp("watch", words.check_figures)}</div>{_sentence(sentence, key)}')
            case Declined(sentence, _):
                lines.append(_sentence(sentence, key))
            case _:
                pass
    return f'<div class="res">{"".join(lines)}</div>' if lines else ""


def _sentence(markdown_text: str, key: str) -> str:
    """The first line large, the rest as prose."""
    first, _, rest = markdown_text.strip().partition("\n")
    prose = f'<div class="md">{block(rest, key)}</div>' if rest.strip() else ""
    return f'<p class="say">{inline(first, key)}</p>{prose}'


def _cards(events: Sequence[Event], words: Words, key: str) -> str:
    computed = [event for event in _all(events, Calculated) if not event.aside]
    cards = [calculation(event, words, key=key, first=n == 0) for n, event in enumerate(computed)]
    cards += [question_form(event, words, key=key) for event in _all(events, Asked)]
    return "".join(cards + [paper(event, words, key=key) for event in _all(events, Drafted)])


def _prose(events: Sequence[Event], part: Part, key: str, extra: str = "") -> str:
    classes = f"md {extra}".rstrip()
    return "".join(f'<div class="{classes}">{block(prose, key)}</div>' for prose in _texts(events, part))


def _timeline(events: Sequence[Event], words: Words, key: str) -> str:
    rows = [row for event in _all(events, Ruled) for row in event.rows]
    if not rows:
        return ""
    drawn = "".join(_rule(row, words, key) for row in rows)
    return f'<section><h3 class="h lead">{text(words.rules)}</h3><ol class="time">{drawn}</ol></section>'


def _rule(row: RuleRow, words: Words, key: str) -> str:
    sentence = inline(row.text, key)
    if row.ended:
        return (
            f'<li class="off"><span>{text(row.period)}</span><span><s>{sentence}</s></span>'
            f'<span class="b">{text(words.ended)}</span></li>'
        )
    tag, dot, rest = row.tag.partition("·")
    badge = f'<b>{text(tag.strip())}</b>{" · " + text(rest.strip()) if dot else ""}' if row.tag else ""
    return f'<li><span>{text(row.period)}</span><span>{sentence}</span><span class="b">{badge}</span></li>'


def _acts(events: Sequence[Event], words: Words, key: str) -> str:
    acts = _texts(events, "acts")
    if not acts:
        return ""
    body = "".join(block(part, key) for part in acts)
    return f'<section class="md"><h3 class="h">{text(words.acts)}</h3>{body}</section>'


def _sources(events: Sequence[Event], words: Words, key: str) -> str:
    citations = [citation for event in _all(events, Cited) for citation in event.citations]
    if not citations:
        return ""
    items = "".join(_source(n, citation, words, key) for n, citation in enumerate(citations, 1))
    return (
        f'<aside class="rail"><h3 class="h">{text(words.sources)}</h3>'
        f'<ol class="src">{items}</ol></aside>'
    )


def _source(number: int, citation: Citation, words: Words, key: str) -> str:
    known = {
        "high": words.agreed, "medium": words.single, "low": words.open, "conflict": words.conflict, "calc": words.calc,
        "own": words.own,
    }
    badge = " · ".join(part for part in (known.get(citation.confidence, ""), citation.period) if part)
    line = f'<br><span class="b">{text(badge)}</span>' if badge else ""
    quote = f"「<mark>{text(citation.quote)}</mark>」<br>" if citation.quote else ""
    name = text(citation.source)
    if is_web_address(citation.address):
        address = text(citation.address)
        away = 'target="_blank" rel="noopener noreferrer nofollow"'
        name = f'<a class="sm" href="{address}" {away}>{name or address}</a>'
    else:
        name = f'<span class="sm q2">{name}</span>'
    opened = " open" if number == 1 else ""
    return (
        f'<li id="{text(key)}-s{number}"><details{opened}><summary><span class="q2">[{number}]</span>'
        f"<span>{text(citation.title)}{line}</span>{icon('down')}</summary><blockquote>{quote}{name}</blockquote></details></li>"
    )


def _steps(events: Sequence[Event], words: Words, *, alone: bool) -> str:
    """What is being done. Once something is drawn only the step under way stays, below it."""
    steps = [event.text for event in _all(events, Working)] or [words.working if alone else words.writing]
    dots = '<span class="dot3"><i></i><i></i><i></i></span>'
    under_way = f'<li class="row q2">{dots}{text(steps[-1])}</li>'
    halt = (
        f'<div><button type="button" class="btn alt do-stop">{icon("stop")}{text(words.stop)}</button></div>'
    )
    if not alone:
        return f'<ul class="sm steps">{under_way}</ul>{halt}'
    past = "".join(f'<li class="row">{icon("check", "ok")}{text(step)}</li>' for step in steps[:-1])
    bones = '<div class="bones"><div class="sk sk1"></div><div class="sk sk2"></div><div class="sk sk3"></div></div>'
    return f'<ul class="sm steps">{past}{under_way}</ul>{bones}{halt}'


def _problem(sentence: str, words: Words, *, tools: bool) -> str:
    told = f'<p class="say fault" role="alert">{icon("bang", "bad")}<span>{text(sentence)}</span></p>'
    retry = f'<div><button type="button" class="btn alt do-retry">{icon("redo")}{text(words.again)}</button></div>'
    return told + retry if tools else told


def _foot(events: Sequence[Event], words: Words) -> str:
    questions = [asked for event in _all(events, Suggested) for asked in event.questions]
    chips = "".join(
        f'<button type="button" class="opt do-ask">{text(asked)}</button>' for asked in questions
    )
    group = f'<div class="row" role="group" title="{text(words.next)}">{chips}</div>' if chips else ""
    direct = ""
    if any(event.worded for event in _all(events, Text)):
        direct = words.worded
    elif _all(events, Calculated):
        direct = words.direct_calculation
    elif cited := _all(events, Cited):
        own = [citation.confidence == OWN for citation in cited[0].citations[:1]]
        direct = words.direct_quote if any(own) else words.direct_answer
    tools = (
        _tool("copy", "copy", words.copy) + _tool("retry", "redo", words.again)
        + _tool("up", "good", words.good) + _tool("down", "bad", words.bad)
    )
    return (
        f'<div class="foot">{group}<div class="row tools">{tools}<span class="b">{text(direct)}</span>'
        '<span class="b said" role="status"></span></div></div>'
    )


def _tool(action: str, picture: str, label: str) -> str:
    return f'<button type="button" class="ib do-{action}" title="{text(label)}">{icon(picture)}</button>'
