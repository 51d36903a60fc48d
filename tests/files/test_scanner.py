import socket
import tempfile
from pathlib import Path

import pytest

from allmende.files import scanner
from allmende.files.scanner import NotScanned, ScannerAway, Verdict, answers, scan
from tests.files.clamd import Clamd, running
from tests.files.making import EICAR


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 10_000_000])
def test_every_byte_reaches_the_scanner(clamd: Clamd, size: int) -> None:
    data = bytes(range(256)) * (size // 256) + bytes(size % 256)
    assert scan(data, address=clamd.address) == Verdict("")
    assert clamd.seen == [data]


def test_the_test_virus_is_found_by_name(clamd: Clamd) -> None:
    verdict = scan(b"%PDF-1.7\n" + EICAR + b"\n%%EOF", address=clamd.address)
    assert (verdict.found, verdict.is_clean) == ("Eicar-Signature", False)


def test_a_scanner_may_live_at_a_path() -> None:
    # A socket's path may have a hundred letters; those of tests are longer.
    with tempfile.TemporaryDirectory(dir="/tmp") as folder, running(Path(folder) / "c.sock") as server:
        assert scan(EICAR, address=server.address).found == "Eicar-Signature"
        assert answers(server.address)
    assert not answers(server.address)


def test_what_the_scanner_would_not_look_at_is_no_verdict(clamd: Clamd) -> None:
    clamd.largest = 10
    with pytest.raises(NotScanned, match="size limit exceeded"):
        scan(bytes(11), address=clamd.address)
    assert scan(bytes(10), address=clamd.address).is_clean


@pytest.mark.parametrize(
    "answer",
    [
        b"stream: OK",
        b"\0",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"stream: OK FOUND maybe\0",
        b"x" * 5000,
        b"stream:  FOUND\0",
    ],
)
def test_an_answer_that_is_not_clamds_is_nobody(clamd: Clamd, answer: bytes) -> None:
    clamd.answer = answer
    with pytest.raises(ScannerAway):
        scan(b"x", address=clamd.address)


def test_a_scanner_that_hangs_up_is_away(clamd: Clamd) -> None:
    clamd.hangs_up = True
    with pytest.raises(ScannerAway):
        scan(b"x", address=clamd.address)


def test_a_scanner_that_says_nothing_is_away_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanner, "PATIENCE", 0.2)
    monkeypatch.setattr(scanner._connected, "__kwdefaults__", {"patience": 0.2})
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(ScannerAway, match="timed out"):
        scan(b"x", address=f"127.0.0.1:{silent.getsockname()[1]}")


def test_nobody_at_the_address_is_away() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
    for nobody in (address, "/gibt/es/nicht.sock", "127.0.0.1:99999"):
        with pytest.raises(ScannerAway):
            scan(b"x", address=nobody)
        assert not answers(nobody)


def test_whoever_is_there_is_found(clamd: Clamd) -> None:
    assert answers(clamd.address)
