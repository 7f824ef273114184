"""A browser that is closed while a model speaks: the request to the model ends with it."""

import time
from collections.abc import Callable
from typing import Any

import httpx

from assistant.build import with_model
from assistant.composer import Composer
from assistant.library import Library
from assistant.scripted import Say, Wait, scripted
from assistant.settings import Settings
from assistant.web.app import create_app
from tests.conftest import MakeEngine

from .conftest import Api

SOON = 1.0


def test_a_closed_browser_ends_the_request(
    make_engine: MakeEngine, tiny: Library, settings: Settings, serve: Callable[[Any], str]
) -> None:
    with scripted(lambda _: [Say("先把能和解的和解掉。再传凭证。"), Wait(30)]) as model:
        engine = make_engine("topic/dispute_advice")
        chosen = settings.model_copy(update={
            "model": "openai:scripted", "model_base_url": model.address, "model_first_token_seconds": 20.0, "model_turn_seconds": 20.0,
        })
        engine.answerer, _ = with_model(chosen, tiny, Composer(tiny, 0.5), engine.store, lambda turn, outcome: None)
        with httpx.Client(base_url=serve(create_app(engine, settings)), timeout=20) as client:
            api = Api(client)
            assert api.open().status_code == 201
            headers = {"Origin": api.origin, "Authorization": f"Bearer {api.opened['token']}", "Accept": "text/event-stream"}
            path = f"/api/v1/conversations/{api.conversation}/turns"
            with client.stream("POST", path, headers=headers, json={"question": "成交12000笔，判责7笔，纠纷退款率多少"}) as reply:
                for line in reply.iter_lines():
                    if line == "event: text":
                        break
                left = time.monotonic()
        (request,) = model.requests
        assert request.over.wait(10)
        assert 0 < request.cancelled - left < SOON
