"""Pages become drafts, or are left out or kept back with a reason in words."""

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.catalogue.drafts import ClaimedUseDraft, LinkDraft, Reading
from allmende.federation.formats.markdown import MARKDOWN
from tests.federation.formats.markdown.cast import LABOR, STADT, context, page, read, sample


def messages(reading: Reading) -> list[str]:
    return [finding.message for finding in reading.findings]


def test_a_page_of_a_city_becomes_a_draft_with_its_use_and_its_source() -> None:
    reading = sample("stadt", "de/software/melder.md")
    draft = reading.draft
    assert draft is not None
    assert (draft.name, draft.repository_url, draft.website_url, draft.licence) == (
        "Mängelmelder",
        "https://github.com/musterstadt/melder",
        "https://melder.musterstadt.test",
        "EUPL-1.2",
    )
    assert (draft.fields_of_action, draft.solution_types, draft.topics) == (
        ("beteiligung",),
        ("beteiligungsplattform",),
        ("Beteiligung",),
    )
    assert draft.claimed_uses == (
        ClaimedUseDraft(name="Musterstadt", ags="99001001", url="https://musterstadt.test/melden"),
    )
    assert draft.maintainer == "Musterstadt"
    assert draft.links == (LinkDraft(kind="opencode", url="https://opencode.test/de/software/melder"),)
    assert reading.record_url == "https://katalog.musterstadt.test/de/software/melder.md"
    assert reading.record_licence == "CC-BY-4.0"
    assert reading.decision == "publish"
    assert messages(reading) == ["Der Text enthält eine E-Mail-Adresse; wir zeigen sie nicht."]


def test_the_words_of_a_page_are_plain_markdown() -> None:
    draft = sample("stadt", "de/software/melder.md").draft
    assert draft is not None
    (text,) = draft.texts
    assert text.language == "de"
    assert text.summary == (
        "Der Mängelmelder nimmt Hinweise von Bürger*innen entgegen. Wer meldet, sieht den Stand."
    )
    assert text.description == (
        "Der **Mängelmelder** nimmt Hinweise von Bürger\\*innen entgegen. Wer meldet, sieht den Stand.\n\n"
        "## Betrieb\n\n"
        "Läuft mit Karten und [OpenLayers](https://openlayers.test/). Fragen an (E-Mail-Adresse bei der Quelle).\n\n"
        "Auch **ohne** Anmeldung.\nWirklich."
    )


def test_software_that_is_no_longer_in_use_is_no_use_and_a_vague_licence_is_none() -> None:
    reading = sample("stadt", "de/software/karten.md")
    assert reading.draft is not None
    assert (reading.draft.claimed_uses, reading.draft.licence, reading.draft.topics) == ((), None, ())
    assert reading.draft.boundary is None
    assert reading.decision == "publish_with_warnings"
    (finding,) = reading.findings
    assert (finding.key, finding.line) == ("license", 4)
    assert finding.message.startswith("„GPL“ sagt nicht genau, welche Lizenz gilt")


def test_a_page_of_a_single_sentence_has_a_summary_and_no_description() -> None:
    draft = sample("stadt", "de/software/karten.md").draft
    assert draft is not None
    assert (draft.texts[0].summary, draft.texts[0].description) == ("Zeichnet Karten.", None)


def test_a_search_for_repositories_is_a_link_and_no_repository() -> None:
    draft = sample("stadt", "de/software/sammlung.md").draft
    assert draft is not None
    assert draft.repository_url is None
    assert draft.website_url == "https://github.com/orgs/musterstadt/repositories?q=werkzeug"


def test_a_page_without_any_address_is_kept_back() -> None:
    reading = sample("stadt", "de/software/linux.md")
    assert (reading.decision, reading.reasons) == (
        "quarantine",
        (
            "Die Seite nennt weder den Quellcode noch eine Website der Lösung; ergänzen Sie eine der beiden Adressen.",
        ),
    )


