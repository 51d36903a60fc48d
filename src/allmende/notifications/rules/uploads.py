"""News about files that people handed in and the virus scanner objects to."""

from collections.abc import Iterable

from allmende.accounts.models import User
from allmende.files.models import StoredFile
from allmende.journal.queries import Entry
from allmende.notifications.rules.rule import Rule
from allmende.organisations.models import Membership

KIND = "files.scan_infected"


def _uploader(entry: Entry) -> Iterable[User]:
    by = StoredFile.objects.filter(public_id=entry.subject_id).values("uploaded_by")
    return User.objects.filter(public_id__in=by, is_active=True)


def _desk(entry: Entry) -> Iterable[User]:
    held = Membership.objects.filter(organisation=None, role="catalogue_editor", ended_at=None)
    return User.objects.filter(pk__in=held.values("user"), is_active=True)


RULES = (
    Rule(
        KIND,
        "tasks",
        _uploader,
        "In Ihrer Datei „{thing}“ steckt Schadsoftware. Wir haben sie gelöscht. Prüfen Sie Ihren Rechner und laden Sie "
        "eine saubere Fassung hoch.",
        code="files.infected_own",
    ),
    Rule(
        KIND,
        "tasks",
        _desk,
        "In der hochgeladenen Datei „{thing}“ steckte Schadsoftware. Sie ist gelöscht. Sprechen Sie mit der "
        "Organisation.",
        code="files.infected",
    ),
)
