"""Two entries become one organisation, and two again: who may, what goes along, and that nobody gains by it."""

import datetime
from collections import defaultdict
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from allmende.accounts.models import User
from allmende.files.models import StoredFile
from allmende.files.queries import logo_of
from allmende.journal.models import Entry
from allmende.lib.refusals import Refused
from allmende.mail.models import Letter
from allmende.organisations.actions import (
    accept_claim,
    apply_for,
    confirm_merge,
    grant_role,
    propose_merge,
    refuse_merge,
    register,
    report_absence,
    set_logo,
    suspend,
    undo_merge,
)
from allmende.organisations.drafts import RegistrationDraft
from allmende.organisations.models import (
    Absence,
    Claim,
    EmailDomain,
    Invitation,
    JoinRequest,
    Membership,
    Organisation,
    OrganisationMerge,
)
from allmende.organisations.queries import (
    actor_for,
    by_public_ids,
    merged_away,
    once_called,
    public_organisations,
    shares_domain,
    standing_for,
    visible_to,
)
from allmende.organisations.states import ACCREDITATION, MERGE
from tests.files.making import picture
from tests.organisations.conftest import PROGRAM, Cast, person

DAY = datetime.timedelta(days=1)
REASON = "Gleiche Registernummer im Impressum."
ROLES = ("organisation_admin", "provider_editor", "decision_maker")


@pytest.fixture
def two(cast: Cast, now: datetime.datetime) -> tuple[Organisation, Organisation]:
    """The provider of the cast, which stays, and the same company once more with somebody who administers it."""
    again = register("Beispiel Software GmbH", kind="startup", by=PROGRAM, now=now)
    cast.people["twin"] = person("twin")
    grant_role("organisation_admin", user=cast["twin"], organisation=again, by=PROGRAM, now=now)
    for each in (again, cast.provider):
        each.refresh_from_db()
    return again, cast.provider


def merged(cast: Cast, two: tuple[Organisation, Organisation], now: datetime.datetime) -> OrganisationMerge:
    source, target = two
    proposal = propose_merge(source, into=target, reason=REASON, by=cast.actor("desk"), now=now)
    merge = confirm_merge(proposal, by=cast.actor("operator"), now=now)
    for each in two:
        each.refresh_from_db()
    return merge


def undone(cast: Cast, merge: OrganisationMerge, now: datetime.datetime) -> None:
    merge = OrganisationMerge.objects.get(pk=merge.pk)
    undo_merge(merge, reason="Doch zwei Firmen.", by=cast.actor("desk"), now=now)


def roles(user: User, *, on: datetime.date) -> set[tuple[str, str | None]]:
    return set(actor_for(user, on=on).roles)


# ----------------------------------------------------------------------------------------------- who decides, and what


def test_nothing_moves_before_a_second_person_agrees(cast, two, now):
    source, target = two
    proposal = propose_merge(source, into=target, reason=REASON, by=cast.actor("desk"), now=now)
    assert (proposal.state, roles(cast["twin"], on=now.date())) == (
        "proposed",
        {("organisation_admin", source.public_id)},
    )
    with pytest.raises(Refused, match="andere Person"):
        confirm_merge(proposal, by=cast.actor("desk"), now=now)
    confirm_merge(proposal, by=cast.actor("operator"), now=now)
    source.refresh_from_db()
    assert (source.state, source.merged_into) == ("merged", target)
    assert roles(cast["twin"], on=now.date()) == {("organisation_admin", target.public_id)}


@pytest.mark.parametrize("who", ["stranger", "competitor", "boss", "public"])
def test_only_staff_proposes(cast, two, now, who):
    with pytest.raises(Refused, match="Berechtigung"):
        propose_merge(two[0], into=two[1], reason=REASON, by=cast.actor(who), now=now)


def test_staff_that_belongs_to_one_of_them_neither_proposes_nor_decides_nor_undoes(cast, two, now):
    grant_role("provider_editor", user=cast["operator"], organisation=two[1], by=PROGRAM, now=now)
    with pytest.raises(Refused, match="Berechtigung"):
        propose_merge(two[0], into=two[1], reason=REASON, by=cast.actor("operator"), now=now)
    proposal = propose_merge(two[0], into=two[1], reason=REASON, by=cast.actor("desk"), now=now)
    with pytest.raises(Refused, match="niemand aus den beiden"):
        confirm_merge(proposal, by=cast.actor("operator"), now=now)
    merge = confirm_merge(proposal, by=cast.actor("second"), now=now)
    with pytest.raises(Refused, match="Berechtigung"):
        undo_merge(merge, reason="Doch zwei.", by=cast.actor("operator"), now=now)


