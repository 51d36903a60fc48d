"""The real files beside the checkout, harvested as an operator would: what comes in, what stays out, and why.

Each folder is harvested once for the whole module, in a transaction that is rolled back at its end; every test works
in a savepoint of its own. The numbers are those of the files that lie there; other files mean other numbers.
"""

import json
import re
import shutil
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django.plugin import DjangoDbBlocker

from allmende.catalogue.models import Contact, Edition, Listing, Solution, SolutionText, Statement
from allmende.demo.story import story
from allmende.federation.actions import add_source, change_source, run
from allmende.federation.models import RawRecord, Run, Source
from allmende.journal.models import Entry
from allmende.lib.actors import Actor
from tests.factories.words import load

OPERATOR = Actor.program("operator")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
REVIEWED = Path(__file__).parents[1] / "samples" / "publiccode" / "real_files.toml"
DECISIONS = {"warnings": "publish_with_warnings"}
"""What the reviewed table says shorter."""


@dataclass(frozen=True)
class Harvested:
    source: Source
    first: Run

    @property
    def counts(self) -> dict[str, int]:
        """What became of the records; nothing that did not happen."""
        return {part: count for part in Run.PARTS if (count := getattr(self.first, part))}

    def records(self, *decisions: str) -> list[RawRecord]:
        return list(self.source.records.filter(decision__in=decisions).order_by("key"))

    def reasons(self, decision: str) -> Counter[str]:
        return Counter(reason for record in self.records(decision) for reason in record.reasons)

    def published(self) -> list[Listing]:
        return list(
            Listing.objects.filter(origin=self.source.origin, solution__state="published")
            .select_related("solution")
            .order_by("key")
        )


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The vocabulary, and a transaction around all tests of this module."""
    with django_db_blocker.unblock():
        around = transaction.atomic()
        around.__enter__()
        load(by=OPERATOR, now=NOW)
    yield
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


def harvested(code: str, folder: Path, blocker: DjangoDbBlocker) -> Harvested:
    """Run a source as the demo story writes it, on this folder."""
    row = next(row for row in story()["real_sources"] if row["code"] == code)
    with blocker.unblock():
        source = add_source(
            code,
            name=row["name"],
            kind="directory",
            location=str(folder),
            format=row["format"],
            profile=row["profile"],
            origin_kind=row["kind"],
            licence=row["licence"],
            by=OPERATOR,
            now=NOW,
        )
        result = Harvested(source, run(source, by=OPERATOR, now=NOW))
    print(code, result.first.state, result.first.seen, result.counts)
    return result


@pytest.fixture(scope="module")
def originals(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the collected publiccode.yml files."""
    copy = tmp_path_factory.mktemp("real") / "publiccode"
    shutil.copytree(shared_data / "publiccode", copy)
    return copy


@pytest.fixture(scope="module")
def publiccode(house: None, originals: Path, django_db_blocker: DjangoDbBlocker) -> Harvested:
    return harvested("publiccode-beispiele", originals, django_db_blocker)


# In the order of the demo: what comes later joins what is there, so the counts hang on it.
@pytest.fixture(scope="module")
def munich(publiccode: Harvested, shared_data: Path, django_db_blocker: DjangoDbBlocker) -> Harvested:
    return harvested("muenchen", shared_data / "catalogues" / "muenchen", django_db_blocker)


@pytest.fixture(scope="module")
def codefor(munich: Harvested, shared_data: Path, django_db_blocker: DjangoDbBlocker) -> Harvested:
    return harvested("codefor-de", shared_data / "catalogues" / "codefor.de", django_db_blocker)


@pytest.fixture(scope="module", params=["publiccode", "munich", "codefor"])
def each(request: pytest.FixtureRequest) -> Harvested:
    """Every real source, one after the other."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module", params=["munich", "codefor"])
def catalogue(request: pytest.FixtureRequest) -> Harvested:
    """The two catalogues of pages."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def copied(db: None, publiccode: Harvested, originals: Path, tmp_path: Path) -> Source:
    """The source of publiccode.yml files moved to a copy that a test may change."""
    folder = tmp_path / "copy"
    shutil.copytree(originals, folder)
    source = publiccode.source
    return change_source(
        source,
        kind="directory",
        location=str(folder),
        format=source.format,
        profile=source.profile,
        every_hours=None,
        by=OPERATOR,
        now=LATER,
    )


def again(source: Source) -> Run:
    finished = run(source, by=OPERATOR, now=LATER)
    assert (finished.state, finished.adds_up) == ("complete", True)
    return finished


def all_rows() -> list[Any]:
    """All that a harvest writes, but for runs."""
    models = (Solution, SolutionText, Listing, Statement, Edition, RawRecord, Entry)
    return [list(model.objects.order_by("pk").values()) for model in models]


# Every source


