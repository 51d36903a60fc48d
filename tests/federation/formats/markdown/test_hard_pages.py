"""Pages that mean harm, were saved wrongly, or tell more than they should."""

import datetime
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.catalogue.drafts import Reading
from allmende.federation.formats.base import Context
from allmende.federation.formats.markdown import MARKDOWN
from allmende.federation.formats.markdown.cleaning import plain_markdown, summary_of
from allmende.federation.formats.markdown.persons import HIDDEN_NAME, without_names
from allmende.federation.formats.markdown.profile import Profile
from allmende.federation.formats.privacy import is_email
from tests.federation.formats.markdown.cast import LABOR, STADT, page, read

NOT_FOUND = {"quarantine", "leave_out"}


def messages(reading: Reading) -> list[str]:
    return [finding.message for finding in reading.findings]


def bare(front_matter: str, body: str = "Ein Werkzeug.", **profile: Any) -> Reading:
    """A page under a profile of these words alone."""
    content = f"---\n{front_matter}\n---\n{body}\n"
    context = Context(today=datetime.date(2026, 11, 23), profile=profile)
    return MARKDOWN.read(content.encode(), path="seiten/a.md", context=context)


# Front matter


def test_an_alias_bomb_is_kept_back() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    reading = read(page("\n".join(lines)))
    assert reading.decision == "quarantine"
    assert "mehr als 20000 Werte" in reading.reasons[0]


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n\0\0\0", b"\0" * 1000, bytes(range(256)), b"\xff\xfe\0"]
)
def test_what_is_no_text_is_kept_back(content: bytes) -> None:
    reading = read(content)
    assert (reading.decision, reading.draft) == ("quarantine", None)
    assert [finding.severity for finding in reading.findings] == ["error"]


@pytest.mark.parametrize(
    "content", ["Nur Text.\n", "# Titel\n\nText\n", " ---\ntitle: x\n---\n", "title: x\n---\n"]
)
def test_a_page_without_front_matter_is_left_out(content: str) -> None:
    assert read(content).reasons == ("Die Seite hat keinen Vorspann und ist deshalb kein Eintrag.",)


def test_a_reason_is_given_with_the_place_of_the_mistake() -> None:
    reading = read("---\ntitle: Werkzeug\ncode: https://github.com/a/b\ntags: [a\n---\nText\n")
    assert reading.decision == "quarantine"
    assert {finding.line for finding in reading.findings} <= {4, 5}


@pytest.mark.parametrize(
    ("more", "key", "line"),
    [
        ("developerlink: kein-ort", "developerlink", 4),
        ("sorte: x\n\nlicense: frei", "license", 6),
        ("# Bemerkung\nopencode: nirgends", "opencode", 5),
        ("linkapplication: ja", "linkapplication", 4),
    ],
)
def test_findings_name_key_and_line_as_the_page_has_them(more: str, key: str, line: int) -> None:
    assert [(finding.key, finding.line) for finding in read(page(more)).findings] == [(key, line)]


def test_the_number_of_findings_is_bounded() -> None:
    many = "links:\n" + "".join(f'- url: "kein ort {number}"\n' for number in range(400))
    assert len(read(page(many)).findings) <= 101


# The profile


def test_of_several_keys_the_first_that_holds_something_counts() -> None:
    fields = {"name": ["titel", "name"], "licence": ["lizenz", "l"], "summary": ["kurz"], "status": ["s"]}
    written = (
        "name: Zweiter\ntitel:\nrepository: https://git.stadt.test/a/b\nl: mit\nkurz: In **einem** Satz."
    )
    draft = bare(written, "Lang.", fields=fields).draft
    assert draft is not None
    assert (draft.name, draft.licence, draft.texts[0].summary) == ("Zweiter", "MIT", "In einem Satz.")
    assert draft.texts[0].description == "Lang."


def test_the_kinds_of_links_and_the_hosts_of_code_are_the_profiles() -> None:
    draft = bare(
        "name: Werkzeug\ndoku: https://a.test/doku\nlinks:\n- https://quell.stadt.test/a/b\n- https://a.test",
        links={"doku": "documentation"},
        repository_hosts=["quell.stadt.test"],
    ).draft
    assert draft is not None
    assert (draft.repository_url, draft.website_url) == ("https://quell.stadt.test/a/b", "https://a.test")
    assert [(link.kind, link.url) for link in draft.links] == [("documentation", "https://a.test/doku")]


def test_what_the_page_calls_its_code_comes_before_what_lies_among_its_links() -> None:
    draft = read(page("links:\n- https://github.com/stadt/karte\n- https://a.test")).draft
    assert draft is not None
    assert (draft.repository_url, draft.website_url) == (
        "https://github.com/stadt/werkzeug",
        "https://a.test",
    )
    assert [(link.kind, link.url) for link in draft.links] == [
        ("repository", "https://github.com/stadt/karte")
    ]


