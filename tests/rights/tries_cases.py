"""How the actions of market explorations are tried. The owner leads the case, the administrator approves it, and the
colleague reads along; the buyer sees it without being part of it."""

import datetime

from allmende.exploration.actions import (
    attachments,
    auditing,
    cases,
    conclusions,
    freezing,
    handing_in,
    members,
    reminding,
    sheets,
)
from allmende.exploration.models import AuditAccess, Case, ConflictDeclaration, Involvement
from allmende.files.models import StoredFile
from allmende.lib.refusals import Refused
from allmende.records.actions import renew_key
from tests.exploration.hall import ANSWERS
from tests.factories.needs import a_draft
from tests.files.making import pdf
from tests.rights.house import PROGRAM, House
from tests.rights.trying import By, Try


def as_owner(house: House) -> By:
    return {"by": house.actor("owner"), "now": house.now}


def a_case(house: House) -> Case:
    """It runs, and its plan is not fixed yet."""
    need = a_draft(house.town, by=PROGRAM, now=house.now)
    case = cases.begin_case(need, **as_owner(house))
    for name, role in (("administrator", "approver"), ("colleague", "reader")):
        members.add_member(case, person=house[name], role=role, **as_owner(house))
    return case


def with_fixed_plan(house: House) -> Case:
    case = _with_plan(house)
    return sheets.fix_plan(case, **as_owner(house))


def _with_plan(house: House) -> Case:
    case = a_case(house)
    sheets.save_sheet(
        case, "plan", lambda _: ANSWERS["plan"], is_done=True, lock_version=0, **as_owner(house)
    )
    return case


def submitted(house: House) -> Case:
    """As if everything were done."""
    case = a_case(house)
    Case.objects.filter(pk=case.pk).update(
        state="submitted", submitted_at=house.now, submitted_by=house["owner"].public_id
    )
    return Case.objects.get(pk=case.pk)


def _declared(house: House) -> Case:
    """Handed in, and everybody who might approve it has declared their interests."""
    case = a_case(house)
    for name in ("owner", "administrator", "buyer"):
        members.declare(case, has_conflict=False, by=house.actor(name), now=house.now)
    Case.objects.filter(pk=case.pk).update(
        state="submitted", submitted_at=house.now, submitted_by=house["owner"].public_id
    )
    return Case.objects.get(pk=case.pk)


def _give(house: House, case: Case, by: By) -> AuditAccess:
    return auditing.give_access(
        case,
        email="pruefung@kreis.example",
        body="Rechnungsprüfung",
        purpose="Jahresprüfung",
        until=datetime.date(2026, 12, 24),
        **by,
    )


def _open_to_account(house: House) -> Case:
    case = a_case(house)
    auditing.give_access(
        case,
        email=house["account"].email,
        body="Rechnungsprüfung",
        purpose="Jahresprüfung",
        until=datetime.date(2026, 12, 24),
        **as_owner(house),
    )
    return case


def _submit(house: House, case: Case, by: By) -> None:
    """Whoever is told what is not done yet has the right."""
    try:
        handing_in.submit_case(case, lock_version=0, **by)
    except Refused as refused:
        if not refused.message.startswith("Noch nicht fertig"):
            raise


def _change(house: House, case: Case, by: By) -> Case:
    return cases.change_case(case, title="Anders", lock_version=0, **by)


def _save(house: House, case: Case, by: By) -> None:
    sheets.save_sheet(case, "wege", lambda _: ANSWERS["wege"], is_done=True, lock_version=0, **by)


def _conflict(house: House, name: str) -> ConflictDeclaration:
    case = a_case(house)
    return members.declare(case, has_conflict=True, about="Anteile.", by=house.actor(name), now=house.now)


def _remedy(house: House, said: ConflictDeclaration, by: By) -> None:
    members.note_remedy(said.case, person=said.user, remedy="Entscheidet nicht.", **by)


def _involve(house: House, case: Case, by: By) -> Involvement:
    return conclusions.note_involvement(
        case, company_name="Beispiel GmbH", how="Hat geantwortet.", measures="Alle bekommen alles.", **by
    )


def _attach(house: House, case: Case, by: By) -> StoredFile:
    return attachments.attach(case, pdf(), "Anlage.pdf", **by)


def _attached(house: House) -> tuple[Case, StoredFile]:
    case = a_case(house)
    return case, _attach(house, case, as_owner(house))


