from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from allmende.lib.ids import new_public_id
from allmende.organisations.models.bodies import Organisation
from allmende.organisations.roles import ROLES
from allmende.organisations.states import JOINING, PROPOSAL


class Membership(models.Model):
    """A person holds a role in an organisation, or on the platform itself where none is named."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(
        "Rolle", max_length=40, choices=[(role.code, role.label) for role in ROLES.values()]
    )
    since = models.DateTimeField("seit")
    ended_at = models.DateTimeField("beendet am", null=True, blank=True)

    class Meta:
        verbose_name = "Mitgliedschaft"
        verbose_name_plural = "Mitgliedschaften"
        constraints = [
            # Two, because databases take no two missing values for equal.
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=Q(ended_at__isnull=True, organisation__isnull=False),
                name="membership_once_while_it_lasts",
            ),
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=Q(ended_at__isnull=True, organisation__isnull=True),
                name="membership_of_platform_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} in {self.organisation or 'Allmende'}"


class Absence(models.Model):
    """Somebody is away from one day to another, both included, and names who acts in their roles meanwhile.

    `deputy` None: nobody does. Whoever is absent has no rights in the organisation until it ends.
    """

    journal_type = "absence"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="absences")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="absences")
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="deputyships"
    )
    starts_on = models.DateField("von")
    ends_on = models.DateField("bis")
    reported_at = models.DateTimeField("gemeldet am")
    # Taken back or ended early; the days stay as they were said.
    ended_at = models.DateTimeField("beendet am", null=True, blank=True)

    class Meta:
        verbose_name = "Abwesenheit"
        verbose_name_plural = "Abwesenheiten"
        ordering = ("starts_on", "pk")
        indexes = [models.Index(fields=["organisation", "person", "ends_on"], name="absence_of_member")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="absence_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(deputy=None) | ~Q(deputy=F("person")), name="absence_needs_another_as_deputy"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on:%d.%m.%Y} bis {self.ends_on:%d.%m.%Y}"


class Invitation(models.Model):
    """A link, good once and for one address, that lets somebody join an organisation in the roles named.

    Only the hash of what the link ends with is kept.
    """

    journal_type = "invitation"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField("E-Mail-Adresse")
    roles = models.JSONField("Rollen", default=list)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="invitations_made"
    )
    invited_at = models.DateTimeField("eingeladen am")
    expires_at = models.DateTimeField("gilt bis")
    accepted_at = models.DateTimeField("angenommen am", null=True, blank=True)
    withdrawn_at = models.DateTimeField("zurückgezogen am", null=True, blank=True)

    class Meta:
        verbose_name = "Einladung"
        verbose_name_plural = "Einladungen"
        ordering = ("-invited_at", "-pk")
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="invitation_in_small_letters"),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(withdrawn_at=None), name="invitation_has_one_end"
            ),
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="invitation_once_while_it_waits",
            ),
        ]

    def __str__(self) -> str:
        return f"Einladung in {self.organisation}"

    def holds(self, now: datetime) -> bool:
        """Whether it can still be accepted."""
        return self.accepted_at is None and self.withdrawn_at is None and now < self.expires_at


class JoinRequest(models.Model):
    """Somebody whose address lies at the organisation's own domain asks to join it."""

    journal_type = "join_request"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="join_requests")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="join_requests")
    task = models.CharField("Aufgabe", max_length=200, blank=True)
    state = models.CharField("Stand", max_length=10, choices=JOINING.choices, default="open")
    made_at = models.DateTimeField("gestellt am")
    decided_at = models.DateTimeField("entschieden am", null=True, blank=True)
    decided_by = models.CharField("entschieden von", max_length=80, blank=True)

    class Meta:
        verbose_name = "Anfrage zur Mitarbeit"
        verbose_name_plural = "Anfragen zur Mitarbeit"
        ordering = ("made_at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=list(JOINING.labels)), name="join_request_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None) | ~Q(state="open") & Q(decided_at__isnull=False),
                name="join_request_decided_when",
            ),
            models.UniqueConstraint(
                fields=["organisation", "user"], condition=Q(state="open"), name="join_request_once_open"
            ),
        ]

    def __str__(self) -> str:
        return f"Anfrage an {self.organisation}"


class RoleProposal(models.Model):
    """One administrator of the platform proposes another; a second one has to agree."""

    journal_type = "role_proposal"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="role_proposals"
    )
    role = models.CharField("Rolle", max_length=40)
    reason = models.CharField("Grund", max_length=300)
    state = models.CharField("Stand", max_length=10, choices=PROPOSAL.choices, default="open")
    proposed_at = models.DateTimeField("vorgeschlagen am")
    proposed_by = models.CharField("vorgeschlagen von", max_length=80)
    decided_at = models.DateTimeField("entschieden am", null=True, blank=True)
    decided_by = models.CharField("entschieden von", max_length=80, blank=True)

    class Meta:
        verbose_name = "Vorschlag für eine Rolle"
        verbose_name_plural = "Vorschläge für Rollen"
        ordering = ("proposed_at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=list(PROPOSAL.labels)), name="role_proposal_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="granted") | ~Q(decided_by=F("proposed_by")),
                name="role_proposal_granted_by_another",
            ),
            models.UniqueConstraint(
                fields=["user", "role"], condition=Q(state="open"), name="role_proposal_once_open"
            ),
        ]

    def __str__(self) -> str:
        return f"Vorschlag: {self.role}"
