"""Several programs that live and die together: started, watched, and stopped as one."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType

from tools.steps import CHECKOUT, Stop, say

_PR_SET_PDEATHSIG = 1

PATIENCE_SECONDS = 10
"""How long a program may take to finish what it is doing before it is ended."""


def die_with_parent() -> None:
    """Run in a new program's process: should we be killed without a chance to stop it, the system does (Linux only)."""
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
    except (OSError, AttributeError):
        pass


class Children:
    """Programs by the name that a person knows them by. Use as a context: leaving it stops all of them."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = {**os.environ, **env}
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._asked_to_stop = False
        self._former: dict[int, object] = {}

    def __enter__(self) -> "Children":
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            self._former[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        for number, handler in self._former.items():
            signal.signal(number, handler)  # type: ignore[arg-type]  # what signal.signal gave us itself

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._asked_to_stop = True

    def start(self, name: str, command: Sequence[str | Path], log: Path | None = None) -> None:
        """Start one program, in a process group of its own: Ctrl-C reaches us, and we end it in good order."""
        output = log.open("ab") if log else None
        self._running[name] = subprocess.Popen(
            [str(part) for part in command],
            cwd=CHECKOUT,
            env=self._env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - we have one thread
        )
        if output:
            output.close()

    def wait_until(self, ready: Callable[[], bool], *, seconds: float, what: str) -> bool:
        """Wait until something holds. False if we were asked to stop meanwhile; `Stop` if it takes too long."""
        deadline = time.monotonic() + seconds
        while not ready():
            if self._asked_to_stop:
                return False
            self._complain_of_the_dead()
            if time.monotonic() > deadline:
                raise Stop(f"{what} ist nach {seconds:.0f} Sekunden noch nicht bereit.")
            time.sleep(0.1)
        return True

    def watch(self) -> None:
        """Return when asked to stop; raise `Stop`, naming the program, when one ends by itself."""
        while not self._asked_to_stop:
            self._complain_of_the_dead()
            time.sleep(0.2)

    def _complain_of_the_dead(self) -> None:
        for name, process in self._running.items():
            code = process.poll()
            if code is not None and not self._asked_to_stop:
                raise Stop(f"{name} hat sich beendet (Code {code}). Deshalb wird alles angehalten.")

    def stop(self) -> None:
        """Ask all to end, wait, then end those that do not."""
        for process in self._running.values():
            _signal_group(process, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE_SECONDS
        for name, process in self._running.items():
            try:
                process.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                say(f"{name} braucht zu lange und wird beendet.")
            # What it started may outlive it.
            _signal_group(process, signal.SIGKILL)
            process.wait()
        self._running.clear()


def _signal_group(process: subprocess.Popen[bytes], number: int) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        pass
