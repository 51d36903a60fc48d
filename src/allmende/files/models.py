from django.db import models
from django.db.models import Q

from allmende.files.documents import TYPES
from allmende.files.states import FILE, SERVED
from allmende.lib.ids import new_public_id

KINDS = [("logo", "Logo"), ("document", "Unterlage")]


class StoredFile(models.Model):
    """One file. Its name goes when it is removed; that there was one, of which digest, stays."""

    journal_type = "stored_file"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    kind = models.CharField(max_length=10, choices=KINDS)
    # Public id of the organisation whose room it takes up.
    owner = models.CharField(max_length=10)
    # What it is shown with: type as in the journal, and public id.
    about_type = models.CharField(max_length=40)
    about_id = models.CharField(max_length=10)
    name = models.CharField("Name", max_length=150, blank=True)
    digest = models.CharField(max_length=64, help_text="SHA-256 der Bytes, wie sie liegen")
    size = models.PositiveIntegerField("Größe in Bytes")
    content_type = models.CharField("Art", max_length=100)
    # Of pictures, in points, so that a page keeps the room free.
    width = models.PositiveSmallIntegerField(null=True)
    height = models.PositiveSmallIntegerField(null=True)
    state = models.CharField("Stand", max_length=10, choices=FILE.choices, default="received")
    at = models.DateTimeField("hochgeladen am")
    # Public id of an account, as in the journal: the name stays where it can be erased.
    uploaded_by = models.CharField(max_length=60)
    scanned_at = models.DateTimeField("geprüft am", null=True)
    removed_at = models.DateTimeField("entfernt am", null=True)

    class Meta:
        verbose_name = "Datei"
        verbose_name_plural = "Dateien"
        indexes = [
            models.Index(fields=["about_type", "about_id"], name="file_by_subject"),
            models.Index(fields=["owner"], name="file_by_owner"),
            models.Index(fields=["state"], name="file_by_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["about_type", "about_id"],
                condition=Q(kind="logo") & ~Q(state="removed"),
                name="file_one_logo_each",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["clean", "infected"]) | Q(scanned_at__isnull=False),
                name="file_found_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="removed", removed_at__isnull=False, name="")
                | (~Q(state="removed") & Q(removed_at__isnull=True)),
                name="file_removed_without_its_name",
            ),
            models.CheckConstraint(
                condition=(Q(kind="logo") & Q(state__in=["redrawn", "removed"]))
                | (Q(kind="document") & ~Q(state="redrawn")),
                name="file_redrawn_if_a_logo",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.public_id}"

    @property
    def is_served(self) -> bool:
        """Whether those who may see what it is about get it."""
        return self.state in SERVED

    @property
    def type_label(self) -> str:
        """What people call this type: PDF, DOCX, PNG."""
        known = TYPES.get(self.content_type)
        return known.label if known else self.content_type.rpartition("/")[2].upper()

    @property
    def verdict(self) -> str:
        """What the virus scanner is known to say, in words for pages; the day is added there."""
        if self.state == "unchecked":
            return "nicht geprüft: kein Scanner eingerichtet"
        return self.get_state_display()
