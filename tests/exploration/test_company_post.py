"""Bounces come back to the company that was asked; and the letters, read as a whole."""

import re
from datetime import timedelta

import pytest

from allmende.exploration import company_letters
from allmende.exploration.actions import answering, asking, posting
from allmende.exploration.answer_values import Given
from allmende.exploration.company_letters import Words, sealed
from allmende.exploration.follow import note_post
from allmende.exploration.models import Case, InquiryLetter
from allmende.exploration.queries.asking import step_state
from allmende.exploration.wording import NO_TENDER
from allmende.journal.queries import Entry
from allmende.lib.actors import Actor
from allmende.mail.actions.ending import change, note_end
from allmende.mail.models import Letter
from tests.exploration.cast import Cast, letters_to, token_in

MAIL = Actor.program("mail")


def come_back(letter: Letter, cast: Cast) -> None:
    """As the post notes it: the letter could not be delivered."""
    change(letter, "bounced", ended_at=cast.now, last_error="550 5.1.1 unbekannt")
    note_end("mail.bounced", letter, status="5.1.1", by=MAIL, now=cast.now)


def test_a_bounce_is_noted_and_the_town_can_write_to_another_address(sent_cast: Cast) -> None:
    cast, inquiry = sent_cast, sent_cast.inquiry("Dorfsoftware Krause")
    (letter,) = letters_to(inquiry)
    come_back(letter, cast)
    note_post(list(Entry.objects.filter(kind="mail.bounced")))
    assert cast.inquiry("Dorfsoftware Krause").state == "bounced"
    kept = InquiryLetter.objects.get(letter=letter.public_id)
    assert (kept.state, kept.error) == ("bounced", "550 5.1.1 unbekannt")
    assert step_state(cast.hall.case).why == "Eine Anfrage kam nicht an. Berichtigen Sie die Adresse."
    asking.correct_address(inquiry, email="neu@krause.example", **cast.by())
    assert cast.inquiry("Dorfsoftware Krause").state == "sent"
    (again,) = letters_to(inquiry, "again")
    come_back(again, cast)
    posting.note_post(now=cast.now)
    assert cast.inquiry("Dorfsoftware Krause").state == "bounced"


def test_a_company_with_two_people_is_reached_while_one_letter_arrives(sent_cast: Cast) -> None:
    cast, inquiry = sent_cast, sent_cast.inquiry("Beispiel GmbH")
    first, second = letters_to(inquiry)
    come_back(first, cast)
    posting.note_post(now=cast.now)
    assert cast.inquiry("Beispiel GmbH").state == "sent"
    come_back(second, cast)
    posting.note_post(now=cast.now)
    assert cast.inquiry("Beispiel GmbH").state == "bounced"


def test_that_a_letter_was_sent_is_kept_beyond_the_memory_of_the_post(sent_cast: Cast) -> None:
    (letter,) = letters_to(sent_cast.inquiry("Dorfsoftware Krause"))
    change(letter, "sent", sent_at=sent_cast.now)
    assert posting.note_post(now=sent_cast.now) == 1
    assert posting.note_post(now=sent_cast.now) == 0
    Letter.objects.all().delete()
    assert posting.note_post(now=sent_cast.now) == 0
    kept = InquiryLetter.objects.get(letter=letter.public_id)
    assert (kept.state, kept.sent_at, kept.message_id) == ("sent", sent_cast.now, letter.message_id)


def test_nothing_is_noted_in_a_case_that_does_not_run(sent_cast: Cast) -> None:
    Case.objects.filter(pk=sent_cast.hall.case.pk).update(state="submitted")
    (letter,) = letters_to(sent_cast.inquiry("Dorfsoftware Krause"))
    come_back(letter, sent_cast)
    assert posting.note_post(now=sent_cast.now) == 0
    assert sent_cast.inquiry("Dorfsoftware Krause").state == "sent"


