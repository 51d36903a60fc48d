"""Hosts on this machine, with the manners of real ones and the bad manners of some."""

import ssl
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

Answer = Callable[[BaseHTTPRequestHandler], None]


class Host:
    """Answers on 127.0.0.1 as told by `pages`; counts what it was asked for."""

    def __init__(self) -> None:
        self.pages: dict[str, Answer] = {}
        self.asked: list[str] = []
        host = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                host.asked.append(self.path)
                self.close_connection = True
                host.pages.get(self.path, status(404))(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]  # clients hang up on purpose
        self.over = threading.Event()

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()

    def speak_tls(self, certificate: Path) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def url(self, path: str = "/publiccode.yml") -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}{path}"

    def serve(self, path: str, content: str | bytes, **headers: str) -> str:
        self.pages[path] = page(content, **headers)
        return self.url(path)


def _start(handler: BaseHTTPRequestHandler, code: int, headers: dict[str, str]) -> None:
    handler.send_response(code)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()


def page(content: str | bytes, **headers: str) -> Answer:
    body = content.encode() if isinstance(content, str) else content

    def answer(handler: BaseHTTPRequestHandler) -> None:
        if headers.get("ETag") and handler.headers.get("If-None-Match") == headers["ETag"]:
            _start(handler, 304, headers)
            return
        _start(handler, 200, {"Content-Length": str(len(body))} | headers)
        handler.wfile.write(body)

    return answer


def status(code: int) -> Answer:
    return lambda handler: _start(handler, code, {"Content-Length": "0"})


def redirect(target: str) -> Answer:
    return lambda handler: _start(handler, 302, {"Location": target, "Content-Length": "0"})


def endless(host: Host, code: int = 200, pause: float = 0.0, **headers: str) -> Answer:
    """A body without end: as fast as it goes, or a byte now and then."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        _start(handler, code, headers)
        piece = b"x" if pause else b"x" * 65_536
        while not host.over.is_set():
            handler.wfile.write(piece)
            handler.wfile.flush()
            time.sleep(pause)

    return answer


def endless_headers(host: Host, pause: float) -> Answer:
    """It never comes to the body."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not host.over.is_set():
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(pause)

    return answer


def silent(host: Host) -> Answer:
    """Takes the call and says nothing."""
    return lambda _: (host.over.wait(30), None)[1]
