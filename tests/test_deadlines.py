"""Last days as people ask for them: by the rule of the day, and not at all where no rule says how many days."""

from datetime import date

import pytest

from assistant.answer import Calculated, Cited, Declined, Done, Event, Suggested, Text, Turn
from assistant.composer import Composer
from assistant.library import Library
from assistant.reading import Reader

NOW = date(2026, 11, 25)


@pytest.fixture
def ask(library: Library, reader: Reader) -> "Ask":
    """Answers without any document found: what is computed rests on the words and the rules alone."""
    return Ask(library, reader)


class Ask:
    """A question about the real knowledge on one day."""

    def __init__(self, library: Library, reader: Reader) -> None:
        self.library, self.reader = library, reader

    def __call__(self, question: str) -> list[Event]:
        turn = Turn(question, self.reader.read(question, NOW), (), 0.0, NOW)
        return list(Composer(self.library, 0.5).events(turn))


@pytest.mark.parametrize(
    ("question", "metric", "last"),
    [
        ("11月23日判责的，申诉截止哪天", "dispute_appeal_deadline", date(2026, 11, 26)),
        ("小二昨天判我责，还能申诉到几号", "dispute_appeal_deadline", date(2026, 11, 27)),
        ("11月2日判责生效，哪天移出统计", "dispute_rolloff_day", date(2026, 12, 2)),
        ("11月20日投诉了快递公司，哪天可以申诉", "postal_appeal_start", date(2026, 11, 28)),
        ("11月20日打了12305，邮政申诉最晚哪天答复", "postal_answer_deadline", date(2026, 12, 20)),
        ("2026年10月8日被辞退，劳动仲裁最后日", "labor_arbitration_deadline", date(2027, 10, 8)),
        ("2024年3月5日提的车，三包到哪天", "sanbao_term_end", date(2026, 3, 5)),
        ("2024年3月5日开票，包修期到哪天", "sanbao_fix_end", date(2027, 3, 5)),
        ("提车2026年11月20日，七天退车到几号", "sanbao_seven_days_end", date(2026, 11, 27)),
        ("2026年11月20日提的车，60天换总成到哪天", "sanbao_sixty_days_end", date(2027, 1, 19)),
        ("11月20日小修完取车，质保到哪天", "repair_guarantee_end", date(2026, 11, 30)),
        ("11月1日修好，换的发动机总成，维修质保到哪天", "repair_guarantee_end", date(2027, 2, 9)),
        ("2026年3月2日提交的12315投诉，几号前决定受理", "complaint_accept_deadline", date(2026, 3, 11)),
        ("2025年6月3日受理的投诉，调解到哪天", "complaint_mediation_deadline", date(2025, 8, 5)),
        ("2025年6月3日提交举报，最晚哪天立案", "report_check_deadline", date(2025, 6, 24)),
    ],
)
def test_a_last_day_is_counted_by_its_rule(ask: Ask, question: str, metric: str, last: date) -> None:
    events = ask(question)
    found = [event for event in events if isinstance(event, Calculated)]
    assert [(one.metric, one.value) for one in found] == [(metric, last)]
    assert events[-1] == Done("answered")
    assert any(isinstance(event, Cited) and event.citations for event in events)


def test_a_day_before_the_rule_ended_is_counted_by_the_rule_of_then(ask: Ask) -> None:
    events = ask("3月2日提交的12315投诉，几号前决定受理")
    assert [event.value for event in events if isinstance(event, Calculated)] == [date(2026, 3, 11)]
    notes = "".join(event.markdown for event in events if isinstance(event, Text) and event.part == "note")
    assert "按2026-03-02当时的旧规则计算" in notes
    assert "2026-04-15起这条规则已经停用" in notes


@pytest.mark.parametrize(
    ("question", "rule"),
    [
        ("11月20日提交12315投诉，最晚哪天受理", "rule/complaint_handling_20"),
        ("11月20日受理的投诉，调解到哪天", "rule/complaint_handling_20"),
        ("11月20日提交举报，最晚哪天立案", "rule/report_handling_20"),
    ],
)
def test_a_rule_that_has_ended_says_itself_why_there_is_no_day(
    ask: Ask, library: Library, question: str, rule: str
) -> None:
    events = ask(question)
    (declined,) = [event for event in events if isinstance(event, Declined)]
    assert declined.text == f"{library.on(NOW)[rule].say}[1]"
    assert "令121号" in declined.text
    assert events[-1] == Done("declined")
    (cited,) = [event for event in events if isinstance(event, Cited)]
    assert cited.citations[0].id == rule
    (suggested,) = [event for event in events if isinstance(event, Suggested)]
    assert suggested.questions


def test_before_the_first_version_no_later_number_is_used(ask: Ask) -> None:
    (declined,) = [event for event in ask("2020年5月1日提的车，三包到哪天") if isinstance(event, Declined)]
    assert "2022-01-01" in declined.text
    assert "2020-05-01" in declined.text
    assert "sanbao" not in declined.text


@pytest.mark.parametrize("question", ["2024年3月5日提的车，保养多少钱", "11月23日判的责，赔多少钱", "11月20日提交12315投诉，要花钱吗"])
def test_a_day_alone_asks_for_no_last_day(ask: Ask, question: str) -> None:
    assert not [event for event in ask(question) if isinstance(event, Calculated)]
