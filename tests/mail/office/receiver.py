"""A real mail server in a thread: keeps what it is given, and answers as an address asks it to.

`450-…@`, `550-…@` are refused with that code when the receiver is named, `data-554-…@` when the text is there.
"""

import asyncio
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

_CODE = re.compile(r"(data-)?([45]\d\d)-")


@dataclass(frozen=True)
class Received:
    sender: str
    to: str
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        parsed = message_from_bytes(self.raw, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])


class Post:
    """What has arrived, in the order of arrival. `pause` is how long the server thinks before it says 250."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.connections = 0
        self.pause = 0.0
        self.hangs_up = False
        self._lock = threading.Lock()

    async def handle_EHLO(  # noqa: N802  (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        found = _CODE.match(address)
        if found and not found[1]:
            return f"{found[2]} {'5.1.1' if found[2] == '550' else '4.2.0'} Umlaut ä is not for this line"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.hangs_up:
            server.transport.close()
            return "421 gone"
        found = _CODE.match(envelope.rcpt_tos[0])
        if found:
            return f"{found[2]} 5.7.1 we do not like it"
        with self._lock:
            assert isinstance(envelope.content, bytes)
            self.received.append(Received(str(envelope.mail_from), envelope.rcpt_tos[0], envelope.content))
        # The moment between taking a letter and saying so.
        await asyncio.sleep(self.pause)
        return "250 taken"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def open_office(**options: Any) -> Iterator[tuple[Post, int]]:
    """A mail server on a port of its own; what it receives, and its port."""
    post = Post()
    port = _free_port()
    controller = Controller(post, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield post, port
    finally:
        controller.stop()