def test_staff_of_one_of_them_does_not_become_impartial_by_going_on_leave(cast, two, now):
    grant_role("provider_editor", user=cast["operator"], organisation=two[1], by=PROGRAM, now=now)
    proposal = propose_merge(two[0], into=two[1], reason=REASON, by=cast.actor("desk"), now=now)
    report_absence(
        cast["operator"], organisation=two[1], starts_on=now.date(), ends_on=now.date() + DAY,
        deputy=None, by=cast.actor("operator"), now=now,
    )  # fmt: skip
    away = actor_for(cast["operator"], on=now.date())
    assert (away.roles, away.resting) == ({("operator_admin", None)}, {two[1].public_id})
    with pytest.raises(Refused, match="niemand aus den beiden"):
        confirm_merge(proposal, by=away, now=now)


def test_a_proposal_needs_a_reason_and_is_made_once(cast, two, now):
    with pytest.raises(Refused, match="woran Sie erkennen"):
        propose_merge(two[0], into=two[1], reason=" ", by=cast.actor("desk"), now=now)
    propose_merge(two[0], into=two[1], reason=REASON, by=cast.actor("desk"), now=now)
    with pytest.raises(Refused, match="schon ein Vorschlag"):
        propose_merge(two[0], into=two[1], reason=REASON, by=cast.actor("second"), now=now)


def test_a_refused_proposal_can_be_made_again(cast, two, now):
    proposal = propose_merge(two[0], into=two[1], reason=REASON, by=cast.actor("desk"), now=now)
    refuse_merge(proposal, by=cast.actor("desk"), now=now)
    with pytest.raises(Refused):
        confirm_merge(proposal, by=cast.actor("operator"), now=now)
    propose_merge(two[0], into=two[1], reason=REASON, by=cast.actor("operator"), now=now)
    assert list(OrganisationMerge.objects.values_list("state", flat=True)) == ["refused", "proposed"]


def test_towns_come_from_the_register_and_are_not_merged_by_hand(cast, two, now):
    for source, into in ((cast.town, two[1]), (two[0], cast.town)):
        with pytest.raises(Refused, match="Gemeindeverzeichnis"):
            propose_merge(source, into=into, reason=REASON, by=cast.actor("desk"), now=now)


def test_an_organisation_is_not_merged_with_itself(cast, two, now):
    with pytest.raises(Refused, match="sich selbst"):
        propose_merge(two[0], into=two[0], reason=REASON, by=cast.actor("desk"), now=now)


def test_what_is_confirmed_is_not_merged_into_what_is_only_named(cast, two, now):
    named = register("Beispiel", kind="sme", by=PROGRAM, now=now)
    with pytest.raises(Refused, match="umgekehrt"):
        propose_merge(two[0], into=named, reason=REASON, by=cast.actor("desk"), now=now)


def test_suspended_organisations_are_not_set_free_by_merging_them(cast, two, now):
    suspend(two[0], reason="Hinweis", by=cast.actor("desk"), now=now)
    with pytest.raises(Refused, match="ausgesetzt"):
        propose_merge(two[0], into=two[1], reason=REASON, by=cast.actor("desk"), now=now)


def test_suspended_since_they_are_not_set_free_by_parting_them_either(cast, two, now):
    merge = merged(cast, two, now)
    suspend(two[1], reason="Hinweis", by=cast.actor("desk"), now=now)
    assert roles(cast["twin"], on=now.date()) == set()
    with pytest.raises(Refused, match="ist ausgesetzt"):
        undo_merge(merge, reason="Doch zwei.", by=cast.actor("desk"), now=now)
    assert roles(cast["twin"], on=now.date()) == set()


def test_an_application_is_decided_first(cast, two, now):
    draft = RegistrationDraft(name="Neu", kind="sme", legal_form="gbr", task="Chefin")
    claim = apply_for(draft, by=cast.actor("stranger"), now=now)
    with pytest.raises(Refused, match="noch nicht entschieden"):
        propose_merge(claim.organisation, into=two[1], reason=REASON, by=cast.actor("desk"), now=now)


def test_nobody_comes_to_the_rights_of_the_public_administration_by_a_merge(cast, two, now):
    office = register("Landesamt", kind="state_body", by=PROGRAM, now=now)
    grant_role("decision_maker", user=cast["stranger"], organisation=office, by=PROGRAM, now=now)
    with pytest.raises(Refused, match="Rechte, die niemand geprüft hat"):
        propose_merge(two[0], into=office, reason=REASON, by=cast.actor("desk"), now=now)


