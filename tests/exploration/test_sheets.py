"""Sheets: content of a file, answers of the right shape, and a plan that is fixed before anybody looks."""

import datetime
import tomllib
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.exploration.actions.conclusions import note_involvement, suggest_involvements
from allmende.exploration.actions.reminding import remind
from allmende.exploration.actions.sheets import fix_plan, note_deviation, plan_step, save_sheet
from allmende.exploration.checklist import checklist
from allmende.exploration.models import Case, Deviation, Inquiry, Involvement, Questionnaire, Sheet, Talk
from allmende.exploration.sheets import checked, content_of, contents, in_words, read
from allmende.exploration.steps import STEPS
from allmende.exploration.wording import NO_TENDER
from allmende.journal.models import Entry
from allmende.lib.refusals import OutOfDate, Refused
from tests.exploration.hall import ANSWERS, PROGRAM, Hall, fill, with_plan


def save(hall: Hall, step: str, answers: Any, version: int = 0, by: str = "lead", **more: Any) -> Sheet:
    told = {"is_done": False, "lock_version": version, **more}
    return save_sheet(hall.case, step, lambda _: answers, by=hall.actor(by), now=hall.now, **told)


def test_the_steps_are_the_fifteen_of_practice_in_their_order() -> None:
    assert [step.number for step in STEPS.values()] == list(range(1, 16))
    assert list(STEPS) == [
        "bedarf", "zustaendigkeit", "wege", "plan", "recherche", "auswahl", "ansprache", "gespraeche", "auswertung",
        "auftragswert", "schlussfolgerung", "vorbefassung", "freigabe", "vergabe", "nachlauf",
    ]  # fmt: skip


def test_every_sheet_can_be_filled_and_every_hint_has_a_source() -> None:
    assert set(contents()) == set(ANSWERS)
    for step, content in contents().items():
        assert content.gaps(checked(step, ANSWERS[step])) == []
        assert [note.title for note in content.notes if not (note.source and note.text)] == []


def test_the_fixed_sentence_says_what_it_is_not() -> None:
    assert NO_TENDER.startswith("Dies ist eine Markterkundung und keine Ausschreibung.")
    for word in ("unverbindlich", "kein Anspruch auf einen Auftrag", "nicht vergütet"):
        assert word in NO_TENDER


@pytest.mark.parametrize(
    "broken",
    [
        '[[step]]\ncode = "unfug"',
        '[[step]]\ncode = "wege"\n[[step]]\ncode = "wege"',
        '[[step]]\ncode = "wege"\n[[step.question]]\ncode = "a"\ntext = "A"\nkind = "choice"',
        '[[step]]\ncode = "wege"\n[[step.question]]\ncode = "a"\ntext = "A"\nkind = "line"\nchoices = [["x", "X"]]',
        '[[step]]\ncode = "wege"\n[[step.question]]\ncode = "a"\ntext = "A"\nkind = "sum"',
        '[[step]]\ncode = "wege"\n[[step.question]]\ncode = "a"\ntext = "A"\nkind = "line"\n'
        '[[step.question]]\ncode = "a"\ntext = "B"\nkind = "line"',
        '[[step]]\ncode = "wege"\n[[step.question]]\ncode = "a"\ntext = "A"\nkind = "line"\n'
        'when = { question = "b", is = ["x"] }',
    ],
)
def test_content_that_does_not_hold_together_is_not_read(broken: str) -> None:
    with pytest.raises(ValueError):
        read(tomllib.loads(broken))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


@given(step=st.sampled_from(sorted(ANSWERS)), value=JSON, at=st.integers(0, 9))
def test_whatever_is_sent_is_kept_in_its_shape_or_refused_in_words(step: str, value: object, at: int) -> None:
    questions = content_of(step).questions  # type: ignore[union-attr]
    question = questions[at % len(questions)]
    try:
        kept, said = checked(step, {question.code: value}), question.text
    except Refused as refusal:
        kept, said = {}, refusal.message
    assert question.text in said
    # What was kept is kept again as it is, and can be read aloud.
    assert checked(step, kept) == kept
    assert all(line.strip() for line in in_words(question, kept.get(question.code)))


def test_a_question_that_is_asked_no_more_leaves_its_answer_where_it_is(hall: Hall) -> None:
    fill(hall, "bedarf")
    Sheet.objects.filter(case=hall.case).update(answers={"checked": "yes", "frueher": "Ein Wort"})
    save(hall, "bedarf", {"checked": "yes", "background": "Neu"}, version=1)
    assert Sheet.objects.get(case=hall.case).answers == {
        "checked": "yes",
        "background": "Neu",
        "frueher": "Ein Wort",
    }


