"""All wiring and no logic: settings in, an engine out."""

from collections.abc import Callable
from datetime import date
from functools import partial

from assistant.answer import Answerer, Turn
from assistant.breaker import CircuitBreaker
from assistant.budget import Budget
from assistant.composer import Composer
from assistant.engine import Engine
from assistant.errors import IndexBusy
from assistant.fallback import Limits, Outcome, with_fallback
from assistant.index import Index, Report
from assistant.library import Document, Library
from assistant.one_call import OneCall
from assistant.outcomes import noted
from assistant.person import People
from assistant.reading import Reader
from assistant.rewriting import Rewriter, Rewriting
from assistant.search import Retrieval, Search
from assistant.settings import Settings
from assistant.shelf import Shelf
from assistant.store import IN_MEMORY, Store
from assistant.strangers import Strangers

RETRIEVAL_FILE = "retrieval.yaml"
Watch = Callable[[Turn, Outcome], None]


def build(
    settings: Settings, keep: bool = True, *, store: Store | None = None, people: People | None = None,
    watch: Watch = lambda turn, outcome: None, like: Engine | None = None,
) -> Engine:
    """An engine that knows the library and is ready once `prepare` has loaded the embedder and the index.

    `keep`: conversations go to the database of the settings; else to memory, and are gone with the process. A `store` that is open already
    is taken as it is. `people` can be brought in; without them nobody is offered. `watch` is told how the model did in each turn, if one is
    set; a span tells it in any case. What is costly is shared with an engine that is there already, `like`. Raises AssistantError in a
    sentence, also for a model that cannot be built.
    """
    library = like.library if like is not None else Library.read(settings.knowledge_dir)
    retrieval = Retrieval.read(settings.knowledge_dir / RETRIEVAL_FILE)

    def search() -> Search:
        index = open_index(settings)
        try:
            index.sync(documents(library))
        except IndexBusy:
            # another process is writing: its last published index answers until the new one is swapped in
            if not index.ready:
                raise
        shelf = open_shelf(settings, index)
        return Search(index, index.embedder, retrieval, library.vocabulary.synonyms, library.leads, shelf)

    held = store or Store(settings.database if keep else IN_MEMORY)
    composer = Composer(library, retrieval.enough)
    answerer, rewriter = with_model(settings, library, composer, held, watch) if settings.model else (composer, None)
    return Engine(
        library, like.reader if like is not None else Reader(library), answerer, held, like.searching if like is not None else search,
        people=people, rewriter=rewriter,
    )


def with_model(
    settings: Settings, library: Library, composer: Composer, store: Store, watch: Watch
) -> tuple[Answerer, Rewriter]:
    """The answerer that words what the composer finds, and what puts unclear questions clearer."""
    from assistant.agent import model_answerer, text_of  # LangChain takes a second to import
    from assistant.models import chat_model

    def watched(turn: Turn, outcome: Outcome) -> None:
        noted(turn, outcome)
        watch(turn, outcome)

    model = chat_model(settings)
    into, out = (float(price) for price in (settings.model_prices or "0,0").split(","))
    breaker, budget = CircuitBreaker(), Budget(store, settings.model, settings.model_tokens_per_day, (into, out))
    answerer = with_fallback(
        model_answerer(model, library, small=settings.model_small), composer, library,
        limits=Limits(settings.model_first_token_seconds, settings.model_turn_seconds), breaker=breaker, budget=budget,
        enough=composer.enough, watch=watched,
    )
    call = OneCall(partial(text_of, model), breaker, budget, settings.model_first_token_seconds)
    return answerer, Rewriting(call, lambda turn: list(composer.events(turn)), composer.enough)


def build_index(settings: Settings, progress: Callable[[int, int], None], index: Index | None = None) -> Report:
    """Bring the index up to date with the knowledge folder."""
    library = Library.read(settings.knowledge_dir)
    return (index or open_index(settings)).sync(documents(library), progress)


def open_shelf(settings: Settings, index: Index) -> Shelf:
    """The person's own documents, with the embedder of an index that is open already."""
    return Shelf(settings.documents_dir, settings.data_dir / "documents", index.embedder)


def open_index(settings: Settings) -> Index:
    """The index of the settings with its embedder; loads the model."""
    from assistant.embedding import Embedder  # the model's libraries take seconds to import

    return Index(settings.index_dir, Embedder(settings.embedding_model or None))


def documents(library: Library) -> list[Document | Strangers]:
    """What is indexed: every document as it reads today, and the questions outside to measure against."""
    strangers = [Strangers(library.strangers)] if library.strangers else []
    return [*library.on(date.today()).values(), *strangers]
