"""A real server on this machine that answers as an embeddings address does, or as a broken one might."""

import base64
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np

DIMENSIONS = 8


def vector_of(text: str) -> np.ndarray:
    """The same text has the same vector; not of length 1."""
    seed = int.from_bytes(text.encode()[-8:].rjust(8, b"\0"), "little")
    return np.random.default_rng(seed).normal(0, 3, DIMENSIONS).astype("<f4")


def right(asked: dict[str, Any]) -> bytes:
    data = [
        {"object": "embedding", "index": place, "embedding": [float(value) for value in vector_of(text)]}
        for place, text in enumerate(asked["input"])
    ]
    return json.dumps({"object": "list", "data": data, "model": asked["model"]}).encode()


def in_base64(asked: dict[str, Any]) -> bytes:
    answer = json.loads(right(asked))
    for entry, text in zip(answer["data"], asked["input"], strict=True):
        entry["embedding"] = base64.b64encode(vector_of(text).tobytes()).decode()
    return json.dumps(answer).encode()


@dataclass
class Answering:
    """What it answers from now on, and what it was asked."""

    address: str = ""
    body: Callable[[dict[str, Any]], bytes] = right
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    waits: threading.Event | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    drips: bool = False


@contextmanager
def answering() -> Iterator[Answering]:
    state = Answering()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            state.asked.append(asked)
            state.keys.append(self.headers["Authorization"])
            state.paths.append(self.path)
            if state.waits:
                state.waits.wait(10)
            body = state.body(asked)
            self.send_response(state.status)
            for name, value in state.headers.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self._send(body)
            except OSError:
                pass

        def _send(self, body: bytes) -> None:
            if not state.drips:
                self.wfile.write(body)
                return
            for place in range(len(body)):
                self.wfile.write(body[place : place + 1])
                self.wfile.flush()
                threading.Event().wait(0.05)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    state.address = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
