"""Requests to other hosts: never into the operator's own network, never without end."""

import ipaddress
import socket
import time
from types import TracebackType
from typing import IO, Self
from urllib.parse import urlsplit

import httpx

from allmende.federation.fetching.base import Conditions, Fetched, Limits, SourceProblem

MAX_REDIRECTS = 5
_CHUNK = 64 * 1024


class Forbidden(httpx.RequestError):
    """The address leads into a private network or is none that we ask."""


class GuardedTransport(httpx.BaseTransport):
    """Looks a host up once, refuses private addresses, and connects to the very address it has looked at.

    Checking the name and letting the library look it up again would let a host answer differently the second time.
    Each redirect comes through here again.
    """

    def __init__(self, private_hosts: tuple[str, ...]) -> None:
        self._inner = httpx.HTTPTransport(retries=0, trust_env=False)
        self._private_hosts = private_hosts

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        if request.url.scheme not in ("http", "https"):
            raise Forbidden("Nur Adressen mit http:// oder https:// werden abgerufen.")
        address = self._look_up(host, request.url.port or (443 if request.url.scheme == "https" else 80))
        pinned = httpx.Request(
            request.method,
            request.url.copy_with(host=address),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": host},
        )
        return self._inner.handle_request(pinned)

    def _look_up(self, host: str, port: int) -> str:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpx.ConnectError(f"Der Rechner „{host[:100]}“ ist nicht bekannt.") from error
        addresses = [str(entry[4][0]) for entry in found]
        if host not in self._private_hosts and not all(_is_public(address) for address in addresses):
            raise Forbidden(
                "Die Adresse führt in ein privates Netz und wird nicht abgerufen. "
                "Wenn das gewollt ist, trägt der Betrieb den Rechner in ALLMENDE_HARVEST_PRIVATE_HOSTS ein."
            )
        return addresses[0]

    def close(self) -> None:
        self._inner.close()


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.split("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None)
    if mapped:
        ip = mapped
    return ip.is_global and not ip.is_multicast


class Client:
    """Asks hosts for records; use as a context manager."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._http = httpx.Client(
            transport=GuardedTransport(limits.private_hosts),
            follow_redirects=True,
            max_redirects=MAX_REDIRECTS,
            timeout=httpx.Timeout(min(limits.seconds, 10.0)),
            trust_env=False,
            headers={"User-Agent": "Allmende (Abgleich)", "Accept": "*/*"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def get(self, address: str, conditions: Conditions | None = None) -> Fetched:
        """One record; what goes wrong is told in the record and not raised."""
        key = address[:1000]
        try:
            with self._http.stream("GET", address, headers=_conditional(conditions)) as answer:
                return self._read(key, answer)
        except Forbidden as error:
            return Fetched(key=key, problem=str(error), is_defect=True)
        except httpx.TooManyRedirects:
            return Fetched(key=key, problem=f"Die Adresse leitet mehr als {MAX_REDIRECTS}-mal weiter.")
        except httpx.TimeoutException:
            return Fetched(key=key, problem="Der Rechner hat nicht rechtzeitig geantwortet.")
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            return Fetched(key=key, problem=f"Die Adresse ist nicht erreichbar ({type(error).__name__}).")

    def _read(self, key: str, answer: httpx.Response) -> Fetched:
        if answer.status_code == httpx.codes.NOT_MODIFIED:
            return Fetched(key=key, is_unchanged=True)
        if answer.status_code != httpx.codes.OK:
            return Fetched(key=key, problem=f"Der Rechner antwortet mit dem Fehler {answer.status_code}.")
        content = bytearray()
        ends = time.monotonic() + self._limits.seconds
        for chunk in answer.iter_bytes(_CHUNK):
            content += chunk
            if len(content) > self._limits.max_bytes:
                return Fetched(key=key, problem="Die Datei ist zu groß.", is_defect=True)
            if time.monotonic() > ends:
                return Fetched(key=key, problem="Die Antwort hört nicht auf und wurde abgebrochen.")
        return Fetched(
            key=key,
            content=bytes(content),
            etag=answer.headers.get("etag", "")[:300],
            last_modified=answer.headers.get("last-modified", "")[:100],
        )

    def download(self, address: str, file: IO[bytes], max_bytes: int) -> None:
        """A whole archive into a file; raises `SourceProblem`."""
        # An archive may take longer than a record, but not for ever.
        ends = time.monotonic() + self._limits.seconds * 15
        try:
            with self._http.stream("GET", address) as answer:
                if answer.status_code != httpx.codes.OK:
                    raise SourceProblem(f"Der Rechner antwortet mit dem Fehler {answer.status_code}.")
                for chunk in answer.iter_bytes(_CHUNK):
                    file.write(chunk)
                    if file.tell() > max_bytes or time.monotonic() > ends:
                        raise SourceProblem("Das Archiv ist zu groß oder hört nicht auf.")
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            reason = str(error) if isinstance(error, Forbidden) else type(error).__name__
            raise SourceProblem(f"Das Archiv ist nicht erreichbar ({reason}).") from error


def _conditional(conditions: Conditions | None) -> dict[str, str]:
    headers = {}
    if conditions and conditions.etag:
        headers["If-None-Match"] = conditions.etag
    if conditions and conditions.last_modified:
        headers["If-Modified-Since"] = conditions.last_modified
    return headers


def host_of(address: str) -> str:
    return urlsplit(address).hostname or ""
