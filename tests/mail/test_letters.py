"""A letter, from the act that writes it to a real mail server that takes it."""

import datetime
import re
from typing import Any

import pytest
from django.core import mail as locmem
from django.db import transaction

from allmende.jobs.actions import run_all
from allmende.journal.queries import of_kinds
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.mail.actions import deliver, delivering, forget, forget_receiver
from allmende.mail.actions import write as write_paragraphs
from allmende.mail.actions.ending import change
from allmende.mail.models import Letter, UndeliverableAddress
from allmende.mail.queries import is_undeliverable, letters_about, letters_to
from tests.mail.conftest import Write
from tests.mail.office.receiver import Post

pytestmark = pytest.mark.django_db

MINUTE = datetime.timedelta(minutes=1)
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def at(when: datetime.datetime) -> bool:
    return deliver(clock=lambda: when)


# ------------------------------------------------------------------------------------------------ written and delivered


def test_a_letter_is_delivered_by_the_worker_and_forgets_what_it_said(write: Write) -> None:
    letter = write()
    assert (letter.state, locmem.outbox) == ("queued", [])
    run_all()
    letter.refresh_from_db()
    assert (letter.state, letter.text, letter.headers, letter.attempts) == ("sent", "", {}, 1)
    [message] = locmem.outbox
    assert (message.subject, message.to) == ("Ihre Anfrage", ["kim@stadt.example"])


def test_in_the_demo_testers_can_read_what_was_sent(write: Write, settings: Any) -> None:
    settings.MAIL_KEEPS_TEXT = True
    letter = write()
    run_all()
    letter.refresh_from_db()
    assert (letter.state, letter.text.splitlines()[0]) == ("sent", "Guten Tag,")


def test_a_letter_vanishes_with_the_act_that_wrote_it(write: Write) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        write()
        raise ZeroDivisionError
    assert (run_all(), Letter.objects.count()) == (0, 0)


def test_a_real_server_receives_every_header_a_letter_needs(
    write: Write, office: Post, now: datetime.datetime
) -> None:
    letter = write(subject="Größe und Maß: „Fünf“ für Sie", headers={"X-Occasion": "test"})
    at(now)
    [received] = office.received
    message = received.message
    assert {name: str(message[name]) for name in message} == {
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "8bit",
        "MIME-Version": "1.0",
        "Subject": "Größe und Maß: „Fünf“ für Sie",
        "From": "Allmende <post@allmende.example>",
        "To": "kim@stadt.example",
        "Reply-To": "frage@allmende.example",
        "Message-ID": f"<{letter.message_id}>",
        "Date": "Mon, 23 Nov 2026 09:00:00 +0000",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        "X-Occasion": "test",
    }
    assert message.get_content().replace("\r\n", "\n") == (
        "Guten Tag,\n\nwir haben etwas für Sie:\n\nhttps://allmende.example/mein\n"
    )
    assert received.sender == f"bounces+{letter.bounce_token}@allmende.example"


