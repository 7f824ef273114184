"""A packet in words: Markdown for people, and a short form that fits a group robot's message."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from assistant.handoff.packet import FigureHanded, Packet
from assistant.neutral import neutral

MOST_FIGURES = 4
MOST_CLAUSES = 4
MOST_QUESTION = 300
MOST_NOTE = 300
_CUT = "…"


def title(packet: Packet) -> str:
    """One line without anything a visitor typed, fit for a subject or a notification: '售后参谋：有人等人工（访客要求人工）'."""
    waiting = "有新留言" if packet["reason"] == "offline" else "有人等人工"
    return f"售后参谋：{waiting}（{packet['reason_text']}）"


def as_markdown(packet: Packet, link: str = "", zone: str = "Asia/Shanghai") -> str:
    """All of it, for reading: a mail, a ticket. What people typed is made harmless, not shortened."""
    return "\n".join(_long(packet, link, zone)).strip() + "\n"


def as_short(packet: Packet, link: str, limit: int, zone: str = "Asia/Shanghai") -> str:
    """What a group needs to see, at most `limit` bytes of UTF-8; the link to the rest is never cut off."""
    tail = f"\n\n[打开工作台处理]({link})" if link else "\n\n请在工作台处理。"
    body = "\n".join(_brief(packet, zone))
    return fitted(body, limit - len(tail.encode())) + tail


def fitted(text: str, limit: int) -> str:
    """The text cut between characters so that its UTF-8 takes at most `limit` bytes, with an ellipsis when cut."""
    held = text.encode()
    if len(held) <= limit:
        return text
    return held[: max(0, limit - len(_CUT.encode()))].decode("utf-8", "ignore").rstrip() + _CUT


def _long(packet: Packet, link: str, zone: str) -> Iterator[str]:
    yield from (f"# {title(packet)}", "", f"时间：{said_at(packet['opened_at'], zone)}")
    yield f"站点：{packet['site']}"
    yield f"联系方式：{neutral(packet['contact'] or '') or '没有留（在网页里等回复）'}"
    if link:
        yield f"处理：{link}"
    yield from ("", "## 问题", "", neutral(packet["question"]) or "（没有附上）")
    if packet["note"] and packet["note"] != packet["question"]:
        yield from ("", "## 留言", "", neutral(packet["note"]))
    if packet["figures"]:
        yield from ("", "## 算出的数", "")
        for figure in packet["figures"]:
            yield f"- {_figure(figure)}"
            given = "，".join(f"{one['label']} {one['said']}" for one in figure["inputs"])
            yield from (f"  {line}" for line in (figure["formula"], given) if line)
    if packet["clauses"]:
        yield from ("", "## 引用的规则与资料", "")
        for number, clause in enumerate(packet["clauses"], 1):
            period = f"（{clause['period']}）" if clause["period"] else ""
            yield f"{number}. {neutral(clause['title'])}{period}，{neutral(clause['source'])}"
            if clause["quote"]:
                yield f"   「{neutral(clause['quote'])}」"
    steps = [*packet["tried"]["acts"], *(f"问过：{asked}" for asked in packet["tried"]["asked"])]
    steps += [f"给过文书：{paper}" for paper in packet["tried"]["papers"]]
    if steps:
        yield from ("", "## 已经试过的", "", *(f"- {' '.join(neutral(step).split())}" for step in steps))
    if packet["transcript"]:
        yield from ("", "## 对话", "")
        for line in packet["transcript"]:
            who = "访客" if line["who"] == "visitor" else "售后参谋"
            text = line["text"] if line["who"] == "visitor" else line["text"].replace("**", "")  # our own bold print
            yield from (f"**{who}** {said_at(line['at'], zone)}", "", neutral(text), "")


def _brief(packet: Packet, zone: str) -> Iterator[str]:
    yield f"### {title(packet)}"
    yield f"时间：{said_at(packet['opened_at'], zone)}　站点：{packet['site']}"
    if packet["contact"]:
        yield f"联系方式：{neutral(packet['contact'])}"
    if packet["question"]:
        yield f"> {_line(packet['question'], MOST_QUESTION)}"
    if packet["note"] and packet["note"] != packet["question"]:
        yield f"> 留言：{_line(packet['note'], MOST_NOTE)}"
    for figure in packet["figures"][-MOST_FIGURES:]:
        yield f"\n**{_figure(figure)}**"
    titles = [f"《{neutral(clause['title'])}》{clause['period']}".strip() for clause in packet["clauses"][:MOST_CLAUSES]]
    if titles:
        more = len(packet["clauses"]) - len(titles)
        yield f"\n依据：{'、'.join(titles)}{f'等{more + len(titles)}条' if more > 0 else ''}"
    if packet["tried"]["acts"]:
        yield f"\n已建议{len(packet['tried']['acts'])}步，对话{len(packet['transcript'])}条"


def _figure(figure: FigureHanded) -> str:
    stamp = f"（{figure['verdict_word']}）" if figure["verdict_word"] else ""
    equal = figure["equation"]
    label = "" if equal.startswith(figure["label"]) else f"{figure['label']} "
    period = f"，{figure['period']}" if figure["period"] else ""
    return f"{label}{equal}{stamp}{period}"


def _line(text: str, most: int) -> str:
    line = " ".join(neutral(text).split())
    return line if len(line) <= most else line[: most - 1] + _CUT


def said_at(at: str, zone: str) -> str:
    """An ISO moment in a site's own time: '2026-11-23 17:22'."""
    return datetime.fromisoformat(at).astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")
