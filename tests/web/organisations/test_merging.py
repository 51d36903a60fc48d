"""The pages on which staff makes two entries one, and what becomes of the old addresses."""

import datetime
from typing import Any

import pytest
from django.test import Client

from allmende.mail.models import Letter
from allmende.organisations.actions import claim_town, grant_role, register, send_letter, take_over
from allmende.organisations.drafts import AddressDraft, RegistrationDraft
from allmende.organisations.models import Claim, Organisation, OrganisationMerge, PostalAddress
from allmende.organisations.queries import actor_for
from allmende.regions.models import Region
from allmende.web.organisations.desk import waiting_merges, waiting_post
from tests.factories.market import DEMO
from tests.web.organisations.conftest import person, signed_in, somebody
from tests.web.organisations.test_people import words

LIST = "/redaktion/organisationen/zusammenfuehrungen"
REASON = "Gleiche Registernummer."


@pytest.fixture
def twin(provider: Organisation, now: datetime.datetime) -> Organisation:
    made = register("Beispiel-Software", kind="sme", by=DEMO, now=now)
    grant_role(
        "organisation_admin",
        user=person("zwilling@beispiel.example"),
        organisation=provider,
        by=DEMO,
        now=now,
    )
    return made


@pytest.fixture
def second(staff: Client, now: datetime.datetime) -> Client:
    return signed_in(somebody("operator_admin", now=now))


def proposed(staff: Client, twin: Organisation, provider: Organisation) -> str:
    form = {"into": provider.public_id, "reason": REASON}
    answer = staff.post(f"/redaktion/organisationen/{twin.public_id}/zusammenfuehren", form)
    assert answer.url == LIST
    return f"{LIST}/{OrganisationMerge.objects.get().public_id}"


def test_one_proposes_another_confirms_and_the_old_address_leads_to_the_new(
    staff: Client, second: Client, twin: Organisation, provider: Organisation
) -> None:
    page = staff.get(f"/redaktion/organisationen/{twin.public_id}")
    assert f"/redaktion/organisationen/{twin.public_id}/zusammenfuehren" in page.content.decode()
    assert "Ähnlich heißen: Beispiel-Software GmbH" in words(page)
    address = proposed(staff, twin, provider)
    assert "Bestätigen kann das nur eine andere Person" in words(staff.get(address))
    assert REASON in words(second.get(LIST))
    page = words(second.get(address))
    assert "Geht auf: Beispiel-Software " in page
    assert "Bleibt: Beispiel-Software GmbH" in page
    second.post(address, {"urteil": "bestaetigen"})
    for before, after in (
        ("/anbieter/{}", "/anbieter/{}"),
        ("/redaktion/organisationen/{}", "/redaktion/organisationen/{}"),
        ("/organisation/{}", "/organisation/{}"),
    ):
        answer = second.get(before.format(twin.public_id))
        assert (answer.status_code, answer.url) == (302, after.format(provider.public_id))
    assert "Beispiel-Software → Beispiel-Software GmbH" in words(staff.get(LIST))


def test_undoing_asks_why(staff: Client, second: Client, twin: Organisation, provider: Organisation) -> None:
    address = proposed(staff, twin, provider)
    second.post(address, {"urteil": "bestaetigen"})
    assert staff.post(address, {"urteil": "rueckgaengig", "reason": ""}).status_code == 200
    staff.post(address, {"urteil": "rueckgaengig", "reason": "Zwei Firmen."})
    twin.refresh_from_db()
    assert (twin.state, staff.get(f"/anbieter/{twin.public_id}").status_code) == ("named", 200)
    assert "rückgängig gemacht. Grund: Zwei Firmen." in words(staff.get(address))


def test_the_proposal_can_be_taken_back_and_nothing_else_can_be_done_with_it(
    staff: Client, twin: Organisation, provider: Organisation
) -> None:
    address = proposed(staff, twin, provider)
    staff.post(address, {"urteil": "bestaetigen"})
    assert OrganisationMerge.objects.get().state == "proposed"
    staff.post(address, {"urteil": "ablehnen"})
    assert OrganisationMerge.objects.get().state == "refused"


def test_another_entry_is_found_by_a_part_of_its_name(
    staff: Client, twin: Organisation, provider: Organisation, now: datetime.datetime
) -> None:
    register("Werkstatt Zwei", kind="sme", by=DEMO, now=now)
    address = f"/redaktion/organisationen/{twin.public_id}/zusammenfuehren"
    assert "Beispiel-Software GmbH (" in words(staff.get(address))
    found = words(staff.get(address, {"name": "werk"}))
    assert ("Werkstatt Zwei (" in found, "Beispiel-Software GmbH (" in found) == (True, False)
    assert "Nichts gefunden" in words(staff.get(address, {"name": "xyz\0"}))


