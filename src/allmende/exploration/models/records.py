from typing import Any

from django.db import models
from django.db.models import Q

from allmende.exploration.models.cases import Case
from allmende.exploration.models.frozen import is_erasing
from allmende.lib.ids import new_public_id


class Records(models.QuerySet["FrozenRecord"]):
    """Neither changed nor removed in bulk, but for the erasure after the retention."""

    def update(self, **kwargs: Any) -> int:
        if not is_erasing():
            raise TypeError("a frozen record is never changed, only erased")
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("a frozen record is never deleted, only erased")


class FrozenRecord(models.Model):
    """The frozen case: canonical JSON, its hash, who approved. Erased after its retention, it keeps hash and day."""

    journal_type = "frozen_record"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="record")
    schema_version = models.PositiveSmallIntegerField()
    content = models.TextField(null=True, help_text="kanonisches JSON")
    digest = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()
    approved_by = models.CharField(max_length=60)
    # Detached Ed25519 signature over `content` as UTF-8, 128 hexadecimal digits, and the name of its key.
    signature = models.CharField(max_length=128)
    key = models.CharField(max_length=16)
    keep_until = models.DateField(null=True)
    erased_at = models.DateTimeField(null=True)

    objects = Records.as_manager()

    class Meta:
        verbose_name = "Dokumentation"
        verbose_name_plural = "Dokumentationen"
        constraints = [
            models.CheckConstraint(
                condition=Q(content__isnull=False, erased_at=None) | Q(content=None, erased_at__isnull=False),
                name="frozen_record_whole_or_erased",
            )
        ]

    def __str__(self) -> str:
        return f"Dokumentation {self.public_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("a frozen record is never changed, only erased")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("a frozen record is never deleted, only erased")


class AuditAccess(models.Model):
    """Somebody may read a case for a time: the auditors, by the confirmed e-mail address of their account."""

    journal_type = "audit_access"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="audit_accesses")
    # In small letters; personal data that goes with the access.
    email = models.CharField("E-Mail-Adresse", max_length=320)
    body = models.CharField("Stelle", max_length=200)
    purpose = models.TextField("Anlass")
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=60)
    until = models.DateField("gilt bis")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "Einsicht für die Prüfung"
        verbose_name_plural = "Einsichten für die Prüfung"

    def __str__(self) -> str:
        return self.body
