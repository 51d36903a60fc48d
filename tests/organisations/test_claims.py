"""The first person of an organisation: applied, checked, proved by a letter or by the register."""

import datetime
import re
from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from allmende.journal.queries import history
from allmende.lib.refusals import Refused
from allmende.mail.models import Letter
from allmende.organisations.actions import (
    accept_claim,
    apply_for,
    claim_town,
    enter_code,
    note_returned_letter,
    refuse_claim,
    send_letter,
    withdraw_claim,
)
from allmende.organisations.actions.claims import OLD_CODE, _typed
from allmende.organisations.checks import letters_say_who_sends_them
from allmende.organisations.drafts import AddressDraft, RegistrationDraft
from allmende.organisations.models import MOST_ATTEMPTS, Claim, EmailDomain, JoinRequest, Organisation
from allmende.organisations.queries import (
    actor_for,
    claims_to_check,
    postal_address,
    running_claims,
    unanswered_letters,
    visible_to,
)
from allmende.organisations.states import ACCREDITATION, CLAIM
from tests.organisations.conftest import Cast, person

ADDRESS = AddressDraft("Gemeinde Eichen", "Hauptstraße 1", "00103", "Eichen")
DRAFT = RegistrationDraft(
    name="  Neue   Software GmbH ",
    kind="sme",
    legal_form="gmbh",
    register_court="Amtsgericht Musterstadt",
    register_number="hrb 00123 b",
    website_url="https://neu.example",
    task="Geschäftsführung",
)


@pytest.fixture
def clerk(cast: Cast):
    """Somebody at the town hall of Eichen, which nobody has claimed."""
    return person("clerk", "eichen.example")


@pytest.fixture
def claim(cast, clerk, now) -> Claim:
    return claim_town(cast.free_region, task="Digitales", by=actor_for(clerk), now=now)


def sent(claim: Claim, cast: Cast, now, *, domain_fits: bool = True) -> str:
    return send_letter(claim, address=ADDRESS, domain_fits=domain_fits, by=cast.actor("desk"), now=now)


def wrong(code: str) -> str:
    return ("0" if code[0] != "0" else "1") + code[1:]


def kinds(subject) -> list[str]:
    return [entry.kind for entry in history(subject.journal_type, subject.public_id).order_by("pk")]


# ------------------------------------------------------------------------------------------------------- a town


def test_a_town_is_claimed_from_application_to_code(cast, clerk, claim, now):
    assert (claim.state, claim.domain, claim.organisation.name) == ("open", "eichen.example", "Eichen")
    code = sent(claim, cast, now)
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", code)

    enter_code(claim, code.lower().replace("-", " "), by=actor_for(clerk), now=now)

    claim.refresh_from_db()
    town = claim.organisation
    assert (claim.state, claim.code_hash, town.state, town.accredited_at) == (
        "granted",
        "",
        "accredited",
        now,
    )
    assert actor_for(clerk).roles == {
        ("organisation_admin", town.public_id),
        ("municipality_editor", town.public_id),
    }
    domain = EmailDomain.objects.get(organisation=town)
    assert (domain.domain, domain.confirmed_at, domain.admits) == ("eichen.example", now, "on_request")
    assert kinds(claim) == [
        "organisations.claim_made",
        "organisations.claim_letter_sent",
        "organisations.claim_granted",
    ]


def test_the_code_is_kept_as_a_hash_only_and_told_nowhere_else(cast, claim, now):
    code = sent(claim, cast, now)
    claim.refresh_from_db()
    bare = code.replace("-", "")
    assert claim.code_hash
    assert bare not in claim.code_hash
    told = [str(entry.data) for entry in history("claim", claim.public_id)]
    letters = [letter.text for letter in Letter.objects.all()]
    assert [text for text in (*told, *letters) if code in text or bare in text] == []


def test_whoever_applied_is_told_where_the_code_goes(cast, clerk, claim, now):
    sent(claim, cast, now)
    letter = Letter.objects.get(to=clerk.email)
    assert letter.subject == "Brief an Eichen ist unterwegs"
    assert "/kommunen/99001003/uebernehmen" in letter.text


def test_a_domain_that_staff_did_not_confirm_lets_nobody_in(cast, clerk, claim, now):
    enter_code(claim, sent(claim, cast, now, domain_fits=False), by=actor_for(clerk), now=now)
    assert EmailDomain.objects.count() == 0