@pytest.mark.parametrize(
    ("catalogue", "path", "reason"),
    [
        ("stadt", "de/software/index.md", "Das ist eine Übersichtsseite und kein Eintrag über eine Lösung."),
        (
            "stadt",
            "de/leitlinien.md",
            "Die Seite liegt außerhalb des Ordners mit den Einträgen; sie erklärt etwas oder leitet an.",
        ),
        (
            "stadt",
            "en/software/melder.md",
            "Das ist die englische Fassung einer Seite; übernommen wird die deutsche.",
        ),
        (
            "labor",
            "projekte/2017-05-29-vorlage.md",
            "Die Seite ist mit „draft: true“ als Entwurf oder Beiwerk gekennzeichnet.",
        ),
        ("labor", "projekte/termin.md", "Die Seite ist kein Eintrag: Es fehlt „layout: project“."),
        ("labor", "projekte/_index.md", "Das ist eine Übersichtsseite und kein Eintrag über eine Lösung."),
    ],
)
def test_pages_that_are_no_entries_are_left_out_with_a_reason(catalogue: str, path: str, reason: str) -> None:
    reading = sample(catalogue, path)
    assert (reading.decision, reading.reasons, reading.draft) == ("leave_out", (reason,), None)


def test_a_project_finds_its_repository_and_website_among_its_links_and_leaves_persons_out() -> None:
    reading = sample("labor", "projekte/2021-04-24-Wo-ist-Wasser.md")
    draft = reading.draft
    assert draft is not None
    assert (draft.repository_url, draft.website_url, draft.maturity) == (
        "https://github.com/labor-musterstadt/wasser",
        "https://wasser.labor.test",
        "prototype",
    )
    assert draft.links == (
        LinkDraft(kind="other", url="https://daten.musterstadt.test/brunnen", label="Datenquelle"),
    )
    assert draft.topics == ("Umwelt", "musterstadt")
    assert draft.fields_of_action == ("umwelt_klima",)
    assert (draft.contacts, draft.maintainer, draft.claimed_uses) == ((), None, ())
    assert "Beispielfrau" not in repr(reading)
    assert reading.record_url == "https://labor.test/projekte/wo-ist-wasser/"


def test_a_page_in_english_is_marked_as_english_and_its_address_completed() -> None:
    reading = sample("labor", "projekte/2019-11-18-trains.md")
    assert reading.draft is not None
    assert reading.draft.texts[0].language == "en"
    assert reading.draft.website_url == "https://www.trains.test/karte"
    assert "wir kennzeichnen ihn als „en“" in " ".join(messages(reading))


def test_a_date_that_is_none_stays_in_the_address() -> None:
    reading = sample("labor", "projekte/2018-23-09-ohne.md")
    assert reading.decision == "quarantine"
    assert reading.record_url == "https://labor.test/projekte/2018-23-09-ohne/"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "leer"),
        (b"---\n\0\n---\n", "Binärdaten"),
        (b"---\ntitle: x\n", "endet nicht"),
        (b"---\n- a\n- b\n---\nText\n", "Schlüssel: Wert"),
        (b"---\n---\nText\n", "Schlüssel: Wert"),
        (b"---\ntitle: [\n---\nText\n", "kein gültiges YAML"),
        (b"---\na: " + b"[" * 500 + b"\n---\n", "verschachtelt"),
        (b"---\ncode: https://github.com/a/b\n---\n", "keinen Namen"),
        (b"---\ntitle: TODO\ncode: https://github.com/a/b\n---\n", "Platzhalter"),
        (b"---\ntitle: Werkzeug\ncode: https://github.com/username/repo\n---\n", "Beispieladresse"),
    ],
)
def test_a_faulty_page_is_kept_back_with_words_its_owner_can_read(content: bytes, words: str) -> None:
    reading = read(content)
    assert reading.decision == "quarantine"
    assert words in " ".join(reading.reasons)
    assert messages(reading)


def test_a_page_in_latin_1_is_read_with_a_warning() -> None:
    reading = read(page(body="Größe und Übersicht für Bürgerämter.").encode("latin-1"))
    assert reading.draft is not None
    assert reading.draft.texts[0].summary == "Größe und Übersicht für Bürgerämter."
    assert "Latin-1" in messages(reading)[0]


def test_a_page_with_windows_line_ends_and_a_mark_in_front_is_read() -> None:
    reading = read(b"\xef\xbb\xbf" + page().replace("\n", "\r\n").encode())
    assert reading.draft is not None
    assert reading.draft.name == "Werkzeug"


