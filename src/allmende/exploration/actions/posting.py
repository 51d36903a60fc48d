"""Letters to companies: written with the act that they tell of, kept as proof, and noted when one comes back."""

import secrets
from datetime import datetime

from django.conf import settings
from django.db import transaction

from allmende.exploration.actions.cases import locked, note
from allmende.exploration.company_letters import Words, sealed
from allmende.exploration.company_rules import hash_of
from allmende.exploration.models import Inquiry, InquiryLetter, Questionnaire
from allmende.exploration.queries.asking import speakers_of, waiting_letters
from allmende.exploration.states import INQUIRY
from allmende.lib.actors import Actor
from allmende.mail.actions import send
from allmende.mail.models import Letter

_FROM_TOWN = "Ihre Adresse hat {town} für diese Markterkundung eingetragen."
_FROM_ENTRY = "Ihre Adresse stammt aus Ihrem Konto oder Ihrem Angebot bei Allmende."
# Letters that say whether the questionnaire itself arrived.
ASKING = ("asking", "again")


def write_to(inquiry: Inquiry, kind: str, words: Words, *, by: Actor, now: datetime) -> None:
    """One letter to each address of the company, in the caller's transaction.

    By a personal link where the town has entered an address, else to whoever speaks for the company here.
    """
    addresses = [inquiry.email] if inquiry.email else speakers_of(inquiry)
    for address in addresses:
        _write(inquiry, kind, words, address, by=by, now=now)


def write_to_all(
    questionnaire: Questionnaire, kind: str, words: Words, *, states: frozenset[str], by: Actor, now: datetime
) -> list[Inquiry]:
    """The same words to all companies in these states; which they were."""
    rows = Inquiry.objects.filter(questionnaire=questionnaire, state__in=states).order_by("pk")
    found = list(rows.select_related("organisation__merged_into", "candidate", "questionnaire"))
    for inquiry in found:
        inquiry.questionnaire = questionnaire
        write_to(inquiry, kind, words, by=by, now=now)
    return found


def _write(inquiry: Inquiry, kind: str, words: Words, address: str, *, by: Actor, now: datetime) -> None:
    questionnaire, is_personal = inquiry.questionnaire, bool(inquiry.email)
    token = secrets.token_urlsafe(32) if is_personal else ""
    path = f"/anfrage/{token}" if is_personal else f"/anfragen/{inquiry.public_id}"
    town = questionnaire.case.organisation.name
    letter = send(
        to=address,
        subject=" ".join(words.subject.split()),
        text=sealed(
            words,
            questionnaire,
            link=f"{settings.SITE_URL}{path}",
            is_personal=is_personal,
            origin=_FROM_TOWN.format(town=town) if is_personal else _FROM_ENTRY,
        ),
        kind=f"exploration.{kind}",
        about=inquiry,
        by=by,
        now=now,
    )
    InquiryLetter.objects.create(
        inquiry=inquiry,
        kind=kind,
        to=letter.to,
        letter=letter.public_id,
        message_id=letter.message_id,
        token_hash=hash_of(token) if token else "",
        state=letter.state,
        written_at=now,
        ended_at=letter.ended_at,
        error=letter.last_error,
    )
    inquiry.letter = letter.public_id
    inquiry.save(update_fields=["letter"])


# -------------------------------------------------------------------------------------------- what became of a letter

_POST = Actor.program("exploration")


def note_post(*, now: datetime) -> int:
    """Copy from the post what became of letters, for each case that runs, in a transaction of its own; how many.

    The post tells of a bounce only; that a letter was sent is looked up here, before the post forgets it.
    """
    waiting = list(waiting_letters())
    known = {
        letter.public_id: letter
        for letter in Letter.objects.filter(public_id__in=[each.letter for each in waiting])
    }
    changed = [each for each in waiting if each.letter in known and known[each.letter].state != each.state]
    cases = {each.inquiry.questionnaire.case_id: each.inquiry.questionnaire.case for each in changed}
    for key, case in cases.items():
        with transaction.atomic():
            if locked(case).is_open:
                for each in changed:
                    if each.inquiry.questionnaire.case_id == key:
                        _note(each, known[each.letter], now)
    return len(changed)


def _note(kept: InquiryLetter, letter: Letter, now: datetime) -> None:
    kept.state, kept.sent_at, kept.ended_at = letter.state, letter.sent_at, letter.ended_at
    kept.error = letter.last_error
    kept.save(update_fields=["state", "sent_at", "ended_at", "error"])
    if letter.state in ("failed", "bounced") and kept.kind in ASKING:
        _bounced(Inquiry.objects.select_for_update(of=("self",)).get(pk=kept.inquiry_id), letter, now)


def _bounced(inquiry: Inquiry, letter: Letter, now: datetime) -> None:
    """The questionnaire did not arrive at all, once every letter that carries it came back."""
    there = inquiry.letters.filter(kind__in=ASKING)
    current = there.exclude(token_hash="") if inquiry.email else there
    if current.exclude(state__in=("failed", "bounced")).exists() or not INQUIRY.can_become(
        inquiry.state, "bounced"
    ):
        return
    inquiry.state, inquiry.bounced_at = "bounced", letter.ended_at or now
    inquiry.lock_version += 1
    inquiry.save(update_fields=["state", "bounced_at", "lock_version"])
    note("exploration.inquiry_bounced", inquiry.questionnaire.case, by=_POST, now=now, subject=inquiry)
