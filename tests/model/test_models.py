import re
import subprocess
import sys

import pytest

from assistant.errors import SetupError
from assistant.model_check import check
from assistant.models import chat_model
from assistant.scripted import Call, Fail, Say, Scripted, Wait
from assistant.settings import Settings

from .conftest import KEY


@pytest.mark.parametrize(
    ("model", "why"), [("qwen-plus", "openai:qwen-plus"), ("invented:x", "没有叫 invented"), ("anthropic:x", "langchain-anthropic")],
)
def test_what_cannot_be_used_is_told_in_a_sentence(model: str, why: str) -> None:
    with pytest.raises(SetupError, match=re.escape(why)) as refused:
        chat_model(Settings(model=model, model_api_key=KEY))
    assert KEY not in str(refused.value)


def test_a_key_is_not_shown() -> None:
    settings = Settings(model="openai:x", model_base_url="http://127.0.0.1:9/v1", model_api_key=KEY)
    assert KEY not in repr(settings) + repr(chat_model(settings))


@pytest.mark.parametrize("prices", ["1", "1,x", "-1,2"])
def test_prices_are_two_numbers(prices: str) -> None:
    with pytest.raises(ValueError, match="in,out"):
        Settings(model_prices=prices)


def test_the_check_tells_what_works(server: Scripted, model_settings: Settings) -> None:
    call = Call("compute", {"metric": "dispute_refund_rate", "inputs": {}})
    server.script = lambda body: [call] if body.get("tools") else [Wait(0.05), Say("一，二，三，四", every=0.005)]
    said: list[str] = []
    assert check(model_settings, said.append)
    told = "\n".join(said)
    assert re.search(r"能流式　　能：\d+段", told)
    assert re.search(r"首字0\.\d\d秒，每秒约", told)
    assert "能调工具　能" in told
    assert KEY not in told


def test_the_check_tells_what_does_not(server: Scripted, model_settings: Settings) -> None:
    server.script = lambda body: [Fail(400)] if body.get("tools") else [Say("好", size=9)]
    said: list[str] = []
    assert check(model_settings, said.append)
    assert "ASSISTANT_MODEL_SMALL" in said[-1]
    assert any("不能：一次全到" in line for line in said)
    server.script = lambda _: [Fail(401)]
    assert not check(model_settings, said.append)
    assert "ASSISTANT_MODEL_API_KEY" in said[-1]


def test_without_a_model_nothing_of_it_is_loaded() -> None:
    """Importing LangChain takes a second; who sets no model pays nothing."""
    code = (
        "import sys; from assistant.build import build; from assistant.settings import Settings\n"
        "build(Settings(), keep=False)\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('langchain', 'langchain_core', 'langgraph', 'openai', 'langsmith')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
