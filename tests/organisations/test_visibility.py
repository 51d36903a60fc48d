"""Who sees what of an organisation: written by hand, the same as `docs/reference/visibility.md`.

"public" has not signed in; "stranger" has an account; "town" works for another town; "state" for a ministry;
"company" for a provider; "member" and "administrator" belong to the organisation; "staff" is the desk.
"""

import re
from pathlib import Path

import pytest

from allmende.lib.actors import Actor
from allmende.organisations.actions import apply_for, claim_town, grant_role, register, save_profile
from allmende.organisations.drafts import ProfileDraft
from allmende.organisations.models import Organisation
from allmende.organisations.queries import actor_for, profile_of, visible_to
from allmende.organisations.rules import (
    is_public_administration,
    is_staff,
    is_town,
    is_verified,
    may_see,
    may_see_addresses,
    may_see_claim,
    may_see_members,
    may_see_profile,
    may_see_register,
)
from tests.organisations.conftest import PROGRAM, person

WHO = ("public", "stranger", "town", "state", "company", "member", "administrator", "staff")
EVERYBODY = set(WHO)
INSIDE = {"member", "administrator", "staff"}
SEES = {
    "name, kind, region, website": EVERYBODY,
    "legal form and register number": EVERYBODY,
    "members, roles, absences": INSIDE,
    "addresses of members, invitations, requests, domains": {"administrator", "staff"},
    "profile": INSIDE,
    "profile, shared with towns": INSIDE | {"town"},
}
PAGE = {
    "Name, Art, Gebiet, Website": "name, kind, region, website",
    "Rechtsform und Registernummer einer bestätigten Organisation": "legal form and register number",
    "Mitglieder mit Rollen und Abwesenheiten": "members, roles, absences",
    "E-Mail-Adressen der Mitglieder, Einladungen, Anfragen, Domains": (
        "addresses of members, invitations, requests, domains"
    ),
    "Profil der Kommune": "profile",
    "Profil der Kommune, wenn sie es mit Kommunen teilt": "profile, shared with towns",
}
COLUMNS = {
    "Öffentlichkeit": "public",
    "Konto ohne Organisation": "stranger",
    "andere Kommune": "town",
    "Land oder Bund": "state",
    "Anbieter": "company",
    "Mitglied": "member",
    "Verwaltung der Organisation": "administrator",
    "Betrieb und Redaktion": "staff",
}


@pytest.fixture
def actors(cast, now) -> dict[str, Actor]:
    ministry = register("Ministerium", kind="state_body", by=PROGRAM, now=now)
    clerk = person("clerk")
    grant_role("decision_maker", user=clerk, organisation=ministry, by=PROGRAM, now=now)
    names = {
        "town": "neighbour",
        "company": "competitor",
        "member": "reader",
        "administrator": "boss",
        "staff": "desk",
    }
    found = {name: cast.actor(one) for name, one in names.items()}
    return {
        **found,
        "public": Actor.anonymous(),
        "stranger": cast.actor("stranger"),
        "state": actor_for(clerk),
    }


@pytest.mark.parametrize("what", list(SEES))
def test_who_sees_what(cast, actors, now, what):
    shared = what.endswith("shared with towns")
    save_profile(
        ProfileDraft(is_shared=shared),
        organisation=cast.town,
        lock_version=0,
        by=cast.actor("editor"),
        now=now,
    )
    profile = profile_of(cast.town)
    asks = {
        "name, kind, region, website": may_see,
        "legal form and register number": may_see_register,
        "members, roles, absences": may_see_members,
        "addresses of members, invitations, requests, domains": may_see_addresses,
    }
    ask = asks.get(what, lambda actor, town: may_see_profile(actor, town, profile))
    assert {who for who in WHO if ask(actors[who], cast.town)} == SEES[what]


def test_the_page_for_people_says_the_same(checkout: Path):
    text = (checkout / "docs/reference/visibility.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("|") and not re.match(r"\|[-\s|]+$", line)
    ]
    header, *body = rows[: 1 + len(PAGE)]
    said = {
        PAGE[row[0]]: {
            COLUMNS[column] for column, cell in zip(header[1:], row[1:], strict=True) if cell == "ja"
        }
        for row in body
    }
    assert said == SEES


@pytest.mark.parametrize(
    ("who", "verified", "public_administration", "is_a_town"),
    [
        ("public", False, False, False),
        ("stranger", False, False, False),
        ("town", True, True, True),
        ("state", True, True, False),
        ("company", True, False, False),
        ("member", True, True, True),
        ("staff", False, False, False),
    ],
)
def test_who_counts_as_verified_and_as_public_administration(
    actors, who, verified, public_administration, is_a_town
):
    actor = actors[who]
    assert (is_verified(actor), is_public_administration(actor), is_town(actor)) == (
        verified,
        public_administration,
        is_a_town,
    )


@pytest.mark.parametrize(
    "kind", ["public_it_provider", "municipal_company", "research", "federation", "cooperative"]
)
def test_who_competes_or_advises_is_no_public_administration(cast, now, kind):
    body = register("Körperschaft", kind=kind, by=PROGRAM, now=now)
    somebody = person("somebody")
    grant_role("provider_editor", user=somebody, organisation=body, by=PROGRAM, now=now)
    actor = actor_for(somebody)
    assert (is_verified(actor), is_public_administration(actor)) == (True, False)


def test_a_suspended_organisation_verifies_nobody(cast, now):
    neighbour = cast.actor("neighbour")
    Organisation.objects.filter(pk=cast.neighbour.pk).update(state="suspended")
    assert (is_verified(neighbour), is_town(neighbour)) == (False, False)
    assert actor_for(cast["neighbour"]).roles == frozenset()


def test_a_town_stops_sharing_and_others_stop_seeing(cast, actors, now):
    by = cast.actor("editor")
    save_profile(ProfileDraft(is_shared=True), organisation=cast.town, lock_version=0, by=by, now=now)
    save_profile(ProfileDraft(), organisation=cast.town, lock_version=1, by=by, now=now)
    assert not may_see_profile(actors["town"], cast.town, profile_of(cast.town))


def test_a_profile_that_is_not_there_is_shown_to_no_other_town(cast, actors):
    assert {who for who in WHO if may_see_profile(actors[who], cast.town, None)} == INSIDE


def test_an_application_is_seen_by_whoever_made_it_and_the_staff(cast, actors, now):
    claim = claim_town(cast.free_region, task="Digitales", by=actors["stranger"], now=now)
    assert {who for who in WHO if may_see_claim(actors[who], claim)} == {"stranger", "staff"}


def test_an_organisation_that_is_applied_for_is_nobody_else_s_business(cast, actors, now):
    from tests.organisations.test_claims import DRAFT

    body = apply_for(DRAFT, by=actors["stranger"], now=now).organisation
    assert {who for who in WHO if may_see(actors[who], body)} == {"stranger", "staff"}
    assert {who for who in WHO if may_see_register(actors[who], body)} == {"stranger", "staff"}
    found = {
        who
        for who in WHO
        if visible_to(actors[who], is_staff=is_staff(actors[who])).filter(pk=body.pk).exists()
    }
    assert found == {"stranger", "staff"}


def test_the_register_of_an_organisation_nobody_vouched_for_is_not_shown(cast, actors, now):
    body = register("Nur genannt GmbH", kind="sme", by=PROGRAM, now=now)
    assert {who for who in WHO if may_see_register(actors[who], body)} == set()
