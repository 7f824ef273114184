"""Many conversations at once, to be killed. Started once; for every line it reads — a database and a seed — it forks a process that asks.

Told on the output, a line each: `pid N` · `accepted TURN CONVERSATION QUESTION` · `done TURN` · `ended` once that process is gone.
"""

import os
import random
import sys

import anyio
import psycopg  # noqa: F401 - loaded once, before any fork

from assistant.answer import Accepted, Done, Text
from assistant.composer import Composer
from assistant.engine import Engine
from assistant.library import Library
from assistant.reading import Reader
from assistant.store import Store

from ..conftest import TINY, TODAY, FixedSearch

CONVERSATIONS = 24
QUESTIONS = (
    "成交1000单，判责7笔，纠纷退款率多少", "判责换成20笔呢", "怎么少被判责", "判责7笔，纠纷退款率多少", "成交500单", "今天天气如何",
    "七天无理由从哪天算", "淘宝成交2000单，判责9笔，纠纷退款率多少",
)
LEFT_EARLY = 7  # every so many questions nobody waits for the end of the answer


def say(*words: object) -> None:
    """One line at once, whoever else writes."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def load(library: Library, url: str, seed: int) -> None:
    """Ask without end."""
    store = Store(url)
    search = FixedSearch(("topic/dispute_advice", "topic/seven_days"), 1.0)
    engine = Engine(library, Reader(library), Composer(library, 0.5), store, lambda: search, lambda: TODAY)
    engine.prepare()

    async def ask(conversation: str, dice: random.Random) -> None:
        while True:
            number = dice.randrange(len(QUESTIONS))
            early = dice.randrange(LEFT_EARLY) == 0
            turn = ""
            stream = engine.ask(conversation, QUESTIONS[number])
            async for event in stream:
                if isinstance(event, Accepted):
                    turn = event.turn
                    say("accepted", turn, conversation, number)
                elif isinstance(event, Done):
                    say("done", turn)
                elif early and isinstance(event, Text):
                    break
            await stream.aclose()  # type: ignore[attr-defined]

    async def all_of_them() -> None:
        async with anyio.create_task_group() as tasks:
            for number in range(CONVERSATIONS):
                tasks.start_soon(ask, f"{seed}-{number}", random.Random(seed * 1000 + number))

    anyio.run(all_of_them)


def main() -> None:
    """Fork for every line read."""
    library = Library.read(TINY)
    Reader(library).read(QUESTIONS[0], TODAY)  # what is loaded on first use is there in every fork
    for line in sys.stdin:
        url, seed = line.split()
        pid = os.fork()
        if pid == 0:
            try:
                load(library, url, int(seed))
            finally:
                os._exit(1)
        say("pid", pid)
        os.waitpid(pid, 0)
        say("ended")


if __name__ == "__main__":
    main()
