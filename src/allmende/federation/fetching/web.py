"""Requests to other hosts: never into the operator's own network, never without end."""

import ipaddress
import socket
import time
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import IO, Any, Self

import httpcore
import httpx

from allmende.federation.fetching.base import (
    Conditions,
    Fetched,
    Limits,
    SourceProblem,
    safe_key,
    too_large,
)

MAX_REDIRECTS = 5
# Shorter than the lease of a run, which gives no sign of life meanwhile.
ARCHIVE_SECONDS = 240.0
_CHUNK = 64 * 1024
_GONE = (httpx.codes.NOT_FOUND, httpx.codes.GONE)


class Forbidden(Exception):
    """The address leads into a private network or is none that we ask."""


class _Garbled(Exception):
    """The answer is packed in a way that we did not ask for, or breaks off."""


class _Deadline:
    """When the answer at hand has to be there as a whole: a host that sends a byte now and then is not waited for."""

    def __init__(self) -> None:
        self._ends = 0.0

    def begin(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    def left(self, timeout: float | None, error: type[Exception]) -> float:
        remaining = self._ends - time.monotonic()
        if remaining <= 0:
            raise error
        return remaining if timeout is None else min(timeout, remaining)


class _Timed(httpcore.NetworkStream):
    """A connection on which no wait outlasts the deadline."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._inner, self._deadline = inner, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._deadline.left(timeout, httpcore.ConnectTimeout)
        return _Timed(self._inner.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Guard(httpcore.NetworkBackend):
    """Looks a host up once, refuses private addresses, and connects to the very addresses it has looked at.

    Checking the name and letting the library look it up again would let a host answer differently the second time.
    Every connection is made here, those of redirects too, and certificates are still checked against the name.
    """

    def __init__(self, private_hosts: tuple[str, ...], deadline: _Deadline) -> None:
        self._inner = httpcore.SyncBackend()
        self._private_hosts = private_hosts
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError(f"Der Rechner „{host[:100]}“ ist nicht bekannt.")
        for address in self._look_up(host, port):
            left = self._deadline.left(timeout, httpcore.ConnectTimeout)
            try:
                stream = self._inner.connect_tcp(address, port, left, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Timed(stream, self._deadline)
        raise failure

    def _look_up(self, host: str, port: int) -> list[str]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return []
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        # One private address among public ones is one too many: the host may have been set up to be tried again.
        if host not in self._private_hosts and not all(is_public(address) for address in addresses):
            raise Forbidden(
                "Die Adresse führt in ein privates Netz und wird nicht abgerufen. "
                "Wenn das gewollt ist, trägt der Betrieb den Rechner in ALLMENDE_HARVEST_PRIVATE_HOSTS ein."
            )
        return addresses


def is_public(address: str) -> bool:
    """Whether an IP address lies in the public network, also where it is an IPv4 address dressed as IPv6."""
    ip = ipaddress.ip_address(address.split("%")[0])
    return all(each.is_global and not each.is_multicast for each in (ip, *_inner_addresses(ip)))


def _inner_addresses(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> Iterator[ipaddress.IPv4Address]:
    if isinstance(ip, ipaddress.IPv4Address):
        return
    if ip.ipv4_mapped:
        yield ip.ipv4_mapped
    if ip.sixtofour:
        yield ip.sixtofour
    if ip.teredo:
        yield from ip.teredo
    if ip in ipaddress.ip_network("64:ff9b::/96"):  # the gateways that let IPv6 speak to IPv4
        yield ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)


class _Transport(httpx.HTTPTransport):
    """httpx's own, with connections made by the guard; it has no parameter for that."""

    def __init__(self, guard: _Guard) -> None:
        super().__init__(trust_env=False)
        self._pool.close()
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False),
            network_backend=guard,
            max_connections=10,
            max_keepalive_connections=2,
            keepalive_expiry=5.0,
        )


