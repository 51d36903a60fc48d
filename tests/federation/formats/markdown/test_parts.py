"""Cleaning, links, languages and profiles, each by itself."""

import pytest

from allmende.federation.formats.markdown.cleaning import plain_markdown, plain_text, shortened, summary_of
from allmende.federation.formats.markdown.front_matter import split_page
from allmende.federation.formats.markdown.language import guess_language
from allmende.federation.formats.markdown.links import Named, is_overview, is_repository, sort_links
from allmende.federation.formats.markdown.profile import matches, problems_of, slug_of


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Ein <b>Wort</b> und <i>noch</i> eins.", "Ein **Wort** und *noch* eins."),
        ("<p>Eins</p><p>Zwei</p>", "Eins\n\nZwei"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ('Siehe <a href="https://a.test/x">die Seite</a>.', "Siehe [die Seite](https://a.test/x)."),
        ('Siehe <a href="mailto:a@b.test">die Seite</a>.', "Siehe die Seite."),
        ("<script>alert(1)</script>Text", "Text"),
        ("<SCRIPT >\nalert('</p>')\n</SCRIPT\n>Text", "Text"),
        ("Davor <script>und nie zu Ende", "Davor"),
        ("a<!-- geheim -->b", "ab"),
        ("a <!-- nie zu Ende", "a"),
        ("![Bild](/a.png) Text", "Text"),
        ("![Bild][1] Text", "Text"),
        ("[![Siegel](/a.png)](https://a.test) Text", "Text"),
        ("[Seite](./andere.html)", "Seite"),
        ('[Seite](https://a.test/x "Titel")', '[Seite](https://a.test/x "Titel")'),
        ("[Böse](javascript:alert(1))", "Böse"),
        ("[Leer]()", "Leer"),
        ('{{< ref "/a.md" >}}', ""),
        ("{{ wert }} {% include x %}Text", "Text"),
        ('[Seite]({{< ref "/a.md" >}})', "Seite"),
        ("::: warning\nText\n:::", "Text"),
        ("Text{.klasse #id}", "Text"),
        ("<https://a.test>", "<https://a.test>"),
        ("Mail: max.muster@stadt.test!", "Mail: (E-Mail-Adresse bei der Quelle)!"),
        ("git@github.com:stadt/x.git", "git@github.com:stadt/x.git"),
        ("https://sozial.test/@stadt", "https://sozial.test/@stadt"),
        ("`<b>bleibt</b>` und <b>geht</b>", "`<b>bleibt</b>` und **geht**"),
        ("```html\n<b>bleibt</b>\n```", "```html\n<b>bleibt</b>\n```"),
        ("Oben\n\n---\n\nUnten", "Oben\n\nUnten"),
        ("Titel\n---\n\nText", "Titel\n---\n\nText"),
        ("a\r\nb\r\n\r\n\r\n\r\nc", "a\nb\n\nc"),
        ("[1]: /relativ.html\n[2]: https://a.test", "[2]: https://a.test"),
    ],
)
def test_what_a_page_builder_understands_becomes_plain_markdown(written: str, plain: str) -> None:
    assert plain_markdown(written) == plain
    assert plain_markdown(plain) == plain


@pytest.mark.parametrize(
    ("markdown", "summary"),
    [
        ("Ein Satz. Und noch einer.", "Ein Satz. Und noch einer."),
        ("# Titel\n\nDer Text.", "Der Text."),
        ("- eins\n- zwei", None),
        ("", None),
        (
            "Für Bürger\\*innen und __alle__ anderen, *auch* `code`.",
            "Für Bürger*innen und alle anderen, auch code.",
        ),
        ("Anwender*innen und snake_case bleiben.", "Anwender*innen und snake_case bleiben."),
        ("Von [Stadt](https://a.test) &amp; [Land][1] und [Kreis].", "Von Stadt & Land und Kreis."),
    ],
)
def test_the_summary_is_the_first_paragraph_in_plain_words(markdown: str, summary: str | None) -> None:
    assert summary_of(markdown) == summary


def test_a_long_summary_ends_with_a_sentence_else_with_a_word() -> None:
    assert shortened("Kurz. " * 60) == ("Kurz. " * 50).strip()
    assert shortened("Wort " * 100) == "Wort " * 59 + "Wort…"
    assert len(shortened("x" * 1000)) == 300
    assert plain_text("a\n b") == "a b"


@pytest.mark.parametrize(
    ("text", "front_matter", "body"),
    [
        ("---\na: 1\n---\nText", "a: 1\n", "Text"),
        ("--- \na: 1\n...\nText", "a: 1\n", "Text"),
        ("---\n---\nText", "", "Text"),
        ("Text\n---\na: 1\n---", None, "Text\n---\na: 1\n---"),
        ("", None, ""),
    ],
)
def test_a_page_is_split_at_its_dashes(text: str, front_matter: str | None, body: str) -> None:
    found = split_page(text)
    assert (found.front_matter, found.body, found.is_open) == (front_matter, body, False)


