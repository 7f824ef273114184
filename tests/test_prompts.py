from pathlib import Path

import pytest

from assistant.errors import KnowledgeError
from assistant.prompts import FOLDER, fill, load


def test_a_slot_takes_what_is_given_and_reads_no_slots_in_it() -> None:
    prompt = load("phrase", question="{{plain}}", plain="结论")
    assert "问题：{{plain}}" in prompt.message
    assert "结论" in prompt.message
    assert "{{" not in prompt.system


@pytest.mark.parametrize("slots", [{"question": "问"}, {"question": "问", "plain": "答", "more": "x"}])
def test_missing_and_unknown_slots_are_refused(slots: dict[str, str]) -> None:
    with pytest.raises(KnowledgeError, match=r"phrase\.md.*(plain|more)"):
        load("phrase", **slots)


@pytest.mark.parametrize("text", ["没有分界", "{{x}} 在上面\n\n---\n\n下面"])
def test_slots_stand_below_the_line_only(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bad.md"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"bad\.md"):
        fill(path, {"x": "1"})


def test_a_prompt_that_is_not_there_is_named() -> None:
    with pytest.raises(KnowledgeError, match=r"nothing\.md"):
        load("nothing")


def test_the_first_part_never_changes() -> None:
    """Servers keep what begins the same: nothing of a turn may stand there."""
    for path in FOLDER.glob("*.md"):
        assert "{{" not in path.read_text(encoding="utf-8").partition("\n---\n")[0], path.name