def test_an_address_for_everybody_is_no_domain_of_a_town(cast, now):
    clerk = person("clerk", "web.de")
    claim = claim_town(cast.free_region, task="Digitales", by=actor_for(clerk), now=now)
    assert claim.domain == ""
    enter_code(claim, sent(claim, cast, now), by=actor_for(clerk), now=now)
    assert EmailDomain.objects.count() == 0


def test_wrong_codes_are_counted_and_then_the_staff_looks_again(cast, clerk, claim, now):
    code = sent(claim, cast, now)
    for left in range(MOST_ATTEMPTS - 1, 1, -1):
        with pytest.raises(Refused, match=f"noch {left}-mal"):
            enter_code(claim, wrong(code), by=actor_for(clerk), now=now)
    with pytest.raises(Refused, match="noch einmal"):
        enter_code(claim, wrong(code), by=actor_for(clerk), now=now)
    with pytest.raises(Refused, match="gilt jetzt nicht mehr"):
        enter_code(claim, wrong(code), by=actor_for(clerk), now=now)
    claim.refresh_from_db()
    assert (claim.state, claim.attempts, claim.code_hash) == ("open", MOST_ATTEMPTS, "")

    with pytest.raises(Refused, match="gilt gerade kein Code"):
        enter_code(claim, code, by=actor_for(clerk), now=now)
    assert list(claims_to_check(now)) == [claim]


def test_a_new_letter_makes_the_old_code_worthless_and_counts_anew(cast, clerk, claim, now):
    first = sent(claim, cast, now)
    with pytest.raises(Refused):
        enter_code(claim, wrong(first), by=actor_for(clerk), now=now)
    second = sent(claim, cast, now)
    with pytest.raises(Refused, match="noch 4-mal"):
        enter_code(claim, first, by=actor_for(clerk), now=now)
    enter_code(claim, second, by=actor_for(clerk), now=now)


def test_a_code_ends_with_its_thirtieth_day(cast, clerk, claim, now):
    code = sent(claim, cast, now)
    late = now + datetime.timedelta(days=30)
    with pytest.raises(Refused, match="gilt gerade kein Code"):
        enter_code(claim, code, by=actor_for(clerk), now=late)
    enter_code(claim, code, by=actor_for(clerk), now=late - datetime.timedelta(seconds=1))


@pytest.mark.parametrize("who", ["stranger", "boss", "desk", "operator", "program", "public"])
def test_nobody_but_the_claimant_enters_the_code_and_a_try_of_others_costs_nothing(cast, claim, now, who):
    code = sent(claim, cast, now)
    with pytest.raises(Refused, match="Berechtigung"):
        enter_code(claim, code, by=cast.actor(who), now=now)
    claim.refresh_from_db()
    assert (claim.state, claim.attempts) == ("code_sent", 0)


def test_a_town_is_not_accepted_without_its_letter(cast, claim, now):
    with pytest.raises(Refused, match="Code aus dem Brief"):
        accept_claim(claim, domain_fits=True, by=cast.actor("operator"), now=now)


def test_staff_does_not_check_its_own_claim(cast, now):
    claim = claim_town(cast.free_region, task="Nebenamt", by=cast.actor("desk"), now=now)
    for act in (
        lambda: sent(claim, cast, now),
        lambda: refuse_claim(claim, reason="x", by=cast.actor("desk"), now=now),
    ):
        with pytest.raises(Refused, match="Berechtigung"):
            act()
    send_letter(claim, address=ADDRESS, domain_fits=False, by=cast.actor("operator"), now=now)


def test_others_of_the_same_house_ask_the_one_who_was_first(cast, clerk, claim, now):
    other = person("other", "eichen.example")
    second = claim_town(cast.free_region, task="Presse", by=actor_for(other), now=now)
    enter_code(claim, sent(claim, cast, now), by=actor_for(clerk), now=now)

    second.refresh_from_db()
    assert (second.state, JoinRequest.objects.get().user, JoinRequest.objects.get().task) == (
        "withdrawn",
        other,
        "Presse",
    )
    assert list(running_claims()) == []
    assert "Ihre Anfrage an die Personen weitergegeben" in Letter.objects.get(to=other.email).text


