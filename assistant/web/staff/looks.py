"""Templates and the words in them: escaped always, times in a site's own zone, answers drawn as the page draws them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from starlette.responses import HTMLResponse

from assistant.answer import Asked, Calculated, Drafted, Event, Offered, Suggested, Text
from assistant.errors import AssistantError
from assistant.handoff.desk import SiteSettings
from assistant.handoff.hours import HandoffSettings
from assistant.handoff.packet import REASONS
from assistant.store import TurnRow
from assistant.web import drawing
from assistant.web.icons import icon
from assistant.web.words import ZH
from assistant.wire import from_wire

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
AUDIENCE_WORDS = {"merchant": "商家", "dealer": "4S店", "owner": "车主", "express": "网点"}
CHANNEL_WORDS = {"wecom": "企业微信机器人", "dingtalk": "钉钉机器人", "webhook": "Webhook", "mail": "邮件"}


class Looks:
    """Draws the pages. `now` and `site_settings` are those of the desk."""

    def __init__(self, site_settings: SiteSettings, now: Callable[[], datetime]) -> None:
        self._site_settings, self._now = site_settings, now

    def page(self, template: str, status: int = 200, **given: Any) -> HTMLResponse:
        """A whole page."""
        return HTMLResponse(self.piece(template, **given), status)

    def piece(self, template: str, **given: Any) -> str:
        """A page or a part of one, as HTML."""
        return self._environment.get_template(template).render(given)

    @cached_property
    def _environment(self) -> "Environment":
        from jinja2 import Environment, FileSystemLoader
        from markupsafe import Markup

        made = Environment(
            loader=FileSystemLoader(FOLDER / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
        )

        def drawn(html: str) -> Markup:
            """What is HTML already: our own drawing, which escapes all it is given."""
            return Markup(html)  # noqa: S704

        made.filters |= {
            "waited": self._waited, "clock": self._clock, "channel": _channel,
            "answer": lambda turn: drawn(answer(turn)), "question": lambda turn: drawn(drawing.question(turn.question)),
        }
        made.globals |= {"reasons": REASONS, "audiences": AUDIENCE_WORDS, "icon": lambda *names: drawn(icon(*names))}
        return made

    def _waited(self, since: datetime) -> str:
        return waited(self._now() - since)

    def _clock(self, at: datetime | str, site: str) -> str:
        """'17:22' today, else '11-23 17:22', in the time of the site."""
        zone = ZoneInfo(self._zone(site))
        moment = (datetime.fromisoformat(at) if isinstance(at, str) else at).astimezone(zone)
        today = self._now().astimezone(zone).date() == moment.date()
        return moment.strftime("%H:%M" if today else "%m-%d %H:%M")

    def _zone(self, site: str) -> str:
        try:
            return self._site_settings(site).timezone
        except (LookupError, AssistantError):  # taken out of the site file since
            return HandoffSettings().timezone


def answer(turn: TurnRow) -> str:
    """The HTML of one answer, drawn as the visitor saw it, with nothing on it to press."""
    events = drawable([from_wire(event) for event in turn.events])
    stopped = turn.status in ("stopped", "interrupted")
    problem = ZH.failed if turn.status == "failed" else ""
    return drawing.answer(
        events, ZH, key=f"t{turn.seq}", conversation="", asked="", stopped=stopped, problem=problem, tools=False
    )


def waited(time: timedelta) -> str:
    """'刚刚', '5分钟', '2小时', '3天'."""
    minutes = int(time.total_seconds() // 60)
    for size, word in ((24 * 60, "天"), (60, "小时"), (1, "分钟")):
        if minutes >= size:
            return f"{minutes // size}{word}"
    return "刚刚"


def still(event: Event) -> Event:
    """The event without fields and buttons: figures as they were, a form as its question, a paper as its title."""
    match event:
        case Calculated():
            return replace(event, shown=tuple(replace(shown, editable=False) for shown in event.shown))
        case Asked(text, note=note):
            return Text(f"{text}\n\n{note}" if note else text, "say")
        case Drafted(title=title):
            return Text(f"给了一份文书：{title}", "note")
        case _:
            return event


def drawable(events: Sequence[Event]) -> list[Event]:
    """What is drawn of an answer."""
    return [still(event) for event in events if not isinstance(event, Suggested | Offered)]


def _channel(name: str) -> str:
    """What people call the channel of a delivery: mail:a@example.com → 邮件 a@example.com."""
    kind, _, rest = name.partition(":")
    return f"{CHANNEL_WORDS.get(kind, kind)} {rest if kind == 'mail' else ''}".strip()
