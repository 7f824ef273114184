"""The chat model of the settings, whatever serves it. Imported late: only when a model is set."""

import asyncio
import re
from typing import Any
from urllib.request import getproxies, proxy_bypass
from weakref import WeakKeyDictionary

import httpx
from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel

from assistant.chat_spans import ChatSpans
from assistant.coalescing import Coalesced
from assistant.errors import SetupError
from assistant.settings import Settings

NO_KEY = "none"  # a server of one's own asks for none, but the client wants one
_WARM = re.compile(r"^(?:o\d|gpt-5)")  # these take no temperature
_LIMITS = httpx.Limits(max_connections=1000, max_keepalive_connections=100, keepalive_expiry=55)
"""a connection is kept as long as most servers keep theirs: people do not ask every five seconds"""


class LoopTransport(httpx.AsyncBaseTransport):
    """Connections are kept for each event loop apart: one that was opened in a loop cannot be used in another."""

    def __init__(self) -> None:
        self._held: WeakKeyDictionary[Any, dict[str, httpx.AsyncHTTPTransport]] = WeakKeyDictionary()
        self._trusted = httpx.create_ssl_context()  # reading the certificates takes 40 ms

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send through the running loop's connections, and through the proxy of the environment where one is set."""
        proxy = "" if proxy_bypass(request.url.host) else getproxies().get(request.url.scheme, "")
        mine = self._held.setdefault(asyncio.get_running_loop(), {})
        if proxy not in mine:
            mine[proxy] = httpx.AsyncHTTPTransport(verify=self._trusted, limits=_LIMITS, proxy=proxy or None)
        response = await mine[proxy].handle_async_request(request)
        if _streams(response) and isinstance(response.stream, httpx.AsyncByteStream):
            response.stream = Coalesced(response.stream)
        return response


def chat_model(settings: Settings) -> BaseChatModel:
    """The model of `settings.model`, such as openai:qwen-plus or ollama:qwen3. Raises SetupError in a sentence. Nothing is sent yet."""
    provider, _, name = settings.model.partition(":")
    if not name:
        raise SetupError("ASSISTANT_MODEL 要写成 服务:模型，例如 openai:qwen-plus 或 ollama:qwen3。")
    try:
        model: BaseChatModel = init_chat_model(name, model_provider=provider, callbacks=[ChatSpans()], **_options(settings, provider, name))
    except ImportError as error:
        raise SetupError(f"要用 {provider} 的模型，先安装 {error.name or 'langchain-' + provider}。") from error
    except Exception as error:
        # its words may repeat what it was given, the key too
        if type(error) is ValueError:
            raise SetupError(f"没有叫 {provider} 的服务，OpenAI 兼容的写 openai:{name}，再设 ASSISTANT_MODEL_BASE_URL。") from None
        hint = "" if settings.model_api_key.get_secret_value() else "多半是缺密钥，请设置 ASSISTANT_MODEL_API_KEY。"
        raise SetupError(f"模型 {settings.model} 用不了：{type(error).__name__}。{hint}") from None
    return model


def _options(settings: Settings, provider: str, name: str) -> dict[str, Any]:
    key, address = settings.model_api_key.get_secret_value().strip(), settings.model_base_url
    options: dict[str, Any] = {} if _WARM.match(name) else {"temperature": 0.0}
    if address:
        options["base_url"] = address
    if provider == "ollama":
        return options | {"async_client_kwargs": {"transport": LoopTransport(), "timeout": settings.model_turn_seconds}}
    if key or (provider == "openai" and address):
        options["api_key"] = key or NO_KEY
    if provider == "openai":
        client = httpx.AsyncClient(transport=LoopTransport(), timeout=settings.model_turn_seconds, follow_redirects=True)
        options |= {
            "http_async_client": client, "max_retries": 0, "timeout": settings.model_turn_seconds, "stream_usage": True,
            "stream_chunk_timeout": None,  # its wait_for loses a cancellation that meets a chunk; the turn has a limit of its own
            "use_responses_api": False if address else None,
        }
    return options


def _streams(response: httpx.Response) -> bool:
    """Whether it is an event stream, as it is."""
    return response.headers.get("content-type", "").startswith("text/event-stream") and not response.headers.get("content-encoding")
