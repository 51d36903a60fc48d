"""Loading: twice is once, what vanishes ends, what an operator added stays."""

import datetime
from functools import partial
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from allmende.journal.queries import of_kinds, version
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.vocabulary import actions, files
from allmende.vocabulary.actions import LoadReport
from allmende.vocabulary.drafts import FaultyVocabulary, TermDraft
from allmende.vocabulary.models import CrosswalkEntry, Scheme, Term
from tests.vocabulary.folders import COLOURS, PALETTE, draft_of, written

pytestmark = pytest.mark.django_db
RED, BLUE, GREEN = ("colour", "red"), ("colour", "blue"), ("colour", "green")
WITH_GREEN = COLOURS + '\n[[term]]\ncode = "green"\nlabel = "Grün"\ndefinition = "Wie Gras."\n'
ONLY_RED = COLOURS.split('\n[[term]]\ncode = "blue"')[0]


def load(folder: Path, colours: str, now: datetime.datetime, crosswalk: str | None = None) -> LoadReport:
    return actions.load(by=Actor.program("test"), now=now, draft=draft_of(folder, colours, crosswalk))


def rows() -> list[dict[str, object]]:
    return [*Term.objects.order_by("pk").values(), *CrosswalkEntry.objects.order_by("pk").values()]


def term(code: str) -> Term:
    return Term.objects.get(scheme__code="colour", code=code)


def later(now: datetime.datetime) -> datetime.datetime:
    return now + datetime.timedelta(days=30)


def test_a_first_load_brings_everything_in(tmp_path: Path, now: datetime.datetime) -> None:
    report = load(tmp_path, COLOURS, now, PALETTE)
    assert report == LoadReport(new=[RED, BLUE], schemes_written=1, entries_added=3)
    assert list(Scheme.objects.values_list("code", "label", "definition")) == [
        ("colour", "Farbe", "Welche Farbe etwas hat.")
    ]
    assert list(Term.objects.values_list("code", "label", "synonyms", "order", "valid_to", "origin")) == [
        ("red", "Rot", ["Scharlach", "Karmin"], 1, None, "files"),
        ("blue", "Blau", [], 2, None, "files"),
    ]


