"""A case in which every table has rows, handed in and frozen; with as many rows as somebody wants to measure."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from allmende.exploration.actions.cases import move
from allmende.exploration.actions.freezing import approve
from allmende.exploration.models import (
    Answer,
    Candidate,
    CandidateDecision,
    CompanyQuestion,
    FrozenRecord,
    Inquiry,
    InquiryLetter,
    LoggedSearch,
    MatrixEntry,
    ProcedureChoice,
    Question,
    Questionnaire,
    Snapshot,
    SnapshotEntry,
    StepPlan,
    Talk,
    ValueEstimate,
)
from allmende.journal.actions import record
from allmende.lib.canonical import canonical_json, digest
from allmende.procurement.estimate import Contract, Line
from allmende.procurement.positions import record_data
from allmende.procurement.queries import rules_for
from tests.exploration.hall import Hall, a_hall, fill, with_declarations, with_plan

SHEETS = ("bedarf", "zustaendigkeit", "wege", "auswertung", "schlussfolgerung", "vorbefassung")
SECRET = "Rabatt nur für Sie: 17 Prozent"


def a_whole_case(now: datetime, *, entries: int = 3, answers: int = 2) -> Hall:
    """`entries` on the list, the first `answers` of them asked and answering."""
    hall = with_declarations(with_plan(a_hall(now)))
    fill(hall, *SHEETS)
    hall.case = hall.fresh()
    _criteria(hall)
    candidates = _research(hall, entries)
    _asked(hall, candidates, answers)
    _judged(hall, candidates)
    return hall


def _criteria(hall: Hall) -> None:
    for position, (weight, text) in enumerate(
        (("must", "Meldungen mit Foto"), ("should", "Ohne Anmeldung")), 1
    ):
        hall.case.need.criteria.create(position=position, weight=weight, text=text)


def _research(hall: Hall, entries: int) -> list[Candidate]:
    case, now, lead = hall.case, hall.now, hall["lead"].public_id
    shown: dict[str, Any] = {"question": "mängel melden", "total": entries}
    search = LoggedSearch.objects.create(
        case=case,
        source_name="Allmende",
        query="mängel melden",
        hits=entries,
        searched_at=now,
        searched_by=lead,
    )
    LoggedSearch.objects.create(
        case=case,
        source="ted",
        source_name="TED",
        url="https://ted.example/",
        query="48000000",
        hits=0,
        searched_at=now,
        searched_by=lead,
    )
    snapshot = Snapshot.objects.create(
        search=search, content=canonical_json(shown), digest=digest(shown), made_at=now
    )
    for position in range(1, entries + 1):
        seen = {"name": f"Lösung {position}", "text": "Menschen melden Schäden mit Foto und Ort. " * 3}
        SnapshotEntry.objects.create(
            snapshot=snapshot,
            position=position,
            solution_id=f"s{position}",
            edition_number=1,
            edition_digest=digest(seen),
            content=canonical_json(seen),
        )
    return [_candidate(hall, search, position) for position in range(1, entries + 1)]


def _candidate(hall: Hall, search: LoggedSearch, position: int) -> Candidate:
    is_kept, lead = position <= max(2, min(6, position)) and position <= 6, hall["lead"].public_id
    decided = {
        "state": "kept" if is_kept else "dropped",
        "reason": "fits" if is_kept else "must_unmet",
        "reason_text": "" if is_kept else "Es gibt keine Meldung mit Foto, und eine App muss man sich holen.",
        "criterion_label": "Meldungen mit Foto",
        "decided_at": hall.now,
        "decided_by": lead,
    }
    found = Candidate.objects.create(
        case=hall.case,
        search=search,
        solution_name=f"Lösung {position}",
        company_name=f"Firma {position} GmbH",
        edition_number=1,
        added_at=hall.now,
        added_by=lead,
        not_asked_reason="Antwortet seit einem Jahr nicht." if position == 3 else "",
        **decided,
    )
    CandidateDecision.objects.create(candidate=found, **decided)
    return found


def _asked(hall: Hall, candidates: list[Candidate], answers: int) -> None:
    now, lead = hall.now, hall["lead"].public_id
    questionnaire = Questionnaire.objects.create(
        case=hall.case,
        state="closed",
        introduction="Wir möchten Meldungen besser beantworten.",
        deadline=now + timedelta(days=21),
        deadline_as_sent=now + timedelta(days=21),
        digest="a" * 64,
        sent_at=now,
        sent_by=lead,
        closed_at=now + timedelta(days=22),
    )
    kinds = (("text", "Wie melden Menschen einen Schaden?"), ("money", "Was kostet es im Jahr?"))
    questions = [
        Question.objects.create(questionnaire=questionnaire, position=n, kind=kind, text=text)
        for n, (kind, text) in enumerate(kinds, 1)
    ]
    for position, candidate in enumerate(candidates[: answers + 1], 1):
        _inquiry(hall, questionnaire, questions, candidate, position, is_silent=position > answers)
    CompanyQuestion.objects.create(
        questionnaire=questionnaire,
        inquiry=questionnaire.inquiries.first(),
        text="Muss es eine App sein?",
        shared_text="Muss es eine App sein?",
        asked_at=now,
        answer="Nein.",
        answered_at=now,
        answered_by=lead,
    )


def _inquiry(
    hall: Hall,
    questionnaire: Questionnaire,
    questions: list[Question],
    candidate: Candidate,
    position: int,
    *,
    is_silent: bool,
) -> None:
    now = hall.now
    inquiry = Inquiry.objects.create(
        questionnaire=questionnaire,
        candidate=candidate,
        company_name=candidate.company_name,
        size_class="micro",
        email=f"post@firma{position}.example",
        state="silent" if is_silent else "answered",
        sent_at=now,
        answered_at=None if is_silent else now + timedelta(days=3),
        answered_by="" if is_silent else "link",
    )
    InquiryLetter.objects.create(
        inquiry=inquiry,
        kind="asking",
        to=inquiry.email,
        letter=f"b{position}",
        message_id=f"<b{position}@stadt.example>",
        state="sent",
        written_at=now,
        sent_at=now,
    )
    if is_silent:
        return
    given = [("Mit Foto und Ort.", False, ""), (str(1000 + position), True, SECRET if position == 1 else "")]
    for question, (value, is_confidential, remark) in zip(questions, given, strict=True):
        Answer.objects.create(
            inquiry=inquiry,
            question=question,
            value=value,
            remark=remark,
            is_confidential=is_confidential,
            changed_at=now,
        )


def _judged(hall: Hall, candidates: list[Candidate]) -> None:
    case, now, lead = hall.case, hall.now, hall["lead"].public_id
    Talk.objects.create(
        case=case,
        candidate=candidates[0],
        company_name=candidates[0].company_name,
        held_at=now,
        minutes_long=45,
        participants="Bauhof, Vertrieb",
        content="Vorführung der Meldung mit Foto.",
        told_to_company="Wir haben drei Bauhöfe.",
        shared_at=now,
        written_at=now,
        written_by=lead,
    )
    MatrixEntry.objects.create(
        case=case,
        candidate=candidates[0],
        criterion=case.need.criteria.get(position=1).public_id,
        result="met",
        basis="judgement",
        reason="In der Vorführung gesehen.",
        noted_at=now,
        noted_by=lead,
    )
    day = now.date()
    line = Line(label="Software", rhythm="one_off", amount=Decimal("5200.50"))
    content = record_data(Contract(lines=(line,)).estimated(day), rules_for(hall.town, day))
    ValueEstimate.objects.create(
        case=case,
        total=Decimal("5200.50"),
        estimated_on=day,
        content=canonical_json({**content, "basis": "Auskünfte von zwei Unternehmen."}),
        made_at=now,
        made_by=lead,
    )
    ProcedureChoice.objects.create(
        case=case,
        procedure="direct_award",
        rule="§ 14 UVgO, Fassung 2017",
        reason="Der Wert liegt unter der Grenze.",
        chosen_at=now,
        chosen_by=lead,
    )
    case.involvements.create(
        candidate=candidates[0],
        company_name=candidates[0].company_name,
        how="Vorführung",
        knows="Zahl der Bauhöfe",
        measures="Alle erfahren die Zahl.",
        noted_at=now,
        noted_by=lead,
    )
    case.deviations.create(step="ansprache", what="Frist verlängert", reason="Ferien", at=now, by=lead)
    StepPlan.objects.create(case=case, step="recherche", user=lead, changed_at=now, changed_by=lead)


@transaction.atomic
def handed_in(hall: Hall) -> Hall:
    """Handed in as it stands: what the list of steps asks for besides is another test's matter."""
    lead = hall.actor("lead")
    case = move(hall.fresh(), hall.now, "submitted", submitted_at=hall.now, submitted_by=lead.id)
    record(
        "exploration.case_submitted", subject=case, by=lead, now=hall.now, organisation=hall.town.public_id
    )
    return hall


def approved(hall: Hall, by: str = "approver") -> FrozenRecord:
    case = hall.fresh()
    return approve(case, lock_version=case.lock_version, by=hall.actor(by), now=hall.now)
