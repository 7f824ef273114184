"""Errors of a call as one Chinese sentence that the calling model can act on, whatever raised them."""

from collections.abc import Iterable, Mapping
from typing import Any

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError, UnexpectedToolError
from mcp.types import CallToolResult, InputRequiredResult
from pydantic import ValidationError

from assistant.errors import AssistantError

_CRASHED = "这一步没有做成，原因已写进服务的日志。请换个说法再试，或改用 ask。"
_WANTED = {  # part of pydantic's name of an error → what is said; the first that fits
    "too_long": "太长了", "too_short": "太短了", "greater": "太小了", "less": "太大了", "finite": "应是数", "float": "应是数",
    "int": "应是整数", "string": "应是文字", "dict": "应是对象，例如 {\"名字\": 数}", "list": "应是清单",
}


class SentencedServer(MCPServer[None]):
    """A server whose failed calls say what to mend; the SDK would say it in English, behind a prefix, or not at all."""

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[None, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """Call a tool. Raises ToolError with a sentence; what nobody foresaw is logged by the SDK with its traceback."""
        tools = {tool.name: tool for tool in await self.list_tools()}
        if name not in tools:
            raise ToolError(f"没有叫「{name}」的工具，有的是：{'、'.join(tools)}。")
        known = tools[name].input_schema["properties"]
        if strange := [one for one in arguments if one not in known]:
            raise ToolError(f"{name} 没有叫 {'、'.join(strange)} 的参数，它的参数是：{'、'.join(known)}。")
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            cause = error.__cause__
            if isinstance(cause, AssistantError):
                raise ToolError(str(cause)) from cause
            if isinstance(error, UnexpectedToolError):
                raise UnexpectedToolError(_CRASHED) from cause
            if isinstance(cause, ValidationError):
                raise ToolError(_mend(cause.errors())) from cause
            raise


def _mend(errors: Iterable[Mapping[str, Any]]) -> str:
    """Which argument is wrong and what it should be, once each: a union reports one error for every alternative."""
    wrong: dict[str, list[str]] = {}
    for error in errors:
        place = ".".join(str(part) for part in error["loc"][:2] if part not in ("float", "str"))
        wanted = _expected(error)
        if wanted not in wrong.setdefault(place, []):
            wrong[place].append(wanted)
    return "；".join(f"参数 {place} {'，或者'.join(wanted)}" for place, wanted in wrong.items()) + "。请改好再调用。"


def _expected(error: Mapping[str, Any]) -> str:
    if error["type"] == "missing":
        return "没有给"
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    return next((said for part, said in _WANTED.items() if part in error["type"]), "不合要求")
