"""The pages of the form: their names in addresses, their titles, why we ask, and how far each is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django.urls import reverse

from allmende.catalogue import completeness
from allmende.catalogue.completeness import BEYOND, OPTIONAL_STEPS, Gap, gaps
from allmende.catalogue.contents import Content
from allmende.catalogue.models import WorkingCopy
from allmende.web.components.parts import Task
from allmende.web.offers.beyond import Beyond
from allmende.web.offers.forms import StepForm
from allmende.web.offers.offer_forms import Contact, Operation
from allmende.web.offers.prices import Prices
from allmende.web.offers.solution_forms import Needs, Proof, Purpose, What


@dataclass(frozen=True)
class Step:
    """One topic on one page. `why`: the reason of the questions, in a line."""

    code: str
    title: str
    why: str
    form: type[StepForm]


STEPS: Mapping[str, Step] = {
    step.code: step
    for step in (
        Step("was", "Was ist es?", "Danach entscheiden Menschen, ob sie weiterlesen.", What),
        Step("wofuer", "Wofür ist es?", "Damit die richtigen Kommunen die Lösung finden.", Purpose),
        Step(
            "betrieb",
            "Was bieten Sie an?",
            "Kommunen vergleichen, wer liefert, betreibt und verkauft.",
            Operation,
        ),
        Step(
            "preise",
            "Was kostet es?",
            "Mit Ihren Zeilen rechnen Kommunen aus, was es für sie kostet.",
            Prices,
        ),
        Step(
            "anforderungen",
            "Was braucht man dazu?",
            "Damit eine Kommune weiß, ob es zu ihrer Technik passt.",
            Needs,
        ),
        Step("nachweise", "Wo steht mehr darüber?", "Wer vergleicht, will es selbst nachlesen.", Proof),
        Step("ansprechstelle", "Wer beantwortet Fragen?", "Damit Fragen bei Ihnen ankommen.", Contact),
        Step(
            BEYOND,
            "Was noch veröffentlicht wird",
            "Das wissen wir aus Ihrer Datei oder aus früheren Angaben. Auf den anderen Seiten kommt es nicht vor.",
            Beyond,
        ),
    )
}


def steps_of(copy: WorkingCopy, content: Content) -> list[Step]:
    return [STEPS[code] for code in completeness.steps_of(copy.kind, content)]


def after(copy: WorkingCopy, step: Step, content: Content) -> Step | None:
    """The next page, None behind the last."""
    codes = completeness.steps_of(copy.kind, content)
    rest = codes[codes.index(step.code) + 1 :]
    return STEPS[rest[0]] if rest else None


def tasks(copy: WorkingCopy, content: Content, *, why_locked: str = "") -> list[Task]:
    """The task list: the pages, and at its end the step that leads out. `why_locked`: why that is not possible yet."""
    missing = gaps(content, copy.kind)
    lines = [
        _task(copy, step, [gap for gap in missing if gap.step == step.code])
        for step in steps_of(copy, content)
    ]
    label = "Prüfen und einreichen" if copy.is_new else "Prüfen und veröffentlichen"
    open_pages = sum(task.state in ("open", "begun") for task in lines)
    if any(gap.is_needed for gap in missing):
        why = "Füllen Sie zuerst die anderen Seiten aus." if open_pages else "Es fehlen noch Angaben."
    else:
        why = why_locked
    href = reverse("offer_review", args=[copy.public_id])
    last = Task(label, "locked", hint=why) if why else Task(label, "open", href)
    return [*lines, last]


def _task(copy: WorkingCopy, step: Step, missing: list[Gap]) -> Task:
    href = reverse("offer_step", args=[copy.public_id, step.code])
    said = copy.reasons.get(step.code)
    if said:
        return Task(step.title, "begun", href, f"Die Redaktion schreibt: {said}")
    needed = [gap.message for gap in missing if gap.is_needed]
    if step.code not in copy.steps and not _is_filled(step, missing):
        hint = missing[0].message if missing and not needed else step.why
        return Task(step.title, _untouched(step, needed), href, needed[0] if needed else hint)
    if needed:
        return Task(step.title, "begun", href, needed[0])
    return Task(step.title, "done", href)


def _untouched(step: Step, needed: list[str]) -> Literal["open", "optional", "look"]:
    """How a page is called that nobody has opened: open is only what is needed."""
    if step.code == BEYOND:
        return "look"
    return "open" if needed else "optional"


def _is_filled(step: Step, missing: list[Gap]) -> bool:
    """Whether a page nobody has opened has all it needs, as after reading a file in."""
    return step.code not in OPTIONAL_STEPS and not missing
