from typing import Any

from django.db import models
from django.db.models import Q


class Edition(models.Model):
    """Our immutable state of a published object: canonical JSON, its hash, who and when; citable by its number.

    What law obliges to redact becomes a tombstone: the content goes, the hash and the reason stay.
    """

    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=10)
    number = models.PositiveIntegerField()
    schema_version = models.PositiveSmallIntegerField()
    content = models.TextField(null=True, help_text="kanonisches JSON")
    digest = models.CharField(max_length=64)
    author = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    redacted_at = models.DateTimeField(null=True)
    redaction_reason = models.TextField(blank=True)

    class Meta:
        verbose_name = "Ausgabe"
        verbose_name_plural = "Ausgaben"
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "number"], name="edition_number_once"
            ),
            models.CheckConstraint(
                condition=Q(content__isnull=False, redacted_at__isnull=True)
                | (Q(content__isnull=True, redacted_at__isnull=False) & ~Q(redaction_reason="")),
                name="edition_is_whole_or_a_tombstone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id}, Ausgabe {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None and set(kwargs.get("update_fields") or ()) != {
            "content",
            "redacted_at",
            "redaction_reason",
        }:
            raise TypeError("an edition is never changed, only redacted")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("an edition is never deleted, only redacted")