def test_a_bounce_of_a_later_letter_does_not_say_that_the_questions_did_not_arrive(sent_cast: Cast) -> None:
    cast, inquiry = sent_cast, sent_cast.inquiry("Dorfsoftware Krause")
    token = token_in(letters_to(inquiry)[0])
    said = {cast.question("Gibt es ein Muster für den Vertrag?"): Given("ja")}
    answering.hand_in(inquiry, said, lock_version=0, token=token, by=Actor.anonymous(), now=cast.now)
    (receipt,) = letters_to(inquiry, "receipt")
    come_back(receipt, cast)
    posting.note_post(now=cast.now)
    assert cast.inquiry("Dorfsoftware Krause").state == "answered"


# ---------------------------------------------------------------------------------------------------- every letter


def every_letter(cast: Cast) -> dict[str, Words]:
    questionnaire = cast.fresh()
    return {
        "asking": company_letters.asking(questionnaire, 4),
        "reminder": company_letters.reminder(questionnaire),
        "longer": company_letters.longer(questionnaire),
        "shared_answer": company_letters.shared_answer(questionnaire, "Wann?", "Im Mai."),
        "statement": company_letters.statement(questionnaire, "Wir sind umgezogen."),
        "receipt": company_letters.receipt(questionnaire),
        "thanks": company_letters.thanks(
            questionnaire, ["Ihre Lösung bleibt auf der kurzen Liste."], "Danke."
        ),
    }


def test_the_package_has_no_other_letters(sent_cast: Cast) -> None:
    made = {
        name
        for name, each in vars(company_letters).items()
        if callable(each) and getattr(each, "__annotations__", {}).get("return") is Words
    }
    assert set(every_letter(sent_cast)) == made


@pytest.mark.parametrize("is_personal", [True, False])
def test_every_letter_says_that_it_is_no_tender_and_where_to_answer(
    sent_cast: Cast, is_personal: bool
) -> None:
    for name, words in every_letter(sent_cast).items():
        text = sealed(
            words, sent_cast.fresh(), link="https://x.example/a", is_personal=is_personal, origin="Woher."
        )
        assert NO_TENDER in text, name
        assert text.count("https://x.example/a") == 1, name
        assert "{" not in text, name
        assert text.startswith("Guten Tag,\n\n"), name
        assert text.endswith("Freundliche Grüße\nAhorn\nüber Allmende\n"), name


def test_no_letter_speaks_of_bids_or_awards_but_to_deny_them(sent_cast: Cast) -> None:
    for name, words in every_letter(sent_cast).items():
        said = " ".join(words.paragraphs).casefold()
        found = re.findall(r"\b(?:gebot|bieter|zuschlag|ausschreibung|beauftragt|angebot abgeben)\w*", said)
        assert found == [], name


def test_the_sentences_of_letters_are_short_enough_to_be_read_aloud(sent_cast: Cast) -> None:
    for name, words in every_letter(sent_cast).items():
        for paragraph in words.paragraphs:
            for sentence in re.split(r"(?<=[.!?:])\s+(?=[A-ZÄÖÜ])", paragraph):
                assert len(sentence.split()) <= 25, (name, sentence)


def test_reminder_reads_like_this(sent_cast: Cast) -> None:
    asking.remind_and_close(by=Actor.program("exploration"), now=sent_cast.deadline - timedelta(days=2))
    (letter,) = letters_to(sent_cast.inquiry("Konkurrenz AG"), "reminder")
    assert letter.subject == "Noch bis Montag, 14.12.2026, 12:00 Uhr: Schäden an Straßen melden"
    assert letter.text.split("\n\n")[1:4] == [
        "Ahorn hat Sie in einer Markterkundung etwas gefragt und noch keine Antwort von Ihnen.",
        "Sie können bis Montag, 14.12.2026, 12:00 Uhr antworten. Passt es nicht, sagen Sie mit einem Satz ab: Auch das "
        "hilft.",
        "Zum Fragebogen:",
    ]
