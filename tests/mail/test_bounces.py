"""What comes back: recognised where it is a report of ours, harmless where it is anything else."""

import datetime
import io
import sys
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError
from hypothesis import given
from hypothesis import strategies as st

from allmende.jobs.actions import run_all
from allmende.journal.queries import of_kinds
from allmende.lib.actors import Actor
from allmende.mail.actions import receive, trust_again
from allmende.mail.models import Letter, UndeliverableAddress
from allmende.mail.queries import is_undeliverable
from allmende.mail.reports import Report, is_hard, read, status_in
from tests.mail.conftest import Write

TOKEN = "0123456789abcdef" * 2
MAIL = Actor.program("mail")


def report(
    *,
    to: str = f"bounces+{TOKEN}@allmende.example",
    action: str = "failed",
    status: str = "5.1.1",
    message_id: str = "abc@allmende.example",
    quoted: str = "text/rfc822-headers",
) -> bytes:
    """As mail servers write it."""
    inner = f"Message-ID: <{message_id}>\r\nSubject: Ihre Anfrage\r\n\r\n"
    return (
        f"Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nTo: {to}\r\nSubject: Undelivered\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nI'm sorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; kim@stadt.example\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; 550 {status} no such\r\n user here\r\n\r\n"
        f"--b\r\nContent-Type: {quoted}\r\n\r\n{inner}--b--\r\n"
    ).encode()


# -------------------------------------------------------------------------------------------------------- the reader


def test_a_report_names_letter_status_and_reason() -> None:
    assert read(report()) == Report(
        (TOKEN,), ("abc@allmende.example",), "5.1.1", "smtp; 550 5.1.1 no such user here"
    )


def test_a_quoted_letter_is_as_good_as_its_headers() -> None:
    found = read(report(quoted="message/rfc822"))
    assert found is not None
    assert found.message_ids == ("abc@allmende.example",)


def test_the_receiver_of_the_envelope_counts_where_the_headers_name_another() -> None:
    found = read(report(to="somebody@else.example"), recipient=f"bounces+{TOKEN}@allmende.example")
    assert found is not None
    assert found.tokens == (TOKEN,)


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded", "", "failed-not"])
def test_a_letter_that_is_late_or_has_arrived_did_not_bounce(action: str) -> None:
    assert read(report(action=action)) is None


def test_a_status_that_stands_in_the_diagnosis_alone_is_found() -> None:
    found = read(report().replace(b"Status: 5.1.1\r\n", b""))
    assert found is not None
    assert found.status == "5.1.1"


@pytest.mark.parametrize(
    ("status", "hard"),
    [
        ("5.1.1", True),
        ("5.0.0", True),
        ("5.4.4", True),
        ("5.2.1", True),
        ("5.2.2", False),
        ("5.2.3", False),
        ("5.3.4", False),
        ("5.7.1", False),
        ("5.6.0", False),
        ("4.4.7", False),
        ("", False),
    ],
)
def test_some_refusals_say_that_the_address_is_of_no_use_and_some_do_not(status: str, hard: bool) -> None:
    assert is_hard(status) is hard


def test_a_status_is_found_within_words() -> None:
    assert [status_in(text) for text in ("550 5.1.1 <x>", "v5.1.12345", "3.1.1", "10.5.1.1.2", "")] == [
        "5.1.1",
        "",
        "",
        "5.1.1",
        "",
    ]


def an_answer() -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = "kim@stadt.example", f"bounces+{TOKEN}@allmende.example"
    message["Subject"], message["Auto-Submitted"] = "Abwesend", "auto-replied"
    message.set_content("Ich bin bis Montag nicht da.")
    return message.as_bytes()


HOSTILE = {
    "nothing": b"",
    "an answer of a person": an_answer(),
    "no boundary": b"Content-Type: multipart/report\r\n\r\nAction: failed\r\n",
    "headers only": report().split(b"\r\n\r\n")[0],
    "a status that is text": report().replace(b"message/delivery-status", b"text/plain"),
    "boxes within boxes": b"".join(
        b'Content-Type: multipart/report; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(2_000)
    ),
    "letters within letters": b"Content-Type: message/rfc822\r\n\r\n" * 5_000,
    "unknown letters": b"Content-Type: multipart/report; charset=x-none; boundary=\xff\xfe\r\n\r\n--\xff\xfe\r\n",
    "a header without end": b"Content-Type: " + b"multipart/report;" * 100_000,
    "nul": report().replace(b"Action: failed", b"Action\x00: failed"),
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_report_gives_none(raw: bytes) -> None:
    assert read(raw) is None


@given(st.binary(max_size=2_000))
def test_no_bytes_break_the_reader(raw: bytes) -> None:
    assert read(raw) is None


@given(st.data())
def test_a_report_with_bytes_changed_anywhere_gives_a_report_or_none(data: st.DataObject) -> None:
    raw = bytearray(report(quoted=data.draw(st.sampled_from(["message/rfc822", "text/rfc822-headers"]))))
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(raw) - 1))
        raw[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=6))
    found = read(bytes(raw), recipient=data.draw(st.text(max_size=60)))
    assert found is None or (len(found.reason) <= 300 and all(len(each) == 32 for each in found.tokens))