class Client:
    """Asks hosts for records; use as a context manager."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._deadline = _Deadline()
        self._http = httpx.Client(
            transport=_Transport(_Guard(limits.private_hosts, self._deadline)),
            timeout=httpx.Timeout(min(limits.seconds, 10.0)),
            trust_env=False,
            headers={"User-Agent": "Allmende (Abgleich)", "Accept": "*/*", "Accept-Encoding": "gzip"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def get(self, address: str, conditions: Conditions | None = None) -> Fetched:
        """One record; what goes wrong is told in the record and not raised."""
        key = safe_key(address)
        try:
            with self._answer(address, self._limits.seconds, _conditional(conditions)) as answer:
                return self._read(key, answer)
        except Forbidden as error:
            return Fetched(key=key, problem=str(error), is_defect=True)
        except httpx.InvalidURL:
            return Fetched(key=key, problem="Das ist keine gültige Adresse.", is_defect=True)
        except _UNREACHABLE as error:
            return Fetched(key=key, problem=_in_words(error))

    def download(self, address: str, file: IO[bytes], max_bytes: int) -> None:
        """A whole archive into a file; raises `SourceProblem`."""
        try:
            with self._answer(address, ARCHIVE_SECONDS, {}) as answer:
                if answer.status_code != httpx.codes.OK:
                    raise SourceProblem(f"Der Rechner antwortet mit dem Fehler {answer.status_code}.")
                for chunk in _body(answer):
                    file.write(chunk)
                    if file.tell() > max_bytes:
                        raise SourceProblem(f"Das Archiv ist größer als {max_bytes // 1_000_000} MB.")
        except (Forbidden, *_UNREACHABLE, httpx.InvalidURL) as error:
            raise SourceProblem(f"Das Archiv ist nicht erreichbar. {_in_words(error)}") from error

    @contextmanager
    def _answer(self, address: str, seconds: float, headers: dict[str, str]) -> Iterator[httpx.Response]:
        """The answer behind all redirects. The library would read the bodies of redirects, however long they are."""
        self._deadline.begin(seconds)
        self._http.cookies.clear()
        request = self._http.build_request("GET", address, headers=headers)
        for _ in range(MAX_REDIRECTS + 1):
            if request.url.scheme not in ("http", "https"):
                raise Forbidden("Nur Adressen mit http:// oder https:// werden abgerufen.")
            answer = self._send(request)
            try:
                if answer.next_request is None:
                    yield answer
                    return
                request = answer.next_request
            finally:
                answer.close()
        raise httpx.TooManyRedirects("", request=request)

    def _send(self, request: httpx.Request) -> httpx.Response:
        try:
            return self._http.send(request, stream=True)
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
            # The host may have closed a connection that was kept in the same moment: asked anew, it answers.
            return self._http.send(request, stream=True)

    def _read(self, key: str, answer: httpx.Response) -> Fetched:
        if answer.status_code == httpx.codes.NOT_MODIFIED:
            return Fetched(key=key, is_unchanged=True)
        if answer.status_code in _GONE:
            problem = f"Unter der Adresse gibt es nichts (Fehler {answer.status_code})."
            return Fetched(key=key, problem=problem, is_defect=True, is_gone=True)
        if answer.status_code != httpx.codes.OK:
            return Fetched(key=key, problem=f"Der Rechner antwortet mit dem Fehler {answer.status_code}.")
        content = bytearray()
        for chunk in _body(answer):
            content += chunk
            if len(content) > self._limits.max_bytes:
                return Fetched(key=key, problem=too_large(self._limits), is_defect=True)
        return Fetched(
            key=key,
            content=bytes(content),
            etag=answer.headers.get("etag", "")[:300],
            last_modified=answer.headers.get("last-modified", "")[:100],
        )


_UNREACHABLE = (httpx.HTTPError, httpx.StreamError, _Garbled, ValueError)


def _in_words(error: Exception) -> str:
    if isinstance(error, Forbidden):
        return str(error)
    if isinstance(error, httpx.TooManyRedirects):
        return f"Die Adresse leitet mehr als {MAX_REDIRECTS}-mal weiter."
    if isinstance(error, httpx.TimeoutException):
        return "Der Rechner hat nicht rechtzeitig geantwortet."
    if isinstance(error, httpx.ConnectError):
        return "Der Rechner ist nicht erreichbar oder unbekannt."
    if isinstance(error, _Garbled):
        return "Die Antwort ist beschädigt oder unvollständig."
    return f"Die Adresse ist nicht erreichbar ({type(error).__name__})."


def _body(answer: httpx.Response) -> Iterator[bytes]:
    """The unpacked body in small pieces. The library would unpack a whole piece of the wire at once, and twice
    what is packed twice: a small answer could fill the memory."""
    packing = answer.headers.get("content-encoding", "identity").strip().lower()
    if packing in ("", "identity"):
        yield from answer.iter_raw(_CHUNK)
        return
    if packing not in ("gzip", "x-gzip", "deflate"):
        raise _Garbled
    unpacker = zlib.decompressobj(wbits=47)  # gzip or zlib, as the header says
    try:
        for packed in answer.iter_raw(_CHUNK):
            piece = packed
            while piece and not unpacker.eof:
                yield unpacker.decompress(piece, _CHUNK)
                piece = unpacker.unconsumed_tail
    except zlib.error as error:
        raise _Garbled from error
    if not unpacker.eof:
        raise _Garbled


def _conditional(conditions: Conditions | None) -> dict[str, str]:
    headers = {}
    if conditions and conditions.etag:
        headers["If-None-Match"] = conditions.etag
    if conditions and conditions.last_modified:
        headers["If-Modified-Since"] = conditions.last_modified
    return headers


def is_web(location: str) -> bool:
    return location.startswith(("http://", "https://"))
