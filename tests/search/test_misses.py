"""What is looked for in vain: counted without saying who asked, settled by editors, forgotten in time."""

import datetime
import json
import threading

import pytest
from django.db import DatabaseError, connection
from hypothesis import given
from hypothesis import strategies as st

from allmende.jobs.actions import run_all
from allmende.journal.queries import history
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.search import spool as spooling
from allmende.search.actions import count_misses, misses, note_miss, rebuild, reopen, settle
from allmende.search.engine import spool
from allmende.search.models import Miss
from allmende.search.queries import Question, find
from allmende.search.queries import misses as listed
from allmende.search.spool import Line, looks_personal, normalised
from allmende.search.tasks import count_misses as counting

ANYBODY = Actor.anonymous()
EDITOR = Actor("person", "redaktion0", frozenset({("catalogue_editor", None)}))
TOWN = Actor("person", "stadt00000", frozenset({("municipality_editor", "stadt")}))
DAY = datetime.timedelta(days=1)


@pytest.fixture
def index(publish):
    publish("Mängelmelder", summary="Schäden melden")
    rebuild()


def look(text, now, **more):
    return note_miss(find(Question(text=text, **more), ANYBODY), now=now)


def table():
    return list(Miss.objects.order_by("text", "facets").values_list("text", "facets", "count", "near"))


def a_miss(now, text="xylophon", **values):
    today = now.date()
    return Miss.objects.create(**{"text": text, "count": 1, "first_day": today, "last_day": today} | values)


# What is counted


def test_a_search_in_vain_is_counted_once_for_each_time_it_is_made(index, now):
    for text in ("Xylophon", "  xylophon ", "XYLOPHON?", "Zither"):
        assert look(text, now)

    assert count_misses(now=now) == 4
    assert table() == [("xylophon", "", 3, 0), ("zither", "", 1, 0)]
    assert count_misses(now=now) == 0


def test_what_has_only_a_part_of_the_word_is_near_and_no_hit(index, now):
    page = find(Question(text="Stundenmelder"), ANYBODY)
    assert (page.total, page.by_words, page.parts, page.is_miss) == (1, 1, ("melder",), True)
    assert note_miss(page, now=now)

    count_misses(now=now)
    assert table() == [("stundenmelder", "", 1, 1)]


@pytest.mark.parametrize("text", ["Mängelmelder", "Mängel melden", "Schadensmelder melden", "Melder"])
def test_a_word_found_whole_or_in_all_its_parts_names_no_parts(index, text):
    assert find(Question(text=text), ANYBODY).parts == ()


def test_days_are_kept_and_no_times(index, now):
    look("Xylophon", now)
    count_misses(now=now)
    look("Xylophon", now + 3 * DAY)
    count_misses(now=now + 3 * DAY)

    miss = Miss.objects.get()
    assert (miss.first_day, miss.last_day, miss.count) == (
        datetime.date(2026, 11, 23),
        datetime.date(2026, 11, 26),
        2,
    )
    assert {field.get_internal_type() for field in Miss._meta.fields} == {
        "BigAutoField",
        "CharField",
        "DateField",
        "PositiveIntegerField",
    }


def test_a_day_is_a_german_day(index):
    late = datetime.datetime(2026, 11, 23, 23, 30, tzinfo=datetime.UTC)
    look("Xylophon", late)
    count_misses(now=late)

    assert Miss.objects.get().first_day == datetime.date(2026, 11, 24)


def test_filters_are_kept_by_name_and_not_by_choice(index, now):
    look("Mängelmelder", now, choices={"licence": ["MIT"], "land": ["06"], "size": [], "nonsense": ["x"]})
    count_misses(now=now)

    assert table() == [("mängelmelder", "land,licence", 1, 0)]
    assert Miss.objects.get().facet_codes == ["land", "licence"]


@pytest.mark.parametrize(
    "question",
    [
        Question(text="Mängelmelder"),
        Question(),
        Question(text="der die das"),
        Question(choices={"licence": ["MIT"]}),
        Question(text="Xylophon", page=2),
    ],
)
def test_what_finds_something_asks_nothing_or_turns_a_page_is_not_counted(index, now, question):
    assert not note_miss(find(question, ANYBODY), now=now)
    assert count_misses(now=now) == 0


def test_nobody_is_named_and_nothing_personal_gets_as_far_as_the_file(index, now, settings):
    look("Xylophon", now)
    for text in ("erika.mustermann@example.org", "0661 1234567", "Frau Muster 01.02.1985", "x" * 81):
        assert not look(text, now)

    written = (settings.SEARCH_MISSES_DIR / "open").read_text()
    assert [json.loads(line) for line in written.splitlines()] == [["xylophon", [], False, "2026-11-23"]]


