"""Which lexicon is in use: chosen by settings, compiled once, kept in a file."""

import hashlib
import json
import logging
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path

from allmende.retrieval import wordlists
from allmende.retrieval.lexicon import PACKED, Lexicon
from allmende.retrieval.lexicon_making import MAKING, compiled
from allmende.retrieval.wordlists import WordList

FIELD_WORDS = Path(__file__).parent / "data" / "field_words.txt"
_log = logging.getLogger(__name__)


@dataclass
class _Chosen:
    operators_words: Path | None = None
    directory: Path | None = None
    told: list[Callable[[], None]] = field(default_factory=list)


_chosen = _Chosen()


def use(operators_words: Path | None = None, directory: Path | None = None) -> None:
    """Names the operator's list and the directory where the compiled file is kept; settings call it once.

    Without a directory it is kept in the user's cache.
    """
    _chosen.operators_words, _chosen.directory = operators_words, directory
    forget()


def in_use() -> tuple[Path | None, Path | None]:
    """What `use` was called with, for other processes."""
    return _chosen.operators_words, _chosen.directory


def kept_in() -> Path:
    """The directory of the compiled file."""
    return _chosen.directory or Path.home() / ".cache" / "allmende"


def forget() -> None:
    """Read the lists anew at the next word, here and in all that keeps words taken apart."""
    for kept in (_texts, fingerprint, lexicon):
        kept.cache_clear()
    for tell in _chosen.told:
        tell()


def when_forgotten(tell: Callable[[], None]) -> None:
    """For what keeps words taken apart: called whenever they may be taken apart otherwise from now on."""
    _chosen.told.append(tell)


@cache
def _texts() -> tuple[str, ...]:
    """The lists as they were when first asked for: a file that is edited meanwhile counts after a restart."""
    texts = [FIELD_WORDS.read_text("utf-8")]
    if _chosen.operators_words:
        try:
            texts.append(_chosen.operators_words.read_text("utf-8", errors="replace"))
        except OSError as error:
            _log.error("The list of words %s cannot be read: %s", _chosen.operators_words, error)
    return tuple(texts)


@cache
def fingerprint() -> str:
    """Changes with every change of a list, of the dictionary's edition or of how they are compiled."""
    said = json.dumps([MAKING, version("german-nouns"), *_texts()])
    return hashlib.sha256(said.encode()).hexdigest()[:16]


@cache
def lexicon() -> Lexicon:
    """From its file where there is one, else compiled (some seconds) and kept there for every other process."""
    file = kept_in() / f"lexicon-{PACKED}-{fingerprint()}"
    with suppress(OSError, ValueError, KeyError):
        return Lexicon(file.read_bytes())
    content = compiled(_lists())
    with suppress(OSError):
        _keep(file, content)
    return Lexicon(content)


def _lists() -> Iterator[WordList]:
    for text in _texts():
        words = wordlists.read(text)
        for problem in words.problems:
            _log.warning("A list of words has a line that cannot be understood, %s", problem)
        yield words


def _keep(file: Path, content: bytes) -> None:
    """In one step, so that nobody reads half of it. Files of other lists are left: another process may use them."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(prefix="making-", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(content)
        Path(beside).replace(file)
    except OSError:
        Path(beside).unlink(missing_ok=True)
        raise