def test_the_report_adds_up(db: None, each: Harvested) -> None:
    assert (each.first.state, each.first.problem, each.first.adds_up) == ("complete", "", True)
    assert each.first.seen == each.source.records.count() == sum(each.counts.values())


def test_a_second_run_writes_nothing_but_its_own_row(db: None, each: Harvested) -> None:
    before = all_rows()
    with CaptureQueriesContext(connection) as queries:
        finished = again(each.source)
    changing = [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert [sql for sql in changing if '"federation_run"' not in sql] == []
    assert all_rows() == before
    assert (finished.new, finished.changed, finished.missing) == (0, 0, 0)
    assert finished.same == each.first.new + each.first.changed + each.first.same


def test_what_is_kept_back_says_why_and_is_no_solution(db: None, each: Harvested) -> None:
    kept = each.records("quarantine", "leave_out", "refused")
    assert [record.key for record in kept if record.listing_id or not record.reasons] == []


def test_nothing_that_the_readers_publish_is_refused_at_the_gate(db: None, each: Harvested) -> None:
    assert [(record.key, record.reasons) for record in each.records("refused")] == []


# publiccode.yml


def test_all_135_files_are_harvested_and_at_least_115_published(db: None, publiccode: Harvested) -> None:
    published = publiccode.records("publish", "publish_with_warnings")
    assert publiccode.first.seen == 135
    assert len(published) == len(publiccode.published()) >= 115
    assert publiccode.counts == {"new": 123, "changed": 4, "unreadable": 8}


def test_each_file_is_decided_as_the_reviewed_table_says(db: None, publiccode: Harvested) -> None:
    table = tomllib.loads(REVIEWED.read_text(encoding="utf-8"))
    expected = {name: (DECISIONS.get(decision, decision), key) for name, (decision, key) in table.items()}
    found = {
        record.digest[:12]: (record.decision, record.findings[0]["key"])
        for record in publiccode.source.records.all()
    }
    assert found == expected


NAME = re.compile(r"^name: *[\"']?([A-Za-z][\w .-]+?)[\"']? *$", re.MULTILINE)


def plain_record(source: Source) -> RawRecord:
    """A published record that is alone in naming its solution and writes its name in one plain line."""
    for record in source.records.filter(listing__isnull=False).order_by("key"):
        text = (Path(source.location) / record.key).read_text(encoding="utf-8")
        if record.listing.solution.listings.count() == 1 and len(NAME.findall(text)) == 1:
            return record
    raise AssertionError("none of the files is plain")


def test_a_changed_copy_shows_changed(copied: Source, publiccode: Harvested) -> None:
    record = plain_record(copied)
    path, solution = Path(copied.location) / record.key, record.listing.solution
    path.write_text(NAME.sub("name: Umbenannt", path.read_text(encoding="utf-8")), encoding="utf-8")
    finished = again(copied)
    assert (finished.changed, finished.new, finished.missing) == (1, 0, 0)
    before = solution.edition_number
    solution.refresh_from_db()
    assert (solution.name, solution.edition_number) == ("Umbenannt", before + 1)


def test_a_vanished_file_is_marked_missing_and_its_solution_stays_published(copied: Source) -> None:
    record = plain_record(copied)
    (Path(copied.location) / record.key).unlink()
    finished = again(copied)
    assert (finished.missing, finished.missing_held, finished.changed) == (1, 0, 0)
    record.refresh_from_db()
    assert (record.missing_since, record.listing.missing_since) == (LATER, LATER)
    assert record.listing.solution.state == "published"


def test_a_folder_that_is_suddenly_half_as_large_waits_for_a_person(copied: Source) -> None:
    for path in sorted(Path(copied.location).glob("*.yml"))[::2]:
        path.unlink()
    finished = again(copied)
    assert (finished.missing, finished.missing_held) == (0, 68)
    assert Listing.objects.filter(origin=copied.origin).exclude(missing_since=None).count() == 0


# Munich's catalogue


def test_of_munichs_142_pages_about_software_140_are_solutions(db: None, munich: Harvested) -> None:
    pages = [record.key for record in munich.source.records.all() if record.key.startswith("de/software/")]
    assert (munich.first.seen, len(pages)) == (162, 142)
    assert munich.counts == {"new": 139, "changed": 1, "unreadable": 1, "left_out": 21}
    assert len(munich.published()) == 140


def test_munichs_guidance_pages_are_left_out_with_a_reason(db: None, munich: Harvested) -> None:
    assert munich.reasons("leave_out") == {
        "Die Seite liegt außerhalb des Ordners mit den Einträgen; sie erklärt etwas oder leitet an.": 19,
        "Das ist eine Übersichtsseite und kein Eintrag über eine Lösung.": 2,
    }


def test_one_page_of_munich_is_kept_back_for_want_of_an_address(db: None, munich: Harvested) -> None:
    assert munich.reasons("quarantine") == {
        "Die Seite nennt weder den Quellcode noch eine Website der Lösung; ergänzen Sie eine der beiden "
        "Adressen.": 1,
    }


def test_munich_uses_what_it_lists_unless_it_says_otherwise(db: None, munich: Harvested) -> None:
    uses = [listing.claimed_uses.count() for listing in munich.published()]
    assert Counter(uses) == {1: 133, 0: 7}


# codefor.de


def test_of_the_248_projects_of_codefor_228_are_solutions(db: None, codefor: Harvested) -> None:
    assert codefor.first.seen == 249
    assert codefor.counts == {"new": 227, "changed": 1, "unreadable": 17, "left_out": 4}
    assert len(codefor.published()) == 228


def test_overviews_and_drafts_of_codefor_are_left_out(db: None, codefor: Harvested) -> None:
    assert codefor.reasons("leave_out") == {
        "Das ist eine Übersichtsseite und kein Eintrag über eine Lösung.": 2,
        "Die Seite ist mit „draft: true“ als Entwurf oder Beiwerk gekennzeichnet.": 2,
    }


def test_projects_of_codefor_without_any_address_are_kept_back(db: None, codefor: Harvested) -> None:
    assert codefor.reasons("quarantine") == {
        "Die Seite nennt weder den Quellcode noch eine Website der Lösung; ergänzen Sie eine der beiden "
        "Adressen.": 17,
    }


MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def collaborators(folder: Path, key: str) -> set[str]:
    """The persons of a page. A single word is more often a lab or a body, and a word of any text."""
    front = yaml.safe_load((folder / key).read_text(encoding="utf-8").split("\n---", 1)[0]) or {}
    people = [person for person in front.get("collaborators") or [] if isinstance(person, dict)]
    names = {" ".join(str(person.get("name") or "").split()) for person in people}
    return {name for name in names if " " in name}


def shown(listing: Listing) -> str:
    """All that a page or an edition shows of a listing, in one line."""
    solution = Solution.objects.filter(pk=listing.solution_id)
    parts = [
        list(listing.statements.values("field", "value")),
        list(Edition.objects.filter(subject_id=listing.solution.public_id).values("content")),
        list(solution.values()),
        list(listing.solution.texts.values()),
        list(Contact.objects.filter(listing__solution=listing.solution).values()),
        list(listing.records.values("reasons", "findings")),
    ]
    return " ".join(json.dumps(parts, default=str, ensure_ascii=False).replace("\\n", " ").split())


def test_nobody_who_worked_on_a_project_is_named_on_its_page(
    db: None, codefor: Harvested, shared_data: Path
) -> None:
    folder = shared_data / "catalogues" / "codefor.de"
    named, looked_for = [], 0
    for listing in codefor.published():
        names, words = collaborators(folder, listing.key), shown(listing)
        mails = set(MAIL.findall((folder / listing.key).read_text(encoding="utf-8")))
        looked_for += len(names)
        named += [listing.key for what in names | mails if what in words]
    print(f"{looked_for} Personen gesucht, {len(named)} gefunden")
    assert (named, looked_for) == ([], 426)


def test_names_are_left_only_where_the_words_of_a_page_thank_somebody_of_another(
    db: None, codefor: Harvested, shared_data: Path
) -> None:
    """Which words of a text are a person cannot be told without a list; the list of a page is its own."""
    folder = shared_data / "catalogues" / "codefor.de"
    names = {name for record in codefor.source.records.all() for name in collaborators(folder, record.key)}
    words = {listing.key: shown(listing) for listing in codefor.published()}
    assert sum(name in text for name in names for text in words.values()) == 3


def test_no_mail_address_and_no_contact_comes_from_a_catalogue(db: None, catalogue: Harvested) -> None:
    texts = SolutionText.objects.filter(listing__origin=catalogue.source.origin)
    assert [text.pk for text in texts if MAIL.search(text.summary + text.description)] == []
    assert Contact.objects.filter(listing__origin=catalogue.source.origin).count() == 0


READ_AT = {
    "muenchen": "https://opensource.muenchen.de/de/software/",
    "codefor-de": "https://codefor.de/projekte/",
}


def test_every_published_page_shows_its_source_and_its_licence(db: None, catalogue: Harvested) -> None:
    addresses = [listing.record_url for listing in catalogue.published()]
    start = READ_AT[catalogue.source.code]
    assert [address for address in addresses if not address.startswith(start)] == []
    assert len(set(addresses)) == len(addresses)
    assert {listing.record_licence for listing in catalogue.published()} == {"MIT"}


MARKUP = re.compile(r"</?(?:script|style|div|br|p|img|a|b|i|ul|li)\b|\{\{|\]\(/|!\[", re.IGNORECASE)


def test_words_are_plain_markdown(db: None, catalogue: Harvested) -> None:
    texts = SolutionText.objects.filter(listing__origin=catalogue.source.origin)
    assert texts.count() > 100
    assert [text.summary[:80] for text in texts if MARKUP.search(text.summary + text.description)] == []