def test_a_name_without_people_may_be_of_another_kind(cast, two, now):
    """Whoever harvested it knew the name and guessed the rest."""
    named = register("Beispiel", kind="state_body", by=PROGRAM, now=now)
    assert merged(cast, (named, two[1]), now).state == "merged"


def test_what_changed_between_proposal_and_decision_counts(cast, two, now):
    proposal = propose_merge(two[0], into=two[1], reason=REASON, by=cast.actor("desk"), now=now)
    suspend(two[0], reason="Hinweis", by=cast.actor("desk"), now=now)
    with pytest.raises(Refused, match="ausgesetzt"):
        confirm_merge(proposal, by=cast.actor("operator"), now=now)
    two[0].refresh_from_db()
    assert (two[0].state, two[0].merged_into) == ("suspended", None)


def test_the_tables_say_what_can_follow():
    assert [(a, b) for a in MERGE.labels for b in MERGE.labels if MERGE.can_become(a, b)] == [
        ("proposed", "merged"),
        ("proposed", "refused"),
        ("merged", "undone"),
    ]
    assert [a for a in ACCREDITATION.labels if ACCREDITATION.can_become(a, "merged")] == [
        "named",
        "accredited",
    ]
    assert [a for a in ACCREDITATION.labels if ACCREDITATION.can_become("merged", a)] == [
        "named",
        "accredited",
    ]


# --------------------------------------------------------------------------------------------------------- what it does


def test_the_old_entry_is_not_public_and_its_id_means_the_new_one(cast, two, now):
    source, target = two
    merged(cast, two, now)
    assert list(public_organisations().filter(pk=source.pk)) == []
    assert list(visible_to(cast.actor("twin")).filter(pk=source.pk)) == []
    assert (merged_away(source.public_id), merged_away(target.public_id)) == (target, None)
    assert by_public_ids([source.public_id]) == {source.public_id: target}


def test_the_last_of_a_chain_stands_for_all(cast, two, now):
    third = register("Beispiel AG", kind="sme", by=PROGRAM, now=now)
    grant_role("organisation_admin", user=cast["stranger"], organisation=third, by=PROGRAM, now=now)
    third.refresh_from_db()
    first = merged(cast, two, now)
    merged(cast, (two[1], third), now)
    assert standing_for(Organisation.objects.get(pk=two[0].pk)) == third
    assert once_called([third.public_id]) == {two[0].public_id, two[1].public_id, third.public_id}
    assert once_called([two[0].public_id]) == {two[0].public_id}
    assert once_called([]) == set()
    assert roles(cast["twin"], on=now.date()) == {("organisation_admin", third.public_id)}
    with pytest.raises(Refused, match="jüngere Zusammenführung"):
        undone(cast, first, now)


def test_nobody_acts_for_what_was_merged_not_even_by_the_command_line(cast, two, now):
    merged(cast, two, now)
    with pytest.raises(Refused, match="zusammengeführt"):
        grant_role("provider_editor", user=cast["stranger"], organisation=two[0], by=PROGRAM, now=now)


def test_both_histories_tell_of_it_and_both_administrations_hear_of_it(cast, two, now):
    merge = merged(cast, two, now)
    undone(cast, merge, now)
    told = Entry.objects.filter(kind__startswith="organisations.merge").order_by("pk")
    assert list(told.values_list("kind", "subject_id")) == [
        (kind, each.public_id)
        for kind in ("organisations.merge_proposed", "organisations.merged", "organisations.merge_undone")
        for each in two
    ]
    letters = Letter.objects.filter(kind="organisations.merge").order_by("pk")
    assert sorted(letters.values_list("to", "subject")) == sorted(
        (cast[name].email, f"Beispiel Software GmbH und Beispiel GmbH sind {what}")
        for name in ("twin", "competitor")
        for what in ("jetzt eine Organisation", "wieder zwei Organisationen")
    )


def test_undoing_needs_a_reason_and_happens_once(cast, two, now):
    merge = merged(cast, two, now)
    with pytest.raises(Refused, match="doch zwei"):
        undo_merge(merge, reason="", by=cast.actor("desk"), now=now)
    undone(cast, merge, now)
    with pytest.raises(Refused):
        undone(cast, merge, now)