def test_findings_of_the_front_matter_name_the_line_of_the_file() -> None:
    reading = read(page("tags: [a]\ntags: [b]"))
    assert [(finding.line, finding.severity) for finding in reading.findings] == [(5, "error")]
    assert reading.decision == "publish_with_warnings"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "/projekte/a", "http://", "data:text/html,x", "ftp://a.test/b"]
)
def test_an_address_that_nobody_may_follow_is_a_warning_and_no_link(url: str) -> None:
    reading = read(page(f'links:\n- url: "{url}"\n  name: Website'))
    assert reading.draft is not None
    assert (reading.draft.website_url, reading.draft.links) == (None, ())
    assert any("keine Adresse" in message for message in messages(reading))


def test_a_page_without_words_is_published_with_a_warning() -> None:
    reading = read(page(body=""))
    assert reading.draft is not None
    assert reading.draft.texts == ()
    assert messages(reading) == ["Die Seite beschreibt die Lösung nicht; ergänzen Sie ein bis zwei Sätze."]


def test_without_a_profile_our_own_words_are_the_keys() -> None:
    reading = read(
        "---\nname: Werkzeug\nrepository: https://git.stadt.test/a/b\nlicence: mit\nlanguage: en\n---\nA tool.\n",
        "irgendwo/a.md",
        {},
    )
    assert reading.draft is not None
    assert (reading.draft.name, reading.draft.licence, reading.draft.texts[0].language) == (
        "Werkzeug",
        "MIT",
        "en",
    )
    assert (reading.record_url, reading.record_licence) == (None, None)


def test_every_markdown_page_is_looked_at_and_nothing_else() -> None:
    wanted = [
        path
        for path in ("a.md", "de/b.MARKDOWN", "c.txt", "d.md.bak", "LICENSE", "e/publiccode.yml")
        if MARKDOWN.wants(path, context(STADT))
    ]
    assert wanted == ["a.md", "de/b.MARKDOWN"]


# --- Any bytes at all

PARTS = st.sampled_from(
    ["---\n", "title: ", "code: https://github.com/a/b\n", "links:\n- url: ", "tags: [", "]\n", "<script>", "<a href=",
     "](", "[![", "```\n", "{{<", ">}}", "{%", ":::", "<!--", "-->", "&a ", "*a", "\n", "x", " ", "'", '"', "\\", "ü",
     "\u2028", "`", "_", "**", "a@b.test", "http://", "(", ")", "{", "}", "status: ", "draft: true\n"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    content=st.one_of(
        st.binary(max_size=400), st.lists(PARTS, max_size=60).map(lambda parts: "".join(parts).encode())
    ),
    profile=st.sampled_from([STADT, LABOR | {"only": {}}, {}]),
)
def test_any_bytes_give_a_reading(content: bytes, profile: dict[str, Any]) -> None:
    path = "projekte/a.md" if profile is not STADT else "de/software/a.md"
    for written in (content, b"---\ntitle: Werkzeug\ncode: https://github.com/a/b\n" + content):
        reading = read(written, path, profile)
        assert (reading.draft is None) == (reading.decision in ("quarantine", "leave_out"))
        assert reading == read(written, path, profile)


@settings(max_examples=100, deadline=None)
@given(
    profile=st.dictionaries(
        st.sampled_from(
            ["folder", "fields", "use", "links", "only", "never", "record_url", "ignore_topics", "licences"]
        ),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=8),
            lambda inner: (
                st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
            ),
            max_leaves=6,
        ),
    )
)
def test_any_profile_gives_a_reading(profile: dict[str, Any]) -> None:
    assert read(page(), "a.md", profile).decision
    assert isinstance(MARKDOWN.profile_problems(profile), tuple)


@pytest.mark.parametrize(
    "piece",
    ["<script>", "<!--", "[![", "![a](", "[a](", "<a href='", "{{<", "{%", "{.", "```\n", "`", ":::", "a@", "<x",
     "\n\n", "((((", "**", "<a>", "&amp", "- ", "[a][", "\\"],
)  # fmt: skip
def test_a_page_made_to_be_slow_is_not(piece: str) -> None:
    body = piece * (100_000 // len(piece))
    started = time.process_time()
    read(page(body=body))
    assert time.process_time() - started < 5