def test_a_question_that_joins_opens_a_finished_step_again(hall: Hall) -> None:
    fill(hall, "wege")
    line = next(each for each in checklist(hall.case) if each.step.code == "wege")
    assert line.state.state == "done"
    Sheet.objects.filter(step="wege").update(answers={"buy": {"verdict": "fits", "reason": "Ja."}})
    line = next(each for each in checklist(hall.case) if each.step.code == "wege")
    assert (line.state.state, line.state.why) == (
        "begun",
        "Es fehlt noch: Mit eigenen Leuten und Mitteln lösen",
    )


def test_a_way_counts_as_considered_with_verdict_and_reason_alone(hall: Hall) -> None:
    content = content_of("wege")
    assert content is not None
    for said in (
        {"verdict": "fits", "reason": " "},
        {"verdict": "", "reason": "Ja."},
        {"verdict": "open", "reason": "Ja."},
    ):
        gaps = content.gaps({**ANSWERS["wege"], "buy": said})
        assert [each.code for each in gaps] == ["buy"]


def test_two_who_write_at_once_do_not_write_over_each_other(hall: Hall) -> None:
    save(hall, "wege", {"conclusion": "Eins"}, page="a")
    with pytest.raises(OutOfDate):
        save(hall, "wege", {"conclusion": "Zwei"}, by="editor", page="b")
    # The page that saved last goes on, though it does not know yet that it has saved.
    assert save(hall, "wege", {"conclusion": "Drei"}, page="a").lock_version == 2


def test_late_words_of_a_page_do_not_open_a_finished_step_again(hall: Hall) -> None:
    """Saving as one types may arrive after the button that finished the step."""
    save(hall, "bedarf", {"checked": "yes"}, is_done=True, page="a")
    assert save(hall, "bedarf", {"checked": "yes"}, page="a").is_done
    assert not save(hall, "bedarf", {"checked": "yes", "background": "Neu"}, page="a").is_done


def test_saving_as_one_types_is_told_once(hall: Hall) -> None:
    for version in range(4):
        save(hall, "wege", {"conclusion": str(version)}, version=version)
    assert Entry.objects.filter(kind="exploration.sheet_saved").count() == 1
    save(hall, "wege", {"conclusion": "x"}, version=4, by="editor")
    assert Entry.objects.filter(kind="exploration.sheet_saved").count() == 2


def test_a_step_without_a_sheet_and_an_answer_to_no_question_are_refused(hall: Hall) -> None:
    with pytest.raises(Refused, match="kein Blatt"):
        save(hall, "recherche", {})
    with pytest.raises(Refused, match="Diese Fragen gibt es hier nicht: unfug"):
        checked("wege", {"unfug": "x"})
    with pytest.raises(Refused, match="ein Zeichen, das sich nicht speichern lässt"):
        checked("wege", {"conclusion": "a\x00b"})
    with pytest.raises(Refused, match="1 Zeichen zu lang"):
        checked("plan", {"who_answers": "x" * 301})


def test_a_plan_is_fixed_once_it_is_whole_and_by_the_lead(hall: Hall) -> None:
    lead = hall.actor("lead")
    with pytest.raises(Refused, match="Es fehlt: Wozu erkunden Sie den Markt"):
        fix_plan(hall.case, by=lead, now=hall.now)
    save(hall, "plan", {**ANSWERS["plan"], "to": "2026-11-01"})
    with pytest.raises(Refused, match="liegt vor dem Beginn"):
        fix_plan(hall.case, by=lead, now=hall.now)
    save(hall, "plan", dict(ANSWERS["plan"]), version=1)
    with pytest.raises(Refused, match="legt die federführende Person fest"):
        fix_plan(hall.case, by=hall.actor("editor"), now=hall.now)
    case = fix_plan(hall.case, by=lead, now=hall.now)
    assert (case.plan_fixed_at, case.plan_fixed_by) == (hall.now, lead.id)
    with pytest.raises(Refused, match="schon festgelegt"):
        fix_plan(hall.case, by=lead, now=hall.now)


def test_a_fixed_plan_changes_with_a_reason_question_by_question(hall: Hall) -> None:
    with_plan(hall)
    changed = {**ANSWERS["plan"], "sources": ["allmende"], "to": "2027-01-31"}
    with pytest.raises(Refused, match="Der Plan ist festgelegt"):
        save(hall, "plan", changed, version=1)
    with pytest.raises(Refused, match="ändert die federführende Person"):
        save(hall, "plan", changed, version=1, by="editor", reason="Mehr Zeit.")
    save(hall, "plan", changed, version=1, reason="Mehr Zeit.")
    said = [(each.what, each.reason) for each in Deviation.objects.order_by("pk")]
    assert said == [
        ("Plan geändert. Wo sehen Sie nach? Vorher: „dieser Marktplatz; andere Kommunen“. Jetzt: „dieser Marktplatz“.",
         "Mehr Zeit."),
        ("Plan geändert. Ende Vorher: „23.12.2026“. Jetzt: „31.01.2027“.", "Mehr Zeit."),
    ]  # fmt: skip
    # What stays as it is needs no reason.
    save(hall, "plan", changed, version=2)
    assert Deviation.objects.count() == 2


