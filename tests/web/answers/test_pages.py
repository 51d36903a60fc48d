"""The pages of a company: by its account and by a personal link, without script, and nobody else's."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from allmende.exploration.models import Answer, CompanyQuestion, Inquiry, Questionnaire
from allmende.exploration.wording import NO_TENDER
from tests.exploration.cast import Cast, letters_to, token_in
from tests.factories.people import signed_in

KRAUSE, OURS, RIVAL = "Dorfsoftware Krause", "Beispiel GmbH", "Konkurrenz AG"


def link(cast: Cast) -> str:
    return f"/anfrage/{token_in(letters_to(cast.inquiry(KRAUSE))[0])}"


def own(cast: Cast, name: str = OURS) -> str:
    return f"/anfragen/{cast.inquiry(name).public_id}"


def member(cast: Cast, name: str = "company") -> Client:
    return signed_in(cast.people.get(name) or cast.hall[name])


def posted(cast: Cast, inquiry: Inquiry, **more: str) -> dict[str, str]:
    yes, money = (
        cast.question(text) for text in ("Gibt es ein Muster für den Vertrag?", "Was kostet es im Jahr?")
    )
    return {
        f"antwort-{yes}": "ja",
        f"antwort-{money}": "1.200",
        "lock_version": str(Inquiry.objects.get(pk=inquiry.pk).lock_version),
        "abschicken": "1",
        **more,
    }


def words(response) -> str:
    return " ".join(response.content.decode().split())


# ----------------------------------------------------------------------------------------------------------- the link


def test_every_page_says_that_this_is_no_tender(cast: Cast, client: Client) -> None:
    own_pages = [own(cast), f"{own(cast)}/antworten", f"{own(cast)}/drucken", "/anfragen"]
    theirs = [link(cast), f"{link(cast)}/antworten", f"{link(cast)}/drucken"]
    seen = {page: NO_TENDER in words(member(cast).get(page)) for page in own_pages}
    seen |= {page: NO_TENDER in words(client.get(page)) for page in theirs}
    assert seen == dict.fromkeys([*own_pages, *theirs], True)


def test_a_scanner_that_follows_the_link_changes_nothing(cast: Cast, client: Client) -> None:
    before = list(Inquiry.objects.order_by("pk").values())
    statuses = [
        client.generic(method, f"{link(cast)}{page}").status_code
        for method in ("GET", "HEAD")
        for page in ("", "/antworten", "/drucken")
    ]
    assert statuses == [200] * 6
    assert list(Inquiry.objects.order_by("pk").values()) == before


def test_a_company_without_account_opens_answers_and_reads_it_again(cast: Cast) -> None:
    browser, inquiry = Client(), cast.inquiry(KRAUSE)
    assert browser.post(link(cast), {"schritt": "oeffnen"}).status_code == 302
    assert cast.inquiry(KRAUSE).state == "opened"
    response = browser.post(f"{link(cast)}/antworten", posted(cast, inquiry, groesse="small"))
    assert (response.status_code, response.headers["Location"]) == (302, link(cast))
    page = words(browser.get(link(cast)))
    assert "Fragen und Ihre Antworten" in page
    assert "1.200,00" in page
    done = cast.inquiry(KRAUSE)
    assert (done.state, done.answered_by, done.size_class) == ("answered", "link", "small")


def test_a_form_needs_its_token_also_by_a_link(cast: Cast) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(link(cast), {"schritt": "oeffnen"}).status_code == 403
    assert cast.inquiry(KRAUSE).state == "sent"


@pytest.mark.parametrize("token", ["x", "a" * 43, "%00", "<script>", "ä" * 43, "a" * 4000])
def test_a_link_that_is_none_is_not_found(cast: Cast, client: Client, token: str) -> None:
    for page in ("", "/antworten", "/drucken"):
        assert client.get(f"/anfrage/{token}{page}").status_code == 404


def test_a_link_is_in_no_cache_and_in_no_index(cast: Cast, client: Client) -> None:
    response = client.get(link(cast))
    assert "no-store" in response.headers["Cache-Control"]
    assert '<meta name="robots" content="noindex, nofollow">' in words(response)
    assert response.headers["Referrer-Policy"] == "same-origin"


# ---------------------------------------------------------------------------------------------------------- by account


def test_the_inbox_holds_the_own_inquiries_and_nobody_elses(cast: Cast) -> None:
    page = words(member(cast).get("/anfragen"))
    assert "Schäden an Straßen melden" in page
    assert own(cast) in page
    assert own(cast, RIVAL) not in page


@pytest.mark.parametrize("name", ["rival", "lead", "buyer", "stranger", "desk"])
def test_another_ones_inquiry_is_not_found(cast: Cast, name: str) -> None:
    browser = member(cast, name)
    pages = ("", "/antworten", "/drucken")
    assert [browser.get(f"{own(cast)}{page}").status_code for page in pages] == [404] * 3
    assert browser.post(f"{own(cast)}/antworten", posted(cast, cast.inquiry(OURS))).status_code == 404


def test_whoever_has_not_signed_in_is_asked_to(cast: Cast, client: Client) -> None:
    assert client.get(own(cast)).headers["Location"].startswith("/konto/anmelden")


def test_what_is_wrong_is_named_at_its_question_and_what_was_typed_stays(cast: Cast) -> None:
    money = cast.question("Was kostet es im Jahr?")
    data = posted(cast, cast.inquiry(OURS)) | {f"antwort-{money}": "sehr viel"}
    response = member(cast).post(f"{own(cast)}/antworten", data)
    page = words(response)
    assert response.status_code == 422
    assert "Frage 2: Geben Sie einen Betrag ein, zum Beispiel 1.200,00." in page
    assert 'value="sehr viel"' in page
    assert not Answer.objects.exists()


def test_what_is_typed_saves_itself(cast: Cast) -> None:
    money = cast.question("Was kostet es im Jahr?")
    data = {f"antwort-{money}": "halb", "lock_version": "0", "seite": "eins"}
    response = member(cast).post(f"{own(cast)}/antworten/sichern", data)
    assert "Gespeichert am" in words(response)
    assert cast.inquiry(OURS).draft[money] == {"typed": "halb", "remark": "", "confidential": False}
    assert 'value="halb"' in words(member(cast).get(f"{own(cast)}/antworten"))


def test_two_people_of_a_company_see_both_versions(cast: Cast) -> None:
    money = cast.question("Was kostet es im Jahr?")
    first, second = member(cast), member(cast, "second")
    first.post(
        f"{own(cast)}/antworten/sichern", {f"antwort-{money}": "10", "lock_version": "0", "seite": "a"}
    )
    response = second.post(
        f"{own(cast)}/antworten",
        {f"antwort-{money}": "20", "lock_version": "0", "seite": "b", "bleiben": "1"},
    )
    page = words(response)
    assert response.status_code == 409
    assert "<strong>Gespeichert ist:</strong> 10" in page
    assert 'value="20"' in page
    assert cast.inquiry(OURS).draft[money]["typed"] == "10"


def test_after_the_deadline_what_was_typed_stands_on_the_page_to_be_copied(cast: Cast) -> None:
    data = posted(cast, cast.inquiry(OURS))
    Questionnaire.objects.update(deadline=datetime.now(UTC) - timedelta(seconds=1))
    response = member(cast).post(f"{own(cast)}/antworten", data)
    page = words(response)
    assert response.status_code == 422
    assert "Die Frist ist vorbei. Ihre Antworten sind nicht angekommen." in page
    assert "<dd>1.200 </dd>" in page or "<dd>1.200</dd>" in page
    assert not Answer.objects.exists()
    assert "Sie können Ihre Antworten noch lesen und nichts mehr ändern." in words(
        member(cast).get(own(cast))
    )
    assert member(cast).get(f"{own(cast)}/antworten").status_code == 302


def test_a_company_declines_and_asks_back(cast: Cast) -> None:
    browser = member(cast)
    assert browser.post(own(cast), {"schritt": "fragen", "frage": "Wie viele Nutzende?"}).status_code == 302
    assert CompanyQuestion.objects.get().text == "Wie viele Nutzende?"
    refused = browser.post(own(cast), {"schritt": "absagen", "grund": " "})
    assert refused.status_code == 422
    assert "Schreiben Sie in einem Satz, warum Sie nicht antworten." in words(refused)
    assert browser.post(own(cast), {"schritt": "absagen", "grund": "Bieten wir nicht an."}).status_code == 302
    assert cast.inquiry(OURS).declined_reason == "Bieten wir nicht an."
    assert browser.post(own(cast), {"schritt": "nichts"}).status_code == 302


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", "\x00\x01\x02", "x" * 1_000_000, "\u202e\ufeff"]
)
def test_hostile_words_break_nothing(cast: Cast, hostile: str) -> None:
    more = cast.question("Was ist sonst wichtig?")
    data = posted(cast, cast.inquiry(OURS)) | {f"antwort-{more}": hostile, "groesse": "riesig" * 3}
    response = member(cast).post(f"{own(cast)}/antworten", data)
    assert response.status_code == 422
    assert "<script>alert" not in words(response)
    assert not Answer.objects.exists()


@pytest.mark.parametrize("number", [1, 3])
def test_the_inbox_takes_as_many_queries_for_three_as_for_one(
    cast: Cast, number: int, django_assert_num_queries
) -> None:
    first = cast.inquiry(OURS)
    for each in range(2, number + 1):
        round_ = Questionnaire.objects.get(pk=cast.questionnaire.pk)
        round_.pk, round_.public_id, round_.round = None, f"runde0000{each}", each
        round_.save()
        Inquiry.objects.create(
            questionnaire=round_, organisation=first.organisation, company_name=OURS, state="sent"
        )
    browser = member(cast)
    browser.get("/anfragen")
    with django_assert_num_queries(INBOX):
        assert browser.get("/anfragen").status_code == 200


# One of them follows the mergers of the company.
INBOX = 6
