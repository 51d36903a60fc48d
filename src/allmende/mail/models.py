from django.db import models
from django.db.models import Q

from allmende.lib.ids import new_public_id
from allmende.mail.states import LETTER


class Letter(models.Model):
    """One message to one address. What it says goes once it was sent or given up; the rest stays for a while."""

    journal_type = "letter"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    # Between angle brackets on the way; the same however often delivery is tried.
    message_id = models.CharField(max_length=200, unique=True)
    # Stands in the address that bounces come back to, so that nobody can guess it.
    bounce_token = models.CharField(max_length=32, unique=True)
    to = models.CharField("an", max_length=254)
    subject = models.CharField("Betreff", max_length=300)
    text = models.TextField("Text", blank=True)
    # Header name → value, beside those that every letter has.
    headers = models.JSONField(default=dict, blank=True)
    # Package and occasion, such as `accounts.confirm_address`.
    kind = models.CharField("Anlass", max_length=80)
    about_type = models.CharField(max_length=40)
    about_id = models.CharField(max_length=80, blank=True)
    by_kind = models.CharField(max_length=12)
    by_id = models.CharField(max_length=80, blank=True)
    state = models.CharField("Stand", max_length=10, choices=LETTER.choices, default="queued")
    attempts = models.PositiveSmallIntegerField("Versuche", default=0)
    created_at = models.DateTimeField("geschrieben am")
    next_try_at = models.DateTimeField("nächster Versuch am", null=True)
    sent_at = models.DateTimeField("verschickt am", null=True, blank=True)
    ended_at = models.DateTimeField("gescheitert oder zurückgekommen am", null=True, blank=True)
    last_error = models.TextField("letzter Fehler", blank=True)

    class Meta:
        verbose_name = "E-Mail"
        verbose_name_plural = "E-Mails"
        indexes = [
            models.Index(fields=["state", "next_try_at"], name="letter_to_deliver"),
            models.Index(fields=["to", "created_at"], name="letter_by_receiver"),
            models.Index(fields=["about_type", "about_id"], name="letter_by_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="queued", next_try_at__isnull=False)
                | (~Q(state="queued") & Q(next_try_at__isnull=True)),
                name="letter_waits_for_its_next_try",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="letter_sent_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("failed", "bounced")) | Q(ended_at__isnull=False),
                name="letter_ended_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class UndeliverableAddress(models.Model):
    """An address that refused letters for good. From `since` on nothing goes there but what its owner asks for."""

    address = models.CharField("Adresse", max_length=254, unique=True)
    bounces = models.PositiveSmallIntegerField("Rückläufer", default=0)
    since = models.DateTimeField("unzustellbar seit", null=True, blank=True)
    last_at = models.DateTimeField("zuletzt")
    last_status = models.CharField("letzter Status", max_length=20, blank=True)

    class Meta:
        verbose_name = "unzustellbare Adresse"
        verbose_name_plural = "unzustellbare Adressen"

    def __str__(self) -> str:
        return f"{self.bounces} bounces"
