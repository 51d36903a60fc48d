"""To all alike: the same text, the same questions, the same deadline, and proof of it."""

import pytest

from allmende.exploration.actions import asking
from allmende.exploration.company_rules import hash_of
from allmende.exploration.models import Candidate, Deviation, Inquiry, InquiryLetter
from allmende.exploration.queries.asking import content_of, questions_of, recipients, step_state
from allmende.exploration.wording import NO_TENDER
from allmende.lib.canonical import digest
from allmende.lib.refusals import OutOfDate, Refused
from allmende.mail.models import Letter
from tests.exploration.cast import Cast, kept, letters_to, sent, token_in


def test_companies_with_an_account_need_no_address_and_others_do(cast: Cast) -> None:
    found = [
        (each.name, each.has_account, each.email, each.is_ready) for each in recipients(cast.questionnaire)
    ]
    assert found == [
        ("Beispiel GmbH", True, "", True),
        ("Konkurrenz AG", True, "", True),
        ("Dorfsoftware Krause", False, "post@krause.example", True),
    ]


def test_all_get_the_same_letter_but_for_the_link_and_whence_the_address_comes(cast: Cast) -> None:
    sent(cast)
    texts = {letter.to: letter.text for letter in Letter.objects.order_by("to")}
    assert list(texts) == [
        "company@woanders.example", "post@krause.example", "rita@firma.example", "sascha@firma.example",
    ]  # fmt: skip

    def common(text: str) -> list[str]:
        own = ("https://", "http://", "Ihre Adresse", "Melden Sie sich", "Mit diesem Link")
        return [each for each in text.split("\n\n") if not each.startswith(own)]

    assert len({tuple(common(text)) for text in texts.values()}) == 1
    assert all(NO_TENDER in text for text in texts.values())
    assert {letter.subject for letter in Letter.objects.all()} == {
        "Markterkundung: Schäden an Straßen melden"
    }


def test_a_letter_reads_like_this(cast: Cast) -> None:
    sent(cast)
    (letter,) = letters_to(cast.inquiry("Dorfsoftware Krause"))
    link = f"/anfrage/{token_in(letter)}"
    assert letter.text.replace(link, "LINK").split("\n\n") == [
        "Guten Tag,",
        "Ahorn erkundet den Markt und bittet Sie, 4 Fragen zu beantworten.",
        "Wir möchten Meldungen aus der Bevölkerung besser beantworten.",
        "Antworten Sie bis Montag, 14.12.2026, 12:00 Uhr. Bis dahin können Sie Ihre Antworten ändern.",
        "Fragen stellen Sie auf derselben Seite bis Montag, 07.12.2026, 12:00 Uhr. Die Antwort lesen alle, die gefragt "
        "sind, ohne zu erfahren, wer gefragt hat.",
        "Zum Fragebogen:",
        letter.text.split("\n\n")[6].replace(link, "LINK"),
        "Mit diesem Link antworten Sie ohne Konto. Er gilt nur für Ihr Unternehmen: Geben Sie ihn nur an Menschen "
        "weiter, die für Sie antworten.",
        NO_TENDER,
        "Antworten Sie bitte nicht auf diese E-Mail, sondern über den Link. So bekommen alle dieselben Auskünfte, und "
        "Ihre Antwort steht in der Akte.",
        "Ihre Adresse hat Ahorn für diese Markterkundung eingetragen. Ihre Angaben gehören zur Akte der Markterkundung "
        "und werden mit ihr gelöscht.",
        "Freundliche Grüße\nAhorn\nüber Allmende\n",
    ]


def test_the_digest_covers_text_questions_and_deadline_as_sent(cast: Cast) -> None:
    sent(cast)
    fresh = cast.fresh()
    assert fresh.state == "sent"
    assert fresh.digest == digest(content_of(fresh, questions_of(fresh)))
    later = cast.deadline.replace(day=21)
    asking.extend_deadline(fresh, deadline=later, reason="Feiertage.", **cast.by())
    longer = cast.fresh()
    assert longer.deadline == later
    assert longer.digest == fresh.digest == digest(content_of(longer, questions_of(longer)))


