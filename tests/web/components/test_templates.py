"""The fragments themselves: strict policy, known classes, each of them in the gallery."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client

import allmende.web
from allmende.web.components.parts import Origin
from tools import kern

WEB = Path(allmende.web.__file__).parent
TEMPLATES = sorted(WEB.rglob("*.html"))
FRAGMENTS = sorted((WEB / "components" / "templates" / "components").glob("_*.html"))
# They stand inside a sentence: a line break at their end would become a blank before the full stop.
INLINE = ("_badge", "_cell", "_field_attributes", "_field_label", "_invented", "_link", "_origin", "_tag")
CSS = (WEB / "static" / "allmende" / "allmende.css").read_text(encoding="utf-8")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(WEB)))
def test_no_inline_script_no_inline_style_no_handler(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert re.findall(r"<style|<script(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=|javascript:", text) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(WEB)))
def test_nothing_is_loaded_from_elsewhere(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert re.findall(r"<(?:script|link|img|image)[^>]*(?:src|href)=\"(?:https?:)?//", text) == []


def test_every_class_of_ours_is_styled() -> None:
    known = set(re.findall(r"\.(am-[\w-]+)", CSS))
    used = {
        name
        for template in TEMPLATES
        for name in re.findall(
            r"(?<![\w\-#/.])am-[\w-]*\w(?![\w-]|\{)",
            re.sub(r"\{%.*?%\}|data-am-[\w-]+", " ", template.read_text()),
        )
    }
    plain = {"am-external", "am-search--"}
    assert (
        sorted(name for name in used - known - plain if not any(k.startswith(f"{name}-") for k in known))
        == []
    )


def test_every_fragment_is_shown_in_the_gallery() -> None:
    texts = [
        file.read_text(encoding="utf-8")
        for file in [*TEMPLATES, WEB / "components/templatetags/components.py"]
    ]
    missing = [f.stem for f in FRAGMENTS if not any(re.search(rf"{f.stem}\b(?!/)", text) for text in texts)]
    assert missing == []


@pytest.mark.parametrize("name", INLINE)
def test_an_inline_fragment_does_not_end_with_a_blank(name: str) -> None:
    text = (FRAGMENTS[0].parent / f"{name}.html").read_text(encoding="utf-8")
    assert text == text.rstrip()


def render(source: str, **context: object) -> str:
    return Template(f"{{% load components formats %}}{source}").render(Context(context))


def test_foreign_text_carries_its_language_and_german_text_does_not() -> None:
    assert render('{% foreign "Pothole" "en-GB" %}') == (
        '<span lang="en-GB">Pothole</span> <span class="am-lang">auf Englisch</span>'
    )
    assert render('{% foreign "Loch" "de-DE" %}{% foreign "Loch" "" %}') == "LochLoch"


def test_foreign_text_is_escaped() -> None:
    assert "<b>" not in render("{% foreign text 'en' %}", text="<b>")
    assert "<b>" not in render("{% foreign text 'de' %}", text="<b>")


def test_claimed_and_confirmed_read_differently() -> None:
    said = [
        re.sub(
            r"<[^>]+>", "", render('{% include "components/_origin.html" with origin=o only %}', o=origin)
        ).strip()
        for origin in (
            Origin("claimed"),
            Origin("confirmed", "Musterstadt"),
            Origin("derived", "der Einwohnerzahl"),
        )
    ]
    assert said == ["laut Anbieter", "bestätigt von Musterstadt", "abgeleitet aus der Einwohnerzahl"]


@pytest.mark.django_db
def test_the_gallery_is_for_those_who_build(client: Client, settings: Any) -> None:
    settings.DEMO = settings.DEBUG = False
    assert client.get("/komponenten").status_code == 404
    settings.DEMO = True
    assert client.get("/komponenten").status_code == 200
    assert client.get("/komponenten/bestaetigen").status_code == 200


class TestCuttingTheStyleSheet:
    def test_rules_of_other_classes_go(self) -> None:
        css = ".kern-a{x:1}.kern-b,.kern-a .kern-b{x:2}body{x:3}@media (min-width:1px){.kern-b{x:4}.kern-a{x:5}}"
        assert kern.cut(css, {"kern-a"}) == ".kern-a{x:1}body{x:3}@media (min-width:1px){.kern-a{x:5}}"

    def test_a_class_completed_at_run_time_keeps_its_family(self) -> None:
        assert kern.cut(".kern-badge--info{x:1}.kern-card{x:2}", {"kern-badge--"}) == ".kern-badge--info{x:1}"

    def test_a_condition_is_no_use(self) -> None:
        css = ".kern-a:has(.kern-b):not([class*=x]):hover{x:1}:is(body,.kern-dark):not(.kern-z){x:2}"
        assert kern.cut(css, {"kern-a"}) == css

    def test_a_comma_in_brackets_does_not_part(self) -> None:
        assert kern.cut(":is(a,b) .kern-a,.kern-b{x:1}", {"kern-a"}) == ":is(a,b) .kern-a{x:1}"

    def test_properties_that_nothing_uses_go_with_those_they_used(self) -> None:
        css = ":root{--kern-a:1;--kern-b:var(--kern-a);--kern-c:2}p{x:var(--kern-c)}"
        assert kern.without_unused_properties(css, "") == ":root{--kern-c:2}p{x:var(--kern-c)}"
        assert kern.without_unused_properties(css, "var(--kern-b)") == css

    def test_statements_without_a_body_stay(self) -> None:
        assert kern.cut('@charset "UTF-8";.kern-x{a:b}', set()) == '@charset "UTF-8";'
