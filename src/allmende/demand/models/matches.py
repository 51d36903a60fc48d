from django.db import models

from allmende.catalogue.models import Solution
from allmende.demand.models.needs import Need
from allmende.organisations.models import Organisation


class FoundMatch(models.Model):
    """A provider has been told that a need fits a solution that it offers: once, whatever changes later."""

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="found_matches")
    solution = models.ForeignKey(Solution, on_delete=models.PROTECT, related_name="found_matches")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="found_matches")
    # Of 100, as it was when it was found.
    points = models.PositiveSmallIntegerField()
    found_at = models.DateTimeField()

    class Meta:
        verbose_name = "gefundene Passung"
        verbose_name_plural = "gefundene Passungen"
        constraints = [
            models.UniqueConstraint(fields=["need", "organisation", "solution"], name="found_match_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.need}"
