"""`evaluate`: cases asked and graded, answerers side by side."""

import json
import re
from pathlib import Path

import pytest

from ..command_line import Run, one_sentence


@pytest.mark.xdist_group("index")
def test_cases_are_evaluated_by_kind(run: Run, indexed: Path, tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    cases = [
        {"id": "good", "kind": "metric", "area": "ecommerce", "turns": ["淘宝成交1万单，判责12单，纠纷退款率"],
         "expect": {"values": [{"value": 0.0012}], "cite": True, "status": "answered"}},
        {"id": "bad", "kind": "metric", "area": "ecommerce", "turns": ["淘宝成交1万单，判责12单，纠纷退款率"],
         "expect": {"values": [{"value": 0.5}]}},
    ]
    path.write_text("\n".join(json.dumps(case) for case in cases), encoding="utf-8")
    ran = run("evaluate", str(path), INDEX_DIR=indexed)
    assert ran.code == 0
    assert re.search(r"metric +2 +1 +50\.0%", ran.out)
    assert "bad" in ran.out
    ran = run("evaluate", str(path), "--answerer", "composer,composer", "--repeat", "2", "--sample", "1", "--save", str(tmp_path / "kept"))
    assert re.search(r"metric +1 +100\.0% +100\.0% +100\.0% +100\.0% +\+0\.0", ran.out)
    kept = sorted((tmp_path / "kept").iterdir())
    assert [ran.code, len(kept), len(json.loads(kept[0].read_text(encoding="utf-8"))["cases"][0]["trials"])] == [0, 2, 2]
    assert "B 比 A 差：0条" in run("evaluate", "--compare", *map(str, kept)).out


def test_evaluating_a_model_needs_one(run: Run) -> None:
    assert "ASSISTANT_MODEL" in one_sentence(run("evaluate", "--answerer", "composer,model"))
    assert "best" in one_sentence(run("evaluate", "--answerer", "best"))
    assert "none.json" in one_sentence(run("evaluate", "--compare", "none.json", "none.json"))


def test_a_missing_case_file_is_one_sentence(run: Run, tmp_path: Path) -> None:
    assert "nowhere" in one_sentence(run("evaluate", str(tmp_path / "nowhere")))
