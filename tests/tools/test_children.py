"""Programs that live and die together."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from tools.children import Children
from tools.steps import Stop

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
HOLD = "; import time; time.sleep(60)"
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time, pathlib, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "pathlib.Path(sys.argv[1]).touch(); time.sleep(60)",
]


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_when_one_ends_all_are_stopped_and_it_is_named() -> None:
    with pytest.raises(Stop, match=r"^Der Arbeiter hat sich beendet \(Code 3\)\."), Children({}) as children:
        children.start("Der Webserver", SLEEPER)
        pids = [process.pid for process in children._running.values()]
        children.start("Der Arbeiter", [sys.executable, "-c", "raise SystemExit(3)"])
        children.watch()
    assert [_alive(pid) for pid in pids] == [False]


def test_ctrl_c_stops_everything_in_good_order(tmp_path: Path) -> None:
    log, before = tmp_path / "log", signal.getsignal(signal.SIGINT)
    threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    with Children({"GREETING": "hallo"}) as children:
        children.start(
            "Der Redner", [sys.executable, "-uc", "import os; print(os.environ['GREETING'])" + HOLD], log
        )
        children.start("Der Schläfer", SLEEPER)
        pids = [process.pid for process in children._running.values()]
        children.watch()
    assert [_alive(pid) for pid in pids] == [False, False]
    assert log.read_text() == "hallo\n"
    assert signal.getsignal(signal.SIGINT) is before


def test_one_that_does_not_listen_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tools.children.PATIENCE_SECONDS", 0.3)
    ready = tmp_path / "ready"
    with Children({}) as children:
        children.start("Der Sture", [*STUBBORN, ready])
        children.wait_until(ready.exists, seconds=10, what="Der Sture")
        (process,) = children._running.values()
    assert not _alive(process.pid)
    assert capsys.readouterr().out == "Der Sture braucht zu lange und wird beendet.\n"


def test_waiting_has_an_end() -> None:
    started = time.monotonic()
    with (
        pytest.raises(Stop, match="Der Webserver ist nach 0 Sekunden noch nicht bereit"),
        Children({}) as children,
    ):
        children.start("Der Webserver", SLEEPER)
        children.wait_until(lambda: False, seconds=0.3, what="Der Webserver")
    assert time.monotonic() - started < 10
