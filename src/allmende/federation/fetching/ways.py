"""The four kinds of source."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from allmende.federation.fetching.archives import Wants, bounded, from_archive
from allmende.federation.fetching.base import Fetched, Known, Limits, SourceProblem, safe_key
from allmende.federation.fetching.web import Client, is_web

# Of a list of addresses that lies on this machine.
MAX_LIST_BYTES = 50_000_000


def fetch(kind: str, location: str, *, wants: Wants, limits: Limits, known: Known) -> Iterator[Fetched]:
    """Records of a source, each key once, in the order of their keys where the source has one.

    Raises `SourceProblem` where the source as a whole cannot be read; records that came before are good.
    """
    return WAYS[kind](location, wants, limits, known)


def _from_directory(location: str, wants: Wants, limits: Limits, known: Known) -> Iterator[Fetched]:
    root = Path(location)
    if not root.is_dir():
        raise SourceProblem(f"Das Verzeichnis „{location}“ gibt es nicht, oder es ist nicht lesbar.")
    for path in _files_below(root):
        name = path.relative_to(root).as_posix()
        if wants(name):
            yield _read_file(path, safe_key(name), limits)


def _files_below(root: Path) -> Iterator[Path]:
    """Files in the order of their names, without following links: a link may lead anywhere, or in circles."""

    def unreadable(error: OSError) -> None:
        raise SourceProblem(f"Ein Teil des Verzeichnisses ist nicht lesbar ({error.strerror}).") from error

    for folder, folders, names in os.walk(root, followlinks=False, onerror=unreadable):
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            # Neither pipes nor devices: to read them may never end.
            if path.is_file() and not path.is_symlink():
                yield path


def _read_file(path: Path, key: str, limits: Limits) -> Fetched:
    try:
        with path.open("rb") as file:
            return bounded(key, file, limits)
    except OSError as error:
        return Fetched(key=key, problem=f"Die Datei ist nicht lesbar ({error.strerror}).")


def _from_file(location: str, wants: Wants, limits: Limits, known: Known) -> Iterator[Fetched]:
    if is_web(location):
        with Client(limits) as client:
            yield client.get(location, known(safe_key(location)))
        return
    path = Path(location)
    if not path.is_file():
        raise SourceProblem(f"Die Datei „{location}“ gibt es nicht.")
    yield _read_file(path, safe_key(path.name), limits)


def _from_list(location: str, wants: Wants, limits: Limits, known: Known) -> Iterator[Fetched]:
    with Client(limits) as client:
        for address in _addresses(location, client, limits):
            if is_web(address):
                yield client.get(address, known(safe_key(address)))
            else:
                problem = "Das ist keine Adresse, die mit https:// beginnt."
                yield Fetched(key=safe_key(address), problem=problem, is_defect=True)


def _addresses(location: str, client: Client, limits: Limits) -> list[str]:
    if is_web(location):
        answer = client.get(location)
        if answer.content is None:
            raise SourceProblem(f"Die Liste ist nicht erreichbar: {answer.problem}")
        content = answer.content
    else:
        content = _list_on_this_machine(location)
    lines = (line.strip() for line in content.decode("utf-8-sig", errors="replace").splitlines())
    addresses = list(dict.fromkeys(line for line in lines if line and not line.startswith("#")))
    if len(addresses) > limits.max_records:
        raise SourceProblem(f"Die Liste hat mehr als {limits.max_records} Adressen.")
    return addresses


def _list_on_this_machine(location: str) -> bytes:
    try:
        with Path(location).open("rb") as file:
            content = file.read(MAX_LIST_BYTES + 1)
    except OSError as error:
        raise SourceProblem(f"Die Liste „{location}“ ist nicht lesbar ({error.strerror}).") from error
    if len(content) > MAX_LIST_BYTES:
        raise SourceProblem("Die Liste ist größer als 50 MB.")
    return content


WAYS: dict[str, Callable[[str, Wants, Limits, Known], Iterator[Fetched]]] = {
    "directory": _from_directory,
    "archive": from_archive,
    "list": _from_list,
    "file": _from_file,
}