def test_the_desk_counts_what_somebody_else_has_proposed(
    staff: Client, second: Client, twin: Organisation, provider: Organisation
) -> None:
    proposed(staff, twin, provider)
    from allmende.accounts.models import User

    desk, operator = (
        actor_for(User.objects.get(memberships__role=role)) for role in ("catalogue_editor", "operator_admin")
    )
    assert (waiting_merges(desk), waiting_merges(operator)) == (0, 1)


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_same_number_of_questions(
    staff: Client, provider: Organisation, now: datetime.datetime, number: int, django_assert_num_queries: Any
) -> None:
    for each in range(number):
        made = register(f"Firma {each}", kind="sme", by=DEMO, now=now)
        OrganisationMerge.objects.create(
            source=made, target=provider, reason=REASON, proposed_at=now, proposed_by="person:x"
        )
    staff.get(LIST)
    with django_assert_num_queries(6):
        staff.get(LIST)


# ------------------------------------------------------------------------------------------------ "Gibt es schon"

FORM = {
    "kind": "sme",
    "name": "Beispiel Software",
    "legal_form": "gmbh",
    "register_court": "Amtsgericht Kassel",
    "register_number": "HRB 4711",
    "website_url": "",
    "task": "Geschäftsführung",
}
NEW = "/organisationen/neu?art=unternehmen"


def test_who_registers_a_name_that_is_here_is_asked_and_gets_that_entry(
    stranger: Any, staff: Client, now: Any
) -> None:
    entry = register(
        "Beispiel-Software GmbH", kind="sme", by=DEMO, now=now, website_url="https://woanders.example"
    )
    browser = signed_in(stranger)
    page = words(browser.post(NEW, FORM))
    assert "Gibt es schon – sind Sie das?" in page
    assert "Ja, das sind wir: Beispiel-Software GmbH" in page
    assert Claim.objects.count() == 0
    assert "Wählen Sie aus, ob Sie das sind." in words(browser.post(NEW, {**FORM, "gefragt": "1"}))
    browser.post(NEW, {**FORM, "gefragt": "1", "entry": entry.public_id})
    claim = Claim.objects.get()
    assert (claim.organisation, claim.takes_over) == (entry, True)
    desk = staff.get(f"/redaktion/organisationen/antraege/{claim.public_id}")
    assert "Bestätigte E-Mail-Adresse bei woanders.example" in words(desk)
    assert "Registernummer HRB 4711 Amtsgericht Kassel" in words(desk)
    staff.post(f"/redaktion/organisationen/antraege/{claim.public_id}", {"urteil": "annehmen"})
    entry.refresh_from_db()
    assert (entry.is_accredited, entry.name, entry.register_number) == (True, "Beispiel Software", "HRB 4711")


def test_who_says_no_gets_an_entry_of_their_own(stranger: Any, now: Any) -> None:
    register("Beispiel-Software GmbH", kind="sme", by=DEMO, now=now)
    signed_in(stranger).post(NEW, {**FORM, "gefragt": "1", "entry": "neu"})
    claim = Claim.objects.get()
    assert (claim.takes_over, claim.organisation.state) == (False, "applied")


def test_who_comes_from_the_page_of_an_entry_finds_its_name_in_the_form(stranger: Any, now: Any) -> None:
    entry = register("Beispiel-Software GmbH", kind="sme", by=DEMO, now=now)
    address = f"/organisationen/neu?eintrag={entry.public_id}"
    assert address in Client().get(f"/anbieter/{entry.public_id}").content.decode()
    page = signed_in(stranger).get(address).content.decode()
    assert 'value="Beispiel-Software GmbH"' in page


def test_an_invented_entry_in_the_address_opens_the_choice(stranger: Any) -> None:
    assert "Was für eine Organisation ist es?" in words(
        signed_in(stranger).get("/organisationen/neu?eintrag=%00x")
    )


# ----------------------------------------------------------------------------------------------- letters and lost post


def letter(town: Organisation, stranger: Any, now: Any) -> Claim:
    claim = claim_town(
        Region.objects.get(name="Birkenmarkt"), task="Digitales", by=actor_for(stranger), now=now
    )
    address = AddressDraft("Birkenmarkt", "Am Markt", "00102", "Birkenmarkt")
    send_letter(claim, address=address, domain_fits=False, by=DEMO, now=now)
    return claim


