"""One place, many spellings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.catalogue.addresses import is_web_address, repository_key


@pytest.mark.parametrize(
    "spelling",
    [
        "https://github.com/Stadt/Melder",
        "http://github.com/stadt/melder",
        "https://www.github.com/stadt/melder/",
        "https://github.com/stadt/melder.git",
        "https://github.com/stadt/melder.git/",
        "https://GITHUB.com:443//stadt/melder",
        "git@github.com:stadt/melder.git",
        "ssh://git@github.com/stadt/melder",
        "github.com/stadt/melder",
        "https://github.com/stadt/melder/tree/main/backend",
        "https://github.com/stadt/melder?tab=readme#top",
        "  https://github.com/stadt/melder  ",
    ],
)
def test_all_spellings_of_an_address_have_one_key(spelling):
    assert repository_key(spelling) == "github.com/stadt/melder"


@pytest.mark.parametrize(
    "text", [None, "", " ", "https://", "https://github.com", "https://github.com/", "http://[::1"]
)
def test_what_names_no_repository_has_no_key(text):
    assert repository_key(text) == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://github.com/stadt/melder", "https://github.com/stadt/melder2"),
        ("https://github.com/stadt/melder", "https://gitlab.com/stadt/melder"),
        ("https://gitlab.opencode.de/a/b/c", "https://gitlab.opencode.de/a/b"),
    ],
)
def test_different_places_have_different_keys(one, other):
    assert repository_key(one) != repository_key(other)


@given(
    st.from_regex(r"(https?://|git@)?[a-zA-Z.]{1,12}[:/][\w./:@?#%-]{0,30}", fullmatch=True)
    | st.text(max_size=60)
)
def test_any_text_has_a_key_and_a_key_stands_for_itself(text):
    key = repository_key(text)

    if key:
        assert repository_key(f"https://{key}") == key


@given(st.text(max_size=40))
def test_no_text_breaks_the_look_at_an_address(text):
    assert is_web_address(text) in (True, False)
    assert not is_web_address(f"javascript:{text}")


@pytest.mark.parametrize("text", ["https://a.example", "http://a.example/b?c#d"])
def test_addresses_that_a_page_may_link_to(text):
    assert is_web_address(text)
