"""What lies near a question in meaning, if that can be said in time.

Meaning is never in the way: where there is no model, where it is still being loaded, where it answers too late or not
at all, a question is answered by its words alone. A worker waits for the model, a page does not.
"""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from django.conf import settings

from allmende.retrieval.meaning.chunks import CHUNKING
from allmende.retrieval.meaning.factory import embedder
from allmende.retrieval.meaning.protocol import Embedder, MeaningUnavailable, Reading, Vector, Vectors
from allmende.retrieval.meaning.vectors import VectorStore

logger = logging.getLogger(__name__)

PATIENCE = 0.3
"""Seconds a page waits for the vector of its question."""

REST = 20.0
"""Seconds without a further try after one that failed: a page does not pay for a broken model each time."""

SHORT_REST = 2.0
"""The same after one that came too late, which may be the fault of a busy moment."""

NEAREST = 300
"""Entries that a question brings along; pages beyond them are filled by words."""

KEPT_QUESTIONS = 1_000
AT_ONCE = 2
MOST_WAITING = 8
"""Questions at work or in line for that; who comes after them is answered by words."""


@dataclass(frozen=True)
class Nearness:
    """Similarity by id of the nearest entries, and the number of each one's nearest piece of text.

    `is_late`: there is meaning here, but not in time for this answer, which is not to be kept.
    """

    by_id: Mapping[str, float] = field(default_factory=dict)
    pieces: Mapping[str, int] = field(default_factory=dict)
    is_late: bool = False


NOTHING, LATE = Nearness(), Nearness(is_late=True)


class Meaning:
    """A model and the store of its vectors."""

    def __init__(self, model: Embedder, directory: Path) -> None:
        self.model = model
        self._directory = directory
        self._pool = ThreadPoolExecutor(AT_ONCE, "question")
        self._kept: OrderedDict[str, Vector] = OrderedDict()
        self._lock = threading.Lock()
        self._busy = 0
        self._rests_until = 0.0

    @cached_property
    def vectors(self) -> Vectors:
        """Raises `MeaningUnavailable` where the model is far away and has never answered."""
        # Other pieces of the same texts are other vectors.
        name = f"{self.model.name}/pieces-{CHUNKING}"
        return VectorStore(self._directory, name, self.model.dimensions)

    def near(self, text: str, *, is_language: bool = False) -> Nearness:
        """Never raises. Unless the text is known to be language, the model is asked whether it is."""
        if not is_language and isinstance(self.model, Reading) and not self.model.reads(text):
            return NOTHING
        vector = self._vector(" ".join(text.split()))
        if vector is None:
            return LATE
        try:
            nearest = self.vectors.nearest(vector, NEAREST)
        except MeaningUnavailable as error:
            # It may pass without anybody repairing anything, and then nothing would tell those who keep the answer.
            logger.debug("vectors cannot be searched: %s", error)
            return LATE
        return Nearness(
            {near.id: near.similarity for near in nearest}, {near.id: near.chunk for near in nearest}
        )

    def _vector(self, text: str) -> Vector | None:
        with self._lock:
            if text in self._kept:
                self._kept.move_to_end(text)
                return self._kept[text]
            if self._busy >= MOST_WAITING or time.monotonic() < self._rests_until:
                return None
            self._busy += 1
        answer = self._pool.submit(self.model.query, text)
        answer.add_done_callback(lambda done: self._arrived(text, done))
        try:
            return answer.result(PATIENCE)
        except TooLate:
            self._rest(SHORT_REST, f"no vector within {PATIENCE} s")
        except MeaningUnavailable as error:
            self._rest(REST, str(error))
        except Exception as error:  # noqa: BLE001  (whatever a model raises, the page goes on by words)
            self._rest(REST, repr(error))
        return None

    def _arrived(self, text: str, answer: "Future[Vector]") -> None:
        """Late ones are kept too: who asks again gets them."""
        with self._lock:
            self._busy -= 1
            if not answer.cancelled() and answer.exception() is None:
                self._kept[text] = answer.result()
                while len(self._kept) > KEPT_QUESTIONS:
                    self._kept.popitem(last=False)

    def _rest(self, seconds: float, why: str) -> None:
        logger.warning("questions are answered by words alone for %s s: %s", seconds, why)
        self._rests_until = time.monotonic() + seconds


class _Process:
    """The one meaning of this process: loaded once, by whoever needs it first, or by a thread beside the pages."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._starting = threading.Lock()
        self._is_loaded = False
        self._meaning: Meaning | None = None
        self._loader: threading.Thread | None = None

    @property
    def is_loaded(self) -> bool:
        return self._is_loaded

    @property
    def meaning(self) -> Meaning | None:
        return self._meaning

    def wait(self) -> Meaning | None:
        """Load it here and now, if nobody has yet."""
        with self._lock:
            if not self._is_loaded:
                self._meaning = _load()
                self._is_loaded = True
        return self._meaning

    def begin(self) -> None:
        """Have it loaded beside; returns at once."""
        with self._starting:
            if self._loader is None and not self._is_loaded:
                self._loader = threading.Thread(target=self.wait, name="meaning", daemon=True)
                self._loader.start()


_process = _Process()


def _load() -> Meaning | None:
    started = time.monotonic()
    try:
        model = embedder(
            settings.SEARCH_EMBEDDINGS,
            model=settings.SEARCH_EMBEDDINGS_MODEL,
            key=settings.SEARCH_EMBEDDINGS_KEY,
        )
    except MeaningUnavailable as error:
        logger.warning("ALLMENDE_EMBEDDINGS: questions are answered by words alone, because %s", error)
        return None
    except Exception:
        logger.exception(
            "ALLMENDE_EMBEDDINGS: the model cannot be loaded; questions are answered by words alone"
        )
        return None
    if model is None:
        return None
    logger.info("meanings by %s, loaded in %.1f s", model.name, time.monotonic() - started)
    return Meaning(model, Path(settings.SEARCH_VECTORS_DIR))


def is_wanted() -> bool:
    """Whether this installation is to have meaning at all."""
    return settings.SEARCH_EMBEDDINGS != "none"


def here() -> Meaning | None:
    """The meaning of this installation, loaded if need be; None where there is none. For workers and commands."""
    return _process.wait() if is_wanted() else None


def drop_vectors() -> bool:
    """From now on there is no store; what it kept on disk goes with the next rebuild. Whether there was one."""
    current = Path(settings.SEARCH_VECTORS_DIR, "current")
    was_there = current.is_symlink() or current.exists()
    current.unlink(missing_ok=True)
    return was_there


def warm_up() -> None:
    """Begin to load, so that the first question finds it there. For a web server as it starts."""
    if is_wanted():
        _process.begin()


def near(text: str, *, is_language: bool = False) -> Nearness:
    """The entries nearest in meaning, of all kinds. Never raises and never waits long."""
    if not is_wanted():
        return NOTHING
    if not _process.is_loaded:
        _process.begin()
        return LATE
    meaning = _process.meaning
    return meaning.near(text, is_language=is_language) if meaning else NOTHING


def state() -> str:
    """Changes whenever the same question may be answered otherwise because of what this process has loaded: for keys
    of caches. Of new vectors the version of the topic "search" tells."""
    if not is_wanted() or not _process.is_loaded:
        return ""
    return _process.meaning.model.name if _process.meaning else ""


def forget() -> None:
    """Load again at the next need; for tests."""
    global _process  # noqa: PLW0603 - one process, one model
    _process = _Process()
