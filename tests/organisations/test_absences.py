"""Who is away has no rights meanwhile; who stands in has theirs, and the journal says so."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from allmende.journal.queries import history
from allmende.lib.refusals import Refused
from allmende.organisations.actions import (
    end_absence,
    end_role,
    grant_role,
    invite,
    leave,
    report_absence,
    save_profile,
    suspend,
)
from allmende.organisations.drafts import ProfileDraft
from allmende.organisations.models import Absence, Membership
from allmende.organisations.queries import absence_of, actor_for, members
from allmende.organisations.rules import manages_as_deputy, may_give, may_manage
from tests.organisations.conftest import PROGRAM, person

DAY = datetime.timedelta(days=1)


def away(cast, who, deputy, now, *, days=(0, 6), by=None) -> Absence:
    today = now.date()
    return report_absence(
        cast[who],
        organisation=cast.town,
        starts_on=today + days[0] * DAY,
        ends_on=today + days[1] * DAY,
        deputy=cast[deputy] if deputy else None,
        by=by or cast.actor(who),
        now=now,
    )


def roles(cast, who, on):
    return {role for role, place in actor_for(cast[who], on=on).roles if place == cast.town.public_id}


def test_the_deputy_acts_in_the_roles_of_the_absent_for_that_time_only(cast, now):
    away(cast, "boss", "reader", now, days=(1, 3))
    today = now.date()
    assert [roles(cast, "boss", today + each * DAY) for each in range(5)] == [
        {"organisation_admin"}, set(), set(), set(), {"organisation_admin"},
    ]  # fmt: skip
    mine, both = {"decision_maker"}, {"decision_maker", "organisation_admin"}
    assert [roles(cast, "reader", today + each * DAY) for each in range(5)] == [mine, both, both, both, mine]


def test_the_journal_shows_the_deputy_and_for_whom(cast, now):
    away(cast, "boss", "reader", now)
    deputy = actor_for(cast["reader"], on=now.date())
    invitation = invite(
        "x@ahorn.example", organisation=cast.town, roles=["decision_maker"], by=deputy, now=now
    )
    entry = history("invitation", invitation.public_id).get()
    assert (entry.actor_id, entry.data["in_place_of"]) == (cast["reader"].public_id, [cast["boss"].public_id])


def test_what_somebody_does_for_themselves_has_no_such_note(cast, now):
    invitation = invite(
        "x@ahorn.example", organisation=cast.town, roles=["decision_maker"], by=cast.actor("boss"), now=now
    )
    assert "in_place_of" not in history("invitation", invitation.public_id).get().data


def test_a_deputy_elsewhere_is_nobody_s_deputy_here(cast, now):
    grant_role("provider_editor", user=cast["reader"], organisation=cast.provider, by=PROGRAM, now=now)
    away(cast, "boss", "reader", now)
    deputy = actor_for(cast["reader"], on=now.date())
    assert (deputy.stands_in_for(cast.town.public_id), deputy.stands_in_for(cast.provider.public_id)) == (
        [cast["boss"].public_id],
        [],
    )


def test_a_deputy_manages_but_makes_no_administrators(cast, now):
    away(cast, "boss", "reader", now)
    deputy = actor_for(cast["reader"], on=now.date())
    assert (may_manage(deputy, cast.town), manages_as_deputy(deputy, cast.town)) == (True, True)
    given = {role: may_give(deputy, role, cast.town) for role in ("decision_maker", "organisation_admin")}
    assert given == {"decision_maker": True, "organisation_admin": False}
    with pytest.raises(Refused, match="Berechtigung"):
        grant_role("organisation_admin", user=cast["reader"], organisation=cast.town, by=deputy, now=now)
    held = Membership.objects.get(user=cast["boss"], role="organisation_admin")
    with pytest.raises(Refused, match="Berechtigung"):
        end_role(held, by=deputy, now=now)


def test_an_administrator_who_also_stands_in_remains_one(cast, now):
    grant_role("organisation_admin", user=cast["editor"], organisation=cast.town, by=PROGRAM, now=now)
    away(cast, "reader", "editor", now)
    actor = actor_for(cast["editor"], on=now.date())
    assert (manages_as_deputy(actor, cast.town), may_give(actor, "organisation_admin", cast.town)) == (
        False,
        True,
    )


def test_roles_that_both_have_are_the_deputy_s_own(cast, now):
    grant_role("decision_maker", user=cast["boss"], organisation=cast.town, by=PROGRAM, now=now)
    away(cast, "boss", "reader", now)
    actor = actor_for(cast["reader"], on=now.date())
    place, boss = cast.town.public_id, cast["boss"].public_id
    assert actor.in_place_of == {("organisation_admin", place, boss)}


def test_a_deputy_is_not_passed_on(cast, now):
    away(cast, "boss", "editor", now)
    with pytest.raises(Refused, match="vertritt diese Person jemanden"):
        away(cast, "editor", "reader", now)


def test_a_deputy_who_is_away_is_not_chosen(cast, now):
    away(cast, "reader", None, now, days=(5, 9))
    with pytest.raises(Refused, match="selbst abwesend"):
        away(cast, "boss", "reader", now, days=(0, 5))
    away(cast, "boss", "reader", now, days=(0, 4))


def test_whoever_has_left_stands_in_for_nobody(cast, now):
    away(cast, "boss", "reader", now)
    held = Membership.objects.filter(user=cast["reader"], organisation=cast.town)
    held.update(ended_at=now)
    assert actor_for(cast["reader"], on=now.date()).roles == frozenset()


def test_nobody_stands_in_in_a_suspended_organisation(cast, now):
    away(cast, "boss", "reader", now)
    suspend(cast.town, reason="Hinweis", by=cast.actor("operator"), now=now)
    assert actor_for(cast["reader"], on=now.date()).roles == frozenset()


def test_a_role_of_the_platform_is_never_lent(cast, now):
    grant_role("catalogue_editor", user=cast["boss"], organisation=None, by=PROGRAM, now=now)
    away(cast, "boss", "reader", now)
    assert roles(cast, "reader", now.date()) == {"decision_maker", "organisation_admin"}
    assert actor_for(cast["reader"], on=now.date()).has("catalogue_editor") is False
    assert actor_for(cast["boss"], on=now.date()).has("catalogue_editor")


def test_back_early_is_back_at_once(cast, now):
    absence = away(cast, "boss", "reader", now)
    end_absence(absence, by=actor_for(cast["boss"], on=now.date()), now=now)
    assert roles(cast, "boss", now.date()) == {"organisation_admin"}
    assert roles(cast, "reader", now.date()) == {"decision_maker"}
    with pytest.raises(Refused, match="schon beendet"):
        end_absence(absence, by=cast.actor("boss"), now=now)


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        ("editor", True),
        ("boss", True),
        ("reader", False),
        ("neighbour", False),
        ("stranger", False),
        ("desk", False),
    ],
)
def test_who_says_that_the_editor_is_away(cast, now, who, allowed):
    if allowed:
        away(cast, "editor", None, now, by=cast.actor(who))
    else:
        with pytest.raises(Refused, match="Berechtigung"):
            away(cast, "editor", None, now, by=cast.actor(who))
    assert Absence.objects.exists() == allowed


@pytest.mark.parametrize(
    ("days", "reason"),
    [((3, 2), "vor dem ersten"), ((-5, -1), "schon vorbei"), ((0, 400), "Länger als ein Jahr")],
)
def test_days_that_make_no_sense_are_refused(cast, now, days, reason):
    with pytest.raises(Refused, match=reason):
        away(cast, "boss", "reader", now, days=days)


@pytest.mark.parametrize("deputy", ["boss", "neighbour", "stranger"])
def test_only_a_colleague_stands_in(cast, now, deputy):
    with pytest.raises(Refused, match=r"jemand anderen|muss zu Ahorn gehören"):
        away(cast, "boss", deputy, now)


def test_the_same_days_are_said_once(cast, now):
    away(cast, "boss", "reader", now, days=(0, 5))
    with pytest.raises(Refused, match="schon eine Abwesenheit"):
        away(cast, "boss", None, now, days=(5, 6), by=actor_for(cast["boss"]))
    away(cast, "boss", None, now, days=(6, 7), by=actor_for(cast["boss"]))


def test_a_stranger_to_the_organisation_is_not_away_from_it(cast, now):
    with pytest.raises(Refused, match="gehört nicht zu"):
        away(cast, "stranger", None, now, by=cast.actor("boss"))


def test_colleagues_see_who_is_away(cast, now):
    away(cast, "editor", "reader", now, days=(0, 2))
    listed = {each.user: each for each in members(cast.town, on=now.date())}
    assert listed[cast["editor"]].absence.deputy == cast["reader"]
    assert listed[cast["boss"]].absence is None
    assert absence_of(cast["editor"], cast.town, on=now.date()) is not None
    assert absence_of(cast["editor"], cast.town, on=now.date() + 3 * DAY) is None


def test_leaving_ends_what_was_promised(cast, now):
    away(cast, "editor", "reader", now)
    said = leave(cast.town, leaver=cast["reader"], to=cast["boss"], by=cast.actor("reader"), now=now)
    assert said == ["Eine Vertretung übergeben."]
    assert Absence.objects.get().deputy == cast["boss"]


def test_whoever_takes_over_does_not_stand_in_for_themselves(cast, now):
    away(cast, "editor", "reader", now)
    leave(cast.town, leaver=cast["reader"], to=cast["editor"], by=cast.actor("reader"), now=now)
    assert Absence.objects.get().deputy is None


def test_a_deputy_writes_the_profile_in_place_of_the_editor(cast, now):
    away(cast, "editor", "reader", now)
    deputy = actor_for(cast["reader"], on=now.date())
    save_profile(
        ProfileDraft(budget_class="to_10000"), organisation=cast.town, lock_version=0, by=deputy, now=now
    )
    entry = history("municipality_profile", cast.town.public_id).get()
    assert entry.data == {"fields": ["budget_class"], "in_place_of": [cast["editor"].public_id]}


def test_the_database_keeps_days_in_order_and_deputies_apart(cast, now):
    absence = away(cast, "boss", "reader", now)
    for change in ({"ends_on": now.date() - 9 * DAY}, {"deputy": cast["boss"]}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Absence.objects.filter(pk=absence.pk).update(**change)


def test_who_somebody_is_costs_one_query(cast, now, django_assert_num_queries):
    away(cast, "boss", "reader", now)
    person("other")
    with django_assert_num_queries(1):
        actor_for(cast["reader"], on=now.date())


def test_a_deputy_does_not_take_an_organisation_over(cast, now):
    away(cast, "boss", "reader", now)
    deputy = actor_for(cast["reader"], on=now.date())
    with pytest.raises(Refused, match="In Vertretung"):
        leave(cast.town, leaver=cast["boss"], to=cast["reader"], by=deputy, now=now)
    held = Membership.objects.filter(organisation=cast.town, role="organisation_admin", ended_at=None)
    assert [each.user for each in held] == [cast["boss"]]
    leave(cast.town, leaver=cast["editor"], to=None, by=deputy, now=now)
    assert roles(cast, "editor", now.date()) == set()


def test_a_deputy_sends_no_other_administrator_away(cast, now):
    grant_role("organisation_admin", user=cast["editor"], organisation=cast.town, by=PROGRAM, now=now)
    away(cast, "boss", "reader", now)
    deputy = actor_for(cast["reader"], on=now.date())
    with pytest.raises(Refused, match="In Vertretung"):
        away(cast, "editor", "reader", now, by=deputy)
