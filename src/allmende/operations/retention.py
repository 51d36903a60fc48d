"""How long things are kept, why, and what becomes of them: one written list.

What goes by itself within weeks (letters, raw files of the harvest, sessions, unconfirmed accounts) is cleaned up by
its own package; here stands what a person decides about. The periods are ours unless a law is named; an operator who
is bound to others changes them in `settings.RETENTION_MONTHS`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import DateTimeField, ExpressionWrapper, Model, Q, QuerySet
from django.db.models.functions import Cast, Coalesce, Greatest

from allmende.catalogue.models import Notice, Solution, WorkingCopy
from allmende.exploration.models import Case
from allmende.lib.periods import months_before
from allmende.organisations.models import Claim, Invitation

_NEEDED_NO_LONGER = "Der Zweck ist erreicht (Art. 5 Abs. 1 Buchst. e DSGVO)."


@dataclass(frozen=True)
class Retention:
    """`ended` finds what is over and annotates `over_at`, the moment from which the months count. `offered`: the
    archive that is in charge has to be asked before (Archivgesetz of the Land)."""

    code: str
    label: str
    months: int
    reason: str
    ended: Callable[[], QuerySet[Any]]
    offered: bool = False

    @property
    def model(self) -> type[Model]:
        return self.ended().model

    @property
    def period(self) -> int:
        """Months, as the operator has set them."""
        return int(settings.RETENTION_MONTHS.get(self.code, self.months))

    def due(self, today: date) -> QuerySet[Any]:
        """Everything whose time is over on this day."""
        limit = months_before(today, self.period)
        return self.ended().filter(over_at__lt=datetime(limit.year, limit.month, limit.day, tzinfo=UTC))


def _copies() -> QuerySet[WorkingCopy]:
    ended = WorkingCopy.objects.filter(state__in=("accepted", "dropped"))
    return ended.annotate(over_at=Coalesce("decided_at", "autosaved_at"))


def _left_copies() -> QuerySet[WorkingCopy]:
    return WorkingCopy.objects.filter(state__in=("draft", "returned")).annotate(
        over_at=Coalesce("autosaved_at", "begun_at")
    )


def _claims() -> QuerySet[Claim]:
    return Claim.objects.filter(decided_at__isnull=False).annotate(over_at=Coalesce("decided_at", "made_at"))


def _invitations() -> QuerySet[Invitation]:
    """An address in an invitation is that of somebody who perhaps never wanted an account."""
    over = Coalesce("accepted_at", "withdrawn_at", "expires_at")
    return Invitation.objects.annotate(over_at=over)


def _notices() -> QuerySet[Notice]:
    return Notice.objects.filter(closed_at__isnull=False).annotate(
        over_at=Coalesce("closed_at", "received_at")
    )


def _cases() -> QuerySet[Case]:
    """Frozen and stopped market explorations, from the later of freezing, award, and three years before the contract
    ends: so they stay until it has ended, and three years from the award at least (§ 8 Absatz 4 VgV)."""
    ends = ExpressionWrapper(
        Cast("need__outcome__contract_ends_on", DateTimeField()) - timedelta(days=3 * 365),
        output_field=DateTimeField(),
    )
    decided = Cast("need__outcome__decided_on", DateTimeField())
    over = Greatest("ended_at", Coalesce(decided, "ended_at"), Coalesce(ends, "ended_at"))
    return Case.objects.filter(state__in=("frozen", "stopped")).annotate(over_at=over)


def _withdrawn() -> QuerySet[Solution]:
    gone = Solution.objects.filter(Q(state="withdrawn"), withdrawn_at__isnull=False)
    return gone.annotate(over_at=Greatest("withdrawn_at", "changed_at"))


RETENTIONS: dict[str, Retention] = {
    each.code: each
    for each in (
        Retention("invitation", "Einladungen, die vorbei sind", 6, _NEEDED_NO_LONGER, _invitations),
        Retention("working_copy", "erledigte Arbeitsfassungen", 12, _NEEDED_NO_LONGER, _copies),
        Retention("left_copy", "liegen gebliebene Entwürfe", 24, _NEEDED_NO_LONGER, _left_copies),
        Retention("claim", "entschiedene Anmeldungen von Organisationen", 12, _NEEDED_NO_LONGER, _claims),
        Retention(
            "notice",
            "abgeschlossene Meldungen",
            36,
            "Ansprüche verjähren nach drei Jahren (§ 195 BGB).",
            _notices,
            offered=True,
        ),
        Retention(
            "market_exploration",
            "abgeschlossene Markterkundungen",
            36,
            "Drei Jahre ab dem Zuschlag und bis zum Ende des Vertrags (§ 8 Abs. 4 VgV).",
            _cases,
            offered=True,
        ),
        Retention(
            "withdrawn_solution",
            "zurückgezogene Lösungen",
            120,
            "Der Eintrag bleibt zehn Jahre zitierbar.",
            _withdrawn,
            offered=True,
        ),
    )
}
