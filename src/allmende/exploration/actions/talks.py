"""Talks and demonstrations, with their minutes; what one company learned is told to all."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from allmende.exploration.actions.cases import note
from allmende.exploration.actions.searches import open_after_plan
from allmende.exploration.drafts import TalkDraft
from allmende.exploration.models import Candidate, Case, Talk
from allmende.lib.actors import Actor
from allmende.lib.refusals import OutOfDate, Refused

LONGEST_TEXT = 20_000
LONGEST_TALK = 24 * 60
EARLY = "Das Gespräch liegt in der Zukunft. Halten Sie es fest, wenn es stattgefunden hat."


@transaction.atomic
def note_talk(case: Case, draft: TalkDraft, *, by: Actor, now: datetime) -> Talk:
    """Write the minutes of a talk with a candidate of the list, or with another company."""
    case = open_after_plan(case, by=by, now=now)
    talk = Talk(case=case, written_at=now, written_by=by.id)
    _fill(talk, case, draft, now)
    talk.save()
    note("exploration.talk_noted", case, subject=talk, by=by, now=now, minutes=talk.minutes_long)
    return talk


@transaction.atomic
def change_talk(talk: Talk, draft: TalkDraft, *, lock_version: int, by: Actor, now: datetime) -> Talk:
    """Put minutes right; the journal keeps what stood there. What was told to all is no secret any more: it stays."""
    case = open_after_plan(talk.case, by=by, now=now)
    talk = _locked(talk, lock_version)
    before = {"content_before": talk.content, "told_before": talk.told_to_company}
    if talk.shared_at and draft.told_to_company.strip() != talk.told_to_company:
        raise Refused(
            "Was das Unternehmen erfahren hat, ist allen schon so mitgeteilt. Kommt etwas hinzu, "
            "halten Sie es als weiteres Gespräch fest."
        )
    _fill(talk, case, draft, now)
    talk.lock_version += 1
    talk.save()
    note("exploration.talk_noted", case, subject=talk, by=by, now=now, words=before, changed=True)
    return talk


@transaction.atomic
def mark_shared(talk: Talk, *, lock_version: int, by: Actor, now: datetime) -> Talk:
    """All companies that are asked now know what this one learned in the talk."""
    case = open_after_plan(talk.case, by=by, now=now)
    talk = _locked(talk, lock_version)
    if not talk.told_to_company:
        raise Refused("In diesem Gespräch hat das Unternehmen nichts erfahren, was andere nicht wissen.")
    if talk.shared_at:
        raise Refused("Das ist schon allen mitgeteilt.")
    talk.shared_at = now
    talk.lock_version += 1
    talk.save(update_fields=["shared_at", "lock_version"])
    note("exploration.talk_noted", case, subject=talk, by=by, now=now, shared=True)
    return talk


def _locked(talk: Talk, lock_version: int) -> Talk:
    talk = Talk.objects.select_for_update().get(pk=talk.pk)
    if talk.lock_version != lock_version:
        raise OutOfDate
    return talk


def _fill(talk: Talk, case: Case, draft: TalkDraft, now: datetime) -> None:
    talk.candidate = _candidate(case, draft.candidate)
    name = " ".join(draft.company_name.split())
    talk.company_name = name or _name_of(talk.candidate)
    if not talk.company_name:
        raise Refused("Nennen Sie das Unternehmen, mit dem Sie gesprochen haben.")
    if len(talk.company_name) > 300:
        raise Refused("Kürzen Sie den Namen auf höchstens 300 Zeichen.")
    talk.held_at, talk.minutes_long = _when(case, draft, now)
    talk.participants, talk.content = _text(draft.participants), _text(draft.content)
    talk.told_to_company = _text(draft.told_to_company)
    if not talk.participants:
        raise Refused("Schreiben Sie, wer dabei war. Die Funktion genügt, zum Beispiel „Leitung Bauhof“.")
    if not talk.content:
        raise Refused("Schreiben Sie, was besprochen wurde.")


def _candidate(case: Case, public_id: str) -> Candidate | None:
    if not public_id:
        return None
    candidate = case.candidates.filter(public_id=public_id).first()
    if candidate is None:
        raise Refused("Dieser Eintrag steht nicht auf der Liste.")
    return candidate


def _name_of(candidate: Candidate | None) -> str:
    return (candidate.company_name or candidate.solution_name) if candidate else ""


def _when(case: Case, draft: TalkDraft, now: datetime) -> tuple[datetime, int]:
    if draft.held_at > now:
        raise Refused(EARLY)
    if case.plan_fixed_at and draft.held_at < case.plan_fixed_at:
        planned = timezone.localtime(case.plan_fixed_at)
        raise Refused(
            f"Der Plan steht seit dem {planned:%d.%m.%Y}, {planned:%H:%M} Uhr fest. Ein früheres Gespräch "
            "halten Sie als Abweichung fest."
        )
    if not 1 <= draft.minutes_long <= LONGEST_TALK:
        raise Refused("Geben Sie die Dauer in Minuten an, zum Beispiel 45.")
    return draft.held_at, draft.minutes_long


def _text(text: str) -> str:
    text = text.strip()
    if len(text) > LONGEST_TEXT:
        raise Refused("Kürzen Sie den Text auf höchstens 20.000 Zeichen, oder legen Sie ein Dokument bei.")
    return text
