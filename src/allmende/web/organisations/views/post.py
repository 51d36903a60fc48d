"""The desk: letters and mails that did not arrive, and what to do about each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from allmende.lib.actors import Actor
from allmende.mail.models import Letter
from allmende.mail.queries import lost
from allmende.organisations.models import Claim
from allmende.organisations.queries import running_claims, unanswered_letters
from allmende.web.components.parts import Crumb
from allmende.web.shell.access import for_staff

LISTED_FOR = timedelta(days=30)
MOST = 200
# Beginning of the occasion → what it was, and what to do. The first that fits counts.
NEXT: Sequence[tuple[str, str, str]] = (
    (
        "organisations.claim",
        "E-Mail zu einer Anmeldung",
        "Rufen Sie bei der Organisation an, mit einer Nummer aus einer amtlichen Quelle, und fragen Sie nach der "
        "richtigen Adresse. Die Person trägt sie dann in ihrem Konto ein.",
    ),
    (
        "organisations.invitation",
        "Einladung",
        "Wer eingeladen hat, sieht das unter „Nachrichten“ und lädt mit der richtigen Adresse neu ein. Sie müssen "
        "nichts tun.",
    ),
    (
        "organisations.",
        "E-Mail an Mitglieder einer Organisation",
        "Die Nachricht steht auch auf der Seite der Organisation. Sie müssen nichts tun.",
    ),
    (
        "catalogue.notice_",
        "E-Mail zu einer Meldung",
        "Öffnen Sie die Meldung. Erreichen Sie die betroffene Seite nicht, suchen Sie im Impressum eine andere "
        "Adresse.",
    ),
    (
        "accounts.",
        "E-Mail zu einem Konto",
        "Wahrscheinlich ist die Adresse vertippt. Wer sich meldet, legt das Konto neu an. Sie müssen nichts tun.",
    ),
    (
        "notifications.",
        "Benachrichtigung",
        "Die Nachrichten stehen auch unter „Meine Arbeit“. Kommen mehrere zurück, schicken wir an diese Adresse nichts "
        "mehr. Sie müssen nichts tun.",
    ),
)
_ELSE = ("E-Mail", "Sehen Sie nach, worum es ging, und schreiben Sie der Person auf anderem Weg.")


@dataclass(frozen=True)
class Lost:
    """One mail that did not arrive, in words."""

    letter: Letter
    what: str
    next: str
    href: str


@for_staff
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Paper letters first: nobody else notices that these are lost."""
    now = datetime.now(UTC)
    mails = list(lost(now - LISTED_FOR)[:MOST])
    pages = _pages(mails)
    context = {
        "paper": [(each, _what_now(each)) for each in unanswered_letters(now)[:MOST]],
        "mails": [_told(each, pages) for each in mails],
        "crumbs": [
            Crumb("Start", "/"),
            Crumb("Redaktion", "/redaktion"),
            Crumb("Post, die nicht ankam"),
        ],
    }
    return render(request, "organisations/desk_post.html", context)


def waiting(now: datetime) -> int:
    """Mails that staff has to do something about: to people whose application still runs.

    Paper letters are counted with the applications.
    """
    about = [each.about_id for each in lost(now - LISTED_FOR).filter(kind__startswith="organisations.claim")]
    return running_claims().filter(public_id__in=about).count()


def _what_now(claim: Claim) -> str:
    if claim.returned_at:
        return "Der Brief kam zurück. Suchen Sie die richtige Anschrift, und schicken Sie einen neuen Brief."
    if claim.state == "open":
        return "Der Code wurde zu oft falsch eingegeben. Fragen Sie im Rathaus nach, bevor Sie einen neuen schicken."
    return "Niemand hat den Code eingegeben. Fragen Sie im Rathaus nach, ob der Brief angekommen ist."


def _told(letter: Letter, pages: dict[str, str]) -> Lost:
    what, then = next(
        ((what, then) for beginning, what, then in NEXT if letter.kind.startswith(beginning)), _ELSE
    )
    return Lost(letter, what, then, pages.get(letter.about_id, ""))


def _pages(letters: Sequence[Letter]) -> dict[str, str]:
    """Where staff reads what a letter was about, by the id of that."""
    views = {
        "claim": "desk_registration",
        "notice": "desk_notice",
        "organisation_merge": "desk_organisation_merge",
    }
    return {
        each.about_id: reverse(views[each.about_type], args=[each.about_id])
        for each in letters
        if each.about_type in views and each.about_id
    }
