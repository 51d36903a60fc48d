"""/mein: what waits comes first, what has a last day before that, and nothing stands there twice."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.web.components.parts import Section, Task
from allmende.web.desk.work import Work
from tests.factories.people import signed_in, somebody


def page_of(answer: Any) -> str:
    return str(answer.content.decode())


ANSWER = Task("Stellung nehmen", "open", "/a", until=date(2026, 12, 1))
RENEW = Task("Erneuern", "open", "/b", until=date(2026, 11, 25))
INVITED = Task("Birken lädt Sie ein", "open", "/c")
LOOK = Task("„Alt“ ist zurückgezogen", "look", "/d", until=date(2026, 11, 24))
DRAFT = Task("Entwurf", "begun", "/e")
CHECKED = Task("Angebot", "elsewhere", "/f")
DONE = Task("Meldung", "done", "/g")
NEW = Task("Neues Angebot", "optional", "/h")


def test_what_has_a_last_day_comes_first_then_the_order_of_the_topics_then_what_is_only_to_look_at() -> None:
    work = Work.of([Section("Eins", [LOOK, INVITED]), Section("Zwei", [ANSWER, RENEW])])
    assert work.waiting == (RENEW, ANSWER, INVITED, LOOK)


def test_everything_else_has_a_place_of_its_own() -> None:
    work = Work.of([Section("Eins", [DONE, NEW, CHECKED]), Section("Zwei", [DRAFT])])
    assert (work.waiting, work.begun, work.settled) == ((), (CHECKED, DRAFT), (DONE,))
    assert work.ways == (Section("Eins", [NEW]),)


def test_what_two_topics_name_stands_there_once() -> None:
    work = Work.of([Section("Eins", [INVITED, DRAFT]), Section("Zwei", [INVITED, DRAFT])])
    assert (work.waiting, work.begun) == ((INVITED,), (DRAFT,))


@given(st.lists(st.sampled_from([ANSWER, RENEW, INVITED, LOOK, DRAFT, CHECKED, DONE, NEW])))
def test_no_task_is_lost(tasks: list[Task]) -> None:
    work = Work.of([Section("Eins", tasks)])
    shown = [*work.waiting, *work.begun, *work.settled, *(way for each in work.ways for way in each.tasks)]
    assert set(shown) == set(tasks)


@pytest.mark.django_db
def test_somebody_new_is_told_that_nothing_waits_and_what_to_do(django_user_model: Any) -> None:
    alone = signed_in(django_user_model.objects.create_user("allein@beispiel.example"))
    page = page_of(alone.get("/mein"))
    assert "Zurzeit wartet nichts auf Sie." in page
    assert "Für eine Kommune oder eine andere Organisation anmelden" in page


@pytest.mark.django_db
def test_the_desk_is_named_before_all_else(now: Any) -> None:
    page = page_of(signed_in(somebody("catalogue_editor", now=now)).get("/mein"))
    assert (
        page.index("Was auf Sie wartet") < page.index("Zur Redaktion") < page.index("Wofür Sie hier arbeiten")
    )