@pytest.mark.parametrize(
    "text",
    [
        "a@b",
        "name (at) example.org",
        "www.example.org",
        "https://example.org/?id=7",
        "+49 661 123-456",
        "(0661) 12 34 56",
        "1.2.1985",
        "DE02 1203 0000 0000 2020 51",
        "Aktenzeichen 123456",
        "erika＠example",
        "erika at example.org",
        "Muster geb. Beispiel",
        "Muster geboren in Fulda",
        "1.2.80",
        "1. 2. 80",
        "1/2/80",
        "１．２．８０",
        "y" * 81,
    ],
)
def test_what_looks_personal(text):
    assert looks_personal(text)


@pytest.mark.parametrize(
    "text",
    [
        "DIN 66001",
        "ISO 27001",
        "36037 Fulda",
        "OZG 2.0",
        "24/7",
        "50 Jahre",
        "x" * 80,
        "Look at Maps",
        "Gebühren",
    ],
)
def test_what_does_not_look_personal(text):
    assert not looks_personal(text)


@given(st.text(max_size=200))
def test_any_text_is_normalised_to_one_line_that_stays_as_it_is(text):
    once = normalised(text)
    assert normalised(once) == once
    assert once.splitlines() in ([], [once])


# How it is counted


@pytest.mark.django_db
def test_the_page_is_there_while_the_database_takes_no_write(index, now, monkeypatch):
    """The line goes into a file: nothing is asked of the database, which may be locked or read only."""
    page = find(Question(text="Xylophon"), ANYBODY)

    def refuse(execute, sql, *rest):
        raise DatabaseError("database is locked")

    with connection.execute_wrapper(refuse):
        assert note_miss(page, now=now)
    assert count_misses(now=now) == 1


def test_where_no_file_can_be_written_the_page_is_there_all_the_same(index, now, settings, caplog):
    settings.SEARCH_MISSES_DIR.parent.mkdir(exist_ok=True)
    settings.SEARCH_MISSES_DIR.write_text("a file where the directory should be")

    assert not look("Xylophon", now)
    assert "could not be noted" in caplog.text


def test_a_counting_that_fails_loses_nothing(index, now, monkeypatch):
    look("Xylophon", now)

    def fail(*_):
        raise DatabaseError("server closed the connection")

    monkeypatch.setattr(misses, "_count", fail)
    with pytest.raises(DatabaseError):
        count_misses(now=now)
    monkeypatch.undo()
    look("Zither", now)

    assert count_misses(now=now) == 2
    assert table() == [("xylophon", "", 1, 0), ("zither", "", 1, 0)]


def test_a_line_that_a_full_disk_cut_off_is_left_out(index, now, settings):
    look("Xylophon", now)
    with (settings.SEARCH_MISSES_DIR / "open").open("a") as file:
        file.write('["zith\n[]\n{}\n["zither", 5, true, "2026-11-23"]\n["zither", [], false, "gestern"]\n')
    look("Zither", now)

    assert count_misses(now=now) == 2


def test_lines_of_many_threads_are_all_counted_while_they_are_taken(index, now):
    def write(number):
        for _ in range(50):
            spool().add(f"frage {number}", (), near=False, day=now.date())

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    counted = 0
    while any(thread.is_alive() for thread in threads):
        counted += count_misses(now=now)
    counted += count_misses(now=now)

    assert counted == 200
    assert [count for _, _, count, _ in table()] == [50] * 4


def test_a_flood_is_cut_off_in_the_file_and_in_the_table(index, now, monkeypatch):
    monkeypatch.setattr(spooling, "LARGEST", 200)
    monkeypatch.setattr(misses, "MOST", 3)
    noted = [look(f"Flut{chr(97 + number)}", now) for number in range(20)]

    assert noted.count(True) == count_misses(now=now) < 10
    assert len(table()) == 3
    look("Fluta", now)
    look("Neues", now)
    count_misses(now=now)
    assert [text for text, *_ in table()] == ["fluta", "flutc", "neues"]


