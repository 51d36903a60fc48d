from typing import ClassVar

from django.db import models
from django.db.models import Q

from allmende.catalogue.models import Listing, Origin
from allmende.federation.states import RUN
from allmende.lib.ids import new_public_id


class Source(models.Model):
    """Where records are harvested from, and how they are read."""

    journal_type = "source"
    KINDS: ClassVar[list[tuple[str, str]]] = [
        ("directory", "Verzeichnis"),
        ("archive", "Archiv"),
        ("list", "Liste von Adressen"),
        ("file", "einzelne Datei"),
    ]

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    code = models.SlugField("Kürzel", max_length=80, unique=True)
    origin = models.OneToOneField(Origin, on_delete=models.PROTECT, related_name="source")
    kind = models.CharField("Art", max_length=12, choices=KINDS)
    location = models.CharField(
        "Ort", max_length=1000, help_text="Pfad auf diesem Rechner oder Adresse im Netz"
    )
    format = models.CharField("Format", max_length=40)
    profile = models.JSONField("Profil", default=dict)
    every_hours = models.PositiveSmallIntegerField("alle … Stunden", null=True)
    is_paused = models.BooleanField("angehalten", default=False)
    added_at = models.DateTimeField("angelegt am")
    # What a trial has found, as its page shows it (`actions.trying`); empty while one is asked for.
    trial = models.JSONField("Probelauf", default=dict)
    trial_asked_at = models.DateTimeField("Probelauf angefordert am", null=True)
    tried_at = models.DateTimeField("Probelauf vom", null=True)

    class Meta:
        verbose_name = "Quelle"
        verbose_name_plural = "Quellen"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class Run(models.Model):
    """One harvest of a source. The counts add up: `seen` is the sum of what became of each record."""

    journal_type = "run"
    PARTS = ("new", "changed", "same", "unreadable", "refused", "left_out", "unreached")

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="runs")
    state = models.CharField(max_length=12, choices=RUN.choices, default="running")
    # Run by a job of the queue, which never runs two of the same source at once: the next such run knows it is dead.
    is_queued = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    # While it lies ahead, the run is alive; a run whose process died is told by this lying behind.
    lease_until = models.DateTimeField()
    seen = models.PositiveIntegerField("gesehen", default=0)
    new = models.PositiveIntegerField("neu", default=0)
    changed = models.PositiveIntegerField("geändert", default=0)
    same = models.PositiveIntegerField("unverändert", default=0)
    unreadable = models.PositiveIntegerField("zurückgestellt", default=0)
    refused = models.PositiveIntegerField("abgewiesen", default=0)
    left_out = models.PositiveIntegerField("nicht gemeint", default=0)
    unreached = models.PositiveIntegerField("nicht erreicht", default=0)
    missing = models.PositiveIntegerField("nicht mehr in der Quelle", default=0)
    # So many would be marked missing; a person has to look first.
    missing_held = models.PositiveIntegerField("fehlend, wartet auf Prüfung", default=0)
    problem = models.TextField("Hindernis", blank=True)

    class Meta:
        verbose_name = "Abgleich"
        verbose_name_plural = "Abgleiche"
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=Q(state="running"), name="run_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state="running", finished_at=None)
                | (~Q(state="running") & Q(finished_at__isnull=False)),
                name="run_finished_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}, {self.started_at:%d.%m.%Y %H:%M}"

    @property
    def adds_up(self) -> bool:
        return bool(self.seen == sum(getattr(self, part) for part in self.PARTS))


class RawRecord(models.Model):
    """The bytes of one record as they came, what the reader found in them, and what became of it."""

    journal_type = "raw_record"

    DECISIONS: ClassVar[list[tuple[str, str]]] = [
        ("publish", "veröffentlicht"),
        ("publish_with_warnings", "veröffentlicht mit Hinweisen"),
        ("quarantine", "zurückgestellt"),
        ("leave_out", "nicht gemeint"),
        ("refused", "abgewiesen"),
    ]

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="records")
    key = models.CharField(max_length=1000)
    digest = models.CharField(max_length=64)
    # None after their time: raw bytes may hold personal data and are not kept for ever.
    content = models.BinaryField(null=True)
    size = models.PositiveIntegerField()
    etag = models.CharField(max_length=300, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    reader = models.CharField(max_length=60, help_text="Format und Fassung des Lesers")
    decision = models.CharField(max_length=24, choices=DECISIONS)
    reasons = models.JSONField(default=list)
    findings = models.JSONField(default=list)
    standard_valid = models.BooleanField(null=True)
    standard_version = models.CharField(max_length=20, blank=True)
    listing = models.ForeignKey(Listing, null=True, on_delete=models.SET_NULL, related_name="records")
    first_seen_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    # Not seen by a run that would have marked too many as missing: a person has to look first.
    unseen_since = models.DateTimeField(null=True)
    missing_since = models.DateTimeField(null=True)
    # A person of the staff has looked at what was kept back; it waits again once the record changes.
    looked_at = models.DateTimeField(null=True)
    looked_by = models.CharField(max_length=60, blank=True)
    look_note = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = "Eintrag im Abgleich"
        verbose_name_plural = "Einträge im Abgleich"
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="record_once_a_source"),
            models.CheckConstraint(
                condition=~Q(decision__in=("quarantine", "leave_out", "refused")) | ~Q(reasons=[]),
                name="record_kept_back_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.key
