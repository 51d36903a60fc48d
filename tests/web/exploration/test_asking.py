"""The town's pages of the questions to companies: write, choose whom, look, send, read what comes back."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from allmende.demand.hints import neutral
from allmende.exploration.models import (
    Candidate,
    CompanyQuestion,
    Inquiry,
    InquiryLetter,
    Question,
    Questionnaire,
    QuestionSet,
)
from allmende.exploration.queries.asking import question_sets
from allmende.exploration.wording import NO_TENDER
from allmende.organisations.models import Membership
from tests.exploration.cast import Cast, a_cast, kept, sent
from tests.exploration.hall import a_hall
from tests.exploration.shelf import a_shelf
from tests.factories.people import signed_in
from tests.support.laid import laid


def this_morning() -> datetime:
    return datetime.now(UTC).replace(hour=6, minute=0, second=0, microsecond=0)


@pytest.fixture
def cast(db: None) -> Cast:
    """Pages go by the clock of the machine, and so do the deadlines here."""
    today = this_morning()
    return laid(("asking today", today), lambda: a_cast(a_hall(today), today=True))


@pytest.fixture
def sent_cast(db: None) -> Cast:
    today = this_morning()
    return laid(("asked today", today), lambda: sent(a_cast(a_hall(today), today=True)))


def at(cast: Cast, page: str = "") -> str:
    return f"/markterkundungen/{cast.hall.case.public_id}/ansprache{page}"


def one(cast: Cast, page: str = "") -> str:
    return at(cast, f"/{cast.questionnaire.public_id}{page}")


def lead(cast: Cast) -> Client:
    return signed_in(cast.hall["lead"])


def words(response) -> str:
    return " ".join(response.content.decode().split())


def version(cast: Cast) -> str:
    return str(cast.fresh().lock_version)


def test_the_questionnaire_is_written_looked_at_and_sent(cast: Cast) -> None:
    browser = lead(cast)
    assert browser.get(one(cast)).status_code == 200
    saved = {
        "introduction": "Wir suchen etwas.",
        "answers_day": f"{this_morning() + timedelta(days=30):%d.%m.%Y}",
        "answers_time": "12:00",
        "questions_day": "",
        "questions_time": "",
        "lock_version": version(cast),
    }
    assert browser.post(one(cast), saved).status_code == 302
    assert cast.fresh().introduction == "Wir suchen etwas."
    page = words(browser.get(one(cast, "/vorschau")))
    assert NO_TENDER in page
    assert "Wir suchen etwas." in page
    assert "Link an post@krause.example" in page
    assert browser.post(one(cast, "/vorschau"), {"lock_version": version(cast)}).status_code == 302
    assert cast.fresh().state == "sent"
    proof = words(browser.get(one(cast, "/nachweis")))
    assert "Anschreiben an post@krause.example: wartet" in proof
    assert cast.fresh().digest in proof
    # Nobody sends twice by going back.
    again = browser.post(one(cast, "/vorschau"), {"lock_version": version(cast)})
    assert again.headers["Location"] == one(cast, "/nachweis")
    assert InquiryLetter.objects.count() == 4


def test_a_questionnaire_that_a_colleague_changed_is_not_written_over(cast: Cast) -> None:
    day = f"{this_morning() + timedelta(days=30):%d.%m.%Y}"
    typed = {"introduction": "Anders", "answers_day": day, "answers_time": "12:00", "lock_version": "0"}
    response = lead(cast).post(one(cast), typed)
    assert "Inzwischen hat jemand anderes gespeichert." in words(response)
    assert cast.fresh().introduction != "Anders"


def test_a_questionnaire_that_names_a_product_is_told_how_to_say_it_without(cast: Cast) -> None:
    shelf = a_shelf(cast.hall, cast.hall.now)
    shelf.change(name="AhornMelder2000")
    assert "Der Fragebogen nennt Namen" not in words(lead(cast).get(one(cast)))
    Question.objects.create(
        questionnaire=cast.questionnaire,
        position=99,
        text="Wie lösen Sie den AhornMelder2000 ab?",
        hint="Auch Teile zählen.",
    )
    page = words(lead(cast).get(one(cast)))
    assert "Der Fragebogen nennt Namen" in page
    assert (
        f"„AhornMelder2000“: Fragen Sie, was eine Lösung leistet. Zum Beispiel: {neutral(shelf.melder.primary_field)}"
        in page
    )


@pytest.mark.parametrize("place", ["choices", "hint"])
def test_names_are_found_wherever_companies_read_them(cast: Cast, place: str) -> None:
    a_shelf(cast.hall, cast.hall.now).change(name="AhornMelder2000")
    named = {"choices": ["AhornMelder2000", "anders"], "hint": "Etwa wie AhornMelder2000."}[place]
    Question.objects.create(
        questionnaire=cast.questionnaire, position=99, text="Womit arbeiten Sie?", **{place: named}
    )
    assert "„AhornMelder2000“" in words(lead(cast).get(one(cast)))


def test_questions_come_from_sets_and_are_moved_changed_and_removed(cast: Cast) -> None:
    browser, there = lead(cast), one(cast, "/fragen")
    browser.post(there, {"sammlung": "betrieb-kosten", "frage": ["laufend", "einmalig"]})
    texts = list(cast.questionnaire.questions.values_list("text", flat=True))
    assert texts[-2:] == [
        "Was kostet die Einführung einmalig, ungefähr und netto?",
        "Was kostet die Lösung im Jahr, ungefähr und netto?",
    ]
    last = cast.questionnaire.questions.last()
    assert (last.origin, last.prefill) == ("betrieb-kosten/1:laufend", "price_yearly")
    browser.post(there, {"hoch": last.public_id})
    assert [each.pk for each in cast.questionnaire.questions.all()][-2] == last.pk
    changed = {"text": "Wie viel im Jahr?", "kind": "choice", "choices": "viel\nwenig\n\nviel"}
    assert browser.post(f"{there}/{last.public_id}", changed).status_code == 302
    assert Question.objects.get(pk=last.pk).choices == ["viel", "wenig"]
    browser.post(there, {"weg": last.public_id})
    assert not Question.objects.filter(pk=last.pk).exists()
    assert browser.post(there, {"weg": last.public_id}).status_code == 404
    wrong = browser.post(f"{there}/neu", {"text": "Welche?", "kind": "choice", "choices": "eine"})
    assert "Nennen Sie mindestens zwei Antworten" in words(wrong)


def test_whom_it_goes_to_is_said_company_by_company(cast: Cast) -> None:
    fourth = kept(cast.hall, "Ohne Adresse e. K.")
    browser, key = lead(cast), fourth.public_id
    assert "Hier fehlt noch die Adresse." in words(browser.get(one(cast, "/unternehmen")))
    wrong = browser.post(one(cast, "/unternehmen"), {"kandidat": key, f"{key}-email": "kaputt"})
    assert "Das ist keine E-Mail-Adresse" in words(wrong)
    browser.post(
        one(cast, "/unternehmen"),
        {"kandidat": key, f"{key}-email": "a@ohne.example", f"{key}-size_class": "micro"},
    )
    assert Inquiry.objects.get(candidate=fourth).email == "a@ohne.example"
    browser.post(one(cast, "/unternehmen"), {"kandidat": key, f"{key}-reason": "Gibt es nicht mehr."})
    assert Candidate.objects.get(pk=fourth.pk).not_asked_reason == "Gibt es nicht mehr."
    assert not Inquiry.objects.filter(candidate=fourth).exists()


def test_after_sending_the_town_corrects_answers_tells_and_extends(sent_cast: Cast) -> None:
    cast, browser = sent_cast, lead(sent_cast)
    there = one(cast, "/schritt")
    krause = cast.inquiry("Dorfsoftware Krause")
    browser.post(there, {"schritt": "adresse", "anfrage": krause.public_id, "email": "neu@krause.example"})
    assert cast.inquiry("Dorfsoftware Krause").email == "neu@krause.example"
    asked = CompanyQuestion.objects.create(
        questionnaire=cast.questionnaire, inquiry=krause, text="Wann?", asked_at=cast.now
    )
    key = asked.public_id
    wrong = browser.post(there, {"schritt": "rueckfrage", "rueckfrage": key, f"{key}-shared_text": "Wann?"})
    assert wrong.status_code == 422
    browser.post(
        there,
        {
            "schritt": "rueckfrage",
            "rueckfrage": key,
            f"{key}-shared_text": "Wann?",
            f"{key}-answer": "Im Mai.",
        },
    )
    browser.post(there, {"schritt": "mitteilung", "mitteilung": "Wir sind umgezogen."})
    assert sorted(cast.questionnaire.asked_back.values_list("answer", flat=True)) == [
        "Im Mai.",
        "Wir sind umgezogen.",
    ]
    longer = f"{this_morning() + timedelta(days=60):%d.%m.%Y}"
    refused = browser.post(
        there, {"schritt": "frist", "answers_day": longer, "answers_time": "12:00", "reason": ""}
    )
    assert refused.status_code == 422
    browser.post(
        there, {"schritt": "frist", "answers_day": longer, "answers_time": "12:00", "reason": "Ferien"}
    )
    assert f"{cast.deadline:%d.%m.%Y}" == longer
    Questionnaire.objects.update(state="closed")
    Inquiry.objects.update(state="silent")
    browser.post(there, {"schritt": "dank", "worte": "Danke."})
    assert Inquiry.objects.filter(thanked_at=None).count() == 0


@pytest.mark.parametrize("name", ["neighbour", "neighbour_buyer", "company", "colleague", "stranger", "desk"])
def test_a_case_of_others_is_not_found(sent_cast: Cast, name: str) -> None:
    browser = signed_in(sent_cast.hall[name])
    pages = [
        at(sent_cast),
        *(one(sent_cast, page) for page in ("", "/vorschau", "/unternehmen", "/nachweis", "/antworten")),
    ]
    assert [browser.get(page).status_code for page in pages] == [404] * 6
    assert browser.post(one(sent_cast, "/schritt"), {"schritt": "dank"}).status_code == 404


def test_a_reader_reads_and_changes_nothing(cast: Cast) -> None:
    browser = signed_in(cast.hall["reader"])
    assert browser.get(one(cast)).status_code == 200
    browser.post(one(cast, "/vorschau"), {"lock_version": version(cast)})
    assert cast.fresh().state == "draft"


def test_the_desk_writes_a_new_version_and_old_questionnaires_keep_theirs(cast: Cast) -> None:
    lead(cast).post(one(cast, "/fragen"), {"sammlung": "betrieb-kosten"})
    before = list(cast.questionnaire.questions.values_list("text", flat=True))
    desk = signed_in(cast.hall["desk"])
    page = "/redaktion/fragensammlungen/betrieb-kosten"
    assert desk.get(page).status_code == 200
    data = {
        "stand": "1",
        "title": "Kosten",
        "about": "",
        "f1-text": "Wie teuer?",
        "f1-kind": "money",
        "f1-code": "laufend",
    }
    assert desk.post(page, data).status_code == 302
    assert [(each.version, each.title) for each in QuestionSet.objects.all()] == [(2, "Kosten")]
    assert [each.text for each in question_sets()["betrieb-kosten"].questions] == ["Wie teuer?"]
    assert list(cast.questionnaire.questions.values_list("text", flat=True)) == before
    stale = desk.post(page, data)
    assert "Diese Sammlung gibt es inzwischen in einer neuen Fassung." in words(stale)
    desk.post(page, {"stand": "2", "beenden": "1"})
    assert "betrieb-kosten" not in question_sets()
    assert "Nicht mehr angeboten" in words(desk.get("/redaktion/fragensammlungen"))


def test_only_staff_sees_the_sets_on_the_desk(cast: Cast) -> None:
    assert lead(cast).get("/redaktion/fragensammlungen").status_code == 403


def test_the_proof_says_whom_no_letter_reaches_any_more(sent_cast: Cast) -> None:
    page, browser = one(sent_cast, "/nachweis"), lead(sent_cast)
    assert "Nicht alle sind zu erreichen" not in words(browser.get(page))
    company = sent_cast.inquiry("Beispiel GmbH").organisation
    Membership.objects.filter(organisation=company).update(ended_at=sent_cast.now)
    assert "Für Beispiel GmbH spricht hier niemand mehr." in words(browser.get(page))


@pytest.mark.parametrize("number", [1, 3])
def test_the_proof_takes_as_many_queries_for_three_companies_as_for_one(
    sent_cast: Cast, number: int, django_assert_num_queries
) -> None:
    Inquiry.objects.filter(
        pk__in=list(Inquiry.objects.order_by("company_name").values_list("pk", flat=True)[number:])
    ).delete()
    browser = lead(sent_cast)
    browser.get(one(sent_cast, "/nachweis"))
    with django_assert_num_queries(PROOF):
        assert browser.get(one(sent_cast, "/nachweis")).status_code == 200


PROOF = 31
