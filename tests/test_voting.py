"""The vote of the stored questions near a question: who gets it, and that wordings said twice do not count twice."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, strategies as st

from assistant.voting import Voters

AXES = np.eye(6, dtype=np.float32)


def voters(folder: Path, texts: dict[str, str], vectors: list[np.ndarray]) -> Voters:
    rows = np.array([vector / np.linalg.norm(vector) for vector in vectors], dtype=np.float32)
    Voters.write(folder / "voters", list(texts), list(texts.values()), rows)
    return Voters(folder / "voters")


def test_a_stored_question_asked_again_gets_nearly_all_of_the_vote(tmp_path: Path) -> None:
    texts = {"a#q0": "纠纷退款率怎么算", "b#q0": "交强险多少钱", "c#q0": "零服吸收率多少算好"}
    held = voters(tmp_path, texts, [AXES[0], AXES[1], AXES[2]])
    a, b, c = held.shares(list(texts), AXES[0], "纠纷退款率怎么算")
    assert a > 0.8
    assert abs(b) < 0.2
    assert abs(c) < 0.2


def test_spelling_decides_between_equal_vectors(tmp_path: Path) -> None:
    texts = {"a#q0": "体验分有哪三个维度", "b#q0": "体验分各项权重多少"}
    held = voters(tmp_path, texts, [AXES[0] + AXES[1], AXES[0] + AXES[1]])
    a, b = held.shares(list(texts), AXES[0] + AXES[1], "体验分是哪三个维度")
    assert a > b


def test_two_questions_that_say_the_same_share_one_vote(tmp_path: Path) -> None:
    texts = {"a#q0": "判责怎么申诉", "a#q1": "判责怎么申诉", "b#q0": "罚单怎么申诉"}
    held = voters(tmp_path, texts, [AXES[0], AXES[0], AXES[0] + AXES[1]])
    first, second, _ = held.shares(list(texts), AXES[0], "判责怎么申诉")
    (alone, _) = held.shares(["a#q0", "b#q0"], AXES[0], "判责怎么申诉")
    assert first == pytest.approx(second)
    assert first + second == pytest.approx(alone, abs=0.1)


def test_nobody_near_is_no_vote_and_nothing_stored_is_no_error(tmp_path: Path) -> None:
    held = voters(tmp_path, {}, [])
    assert held.shares([], AXES[0], "退款") == []


@given(st.text(max_size=300))
def test_any_text_is_weighed(text: str) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        held = voters(Path(folder), {"a#q0": text, "b#q0": "退款"}, [AXES[0], AXES[1]])
        shares = held.shares(["a#q0", "b#q0"], AXES[0], text)
    assert all(np.isfinite(shares))
    assert shares[0] >= shares[1]
