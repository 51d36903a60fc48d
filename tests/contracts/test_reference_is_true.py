"""What the reference, the tutorial and the page about ranking say is what the code does."""

import datetime
import re
import tomllib
from pathlib import Path

import pytest

from allmende.catalogue import cost
from allmende.catalogue.drafts import Reading, SolutionDraft
from allmende.federation.formats.base import Context
from allmende.federation.formats.markdown import MARKDOWN
from allmende.federation.formats.publiccode import PUBLICCODE
from allmende.retrieval.protocol import ENOUGH
from allmende.search import queries as search
from allmende.search.definition import DEFINITION
from allmende.vocabulary import files
from allmende.web.marketplace import addresses, costs

TODAY = datetime.date(2026, 11, 1)
CONTEXT = Context(today=TODAY)


@pytest.fixture
def docs(checkout: Path) -> Path:
    return checkout / "docs"


def rows(page: Path, heading: str) -> list[str]:
    """First cells of the tables below a heading, without code marks; cells that name several give several."""
    section = re.split(rf"^#+ {re.escape(heading)}$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)[1]
    section = re.split(r"^#+ ", section, flags=re.MULTILINE)[0]
    cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("|")][2:]
    return [word for cell in cells for word in re.findall(r"`([^`]+)`", cell)]


def block(page: Path, kind: str, place: int = 0) -> str:
    """The text of a code block of a page, the first of its kind unless told otherwise."""
    return re.findall(rf"^```{kind}\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)[
        place
    ]


def read_publiccode(text: str) -> Reading:
    return PUBLICCODE.read(text.encode(), path="publiccode.yml", context=CONTEXT)


def test_the_reference_names_every_command_and_no_other(checkout: Path, docs: Path) -> None:
    ours = {
        path.stem.replace("_", "-") for path in checkout.glob("src/allmende/*/management/commands/[a-z]*.py")
    }
    written = rows(docs / "reference" / "commands.md", "For an installation: `allmende`")
    djangos = {"migrate", "createcachetable", "collectstatic", "createsuperuser", "shell"}
    assert {each.split()[0] for each in written} == ours | djangos


def test_the_reference_names_every_make_target(checkout: Path, docs: Path) -> None:
    makefile = (checkout / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE)) - {"help"}
    written = rows(docs / "reference" / "commands.md", "For a checkout: `make`")
    assert {each.removeprefix("make ") for each in written if each.startswith("make ")} == targets


def test_the_reference_names_every_parameter_of_the_search(docs: Path) -> None:
    written = rows(docs / "reference" / "search-addresses.md", "Addresses of the search")
    assert written == ["q", *addresses.FACETS.values(), "sortierung", "seite"]


def test_the_reference_names_every_kind_and_unit_of_a_price(docs: Path) -> None:
    page = docs / "reference" / "prices.md"
    terms = {scheme.code: [term.code for term in scheme.terms] for scheme in files.read().schemes}
    kinds = [each for each in rows(page, "A price row") if each in terms["price_kind"]]
    assert kinds == terms["price_kind"]
    assert set(re.findall(r"`(\w+)`", page.read_text().split("`unit` |")[1].split("\n")[0])) == set(
        terms["unit"]
    )
    assert set(cost.UNITS_IN_WORDS) == set(terms["unit"])
    assert [name for name, *_ in costs.UNITS] == ["einwohner", "nutzende", "geraete", "faelle"]


def test_the_reference_gives_the_weights_in_force(docs: Path) -> None:
    # The page about ranking reads them from the program: tests/web/shell/test_pages.py.
    assert DEFINITION.weights == {"title": 8, "names": 4, "summary": 3, "body": 1}
    table = (docs / "reference" / "search-addresses.md").read_text(encoding="utf-8").split("| weight |")[1]
    assert [int(number) for number in re.findall(r"\| (\d+) \|$", table, re.MULTILINE)] == [8, 4, 3, 1]
    assert (ENOUGH, search.PAGE_SIZE, search.LAST_PAGE) == (10, 20, 500)


def test_the_page_about_ranking_gives_the_length_of_a_sentence(checkout: Path) -> None:
    page = (checkout / "src/allmende/web/pages/defaults/rangfolge.html").read_text(encoding="utf-8")
    assert search.SENTENCE == 6
    assert "sechs oder mehr Wörter" in page


def test_every_field_of_a_draft_that_an_edition_may_hold_is_described(docs: Path) -> None:
    page = (docs / "reference" / "editions.md").read_text(encoding="utf-8")
    in_tables = {"texts", "claimed_uses", "contacts", "release", "funding", "name"}
    fields = set(SolutionDraft.__dataclass_fields__) - in_tables
    assert {field for field in fields if f"`{field}`" not in page} == set()


def test_the_list_of_decisions_is_complete(docs: Path) -> None:
    listed = re.findall(
        r"\((\d{4}-[^)]+\.md)\)", (docs / "decisions" / "README.md").read_text(encoding="utf-8")
    )
    assert sorted(listed) == sorted(path.name for path in (docs / "decisions").glob("0*.md"))


def test_the_file_of_the_tutorial_is_published_with_the_warnings_it_tells_of(docs: Path) -> None:
    text = block(docs / "tutorial" / "first-steps.md", "yaml")
    reading = read_publiccode(text)
    assert (reading.decision, reading.standard_valid) == ("publish_with_warnings", False)
    keys = {finding.key for finding in reading.findings}
    told = {"legal.license", "localisation.localisationReady", "maintenance.contacts"}
    assert told | {"description.de.longDescription"} <= keys
    broken = read_publiccode(text.replace("name: Parkfreund", "name: TODO"))
    assert broken.decision == "quarantine"


def test_the_example_of_a_profile_reads_the_example_of_a_page(docs: Path) -> None:
    page = docs / "how-to" / "write-a-markdown-profile.md"
    profile = tomllib.loads(block(page, "toml"))
    assert MARKDOWN.profile_problems(profile) == ()
    context = Context(today=TODAY, profile=profile)
    reading = MARKDOWN.read(block(page, "").encode(), path="software/parkfreund.md", context=context)
    assert reading.draft is not None, reading.reasons
    assert reading.record_url == "https://software.beispielstadt.example/parkfreund.html"
    draft = reading.draft
    assert (draft.name, draft.licence, draft.topics) == ("Parkfreund", "EUPL-1.2", ("mobilität",))


def test_the_profile_page_names_every_key(docs: Path) -> None:
    from allmende.federation.formats.markdown.profile import Profile

    written = rows(docs / "how-to" / "write-a-markdown-profile.md", "All keys")
    assert set(written) == set(Profile.__dataclass_fields__) | {"files", "additions"}


def test_all_other_examples_in_toml_can_be_read(docs: Path) -> None:
    pages = sorted(docs.rglob("*.md"))
    blocks = [
        text
        for page in pages
        for text in re.findall(
            r"^```toml\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
        )
    ]
    assert [bool(tomllib.loads(text)) for text in blocks] == [True] * len(blocks)


def test_our_own_publiccode_file_follows_the_standard(checkout: Path) -> None:
    reading = read_publiccode((checkout / "publiccode.yml").read_text(encoding="utf-8"))
    assert (reading.standard_valid, reading.findings) == (True, ())
