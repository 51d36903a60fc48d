import secrets
from dataclasses import fields
from typing import Any, NoReturn

from django.db import models

from allmende.journal.seals import SealContent


class EntrySet(models.QuerySet["Entry"]):
    def update(self, **values: Any) -> NoReturn:
        raise TypeError("a journal entry is not altered")

    def delete(self) -> NoReturn:
        raise TypeError("a journal entry is not deleted")


class Entry(models.Model):
    """One thing that happened. The subject is named by type and public id and may be gone by now."""

    kind = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=80, blank=True)
    actor_kind = models.CharField(max_length=12)
    actor_id = models.CharField(max_length=80, blank=True)
    organisation = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)

    objects = EntrySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "at"], name="entry_by_subject"),
            models.Index(fields=["kind", "at"], name="entry_by_kind"),
            models.Index(fields=["actor_id", "at"], name="entry_by_actor"),
            models.Index(fields=["organisation", "at"], name="entry_by_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_type}:{self.subject_id}"

    @property
    def topic(self) -> str:
        return self.kind.partition(".")[0]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("a journal entry is not altered")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("a journal entry is not deleted")


class Delivery(models.Model):
    """An entry that a follower has yet to be told of; written with the entry, deleted when told."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    # Dotted path of the function, as in settings.
    follower = models.CharField(max_length=120)
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["follower", "failures", "id"], name="delivery_in_order")]

    def __str__(self) -> str:
        return f"{self.entry_id} for {self.follower}"


class Words(models.Model):
    """What a person typed for an entry: the entry, and so its seal, holds only the hash, so that the text can go.

    `salt` is random and goes with the text: what is left says nothing about it, however short it was.
    """

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    text = models.TextField(blank=True)
    salt = models.CharField(max_length=32, blank=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "name"], name="words_once_a_name"),
            models.CheckConstraint(
                condition=models.Q(erased_at=None) | models.Q(text="", salt=""), name="words_erased_are_gone"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of entry {self.entry_id}"


def random_amount() -> int:
    """1 to 2**24. A transaction that is rolled back has seen its own version; counted in ones, the next transaction
    would reach the same number with something else, and what a process kept under it would be wrong."""
    return secrets.randbelow(2**24) + 1


class Bump(models.Model):
    """Something about a topic changed. The version of a topic is the sum of its amounts.

    One row per change and not one counter per topic: writers do not queue for a row, and cannot block each other
    crosswise. Old rows are folded into one with their sum.
    """

    topic = models.CharField(max_length=40)
    amount = models.BigIntegerField(default=random_amount)

    class Meta:
        indexes = [models.Index(fields=["topic", "amount"], name="bump_sums")]

    def __str__(self) -> str:
        return f"{self.topic} +{self.amount}"


class Seal(models.Model):
    """Proof that some entries are as they were: see `seals` for what it holds and why."""

    number = models.PositiveBigIntegerField(primary_key=True)
    schema = models.PositiveSmallIntegerField()
    ids = models.TextField()
    marks = models.TextField()
    rows = models.CharField(max_length=64)
    upto = models.BigIntegerField()
    gaps = models.TextField(blank=True)
    horizon = models.BigIntegerField()
    previous = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    # The name of the key and what it signed.
    key = models.CharField(max_length=16)
    signature = models.CharField(max_length=128)
    # So far, this seal included; not sealed itself, since it follows from `ids`.
    entries = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"seal {self.number}"

    @property
    def content(self) -> SealContent:
        return SealContent(**{field.name: getattr(self, field.name) for field in fields(SealContent)})
