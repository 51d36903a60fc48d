"""The web server as in production, on a port of 127.0.0.1, and load on it; both bounded and stopped in the end."""

import asyncio
import multiprocessing
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.support.environment import environment
from tools.serve import web_server
from tools.steps import CHECKOUT

WORKERS, CONNECTIONS = 2, 8


@contextmanager
def serve(data_dir: Path) -> Iterator[str]:
    """Granian with two workers, by the very words of `make run` (threads and all); gives its address."""
    port = free_port()
    words = [str(word) for word in web_server(host="127.0.0.1", port=str(port), workers=str(WORKERS))]
    address = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [words[0], "--log-level", "error", *words[1:]], cwd=CHECKOUT, env=environment(data_dir)
    )
    try:
        wait(address, process)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait(address: str, process: subprocess.Popen[bytes], *, seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            get(f"{address}/robots.txt")
            return
        except (OSError, RuntimeError):
            time.sleep(0.2)
    raise RuntimeError(f"the server did not answer within {seconds:.0f} seconds")


def get(address: str, headers: dict[str, str] | None = None) -> bytes:
    """The body of a page, not compressed; `RuntimeError` for any other answer than 200."""
    try:
        with urllib.request.urlopen(
            urllib.request.Request(address, headers=headers or {}), timeout=30
        ) as answer:
            return bytes(answer.read())
    except urllib.error.HTTPError as error:
        raise RuntimeError(f"{address} answers with {error.code}") from error


@dataclass(frozen=True)
class Load:
    """What a run of requests came to. `failed`: answers other than 200, and broken connections."""

    per_second: float
    answered: int
    failed: int


def load(address: str, *, seconds: int, headers: dict[str, str] | None = None) -> Load:
    """Ask for one page on eight connections as fast as it is answered."""
    headers = {"Accept-Encoding": "gzip"} | (headers or {})
    return _wrk(address, seconds, headers) if generator() == "wrk" else _own(address, seconds, headers)


def generator() -> str:
    """What makes the load: wrk where it is installed, else a generator of our own, which takes more of the machine."""
    return "wrk" if shutil.which("wrk") else "own generator"


def _wrk(address: str, seconds: int, headers: dict[str, str]) -> Load:
    words = ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "30s"]
    for name, value in headers.items():
        words += ["-H", f"{name}: {value}"]
    done = subprocess.run([*words, address], capture_output=True, text=True, check=True, timeout=seconds + 60)
    answered = int(_number(r"(\d+) requests in", done.stdout))
    refused = _number(r"Non-2xx or 3xx responses: (\d+)", done.stdout)
    broken = sum(_number(rf"{kind} (\d+)", done.stdout) for kind in ("connect", "read", "write", "timeout"))
    return Load(_number(r"Requests/sec:\s+([\d.]+)", done.stdout), answered, int(refused + broken))


def _number(pattern: str, text: str) -> float:
    found = re.search(pattern, text)
    return float(found.group(1)) if found else 0.0


def _own(address: str, seconds: int, headers: dict[str, str]) -> Load:
    """Two processes with half of the connections each."""
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        parts = pool.starmap(_run_connections, [(address, seconds, headers, CONNECTIONS // 2)] * 2)
    answered, failed = (sum(part[place] for part in parts) for place in (0, 1))
    return Load(answered / seconds, answered, failed)


def _run_connections(
    address: str, seconds: int, headers: dict[str, str], connections: int
) -> tuple[int, int]:
    async def together() -> list[tuple[int, int]]:
        until = time.monotonic() + seconds
        return await asyncio.gather(*(_connection(address, until, headers) for _ in range(connections)))

    results = asyncio.run(together())
    return sum(answered for answered, _ in results), sum(failed for _, failed in results)


async def _connection(address: str, until: float, headers: dict[str, str]) -> tuple[int, int]:
    """One connection, one request after the other."""
    host, _, path = address.removeprefix("http://").partition("/")
    lines = [
        f"GET /{path} HTTP/1.1",
        f"Host: {host}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    name, _, port = host.partition(":")
    reader, writer = await asyncio.open_connection(name, int(port))
    answered = failed = 0
    while time.monotonic() < until:
        writer.write(request)
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
        length = re.search(rb"(?i)content-length: (\d+)", head)
        await reader.readexactly(int(length.group(1)) if length else 0)
        answered += 1
        failed += not head.startswith(b"HTTP/1.1 200")
    writer.close()
    return answered, failed