def _with_a_day(house: House) -> Case:
    case = a_case(house)
    sheets.plan_step(case, "wege", user=None, due_on=house.now.date(), **as_owner(house))
    return case


def _remind(house: House, case: Case, by: By) -> None:
    if reminding.remind(**by) != 1:
        raise AssertionError("there was a day to remind of")


def _plan_step(house: House, case: Case, by: By) -> None:
    sheets.plan_step(case, "wege", user=None, due_on=datetime.date(2026, 12, 1), **by)


CASES: dict[str, Try] = {
    "exploration.cases.begin_case": Try(
        lambda house, need, by: cases.begin_case(need, **by),
        lambda house: a_draft(house.town, by=PROGRAM, now=house.now),
    ),
    "exploration.cases.begin_without_need": Try(
        lambda house, _, by: cases.begin_without_need(house.town, title="Raumbuchung", **by)
    ),
    "exploration.cases.change_case": Try(_change, a_case),
    "exploration.cases.open_for_change": Try(
        lambda house, case, by: cases.open_for_change(case, **by), a_case
    ),
    "exploration.members.add_member": Try(
        lambda house, case, by: members.add_member(case, person=house["buyer"], role="editor", **by), a_case
    ),
    "exploration.members.end_member": Try(
        lambda house, case, by: members.end_member(case, person=house["administrator"].public_id, **by),
        a_case,
    ),
    "exploration.members.end_member/of oneself": Try(
        lambda house, case, by: members.end_member(case, person=by["by"].id, **by), a_case
    ),
    "exploration.members.declare": Try(
        lambda house, case, by: members.declare(case, has_conflict=False, **by), a_case
    ),
    "exploration.members.note_remedy": Try(_remedy, lambda house: _conflict(house, "colleague")),
    "exploration.members.note_remedy/of the lead": Try(_remedy, lambda house: _conflict(house, "owner")),
    "exploration.sheets.save_sheet": Try(_save, a_case),
    "exploration.sheets.fix_plan": Try(lambda house, case, by: sheets.fix_plan(case, **by), _with_plan),
    "exploration.sheets.note_deviation": Try(
        lambda house, case, by: sheets.note_deviation(case, step="wege", what="Anders", reason="Darum", **by),
        a_case,
    ),
    "exploration.sheets.plan_step": Try(_plan_step, a_case),
    "exploration.handing_in.submit_case": Try(_submit, a_case),
    "exploration.handing_in.take_back_case": Try(
        lambda house, case, by: handing_in.take_back_case(case, lock_version=0, **by), submitted
    ),
    "exploration.handing_in.return_case": Try(
        lambda house, case, by: handing_in.return_case(case, reason="Fehlt.", lock_version=0, **by), submitted
    ),
    "exploration.freezing.approve": Try(
        lambda house, case, by: freezing.approve(case, lock_version=0, **by), _declared
    ),
    "exploration.auditing.give_access": Try(_give, a_case),
    "exploration.auditing.end_access": Try(
        lambda house, access, by: auditing.end_access(access, **by),
        lambda house: _give(house, a_case(house), as_owner(house)),
    ),
    "exploration.auditing.look": Try(
        lambda house, case, by: auditing.look(case, page="fall", **by), _open_to_account
    ),
    "exploration.auditing.note_export": Try(
        lambda house, case, by: auditing.note_export(case, form="pdf", without_confidential=False, **by),
        a_case,
    ),
    "records.renew_key": Try(lambda house, _, by: renew_key(**by)),
    "exploration.handing_in.stop_case": Try(
        lambda house, case, by: handing_in.stop_case(case, reason="Kein Geld.", lock_version=0, **by), a_case
    ),
    "exploration.conclusions.suggest_involvements": Try(
        lambda house, case, by: conclusions.suggest_involvements(case, **by), a_case
    ),
    "exploration.conclusions.note_involvement": Try(_involve, a_case),
    "exploration.conclusions.drop_involvement": Try(
        lambda house, row, by: conclusions.drop_involvement(row, **by),
        lambda house: _involve(house, a_case(house), as_owner(house)),
    ),
    "exploration.attachments.attach": Try(_attach, a_case),
    "exploration.attachments.detach": Try(
        lambda house, both, by: attachments.detach(both[0], both[1], **by), _attached
    ),
    "exploration.reminding.remind": Try(_remind, _with_a_day),
}
