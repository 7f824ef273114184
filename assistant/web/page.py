"""The chat page in Gradio. It wires components to the conversation; what they show is drawn elsewhere."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from fastapi import FastAPI

# read once when gradio is imported; without it the server reports every start to its makers
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"

import gradio as gr
from gradio.utils import cancel_tasks

from assistant.web import hello
from assistant.web.api.context import Context
from assistant.web.contract import AUDIENCES, Engine
from assistant.web.conversation import Conversation
from assistant.web.front import LOOKS, STATIC
from assistant.web.words import ZH, Words

FONTS = ("Noto Sans CJK SC", "system-ui", "PingFang SC", "Microsoft YaHei", "sans-serif")
# once more after Gradio's own styles, which are added while the page starts
HEAD = LOOKS + '<script src="look/page.js" defer></script>'
# what the browser keeps is its own visitor's; a fixed word lets it survive a restart of ours
KEPT_UNDER = "interface-language"
MAX_BOX_LINES = 6


def mount(kit: Context) -> FastAPI:
    """The page as an application of its own, at its root."""
    settings = kit.settings
    theme = gr.themes.Base(font=FONTS, font_mono=("ui-monospace", "monospace"))
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    gr.mount_gradio_app(
        app, build(kit), path="/", server_name=settings.host, server_port=settings.port, footer_links=[],
        run_history=False, show_error=False, ssr_mode=False, theme=theme, head=HEAD, max_file_size=0,
        favicon_path=str(STATIC / "favicon.svg"),
    )
    return app


def build(kit: Context) -> gr.Blocks:
    """All components and what they do."""
    engine = kit.engine
    with gr.Blocks(title=ZH.title, analytics_enabled=False, fill_width=True) as blocks:
        state = gr.State(Conversation())
        language = gr.BrowserState("zh", storage_key="assistant-language", secret=KEPT_UNDER)
        kept = gr.BrowserState({}, storage_key="assistant-visitor", secret=KEPT_UNDER)
        with gr.Row(elem_id="top"):
            brand = gr.HTML(hello.brand(ZH), elem_id="brand", apply_default_css=False)
            role = gr.Radio(
                _roles(ZH), value=AUDIENCES[0], label=ZH.role, show_label=False, container=False, elem_id="role",
            )
            with gr.Row(elem_id="switches"):
                tongue = gr.Button(ZH.other_language, elem_id="tongue")
                new = gr.Button(ZH.new_chat, elem_id="new")
                dark = gr.Button(ZH.theme, elem_id="dark")
        with gr.Column(elem_id="middle"):
            first = gr.HTML(hello.first_screen(ZH, engine.starters), elem_id="first", apply_default_css=False)
            chat = gr.Chatbot(
                elem_id="chat", show_label=False, label=ZH.talk, container=False, height=None, buttons=[],
                autoscroll=False, latex_delimiters=[], allow_tags=False, group_consecutive_messages=False,
                layout="panel", feedback_options=None, sanitize_html=True,
            )
        with gr.Row(elem_id="dock"):
            box = gr.Textbox(
                elem_id="box", placeholder=ZH.placeholder, label=ZH.question, show_label=False, container=False,
                lines=1, max_lines=MAX_BOX_LINES, submit_btn=True, stop_btn=False, autofocus=True,
            )
            note = gr.HTML(hello.footnote(ZH, engine.checked_on), elem_id="note", apply_default_css=False)

        spoken = [brand, role, tongue, new, dark, first, chat, box, note]

        async def answer(
            question: str, audience: str, conversation: Conversation
        ) -> AsyncIterator[tuple[Any, list[dict[str, str]], Conversation, Any]]:
            if not question.strip() or conversation.busy:
                yield gr.skip(), conversation.messages(), conversation, gr.skip()
                return
            box_now: Any = gr.update(value="", submit_btn=False, stop_btn=True)
            known = conversation.kept
            async for _ in conversation.ask(kit, question.strip(), audience):
                if not conversation.busy:
                    box_now = gr.update(submit_btn=True, stop_btn=False)
                kept_now = gr.skip() if conversation.kept == known else conversation.kept
                yield box_now, conversation.messages(), conversation, kept_now
                box_now, known = gr.skip(), conversation.kept

        def halt(conversation: Conversation) -> tuple[Any, list[dict[str, str]], Conversation]:
            conversation.stop()
            return gr.update(submit_btn=True, stop_btn=False), conversation.messages(), conversation

        def clear(conversation: Conversation) -> tuple[Any, list[dict[str, str]], Conversation, dict[str, str]]:
            fresh = Conversation(secret=conversation.secret, language=conversation.language)
            return gr.update(value="", submit_btn=True, stop_btn=False), [], fresh, fresh.kept

        def speak(chosen: str, conversation: Conversation) -> list[Any]:
            conversation.language = "en" if chosen == "en" else "zh"
            return [chosen, conversation, *_spoken(engine, conversation)]

        def greet(chosen: str, browser: Any, conversation: Conversation) -> list[Any]:
            conversation.language = "en" if chosen == "en" else "zh"
            conversation.restore(kit, browser)
            if chosen == "en" or conversation.exchanges:
                return speak(chosen, conversation)
            return [gr.skip(), conversation] + [gr.skip()] * len(spoken)  # the page is built as it should look

        def switch(chosen: str, conversation: Conversation) -> list[Any]:
            return speak("zh" if chosen == "en" else "en", conversation)

        quiet: dict[str, Any] = {"show_progress": "hidden", "concurrency_limit": None, "api_visibility": "private"}
        asking = box.submit(answer, [box, role, state], [box, chat, state, kept], **quiet)
        box.stop(halt, [state], [box, chat, state], cancels=[asking], **quiet)
        new.click(clear, [state], [box, chat, state, kept], cancels=[asking], **quiet)
        tongue.click(switch, [language, state], [language, state, *spoken], **quiet)
        blocks.unload(_leaving(asking["id"]))
        blocks.load(greet, [language, kept, state], [language, state, *spoken], **quiet)
    blocks.queue(default_concurrency_limit=None, api_open=False)
    return blocks


def _leaving(asking: int) -> Callable[[gr.Request], Awaitable[None]]:
    """What is done when a tab is closed: end the answer under way, as the stop button would.

    Left to itself Gradio goes on until there is something to draw again, which may take a model as long as it likes.
    """

    async def left(request: gr.Request) -> None:
        await cancel_tasks({f"{request.session_hash}_{asking}"})

    return left


def _roles(words: Words) -> list[tuple[str, str]]:
    return list(zip(words.audiences, AUDIENCES, strict=True))


def _spoken(engine: Engine, conversation: Conversation) -> list[Any]:
    """Every component that says something, in the order of `spoken`."""
    words = conversation.words
    return [
        hello.brand(words), gr.update(choices=_roles(words), label=words.role), words.other_language, words.new_chat,
        words.theme, hello.first_screen(words, engine.starters), conversation.messages(),
        gr.update(placeholder=words.placeholder, label=words.question), hello.footnote(words, engine.checked_on),
    ]