def test_whoever_came_since_stays_and_whoever_lost_a_role_does_not_get_it_back(cast, two, now):
    source, target = two
    grant_role("provider_editor", user=cast["reader"], organisation=source, by=PROGRAM, now=now)
    merge = merged(cast, two, now)
    grant_role("provider_editor", user=cast["stranger"], organisation=target, by=PROGRAM, now=now)
    Membership.objects.filter(user=cast["reader"], organisation=target).update(ended_at=now)
    undone(cast, merge, now)
    assert roles(cast["stranger"], on=now.date()) == {("provider_editor", target.public_id)}
    assert {place for _, place in roles(cast["reader"], on=now.date())} == {cast.town.public_id}


def test_a_role_of_both_that_was_taken_away_stays_away_from_both(cast, two, now):
    target = two[1]
    for each in two:
        grant_role("provider_editor", user=cast["stranger"], organisation=each, by=PROGRAM, now=now)
    merge = merged(cast, two, now)
    Membership.objects.filter(user=cast["stranger"], organisation=target, ended_at=None).update(ended_at=now)
    undone(cast, merge, now)
    assert roles(cast["stranger"], on=now.date()) == set()


def test_who_waits_twice_waits_once_and_twice_again(cast, two, now):
    for number, each in enumerate(two):
        Invitation.objects.create(
            organisation=each, email="x@y.example", roles=["decision_maker"], token_hash=str(number) * 64,
            invited_by=cast["twin"], invited_at=now, expires_at=now + DAY,
        )  # fmt: skip
        JoinRequest.objects.create(organisation=each, user=cast["stranger"], made_at=now)
    merge = merged(cast, two, now)

    def waiting() -> list[int]:
        return [
            Invitation.objects.filter(withdrawn_at=None).count(),
            JoinRequest.objects.filter(state="open").count(),
        ]

    assert waiting() == [1, 1]
    undone(cast, merge, now)
    assert waiting() == [2, 2]
    assert [each.invitations.count() for each in two] == [1, 1]


def test_people_of_a_domain_come_in_at_once_only_where_its_own_administration_said_so(cast, two, now):
    source, target = two
    sure = {"proposed_at": now, "proposed_by": "person:x", "confirmed_at": now, "confirmed_by": "person:y"}
    EmailDomain.objects.create(organisation=source, domain="eins.example", admits="at_once", **sure)
    for each in two:
        EmailDomain.objects.create(organisation=each, domain="beide.example", **sure)
    merge = merged(cast, two, now)
    there = {each.domain: each for each in target.domains.all()}
    assert {name: each.admits for name, each in there.items()} == {
        "beide.example": "on_request",
        "eins.example": "on_request",
    }
    assert shares_domain(there["beide.example"]) is False
    undone(cast, merge, now)
    assert list(source.domains.values_list("domain", "admits")) == [
        ("beide.example", "on_request"),
        ("eins.example", "at_once"),
    ]


def test_who_applied_for_a_name_learns_that_somebody_is_there(cast, two, now):
    """The name is merged into an organisation that people administer: nobody becomes its first any more."""
    named = register("Beispiel", kind="sme", by=PROGRAM, now=now)
    claim = Claim.objects.create(organisation=named, user=cast["stranger"], task="Chefin", made_at=now)
    merged(cast, (named, two[1]), now)
    claim.refresh_from_db()
    assert (claim.organisation, claim.state) == (two[1], "withdrawn")
    with pytest.raises(Refused):
        accept_claim(claim, domain_fits=False, by=cast.actor("desk"), now=now)
    assert Letter.objects.filter(to=cast["stranger"].email, kind="organisations.claim_overtaken").count() == 1


