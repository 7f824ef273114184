"""Run the web service: answer HTTP at once, load the embedder and the index meanwhile."""

import ctypes
import errno
import gc
import logging
import os
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from assistant import tracing
from assistant.build import build
from assistant.engine import Engine
from assistant.errors import AssistantError, SetupError
from assistant.handoff.reception import reception
from assistant.privacy import MaskingFilter
from assistant.settings import Settings
from assistant.sites import Sites
from assistant.store import Store

if TYPE_CHECKING:
    import uvicorn

log = logging.getLogger(__name__)
_M_ARENA_MAX = -8  # malloc.h
_DAY = 24 * 60 * 60
BACKLOG = 1024  # people who arrive at the same moment wait here, not for their own system to try again
LEAVING_SECONDS = 3  # streams that never end by themselves are ended when the service stops
IDLE_SECONDS = 75  # longer than proxies keep a connection to us: else they meet closed ones


def serve(settings: Settings) -> None:
    """Serve until stopped. Raises SetupError in a sentence when the address cannot be used."""
    import uvicorn

    from assistant.web.app import create_app

    with (
        listen(settings.host, settings.port, "assistant serve --port 7861") as listener,
        tracing.sending(settings.trace, texts=settings.trace_texts),
    ):
        use_one_heap()
        logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s")
        sites = Sites.read(settings.sites_file)
        store = Store(settings.database)
        store.mark_interrupted()
        people = reception(store, lambda key: sites.by_key[key].handoff, settings, os.environ)
        engine = build(settings, store=store, people=people.desk)
        stopped = threading.Event()
        threading.Thread(target=_prepare, args=(engine,), name="prepare", daemon=True).start()
        threading.Thread(target=clean_daily, args=(store, settings.retention_days, stopped), name="clean", daemon=True).start()
        server = uvicorn.Server(configured(create_app(engine, settings, sites, reception=people), settings))
        mask_logs()  # uvicorn's own handlers are there by now
        try:
            server.run(sockets=[listener])
        finally:
            stopped.set()
            store.close()


def configured(app: Callable[..., Any], settings: Settings) -> "uvicorn.Config":
    """How the server treats connections that wait, and those that are open when it is told to stop."""
    import uvicorn

    return uvicorn.Config(
        app, port=settings.port, log_level=settings.log_level.lower(), timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=LEAVING_SECONDS,
    )


def mask_logs() -> None:
    """Nothing that points at a person is logged, whoever logs it."""
    for name in ("", "uvicorn", "uvicorn.access", "uvicorn.error"):
        for handler in logging.getLogger(name).handlers:
            handler.addFilter(MaskingFilter())


def clean_daily(store: Store, days: int, stopped: threading.Event) -> None:
    """Delete what was last touched more than `days` days ago, now and every day until stopped."""
    while True:
        try:
            gone = store.purge(datetime.now(UTC) - timedelta(days=days))
            log.info("kept too long and deleted: %s", dict(gone))
        except AssistantError:
            log.exception("what is kept too long could not be deleted")
        if stopped.wait(_DAY):
            return


def use_one_heap() -> None:
    """Ask glibc for one heap instead of one per thread: short requests gain nothing from many, and memory stays 50 MB lower."""
    try:
        ctypes.CDLL("libc.so.6").mallopt(_M_ARENA_MAX, 1)
    except (OSError, AttributeError):
        log.debug("another C library: heaps stay as they are")


def _prepare(engine: Engine) -> None:
    engine.prepare()
    if engine.failure is not None:
        log.error("%s", engine.failure)
    # what is loaded now stays: a full collection would walk through all of it, 150 ms in which nobody is answered
    gc.collect()
    gc.freeze()


def listen(host: str, port: int, instead: str) -> socket.socket:
    """The listening socket, taken before anything is loaded so that a port in use is told at once.

    Raises SetupError; `instead` is the command that would use another port.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        why = "已被别的程序占用" if error.errno == errno.EADDRINUSE else "本机不让用"
        raise SetupError(f"地址 {host}:{port} {why}，请换一个，例如 {instead}。") from error
    return listener
