"""A server that speaks clamd's protocol over a real socket: counts, finds EICAR, and can misbehave."""

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

from tests.files.making import EICAR


class Clamd:
    """`answer`: what it says to everything instead of looking; `largest`: bytes it takes; `hangs_up`: says nothing."""

    def __init__(self, listener: socket.socket, address: str) -> None:
        self.address = address
        self.seen: list[bytes] = []
        self.answer = b""
        self.largest = 25_000_000
        self.hangs_up = False
        self.version = b"ClamAV 1.4.2/27500/Mon Jan  6 09:40:00 2025"
        self._listener = listener
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            with line, contextlib.suppress(OSError):
                self._speak(line)

    def _speak(self, line: socket.socket) -> None:
        reader = line.makefile("rb")
        command = b""
        while not command.endswith(b"\0"):
            command += reader.read(1)
        if command == b"zPING\0":
            line.sendall(b"PONG\0")
            return
        if command == b"zVERSION\0":
            line.sendall(self.version + b"\0")
            return
        assert command == b"zINSTREAM\0"
        data = b""
        while length := struct.unpack(">I", reader.read(4))[0]:
            data += reader.read(length)
        self.seen.append(data)
        if not self.hangs_up:
            line.sendall(self.answer or self._verdict(data))

    def _verdict(self, data: bytes) -> bytes:
        if len(data) > self.largest:
            return b"INSTREAM size limit exceeded. ERROR\0"
        return b"stream: Eicar-Signature FOUND\0" if EICAR in data else b"stream: OK\0"

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)


@contextlib.contextmanager
def running(path: Path | None = None) -> Iterator[Clamd]:
    """A scanner on a free port, or on a path."""
    if path is None:
        listener = socket.create_server(("127.0.0.1", 0))
        address = f"127.0.0.1:{listener.getsockname()[1]}"
    else:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(path))
        listener.listen()
        address = str(path)
    server = Clamd(listener, address)
    try:
        yield server
    finally:
        server.close()
