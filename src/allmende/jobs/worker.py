"""The loop of `allmende worker`."""

import logging
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Collection
from datetime import UTC, datetime
from types import FrameType

from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from allmende.jobs import actions, leases, queries, running
from allmende.jobs.leases import Claim

logger = logging.getLogger(__name__)

# Short enough that a published change is found within two seconds; an idle look is one indexed read.
POLL_SECONDS = 0.2
CARE_SECONDS = 1.0
# After the database went away.
PAUSE_SECONDS = 1.0
# A lease is renewed four times in its life, so that one late beat does not cost it.
BEATS_PER_LEASE = 4


def clock() -> datetime:
    """The worker is an edge: time comes in here."""
    return datetime.now(UTC)


class Heartbeat(threading.Thread):
    """Renews the lease of the job that the worker is at, over a connection of its own.

    While a transaction holds SQLite's write lock, a beat waits; the reaper of another worker waits there as well.
    """

    def __init__(self) -> None:
        super().__init__(name="heartbeat", daemon=True)
        self._news = threading.Condition()
        self._claim: Claim | None = None
        self._over = False

    def hold(self, claim: Claim | None) -> None:
        """Keep this claim alive from now on, or none."""
        with self._news:
            self._claim = claim
            self._news.notify()

    def end(self) -> None:
        with self._news:
            self._over = True
            self._news.notify()

    def run(self) -> None:
        while not self._over:
            claim = self._next_beat()
            if claim is not None:
                self._beat(claim)
        connection.close()

    def _next_beat(self) -> Claim | None:
        """Wait until the claim held is due for a beat; None: look again."""
        with self._news:
            claim = self._claim
            if self._over:
                return None
            pause = claim.policy.lease_seconds / BEATS_PER_LEASE if claim else None
            told = self._news.wait(pause)
            return None if told or claim is not self._claim else claim

    def _beat(self, claim: Claim) -> None:
        try:
            if not leases.renew(claim, now=clock()) and claim is self._claim:
                logger.warning("the lease of %s is lost", claim.row.task_path)
        except (DatabaseError, InterfaceError):
            logger.warning("a heartbeat for %s did not get through", claim.row.task_path, exc_info=True)
            connection.close()


class Worker:
    """Claims and runs jobs one after the other, cares for leases and schedules, and stops when told."""

    def __init__(self, *, queues: Collection[str] = (), once: bool = False) -> None:
        self.name = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(3)}"
        self.queues = queues
        self.once = once
        self.done = 0
        self._stopping = False
        self._idle = True
        self._next_care = 0.0
        self._heartbeat = Heartbeat()

    def stop(self, signum: int, _frame: FrameType | None = None) -> None:
        """First signal: finish the job at hand. Second: leave it, its transaction is rolled back."""
        if self._stopping:
            raise SystemExit(128 + signum)
        self._stopping = True

    def listen(self) -> None:
        """Let SIGTERM and SIGINT stop this worker."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)

    def work(self) -> int:
        """Work until told to stop, or with `once` until nothing is ready; how many jobs were run."""
        self._heartbeat.start()
        try:
            while not self._stopping:
                self._idle = not self._turn()
                if self._idle and self.once:
                    break
                if self._idle and not self._stopping:
                    time.sleep(POLL_SECONDS)
        finally:
            self._heartbeat.end()
        return self.done

    def _turn(self) -> bool:
        close_old_connections()
        try:
            self._care()
            return self._work_one()
        except (DatabaseError, InterfaceError):
            if self.once:
                raise
            logger.exception("the database does not answer, trying again in %s s", PAUSE_SECONDS)
            connection.close()
            time.sleep(PAUSE_SECONDS)
            return False

    def _care(self) -> None:
        if time.monotonic() < self._next_care:
            return
        leases.reap(now=clock())
        actions.begin_due(now=clock())
        self._next_care = time.monotonic() + CARE_SECONDS

    def _work_one(self) -> bool:
        # To claim takes a write lock on SQLite; a worker that was idle looks first.
        if self._idle and not queries.ready(clock(), self.queues).exists():
            return False
        claim = leases.claim(self.name, now=clock(), queues=self.queues)
        if claim is None:
            return False
        self._heartbeat.hold(claim)
        try:
            running.run(claim, clock=clock)
        finally:
            self._heartbeat.hold(None)
            self.done += 1
        return True
