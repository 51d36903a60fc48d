"""What waits on /mein for those who offer something."""

from django.utils import timezone

from allmende.catalogue import queries
from allmende.catalogue.editors import edited_by
from allmende.catalogue.renewals import may_be_renewed_from
from allmende.lib.actors import Actor
from allmende.web.components.parts import Section, Task
from allmende.web.components.templatetags.formats import day
from allmende.web.offers.views.published import task_of

MOST = 20


def sections(actor: Actor) -> list[Section]:
    """Drafts, what came back, what is in check, questions, renewals; nothing for whoever offers nothing."""
    if not edited_by(actor):
        return []
    tasks = [
        *(
            Task(f"Frage zu {edit.solution.name}", "open", "/angebote", edit.question)
            for edit in queries.questions_to(actor)
        ),
        *(task_of(copy) for copy in queries.copies_of(actor)[:MOST]),
        *_renewals(actor),
        *(
            Task(f"Übernahme von {each.solution.name}", "elsewhere", "/angebote", "Die Redaktion prüft.")
            for each in queries.open_claims_of(actor)[:MOST]
        ),
    ]
    more = Task(
        "Alle Angebote und eigenen Einträge", "optional", "/angebote", "Ansehen, ändern, neu einstellen"
    )
    return [Section("Angebote", [*tasks, more])]


def _renewals(actor: Actor) -> list[Task]:
    today = timezone.localdate()
    due = [
        offer
        for offer in queries.kept_offers(actor).filter(state="published", renew_by__isnull=False)
        if offer.renew_by and may_be_renewed_from(offer.renew_by) <= today
    ]
    return [
        Task(
            f"„{offer.title}“ erneuern",
            "open",
            "/angebote",
            f"Nicht erneuert seit dem {day(offer.renew_by)}."
            if offer.has_lapsed(today)
            else f"Bis zum {day(offer.renew_by)}. Stimmt noch alles?",
            offer.renew_by,
        )
        for offer in due[:MOST]
    ]
