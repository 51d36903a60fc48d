"""What a stranger writes as Markdown cannot run, load or pretend."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.web.components.markdown import MOST_CHARACTERS, plain_text, render_markdown

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<style>body{display:none}</style>",
    '<a href="javascript:alert(1)">hier</a>',
    "[hier](javascript:alert(1))",
    "[hier](JaVaScRiPt&colon;alert(1))",
    "[hier](data:text/html;base64,PHNjcmlwdD4=)",
    "[hier](vbscript:x)",
    "[hier](/konto/abmelden)",
    "[hier](//boese.invalid)",
    "![Bild](https://boese.invalid/zaehler.gif)",
    '![Bild](x" onerror="alert(1))',
    "<iframe src=https://boese.invalid></iframe>",
    "<svg/onload=alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    '<https://boese.invalid/" onclick="alert(1)>',
    "<div style=position:fixed>",
    "`<script>`",
    "| <script> |\n|---|\n| <img src=x onerror=1> |",
    "[a](https://beispiel.invalid 'x\" onmouseover=\"alert(1)')",
]
_TAGS = "p|br|hr|h[2-6]|ul|ol|li|strong|em|code|pre|blockquote|table|thead|tbody|tr|th|td|del"
_LINK = r"href=\"(?:https?:|mailto:)[^\"<>]*\"|class=\"am-external\"|rel=\"nofollow noopener\""
ALLOWED = re.compile(rf"</?(?:{_TAGS})(?: start=\"\d+\")?>|</a>|<a(?: (?:{_LINK}))+>")


def leftover(html: str) -> str:
    """What remains of the mark-up when all that we allow is taken away."""
    return "".join(re.findall(r"<[^>]*>?", ALLOWED.sub("", html)))


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_becomes_text(attack: str) -> None:
    assert leftover(render_markdown(attack)) == ""


@given(
    st.text(alphabet=st.sampled_from(list("<>[]()!\"'`*_#|-=:/ \nabjavascriptonerror&;\t\\")), max_size=200)
)
@settings(max_examples=300)
def test_no_text_leads_to_other_mark_up(text: str) -> None:
    assert leftover(render_markdown(text)) == ""


@given(st.text(max_size=300))
def test_any_text_is_rendered(text: str) -> None:
    render_markdown(text)
    plain_text(text)


def test_markdown_becomes_html() -> None:
    html = render_markdown(
        "Ein **Satz** mit [Verweis](https://beispiel.invalid/a?b=1&c=2).\n\n- eins\n- zwei"
    )
    assert html == (
        '<p>Ein <strong>Satz</strong> mit <a href="https://beispiel.invalid/a?b=1&amp;c=2" class="am-external"'
        ' rel="nofollow noopener">Verweis</a>.</p>\n<ul>\n<li>eins</li>\n<li>zwei</li>\n</ul>'
    )


def test_headings_begin_where_the_page_has_room_and_skip_no_level() -> None:
    html = render_markdown("# Eins\n\n#### Zwei\n\n###### Drei", top_heading=4)
    assert re.findall(r"<h\d>", html) == ["<h4>", "<h5>", "<h6>"]


def test_a_picture_leaves_its_text() -> None:
    assert "<img" not in render_markdown("![Plan der Stadt](https://beispiel.invalid/plan.png)")


def test_a_very_long_text_is_cut() -> None:
    assert len(render_markdown("a " * MOST_CHARACTERS)) < MOST_CHARACTERS + 100


def test_deep_nesting_ends() -> None:
    assert render_markdown(">" * 10_000 + "x")


def test_plain_text_is_one_line_without_marks() -> None:
    assert (
        plain_text("# Titel\n\nEin **Satz**\nmit `Code`.\n\n```\nkein Text\n```")
        == "Titel Ein Satz mit Code."
    )


def test_plain_text_is_cut_at_a_word() -> None:
    assert plain_text("Bürgerinnen und Bürger melden Schäden", 20) == "Bürgerinnen und …"