def test_a_front_matter_that_never_ends_is_told() -> None:
    assert split_page("---\na: 1\n").is_open


def test_the_language_is_told_only_where_it_is_clear() -> None:
    assert (
        guess_language("Das ist ein Text, der für die Verwaltung und mit den Ämtern geschrieben wird.")
        == "de"
    )
    assert guess_language("This is a text that is for the town and by the people of it, as it was.") == "en"
    assert guess_language("OpenStreetMap, Python, Docker") is None
    assert guess_language("Das ist the and der is of mit to für on von by und a ein in") is None


@pytest.mark.parametrize(
    ("url", "repository"),
    [
        ("https://github.com/stadt/werkzeug", True),
        ("https://www.github.com/stadt/werkzeug/tree/main/teil", True),
        ("https://gitlab.opencode.test/stadt/werkzeug", True),
        ("https://gitlab.com/stadt/gruppe/werkzeug", True),
        ("https://git.stadt.test/a/b", True),
        ("https://codeberg.org/stadt/werkzeug", True),
        ("https://github.com/stadt", False),
        ("https://github.com/orgs/stadt/repositories?q=x", False),
        ("https://github.com/search?q=stadt/werkzeug", False),
        ("https://stadt.github.io/werkzeug", False),
        ("https://about.gitlab.com/", False),
        ("https://example.com/github.com/a/b", False),
        ("https://[::1", False),
    ],
)
def test_a_repository_is_an_owner_and_a_name_on_a_forge(url: str, repository: bool) -> None:
    assert is_repository(url) is repository


def test_a_source_may_name_its_own_forges() -> None:
    assert is_repository("https://quelltext.stadt.test/a/b", ("quelltext.stadt.test",))
    assert not is_repository("https://github.com/a/b", ("quelltext.stadt.test",))
    assert is_overview("https://github.com/stadt")


def test_the_website_is_the_link_that_is_called_so() -> None:
    found = sort_links(
        [
            Named(url="https://a.test/daten", label="Datenquelle"),
            Named(url="https://a.test/karte", label="Karte ansehen"),
            Named(url="https://a.test", label="Projekt-Website"),
            Named(url="https://github.com/a/b", label="Code"),
            Named(url="https://github.com/a/c", label="Code der Schnittstelle"),
            Named(url="https://www.linkedin.com/in/person", label="Website"),
            Named(url="https://a.test", label="Projekt-Website"),
        ],
        (),
    )
    assert (found.repository, found.website) == ("https://github.com/a/b", "https://a.test")
    assert [(link.kind, link.url) for link in found.others] == [
        ("other", "https://a.test/daten"),
        ("other", "https://a.test/karte"),
        ("repository", "https://github.com/a/c"),
    ]


@pytest.mark.parametrize(
    ("path", "pattern", "expected"),
    [
        ("de/software/a.md", "de/software/*.md", True),
        ("de/software/teil/a.md", "de/software/*.md", False),
        ("de/software/teil/a.md", "de/**/*.md", True),
        ("de/a.md", "de/**/*.md", True),
        ("en/x/y/a.md", "en/**", True),
        ("de/a.md", "en/**", False),
        ("a.md", "?.md", True),
    ],
)
def test_patterns_of_folders(path: str, pattern: str, expected: bool) -> None:
    assert matches(path, pattern) is expected


@pytest.mark.parametrize(
    ("stem", "slug"),
    [
        ("2021-04-24-Wo-ist", "wo-ist"),
        ("2025-03-21_baum_stadt", "baum_stadt"),
        ("2018-23-09-kein-datum", "2018-23-09-kein-datum"),
        ("Einfach", "einfach"),
        ("2021-04-24", "2021-04-24"),
    ],
)
def test_a_date_in_front_is_not_part_of_an_address(stem: str, slug: str) -> None:
    assert slug_of(stem) == slug


@pytest.mark.parametrize(
    ("profile", "words"),
    [
        ({"folder": ["*.md"], "files": ["*.md"], "additions": {}}, None),
        ({"ordner": "x"}, "kennt „ordner“ nicht"),
        ({"fields": {"preis": "x"}}, "gibt es „preis“ nicht"),
        ({"use": {"ags": "1"}}, "fehlt „name“"),
    ],
)
def test_a_profile_that_cannot_be_used_says_why(profile: dict[str, object], words: str | None) -> None:
    problems = problems_of(profile)
    assert (words is None and problems == ()) or (words is not None and words in problems[0])