def test_a_letter_is_not_printed_without_a_street_and_the_street_is_there_next_time(
    staff: Client, stranger: Any, town: Organisation, now: Any, settings: Any
) -> None:
    settings.LETTER_SENDER, settings.LETTER_PHONE = ["Geschäftsstelle Allmende", "Musterweg 1"], "0123 4567"
    settings.LETTER_REPLY_TO = "post@allmende.example"
    claim = claim_town(
        Region.objects.get(name="Birkenmarkt"), task="Digitales", by=actor_for(stranger), now=now
    )
    page = f"/redaktion/organisationen/antraege/{claim.public_id}"
    form = {"urteil": "brief", "recipient": "Markt Birkenmarkt", "postcode": "00102", "place": "Birkenmarkt"}
    assert 'value="00102"' in staff.get(page).content.decode()
    staff.post(page, {**form, "street": ""})
    assert "Straße und Hausnummer an, oder das Postfach" in words(staff.post(page, {**form, "street": "12"}))
    assert (Claim.objects.get().letters, PostalAddress.objects.count()) == (0, 0)
    printed = words(staff.post(page, {**form, "street": "Am Markt 1"}))
    assert "Geschäftsstelle Allmende Musterweg 1" in printed
    assert "Rufen Sie an: 0123 4567. Schreiben Sie an: post@allmende.example" in printed
    assert "früheren Brief" not in printed
    assert 'value="Am Markt 1"' in staff.get(page).content.decode()
    assert "früheren Brief gilt nicht mehr" in words(staff.post(page, {**form, "street": "Am Markt 1"}))
    assert "früheren Brief gilt nicht mehr" in words(
        signed_in(stranger).get("/kommunen/99001002/uebernehmen")
    )


def test_a_letter_without_a_sender_warns_whoever_prints_it(
    staff: Client, stranger: Any, town: Organisation, now: Any
) -> None:
    claim = claim_town(
        Region.objects.get(name="Birkenmarkt"), task="Digitales", by=actor_for(stranger), now=now
    )
    form = {
        "urteil": "brief",
        "recipient": "Birkenmarkt",
        "street": "Am Markt",
        "postcode": "00102",
        "place": "Ort",
    }
    page = f"/redaktion/organisationen/antraege/{claim.public_id}"
    assert "Im Brief fehlt, wer ihn schickt" in words(staff.post(page, form))


def test_a_letter_that_came_back_stands_among_lost_post_with_what_to_do(
    staff: Client, stranger: Any, town: Organisation, now: Any
) -> None:
    assert "Kein Brief ist verloren gegangen." in words(staff.get("/redaktion/post"))
    claim = letter(town, stranger, now)
    staff.post(f"/redaktion/organisationen/antraege/{claim.public_id}", {"urteil": "zurueckgekommen"})
    page = staff.get("/redaktion/post")
    assert "Birkenmarkt Der Brief kam zurück. Suchen Sie die richtige Anschrift" in words(page)
    assert f"/redaktion/organisationen/antraege/{claim.public_id}" in page.content.decode()
    assert "Der Brief kam zurück." in words(signed_in(stranger).get("/kommunen/99001002/uebernehmen"))


def test_a_mail_that_bounced_says_what_to_do_until_another_has_arrived(
    staff: Client, stranger: Any, town: Organisation, now: Any
) -> None:
    claim = letter(town, stranger, now)
    real = datetime.datetime.now(datetime.UTC)
    bounced = {"state": "bounced", "next_try_at": None, "ended_at": real, "last_error": "5.1.1 unknown"}
    Letter.objects.filter(about_id=claim.public_id).update(**bounced)
    assert waiting_post(actor_for(stranger)) == 1
    page = words(staff.get("/redaktion/post"))
    assert "E-Mail zu einer Anmeldung An fremd@woanders.example" in page
    assert "Rufen Sie bei der Organisation an" in page
    letter_again = Letter.objects.get(about_id=claim.public_id)
    letter_again.pk, letter_again.public_id, letter_again.state = None, "abcdefghjk", "sent"
    letter_again.message_id, letter_again.bounce_token = "andere@x", "b" * 32
    letter_again.created_at = letter_again.sent_at = real
    letter_again.ended_at = None
    letter_again.save()
    assert waiting_post(actor_for(stranger)) == 0
    assert "Alle E-Mails sind angekommen." in words(staff.get("/redaktion/post"))


def test_who_takes_over_waits_like_everybody(stranger: Any, now: Any, towns: Any) -> None:
    entry = register("Beispiel-Software GmbH", kind="sme", by=DEMO, now=now)
    draft = RegistrationDraft(name="Beispiel", kind="sme", legal_form="gbr", task="Chefin")
    take_over(entry, draft, by=actor_for(stranger), now=now)
    page = words(signed_in(stranger).get(f"/organisation/{entry.public_id}"))
    assert "wird geprüft" in page


def test_staff_finds_any_organisation_by_a_part_of_its_name_and_from_its_public_page(
    staff: Client, provider: Organisation, twin: Organisation
) -> None:
    """Also one that has an application behind it and somebody who manages it: those are the ones registered twice."""
    found = staff.get("/redaktion/organisationen", {"name": "software"}).content.decode()
    for each in (provider, twin):
        assert f'<a href="/redaktion/organisationen/{each.public_id}">{each.name}</a>' in found
    nothing = words(staff.get("/redaktion/organisationen", {"name": "Gibtesnicht"}))
    assert "Keine Organisation heißt so." in nothing
    link = f'href="/redaktion/organisationen/{twin.public_id}"'
    assert link in staff.get(f"/anbieter/{twin.public_id}").content.decode()
    assert link not in Client().get(f"/anbieter/{twin.public_id}").content.decode()
