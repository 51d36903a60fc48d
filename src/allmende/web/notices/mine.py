"""What waits on /mein about notices: answers that are wanted, decisions one may object to, what one has reported."""

from django.urls import reverse
from django.utils import timezone

from allmende.catalogue import notice_links
from allmende.catalogue.models import Notice
from allmende.catalogue.queries.notices import notices_about, notices_by
from allmende.lib.actors import Actor
from allmende.web.components.parts import Section, Task
from allmende.web.components.templatetags.formats import day

MOST = 20


def sections(actor: Actor) -> list[Section]:
    """What is asked of a side, and what one has reported."""
    about = [_answer(notice) for notice in notices_about(actor)[:MOST]]
    given = [_given(notice) for notice in notices_by(actor.id)[:MOST]] if actor.id else []
    return [Section("Meldungen", [*about, *given])]


def _answer(notice: Notice) -> Task:
    href = reverse("own_statement", args=[notice.public_id])
    if notice.state == "hearing":
        words = f"Bitte antworten Sie bis zum {day(notice.heard_until)}."
        label = f"Stellung nehmen zu „{notice.subject_name}“"
        return Task(label, "open", href, words, notice.heard_until)
    if notice.state == "decided" and notice.appeal_until and timezone.localdate() <= notice.appeal_until:
        hint = f"{notice.get_outcome_display()}. Einspruch ist möglich bis zum {day(notice.appeal_until)}."
        return Task(f"Entscheidung zu „{notice.subject_name}“ lesen", "open", href, hint, notice.appeal_until)
    return Task(f"Meldung zu „{notice.subject_name}“", "done", href, notice.get_state_display())


def _given(notice: Notice) -> Task:
    state = "done" if notice.state in ("decided", "closed") else "begun"
    return Task(
        f"Ihre Meldung zu „{notice.subject_name}“",
        "done" if state == "done" else "begun",
        notice_links.reporter_page(notice),
        f"{notice.number}: {notice.get_state_display()}",
    )
