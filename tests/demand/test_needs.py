"""A need through its states: the table, who reads it, what is kept, and what two people at once may do to it."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.demand import rules
from allmende.demand.actions.needs import (
    begin,
    close,
    copy_as_template,
    drop_change,
    publish,
    publish_change,
    save,
    withdraw,
)
from allmende.demand.drafts import CriterionDraft, NeedDraft, as_content, from_content
from allmende.demand.models import Need, NeedEdition
from allmende.demand.queries.needs import (
    Choices,
    draft_of,
    narrowed,
    of_town,
    open_to,
    published_draft,
    visible_to,
    written_by,
)
from allmende.demand.states import NEED
from allmende.journal.models import Entry
from allmende.lib.canonical import canonical_json, digest
from allmende.lib.refusals import OutOfDate, Refused
from allmende.organisations.actions import save_profile
from allmende.organisations.drafts import ProfileDraft
from allmende.organisations.models import Organisation
from allmende.vocabulary.models import Term
from allmende.vocabulary.queries import forget
from tests.demand.towns import four_towns
from tests.factories.needs import WHOLE, a_draft, a_published_need


def fresh(need):
    return Need.objects.get(pk=need.pk)


def kinds(need):
    rows = Entry.objects.filter(subject_type="need", subject_id=need.public_id).order_by("pk")
    return list(rows.values_list("kind", flat=True))


def changed(need, *, by, now, **said):
    version = fresh(need).lock_version
    return save(
        need,
        lambda draft: replace(draft, **said),
        step="problem",
        is_done=True,
        lock_version=version,
        by=by,
        now=now,
    )


@pytest.fixture
def editor(cast):
    return cast.actor("editor")


@pytest.fixture
def draft(cast, editor, now):
    return a_draft(cast.town, by=editor, now=now)


@pytest.fixture
def need(cast, editor, now):
    return a_published_need(cast.town, by=editor, now=now)


# ------------------------------------------------------------------------------------------------------- its states

ACTS = {
    "publish": lambda need, by, now: publish(need, lock_version=fresh(need).lock_version, by=by, now=now),
    "close": lambda need, by, now: close(need, reason="Gelöst.", by=by, now=now),
    "withdraw": lambda need, by, now: withdraw(need, reason="Doch nicht.", by=by, now=now),
    # Another goal each time: the same again is no change that could be published.
    "save": lambda need, by, now: changed(
        need, by=by, now=now, goal=f"Besser als Fassung {fresh(need).lock_version}."
    ),
    "publish_change": lambda need, by, now: publish_change(
        need, change="Genauer.", lock_version=fresh(need).lock_version, by=by, now=now
    ),
}
BECOMES = {"publish": "published", "close": "closed", "withdraw": "withdrawn"}


@settings(max_examples=25)
@given(acts=st.lists(st.sampled_from(sorted(ACTS)), max_size=5))
@pytest.mark.django_db
def test_whatever_is_tried_the_table_says_what_is_possible(acts):
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    with transaction.atomic():
        towns = four_towns(now)
        by = towns.by(0)
        need = a_draft(towns.bodies[0], by=by, now=now)
        state, is_changed = "draft", False
        for act in acts:
            if act in BECOMES:
                possible = BECOMES[act] in NEED.moves[state]
            elif act == "save":
                possible = state in ("draft", "published")
            else:
                possible = state == "published" and is_changed
            try:
                ACTS[act](need, by, now)
            except Refused:
                assert not possible, (state, act)
            else:
                assert possible, (state, act)
                state = BECOMES.get(act, state)
                is_changed = state == "published" and (
                    act == "save" or (is_changed and act != "publish_change")
                )
            assert fresh(need).state == state
        transaction.set_rollback(True)


def test_publishing_keeps_an_edition_that_nobody_changes(need, editor, now):
    edition = need.editions.get()
    content = json.loads(edition.content)
    assert (edition.number, edition.change, edition.digest) == (1, "", digest(content))
    assert canonical_json(content) == edition.content
    assert (content["title"], content["need"], content["schema"]) == (need.title, need.public_id, 1)
    with pytest.raises(TypeError):
        edition.save()
    assert kinds(need) == ["demand.need_begun", "demand.need_published"]


def test_a_change_waits_beside_what_is_published(need, editor, now):
    changed(need, by=editor, now=now, title="Anders")
    held = fresh(need)
    assert (held.title, draft_of(held).title, held.edition_number) == (WHOLE.title, "Anders", 1)
    publish_change(need, change="Der Titel.", lock_version=held.lock_version, by=editor, now=now)
    held = fresh(need)
    assert (held.title, held.working, held.edition_number) == ("Anders", None, 2)
    assert [(each.number, each.change) for each in need.editions.all()] == [(1, ""), (2, "Der Titel.")]
    assert kinds(need)[-1] == "demand.need_changed"
    assert Entry.objects.latest("pk").data == {"edition": 2}


def test_a_change_needs_a_sentence_and_something_that_changed(need, editor, now):
    with pytest.raises(Refused, match="Es ist nichts geändert"):
        publish_change(need, change="x", lock_version=fresh(need).lock_version, by=editor, now=now)
    changed(need, by=editor, now=now, title="Anders")
    with pytest.raises(Refused, match="Sagen Sie in einem Satz"):
        publish_change(need, change="  ", lock_version=fresh(need).lock_version, by=editor, now=now)


def test_what_is_changed_back_is_no_change(need, editor, now):
    changed(need, by=editor, now=now, title="Anders")
    changed(need, by=editor, now=now, title=WHOLE.title)
    assert fresh(need).working is None


def test_a_change_can_be_dropped(need, editor, now):
    changed(need, by=editor, now=now, title="Anders")
    drop_change(need, lock_version=fresh(need).lock_version, by=editor, now=now)
    assert (fresh(need).working, fresh(need).title) == (None, WHOLE.title)
    with pytest.raises(Refused, match="Es gibt keine Änderung"):
        drop_change(need, lock_version=fresh(need).lock_version, by=editor, now=now)


def test_a_criterion_that_stays_keeps_its_id(need, editor, now):
    before = {each.criterion: each.public_id for each in need.criteria.all()}
    kept = tuple(each for each in WHOLE.criteria if each.criterion != "yearly_cost_at_most")
    changed(need, by=editor, now=now, criteria=(CriterionDraft("should", "documentation", True), *kept))
    publish_change(need, change="Kriterien.", lock_version=fresh(need).lock_version, by=editor, now=now)
    after = {each.criterion: each.public_id for each in need.criteria.all()}
    assert {code: after[code] for code in ("open_source", "")} == {
        code: before[code] for code in ("open_source", "")
    }
    assert sorted(after) == ["", "documentation", "open_source"]


def test_must_comes_before_should(need):
    assert [each.weight for each in need.criteria.all()] == ["must", "must", "should"]


def test_what_is_missing_is_said_at_once(cast, editor, now):
    need = begin(cast.town, draft=NeedDraft(), by=editor, now=now)
    with pytest.raises(Refused) as refused:
        publish(need, lock_version=0, by=editor, now=now)
    assert str(refused.value) == (
        "Beschreiben Sie das Problem. Geben Sie dem Bedarf einen Titel. Wählen Sie ein Handlungsfeld."
    )


def test_a_closed_need_stays_closed_and_says_what_is_possible(need, editor, now):
    close(need, reason="Gelöst.", by=editor, now=now)
    with pytest.raises(Refused, match="Sie können ihn als Vorlage für einen neuen verwenden"):
        changed(need, by=editor, now=now, title="Anders")
    assert (fresh(need).ended_reason, fresh(need).ended_at) == ("Gelöst.", now)


def test_a_published_need_goes_with_a_reason_and_a_draft_without(need, draft, editor, now):
    with pytest.raises(Refused, match="warum Sie den Bedarf zurückziehen"):
        withdraw(need, reason=" \x00", by=editor, now=now)
    assert withdraw(draft, reason="", by=editor, now=now).state == "withdrawn"


# ------------------------------------------------------------------------------------------------- what it begins with


def test_it_begins_with_what_the_profile_and_the_register_say(cast, editor, now):
    profile = ProfileDraft(existing_systems=("Geoportal", "E-Akte"), budget_class="to_10000")
    save_profile(profile, organisation=cast.town, lock_version=0, by=editor, now=now)
    need = begin(cast.town, by=editor, now=now)
    assert (need.population, need.existing_systems, need.budget_class) == (
        cast.region.population, ["Geoportal", "E-Akte"], "",
    )  # fmt: skip


def test_a_template_takes_the_words_and_leaves_what_is_the_towns_own(cast, need, now):
    theirs = copy_as_template(need, organisation=cast.neighbour, by=cast.actor("neighbour"), now=now)
    assert (theirs.title, theirs.problem, theirs.state, theirs.visibility) == (
        need.title, need.problem, "draft", "own",
    )  # fmt: skip
    assert (theirs.population, theirs.may_be_invited, theirs.criteria.count()) == (
        cast.neighbour.region.population, False, 3,
    )  # fmt: skip


def test_nobody_copies_what_they_may_not_read(cast, draft, now):
    with pytest.raises(Refused, match="Diesen Bedarf gibt es nicht"):
        copy_as_template(draft, organisation=cast.neighbour, by=cast.actor("neighbour"), now=now)


# -------------------------------------------------------------------------------------------------------- who reads it

READERS = (
    "editor",
    "boss",
    "reader",
    "neighbour",
    "competitor",
    "desk",
    "operator",
    "stranger",
    "public",
    "program",
)
# Written by hand: who of these reads a need, by its visibility and state.
TOWN = {"editor", "boss", "reader"}
READ = {
    ("own", "draft"): TOWN,
    ("own", "published"): TOWN,
    ("own", "closed"): TOWN,
    ("own", "withdrawn"): TOWN,
    ("administration", "draft"): TOWN,
    ("administration", "published"): TOWN | {"neighbour", "desk", "operator", "program"},
    ("administration", "closed"): TOWN | {"neighbour", "desk", "operator", "program"},
    ("administration", "withdrawn"): TOWN | {"neighbour", "desk", "operator", "program"},
    ("public", "draft"): TOWN,
    ("public", "published"): set(READERS),
    ("public", "closed"): set(READERS),
    ("public", "withdrawn"): set(READERS),
}


@pytest.mark.parametrize(("visibility", "state"), READ)
def test_each_reader_sees_what_the_table_says(cast, editor, now, visibility, state):
    need = a_draft(cast.town, by=editor, now=now, visibility=visibility)
    if state != "draft":
        publish(need, lock_version=0, by=editor, now=now)
    if state in ("closed", "withdrawn"):
        {"closed": close, "withdrawn": withdraw}[state](need, reason="Grund.", by=editor, now=now)
    seen = {name for name in READERS if visible_to(cast.actor(name)).filter(pk=need.pk).exists()}
    assert seen == READ[visibility, state]
    is_open = {name for name in READERS if open_to(cast.actor(name)).filter(pk=need.pk).exists()}
    assert is_open == (seen if state == "published" else set())
    may = {name for name in READERS if rules.may_see(cast.actor(name), need)}
    assert may == seen


def test_a_draft_withdrawn_was_never_published_and_is_nobodys_business(cast, draft, editor, now):
    withdraw(draft, reason="", by=editor, now=now)
    assert not visible_to(cast.actor("public")).exists()


def test_a_suspended_town_is_read_by_nobody_but_itself(cast, need):
    Organisation.objects.filter(pk=cast.town.pk).update(state="suspended")
    assert not visible_to(cast.actor("public")).exists()
    assert not visible_to(cast.actor("desk")).exists()


def test_what_becomes_narrower_is_gone_for_others(cast, need, editor, now):
    changed(need, by=editor, now=now, visibility="own")
    assert visible_to(cast.actor("public")).count() == 1
    publish_change(need, change="Nur noch wir.", lock_version=fresh(need).lock_version, by=editor, now=now)
    assert visible_to(cast.actor("public")).count() == 0


def test_the_lists_of_a_town_and_of_its_people(cast, need, draft, editor):
    assert list(of_town(cast.town, cast.actor("public"))) == [need]
    assert set(written_by(editor)) == {need, draft}
    assert not written_by(cast.actor("stranger")).exists()


def test_a_list_is_narrowed_by_field_land_and_size(cast, need):
    def count(**choices):
        return narrowed(open_to(cast.actor("public")), Choices(**choices)).count()

    assert [
        count(),
        count(fields=("beteiligung",)),
        count(fields=("beteiligun",)),
        count(fields=("%",)),
        count(fields=("x", "verwaltung")),
        count(laender=("99",)),
        count(laender=("08",)),
        count(sizes=("²", "x")),
        count(fields=("verwaltung",), laender=("99",)),
    ] == [1, 1, 0, 0, 1, 1, 0, 0, 1]


# ------------------------------------------------------------------------------------------ two at once, bad input


def test_whoever_saves_second_is_told(draft, cast, editor, now):
    version = draft.lock_version
    changed(draft, by=cast.actor("boss"), now=now, title="Zuerst")
    with pytest.raises(OutOfDate):
        save(draft, lambda d: d, step="problem", is_done=True, lock_version=version, by=editor, now=now)
    with pytest.raises(OutOfDate):
        publish(draft, lock_version=version, by=editor, now=now)


def test_two_saves_of_one_window_that_cross_are_no_conflict(draft, editor, now):
    for text in ("a", "b"):
        save(
            draft, lambda d, t=text: replace(d, goal=t), step="problem", is_done=False, lock_version=0, page="w",
            by=editor, now=now,
        )  # fmt: skip
    assert fresh(draft).goal == "b"


@pytest.mark.parametrize(
    "said",
    [
        {"problem": "x" * 10_001},
        {"title": "x" * 201},
        {"problem": "a\x00b"},
        {"existing_systems": ("x" * 121,)},
        {"existing_systems": tuple(map(str, range(51)))},
        {"population": 0},
        {"population": -1},
        {"users_count": 500_000_001},
        {"term_months": 361},
        {"visibility": "everybody"},
        {"cooperation": "perhaps"},
        {"criteria": (CriterionDraft("may", text="x"),)},
        {"criteria": (CriterionDraft("must"),)},
        {"criteria": (CriterionDraft("must", text="x" * 501),)},
        {"criteria": (CriterionDraft("must", "yearly_cost_at_most", "NaN"),)},
        {"criteria": (CriterionDraft("must", "yearly_cost_at_most", 12.5),)},
        {"criteria": tuple(CriterionDraft("must", text=str(n)) for n in range(61))},
    ],
)
def test_what_no_form_lets_through_is_refused_and_nothing_is_written(draft, editor, now, said):
    before = published_draft(fresh(draft))
    with pytest.raises(Refused):
        changed(draft, by=editor, now=now, **said)
    assert published_draft(fresh(draft)) == before


def test_a_criterion_that_has_vanished_stays_in_view_and_is_not_published(draft, editor, now):
    gone = (CriterionDraft("must", "carrier_pigeon", True),)
    changed(draft, by=editor, now=now, criteria=gone)
    with pytest.raises(Refused, match=r"Dieses Kriterium gibt es nicht mehr \(„carrier_pigeon“\)"):
        publish(draft, lock_version=fresh(draft).lock_version, by=editor, now=now)


def test_a_value_that_has_vanished_is_not_published_either(draft, editor, now):
    changed(draft, by=editor, now=now, criteria=(CriterionDraft("must", "maturity", ["productive"]),))
    Term.objects.filter(scheme__code="maturity", code="productive").update(valid_to=now.date())
    forget()
    with pytest.raises(Refused, match="„productive“ steht bei „Reifegrad“ nicht mehr zur Wahl"):
        publish(draft, lock_version=fresh(draft).lock_version, by=editor, now=now)
    forget()


def test_a_template_leaves_vanished_criteria_behind(cast, draft, editor, now):
    changed(draft, by=editor, now=now, criteria=(CriterionDraft("must", "gone", True), *WHOLE.criteria))
    copied = copy_as_template(draft, organisation=cast.town, by=editor, now=now)
    assert sorted(each.criterion for each in copied.criteria.all()) == [
        "",
        "open_source",
        "yearly_cost_at_most",
    ]


def test_a_town_not_confirmed_prepares_only(cast, draft, editor, now):
    Organisation.objects.filter(pk=cast.town.pk).update(state="applied", accredited_at=None)
    changed(draft, by=editor, now=now, goal="x")
    with pytest.raises(Refused, match="Ihre Kommune ist noch nicht bestätigt"):
        publish(draft, lock_version=fresh(draft).lock_version, by=editor, now=now)


def test_a_company_has_no_needs_here(cast, now):
    with pytest.raises(Refused, match="Bedarfe beschreiben hier Kommunen"):
        begin(cast.provider, draft=WHOLE, by=cast.actor("competitor"), now=now)


@given(
    st.builds(
        NeedDraft,
        title=st.text(max_size=20),
        problem=st.text(max_size=40),
        users_count=st.none() | st.integers(1, 9),
        needed_from=st.none() | st.dates(),
        existing_systems=st.tuples(st.text(max_size=5)),
        criteria=st.tuples(
            st.builds(CriterionDraft, weight=st.just("must"), wanted=st.none() | st.just(["a"]))
        ),
    )
)
@settings(max_examples=50)
def test_a_draft_survives_being_kept(draft):
    assert from_content(json.loads(json.dumps(as_content(draft)))) == draft


def test_no_edition_is_made_twice(need):
    with pytest.raises(IntegrityError), transaction.atomic():
        NeedEdition.objects.create(
            need=need, number=1, content="{}", digest="x", made_at=need.begun_at, made_by="x"
        )
