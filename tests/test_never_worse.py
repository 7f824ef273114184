"""With a model that lies in every sentence exactly what passes without a model passes, and nothing of it is told; with a perfect one no less."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from assistant import tracing
from assistant.agent import model_answerer, text_of
from assistant.breaker import CircuitBreaker
from assistant.budget import Budget
from assistant.chat_spans import ChatSpans
from assistant.composer import Composer
from assistant.engine import Engine
from assistant.evaluate import Case, Expect, evaluate, read_cases, sampled
from assistant.fallback import with_fallback
from assistant.listening import Limits
from assistant.one_call import OneCall
from assistant.outcomes import noted
from assistant.results import Results
from assistant.rewriting import Rewriting
from assistant.search import Retrieval
from assistant.store import IN_MEMORY, Store

from .chat_models import Adversarial, Perfect, Shrugging, Shuffling, Speaking
from .conftest import TODAY

# later sets would change which cases are drawn
SETS = sorted(path for path in (Path(__file__).parent / "cases").iterdir() if not path.stem.endswith(("teenth", "twelfth")))
CASES = sampled(read_cases(SETS), 36)


@pytest.fixture(scope="module")
def composed(engine: Engine) -> Results:
    """What comes out without a model."""
    return evaluate(engine, CASES, lambda *_: None)


def worded(engine: Engine, retrieval: Retrieval, model: Speaking, cases: Sequence[Case] = CASES, *, small: bool = False) -> Results:
    """What comes out with a model that words answers and puts questions clearer."""
    store, composer = Store(IN_MEMORY), Composer(engine.library, retrieval.enough)
    model.callbacks = [ChatSpans()]
    breaker, budget = CircuitBreaker(), Budget(store, "some")
    answerer = with_fallback(
        model_answerer(model, engine.library, small=small), composer, engine.library, Limits(), breaker, budget,
        enough=retrieval.enough, watch=noted,
    )
    rewriter = Rewriting(OneCall(partial(text_of, model), breaker, budget, 8), lambda turn: list(composer.events(turn)), retrieval.enough)
    made = Engine(engine.library, engine.reader, answerer, store, engine.searching, lambda: TODAY, rewriter=rewriter)
    made.prepare()
    try:
        return evaluate(made, cases, lambda *_: None, answerer="model")
    finally:
        store.close()


@pytest.mark.parametrize("small", [False, True])
def test_a_lying_model_changes_nothing(engine: Engine, retrieval: Retrieval, composed: Results, small: bool) -> None:
    lied = worded(engine, retrieval, Adversarial(), small=small)
    for before, after in zip(composed.cases, lied.cases, strict=True):
        assert (after.trials[0].text, after.trials[0].fault) == (before.trials[0].text, before.trials[0].fault), after.id
    assert lied.rate == composed.rate > 0.9
    told = lied.spent
    assert len(told.instead) > len(CASES) / 2  # turns whose model was asked: a call that is let go of leaves no span
    assert len(told.caught) > len(CASES) / 2
    assert set(told.instead) <= {"guard", "nothing", "loop", "down"}
    assert "其他" not in told.caught


@pytest.mark.parametrize("model", [Shuffling(), Shrugging()])
def test_a_model_that_misleads_or_says_nothing_keeps_nothing_back(
    engine: Engine, retrieval: Retrieval, composed: Results, model: Speaking
) -> None:
    told = worded(engine, retrieval, model)
    for before, after in zip(composed.cases, told.cases, strict=True):
        assert (after.trials[0].fault, after.trials[0].status) == (before.trials[0].fault, before.trials[0].status), after.id


def test_a_perfect_model_is_no_worse(engine: Engine, retrieval: Retrieval, composed: Results) -> None:
    told = worded(engine, retrieval, Perfect())
    for before, after in zip(composed.cases, told.cases, strict=True):
        assert (after.trials[0].fault, after.trials[0].status) == (before.trials[0].fault, before.trials[0].status), after.id
    assert told.rate == composed.rate
    assert told.spent.calls > len(CASES) / 2
    assert (told.spent.caught, told.spent.instead) == ((), ())


def test_what_a_model_did_hangs_below_its_turn(engine: Engine, retrieval: Retrieval, capsys: pytest.CaptureFixture[str]) -> None:
    case = Case(id="one", kind="metric", area="ecommerce", turns=("淘宝成交1000单，判责7笔，纠纷退款率多少",), expect=Expect())
    with tracing.sending("console"):
        worded(engine, retrieval, Adversarial(), [case])
    lines = [line.split() for line in capsys.readouterr().err.splitlines() if " ms " in line]
    traces = {line[0] for line in lines if line[3] in ("chat", "guard", "invoke_agent", "read")}
    assert len(traces) == 1
    guard = next(line for line in lines if line[3] == "guard")
    assert any(part.startswith("assistant.instead='guard'") for part in guard)
    assert "1000" not in "".join(map("".join, lines))
