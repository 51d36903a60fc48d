"""What a town tells of itself: nothing mandatory, unknown stays unknown, nothing overwritten in silence."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from allmende.journal.queries import history
from allmende.lib.refusals import OutOfDate, Refused
from allmende.organisations.actions import save_profile
from allmende.organisations.actions.profiles import _systems, as_draft
from allmende.organisations.drafts import ProfileDraft
from allmende.organisations.models import MunicipalityProfile
from allmende.organisations.queries import profile_of, shared_profiles

FULL = ProfileDraft(
    existing_systems=("Ratsinformationssystem", "Geoportal"),
    hosting=("public_provider",),
    networks=("fibre", "lorawan"),
    digital_staff=Decimal("1.50"),
    budget_class="to_50000",
    interests=("beteiligung", "verwaltung"),
    is_shared=True,
)


def save(cast, draft, version, now, who="editor"):
    return save_profile(draft, organisation=cast.town, lock_version=version, by=cast.actor(who), now=now)


def test_what_is_said_is_what_is_read(cast, now):
    profile = save(cast, FULL, 0, now)
    assert (as_draft(profile_of(cast.town)), profile.lock_version) == (FULL, 1)


def test_nothing_said_is_nothing_known(cast, now):
    save(cast, ProfileDraft(), 0, now)
    row = MunicipalityProfile.objects.values(
        "existing_systems", "hosting", "networks", "digital_staff", "budget_class", "interests"
    ).get()
    assert set(row.values()) == {None}


def test_an_answer_can_be_taken_back(cast, now):
    save(cast, FULL, 0, now)
    save(cast, replace(FULL, budget_class=None, networks=None), 1, now)
    profile = profile_of(cast.town)
    assert (profile.budget_class, profile.networks, profile.hosting) == (None, None, ["public_provider"])


def test_zero_positions_are_an_answer(cast, now):
    assert save(cast, ProfileDraft(digital_staff=Decimal(0)), 0, now).digital_staff == 0


def test_two_people_edit_and_the_second_is_told(cast, now):
    save(cast, FULL, 0, now)
    save(cast, replace(FULL, budget_class="none"), 1, now, who="boss")
    with pytest.raises(OutOfDate):
        save(cast, replace(FULL, budget_class="to_10000"), 1, now)
    assert profile_of(cast.town).budget_class == "none"
    save(cast, replace(FULL, budget_class="to_10000"), 2, now)
    assert profile_of(cast.town).budget_class == "to_10000"


def test_two_people_begin_and_the_second_is_told(cast, now):
    save(cast, FULL, 0, now)
    with pytest.raises(OutOfDate):
        save(cast, ProfileDraft(), 0, now, who="boss")


def test_the_journal_says_which_answers_and_not_what_they_are(cast, now):
    save(cast, FULL, 0, now)
    save(cast, replace(FULL, budget_class="none"), 1, now)
    first, second = history("municipality_profile", cast.town.public_id).order_by("pk")
    assert (len(first.data["fields"]), second.data) == (7, {"fields": ["budget_class"]})
    assert second.organisation == cast.town.public_id


def test_saving_the_same_again_is_no_change(cast, now):
    save(cast, FULL, 0, now)
    assert save(cast, FULL, 1, now).lock_version == 1
    assert history("municipality_profile", cast.town.public_id).count() == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"hosting": ("moon",)}, "„moon“ gibt es nicht"),
        ({"networks": ("fibre", "5g")}, "„5g“ gibt es nicht"),
        ({"interests": ("moon",)}, "„moon“ gibt es nicht"),
        ({"budget_class": "much"}, "„much“ gibt es nicht"),
        ({"digital_staff": Decimal(-1)}, "zum Beispiel 1,5"),
        ({"digital_staff": Decimal(10000)}, "zum Beispiel 1,5"),
        ({"existing_systems": ("x" * 121,)}, "höchstens 120 Zeichen"),
        ({"existing_systems": tuple(str(n) for n in range(61))}, "höchstens 60 Systeme"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(cast, now, change, reason):
    with pytest.raises(Refused, match=reason):
        save(cast, replace(FULL, **change), 0, now)
    assert profile_of(cast.town) is None


def test_a_provider_has_no_such_profile(cast, now):
    with pytest.raises(Refused, match="Berechtigung"):
        save_profile(FULL, organisation=cast.provider, lock_version=0, by=cast.actor("competitor"), now=now)


def test_shared_profiles_are_those_that_say_so(cast, now):
    save(cast, FULL, 0, now)
    assert [each.organisation for each in shared_profiles()] == [cast.town]
    save(cast, replace(FULL, is_shared=False), 1, now)
    assert list(shared_profiles()) == []


@given(st.lists(st.text(alphabet=" abcÄß\t", max_size=12), max_size=20))
def test_systems_are_lines_without_blanks_and_doubles(lines):
    kept = _systems(tuple(lines))
    if kept is None:
        assert all(not line.split() for line in lines)
        return
    assert kept == list(dict.fromkeys(kept))
    assert all(line == " ".join(line.split()) for line in kept)
    assert {" ".join(line.split()) for line in lines} - {""} == set(kept)


def test_the_database_keeps_positions_a_number_of_people(cast, now):
    save(cast, FULL, 0, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        MunicipalityProfile.objects.update(digital_staff=-1)
