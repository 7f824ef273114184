"""E-mail through a real SMTP server on this machine."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy

import pytest

from assistant.handoff.channels import Mail, NotDelivered
from assistant.handoff.letters import Letter
from assistant.handoff.packet import Occasion, Said, packed
from assistant.handoff.sending import PostOffice, Sender

from .conftest import ANSWER, NOON, QUESTION

LETTER = Letter(
    "h1:mail", "h1", packed(Occasion("demo", "talk", "offline", NOON, None, "zhang@example.com", "请回电"), [Said(QUESTION, ANSWER, NOON)])
)
CHANNEL = Mail(kind="mail", to=("desk@example.com", "boss@example.com"))


@dataclass
class PostServer:
    """As much of SMTP as a client needs; `refusal` answers the recipient."""

    port: int = 0
    refusal: bytes = b""
    to: list[str] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)


@pytest.fixture
def post() -> Iterator[PostServer]:
    held = PostServer()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 here\r\n")
            while line := self.rfile.readline().strip():
                verb = line[:4].upper()
                if verb == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    body = b""
                    while (part := self.rfile.readline()) != b".\r\n":
                        body += part
                    held.mails.append(body)
                if verb == b"RCPT":
                    held.to.append(line.decode())
                self.wfile.write(held.refusal if verb == b"RCPT" and held.refusal else b"250 ok\r\n")
                if verb == b"QUIT":
                    return

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        held.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield held
        server.shutdown()
        thread.join()


async def test_a_mail_goes_out(post: PostServer) -> None:
    sender = Sender({}, PostOffice("127.0.0.1", post.port, sender="售后参谋 <bot@example.com>"))
    await sender.send(CHANNEL, LETTER)
    await sender.close()
    assert post.to == ["rcpt TO:<desk@example.com>", "rcpt TO:<boss@example.com>"]
    read = message_from_bytes(post.mails[0], policy=policy.default)
    assert read["Subject"] == "售后参谋：有新留言（下班时间的留言）"
    assert "联系方式：zhang@example.com" in read.get_content()


async def test_a_refusal_is_told_without_the_address(post: PostServer) -> None:
    post.refusal = b"550 no such box desk@example.com\r\n"
    sender = Sender({}, PostOffice("127.0.0.1", post.port, sender="bot@example.com"))
    with pytest.raises(NotDelivered, match="SMTPRecipientsRefused") as refused:
        await sender.send(CHANNEL, LETTER)
    await sender.close()
    assert "desk@" not in str(refused.value)


async def test_nothing_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    sender = Sender({}, PostOffice("127.0.0.1", port, sender="bot@example.com"))
    with pytest.raises(NotDelivered, match="ConnectionRefusedError"):
        await sender.send(CHANNEL, LETTER)
    await sender.close()
