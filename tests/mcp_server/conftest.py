"""Servers over the tiny knowledge."""

import pytest

from assistant.mcp_server.server import create_server
from assistant.mcp_server.tools import Tools

from ..conftest import MakeEngine
from .calls import MakeServer, Server


@pytest.fixture
def make_server(make_engine: MakeEngine) -> MakeServer:
    """Servers over the tiny knowledge that find the documents named."""
    return lambda *ids, **named: create_server(lambda: Tools(make_engine(*ids, **named)))


@pytest.fixture
def server(make_server: MakeServer) -> Server:
    """A server that finds how to be judged liable less often."""
    return make_server("topic/dispute_advice", "topic/seven_days")
