import re
from pathlib import Path

import pytest
from django.core.management import call_command

from allmende.journal import kinds
from allmende.journal.management.commands.journal_kinds import table
from allmende.journal.queries import known_kinds


def test_every_kind_names_its_package_and_what_happened() -> None:
    for kind, text in known_kinds().items():
        assert re.fullmatch(r"[a-z]+\.[a-z]+(_[a-z]+)*", kind), kind
        assert text.strip() == text != "", kind


def test_a_package_lists_only_its_own_kinds() -> None:
    with pytest.raises(ValueError, match=r"catalogue lists kinds that are not its own: regions\.changed"):
        kinds._own("catalogue", {"catalogue.a": "A", "regions.changed": "B"})


def test_the_reference_lists_the_kinds(checkout: Path) -> None:
    page = (checkout / "docs" / "reference" / "journal.md").read_text()
    assert table() in page, "run: allmende journal-kinds --into docs/reference/journal.md"


def test_every_kind_that_is_recorded_in_the_code_is_listed(checkout: Path) -> None:
    used = set()
    for path in (checkout / "src" / "allmende").glob("**/*.py"):
        if path.parts[-2] != "journal":
            used |= set(re.findall(r'\brecord\(\s*"([a-z_.]+)"', path.read_text()))
    assert used - set(known_kinds()) == set()


def test_the_table_is_put_between_its_marks_and_nothing_else_changes(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- kinds -->\nold\n<!-- /kinds -->\nafter\n")
    call_command("journal_kinds", into=str(page))
    assert page.read_text() == f"before\n<!-- kinds -->\n{table()}\n<!-- /kinds -->\nafter\n"
    call_command("journal_kinds", into=str(page))
    assert page.read_text().count("<!-- kinds -->") == 1


def test_the_table_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("journal_kinds")
    assert capsys.readouterr().out == table() + "\n"
