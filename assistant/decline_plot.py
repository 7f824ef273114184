"""The decline curves as plain SVG: for every threshold of confidence, the share of questions that would be declined."""

from collections.abc import Mapping, Sequence
from pathlib import Path

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 28, 56
STEPS = 200
# read against white and against black alike
COLOURS = ("#c2570c", "#2563eb", "#059669", "#9333ea")
GREY = "#808080"


def declined(confidences: Sequence[float], threshold: float) -> float:
    """The share of questions below a threshold, 0 when there are none."""
    return sum(one < threshold for one in confidences) / len(confidences) if confidences else 0.0


def draw(kinds: Mapping[str, Sequence[float]], chosen: float) -> str:
    """An SVG of one curve per kind: threshold from 0 to 1 across, share declined up; `chosen` is marked with its shares.

    `kinds`: name to be shown → confidences of its questions.
    """
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="13" fill="{GREY}">'
    ]
    for tenth in range(0, 11, 2):
        share = tenth / 10
        parts.append(f'<path d="M{_x(0):.1f} {_y(share):.1f}H{_x(1):.1f}" stroke="{GREY}" stroke-opacity=".3"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{_y(share) + 4:.1f}" text-anchor="end">{share:.0%}</text>')
        parts.append(f'<text x="{_x(share):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{share:g}</text>')
    parts.append(f'<text x="{LEFT}" y="16">share of questions declined</text>')
    parts.append(f'<text x="{_x(1):.1f}" y="{HEIGHT - 14}" text-anchor="end">confidence below which a question is declined</text>')
    parts.append(f'<path d="M{_x(chosen):.1f} {_y(0):.1f}V{_y(1):.1f}" stroke="{GREY}" stroke-dasharray="5 4"/>')
    for number, (name, confidences) in enumerate(kinds.items()):
        colour = COLOURS[number % len(COLOURS)]
        at = [step / STEPS for step in range(STEPS + 1)]
        line = " ".join(f"{_x(one):.1f},{_y(declined(confidences, one)):.1f}" for one in at)
        share = declined(confidences, chosen)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2.2"/>')
        parts.append(f'<circle cx="{_x(chosen):.1f}" cy="{_y(share):.1f}" r="4" fill="{colour}"/>')
        height = TOP + 112 + 20 * number
        parts.append(f'<path d="M{_x(chosen) + 14:.1f} {height - 4}h18" stroke="{colour}" stroke-width="2.2"/>')
        told = f"{name} ({len(confidences)}): {share:.1%} at {chosen:g}"
        parts.append(f'<text x="{_x(chosen) + 38:.1f}" y="{height}">{told}</text>')
    return "\n".join([*parts, "</svg>", ""])


def write(path: Path, kinds: Mapping[str, Sequence[float]], chosen: float) -> None:
    """Draw into a file."""
    path.write_text(draw(kinds, chosen), encoding="utf-8")


def _x(share: float) -> float:
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _y(share: float) -> float:
    return TOP + (1 - share) * (HEIGHT - TOP - BOTTOM)
