"""What models were asked for is added up by day, site and model, whoever adds at the same time."""

import threading
from datetime import date, timedelta

import sqlalchemy as sa

from assistant.store import Store
from assistant.store.usage import UsageRow

from ..databases import Databases
from .conftest import Open

DAY = date(2026, 11, 23)


def used(day: date = DAY, site: str = "demo", model: str = "openai:qwen-plus", calls: int = 1) -> UsageRow:
    return UsageRow(day, site, model, calls, 900, 100, 0.5)


def test_usage_is_added_up_by_day_site_and_model(store: Store) -> None:
    for row in (used(), used(calls=2), used(site="page"), used(model="ollama:qwen3"), used(DAY - timedelta(days=1))):
        store.count_usage(row)
    assert store.usage(DAY - timedelta(days=1)) == [
        used(DAY - timedelta(days=1)),
        used(model="ollama:qwen3"),
        UsageRow(DAY, "demo", "openai:qwen-plus", 3, 1800, 200, 1.0),
        used(site="page"),
    ]
    assert [row.day for row in store.usage(DAY)] == [DAY] * 3
    assert (store.tokens_used(DAY, "demo"), store.tokens_used(DAY, "page"), store.tokens_used(DAY, "other")) == (3000, 1000, 0)


def test_two_processes_may_count_at_once(url: str, opened: Open) -> None:
    stores = [opened(url), opened(url)]

    def count(store: Store) -> None:
        for _ in range(10):
            store.count_usage(used())

    threads = [threading.Thread(target=count, args=(store,)) for store in stores for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [row.calls for row in stores[0].usage(DAY)] == [40]


def test_a_database_of_the_version_before_gets_the_table_and_keeps_what_it_holds(fresh: Databases, opened: Open) -> None:
    url = fresh.empty()
    store = Store(url)
    store.accept("c", "问")
    store.close()
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE usage"))
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    engine.dispose()
    store = opened(url)
    store.count_usage(used())
    assert store.usage(DAY) == [used()]
    assert [turn.question for turn in store.turns("c")] == ["问"]
