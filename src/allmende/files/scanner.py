"""Asks a virus scanner: the daemon of ClamAV (clamd), over a socket. Knows no database.

The protocol is clamd's own (its manual, "INSTREAM"): a command, then pieces with their length in front (four bytes,
the highest first), then a length of nothing; the answer is one line that ends with a zero byte.
"""

import re
import socket
import struct
from dataclasses import dataclass

# Seconds for each step; clamd itself gives up on a file after two minutes.
PATIENCE = 130
_PIECE = 64 * 1024
_LONGEST_ANSWER = 4096


class ScannerAway(Exception):
    """Nobody answers, or in another language: no verdict on anything. Worth another try later."""


class NotScanned(Exception):
    """The scanner answers but would not look at this one, such as one larger than it is set to take."""


@dataclass(frozen=True)
class Verdict:
    """`found` is what the scanner calls it, "" where it found nothing."""

    found: str

    @property
    def is_clean(self) -> bool:
        return not self.found


def scan(data: bytes, *, address: str) -> Verdict:
    """What the scanner at `host:port` or at a path says. Raises `ScannerAway` and `NotScanned`."""
    try:
        with _connected(address) as line:
            line.sendall(b"zINSTREAM\0")
            for start in range(0, len(data), _PIECE):
                piece = data[start : start + _PIECE]
                line.sendall(struct.pack(">I", len(piece)) + piece)
            line.sendall(struct.pack(">I", 0))
            answer = _answer(line)
    except OSError as reason:
        raise ScannerAway(f"{address}: {reason}") from reason
    return _read(answer)


def answers(address: str) -> bool:
    """Whether a scanner is there."""
    try:
        with _connected(address, patience=3) as line:
            line.sendall(b"zPING\0")
            return _answer(line) == "PONG"
    except (OSError, ScannerAway):
        return False


def version(address: str) -> str:
    """What the scanner says of itself: "ClamAV 1.4.2/27500/Mon Jan  6 09:40:00 2025". Raises `ScannerAway`."""
    if not answers(address):
        raise ScannerAway(address)
    try:
        with _connected(address, patience=3) as line:
            line.sendall(b"zVERSION\0")
            return _answer(line)
    except OSError as reason:
        raise ScannerAway(f"{address}: {reason}") from reason


def _connected(address: str, *, patience: float = PATIENCE) -> socket.socket:
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(patience)
        try:
            line.connect(address)
        except OSError:
            line.close()
            raise
        return line
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=patience)


def _answer(line: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < _LONGEST_ANSWER:
        more = line.recv(_LONGEST_ANSWER)
        if not more:
            break
        said += more
    if not said.endswith(b"\0"):
        raise ScannerAway("the answer has no end")
    return said[:-1].decode("utf-8", "replace").strip()


def _read(answer: str) -> Verdict:
    if answer == "stream: OK":
        return Verdict("")
    if found := re.fullmatch(r"stream: (.+) FOUND", answer):
        return Verdict(found[1][:200])
    if answer.endswith("ERROR"):
        raise NotScanned(answer)
    raise ScannerAway(f"no answer that we know: {answer[:200]}")
