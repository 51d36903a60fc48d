from django.conf import settings
from django.db import models
from django.db.models import Q

from allmende.lib.ids import new_public_id
from allmende.organisations.roles import ROLES
from allmende.organisations.states import ACCREDITATION
from allmende.regions.models import Region


class Organisation(models.Model):
    """A municipality, a provider or another body that acts or is named."""

    journal_type = "organisation"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    name = models.CharField("Name", max_length=300)
    kind = models.CharField("Art", max_length=60, help_text="Code des Vokabulars organisation_type")
    region = models.OneToOneField(
        Region,
        verbose_name="Region",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="organisation",
    )
    website_url = models.URLField("Website", max_length=500, blank=True)
    state = models.CharField("Stand", max_length=12, choices=ACCREDITATION.choices, default="named")
    # When somebody vouched for it first; kept while it is suspended.
    accredited_at = models.DateTimeField("akkreditiert am", null=True, blank=True)
    is_invented = models.BooleanField("erfunden", default=False)
    created_at = models.DateTimeField("angelegt am")

    class Meta:
        verbose_name = "Organisation"
        verbose_name_plural = "Organisationen"
        indexes = [models.Index(fields=["kind", "name"])]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="organisation_has_a_name"),
            models.CheckConstraint(
                condition=Q(state__in=list(ACCREDITATION.labels)), name="organisation_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["accredited", "suspended"], accredited_at__isnull=False)
                | Q(state__in=["named", "applied", "refused"], accredited_at=None),
                name="organisation_accredited_when",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_accredited(self) -> bool:
        return self.state == "accredited"


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
