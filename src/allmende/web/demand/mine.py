"""What waits on /mein for those who speak for a town's needs, and for providers to whom needs fit."""

from datetime import UTC, datetime

from django.urls import reverse

from allmende.catalogue.editors import edited_by
from allmende.demand import joint_rules
from allmende.demand.matching.told import told_needs
from allmende.demand.models import NeedResponse
from allmende.demand.queries.joint import invitations_to, joint_visible_to
from allmende.demand.queries.needs import own_responses, written_by
from allmende.demand.queries.outcomes import without_outcome
from allmende.lib.actors import Actor
from allmende.web.components.parts import Section, Task
from allmende.web.components.templatetags.formats import counted, day
from allmende.web.demand.pages import towns_for

MOST = 20


def sections(actor: Actor) -> list[Section]:
    """Invitations, answers, drafts and outcomes of one's town; needs that fit what one offers."""
    towns = towns_for(actor)
    found = [Section("Bedarfe Ihrer Kommune", _of_towns(actor))] if towns else []
    fitting = _fitting(actor)
    return [*found, *([Section("Bedarfe, die zu Ihren Angeboten passen", fitting)] if fitting else [])]


def _of_towns(actor: Actor) -> list[Task]:
    now = datetime.now(UTC)
    own = written_by(actor)
    return [
        *(
            Task(
                f"Einladung zu „{each.joint.title}“", "open", _joint(each.joint.public_id),
                f"{each.joint.lead.name} lädt Ihre Kommune ein.", each.joint.join_until,
            )
            for each in invitations_to(actor, now)[:MOST]
            if joint_rules.may_decide_joining(actor, each)
        ),
        *_answers(actor),
        *(
            Task(
                f"Ergebnis zu „{need.title}“ angeben", "open", f"/bedarfe/{need.public_id}/ergebnis",
                "Was ist daraus geworden?",
            )
            for need in without_outcome(actor)[:MOST]
            if joint_rules.may_state_outcome(actor, need)
        ),
        *(
            Task(need.title, "begun", f"/bedarfe/{need.public_id}/bearbeiten", f"Entwurf vom {day(need.changed_at)}")
            for need in own.filter(state="draft")[:MOST]
        ),
        *(
            Task(f"Gemeinsam: {joint.title}", "look", _joint(joint.public_id), f"Geführt von {joint.lead.name}.")
            for joint in joint_visible_to(actor).exclude(state="ended").filter(
                joinings__state="joined", joinings__need__in=own.order_by().values("pk")
            ).distinct()[:MOST]
        ),
        Task("Ihre Bedarfe", "optional", reverse("own_needs"), "Ansehen, ändern, neu beschreiben"),
    ]  # fmt: skip


def _answers(actor: Actor) -> list[Task]:
    """Needs to which somebody has written and the town has not reacted: one line each."""
    waiting = NeedResponse.objects.filter(state="sent", need__in=written_by(actor).order_by().values("pk"))
    number: dict[str, tuple[str, int]] = {}
    for need, title in waiting.order_by("sent_at").values_list("need__public_id", "need__title")[: 10 * MOST]:
        number[need] = (title, number.get(need, (title, 0))[1] + 1)
    return [
        Task(
            f"„{title}“",
            "open",
            f"/bedarfe/{need}",
            counted(count, "neue Antwort eines Anbieters,neue Antworten"),
        )
        for need, (title, count) in number.items()
    ][:MOST]


def _fitting(actor: Actor) -> list[Task]:
    """For those who keep offers: how many open needs fit, and what came back to their answers."""
    if not edited_by(actor):
        return []
    number = told_needs(actor).values("need").distinct().count()
    contacts = own_responses(actor).filter(contact__isnull=False).exclude(state="taken_back")[:MOST]
    tasks = [
        Task(
            f"Kontakt zu „{each.need.title}“",
            "look",
            reverse("own_responses"),
            f"{each.need.organisation.name} nennt ihn Ihnen.",
        )
        for each in contacts
    ]
    if number:
        words = counted(number, "offener Bedarf passt,offene Bedarfe passen")
        tasks.append(Task(words, "look", reverse("fitting_needs"), "Sehen Sie, was passt und was nicht."))
    return tasks


def _joint(public_id: str) -> str:
    return reverse("joint", args=[public_id])