def test_the_logo_goes_along_where_there_is_none_and_comes_back(cast, two, now, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    source, target = two
    logo = set_logo(picture(), organisation=source, by=cast.actor("twin"), now=now)
    merge = merged(cast, two, now)
    assert (logo_of(source.public_id), logo_of(target.public_id)) == (None, logo)
    assert StoredFile.objects.get().owner == target.public_id
    undone(cast, merge, now)
    assert (logo_of(source.public_id), logo_of(target.public_id)) == (logo, None)


def test_two_logos_stay_where_they_are_and_both_come_out_of_one_allowance(cast, two, now, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    source, target = two
    mine = set_logo(picture(), organisation=source, by=cast.actor("twin"), now=now)
    theirs = set_logo(picture(), organisation=target, by=cast.actor("competitor"), now=now)
    merge = merged(cast, two, now)
    assert logo_of(target.public_id) == theirs
    assert set(StoredFile.objects.values_list("owner", flat=True)) == {target.public_id}
    undone(cast, merge, now)
    assert (logo_of(source.public_id), logo_of(target.public_id)) == (mine, theirs)


def test_a_deputy_in_one_does_not_come_to_the_roles_that_the_other_gave(cast, two, now):
    """Somebody of both is away from one; their deputy there must not act with what they hold in the other."""
    source, target = two
    grant_role("provider_editor", user=cast["competitor"], organisation=source, by=PROGRAM, now=now)
    report_absence(
        cast["competitor"], organisation=source, starts_on=now.date(), ends_on=now.date() + DAY,
        deputy=cast["twin"], by=cast.actor("competitor"), now=now,
    )  # fmt: skip
    grant_role("decision_maker", user=cast["twin"], organisation=target, by=PROGRAM, now=now)
    merge = merged(cast, two, now)
    assert roles(cast["twin"], on=now.date()) == {
        ("organisation_admin", target.public_id),
        ("decision_maker", target.public_id),
    }
    assert actor_for(cast["twin"], on=now.date()).in_place_of == frozenset()
    undone(cast, merge, now)
    assert Absence.objects.get().ended_at is None
    assert roles(cast["twin"], on=now.date()) == {
        ("organisation_admin", source.public_id),
        ("provider_editor", source.public_id),
        ("decision_maker", target.public_id),
    }


# ------------------------------------------------------------------------------------- whatever people hold: invariants

PEOPLE = 4
HELD = st.sets(
    st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, 1), st.sampled_from(ROLES)), min_size=1, max_size=10
)
Away = list[tuple[int, int, int | None]]


def _as_reported(away: Away) -> Away:
    """Whoever is away stands in for nobody in these days: `report_absence` refuses both ways round."""
    gone = {(where, person) for where, person, _ in away}
    return [(where, person, None if (where, deputy) in gone else deputy) for where, person, deputy in away]


AWAY = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, PEOPLE - 1), st.none() | st.integers(0, PEOPLE - 1)),
    max_size=3,
    unique_by=lambda each: each[:2],
).map(_as_reported)


@pytest.fixture
def crowd(cast: Cast, two: Any) -> list[User]:
    return [person(f"mensch{number}") for number in range(PEOPLE)]


# Not made smaller where one fails: each example is a hundred queries.
@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
)
@given(held=HELD, away=AWAY)
def test_nothing_is_lost_and_nobody_gains_a_role(cast, two, crowd, now, held, away):
    with taken_back():
        _hold(crowd, two, held, away, now)
        before = _all(crowd, now)
        rows = _rows(two)
        merge = merged(cast, two, now)
        target = two[1].public_id
        after = _all(crowd, now)
        for each, had in before.items():
            own = {(role, target) for (number, _, role) in held if crowd[number] == each}
            known = {(role, target) for role, _ in had}
            assert {place for _, place in after[each]} <= {target}
            # What somebody may do is what they held themselves, or had been lent before.
            assert after[each] <= own | known
            lasting = Membership.objects.filter(user=each, organisation__in=two, ended_at=None)
            assert set(lasting.values_list("role", "organisation__public_id")) == own
        undone(cast, merge, now)
        assert (_all(crowd, now), _rows(two)) == (before, rows)


class taken_back:  # noqa: N801  # read as a word
    """What an example wrote is gone before the next one."""

    def __enter__(self) -> None:
        self.block = transaction.atomic()
        self.block.__enter__()

    def __exit__(self, *error: Any) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(*error)


def _hold(crowd: list[User], two: Any, held: Any, away: Any, now: datetime.datetime) -> None:
    for number, where, role in sorted(held):
        Membership.objects.create(user=crowd[number], organisation=two[where], role=role, since=now)
    for where, number, deputy in away:
        Absence.objects.create(
            organisation=two[where], person=crowd[number], deputy=None if deputy in (None, number) else crowd[deputy],
            starts_on=now.date(), ends_on=now.date() + DAY, reported_at=now,
        )  # fmt: skip


def _all(crowd: list[User], now: datetime.datetime) -> dict[User, set[tuple[str, str | None]]]:
    return {each: roles(each, on=now.date()) for each in crowd}


def _rows(two: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for model in (Membership, Absence):
        for row in model.objects.filter(organisation__in=two).order_by("pk"):
            found[model.__name__].append((row.pk, row.organisation_id, row.ended_at))
    return found