def test_only_the_hash_of_a_personal_link_is_kept(cast: Cast) -> None:
    sent(cast)
    inquiry = cast.inquiry("Dorfsoftware Krause")
    (letter,) = letters_to(inquiry)
    token = token_in(letter)
    assert len(token) == 43
    assert InquiryLetter.objects.get(inquiry=inquiry).token_hash == hash_of(token)
    kept_rows = str(list(Inquiry.objects.values())) + str(list(InquiryLetter.objects.values()))
    assert token not in kept_rows


def test_nobody_is_asked_twice_and_a_questionnaire_that_went_out_stays(cast: Cast) -> None:
    before = cast.fresh()
    sent(cast)
    with pytest.raises(Refused, match="ist verschickt und bleibt"):
        asking.dispatch(before, lock_version=before.lock_version, **cast.by())
    assert Letter.objects.count() == 4
    assert Inquiry.objects.filter(state="sent").count() == 3


def test_a_questionnaire_that_somebody_changed_meanwhile_is_not_sent(cast: Cast) -> None:
    with pytest.raises(OutOfDate):
        asking.dispatch(cast.questionnaire, lock_version=cast.fresh().lock_version - 1, **cast.by())
    assert Letter.objects.count() == 0


def test_all_or_nobody_an_address_that_cannot_be_written_to_stops_the_dispatch(cast: Cast) -> None:
    Inquiry.objects.filter(email="post@krause.example").update(email="kaputt")
    with pytest.raises(Refused, match="keine E-Mail-Adresse"):
        sent(cast)
    assert (Letter.objects.count(), InquiryLetter.objects.count(), cast.fresh().state) == (0, 0, "draft")


def test_whoever_is_kept_is_asked_or_it_is_written_down_why_not(cast: Cast) -> None:
    fourth = kept(cast.hall, "Ohne Adresse e. K.")
    with pytest.raises(
        Refused, match=r"Es fehlt noch, wie Sie schreiben oder warum nicht: Ohne Adresse e\. K\.\."
    ):
        sent(cast)
    asking.leave_out(cast.questionnaire, fourth, reason="Hat das Produkt eingestellt.", **cast.by())
    sent(cast)
    assert Candidate.objects.get(pk=fourth.pk).not_asked_reason == "Hat das Produkt eingestellt."
    assert Inquiry.objects.count() == 3


def test_fewer_than_three_are_asked_with_a_reason_that_stays_as_a_deviation(cast: Cast) -> None:
    Candidate.objects.filter(company_name="Konkurrenz AG").update(state="dropped")
    with pytest.raises(Refused, match="Sie fragen nur 2 Unternehmen"):
        sent(cast)
    asking.dispatch(
        cast.questionnaire,
        lock_version=cast.fresh().lock_version,
        few_reason="Mehr gibt es nicht.",
        **cast.by(),
    )
    (deviation,) = Deviation.objects.filter(case=cast.hall.case)
    assert (deviation.step, deviation.what, deviation.reason) == (
        "ansprache", "Gefragt wurden nur 2 Unternehmen.", "Mehr gibt es nicht.",
    )  # fmt: skip


def test_two_products_of_one_company_make_one_letter(cast: Cast) -> None:
    kept(cast.hall, "  dorfsoftware   KRAUSE ", solution_name="Noch eines")
    sent(cast)
    assert Inquiry.objects.count() == 3


def test_the_step_says_how_far_it_is(cast: Cast) -> None:
    case = cast.hall.case
    assert (step_state(case).state, step_state(case).why) == (
        "begun",
        "Der Fragebogen ist noch nicht verschickt.",
    )
    sent(cast)
    assert step_state(case).why == "Antworten kommen bis Montag, 14.12.2026, 12:00 Uhr."


@pytest.mark.parametrize(
    "name", ["reader", "approver", "colleague", "neighbour", "company", "stranger", "desk"]
)
def test_only_who_writes_in_the_case_sends(cast: Cast, name: str) -> None:
    with pytest.raises(Refused, match="In dieser Markterkundung schreiben"):
        asking.dispatch(cast.questionnaire, lock_version=cast.fresh().lock_version, **cast.by(name))
    assert Letter.objects.count() == 0
