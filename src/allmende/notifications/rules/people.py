"""News about roles, claims of organisations and colleagues."""

from collections.abc import Iterable

from allmende.accounts.models import User
from allmende.journal.queries import Entry
from allmende.notifications.queries import people_with
from allmende.notifications.rules.rule import Data, Rule
from allmende.organisations.roles import ROLES


def _person(entry: Entry) -> Iterable[User]:
    return User.objects.filter(public_id=entry.data.get("person", ""), is_active=True)


def _administrators(entry: Entry) -> Iterable[User]:
    organisation = entry.organisation or entry.subject_id
    return people_with(organisation, ("organisation_admin",), now=entry.at)


def _role(entry: Entry) -> Data:
    code = str(entry.data.get("role", ""))
    return {"role": ROLES[code].label if code in ROLES else "Rolle"}


RULES = (
    Rule(
        "organisations.role_granted",
        "roles",
        _person,
        "Sie haben jetzt eine Rolle bei {thing}: „{role}“.",
        data=_role,
    ),
    Rule(
        "organisations.role_ended",
        "roles",
        _person,
        "Ihre Rolle „{role}“ bei {thing} ist beendet.",
        data=_role,
    ),
    Rule(
        "organisations.member_left",
        "roles",
        _administrators,
        "Jemand hat {thing} verlassen. Prüfen Sie, ob eine Aufgabe neu zu vergeben ist.",
    ),
    Rule(
        "organisations.accredited",
        "decisions",
        _administrators,
        "{thing} ist bestätigt. Sie können jetzt veröffentlichen.",
        by_mail=False,
    ),
    Rule(
        "organisations.suspended",
        "decisions",
        _administrators,
        "{thing} ist ausgesetzt. Bis das geklärt ist, können Sie dort nichts ändern.",
    ),
)
