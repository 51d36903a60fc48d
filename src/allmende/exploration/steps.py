"""The fifteen steps of a market exploration, in the order in which practice takes them (§ 28 VgV, § 20 UVgO)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

State = Literal["open", "begun", "done", "blocked"]


@dataclass(frozen=True)
class StepState:
    """How far a step is. `why` says in one sentence what is missing or why nothing can be done; "" where nothing is."""

    state: State
    why: str = ""


@dataclass(frozen=True)
class Step:
    """`address` is the last part of the step's page; `needs_plan`: nothing may happen there before the plan is fixed.

    `is_needed`: the case cannot be handed in while it is open. `is_after`: it comes once the case is frozen.
    """

    code: str
    number: int
    title: str
    why: str
    needs_plan: bool = False
    is_needed: bool = True
    is_after: bool = False

    @property
    def address(self) -> str:
        return self.code


_LISTED = (
    Step(
        "bedarf",
        1,
        "Bedarf beschreiben",
        "Wer das Problem beschreibt und nicht das Produkt, lässt den Markt antworten.",
    ),
    Step(
        "zustaendigkeit",
        2,
        "Zuständigkeit und Interessenkonflikte klären",
        "Wer mitwirkt, erklärt, ob eigene Interessen berührt sind (§ 6 VgV, § 4 UVgO).",
    ),
    Step(
        "wege",
        3,
        "Selbst machen, mitnutzen oder kaufen",
        "Vor dem Kauf steht die Frage, ob es etwas gibt, das Sie mitnutzen oder gemeinsam betreiben können.",
    ),
    Step(
        "plan",
        4,
        "Plan festlegen",
        "Was Sie wissen wollen und wen Sie fragen, legen Sie fest, bevor Sie nachsehen.",
    ),
    Step(
        "recherche",
        5,
        "Recherchieren",
        "Jede Suche mit Quelle, Tag, Suchworten und Treffern.",
        needs_plan=True,
    ),
    Step(
        "auswahl",
        6,
        "Von der langen zur kurzen Liste",
        "Zu jedem Eintrag steht, warum er bleibt oder ausscheidet.",
        needs_plan=True,
    ),
    Step(
        "ansprache",
        7,
        "Unternehmen ansprechen",
        "Alle bekommen denselben Text, dieselben Fragen und dieselbe Frist.",
        needs_plan=True,
    ),
    Step(
        "gespraeche",
        8,
        "Gespräche und Vorführungen",
        "Von jedem Gespräch gibt es ein Protokoll, und was alle angeht, erfahren alle.",
        needs_plan=True,
        is_needed=False,
    ),
    Step(
        "auswertung",
        9,
        "Auswerten",
        "Was belegt ist und was Unternehmen von sich sagen, steht getrennt.",
        needs_plan=True,
    ),
    Step(
        "auftragswert",
        10,
        "Auftragswert schätzen",
        "Der geschätzte Wert entscheidet, welche Regeln gelten (§ 3 VgV).",
    ),
    Step(
        "schlussfolgerung",
        11,
        "Schlussfolgerungen ziehen",
        "Hier steht, was der Markt hergibt und was daraus für die Vergabe folgt.",
    ),
    Step(
        "vorbefassung",
        12,
        "Mitwirkung von Unternehmen ausgleichen",
        "Wer bei der Vorbereitung mitgewirkt hat, darf daraus keinen Vorsprung haben (§ 7 VgV, § 5 UVgO).",
    ),
    Step("freigabe", 13, "Freigeben und abschließen", "Eine zweite Person liest alles und gibt es frei."),
    Step(
        "vergabe",
        14,
        "Ergebnis der Vergabe nachtragen",
        "Die Vergabe selbst läuft außerhalb von Allmende; hier steht, was daraus wurde.",
        is_needed=False,
        is_after=True,
    ),
    Step(
        "nachlauf",
        15,
        "Nachlauf",
        "Ihre Erfahrung hilft der nächsten Kommune, und das Vertragsende kommt nicht überraschend.",
        is_needed=False,
        is_after=True,
    ),
)
STEPS: Mapping[str, Step] = {step.code: step for step in _LISTED}
