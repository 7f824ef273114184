"""What the guard costs: our own answers and a document beside them as a model would say them, sign by sign."""

import re
import statistics
import time
from collections.abc import Callable
from datetime import date

from assistant.answer import Text, Turn
from assistant.composer import Composer
from assistant.evidence import Evidence
from assistant.guard import Guard
from assistant.library import Library
from assistant.reading import Reader
from assistant.search import Retrieval
from assistant.settings import Settings

BAR_MS = 1.0  # a sentence
GIVEN = 8  # documents a model is given
_PART = re.compile("[。；]")


def run(settings: Settings, say: Callable[[str], None]) -> bool:
    """Print the time of a sentence and of gathering the evidence of a turn; whether the sentence is within the bar."""
    library, day = Library.read(settings.knowledge_dir), date.today()
    composer = Composer(library, Retrieval.read(settings.knowledge_dir / "retrieval.yaml").enough)
    reader, topics = Reader(library), [one for one in library.on(day).values() if one.kind == "topic"]
    sentences, gathering = [], []
    for place, topic in enumerate(topics):
        question, documents = topic.questions[0], (topic, *topics[place + 1 : place + GIVEN])
        events = list(composer.events(Turn(question, reader.read(question, day, []), documents, 1.0, day)))
        told = [event.markdown for event in events if isinstance(event, Text)]
        # the composer's own words are known to it; others are looked at one number after the other
        words = "\n\n".join((*told, *(f"{_PART.sub('，', one.say)}【{one.id}】" for one in documents)))
        started = time.perf_counter()
        guard = Guard(Evidence.of(question, [], events, {one.id: one.text for one in documents}, days=[day]))
        begun = time.perf_counter()
        released = [one for sign in words for one in guard.feed(sign)] + guard.finish()
        ended = time.perf_counter()
        gathering.append((begun - started) * 1000)
        sentences.append((ended - begun) * 1000 / max(1, len(released)))
    middle, high = statistics.median(sentences), statistics.quantiles(sentences, n=20)[-1]
    say(f"核对模型的话：每句中位 {middle:.2f} ms，p95 {high:.2f} ms（目标 ≤ {BAR_MS:g} ms）；每轮备好依据 {statistics.median(gathering):.1f} ms")
    return high <= BAR_MS