@pytest.mark.parametrize("address", ["stranger", "unconfirmed", "domain not confirmed"])
def test_others_from_elsewhere_come_by_invitation_and_the_town_does_not_learn_of_them(
    cast, clerk, claim, now, address
):
    other = person("other", "woanders.example" if address == "stranger" else "eichen.example")
    second = claim_town(cast.free_region, task="Presse", by=actor_for(other), now=now)
    if address == "unconfirmed":
        other.emailaddress_set.update(verified=False)
    code = sent(claim, cast, now, domain_fits=address != "domain not confirmed")
    enter_code(claim, code, by=actor_for(clerk), now=now)

    second.refresh_from_db()
    assert (second.state, JoinRequest.objects.count()) == ("withdrawn", 0)
    assert "Lassen Sie sich von der Verwaltung der Organisation einladen." in second.reason
    letter = Letter.objects.get(to=other.email)
    assert "lassen Sie sich einladen" in letter.text
    assert [word for word in (clerk.name, clerk.email) if word in letter.text] == []


def test_a_letter_that_nobody_answered_comes_back_to_the_staff(cast, clerk, claim, now):
    sent(claim, cast, now)
    late = now + datetime.timedelta(days=30)
    assert [list(claims_to_check(at)) for at in (now, late - datetime.timedelta(seconds=1), late)] == [
        [],
        [],
        [claim],
    ]
    sent(claim, cast, late)
    assert list(claims_to_check(late)) == []


def test_a_town_that_is_taken_is_not_claimed_again(cast, clerk, now):
    with pytest.raises(Refused, match="schon jemand angemeldet"):
        claim_town(cast.region, task="Digitales", by=actor_for(clerk), now=now)


def test_one_person_claims_a_town_once(cast, clerk, claim, now):
    with pytest.raises(Refused, match="schon angemeldet"):
        claim_town(cast.free_region, task="Digitales", by=actor_for(clerk), now=now)
    withdraw_claim(claim, by=actor_for(clerk), now=now)
    assert claim_town(cast.free_region, task="Digitales", by=actor_for(clerk), now=now).state == "open"


def test_a_claim_needs_a_confirmed_address_and_a_task(cast, now):
    silent = person("silent", confirmed=False)
    with pytest.raises(Refused, match="Bestätigen Sie zuerst"):
        claim_town(cast.free_region, task="Digitales", by=actor_for(silent), now=now)
    with pytest.raises(Refused, match="welche Aufgabe"):
        claim_town(cast.free_region, task="  ", by=cast.actor("stranger"), now=now)
    with pytest.raises(Refused, match="Melden Sie sich an"):
        claim_town(cast.free_region, task="Digitales", by=cast.actor("public"), now=now)
    assert Claim.objects.count() == 0


def test_a_vanished_region_and_a_land_are_not_claimed(cast, now):
    cast.free_region.valid_to = now.date()
    with pytest.raises(Refused, match="gibt es nicht mehr"):
        claim_town(cast.free_region, task="Digitales", by=cast.actor("stranger"), now=now)
    with pytest.raises(Refused, match="keine eigene Verwaltung"):
        claim_town(cast.region.land, task="Digitales", by=cast.actor("stranger"), now=now)


def test_a_refusal_says_why_and_the_person_reads_it(cast, clerk, claim, now):
    with pytest.raises(Refused, match="Schreiben Sie, warum"):
        refuse_claim(claim, reason=" ", by=cast.actor("desk"), now=now)
    refuse_claim(claim, reason="Die Aufgabe gibt es dort nicht.", by=cast.actor("desk"), now=now)

    claim.refresh_from_db()
    assert (claim.state, claim.reason) == ("refused", "Die Aufgabe gibt es dort nicht.")
    assert "Die Aufgabe gibt es dort nicht." in Letter.objects.get(to=clerk.email).text
    with pytest.raises(Refused, match="kann nicht"):
        sent(claim, cast, now)


@given(
    letters=st.text(alphabet="0123456789abcdefghjkmnpqrstvwxyz", min_size=8, max_size=8),
    style=st.integers(0, 3),
)
def test_however_a_code_is_typed_it_is_the_same_code(letters, style):
    code = letters.upper()
    typed = [code, letters, f"{code[:4]}-{code[4:]}", f" {letters[:4]} {letters[4:]} "][style]
    assert _typed(typed) == code


def test_letters_that_look_like_figures_are_read_as_these():
    assert _typed("oil0-abcd") == "0110ABCD"


# ------------------------------------------------------------------------------------------------ other bodies


