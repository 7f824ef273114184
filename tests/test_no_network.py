"""The guard itself: a test that reaches out fails, a test that talks to this machine does not."""

import socket

import pytest


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("example.org", 80)])
def test_another_machine_cannot_be_reached(address: tuple[str, int]) -> None:
    with pytest.raises(AssertionError, match="tried to reach"):
        socket.create_connection(address, timeout=1)
    with socket.socket() as direct, pytest.raises(AssertionError, match="tried to reach"):
        direct.connect(address)


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname(), timeout=5) as client:
        assert client.getpeername() == server.getsockname()
