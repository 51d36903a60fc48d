"""Small questions about single values: addresses, languages, lengths, placeholders."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.federation.formats.publiccode.addresses import (
    NotAnAddress,
    is_address,
    is_email,
    is_ipa_code,
    is_organisation_uri,
    is_uri,
    is_web_address,
    parse_address,
)
from allmende.federation.formats.publiccode.languages import is_language_tag
from allmende.federation.formats.publiccode.lengths import visible_length
from allmende.federation.formats.publiccode.placeholders import (
    is_placeholder_address,
    is_placeholder_name,
    is_placeholder_text,
)
from allmende.federation.formats.publiccode.rules.small import is_date


@pytest.mark.parametrize(
    ("text", "is_any", "is_web"),
    [
        ("https://git.muster.test/a", True, True),
        ("HTTP://GIT.MUSTER.TEST", True, True),
        ("https://muster.test:8080/a?b=c#d", True, True),
        ("https://nutzer:wort@muster.test/", True, True),
        ("https://[2001:db8::1]:443/", True, True),
        ("https://bäche.test/ä", True, True),
        ("ssh://git@muster.test/a.git", True, False),
        ("mailto:info@muster.test", True, False),
        ("file:///a/b", True, False),
        ("muster.test", False, False),
        ("/pfad", False, False),
        ("???", False, False),
        ("", False, False),
        ("https://", False, False),
        ("https:///pfad", False, False),
        ("https://muster test/", False, False),
        ("https://muster.test/%zz", False, False),
        ("https://muster.test:port/", False, False),
        ("https://[::1", False, False),
        ("https://muster.test/\x07", False, False),
        ("git@muster.test:kreis/a.git", False, False),
        (":kein", False, False),
    ],
)
def test_what_is_an_address(text: str, is_any: bool, is_web: bool) -> None:
    assert (is_address(text), is_web_address(text)) == (is_any, is_web)


@pytest.mark.parametrize("text", ["git@muster.test:a/b", "%zz", "a\nb", "https://a b/", ":x", "https://x:y/"])
def test_what_cannot_be_taken_apart(text: str) -> None:
    with pytest.raises(NotAnAddress):
        parse_address(text)


@given(st.text(max_size=80))
def test_any_text_is_an_address_or_not(text: str) -> None:
    assert is_web_address(text) in (True, False)
    assert not is_web_address(text) or is_address(text)
    assert is_organisation_uri(text) in (True, False)
    assert is_uri(text) in (True, False)


@pytest.mark.parametrize(
    ("text", "is_organisation", "is_any_uri"),
    [
        ("https://www.muster.test", True, True),
        ("ftp://muster.test", True, True),
        ("urn:x-muster:kreis", True, True),
        ("URN:X-MUSTER:kreis", True, True),
        ("urn:x-italian-pa:c_h501", True, True),
        ("urn:x-italian-pa:keine_behoerde", False, True),
        ("urn:urn:x", False, False),
        ("urn:a", False, False),
        ("pcm", False, False),
        ("1", False, False),
        ("/kreis", False, False),
        ("mailto:info@muster.test", False, True),
        ("", False, False),
    ],
)
def test_what_names_an_organisation(text: str, is_organisation: bool, is_any_uri: bool) -> None:
    assert (is_organisation_uri(text), is_uri(text)) == (is_organisation, is_any_uri)


@pytest.mark.parametrize(
    ("text", "is_code"),
    [("pcm", True), ("c_h501", True), ("4ABC12DE", True), ("keine_behoerde", False), ("", False)],
)
def test_the_shape_of_an_ipa_code(text: str, is_code: bool) -> None:
    assert is_ipa_code(text) == is_code


@pytest.mark.parametrize(
    ("text", "is_mail"),
    [
        ("info@muster.test", True),
        ("kim.beispiel+x@amt.muster.test", True),
        ("bürgerbüro@müster.test", True),
        ("info@muster", False),
        ("info at muster.test", False),
        ("info@@muster.test", False),
        (".info@muster.test", False),
        ("info@muster.test ", False),
        ("info@muster.123", False),
        ("", False),
    ],
)
def test_what_is_a_mail_address(text: str, is_mail: bool) -> None:
    assert is_email(text) == is_mail


@pytest.mark.parametrize(
    ("tag", "is_tag"),
    [
        ("de", True),
        ("DE", True),
        ("de-AT", True),
        ("de-1996", True),
        ("it-1996", False),
        ("de-Latn-DE", True),
        ("sl-IT-nedis", True),
        ("zh-cmn-Hans-CN", True),
        ("en-cmn", False),
        ("es-419", True),
        ("es-999", False),
        ("nds", True),
        ("hsb", True),
        ("x-muster", True),
        ("i-klingon", True),
        ("en-a-bbb-x-privat", True),
        ("deu", False),
        ("ita", False),
        ("de_DE", False),
        ("hr_HR", False),
        ("xx", False),
        ("de-Muster-DE", False),
        ("de-XYZ", False),
        ("Deutsch", False),
        ("no such language", False),
        ("", False),
        ("|de|", False),
    ],
)
def test_what_is_a_language_tag(tag: str, is_tag: bool) -> None:
    assert is_language_tag(tag) == is_tag


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("abc", 3),
        ("a\r\nb", 3),
        ("Bäche", 5),
        ("Ba\u0308che", 5),
        ("한국", 2),
        ("\u1112\u1161\u11ab\u1100\u116e\u11a8", 2),
        ("👩‍👩‍👧‍👦", 1),
        ("👍🏽", 1),
        ("🇩🇪🇦🇹", 2),
        ("🇩🇪 🇦", 3),
        ("❤️", 1),
        ("ä\r\nö", 3),
        ("e\u0301\r\ne\u0301", 3),
    ],
)
def test_a_text_is_as_long_as_a_reader_sees_it(text: str, length: int) -> None:
    assert visible_length(text) == length


@given(st.text(max_size=50))
def test_nothing_is_longer_than_its_signs(text: str) -> None:
    assert 0 <= visible_length(text) <= len(text)
    assert (visible_length(text) == 0) == (text == "")


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("2026-02-28", True),
        ("2024-02-29", True),
        ("2026-02-29", False),
        ("2026-2-3", False),
        ("20260203", False),
    ],
)
def test_what_is_a_date(text: str, is_one: bool) -> None:
    assert is_date(text) == is_one


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("TODO", True),
        ("to-do", True),
        ("tbd", True),
        ("XXX", True),
        ("...", True),
        ("-", True),
        ("My project", True),
        ("My fery first component", True),
        ("your-project-name", True),
        ("Mein Projekt", True),
        ("Project name", True),
        ("Name der Software", True),
        ("<name>", True),
        ("[Name]", True),
        ("{{ cookiecutter.name }}", True),
        ("${NAME}", True),
        ("Todo-Liste", False),
        ("{shinygouv}", False),
        ("Mein Berlin", False),
        ("MyData", False),
        ("Name it", False),
        ("X", False),
        ("Projektraum", False),
    ],
)
def test_what_is_left_of_a_template_in_a_name(name: str, is_one: bool) -> None:
    assert is_placeholder_name(name) == is_one


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("https://example.com/a", True),
        ("https://www.example.org", True),
        ("https://git.muster.example/a", True),
        ("http://localhost:8000/", True),
        ("https://git.muster.test/italia/medusa.git", True),
        ("https://git.muster.test/TUO_USERNAME/a", True),
        ("https://git.muster.test/your-org/your-repo", True),
        ("https://git.muster.test/<owner>/a", True),
        ("https://git.muster.test/kreis/example", False),
        ("https://beispiel.muster.test/a", False),
        ("https://myorg.muster.test/a", False),
        ("https://[kaputt", False),
    ],
)
def test_what_is_left_of_a_template_in_an_address(address: str, is_one: bool) -> None:
    assert is_placeholder_address(address) == is_one


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("TODO", True),
        ("tbd.", True),
        ("Short description", True),
        ("A short description here", True),
        ("Kurze Beschreibung", True),
        ("Lorem ipsum dolor sit amet, consetetur", True),
        ("Very long description of this software, also split\non multiple rows. You should", True),
        ("A rather short description which is probably useless", True),
        ("Todo-Listen für Ämter", False),
        ("Kurze Beschreibungen von Denkmälern", False),
        ("", False),
    ],
)
def test_what_is_left_of_a_template_in_a_text(text: str, is_one: bool) -> None:
    assert is_placeholder_text(text) == is_one