def test_a_deviation_says_what_and_why(hall: Hall) -> None:
    lead = hall.actor("lead")
    for step, what, reason in (("unfug", "a", "b"), ("plan", " ", "b"), ("plan", "a", "")):
        with pytest.raises(Refused):
            note_deviation(hall.case, step=step, what=what, reason=reason, by=lead, now=hall.now)
    note_deviation(hall.case, step="plan", what=" Kürzer ", reason="Eilt", by=lead, now=hall.now)
    assert Deviation.objects.get().what == "Kürzer"


def test_people_are_reminded_once_some_days_ahead_of_what_is_not_done(hall: Hall) -> None:
    today, lead = hall.now.date(), hall.actor("lead")
    fill(hall, "bedarf")
    plan_step(hall.case, "wege", user=hall["editor"], due_on=today + timedelta(days=3), by=lead, now=hall.now)
    plan_step(
        hall.case, "schlussfolgerung", user=None, due_on=today + timedelta(days=4), by=lead, now=hall.now
    )
    plan_step(hall.case, "bedarf", user=None, due_on=today, by=lead, now=hall.now)
    Case.objects.filter(pk=hall.case.pk).update(due_on=today + timedelta(days=7))
    told = [remind(by=PROGRAM, now=hall.now + timedelta(days=day)) for day in (0, 0, -30, 1)]
    assert told == [2, 0, 0, 1]
    entries = Entry.objects.filter(kind__in=("exploration.step_plan_due", "exploration.case_due")).order_by(
        "pk"
    )
    assert [(each.data.get("step"), each.data["person"]) for each in entries] == [
        ("wege", hall["editor"].public_id),
        (None, lead.id),
        ("schlussfolgerung", lead.id),
    ]
    # A new day is a new reminder.
    plan_step(hall.case, "wege", user=None, due_on=today + timedelta(days=2), by=lead, now=hall.now)
    assert remind(by=PROGRAM, now=hall.now) == 1


@pytest.mark.parametrize("state", ["submitted", "frozen", "stopped", "erased"])
def test_nobody_is_reminded_of_what_does_not_run(hall: Hall, state: str) -> None:
    plan_step(hall.case, "wege", user=None, due_on=hall.now.date(), by=hall.actor("lead"), now=hall.now)
    Case.objects.filter(pk=hall.case.pk).update(state=state, ended_at=hall.now, stopped_reason="x")
    assert remind(by=PROGRAM, now=hall.now) == 0


def test_companies_that_answered_or_talked_are_suggested_once_and_looked_at_by_a_person(hall: Hall) -> None:
    by, now = hall.actor("lead"), hall.now
    asked = Questionnaire.objects.create(case=hall.case)
    for name, state in (("Alpha GmbH", "answered"), ("Beta GmbH", "silent")):
        Inquiry.objects.create(questionnaire=asked, company_name=name, state=state)
    for name in ("Alpha GmbH", "Gamma GmbH"):
        Talk.objects.create(
            case=hall.case, company_name=name, held_at=now, minutes_long=30, participants="A", content="B",
            told_to_company="Unsere Mengen.", written_at=now, written_by="x",
        )  # fmt: skip
    assert [suggest_involvements(hall.case, by=by, now=now) for _ in range(2)] == [2, 0]
    rows = Involvement.objects.order_by("company_name").values_list(
        "company_name", "how", "knows", "is_suggested"
    )
    assert list(rows) == [
        ("Alpha GmbH", "Hat den Fragebogen beantwortet. Es gab ein Gespräch oder eine Vorführung.", "Unsere Mengen.",
         True),
        ("Gamma GmbH", "Es gab ein Gespräch oder eine Vorführung.", "Unsere Mengen.", True),
    ]  # fmt: skip
    line = next(each for each in checklist(hall.case) if each.step.code == "vorbefassung")
    assert line.state.why == "Sehen Sie die Vorschläge durch."
    for name in ("Alpha GmbH", "Gamma GmbH"):
        note_involvement(
            hall.case, company_name=name, how="Sprach.", measures="Alle bekommen alles.", by=by, now=now
        )
    assert not Involvement.objects.filter(is_suggested=True).exists()
    fill(hall, "vorbefassung")
    line = next(each for each in checklist(hall.case) if each.step.code == "vorbefassung")
    assert line.state.state == "done"


def test_hints_are_dated() -> None:
    days = {note.as_of for content in contents().values() for note in content.notes}
    assert all(isinstance(day, datetime.date) for day in days)
