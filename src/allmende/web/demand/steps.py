"""The pages of the form: their names in addresses, their titles, why we ask, and how far each is."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from allmende.demand.completeness import OPTIONAL_STEPS, Gap, gaps
from allmende.demand.drafts import NeedDraft
from allmende.demand.models import Need
from allmende.web.components.parts import Task
from allmende.web.demand.criteria_form import Criteria
from allmende.web.demand.forms import Audience, Field, Frame, PageForm, People, Problem, Together


@dataclass(frozen=True)
class Step:
    """One topic on one page. `why`: the reason of the questions, in a line."""

    code: str
    title: str
    why: str
    form: type[PageForm]


STEPS: Mapping[str, Step] = {
    step.code: step
    for step in (
        Step(
            "problem",
            "Was ist das Problem?",
            "Wer das Problem versteht, kann mehr vorschlagen als das, was Sie schon kennen.",
            Problem,
        ),
        Step("menschen", "Für wen ist es?", "Die Größe entscheidet, was passt und was es kostet.", People),
        Step(
            "handlungsfeld",
            "Wozu gehört es?",
            "Danach finden Sie Lösungen, und andere finden Ihren Bedarf.",
            Field,
        ),
        Step(
            "kriterien",
            "Was muss sein, was soll sein?",
            "Daran prüfen wir jede Lösung und zeigen, was erfüllt ist, was nicht und wozu Angaben fehlen.",
            Criteria,
        ),
        Step(
            "rahmen",
            "Was gibt es schon, und welchen Rahmen haben Sie?",
            "Anbieter sehen, ob sie dazu passen, bevor jemand Zeit verliert.",
            Frame,
        ),
        Step(
            "zusammenarbeit",
            "Allein oder zusammen?",
            "Viele Kommunen suchen dasselbe. Zusammen ist es oft günstiger.",
            Together,
        ),
        Step(
            "sichtbarkeit", "Wer darf das lesen?", "Sie allein entscheiden, wer den Bedarf sieht.", Audience
        ),
    )
}


def after(step: Step) -> Step | None:
    """The next page, None behind the last."""
    codes = list(STEPS)
    rest = codes[codes.index(step.code) + 1 :]
    return STEPS[rest[0]] if rest else None


def tasks(need: Need, draft: NeedDraft, *, why_locked: str = "") -> list[Task]:
    """The task list, and at its end the step that leads out. `why_locked`: why that is not possible yet."""
    missing = gaps(draft)
    lines = [_task(need, step, [gap for gap in missing if gap.step == step.code]) for step in STEPS.values()]
    label = "Prüfen und veröffentlichen"
    why = "Füllen Sie zuerst die anderen Seiten aus." if missing else why_locked
    if need.state == "published" and need.working is None and not why:
        why = "Es ist noch nichts geändert."
    href = reverse("need_review", args=[need.public_id])
    last = Task(label, "locked", hint=why) if why else Task(label, "open", href)
    return [*lines, last]


def _task(need: Need, step: Step, missing: list[Gap]) -> Task:
    href = reverse("need_step", args=[need.public_id, step.code])
    state = need.steps.get(step.code)
    if missing:
        return Task(step.title, "begun" if state else "open", href, missing[0].message)
    if state is None:
        optional = step.code in OPTIONAL_STEPS
        return Task(step.title, "optional" if optional else "open", href, step.why)
    return Task(step.title, "done", href)
