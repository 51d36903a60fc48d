"""The guard that watches every journey does see what it is there for."""

import re
from typing import Any

from tests.support.browser import Guard
from tests.support.sweep import Sweep


def _watched(browser: Any, guard: Guard) -> Any:
    page = browser.new_context().new_page()
    guard.watch(page)
    return page


def test_a_page_that_asks_a_foreign_host_is_reported_and_gets_no_answer(browser: Any) -> None:
    guard = Guard()
    page = _watched(browser, guard)
    page.set_content('<img src="http://fonts.example/letter.png" alt="">')
    page.wait_for_timeout(200)
    assert guard.complaints == ["A page asked a foreign host: http://fonts.example/letter.png"]
    page.context.close()


def test_a_script_that_throws_is_reported(browser: Any) -> None:
    guard = Guard()
    page = _watched(browser, guard)
    page.set_content("<script>throw new Error('kaputt')</script>")
    page.wait_for_timeout(200)
    assert guard.complaints == ["Script error on about:blank: kaputt"]
    page.context.close()


def test_an_inline_script_is_stopped_by_the_policy_and_reported(browser: Any, live_server: Any) -> None:
    guard = Guard()
    page = _watched(browser, guard)
    page.goto(f"{live_server.url}/gibt-es-nicht")
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {textContent: '1'}))")
    page.wait_for_timeout(200)
    assert [line.split(":")[0] for line in guard.complaints] == ["Content security policy broken on http"]
    page.context.close()


def test_the_accessibility_check_finds_a_picture_without_words(browser: Any, axe: Any) -> None:
    page = browser.new_context().new_page()
    page.set_content(
        '<html lang="de"><title>Probe</title><main><h1>Probe</h1><img src="data:,"></main></html>'
    )
    assert [line.split(": ")[1] for line in axe(page)] == ["image-alt"]
    page.context.close()


def test_the_overflow_check_names_what_sticks_out(browser: Any, overflow: Any) -> None:
    page = browser.new_context(viewport={"width": 320, "height": 640}).new_page()
    page.set_content('<body style="margin:0"><p>kurz</p><div class="wide" style="width:400px">breit</div>')
    assert overflow(page) == ["about:blank: wider than the window", "div.wide ends at 400"]
    page.context.close()


LOOKS = """<html lang="de"><head><title>Probe – Allmende</title><style>
body { background: white; color: black }
#pale { color: #aaa }
@media (prefers-color-scheme: dark) { body { background: black; color: white } #night { color: #333 } }
</style></head><body><main><h1>Probe</h1><p hidden style="color: #aaa">nicht zu sehen</p>%s</main></body></html>"""


def _swept(browser: Any, overflow: Any, *bodies: str) -> list[str]:
    """By the ids of what is complained about, with the scheme."""
    page = browser.new_context().new_page()
    sweep = Sweep(page, overflow)
    for body in bodies:
        page.goto("about:blank")
        page.set_content(LOOKS % body)
        sweep.look()
    page.context.close()
    found = [re.search(r"#(\w+) – .*(\(\w+\))$", line) for line in sweep.complaints]
    return sorted(f"{each[1]} {each[2]}" if each else "?" for each in found)


PALE, NIGHT, GOOD = '<p id="pale">blass</p>', '<p id="night">nachts</p>', "<p>gut</p>"


def test_the_sweep_sees_pale_text_in_both_schemes(browser: Any, overflow: Any) -> None:
    assert _swept(browser, overflow, GOOD) == []
    assert _swept(browser, overflow, PALE + NIGHT) == ["night (dark)", "pale (light)"]


def test_the_sweep_judges_a_look_once_and_each_new_one(browser: Any, overflow: Any) -> None:
    grey = '<div style="background: #777"><p id="grey">auf Grau</p></div>'
    assert _swept(browser, overflow, GOOD, GOOD + PALE, PALE) == ["pale (light)"]
    assert _swept(browser, overflow, GOOD, GOOD + grey) == ["grey (dark)"]