def test_a_name_for_a_licence_is_translated_by_the_profile() -> None:
    written = "name: Werkzeug\nrepository: https://git.stadt.test/a/b\nlicence: Hauslizenz"
    draft = bare(written, licences={"Hauslizenz": "EUPL-1.2"}).draft
    assert draft is not None
    assert draft.licence == "EUPL-1.2"


@pytest.mark.parametrize("written", ["true", "True", "yes", "ja", "1", '"true"'])
def test_a_draft_is_a_draft_however_it_says_so(written: str) -> None:
    reading = read(page(f"draft: {written}\nlayout: project"), "projekte/a.md", LABOR)
    assert reading.reasons == ("Die Seite ist mit „draft: true“ als Entwurf oder Beiwerk gekennzeichnet.",)


@pytest.mark.parametrize(
    ("tag", "name"),
    [("en", "englische"), ("fr", "französische"), ("nds", "anderssprachige (nds)")],
)
def test_a_twin_in_another_language_is_left_out(tag: str, name: str) -> None:
    reading = read(page(), f"{tag}/a.md", {"translations": {tag: f"{tag}/**"}})
    assert reading.reasons == (f"Das ist die {name} Fassung einer Seite; übernommen wird die deutsche.",)


@pytest.mark.parametrize("stem", ["index", "_index", "README", "Index"])
def test_an_overview_is_no_entry_wherever_it_lies(stem: str) -> None:
    assert read(page(), f"de/software/{stem}.md").decision == "leave_out"


def test_even_what_is_left_out_or_kept_back_has_its_address_and_licence() -> None:
    readings = [read("Text"), read(b""), read("---\ntitle: x\n---\n"), read("---\nx\n---\n")]
    assert {reading.decision for reading in readings} == NOT_FOUND
    assert {(reading.record_url, reading.record_licence) for reading in readings} == {
        ("https://katalog.musterstadt.test/de/software/a.md", "CC-BY-4.0")
    }


def test_the_address_of_a_page_can_be_followed_whatever_its_file_is_called() -> None:
    profile = Profile.of({"record_url": "https://a.test/{path}#{stem}"})
    assert profile.address_of("de/Grüne Stadt?{slug}.md") == (
        "https://a.test/de/Gr%C3%BCne%20Stadt%3F%7Bslug%7D.md#Gr%C3%BCne%20Stadt%3F%7Bslug%7D"
    )


@pytest.mark.parametrize("tag", ["de", "DE", "deu", "de_DE"])
def test_the_language_of_a_page_is_written_as_usual(tag: str) -> None:
    draft = bare(f"name: Werkzeug\nrepository: https://git.stadt.test/a/b\nlanguage: {tag}").draft
    assert draft is not None
    assert draft.texts[0].language.split("-")[0] == "de"


def test_a_language_that_nobody_names_and_nobody_can_tell_is_undetermined() -> None:
    draft = bare("name: Werkzeug\nrepository: https://git.stadt.test/a/b\nlanguage: klingonisch?").draft
    assert draft is not None
    assert draft.texts[0].language == "und"


def test_tags_beyond_number_and_length_are_cut() -> None:
    reading = read(page("tags: [" + ", ".join(f"{'w' * 200}{number}" for number in range(200)) + "]"))
    assert reading.draft is not None
    assert {len(topic) for topic in reading.draft.topics} == {100}
    many = read(page("tags: [" + ", ".join(f"w{number}" for number in range(200)) + "]"))
    assert many.draft is not None
    assert len(many.draft.topics) == 50


# Names and addresses


@pytest.mark.parametrize("name", ["**", "`", "<!--x-->", "''", "[ ]"])
def test_a_name_of_signs_alone_is_none_or_a_placeholder(name: str) -> None:
    reading = bare(f'name: "{name}"\nrepository: https://git.stadt.test/a/b')
    assert reading.draft is None or reading.draft.name.strip() != ""


def test_a_name_without_letters_behind_its_markup_is_kept_back() -> None:
    reading = bare('name: "**"\nrepository: https://git.stadt.test/a/b')
    assert reading.reasons == ("Der Vorspann nennt keinen Namen; ergänzen Sie den Titel.",)


@pytest.mark.parametrize("key", ["code", "developerlink"])
def test_an_example_address_is_kept_back_wherever_it_stands(key: str) -> None:
    reading = read(f"---\ntitle: Werkzeug\n{key}: https://example.com/a/b\n---\nText\n")
    assert reading.decision == "quarantine"
    assert "Beispieladresse" in reading.reasons[0]


@pytest.mark.parametrize(
    "written",
    ["https://max:geheim@github.com/a/b", "https://geheim@github.com/a/b", "http://x@github.com/a/b"],
)
def test_names_and_passwords_in_an_address_are_not_shown(written: str) -> None:
    reading = bare(f"name: Werkzeug\nrepository: {written}")
    assert reading.draft is not None
    assert reading.draft.repository_url in ("https://github.com/a/b", "http://github.com/a/b")
    assert "geheim" not in repr(reading)


