from django.db import models
from django.db.models import Q

from allmende.organisations.models.bodies import Organisation


class MunicipalityProfile(models.Model):
    """What a town tells of itself beyond the register, so that solutions and partners can be found for it.

    Size, kind, Land and Kreis are the register's and stand there, not here. Nothing is mandatory; None is
    "keine Angabe" and never read as no. Lists hold codes of the vocabulary, or words where there are no codes.
    """

    journal_type = "municipality_profile"

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="profile")
    existing_systems = models.JSONField("vorhandene Systeme", null=True, blank=True)
    hosting = models.JSONField("Betrieb", null=True, blank=True)
    networks = models.JSONField("Netze", null=True, blank=True)
    digital_staff = models.DecimalField(
        "Stellen für Digitales", max_digits=6, decimal_places=2, null=True, blank=True
    )
    budget_class = models.CharField("Budget im Jahr", max_length=60, null=True, blank=True)
    interests = models.JSONField("Handlungsfelder", null=True, blank=True)
    # Other towns may read it; without this it is for the organisation and the staff only.
    is_shared = models.BooleanField("für andere Kommunen sichtbar", default=False)
    lock_version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField("geändert am")
    changed_by = models.CharField("geändert von", max_length=80)

    class Meta:
        verbose_name = "Profil einer Kommune"
        verbose_name_plural = "Profile von Kommunen"
        constraints = [
            models.CheckConstraint(
                condition=Q(digital_staff=None) | Q(digital_staff__gte=0, digital_staff__lte=9999),
                name="profile_staff_is_a_number_of_people",
            )
        ]

    def __str__(self) -> str:
        return f"Profil von {self.organisation}"
