"""The service as it is built: a hand-off goes out, and the staff's pages are there."""

import json

import pytest
from starlette.testclient import TestClient

from assistant.handoff.hours import HandoffSettings
from assistant.handoff.reception import reception
from assistant.settings import Settings
from assistant.store import Store
from assistant.web.app import create_app

from ..databases import Databases
from ..web.fake_engine import FakeEngine
from .conftest import Receiver


@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
def test_a_running_service_delivers_and_shows_its_pages(databases: Databases, receiver: Receiver) -> None:
    store = Store(databases.new())
    store.open("talk", "demo")
    section = HandoffSettings.model_validate({
        "hours": {"mon-sun": "0:00-24:00"}, "channels": [{"kind": "webhook", "url_env": "HOOK"}],
    })
    settings = Settings(public_url="https://desk.example.com")
    made = reception(store, lambda _: section, settings, {"HOOK": receiver.address})
    with TestClient(create_app(FakeEngine(), settings, reception=made)) as client:
        id = made.desk.open("talk", "asked")["id"]
        assert receiver.answered.acquire(timeout=60)
        assert client.get("/staff/login").status_code == 200
        assert client.get("/staff/own/staff.css").status_code == 200
    store.close()
    assert json.loads(receiver.got[0].body)["link"] == f"https://desk.example.com/staff/handoffs/{id}"