def test_a_git_address_is_shown_as_a_web_address() -> None:
    draft = read("---\ntitle: Werkzeug\ncode: git@github.com:stadt/werkzeug.git\n---\nText\n").draft
    assert draft is not None
    assert draft.repository_url == "https://github.com/stadt/werkzeug.git"


# Persons

PERSON = "Beispielfrau Musterin"
PEOPLE = f"""collaborators:
- name: {PERSON}
  links:
  - url: https://sozial.invalid/@musterin
    name: musterin@stadt.invalid
- name: Labor"""


def test_persons_are_named_neither_in_the_entry_nor_in_its_words() -> None:
    body = f"Gebaut von **{PERSON}**.\n\nBeispielfrau\nMusterin antwortet: musterin@stadt.invalid. Das Labor auch."
    reading = read(page(PEOPLE, body), profile=STADT | {"people": ["collaborators"]})
    assert reading.draft is not None
    (text,) = reading.draft.texts
    assert text.summary == f"Gebaut von {HIDDEN_NAME}."
    assert text.description == (
        f"Gebaut von **{HIDDEN_NAME}**.\n\n{HIDDEN_NAME} antwortet: (E-Mail-Adresse bei der Quelle). "
        "Das Labor auch."
    )
    assert re.search(r"musterin@|Beispielfrau|sozial\.invalid", repr(reading)) is None
    assert messages(reading) == [
        "Der Text nennt Personen aus dem Vorspann; wir zeigen ihre Namen nicht.",
        "Der Text enthält eine E-Mail-Adresse; wir zeigen sie nicht.",
    ]


def test_a_summary_of_the_front_matter_names_nobody_either() -> None:
    links = "links:\n- https://github.com/stadt/werkzeug"
    written = f"{PEOPLE}\n{links}\nexcerpt: Ein Werkzeug von {PERSON} (musterin@stadt.invalid)."
    profile = LABOR | {"only": {}, "people": ["collaborators"]}
    reading = read(page(written), "projekte/a.md", profile)
    assert reading.draft is not None
    assert reading.draft.texts[0].summary == (
        f"Ein Werkzeug von {HIDDEN_NAME} ((E-Mail-Adresse bei der Quelle))."
    )


def test_of_two_names_that_begin_alike_the_whole_one_goes() -> None:
    names = ("Anna Bei", "Anna Bei Spiel")
    assert without_names("Anna Bei Spiel, Anna  Bei und Anna Beige", names) == (
        f"{HIDDEN_NAME}, {HIDDEN_NAME} und Anna Beige"
    )


@pytest.mark.parametrize("written", ["mailto:a@stadt.test", "MAILTO:a@stadt.test", "vor.nach@amt.stadt.test"])
def test_a_mail_address_among_the_links_is_passed_over_and_not_quoted(written: str) -> None:
    reading = read(page(f"links:\n- url: {written}\n  name: Kontakt\n- {written}"))
    assert reading.draft is not None
    assert (reading.draft.links, reading.findings) == ((), ())


def test_the_address_of_a_repository_is_no_mail_address() -> None:
    assert [is_email(text) for text in ("git@github.com:a/b.git", "a@b.test", "https://b.test/@a")] == [
        False,
        True,
        False,
    ]


# Markup


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("İ<SCRIPT>alert(1)</SCRIPT>Text", "İText"),
        ("<scr<script>alert(1)</script>ipt>", ""),
        ("<<span>script>alert(1)<<span>/script>", "&lt;script>alert(1)&lt;/script>"),
        ("[<](x)script>", "&lt;script>"),
        ("x<y und a<b>c", "x<y und a**c"),
        ("<style>p{}</style>Text<iframe src='x'></iframe>", "Text"),
        ("<img src=x onerror=alert(1)>Text", "Text"),
    ],
)
def test_nothing_becomes_a_tag_by_what_is_dropped(written: str, plain: str) -> None:
    assert plain_markdown(written) == plain


PIECES = st.sampled_from(
    ["<", ">", "</", "script", "span", "b", " ", "\n", "[", "](x)", "](https://a.test)", "<!--", "-->", "{{", "}}",
     "![", "]", "(", ")", "style", "onerror=x", "a", "/", "İ", "&lt;"]
)  # fmt: skip
TAG = re.compile(r"<(?:script|style)\b[^<>]*>", re.IGNORECASE)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_no_script_is_left_of_any_words(body: str) -> None:
    found = plain_markdown(body)
    assert TAG.search(found) is None
    assert summary_of(found) is None or len(summary_of(found) or "") <= 300


@given(st.binary(max_size=300), st.text(max_size=300))
def test_any_words_are_read_within_bounds(front: bytes, body: str) -> None:
    content = (
        b"---\ntitle: Werkzeug\ncode: https://github.com/a/b\n"
        + front
        + b"\n---\n"
        + body.encode("utf-8", "replace")
    )
    reading = read(content)
    assert len(reading.findings) <= 101
    assert (reading.draft is None) == (reading.decision in NOT_FOUND)
    if reading.draft:
        assert 0 < len(reading.draft.name) <= 300
        assert sum(len(text.description or "") for text in reading.draft.texts) <= 110_000
