"""Strict reading of knowledge files: YAML without surprises, and errors that name the file and the field."""

from collections.abc import Hashable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from assistant.errors import KnowledgeError

Model = TypeVar("Model", bound=BaseModel)
FENCE = "---\n"
KNOWLEDGE = "知识文件"
_TOLD = {"missing": "必须写", "extra_forbidden": "没有这个字段，请检查拼写", "too_short": "至少写{min_length}个"}


class _Loader(yaml.CSafeLoader):
    """No dates, no on/off/yes/no booleans, no doubled keys: what an editor typed is what is read."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"「{key}」写了两次", node.start_mark)
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_TRUE, _FALSE = "true", "false"


def _booleans(value: Any) -> Any:
    """Only the words true and false are booleans."""
    if isinstance(value, dict):
        return {key: _booleans(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_booleans(part) for part in value]
    return {_TRUE: True, _FALSE: False}.get(value, value) if isinstance(value, str) else value


def read_text(path: Path, called: str = KNOWLEDGE) -> str:
    """The file as UTF-8. Raises KnowledgeError naming the file as what it is `called`."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KnowledgeError(f"{called} {path.name} 读不出来：要有读的权限，且是 UTF-8 文本。") from error


def parse_yaml(text: str, path: Path, called: str = KNOWLEDGE) -> Any:
    """YAML text as plain data. Raises KnowledgeError naming the file and the line."""
    try:
        return _booleans(yaml.load(text, _Loader))  # noqa: S506 - a subclass of the safe loader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"第 {mark.line + 1} 行" if mark else "某处"
        problem = getattr(error, "problem", None) or error
        raise KnowledgeError(f"{called} {path.name} {where}写错了：{problem}") from error


def read_yaml(path: Path, called: str = KNOWLEDGE) -> Any:
    """A YAML file as plain data."""
    return parse_yaml(read_text(path, called), path, called)


def build(model: type[Model], path: Path, data: Any, /, called: str = KNOWLEDGE, **more: Any) -> Model:
    """Validate `data` as `model`. Raises KnowledgeError naming the file and the field."""
    if not isinstance(data, dict):
        raise KnowledgeError(f"{called} {path.name} 应是「字段: 值」的形式")
    try:
        return model(**data, **more)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "（整个文件）"
        told = _TOLD.get(first["type"], "{msg}").format(msg=first["msg"], **first.get("ctx", {}))
        raise KnowledgeError(f"{called} {path.name} 的字段 {field} 有误：{told}") from error
    except TypeError as error:
        raise KnowledgeError(f"{called} {path.name} 的字段名有误：{error}") from error


def split_front_matter(path: Path) -> tuple[Any, str]:
    """(front matter, body) of a Markdown file that begins with `---`."""
    text = read_text(path).replace("\r\n", "\n")
    if not text.startswith(FENCE) or FENCE not in text[len(FENCE):]:
        raise KnowledgeError(f"知识文件 {path.name} 开头要有一段用 --- 围住的说明")
    head, body = text[len(FENCE):].split(FENCE, 1)
    return parse_yaml(head, path), body