@given(st.integers(0, len(report())))
def test_a_report_that_is_cut_gives_a_report_or_none(length: int) -> None:
    found = read(report()[:length])
    assert found is None or found.tokens == (TOKEN,)


# ------------------------------------------------------------------------------------------------------- what it does


@pytest.fixture
def letter(db: None, write: Write) -> Letter:
    """One that has been sent."""
    sent = write()
    run_all()
    sent.refresh_from_db()
    return sent


def about(letter: Letter, **changed: str) -> bytes:
    return report(
        **{"to": f"bounces+{letter.bounce_token}@allmende.example", "message_id": letter.message_id} | changed
    )


def test_a_bounce_comes_back_to_the_thing_the_letter_was_about(
    letter: Letter, now: datetime.datetime
) -> None:
    found = receive(about(letter), by=MAIL, now=now)
    assert found == letter
    letter.refresh_from_db()
    assert (letter.state, letter.ended_at) == ("bounced", now)
    assert letter.last_error == "5.1.1 smtp; 550 5.1.1 no such user here"
    [entry] = of_kinds("mail.bounced")
    assert (entry.subject_type, entry.subject_id) == ("solution", "abc")
    assert entry.data == {
        "letter": letter.public_id,
        "kind": "tests.letter",
        "status": "5.1.1",
        "undeliverable": False,
    }


@pytest.mark.parametrize("named", ["token", "message_id"])
def test_one_way_to_name_the_letter_is_enough(letter: Letter, now: datetime.datetime, named: str) -> None:
    other = {"message_id": "foreign@other.example"} if named == "token" else {"to": "x@y.example"}
    assert receive(about(letter, **other), by=MAIL, now=now) == letter


def test_told_twice_it_counts_once(letter: Letter, now: datetime.datetime) -> None:
    assert receive(about(letter), by=MAIL, now=now) == letter
    assert receive(about(letter), by=MAIL, now=now) is None
    assert (of_kinds("mail.bounced").count(), UndeliverableAddress.objects.get().bounces) == (1, 1)


def test_a_report_about_a_foreign_letter_changes_nothing(letter: Letter, now: datetime.datetime) -> None:
    assert receive(report(), by=MAIL, now=now) is None
    letter.refresh_from_db()
    assert letter.state == "sent"


def test_a_bounce_that_is_quicker_than_the_worker_ends_the_letter(
    db: None, write: Write, now: datetime.datetime
) -> None:
    letter = write()
    receive(about(letter), by=MAIL, now=now)
    run_all()
    letter.refresh_from_db()
    assert (letter.state, letter.text, letter.attempts) == ("bounced", "", 0)


def test_an_address_becomes_undeliverable_at_the_second_hard_bounce_and_its_owner_can_mend_that(
    db: None, write: Write, now: datetime.datetime
) -> None:
    letters = [write(), write(), write()]
    run_all()
    for each in letters:
        receive(about(each), by=MAIL, now=now)
    assert [entry.data["undeliverable"] for entry in of_kinds("mail.bounced")] == [False, True, False]
    assert is_undeliverable("KIM@stadt.example") is True
    trust_again("KIM@stadt.example")
    assert is_undeliverable("kim@stadt.example") is False


def test_a_full_mailbox_says_nothing_against_the_address(
    db: None, write: Write, now: datetime.datetime
) -> None:
    letters = [write(), write(), write()]
    run_all()
    for each in letters:
        receive(about(each, status="5.2.2"), by=MAIL, now=now)
    assert (Letter.objects.filter(state="bounced").count(), UndeliverableAddress.objects.count()) == (3, 0)


# -------------------------------------------------------------------------------------------------------- the command


class Pipe:
    def __init__(self, raw: bytes) -> None:
        self.buffer = io.BytesIO(raw)


def piped(raw: bytes, monkeypatch: pytest.MonkeyPatch, **options: Any) -> str:
    monkeypatch.setattr(sys, "stdin", Pipe(raw))
    out = io.StringIO()
    call_command("receive_mail", stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue().strip()


def test_a_mail_server_pipes_a_report_in(letter: Letter, monkeypatch: pytest.MonkeyPatch) -> None:
    assert piped(about(letter), monkeypatch) == f"tests.letter {letter.public_id} kam zurück."
    letter.refresh_from_db()
    assert letter.state == "bounced"


def test_a_mail_server_names_the_receiver_of_the_envelope(
    letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = about(letter, to="x@y.example", message_id="foreign@other.example")
    assert piped(raw, monkeypatch) == "Nichts, was uns angeht."
    recipient = f"bounces+{letter.bounce_token}@allmende.example"
    assert piped(raw, monkeypatch, recipient=recipient) == f"tests.letter {letter.public_id} kam zurück."


def test_a_database_that_does_not_answer_lets_the_server_come_again(
    letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: object, **options: object) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr("allmende.mail.actions.receive", away)
    with pytest.raises(SystemExit) as end:
        piped(about(letter), monkeypatch)
    assert end.value.code == 75


def test_a_letter_that_never_ends_is_read_no_further_than_the_limit(
    letter: Letter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert (
        piped(about(letter) + b"x" * 5_000_000, monkeypatch) == f"tests.letter {letter.public_id} kam zurück."
    )
