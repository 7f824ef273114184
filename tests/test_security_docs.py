"""The threat model: every line names tests, and every test it names is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
TABLE = ROOT / "docs" / "security.md"
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def rows() -> list[list[str]]:
    """The cells of every threat."""
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if row[0] != "威胁" and not set(row[0]) <= {"-", " "}]


def test_every_threat_is_held_by_something_with_a_test() -> None:
    assert len(rows()) >= 25
    for threat, holds, tests in rows():
        assert threat
        assert holds, threat
        assert NAMED.findall(tests), threat


def test_every_test_named_exists() -> None:
    for path, name in NAMED.findall(TABLE.read_text(encoding="utf-8")):
        source = ROOT / path
        assert source.is_file(), path
        assert re.search(rf"^(?:async )?def {name}\(", source.read_text(encoding="utf-8"), re.MULTILINE), f"{path}::{name}"
