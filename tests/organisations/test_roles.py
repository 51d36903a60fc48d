"""Organisations, roles, and who somebody is."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from allmende.accounts.models import User
from allmende.journal.queries import history
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.organisations.actions import end_role, for_region, grant_role, register
from allmende.organisations.models import Membership, Organisation
from allmende.organisations.queries import actor_for, by_public_ids, memberships_of, organisations_of
from allmende.organisations.roles import FIELD, MUNICIPAL, ROLES
from allmende.organisations.rules import is_staff, may_grant_roles
from allmende.regions.actions import add_invented
from allmende.regions.drafts import InventedRegion
from tests.factories.words import load

PROGRAM = Actor.program("test")
pytestmark = pytest.mark.django_db


@pytest.fixture
def vocabulary(now):
    load(by=PROGRAM, now=now)


@pytest.fixture
def clerk():
    return User.objects.create_user("Clerk@Example.org", "a long password")


@pytest.fixture
def town(vocabulary, now):
    return register("Stadt Beispiel", kind="municipality", by=PROGRAM, now=now)


@pytest.fixture
def region(now):
    land = InventedRegion(key="99", name="Beispielland", type_code="", parent_key=None)
    kreis = InventedRegion(key="99001", name="Beispielkreis", type_code="43", parent_key="99")
    place = InventedRegion(key="99001001", name="Ort", type_code="64", parent_key="99001", population=900)
    return add_invented([land, kreis, place], by=PROGRAM, now=now)[2]


def test_an_address_is_one_account_whatever_its_case(clerk):
    assert clerk.email == "clerk@example.org"
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="CLERK@example.org")
    assert User.objects.get_by_natural_key("CLERK@EXAMPLE.ORG") == clerk


def test_a_town_exists_as_soon_as_somebody_names_it_and_only_once(vocabulary, region, now):
    first = for_region(region, by=PROGRAM, now=now)

    assert for_region(region, by=PROGRAM, now=now) == first
    assert (first.name, first.kind, first.is_invented) == (region.name, "municipality", True)
    assert history("organisation", first.public_id).count() == 1


@pytest.mark.parametrize(
    ("name", "kind", "reason"),
    [(" ", "sme", "Geben Sie den Namen"), ("Firma", "unheard_of", "gibt es im Vokabular nicht")],
)
def test_an_organisation_has_a_name_and_a_known_kind(vocabulary, now, name, kind, reason):
    with pytest.raises(Refused, match=reason):
        register(name, kind=kind, by=PROGRAM, now=now)
    assert Organisation.objects.count() == 0


def test_a_stranger_registers_no_organisation_and_grants_no_role(town, clerk, now):
    stranger = actor_for(clerk)
    with pytest.raises(Refused, match="Berechtigung"):
        register("Firma", kind="sme", by=stranger, now=now)
    with pytest.raises(Refused, match="Berechtigung"):
        grant_role("municipality_editor", user=clerk, organisation=town, by=stranger, now=now)


def test_an_editor_grants_no_roles_but_the_administrator_does(clerk, town, now):
    grant_role("catalogue_editor", user=clerk, organisation=None, by=PROGRAM, now=now)
    assert (is_staff(actor_for(clerk)), may_grant_roles(actor_for(clerk))) == (True, False)

    grant_role("operator_admin", user=clerk, organisation=None, by=PROGRAM, now=now)
    assert may_grant_roles(actor_for(clerk))


def test_a_role_given_twice_is_held_once(clerk, town, now):
    for _ in range(2):
        grant_role("municipality_editor", user=clerk, organisation=town, by=PROGRAM, now=now)
        grant_role("catalogue_editor", user=clerk, organisation=None, by=PROGRAM, now=now)

    actor = actor_for(clerk)
    assert actor.roles == {("municipality_editor", town.public_id), ("catalogue_editor", None)}
    assert (memberships_of(clerk).count(), organisations_of(actor, "municipality_editor")) == (2, [town])


@pytest.mark.parametrize("role", ["municipality_editor", "catalogue_editor"])
def test_the_database_keeps_a_role_single(clerk, town, now, role):
    organisation = None if ROLES[role].of_platform else town
    Membership.objects.create(user=clerk, organisation=organisation, role=role, since=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=clerk, organisation=organisation, role=role, since=now)


@pytest.mark.parametrize(
    ("role", "has_organisation", "reason"),
    [
        ("municipality_editor", False, "gehört zu einer Organisation"),
        ("operator_admin", True, "gehört zur Plattform"),
        ("emperor", False, "gibt es nicht"),
    ],
)
def test_a_role_is_held_where_it_belongs(clerk, town, now, role, has_organisation, reason):
    with pytest.raises(Refused, match=reason):
        grant_role(role, user=clerk, organisation=town if has_organisation else None, by=PROGRAM, now=now)


def test_an_ended_role_and_a_closed_account_give_no_rights(clerk, town, now):
    membership = grant_role("municipality_editor", user=clerk, organisation=town, by=PROGRAM, now=now)
    membership.ended_at = now
    membership.save()
    assert actor_for(clerk).roles == frozenset()

    clerk.is_active = False
    assert actor_for(clerk) == Actor.anonymous()


def test_unknown_ids_are_left_out_of_a_look_up(town):
    assert by_public_ids([town.public_id, "0000000000"]) == {town.public_id: town}


def test_a_role_of_the_platform_is_a_group_too_and_both_end_together(clerk, now):
    held = grant_role("catalogue_editor", user=clerk, organisation=None, by=PROGRAM, now=now)
    assert [group.name for group in clerk.groups.all()] == ["catalogue_editor"]

    end_role(held, by=PROGRAM, now=now)
    assert (clerk.groups.count(), actor_for(clerk).roles) == (0, frozenset())
    with pytest.raises(Refused, match="schon beendet"):
        end_role(held, by=PROGRAM, now=now)


def test_the_first_administrator_comes_from_the_command_line(clerk, town):
    said = io.StringIO()
    call_command("role", "grant", "clerk@example.org", "operator_admin", stdout=said)
    call_command(
        "role", "grant", "clerk@example.org", "municipality_editor", organisation=town.public_id, stdout=said
    )
    call_command("role", "list", stdout=said)
    call_command("role", "end", "clerk@example.org", "operator_admin", stdout=said)

    assert "clerk@example.org hat jetzt die Rolle „Betrieb“." in said.getvalue()
    assert "  clerk@example.org, Stadt Beispiel" in said.getvalue()
    assert actor_for(clerk).roles == {("municipality_editor", town.public_id)}


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["grant", "nobody@example.org", "operator_admin"], "gibt es nicht"),
        (["grant", "clerk@example.org", "municipality_editor", "--organisation", "xxx"], "gibt es nicht"),
        (["end", "clerk@example.org", "operator_admin"], "hat das Konto nicht"),
    ],
)
def test_the_command_says_what_is_wrong(clerk, arguments, reason):
    with pytest.raises(CommandError, match=reason):
        call_command("role", *arguments)


def test_each_of_the_fourteen_roles_of_the_field_says_what_it_does_today() -> None:
    """In the order of the field; those that have a role here are covered by it, the rest say what brings them."""
    assert [each.code for each in FIELD] == [
        "municipality_editor",
        "procurement_officer",
        "decision_maker",
        "dpo_iso",
        "auditor",
        "provider_editor",
        "operator_org",
        "advisor_land",
        "knowledge_editor",
        "quality_reviewer",
        "operator_admin",
        "source_system",
        "citizen",
        "public",
    ]
    assert [each.code for each in FIELD if each.held_as and each.held_as not in ROLES] == []
    assert [each.code for each in FIELD if each.held_as not in ("", each.code)] == ["operator_org"]
    waiting = {"dpo_iso", "advisor_land", "knowledge_editor", "source_system"}
    assert {each.code for each in FIELD if "kommt mit" in each.later and not each.held_as} == {
        *waiting,
        "citizen",
        "public",
    }


def test_whoever_keeps_offers_reads_that_operating_for_others_is_among_them() -> None:
    assert "auch den Betrieb von Software anderer" in ROLES["provider_editor"].description


@pytest.mark.parametrize(
    ("role", "kinds"),
    [
        (
            "procurement_officer",
            {"municipality", "county", "municipal_association", "special_purpose_association", "municipal_company"},
        ),
        (
            "auditor",
            {
                "municipality", "county", "municipal_association", "special_purpose_association",
                "municipal_company", "state_body", "federal_body",
            },
        ),
    ],
)  # fmt: skip
def test_procurement_belongs_to_municipal_bodies_and_audit_to_public_ones(role: str, kinds: set[str]) -> None:
    every = {"sme", "startup", "cooperative", "public_it_provider", "state_body", "federal_body"} | MUNICIPAL
    assert {kind for kind in every if ROLES[role].fits(kind)} == kinds


def test_no_role_waits_any_more_for_needs_and_market_explorations() -> None:
    assert [each.code for each in FIELD if "Bedarf und Markterkundung" in each.later] == []
