"""Invitations, roles, absence, leaving and the profile, each in a browser without scripts."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from allmende.accounts.models import User
from allmende.mail.models import Letter
from allmende.organisations.actions import grant_role, suspend
from allmende.organisations.models import Absence, EmailDomain, Invitation, MunicipalityProfile, Organisation
from allmende.organisations.queries import actor_for
from tests.factories.market import DEMO
from tests.factories.people import signed_in, somebody
from tests.web.organisations.conftest import person


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def home(town) -> str:
    return f"/organisation/{town.public_id}"


@pytest.fixture
def mine(boss):
    return signed_in(boss)


@pytest.fixture
def colleague(town, now) -> User:
    return somebody("municipality_editor", town, now=now)


# ------------------------------------------------------------------------------------------------ invitations


def invite(mine, home, email="neu@ahorn.example", roles=("municipality_editor",)) -> str:
    """What the mail leads to."""
    mine.post(f"{home}/einladen", {"email": email, "roles": list(roles)})
    return re.search(r"(/einladung/\S+)", Letter.objects.filter(to=email).latest("pk").text).group(1)


def test_an_invitation_goes_out_and_stands_in_the_list(mine, home):
    answer = mine.post(
        f"{home}/einladen", {"email": "neu@ahorn.example", "roles": ["decision_maker"]}, follow=True
    )
    assert "Die Einladung an neu@ahorn.example ist unterwegs." in words(answer)
    assert "Offene Einladungen" in words(answer)


def test_who_is_not_signed_in_learns_how_and_nothing_about_accounts(mine, home, client):
    link = invite(mine, home)
    before = words(client.get(link))
    assert "Wenn Sie noch kein Konto mit dieser Adresse haben, legen Sie eines an." in before
    person("neu@ahorn.example")
    assert words(client.get(link)) == before


def test_with_the_right_address_one_click_joins(mine, home, town):
    link = invite(mine, home)
    newcomer = signed_in(person("neu@ahorn.example"))
    assert "Einladung annehmen" in words(newcomer.get(link))
    answer = newcomer.post(link, follow=True)
    assert f"Willkommen. Sie gehören jetzt zu {town.name}." in words(answer)
    assert newcomer.get(link).url == home
    assert signed_in(person("dritte@ahorn.example")).get(link).status_code == 404


def test_with_another_address_the_link_leads_nowhere(mine, home, stranger):
    link = invite(mine, home)
    browser = signed_in(stranger)
    assert "ging an eine andere Adresse" in words(browser.get(link))
    browser.post(link)
    assert Invitation.objects.get().accepted_at is None


def test_whoever_signed_up_without_the_link_finds_it_in_their_work(mine, home, town):
    invite(mine, home)
    newcomer = signed_in(person("neu@ahorn.example"))
    assert f"{town.name} lädt Sie ein" in words(newcomer.get("/mein"))
    invitation = Invitation.objects.get()
    answer = newcomer.post(f"/einladungen/{invitation.public_id}", {"antwort": "annehmen"}, follow=True)
    assert "Willkommen" in words(answer)


def test_who_cannot_be_taken_in_reads_why_on_the_page_of_invitations(mine, home, town):
    invite(mine, home)
    newcomer = signed_in(person("neu@ahorn.example"))
    Organisation.objects.filter(pk=town.pk).update(state="suspended")
    address = f"/einladungen/{Invitation.objects.get().public_id}"
    answer = newcomer.post(address, {"antwort": "annehmen"}, follow=True)
    assert (answer.status_code, answer.redirect_chain[-1][0]) == (200, "/einladungen")
    assert f"{town.name} kann gerade niemanden aufnehmen." in words(answer)


def test_it_can_be_declined_and_taken_back(mine, home):
    invite(mine, home)
    newcomer = signed_in(person("neu@ahorn.example"))
    newcomer.post(f"/einladungen/{Invitation.objects.get().public_id}", {"antwort": "ablehnen"})
    assert "liegt keine Einladung vor" in words(newcomer.get("/einladungen"))
    link = invite(mine, home)
    waiting = Invitation.objects.get(withdrawn_at=None)
    mine.post(f"{home}/einladungen/{waiting.public_id}/zurueckziehen")
    assert newcomer.get(link).status_code == 404


def test_nobody_answers_for_another(mine, home, stranger):
    invite(mine, home)
    browser = signed_in(stranger)
    assert browser.post(f"/einladungen/{Invitation.objects.get().public_id}").status_code == 404


@pytest.mark.parametrize("token", ["unfug", "a" * 500, "../../mein", "%00"])
def test_a_wrong_link_says_so_and_no_more(client, towns, token):
    answer = client.get(f"/einladung/{token}")
    assert answer.status_code == 404


def test_the_form_says_what_is_wrong(mine, home):
    answer = mine.post(f"{home}/einladen", {"email": "unfug"})
    assert "Geben Sie eine E-Mail-Adresse ein" in words(answer)
    assert "Wählen Sie mindestens eine Rolle aus." in words(answer)
    assert "operator_admin" not in answer.content.decode()


# ------------------------------------------------------------------------------------------------ who sees what


def test_colleagues_see_roles_and_no_addresses(home, colleague, boss, mine):
    page = words(signed_in(colleague).get(home))
    assert "Verwaltung der Organisation" in page
    assert "Offene Einladungen" not in page
    assert "E-Mail-Adressen Ihrer Organisation" not in page
    assert "E-Mail-Adressen Ihrer Organisation" in words(mine.get(home))


@pytest.mark.parametrize(
    "path",
    ["/einladen", "/mitglied/{boss}", "/verlassen?person={boss}", "/abwesenheit?person={boss}"],
)
def test_a_colleague_does_not_open_what_is_for_administrators(home, colleague, boss, path):
    address = home + path.format(boss=boss.public_id)
    assert signed_in(colleague).get(address).status_code == 404
    assert signed_in(colleague).post(address, {"roles": ["decision_maker"]}).status_code == 404


def test_every_address_of_an_organisation_is_closed_to_a_stranger(
    town, home, boss, stranger, mine, colleague, now
):
    invite(mine, home)
    made = {"proposed_at": now, "proposed_by": "person:x"}
    domain = EmailDomain.objects.create(organisation=town, domain="ahorn.example", **made)
    today = timezone.localdate()
    absence = Absence.objects.create(
        organisation=town, person=colleague, starts_on=today, ends_on=today, reported_at=now
    )
    addresses = [
        "", "/profil", "/einladen", f"/einladungen/{Invitation.objects.get().public_id}/zurueckziehen",
        f"/mitglied/{boss.public_id}", "/anfragen/0000000000", "/verlassen", "/abwesenheit",
        f"/abwesenheiten/{absence.public_id}/beenden", "/domains", f"/domains/{domain.public_id}",
    ]  # fmt: skip
    browser = signed_in(stranger)
    assert {browser.post(home + each, {"was": "entfernen"}).status_code for each in addresses} == {404}
    assert {browser.get(home + each).status_code for each in addresses} <= {404, 405}
    assert (EmailDomain.objects.count(), Absence.objects.get().ended_at) == (1, None)


def test_staff_looks_and_does_not_manage(home, staff):
    page = staff.get(home)
    assert page.status_code == 200
    assert "Jemanden einladen" not in words(page)


# -------------------------------------------------------------------------------------------- roles and leaving


def test_roles_are_ticked_and_hold_at_once(town, home, mine, colleague):
    address = f"{home}/mitglied/{colleague.public_id}"
    assert 'value="municipality_editor" checked' in mine.get(address).content.decode()
    mine.post(address, {"roles": ["decision_maker", "organisation_admin"]})
    assert {role for role, _ in actor_for(colleague).roles} == {"decision_maker", "organisation_admin"}


def test_the_last_administrator_keeps_the_role(home, mine, boss):
    answer = mine.post(f"{home}/mitglied/{boss.public_id}", {"roles": ["decision_maker"]})
    assert "letzte Person, die diese Organisation verwaltet" in words(answer)
    # One or the other: the new role is not given either.
    assert {role for role, _ in actor_for(boss).roles} == {"organisation_admin"}


def test_a_role_of_the_platform_cannot_be_smuggled_in(home, mine, colleague):
    mine.post(f"{home}/mitglied/{colleague.public_id}", {"roles": ["operator_admin"]})
    assert {role for role, _ in actor_for(colleague).roles} == {"municipality_editor"}


def test_leaving_alone_is_refused_and_with_an_heir_is_done(home, mine, boss, colleague):
    assert "letzte Person" in words(mine.post(f"{home}/verlassen", {"person": ""}))
    answer = mine.post(f"{home}/verlassen", {"person": colleague.public_id}, follow=True)
    assert answer.redirect_chain[-1][0] == "/mein"
    assert (actor_for(boss).roles, len(actor_for(colleague).roles)) == (frozenset(), 2)


def test_a_membership_is_ended_by_the_administrator(home, mine, colleague):
    mine.post(f"{home}/verlassen?person={colleague.public_id}", {"person": ""})
    assert actor_for(colleague).roles == frozenset()


# ------------------------------------------------------------------------------------------------------ absence


def said(day) -> str:
    return f"{day:%d.%m.%Y}"


def test_away_and_back(home, mine, boss, colleague):
    today = timezone.localdate()
    answer = mine.post(
        f"{home}/abwesenheit",
        {"starts_on": said(today), "ends_on": said(today + timedelta(days=3)), "person": colleague.public_id},
        follow=True,
    )
    assert f"Bis dahin können Sie für Ahornstadt nichts tun; {colleague} vertritt Sie." in words(answer)
    theirs = signed_in(colleague)
    assert "Sie handeln hier auch in Vertretung" in words(theirs.get(home))
    assert "Jemanden einladen" in words(theirs.get(home))

    absence = Absence.objects.get()
    assert "Ich bin wieder da" in words(mine.get(home))
    mine.post(f"{home}/abwesenheiten/{absence.public_id}/beenden")
    assert "Jemanden einladen" in words(mine.get(home))
    assert "Jemanden einladen" not in words(theirs.get(home))


def test_a_day_that_is_none_is_said(home, mine):
    answer = mine.post(f"{home}/abwesenheit", {"starts_on": "bald", "ends_on": "31.02.2027", "person": ""})
    assert words(answer).count("ein Datum ein, zum Beispiel 03.02.2026.") >= 2


# ------------------------------------------------------------------------------------------------------ domains


def test_a_domain_is_proposed_confirmed_and_opened(town, home, mine, staff):
    mine.post(f"{home}/domains", {"domain": "Ahorn.Example"})
    domain = EmailDomain.objects.get()
    assert "noch nicht bestätigt" in words(mine.get(home))
    page = f"/redaktion/organisationen/domains/{domain.public_id}"
    assert "ahorn.example" in words(staff.get("/redaktion/organisationen/domains"))
    assert staff.get(page).status_code == 200
    staff.post(page, {"urteil": "bestaetigen"})
    mine.post(f"{home}/domains/{domain.public_id}", {"was": "at_once"})
    domain.refresh_from_db()
    assert (domain.admits, domain.confirmed_at is not None) == ("at_once", True)
    mine.post(f"{home}/domains/{domain.public_id}", {"was": "entfernen"})
    assert EmailDomain.objects.count() == 0


def test_the_desk_declines_a_domain(town, home, mine, staff):
    mine.post(f"{home}/domains", {"domain": "fremd.example"})
    staff.post(
        f"/redaktion/organisationen/domains/{EmailDomain.objects.get().public_id}", {"urteil": "ablehnen"}
    )
    assert EmailDomain.objects.count() == 0


def test_freemail_is_refused_with_a_reason(home, mine):
    answer = mine.post(f"{home}/domains", {"domain": "web.de"}, follow=True)
    assert "Bei web.de bekommen alle eine Adresse." in words(answer)


# ------------------------------------------------------------------------------------------------------ profile


def answers(version: int, **more) -> dict:
    return {
        "lock_version": str(version),
        "existing_systems": "Geoportal\nRatsinfo",
        "budget_class": "",
        **more,
    }


def test_a_profile_is_filled_in_and_says_why_it_asks(home, colleague):
    browser = signed_in(colleague)
    page = words(browser.get(f"{home}/profil"))
    assert "42.310" in page
    assert "Anbieter sehen diese Angabe nicht." in page
    browser.post(f"{home}/profil", answers(0, digital_staff="1,5", networks=["lorawan"]))
    profile = MunicipalityProfile.objects.get()
    assert (profile.existing_systems, float(profile.digital_staff), profile.networks, profile.hosting) == (
        ["Geoportal", "Ratsinfo"],
        1.5,
        ["lorawan"],
        None,
    )
    assert 'value="1,5"' in browser.get(f"{home}/profil").content.decode()


def test_the_second_of_two_sees_both_versions_and_decides(home, colleague, mine):
    browser = signed_in(colleague)
    browser.post(f"{home}/profil", answers(0, budget_class="none"))
    mine.post(f"{home}/profil", answers(1, budget_class="to_10000"))
    answer = browser.post(f"{home}/profil", answers(1, budget_class="to_50000"))
    page = words(answer)
    assert answer.status_code == 409
    assert "über 10.000 bis 50.000 Euro bis 10.000 Euro" in page
    assert "Was sich unterscheidet" in page
    assert MunicipalityProfile.objects.get().budget_class == "to_10000"

    browser.post(f"{home}/profil", answers(2, budget_class="to_50000"))
    assert MunicipalityProfile.objects.get().budget_class == "to_50000"


def test_a_number_that_is_none_is_told_by_what_was_asked(home, colleague):
    answer = signed_in(colleague).post(f"{home}/profil", answers(0, digital_staff="anderthalb"))
    assert "Geben Sie bei den Stellen eine Zahl ein, zum Beispiel 1,5." in words(answer)


def test_another_town_reads_a_shared_profile_and_a_provider_does_not(
    home, town, towns, provider, colleague, now
):
    browser = signed_in(colleague)
    neighbour = signed_in(somebody("municipality_editor", towns["99001002"], now=now))
    company = signed_in(somebody("provider_editor", provider, now=now))
    browser.post(f"{home}/profil", answers(0, budget_class="none"))
    assert neighbour.get(f"{home}/profil").status_code == 404
    browser.post(f"{home}/profil", answers(1, budget_class="none", is_shared="on"))
    page = neighbour.get(f"{home}/profil")
    assert (
        page.status_code,
        "kein eigenes Budget" in words(page),
        "<form" in page.content.decode().split("<main")[1],
    ) == (
        200,
        True,
        False,
    )
    assert company.get(f"{home}/profil").status_code == 404


def test_a_reader_reads_the_profile_and_cannot_write(home, town, now):
    browser = signed_in(somebody("decision_maker", town, now=now))
    assert browser.get(f"{home}/profil").status_code == 200
    browser.post(f"{home}/profil", answers(0))
    assert MunicipalityProfile.objects.count() == 0


def test_a_provider_has_no_profile_page(provider, now):
    browser = signed_in(somebody("organisation_admin", provider, now=now))
    assert browser.get(f"/organisation/{provider.public_id}/profil").status_code == 404


# ------------------------------------------------------------------------------------------- other organisations


REGISTRATION = {
    "kind": "sme", "name": "Neue Software GmbH", "legal_form": "gmbh", "register_court": "Amtsgericht Musterstadt",
    "register_number": "HRB 77", "website_url": "https://neu.example", "task": "Geschäftsführung",
}  # fmt: skip


def test_a_provider_registers_is_accredited_and_shown(stranger, staff, client):
    from allmende.organisations.models import Claim

    browser = signed_in(stranger)
    assert "Unternehmen oder Genossenschaft" in words(client.get("/organisationen/neu"))
    assert client.get("/organisationen/neu?art=unternehmen").status_code == 302
    answer = browser.post("/organisationen/neu?art=unternehmen", REGISTRATION, follow=True)
    assert "wird geprüft" in words(answer)
    body = Claim.objects.get().organisation
    assert client.get(f"/anbieter/{body.public_id}").status_code == 404

    page = f"/redaktion/organisationen/antraege/{Claim.objects.get().public_id}"
    assert "HRB 77 Amtsgericht Musterstadt" in words(staff.get(page))
    staff.post(page, {"urteil": "annehmen"})
    assert "GmbH, HRB 77, Amtsgericht Musterstadt" in words(client.get(f"/anbieter/{body.public_id}"))
    assert "Jemanden einladen" in words(browser.get(f"/organisation/{body.public_id}"))


@pytest.mark.parametrize("group", ["unternehmen", "oeffentlich", "land-bund", "weitere"])
def test_each_kind_of_organisation_has_its_form(stranger, group):
    browser = signed_in(stranger)
    assert browser.get(f"/organisationen/neu?art={group}").status_code == 200
    answer = browser.post(f"/organisationen/neu?art={group}", {})
    assert "Füllen Sie „Name der Organisation“ aus." in words(answer)


def test_a_wrong_number_is_said_and_what_was_typed_stays(stranger):
    answer = signed_in(stranger).post(
        "/organisationen/neu?art=unternehmen", REGISTRATION | {"register_number": "77"}
    )
    assert "zum Beispiel HRB 12345" in words(answer)
    assert "Amtsgericht Musterstadt" in answer.content.decode()


def test_the_desk_suspends_restores_and_ends_memberships(town, mine, staff, colleague, home):
    page = f"/redaktion/organisationen/{town.public_id}"
    assert "Füllen Sie „Grund“ aus." in words(staff.post(page, {"was": "aussetzen", "reason": ""}))
    staff.post(page, {"was": "aussetzen", "reason": "Hinweis der Stadt"})
    assert mine.get(home).status_code == 404
    staff.post(page, {"was": "wieder-zulassen"})
    assert mine.get(home).status_code == 200
    staff.post(page, {"was": "mitgliedschaft-beenden", "person": colleague.public_id})
    assert actor_for(colleague).roles == frozenset()
    assert staff.post(page, {"was": "unfug"}).status_code == 404


# --------------------------------------------------------------------------------------------- /mein and the demo


def test_my_work_names_my_organisations_and_who_waits(town, mine, stranger, home, boss):
    assert f'href="{home}"' in mine.get("/mein").content.decode()
    assert "Für eine Kommune oder eine andere Organisation anmelden" in words(
        signed_in(stranger).get("/mein")
    )


def test_the_demo_lists_a_login_for_each_role(client, towns, settings):
    from allmende.organisations.roles import ROLES

    page = words(client.get("/demo/anmeldungen"))
    assert [role.label for role in ROLES.values() if role.label not in page] == []
    settings.DEMO = False
    assert client.get("/demo/anmeldungen").status_code == 404


def test_two_roles_are_two_lines_and_one_person(town, home, mine, colleague, now):
    grant_role("decision_maker", user=colleague, organisation=town, by=DEMO, now=now)
    assert words(mine.get(home)).count(f"Rollen ändern : {colleague}") == 1


def test_a_suspended_organisation_is_gone_for_its_people(town, home, mine, now):
    suspend(town, reason="Hinweis", by=DEMO, now=now)
    assert mine.get(home).status_code == 404


def test_two_clicks_on_accepting_end_on_the_page_of_the_organisation(town, mine, stranger):
    mine.post(
        f"/organisation/{town.public_id}/einladen", {"email": stranger.email, "roles": ["decision_maker"]}
    )
    letter = Letter.objects.get(kind="organisations.invitation")
    link = re.search(r"/einladung/\S+", letter.text).group()
    answer = f"/einladungen/{Invitation.objects.get().public_id}"
    browser = signed_in(stranger)
    for address, form in ((link, {}), (link, {}), (answer, {"antwort": "annehmen"})):
        assert browser.post(address, form).url == f"/organisation/{town.public_id}"
    assert browser.get(link).url == f"/organisation/{town.public_id}"


def test_colleagues_read_that_nobody_manages_for_now(town, boss, mine, home, now):
    assert "Zurzeit verwaltet niemand" not in words(mine.get(home))
    reader = signed_in(somebody("decision_maker", town, now=now))
    day = timezone.localdate()
    Absence.objects.create(organisation=town, person=boss, starts_on=day, ends_on=day, reported_at=now)
    assert "Zurzeit verwaltet niemand diese Organisation" in words(reader.get(home))
    desk = signed_in(somebody("catalogue_editor", now=now))
    assert town.name in words(desk.get("/redaktion/organisationen")).partition("zurzeit niemand verwaltet")[2]