def test_a_provider_is_compared_with_its_register_and_accredited(cast, now):
    founder = person("founder", "neu.example")
    claim = apply_for(DRAFT, by=actor_for(founder), now=now)
    body = claim.organisation
    assert (body.name, body.register_number, body.state) == ("Neue Software GmbH", "HRB 123 B", "applied")
    assert actor_for(founder).roles == frozenset()

    accept_claim(claim, domain_fits=True, by=cast.actor("desk"), now=now)

    body.refresh_from_db()
    assert (body.state, EmailDomain.objects.get().domain) == ("accredited", "neu.example")
    assert actor_for(founder).roles == {
        ("organisation_admin", body.public_id),
        ("provider_editor", body.public_id),
    }
    assert f"/organisation/{body.public_id}" in Letter.objects.get(to=founder.email).text


def test_what_somebody_only_applied_for_is_seen_by_them_and_the_staff(cast, now):
    founder = person("founder", "neu.example")
    body = apply_for(DRAFT, by=actor_for(founder), now=now).organisation
    sees = {
        name: visible_to(cast.actor(name)).filter(pk=body.pk).exists()
        for name in ("public", "stranger", "boss", "competitor", "program")
    }
    assert sees == {"public": False, "stranger": False, "boss": False, "competitor": False, "program": True}
    assert visible_to(actor_for(founder)).filter(pk=body.pk).exists()
    assert visible_to(cast.actor("desk"), is_staff=True).filter(pk=body.pk).exists()


def test_the_same_register_number_is_the_same_company(cast, now):
    apply_for(DRAFT, by=cast.actor("stranger"), now=now)
    again = replace(DRAFT, name="Anderer Name", register_court="AMTSGERICHT musterstadt")
    with pytest.raises(Refused, match="schon angemeldet"):
        apply_for(again, by=cast.actor("reader"), now=now)
    assert Organisation.objects.filter(state="applied").count() == 1


def test_what_was_refused_may_be_applied_for_again(cast, now):
    claim = apply_for(DRAFT, by=cast.actor("stranger"), now=now)
    refuse_claim(claim, reason="Auszug fehlt.", by=cast.actor("desk"), now=now)
    claim.organisation.refresh_from_db()
    assert claim.organisation.state == "refused"
    assert apply_for(DRAFT, by=cast.actor("stranger"), now=now).organisation != claim.organisation


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"name": " "}, "Namen der Organisation"),
        ({"kind": "unheard_of"}, "was für eine Organisation"),
        ({"kind": "municipality"}, "melden Sie auf ihrer Seite an"),
        ({"legal_form": "unheard_of"}, "Rechtsform"),
        ({"register_number": "12345"}, "zum Beispiel HRB 12345"),
        ({"register_number": "VR 12"}, "steht nicht im Register VR"),
        ({"register_court": ""}, "bei welchem Gericht"),
        ({"task": ""}, "welche Aufgabe"),
    ],
)
def test_an_application_says_what_is_missing_and_leaves_nothing_behind(cast, now, change, reason):
    before = Organisation.objects.count()
    with pytest.raises(Refused, match=reason):
        apply_for(replace(DRAFT, **change), by=cast.actor("stranger"), now=now)
    assert Organisation.objects.count() == before


def test_a_body_without_register_needs_no_number(cast, now):
    ministry = RegistrationDraft(
        name="Ministerium", kind="state_body", legal_form="authority", task="Referat"
    )
    body = apply_for(ministry, by=cast.actor("stranger"), now=now).organisation
    assert (body.register_court, body.register_number) == ("", "")


def test_nobody_fills_the_queue(cast, now):
    for number in range(5):
        apply_for(replace(DRAFT, register_number=f"HRB {number + 1}"), by=cast.actor("stranger"), now=now)
    with pytest.raises(Refused, match="schon 5 Anmeldungen"):
        apply_for(replace(DRAFT, register_number="HRB 99"), by=cast.actor("stranger"), now=now)


def test_a_letter_that_nobody_answered_does_not_count_for_ever(cast, claim, clerk, now):
    sent(claim, cast, now)
    for number in range(4):
        apply_for(replace(DRAFT, register_number=f"HRB {number + 1}"), by=actor_for(clerk), now=now)
    one_more = replace(DRAFT, register_number="HRB 99")
    with pytest.raises(Refused, match="schon 5 Anmeldungen"):
        apply_for(one_more, by=actor_for(clerk), now=now)
    apply_for(one_more, by=actor_for(clerk), now=now + datetime.timedelta(days=30))


# -------------------------------------------------------------------------------------------------- the database


