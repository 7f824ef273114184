"""The decline curves are drawn as an SVG that any reader of XML accepts."""

from pathlib import Path
from xml.etree import ElementTree

from hypothesis import given, strategies as st

from assistant.decline_plot import declined, draw, write

SHARES = st.lists(st.floats(0, 1), max_size=30)


@given(SHARES, st.floats(0, 1), st.floats(0, 1))
def test_a_higher_threshold_declines_no_fewer(confidences: list[float], one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert 0 <= declined(confidences, low) <= declined(confidences, high) <= 1


def test_every_kind_has_a_curve_and_its_share_at_the_threshold(tmp_path: Path) -> None:
    write(tmp_path / "decline.svg", {"inside": [0.9, 0.8, 0.4, 0.7], "outside": [0.1, 0.2]}, 0.5)
    root = ElementTree.parse(tmp_path / "decline.svg").getroot()
    assert len(root.findall("{*}polyline")) == 2
    texts = [text.text for text in root.findall("{*}text")]
    assert "inside (4): 25.0% at 0.5" in texts
    assert "outside (2): 100.0% at 0.5" in texts


def test_a_curve_of_nothing_lies_at_nought() -> None:
    assert declined([], 0.5) == 0
    assert ElementTree.fromstring(draw({"outside": []}, 0.5)) is not None
