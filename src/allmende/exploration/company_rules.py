"""What a company that is asked may see and do, and who keeps the question sets."""

import hashlib

from allmende.catalogue.editors import EDITORS
from allmende.exploration.models import Inquiry, InquiryLetter
from allmende.lib.actors import Actor
from allmende.organisations.models import Organisation
from allmende.organisations.queries import standing_for
from allmende.organisations.rules import is_staff, speaks_for


def hash_of(token: str) -> str:
    """What is kept of a personal link: 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def fits(token: str, inquiry: Inquiry) -> bool:
    """Whether the token is that of a letter to this company, and no other address has taken its place."""
    return bool(token) and InquiryLetter.objects.filter(inquiry=inquiry, token_hash=hash_of(token)).exists()


def answers_for(actor: Actor, organisation: Organisation) -> bool:
    """Whether the actor speaks for the company, or for the one it was merged into; nobody while it is suspended."""
    here = standing_for(organisation)
    if here.is_invented and actor.is_program:
        return True
    return here.is_accredited and any(speaks_for(actor, here, role) for role in EDITORS)


def may_answer(actor: Actor, inquiry: Inquiry, token: str = "") -> bool:
    """Read the questionnaire and answer for the company: by its own people, or by a personal link."""
    if inquiry.state == "planned":
        return False
    if fits(token, inquiry):
        return True
    return inquiry.organisation is not None and answers_for(actor, inquiry.organisation)


def may_edit_question_sets(actor: Actor) -> bool:
    """The platform's editors: towns choose among the sets and add questions of their own to a questionnaire."""
    return is_staff(actor)