def test_the_database_keeps_a_code_only_while_a_letter_is_on_its_way(claim):
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(code_hash="something")
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(state="code_sent")
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(attempts=MOST_ATTEMPTS + 1)


def test_the_database_keeps_an_accreditation_with_its_day(cast, now):
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=cast.town.pk).update(accredited_at=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=cast.town.pk).update(state="named")


@pytest.mark.parametrize("table", [CLAIM, ACCREDITATION], ids=["claim", "accreditation"])
def test_what_has_ended_stays_ended(table):
    ends = SimpleNamespace(states={state for state, moves in table.moves.items() if not moves})
    assert ends.states == ({"granted", "refused", "withdrawn"} if table is CLAIM else {"refused"})


# ------------------------------------------------------------------------------------------------ the letter, on paper


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("street", "", "Straße und Hausnummer"),
        ("street", " 12 ", "Straße und Hausnummer"),
        ("postcode", "1234", "Postleitzahl"),
        ("postcode", "١٢٣٤٥", "Postleitzahl"),
        ("place", "-", "Ort"),
        ("recipient", "", "an wen"),
    ],
)
def test_without_a_whole_address_there_is_no_letter(cast, now, field, value, why):
    claim = claim_town(cast.free_region, task="Digitales", by=cast.actor("stranger"), now=now)
    with pytest.raises(Refused, match=why):
        send_letter(
            claim,
            address=replace(ADDRESS, **{field: value}),
            domain_fits=False,
            by=cast.actor("desk"),
            now=now,
        )
    claim.refresh_from_db()
    assert (claim.state, claim.letters, postal_address(claim.organisation)) == ("open", 0, None)


def test_the_address_is_kept_for_the_next_letter_and_a_better_one_replaces_it(cast, now):
    claim = claim_town(cast.free_region, task="Digitales", by=cast.actor("stranger"), now=now)
    for street in ("Postfach 12", "Am  Markt"):
        send_letter(
            claim, address=replace(ADDRESS, street=street), domain_fits=False, by=cast.actor("desk"), now=now
        )
    claim.refresh_from_db()
    kept = postal_address(claim.organisation)
    assert (kept.street, kept.postcode, kept.changed_by) == ("Am Markt", "00103", str(cast.actor("desk")))
    assert claim.letter_to == "Gemeinde Eichen\nAm Markt\n00103 Eichen"


def test_a_second_letter_says_that_the_first_code_no_longer_counts(cast, now):
    claim = claim_town(cast.free_region, task="Digitales", by=cast.actor("stranger"), now=now)
    first, _second = sent(claim, cast, now), sent(claim, cast, now)
    mails = Letter.objects.filter(kind="organisations.claim_letter").order_by("pk")
    assert [OLD_CODE in each.text for each in mails] == [False, True]
    with pytest.raises(Refused, match="stimmt nicht"):
        enter_code(claim, first, by=cast.actor("stranger"), now=now)


def test_a_letter_that_came_back_is_at_the_desk_again_and_its_code_holds_no_more(cast, now):
    claim = claim_town(cast.free_region, task="Digitales", by=cast.actor("stranger"), now=now)
    code = sent(claim, cast, now)
    note_returned_letter(claim, by=cast.actor("desk"), now=now)
    claim.refresh_from_db()
    assert (claim.state, claim.returned_at, list(claims_to_check(now))) == ("open", now, [claim])
    assert list(unanswered_letters(now)) == [claim]
    with pytest.raises(Refused, match="kein Code"):
        enter_code(claim, code, by=cast.actor("stranger"), now=now)
    with pytest.raises(Refused, match="kein Brief unterwegs"):
        note_returned_letter(claim, by=cast.actor("desk"), now=now)
    sent(claim, cast, now)
    assert list(unanswered_letters(now)) == []


def test_allmende_check_says_what_a_letter_lacks(settings):
    settings.LETTER_SENDER, settings.LETTER_PHONE, settings.LETTER_REPLY_TO = [], "", "post@beispiel.example"
    found = letters_say_who_sends_them()
    assert [(each.id, each.msg.partition(" ")[0]) for each in found] == [
        ("allmende.W040", "ALLMENDE_LETTER_SENDER"),
        ("allmende.W041", "ALLMENDE_LETTER_PHONE"),
    ]
    settings.LETTER_SENDER, settings.LETTER_PHONE = ["Geschäftsstelle"], "0123 456"
    assert letters_say_who_sends_them() == []
