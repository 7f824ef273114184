"""Model-answerers as they come: that say a text, are slow, break, run in circles, lie. Each is one to the letter of the protocol."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.answer import Event, Text, Turn
from assistant.pieces import ModelPiece, Said


@dataclass
class Model:
    """Says what it was told to, piece by piece; a number among the pieces is a pause in seconds, an exception is raised."""

    pieces: Sequence[ModelPiece | float | Exception | str] = ()
    again: bool = False
    """from the beginning, without an end"""
    called: int = 0
    under_way: int = 0
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    given: list[Mapping[str, str]] = field(default_factory=list)
    """the documents of each call"""

    async def __call__(self, turn: Turn, plain: Sequence[Event], documents: Mapping[str, str]) -> AsyncIterator[ModelPiece]:
        self.called += 1
        self.under_way += 1
        self.given.append(documents)
        self.begun.set()
        try:
            while True:
                for piece in self.pieces:
                    if isinstance(piece, Exception):
                        raise piece
                    if isinstance(piece, float):
                        await asyncio.sleep(piece)
                    elif isinstance(piece, str):
                        for sign in piece:
                            yield Said(sign)
                    else:
                        yield piece
                if not self.again:
                    return
                await asyncio.sleep(0)
        finally:
            self.under_way -= 1
            self.over.set()


@dataclass
class Echo(Model):
    """Says the composer's words back: as good as a model can be."""

    async def __call__(self, turn: Turn, plain: Sequence[Event], documents: Mapping[str, str]) -> AsyncIterator[ModelPiece]:
        self.called += 1
        yield Said("\n\n".join(event.markdown for event in plain if isinstance(event, Text)))
