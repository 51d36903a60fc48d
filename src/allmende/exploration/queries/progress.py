"""How far the steps are that are sheets, people and conclusions; what other parts know of theirs, they say themselves.

Each function reads a case whose sheets, members and declarations were loaded with it (`checklist`).
"""

from allmende.exploration.models import Case, CaseMember, ConflictDeclaration, Sheet
from allmende.exploration.queries.involvement import suggestions
from allmende.exploration.sheets import content_of
from allmende.exploration.steps import StepState

DONE, OPEN = StepState("done"), StepState("open")
NO_APPROVER = "Es fehlt eine zweite Person, die freigibt."
NEED_OUTCOME = "Tragen Sie ein, was daraus wurde."


def sheet_of(case: Case, step: str) -> Sheet | None:
    return next((each for each in case.sheets.all() if each.step == step), None)


def sheet_state(case: Case, step: str) -> StepState:
    """Done once somebody said so and nothing required is missing; a question that joined later opens it again."""
    sheet, content = sheet_of(case, step), content_of(step)
    if sheet is None or content is None or not sheet.answers:
        return OPEN
    if gaps := content.gaps(sheet.answers):
        return StepState("begun", f"Es fehlt noch: {gaps[0].text}")
    return (
        DONE
        if sheet.is_done
        else StepState("begun", "Alles ist ausgefüllt, aber noch nicht als fertig gespeichert.")
    )


def found_nobody(case: Case) -> bool:
    """The town concludes that nobody can do it, and nothing on its list says otherwise. One query at most."""
    sheet = sheet_of(case, "schlussfolgerung")
    if sheet is None or sheet.answers.get("market") != "none":
        return False
    return not case.candidates.exclude(state="dropped").exists()


def need_state(case: Case) -> StepState:
    if not case.need.problem.strip():
        return StepState("open", "Beschreiben Sie im Bedarf zuerst das Problem.")
    return sheet_state(case, "bedarf")


def people_state(case: Case) -> StepState:
    """Everybody who decides has declared their interests, what follows from a conflict is noted, somebody approves."""
    present = _present(case)
    if why := _why_people(present, _last_declarations(case)):
        return StepState("begun", why)
    return sheet_state(case, "zustaendigkeit")


def _why_people(present: list[CaseMember], declared: dict[str, ConflictDeclaration]) -> str:
    number = sum(1 for each in present if each.role != "reader" and each.user not in declared)
    if number == 1:
        return "Eine Person hat sich noch nicht zu Interessenkonflikten erklärt."
    if number:
        return f"{number} Personen haben sich noch nicht zu Interessenkonflikten erklärt."
    here = {each.user for each in present}
    if any(each.has_conflict and not each.remedy.strip() for who, each in declared.items() if who in here):
        return "Halten Sie fest, was aus dem erklärten Interessenkonflikt folgt."
    if not any(each.role == "lead" for each in present):
        return "Niemand führt den Fall."
    return "" if any(each.role == "approver" for each in present) else NO_APPROVER


def _present(case: Case) -> list[CaseMember]:
    return [each for each in case.members.all() if each.until is None]


def _last_declarations(case: Case) -> dict[str, ConflictDeclaration]:
    return {each.user: each for each in sorted(case.declarations.all(), key=lambda each: each.pk)}


def plan_state(case: Case) -> StepState:
    """Done once it is fixed; a whole plan that nobody has fixed is only begun."""
    sheet, content = sheet_of(case, "plan"), content_of("plan")
    is_whole = sheet is not None and content is not None and not content.gaps(sheet.answers)
    if case.plan_fixed_at is None and is_whole:
        return StepState("begun", "Legen Sie den Plan fest: Erst danach wird gesucht und gefragt.")
    return sheet_state(case, "plan")


def involvement_state(case: Case) -> StepState:
    """Every company that answered or was talked to has a row that a person has looked at."""
    rows = list(case.involvements.all())
    if suggestions(case):
        return StepState("begun", "Unternehmen haben mitgewirkt, die hier noch nicht stehen.")
    if any(each.is_suggested for each in rows):
        return StepState("begun", "Sehen Sie die Vorschläge durch.")
    state = sheet_state(case, "vorbefassung")
    return StepState("begun", state.why) if rows and state.state == "open" else state


def approval_state(case: Case) -> StepState:
    if case.state == "frozen":
        return DONE
    if case.state == "submitted":
        return StepState("begun", "Liegt zur Freigabe vor.")
    return StepState("open", "Zurückgegeben: siehe dort." if case.returned_reason else "")


def award_state(case: Case) -> StepState:
    return DONE if getattr(case.need, "outcome", None) else StepState("open", NEED_OUTCOME)


def follow_up_state(case: Case) -> StepState:
    outcome = getattr(case.need, "outcome", None)
    if outcome is None:
        return StepState("blocked", "Tragen Sie zuerst ein, was daraus wurde (Schritt 14).")
    return DONE if outcome.asked_at else OPEN
