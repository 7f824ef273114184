"""The API's description as one plain page: no script, nothing from another host."""

from collections.abc import Mapping
from html import escape
from typing import Any

_STYLE = (
    "body{font:15px/1.65 'Noto Sans CJK SC',system-ui,'PingFang SC','Microsoft YaHei',sans-serif;max-width:60rem;margin:2rem auto;"
    "padding:0 1rem}h1{font-size:1.5rem}h2{font-size:1.2rem;margin:2rem 0 .5rem}section{border-top:1px solid #8884;padding:.75rem 0}"
    "code{font-family:ui-monospace,monospace;overflow-wrap:anywhere}b.m{display:inline-block;min-width:4.5em}p{margin:.25rem 0}"
    "table{border-collapse:collapse;margin:.5rem 0}td{padding:.1rem 1rem .1rem 0;vertical-align:top}:root{color-scheme:light dark}"
)


def page(description: Mapping[str, Any], base: str) -> str:
    """HTML of an OpenAPI description; `base` stands before every path."""
    groups: dict[str, list[str]] = {}
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            groups.setdefault((operation.get("tags") or [""])[0], []).append(_operation(base + path, method, operation, description))
    body = "".join(f"<h2>{escape(name)}</h2>{''.join(sections)}" for name, sections in groups.items())
    info = description["info"]
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(info["title"])}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{_STYLE}</style></head><body>'
        f"<h1>{escape(info['title'])}</h1><p>{escape(info.get('description', ''))}</p>"
        f'<p><a href="openapi.json">openapi.json</a></p>{body}</body></html>'
    )


def _operation(path: str, method: str, operation: Mapping[str, Any], description: Mapping[str, Any]) -> str:
    fields = [(one["name"], one["schema"], one.get("required", False), one.get("description", "")) for one in operation.get("parameters", [])]
    for content in operation.get("requestBody", {}).get("content", {}).values():
        schema = _resolved(content["schema"], description)
        needed = schema.get("required", [])
        fields += [
            (name, field, name in needed, field.get("description", "")) for name, field in schema.get("properties", {}).items()
        ]
    rows = "".join(
        f"<tr><td><code>{escape(name)}</code>{'' if needed else '（可不写）'}</td><td>{escape(_kind(schema))}</td><td>{escape(told)}</td></tr>"
        for name, schema, needed, told in fields
    )
    answers = "".join(
        f"<tr><td><code>{escape(status)}</code></td><td>{escape(answer.get('description', ''))}</td></tr>"
        for status, answer in operation["responses"].items()
    )
    return (
        f'<section><p><b class="m">{method.upper()}</b> <code>{escape(path)}</code></p>'
        f"<p><b>{escape(operation.get('summary', ''))}</b>　{escape(operation.get('description', ''))}</p>"
        f"<table>{rows}</table><table>{answers}</table></section>"
    )


def _kind(schema: Mapping[str, Any]) -> str:
    if "anyOf" in schema:
        return " | ".join(_kind(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    return str(schema.get("format") or schema.get("type", ""))


def _resolved(schema: Mapping[str, Any], description: Mapping[str, Any]) -> Mapping[str, Any]:
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    found: Mapping[str, Any] = description["components"]["schemas"][name] if name else schema
    return found