def test_a_second_load_writes_nothing(tmp_path: Path, now: datetime.datetime) -> None:
    load(tmp_path, WITH_GREEN, now, PALETTE)
    before = rows()
    with CaptureQueriesContext(connection) as seen:
        report = load(tmp_path, WITH_GREEN, later(now), PALETTE)
    assert report == LoadReport(same=[RED, BLUE, GREEN])
    assert rows() == before
    written = [query["sql"] for query in seen if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert written == []


def test_what_we_ship_loads_and_loads_again_as_the_same(now: datetime.datetime) -> None:
    draft = files.read()
    wanted = sum(len(scheme.terms) for scheme in draft.schemes)
    first = actions.load(by=Actor.program("test"), now=now, draft=draft)
    second = actions.load(by=Actor.program("test"), now=later(now), draft=draft)
    assert (len(first.new), len(first.same), Term.objects.count()) == (wanted, 0, wanted)
    assert (len(second.same), second.wrote_something) == (wanted, False)


def test_loading_takes_few_statements_however_many_terms_there_are(
    now: datetime.datetime, django_assert_max_num_queries: object
) -> None:
    draft = files.read()
    actions.load(by=Actor.program("test"), now=now, draft=draft)
    with django_assert_max_num_queries(5):  # type: ignore[operator]
        actions.load(by=Actor.program("test"), now=now, draft=draft)


def test_a_load_that_changed_something_is_one_journal_entry(tmp_path: Path, now: datetime.datetime) -> None:
    load(tmp_path, COLOURS, now, PALETTE)
    load(tmp_path, COLOURS, later(now), PALETTE)
    (entry,) = of_kinds("vocabulary.loaded")
    assert (entry.subject_type, entry.subject_id, entry.at) == ("vocabulary", "", now)
    assert (entry.actor_kind, entry.actor_id) == ("program", "test")
    assert entry.data == {
        "new": 2,
        "changed": 0,
        "same": 0,
        "kept": 0,
        "ended": 0,
        "schemes_written": 1,
        "entries_added": 3,
        "entries_removed": 0,
    }


def test_the_version_moves_with_a_change_and_only_then(tmp_path: Path, now: datetime.datetime) -> None:
    load(tmp_path, COLOURS, now)
    loaded = version("vocabulary")
    load(tmp_path, COLOURS, now)
    assert version("vocabulary") == loaded
    load(tmp_path, WITH_GREEN, now)
    assert version("vocabulary") > loaded


@pytest.mark.parametrize(
    ("old", "new", "fact", "value"),
    [
        ('"Blau"', '"Himmelblau"', "label", "Himmelblau"),
        ('"Wie der Himmel."', '"Wie das Meer."', "definition", "Wie das Meer."),
        ('"Wie der Himmel."', '"Wie der Himmel."\nsynonyms = ["Azur"]', "synonyms", ["Azur"]),
    ],
)
def test_a_changed_fact_is_written_to_the_same_row(
    tmp_path: Path, now: datetime.datetime, old: str, new: str, fact: str, value: object
) -> None:
    load(tmp_path, COLOURS, now)
    known = term("blue").pk
    report = load(tmp_path, COLOURS.replace(old, new), now)
    assert report == LoadReport(same=[RED], changed=[BLUE])
    assert (term("blue").pk, getattr(term("blue"), fact)) == (known, value)


def test_days_relations_and_extras_are_changes_too(tmp_path: Path, now: datetime.datetime) -> None:
    load(tmp_path, COLOURS, now)
    lines = 'valid_from = 2020-01-01\nvalid_to = 2027-01-01\nreplaced_by = "red"\nbroader = "red"\nwavelength = 470\n'
    assert load(tmp_path, COLOURS + lines, now) == LoadReport(same=[RED], changed=[BLUE])
    blue = term("blue")
    assert (blue.valid_from, blue.valid_to) == (datetime.date(2020, 1, 1), datetime.date(2027, 1, 1))
    assert (blue.replaced_by, blue.broader, blue.extra) == (term("red"), term("red"), {"wavelength": 470})
    assert load(tmp_path, COLOURS + lines, now) == LoadReport(same=[RED, BLUE])
    assert load(tmp_path, COLOURS, now) == LoadReport(same=[RED], changed=[BLUE])
    assert (term("blue").replaced_by, term("blue").valid_to) == (None, None)


def test_a_new_term_may_refer_to_one_further_down(tmp_path: Path, now: datetime.datetime) -> None:
    load(tmp_path, WITH_GREEN.replace('label = "Rot"', 'label = "Rot"\nbroader = "green"'), now)
    assert term("red").broader == term("green")


def test_a_relation_on_a_new_term_makes_it_new_and_not_changed(
    tmp_path: Path, now: datetime.datetime
) -> None:
    report = load(tmp_path, COLOURS + 'broader = "red"\n', now)
    assert report == LoadReport(new=[RED, BLUE], schemes_written=1)


def test_two_terms_may_swap_their_labels(tmp_path: Path, now: datetime.datetime) -> None:
    load(tmp_path, COLOURS, now)
    swapped = COLOURS.replace('"Blau"', '"?"').replace('"Rot"', '"Blau"').replace('"?"', '"Rot"')
    assert load(tmp_path, swapped, now) == LoadReport(changed=[RED, BLUE])


def test_a_term_that_vanished_ends_today_and_stays(tmp_path: Path, now: datetime.datetime) -> None:
    load(tmp_path, COLOURS, now)
    report = load(tmp_path, ONLY_RED, later(now))
    assert report == LoadReport(same=[RED], ended=[BLUE])
    assert term("blue").valid_to == later(now).date()
    assert not term("blue").holds_on(later(now).date())
    assert term("blue").holds_on(now.date())


def test_a_vanished_term_ends_once(tmp_path: Path, now: datetime.datetime) -> None:
    load(tmp_path, COLOURS, now)
    load(tmp_path, ONLY_RED, now)
    assert load(tmp_path, ONLY_RED, later(now)) == LoadReport(same=[RED])
    assert term("blue").valid_to == now.date()


def test_today_is_the_day_in_germany(tmp_path: Path, now: datetime.datetime) -> None:
    load(tmp_path, COLOURS, now)
    load(tmp_path, ONLY_RED, datetime.datetime(2026, 11, 23, 23, 30, tzinfo=datetime.UTC))
    assert term("blue").valid_to == datetime.date(2026, 11, 24)


def test_a_term_that_had_ended_by_its_file_keeps_that_day_when_it_vanishes(
    tmp_path: Path, now: datetime.datetime
) -> None:
    load(tmp_path, COLOURS + "valid_to = 2026-01-01\n", now)
    assert load(tmp_path, ONLY_RED, now) == LoadReport(same=[RED])
    assert term("blue").valid_to == datetime.date(2026, 1, 1)


def test_a_term_that_never_began_ends_on_the_day_it_would_have_begun(
    tmp_path: Path, now: datetime.datetime
) -> None:
    load(tmp_path, COLOURS + "valid_from = 2027-01-01\n", now)
    assert load(tmp_path, ONLY_RED, now) == LoadReport(same=[RED], ended=[BLUE])
    assert load(tmp_path, ONLY_RED, now) == LoadReport(same=[RED])
    assert term("blue").valid_to == datetime.date(2027, 1, 1)


def test_a_term_that_comes_back_goes_on_in_the_same_row(tmp_path: Path, now: datetime.datetime) -> None:
    load(tmp_path, COLOURS, now)
    known = term("blue").pk
    load(tmp_path, ONLY_RED, now)
    assert load(tmp_path, COLOURS, later(now)) == LoadReport(same=[RED], changed=[BLUE])
    assert (term("blue").pk, term("blue").valid_to) == (known, None)


def test_all_terms_of_a_vanished_scheme_end(tmp_path: Path, now: datetime.datetime) -> None:
    load(tmp_path, COLOURS, now)
    (tmp_path / "data" / "colour.toml").unlink()
    report = actions.load(by=Actor.program("test"), now=now, draft=files.read(tmp_path))
    assert report == LoadReport(ended=[RED, BLUE])
    assert Scheme.objects.count() == 1


def test_a_schemes_own_label_is_changed_in_place(tmp_path: Path, now: datetime.datetime) -> None:
    load(tmp_path, COLOURS, now)
    assert load(tmp_path, COLOURS.replace('"Farbe"', '"Farbton"'), now) == LoadReport(
        same=[RED, BLUE], schemes_written=1
    )
    assert Scheme.objects.get().label == "Farbton"


def test_a_crosswalk_follows_its_file(tmp_path: Path, now: datetime.datetime) -> None:
    load(tmp_path, COLOURS, now, PALETTE)
    turned = PALETTE.replace('["red", "blue"]', '["blue", "red"]').replace(
        'crimson = { colour = ["red"] }', ""
    )
    report = load(tmp_path, COLOURS, now, turned)
    assert report == LoadReport(same=[RED, BLUE], entries_removed=3, entries_added=2)
    assert list(CrosswalkEntry.objects.values_list("foreign_code", "term__code")) == [
        ("violet", "blue"),
        ("violet", "red"),
    ]


def test_an_operators_term_is_neither_overwritten_nor_ended(
    tmp_path: Path, now: datetime.datetime, operator: Actor
) -> None:
    load(tmp_path, COLOURS, now)
    own = TermDraft(code="green", label="Tannengrün", definition="Wie eine Tanne.")
    actions.add_term(own, scheme="colour", by=operator, now=now)
    assert load(tmp_path, COLOURS, now) == LoadReport(same=[RED, BLUE])
    assert load(tmp_path, WITH_GREEN, now) == LoadReport(same=[RED, BLUE], kept=[GREEN])
    assert (term("green").label, term("green").valid_to, term("green").origin) == (
        "Tannengrün",
        None,
        "operator",
    )


def test_a_crosswalk_may_lead_to_an_operators_term_of_the_same_code(
    tmp_path: Path, now: datetime.datetime, operator: Actor
) -> None:
    load(tmp_path, COLOURS, now)
    own = TermDraft(code="green", label="Tannengrün", definition="Wie eine Tanne.")
    green = actions.add_term(own, scheme="colour", by=operator, now=now)
    load(tmp_path, WITH_GREEN, now, 'foreign_scheme = "palette"\n[entries]\nlime = { colour = ["green"] }')
    assert [entry.term for entry in CrosswalkEntry.objects.all()] == [green]


def test_a_stranger_may_not_load(tmp_path: Path, now: datetime.datetime, stranger: Actor) -> None:
    with pytest.raises(Refused, match=r"^Dafür fehlt Ihnen die Berechtigung\.$"):
        actions.load(by=stranger, now=now, draft=draft_of(tmp_path, COLOURS))
    assert Term.objects.count() == 0


def test_the_command_says_what_it_did() -> None:
    said = StringIO()
    call_command("load_vocabulary", stdout=said)
    terms, entries = Term.objects.count(), CrosswalkEntry.objects.count()
    assert said.getvalue() == (
        f"Begriffe: {terms} neu, 0 geändert, 0 unverändert, 0 beendet, 0 vom Betrieb ergänzte belassen. "
        f"Entsprechungen: {entries} neu, 0 entfallen.\n"
    )


def test_the_command_names_a_faulty_file_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = written(tmp_path, {"colour": COLOURS.replace('"Blau"', '"Rot"')})
    monkeypatch.setattr(files, "read", partial(files.read, folder))
    with pytest.raises(CommandError) as error:
        call_command("load_vocabulary")
    assert str(error.value) == (
        "Die Begriffe sind nicht stimmig, nichts wurde geändert: colour.toml: label given twice: Rot"
    )
    assert isinstance(error.value.__cause__, FaultyVocabulary)
    assert Term.objects.count() == 0
