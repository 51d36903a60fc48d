"""A town names what is not here, and the desk enters it, finds it, or says why not."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.catalogue.actions import (
    attach_missing,
    confirm_use,
    decline_missing,
    end_use,
    enter_missing,
    erase,
    name_missing,
    take_back_missing,
    withdraw,
)
from allmende.catalogue.actions.missing import MOST_OPEN
from allmende.catalogue.drafts import SolutionDraft, TextDraft
from allmende.catalogue.models import ConfirmedUse, MissingSolution, Solution
from allmende.catalogue.queries import edition, visible_to
from allmende.catalogue.queries.missing import (
    maybe_meant,
    missing_for,
    missing_of,
    missing_to_decide,
    named_alike,
)
from allmende.catalogue.states import MISSING_SOLUTION
from allmende.journal.queries import history
from allmende.lib.actors import Actor
from allmende.lib.partial_dates import parse
from allmende.lib.refusals import Refused
from allmende.organisations.actions import register, suspend

WHAT_FOR = "Bäume der Stadt erfassen und ihre Pflege planen."
IN_WORDS = SolutionDraft(
    name="Grünbuch",
    texts=(TextDraft(language="de", summary="Ein Baumkataster für kleine Städte."),),
    website_url="https://gruenbuch.example.org",
)


@dataclass
class Cast:
    clerk: Actor
    reader: Actor
    editor: Actor
    town: Any
    now: Any

    def name(self, name="Grünbuch", by=None, **more):
        told = {"purpose": WHAT_FOR, "by": by or self.clerk, "now": self.now, **more}
        return name_missing(self.town, name=name, **told)


@pytest.fixture
def cast(town, member_of, now):
    return Cast(
        clerk=member_of("municipality_editor", town),
        reader=member_of("decision_maker", town),
        editor=member_of("catalogue_editor"),
        town=town,
        now=now,
    )


# -------------------------------------------------------------------------------------------------------- naming


def test_whoever_belongs_to_a_town_names_what_is_missing_and_it_waits_for_the_desk(cast):
    missing = cast.name("  Grün buch ", by=cast.reader, url="https://gruenbuch.example.org")

    assert (missing.name, missing.state, missing.use_state) == ("Grün buch", "open", "")
    assert [each.name for each in missing_to_decide(cast.editor)] == ["Grün buch"]
    assert [entry.kind for entry in history("missing_solution", missing.public_id)] == [
        "catalogue.missing_solution_named"
    ]


def test_only_who_speaks_for_the_towns_use_states_it_with_the_name(cast):
    with pytest.raises(Refused, match="wer dort die Rolle „Digitalisierung der Kommune“ hat"):
        cast.name(by=cast.reader, use_state="productive")

    missing = cast.name(use_state="productive", since=parse("2024"))
    assert (missing.use_state, str(missing.since_told)) == ("productive", "2024")


def test_neither_a_company_nor_a_neighbour_nor_a_stranger_names_for_the_town(
    cast, provider, member_of, stranger, now
):
    neighbour = register("Nachbarstadt", kind="municipality", by=Actor.program("x"), now=now)
    for actor in (
        member_of("provider_editor", provider),
        member_of("municipality_editor", neighbour),
        stranger,
    ):
        with pytest.raises(Refused, match=r"Das kann, wer zu einer Kommune gehört\."):
            cast.name(by=actor)
    with pytest.raises(Refused, match=r"Das kann, wer zu einer Kommune gehört\."):
        name_missing(provider, name="X", purpose=WHAT_FOR, by=member_of("provider_editor", provider), now=now)
    assert MissingSolution.objects.count() == 0


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"name": " "}, "Geben Sie den Namen"),
        ({"name": "x" * 301}, "Kürzen Sie den Namen"),
        ({"url": "gruenbuch"}, "keine Adresse im Netz"),
        ({"url": "javascript:alert(1)"}, "keine Adresse im Netz"),
        ({"purpose": "Bäume"}, "ein bis zwei Sätzen"),
        ({"purpose": "x" * 2001}, "ein bis zwei Sätzen"),
        ({"use_state": "geplant"}, "gibt es nicht"),
        ({"since": date(2024, 1, 1)}, "wie Sie die Lösung nutzen"),
        ({"use_state": "ended"}, "wann sie geendet hat"),
        ({"use_state": "pilot", "ended_on": date(2024, 1, 1)}, "nur zu dieser"),
        ({"use_state": "pilot", "since": date(2030, 1, 1)}, "liegt in der Zukunft"),
        ({"use_state": "ended", "since": date(2024, 5, 1), "ended_on": parse("2023")}, "zwischen dem Beginn"),
    ],
)
def test_what_cannot_be_looked_at_is_refused_with_the_reason(cast, told, why):
    with pytest.raises(Refused, match=why):
        cast.name(**told)


def test_a_town_names_the_same_once_while_it_waits_and_again_afterwards(cast):
    missing = cast.name()
    with pytest.raises(Refused, match="hat Ihre Kommune schon genannt"):
        cast.name("GRÜNBUCH", by=cast.reader)

    decline_missing(missing, reason="Gibt es nicht mehr.", by=cast.editor, now=cast.now)
    cast.name()
    assert MissingSolution.objects.count() == 2


def test_so_many_of_one_town_wait_and_no_more(cast, now):
    rows = [
        MissingSolution(
            organisation=cast.town,
            name=str(at),
            folded_name=str(at),
            purpose=WHAT_FOR,
            named_at=now,
            named_by="x",
        )
        for at in range(MOST_OPEN)
    ]
    MissingSolution.objects.bulk_create(rows)

    with pytest.raises(Refused, match="warten schon 20 Nennungen"):
        cast.name()


def test_a_town_takes_back_what_nobody_has_decided(cast, stranger):
    missing = cast.name()
    with pytest.raises(Refused):
        take_back_missing(missing, by=stranger, now=cast.now)

    taken = take_back_missing(missing, by=cast.reader, now=cast.now)
    assert taken.state == "withdrawn"
    with pytest.raises(Refused, match="Aus „zurückgenommen“ kann nicht „zurückgenommen“ werden"):
        take_back_missing(missing, by=cast.reader, now=cast.now)


# ------------------------------------------------------------------------------------------------------- deciding


def test_the_desk_enters_it_in_its_own_words_and_the_use_is_stated_by_itself(cast):
    missing = cast.name(use_state="productive", since=parse("03.2024"))

    entered = enter_missing(missing, IN_WORDS, by=cast.editor, now=cast.now)

    solution = Solution.objects.get()
    use = ConfirmedUse.objects.get()
    assert (entered.state, entered.solution, solution.state) == ("entered", solution, "published")
    assert (use.organisation, use.state, use.since_told.iso) == (cast.town, "productive", "2024-03")
    assert [entry.kind for entry in history("solution", solution.public_id)] == [
        "catalogue.use_confirmed",
        "catalogue.solution_published",
    ]
    shown = edition(solution, solution.edition_number).content
    assert [(each["name"], each["since"]) for each in shown["confirmed_uses"]] == [
        ("Stadt Beispiel", "2024-03")
    ]


def test_what_a_town_only_misses_becomes_an_entry_that_nobody_uses(cast):
    enter_missing(cast.name(), IN_WORDS, by=cast.editor, now=cast.now)

    assert [each.name for each in visible_to(Actor.anonymous())] == ["Grünbuch"]
    assert ConfirmedUse.objects.count() == 0


def test_a_use_that_is_over_is_stated_as_over(cast):
    missing = cast.name(use_state="ended", since=parse("2019"), ended_on=parse("2024"))
    enter_missing(missing, IN_WORDS, by=cast.editor, now=cast.now)

    use = ConfirmedUse.objects.get()
    assert (use.state, use.ended_on, str(use.ended_told)) == ("ended", date(2024, 12, 31), "2024")


def test_an_entry_without_any_address_is_refused_and_the_naming_waits_on(cast):
    missing = cast.name()
    with pytest.raises(Refused, match="Adresse des Quellcodes oder der Website"):
        enter_missing(missing, replace(IN_WORDS, website_url=None), by=cast.editor, now=cast.now)
    assert [each.pk for each in missing_to_decide(cast.editor)] == [missing.pk]


def test_what_stands_at_the_same_address_by_the_same_name_is_not_entered_twice(cast, solution):
    missing = cast.name(solution.name)
    draft = replace(IN_WORDS, name=solution.name, repository_url=solution.repository_url)
    with pytest.raises(Refused, match="steht schon „Mängelmelder Musterstadt“"):
        enter_missing(missing, draft, by=cast.editor, now=cast.now)


def test_what_is_here_already_is_attached_and_gets_the_use(cast, solution):
    missing = cast.name("Der Melder", use_state="pilot")

    attached = attach_missing(missing, solution=solution, by=cast.editor, now=cast.now)

    assert (attached.state, attached.solution) == ("known", solution)
    assert [(use.solution, use.state) for use in ConfirmedUse.objects.all()] == [(solution, "pilot")]


def test_what_the_town_has_said_meanwhile_is_not_written_over(cast, solution):
    missing = cast.name("Der Melder", use_state="pilot")
    use = confirm_use(solution, organisation=cast.town, state="productive", by=cast.clerk, now=cast.now)
    end_use(use, ended_on=date(2026, 6, 30), by=cast.clerk, now=cast.now)

    attach_missing(missing, solution=solution, by=cast.editor, now=cast.now)
    assert [use.state for use in ConfirmedUse.objects.all()] == ["ended"]


def test_for_a_town_that_is_suspended_nothing_is_stated(cast, solution):
    missing = cast.name("Der Melder", use_state="pilot")
    suspend(cast.town, reason="Klärung.", by=Actor.program("desk"), now=cast.now)

    attach_missing(missing, solution=solution, by=cast.editor, now=cast.now)
    assert ConfirmedUse.objects.count() == 0


def test_nothing_is_attached_to_what_is_withdrawn(cast, solution):
    missing = cast.name()
    withdraw(solution, reason="Fehler", by=cast.editor, now=cast.now)
    with pytest.raises(Refused, match="veröffentlichten Eintrag"):
        attach_missing(missing, solution=solution, by=cast.editor, now=cast.now)


def test_declining_says_why(cast):
    missing = cast.name()
    with pytest.raises(Refused, match="Nennen Sie den Grund"):
        decline_missing(missing, reason=" ", by=cast.editor, now=cast.now)

    declined = decline_missing(missing, reason="Nur im eigenen Haus nutzbar.", by=cast.editor, now=cast.now)
    assert (declined.state, declined.decision_reason) == ("declined", "Nur im eigenen Haus nutzbar.")


@pytest.mark.parametrize("act", ["enter", "attach", "decline"])
def test_nobody_decides_about_their_own_town_or_what_they_named_or_twice(cast, solution, member_of, act):
    missing = cast.name()
    colleague = Actor(
        "person",
        "kollege",
        roles=frozenset({("catalogue_editor", None), ("decision_maker", cast.town.public_id)}),
    )
    namer = Actor("person", cast.clerk.id, roles=frozenset({("catalogue_editor", None)}))
    on_leave = Actor(
        "person",
        "urlaub",
        roles=frozenset({("catalogue_editor", None)}),
        resting=frozenset({cast.town.public_id}),
    )
    acts = {
        "enter": lambda by: enter_missing(missing, IN_WORDS, by=by, now=cast.now),
        "attach": lambda by: attach_missing(missing, solution=solution, by=by, now=cast.now),
        "decline": lambda by: decline_missing(missing, reason="Nein.", by=by, now=cast.now),
    }
    for actor in (colleague, namer, on_leave, cast.clerk):
        with pytest.raises(Refused):
            acts[act](actor)
        assert list(missing_to_decide(actor)) == []
    acts[act](cast.editor)
    for again in acts.values():
        with pytest.raises(Refused, match="kann nicht „aufgenommen“ werden"):
            again(cast.editor)


@given(st.sampled_from(sorted(MISSING_SOLUTION.labels)), st.sampled_from(sorted(MISSING_SOLUTION.labels)))
def test_only_what_waits_can_become_anything(state, target):
    assert MISSING_SOLUTION.can_become(state, target) == (state == "open" and target != "open")


# -------------------------------------------------------------------------------------------------------- looking


def test_the_town_sees_what_it_named_and_nobody_else_does(cast, stranger, member_of, provider):
    missing = cast.name()
    assert [each.pk for each in missing_of(cast.reader)] == [missing.pk]
    seen = {
        name: missing_for(actor, missing.public_id) is not None
        for name, actor in {
            "clerk": cast.clerk, "reader": cast.reader, "desk": cast.editor, "stranger": stranger,
            "anonymous": Actor.anonymous(), "company": member_of("provider_editor", provider),
        }.items()
    }  # fmt: skip
    assert seen == {
        "clerk": True, "reader": True, "desk": True, "stranger": False, "anonymous": False, "company": False,
    }  # fmt: skip


def test_the_longest_waiting_comes_first(cast, now):
    cast.now = now + timedelta(days=1)
    cast.name("Später")
    cast.now = now
    cast.name("Früher")
    assert [each.name for each in missing_to_decide(cast.editor)] == ["Früher", "Später"]


def test_the_desk_sees_what_may_be_meant_and_who_else_has_named_it(
    cast, solution, other_solution, member_of, now
):
    neighbour = register("Nachbarstadt", kind="municipality", by=Actor.program("x"), now=now)
    by = member_of("municipality_editor", neighbour)
    other = name_missing(neighbour, name="grünbuch", purpose=WHAT_FOR, by=by, now=now)
    missing = cast.name("Grünbuch", url=other_solution.repository_url)
    by_name = cast.name("Mängelmelder")

    assert named_alike(missing) == [other]
    assert maybe_meant(missing) == [other_solution]
    assert maybe_meant(by_name) == [solution]


def test_erasing_the_entry_takes_the_towns_words_with_it(cast):
    missing = enter_missing(
        cast.name(url="https://gruenbuch.example.org"), IN_WORDS, by=cast.editor, now=cast.now
    )
    erase(missing.solution, reason="Urteil", by=Actor.program("operator"), now=cast.now)

    missing.refresh_from_db()
    assert (missing.name, missing.url, missing.purpose) == ("gelöscht", "", "gelöscht")
