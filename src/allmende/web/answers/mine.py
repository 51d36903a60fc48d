"""What waits on /mein for companies that towns have asked."""

from datetime import UTC, datetime

from django.utils import timezone

from allmende.exploration.models import Inquiry
from allmende.exploration.queries.answering import inbox, why_closed
from allmende.lib.actors import Actor
from allmende.web.components.parts import Section, Task

MOST = 20
UNANSWERED = ("sent", "bounced", "opened")


def sections(actor: Actor) -> list[Section]:
    """Questions of towns that can still be answered; nothing for whoever was asked nothing."""
    now, every = datetime.now(UTC), inbox(actor)
    if not every:
        return []
    waiting = [each for each in every if each.state in UNANSWERED and not why_closed(each.questionnaire, now)]
    more = Task("Alle Fragen von Kommunen", "optional", "/anfragen", "Auch beantwortete und abgelaufene")
    return [Section("Fragen von Kommunen", [*(_task(each) for each in waiting[:MOST]), more])]


def _task(inquiry: Inquiry) -> Task:
    questionnaire = inquiry.questionnaire
    return Task(
        questionnaire.case.title,
        "begun" if inquiry.draft else "open",
        f"/anfragen/{inquiry.public_id}",
        f"{questionnaire.case.organisation.name} fragt. Das ist keine Ausschreibung.",
        timezone.localdate(questionnaire.deadline) if questionnaire.deadline else None,
    )