def test_in_a_full_table_nothing_that_was_asked_twice_or_is_settled_makes_room(db, now, monkeypatch):
    monkeypatch.setattr(misses, "MOST", 4)
    a_miss(now, "zweimal", count=2)
    a_miss(now, "erledigt", state="answered", because="Steht da.")
    a_miss(now - 3 * DAY, "alt")
    a_miss(now - DAY, "jünger")
    for text, times in (("neu", 1), ("häufig", 3), ("auch neu", 1), ("häufig", 1)):
        for _ in range(times):
            spool().add(text, (), near=False, day=now.date())
    count_misses(now=now)

    assert {text for text, *_ in table()} == {"zweimal", "erledigt", "häufig", "neu"}


def test_the_schedule_counts(index, now):
    look("Xylophon", now)
    counting.enqueue()
    run_all()

    assert table() == [("xylophon", "", 1, 0)]


def test_without_any_search_in_vain_there_is_nothing_to_count(db, now):
    assert count_misses(now=now) == 0


def test_what_nobody_has_looked_for_in_a_year_is_forgotten(db, now):
    a_miss(now, "alt", last_day=now.date() - 366 * DAY, first_day=now.date() - 400 * DAY)
    a_miss(now, "knapp", last_day=now.date() - 365 * DAY, first_day=now.date() - 400 * DAY)
    count_misses(now=now)

    assert [text for text, *_ in table()] == ["knapp"]


# What editors do with it


def test_the_list_is_for_staff_and_the_frequent_comes_first(db, now):
    for text, count in (("b", 1), ("a", 1), ("oft", 7)):
        a_miss(now, text, count=count)

    assert [miss.text for miss in listed(EDITOR)] == ["oft", "a", "b"]
    assert [list(listed(who)) for who in (ANYBODY, TOWN)] == [[], []]


def test_an_editor_settles_with_a_reason_and_the_journal_knows_it_but_not_the_question(db, now):
    miss = a_miss(now)
    settled = settle(miss, outcome="answered", because="  Jetzt  im Katalog. ", by=EDITOR, now=now)

    assert (settled.state, settled.because) == ("answered", "Jetzt im Katalog.")
    (entry,) = history("miss", miss.public_id)
    assert (entry.kind, entry.actor_id, entry.data) == (
        "search.miss_settled",
        "redaktion0",
        {"state": "answered"},
    )


@pytest.mark.parametrize("who", [ANYBODY, TOWN])
def test_only_staff_settles_and_reopens(db, now, who):
    miss = a_miss(now)
    for act in (
        lambda: settle(miss, outcome="not_ours", because="Nein.", by=who, now=now),
        lambda: reopen(miss, by=who, now=now),
    ):
        with pytest.raises(Refused, match="Berechtigung"):
            act()


@pytest.mark.parametrize(
    ("outcome", "because", "says"),
    [
        ("answered", "   ", "in einem Satz"),
        ("answered", "x" * 501, "500 Zeichen"),
        ("open", "Doch nicht.", "beantwortet"),
        ("gone", "Weg.", "beantwortet"),
    ],
)
def test_settling_is_refused_with_a_sentence(db, now, outcome, because, says):
    miss = a_miss(now)
    with pytest.raises(Refused, match=says):
        settle(miss, outcome=outcome, because=because, by=EDITOR, now=now)
    assert Miss.objects.get().state == "open"


def test_settled_by_mistake_it_can_be_opened_again(db, now):
    miss = settle(a_miss(now), outcome="not_ours", because="Nein.", by=EDITOR, now=now)

    assert (reopen(miss, by=EDITOR, now=now).state, miss.because) == ("open", "Nein.")
    assert Miss.objects.get().because == ""
    with pytest.raises(Refused, match="Aus „offen“"):
        reopen(miss, by=EDITOR, now=now)


@pytest.mark.parametrize(
    ("state", "days", "near", "after"),
    [
        ("answered", 1, False, "open"),
        ("answered", 0, False, "answered"),
        ("answered", 1, True, "answered"),
        ("not_ours", 1, False, "not_ours"),
        ("open", 1, False, "open"),
    ],
)
def test_what_was_answered_and_is_missed_on_a_later_day_comes_back(db, now, state, days, near, after):
    a_miss(now, state=state, because="Ein Satz.")
    later = now + days * DAY
    spool().add("Xylophon", (), near=near, day=later.date())
    count_misses(now=later)

    assert Miss.objects.get().state == after
    assert len(history("miss", Miss.objects.get().public_id)) == (1 if state != after else 0)


def test_a_line_comes_back_as_it_was_written(tmp_path, now):
    there = spooling.Spool(tmp_path / "misses")
    there.add("Größe „XXL“", ("size", "land"), near=True, day=now.date())

    with there.taken() as lines:
        assert lines == [Line("größe „xxl", ("land", "size"), True, now.date())]