def test_news_carry_a_way_out_and_say_that_they_went_to_many(
    write: Write, office: Post, now: datetime.datetime
) -> None:
    headers = {
        "List-Unsubscribe": f"<https://allmende.example/abbestellen/{'a' * 200}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    write(headers=headers)
    at(now)
    message = office.received[0].message
    assert {name: message[name].strip() for name in headers} == headers
    assert message["Precedence"] == "bulk"


def test_without_an_address_for_bounces_they_come_back_to_the_sender(
    write: Write, office: Post, now: datetime.datetime, settings: Any
) -> None:
    settings.MAIL_BOUNCE_ADDRESS = settings.MAIL_REPLY_TO = ""
    write()
    at(now)
    assert (office.received[0].sender, office.received[0].message["Reply-To"]) == (
        "post@allmende.example",
        None,
    )


def test_many_letters_go_over_one_connection(write: Write, office: Post, now: datetime.datetime) -> None:
    for number in range(5):
        write(to=f"kim{number}@stadt.example")
    assert at(now) is False
    assert (len(office.received), office.connections) == (5, 1)


def test_a_slice_of_time_ends_and_the_rest_is_taken_up_behind_it(
    write: Write, office: Post, now: datetime.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        write(to=f"kim{number}@stadt.example")
    monkeypatch.setattr(delivering, "BATCH", 2)
    assert [at(now), at(now), at(now), len(office.received)] == [True, True, False, 5]
    for number in range(3):
        write(to=f"kim{number}@stadt.example")
    monkeypatch.setattr(delivering, "SLICE_SECONDS", -1.0)
    assert (at(now), len(office.received)) == (True, 5)


# ------------------------------------------------------------------------------------------------- when servers refuse


def test_a_refusal_for_good_ends_a_letter_and_stands_on_what_it_was_about(
    write: Write, office: Post, now: datetime.datetime
) -> None:
    letter = write(to="550-nobody@stadt.example")
    at(now)
    letter.refresh_from_db()
    assert (letter.state, letter.text, letter.ended_at, letter.next_try_at) == ("failed", "", now, None)
    assert letter.last_error.startswith("550 5.1.1")
    [entry] = of_kinds("mail.failed")
    assert (entry.subject_type, entry.subject_id, entry.actor_id) == ("solution", "abc", "mail")
    assert entry.data == {
        "letter": letter.public_id,
        "kind": "tests.letter",
        "status": "5.1.1",
        "undeliverable": False,
    }


def test_what_a_server_does_not_like_to_read_says_nothing_against_the_address(
    write: Write, office: Post, now: datetime.datetime
) -> None:
    for _ in range(3):
        write(to="data-554-kim@stadt.example")
    at(now)
    assert list(Letter.objects.values_list("state", flat=True)) == ["failed"] * 3
    assert UndeliverableAddress.objects.count() == 0


def test_the_second_hard_refusal_makes_an_address_undeliverable(
    write: Write, office: Post, now: datetime.datetime
) -> None:
    write(to="550-Nobody@stadt.example")
    at(now)
    assert is_undeliverable("550-nobody@stadt.example") is False
    write(to="550-Nobody@stadt.example", now=now + HOUR)
    at(now + HOUR)
    assert is_undeliverable("550-Nobody@stadt.example") is True
    assert [entry.data["undeliverable"] for entry in of_kinds("mail.failed")] == [True, False]


def test_a_refusal_for_now_is_tried_again_with_growing_pauses(
    write: Write, office: Post, now: datetime.datetime
) -> None:
    letter = write(to="450-busy@stadt.example")
    pauses, when = [], now
    for _ in range(7):
        at(when)
        letter.refresh_from_db()
        assert letter.next_try_at is not None
        pauses.append((letter.next_try_at - when) // MINUTE)
        when = letter.next_try_at
    assert (letter.state, letter.attempts, pauses) == ("queued", 7, [1, 2, 4, 8, 16, 30, 30])
    assert letter.last_error.startswith("450 4.2.0")


def test_after_five_days_a_letter_is_given_up(write: Write, office: Post, now: datetime.datetime) -> None:
    letter = write(to="450-busy@stadt.example")
    at(now + 5 * DAY - MINUTE)
    letter.refresh_from_db()
    assert letter.state == "queued"
    at(now + 5 * DAY)
    letter.refresh_from_db()
    assert (letter.state, is_undeliverable(letter.to)) == ("failed", False)


def test_a_letter_behind_one_that_is_refused_arrives_all_the_same(
    write: Write, office: Post, now: datetime.datetime
) -> None:
    for to in ("550-a@stadt.example", "450-b@stadt.example", "data-554-c@stadt.example", "kim@stadt.example"):
        write(to=to)
    at(now)
    assert [received.to for received in office.received] == ["kim@stadt.example"]


def test_a_server_that_cannot_be_reached_costs_no_letter(
    write: Write, office: Post, now: datetime.datetime, settings: Any
) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    letter = write()
    assert at(now) is False
    letter.refresh_from_db()
    assert (letter.state, letter.attempts, letter.next_try_at) == ("queued", 1, now + MINUTE)
    settings.EMAIL_PORT = port
    at(now + MINUTE)
    letter.refresh_from_db()
    assert (letter.state, len(office.received)) == ("sent", 1)


def test_a_password_that_the_server_does_not_take_costs_no_letter(
    write: Write, office: Post, now: datetime.datetime, settings: Any
) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "allmende", "wrong"
    letter = write()
    at(now)
    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == ("queued", 1)


def test_a_line_that_breaks_off_is_tried_again(write: Write, office: Post, now: datetime.datetime) -> None:
    letters = [write(to=f"kim{number}@stadt.example") for number in range(3)]
    office.hangs_up = True
    at(now)
    states = [Letter.objects.get(pk=letter.pk).attempts for letter in letters]
    assert states == [1, 0, 0]
    office.hangs_up = False
    at(now + MINUTE)
    assert sorted(received.to for received in office.received) == [letter.to for letter in letters]


def test_the_same_letter_looks_the_same_at_every_try(
    write: Write, office: Post, now: datetime.datetime
) -> None:
    letter = write()
    at(now)
    # As after a worker that died before it could note what it had sent.
    Letter.objects.filter(pk=letter.pk).update(
        state="queued", next_try_at=now, sent_at=None, text="Guten Tag"
    )
    at(now + DAY)
    first, second = office.received
    same = ("Message-ID", "Date", "From", "To", "Subject")
    assert [first.message[name] for name in same] == [second.message[name] for name in same]
    assert first.sender == second.sender


# --------------------------------------------------------------------------------------------------------------- limits


def test_nobody_gets_more_within_an_hour_than_the_limit(
    write: Write, office: Post, now: datetime.datetime, settings: Any
) -> None:
    settings.MAIL_PER_HOUR = 3
    for number in range(5):
        write(subject=f"Nachricht {number}")
    write(to="other@stadt.example")
    at(now)
    assert [received.to for received in office.received].count("kim@stadt.example") == 3
    assert len(office.received) == 4
    at(now + 59 * MINUTE)
    assert len(office.received) == 4
    at(now + HOUR)
    assert len(office.received) == 6


def test_whoever_waits_before_the_screen_is_not_held_back_by_news(
    write: Write, office: Post, now: datetime.datetime, settings: Any
) -> None:
    settings.MAIL_PER_HOUR = 1
    write(), write(), write(kind="accounts.password_reset")
    at(now)
    assert len(office.received) == 2
    assert Letter.objects.get(kind="accounts.password_reset").state == "sent"


def test_a_loop_ends_by_itself_and_leaves_the_act_alone(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("allmende.mail.actions.sending.MOST_WAITING", 2)
    states = [write().state for _ in range(4)]
    assert states == ["queued", "queued", "failed", "failed"]
    assert Letter.objects.filter(state="failed", text="", next_try_at=None).count() == 2


# ------------------------------------------------------------------------------------------------------- hostile input

BREAKS = ["\n", "\r", "\r\n", "\x00", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\x1b"]


@pytest.mark.parametrize("break_", BREAKS)
def test_a_line_break_in_a_subject_is_refused(write: Write, break_: str) -> None:
    with pytest.raises(Refused):
        write(subject=f"Anfrage{break_}Bcc: all@stadt.example")
    assert Letter.objects.count() == 0


@pytest.mark.parametrize("break_", BREAKS)
def test_a_line_break_in_a_header_or_an_address_is_refused(write: Write, break_: str) -> None:
    changes: list[dict[str, Any]] = [
        {"headers": {"X-Name": f"Kim{break_}Bcc: all@stadt.example"}},
        {"to": f"kim@stadt.example{break_}Bcc: all@stadt.example"},
        {"to": f"kim{break_}@stadt.example"},
    ]
    for changed in changes:
        with pytest.raises(Refused):
            write(**changed)


@pytest.mark.parametrize(
    "headers",
    [{"From": "x"}, {"bcc": "x@y.example"}, {"Message-ID": "<x>"}, {"X: y\nBcc": "x"}, {"": "x"}, {"Ü": "x"}],
)
def test_headers_that_are_ours_or_none_are_refused(write: Write, headers: dict[str, str]) -> None:
    with pytest.raises(Refused):
        write(headers=headers)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "@",
        "kim",
        "kim@",
        "@stadt.example",
        "kim@stadt.example, all@stadt.example",
        "kim@stadt.example;all@stadt.example",
        "<kim@stadt.example>",
        "Kim <kim@stadt.example>",
        '"kim> RCPT TO:<all@stadt.example"@stadt.example',
        "kim@[127.0.0.1]\r\n",
        "кim@stadt.example",
        "kim@stadt..example",
        f"{'a' * 65}@stadt.example",
        f"kim@{'a.' * 130}example",
        "kim@-stadt.example",
        "kim stadt@stadt.example",
    ],
)
def test_what_is_no_address_is_refused(write: Write, address: str) -> None:
    with pytest.raises(Refused):
        write(to=address)


def test_a_domain_with_umlauts_is_written_in_ascii(
    write: Write, office: Post, now: datetime.datetime
) -> None:
    write(to="kim@köln.example")
    at(now)
    assert [received.to for received in office.received] == ["kim@xn--kln-sna.example"]


def test_a_letter_needs_a_subject_and_a_long_one_is_cut(write: Write) -> None:
    with pytest.raises(Refused):
        write(subject="  ")
    assert write(subject="ä" * 500).subject == "ä" * 299 + "…"


def test_a_text_cannot_end_the_letter_or_speak_to_the_server(
    write: Write, office: Post, now: datetime.datetime
) -> None:
    text = "Guten Tag\n.\nQUIT\n\nFrom wem auch immer\n" + "lang" * 600 + "\n\udcff"
    text = text.encode("utf-8", "replace").decode()
    write(text=text), write(to="b@stadt.example")
    at(now)
    assert [received.to for received in office.received] == ["kim@stadt.example", "b@stadt.example"]
    assert office.received[0].message.get_content().replace("\r\n", "\n").rstrip("\n") == text


def test_a_letter_that_cannot_be_put_into_bytes_is_given_up_and_holds_up_no_other(
    write: Write, office: Post, now: datetime.datetime
) -> None:
    letter = write()
    Letter.objects.filter(pk=letter.pk).update(subject="Zeile\nBcc: all@stadt.example")
    write(to="other@stadt.example")
    at(now)
    letter.refresh_from_db()
    assert (letter.state, [received.to for received in office.received]) == (
        "failed",
        ["other@stadt.example"],
    )


# ------------------------------------------------------------------------------------------------------------ kept for


def test_message_ids_are_unique_and_name_no_machine(write: Write, settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Allmende <post@allmende.example>"
    ids = [write(to=f"kim{number}@stadt.example").message_id for number in range(20)]
    assert len(set(ids)) == 20
    assert [bool(re.fullmatch(r"[0-9a-f]{24}@allmende\.example", each)) for each in ids] == [True] * 20


def test_letters_are_forgotten_after_their_time(write: Write, now: datetime.datetime) -> None:
    old, waiting = write(), write(to="b@stadt.example")
    Letter.objects.filter(pk=old.pk).update(state="sent", next_try_at=None, sent_at=now)
    assert forget(now=now + 90 * DAY) == 0
    assert forget(now=now + 91 * DAY) == 1
    assert list(Letter.objects.all()) == [waiting]


def test_letters_to_a_person_and_about_a_thing_are_found_and_can_be_erased(write: Write) -> None:
    mine, other = write(), write(to="b@stadt.example", about=("offer", "xyz"))
    assert (list(letters_to("KIM@stadt.example")), list(letters_about("offer", "xyz"))) == ([mine], [other])
    assert (forget_receiver("KIM@stadt.example"), list(Letter.objects.all())) == (1, [other])


def test_a_letter_that_is_forgotten_on_its_way_stops_nothing(write: Write) -> None:
    letter = write()
    Letter.objects.all().delete()
    assert change(letter, "sent") is False


def test_paragraphs_are_greeted_closed_and_led_to_this_site(write: Write, settings: Any) -> None:
    settings.SITE_URL = "https://allmende.example"
    about, by = write(), Actor.program("test")
    write_paragraphs(
        "kim@stadt.example",
        "Neues",
        "es gibt etwas.",
        "/mein",
        kind="a.b",
        about=about,
        by=by,
        now=about.created_at,
    )
    letter = Letter.objects.get(subject="Neues")
    assert letter.text == (
        "Guten Tag,\n\nes gibt etwas.\n\nhttps://allmende.example/mein\n\nFreundliche Grüße\nAllmende\n"
    )
    assert (letter.kind, letter.about_type, letter.about_id) == ("a.b", "letter", about.public_id)
