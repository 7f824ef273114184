"""Knowledge files are read strictly, and what is wrong is told with its file and its place."""

from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from assistant.errors import KnowledgeError
from assistant.files import build, parse_yaml, read_text, read_yaml, split_front_matter
from assistant.rules import Rule
from assistant.tables import Match

HERE = Path("some_rule.yaml")


def test_a_doubled_key_names_the_file_and_the_key() -> None:
    with pytest.raises(KnowledgeError, match=r"some_rule\.yaml.*第 2 行.*breach.*两次") as told:
        parse_yaml("label: 甲\nlines: {breach: 1, breach: 2}", HERE)
    assert "Traceback" not in str(told.value)


def test_a_doubled_key_on_the_first_level_is_refused_too() -> None:
    with pytest.raises(KnowledgeError, match=r"some_rule\.yaml.*label.*两次"):
        parse_yaml("label: 甲\narea: kpi\nlabel: 乙", HERE)


@pytest.mark.parametrize(
    ("text", "line"),
    [("label: [甲", 1), ("a: 1\nb: : 2", 2), ("a: 1\n  b: 2", 2), ("a: 1\nb: {c: 1", 2), ("a: '甲\nb: 2", 1), ("a: 1\n\tb: 2", 2)],
)
def test_broken_yaml_names_the_file_and_a_line(text: str, line: int) -> None:
    with pytest.raises(KnowledgeError, match=r"知识文件 some_rule\.yaml 第 \d+ 行") as told:
        parse_yaml(text, HERE)
    found = int(str(told.value).split("第 ")[1].split(" 行")[0])
    assert abs(found - line) <= 1


def test_a_tag_that_would_run_code_is_refused() -> None:
    with pytest.raises(KnowledgeError, match=r"some_rule\.yaml"):
        parse_yaml("a: !!python/object/apply:os.getcwd []", HERE)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024-02-19", "2024-02-19"),
        ("on", "on"),
        ("yes", "yes"),
        ("true", True),
        ("false", False),
        ("4.2", 4.2),
        ("7", 7),
        ("null", None),
        ("[no, true]", ["no", True]),
    ],
)
def test_what_is_typed_is_what_is_read(text: str, value: object) -> None:
    read = parse_yaml(f"a: {text}", HERE)["a"]
    assert read == value
    assert type(read) is type(value)


@given(st.dictionaries(st.from_regex(r"k[a-z]{0,6}", fullmatch=True), st.integers() | st.floats(-9e9, 9e9) | st.booleans(), min_size=1))
def test_plain_mappings_survive_reading(data: dict[str, object]) -> None:
    text = "\n".join(f"{key}: {str(value).lower() if isinstance(value, bool) else f'{value!r}'}" for key, value in data.items())
    read = parse_yaml(text, HERE)
    assert {key: float(value) for key, value in read.items()} == {key: float(value) for key, value in data.items()}  # type: ignore[arg-type]


def test_an_unknown_field_names_the_file_and_the_field() -> None:
    with pytest.raises(KnowledgeError, match=r"some_rule\.yaml.*audiance"):
        build(Match, HERE, {"words": ["甲"], "audiance": 1})


def test_a_wrong_value_deep_inside_names_the_whole_way() -> None:
    with pytest.raises(KnowledgeError, match=r"some_rule\.yaml.*measures\.seats"):
        build(Match, HERE, {"measures": {"seats": "五座"}})


def test_a_missing_field_is_named() -> None:
    with pytest.raises(KnowledgeError, match=r"some_rule\.yaml 的字段 (label|area|versions)"):
        build(Rule, HERE, {}, id="some_rule")


@pytest.mark.parametrize("data", [None, [], "甲", 3])
def test_a_file_that_is_no_mapping_is_told(data: object) -> None:
    with pytest.raises(KnowledgeError, match=r"some_rule\.yaml"):
        build(Match, HERE, data)


def test_a_field_that_belongs_to_the_file_name_cannot_be_set() -> None:
    with pytest.raises(KnowledgeError, match=r"some_rule\.yaml.*id"):
        build(Rule, HERE, {"id": "another"}, id="some_rule")


def test_a_key_that_is_no_word_is_told() -> None:
    with pytest.raises(KnowledgeError, match=r"some_rule\.yaml"):
        build(Match, HERE, {1: "甲"})


def test_a_missing_or_unreadable_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match=r"nothing\.yaml"):
        read_yaml(tmp_path / "nothing.yaml")
    broken = tmp_path / "latin.yaml"
    broken.write_bytes("标题: 甲".encode("gb18030"))
    with pytest.raises(KnowledgeError, match=r"latin\.yaml"):
        read_text(broken)


def test_front_matter_and_body_are_split(tmp_path: Path) -> None:
    path = tmp_path / "topic.md"
    path.write_bytes("---\r\ntitle: 甲\r\n---\r\n第一段\r\n\r\n--- 不是围栏\r\n".encode())
    assert split_front_matter(path) == ({"title": "甲"}, "第一段\n\n--- 不是围栏\n")


@pytest.mark.parametrize("text", ["", "# 没有说明", "---\ntitle: 甲\n", "title: 甲\n---\n"])
def test_a_topic_without_front_matter_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "topic.md"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"topic\.md.*---"):
        split_front_matter(path)


def test_broken_front_matter_names_the_topic(tmp_path: Path) -> None:
    path = tmp_path / "topic.md"
    path.write_text("---\ntitle: [甲\n---\n正文\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"topic\.md 第 \d+ 行"):
        split_front_matter(path)
