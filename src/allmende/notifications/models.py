from django.conf import settings
from django.db import models
from django.db.models import Q

from allmende.lib.ids import new_public_id
from allmende.notifications.categories import CATEGORIES, RATES

_CATEGORIES = [(category.code, category.title) for category in CATEGORIES.values()]


class NewsItem(models.Model):
    """One thing that one person is told. The sentence is made when it is read, from what is true and visible then."""

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="news")
    # Name of the rule, mostly a journal kind; for news of a saved search a name of our own.
    kind = models.CharField(max_length=80)
    category = models.CharField(max_length=20, choices=_CATEGORIES)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=80, blank=True)
    # Words for the sentence: numbers, labels, public ids; never a name or an address of a person.
    data = models.JSONField(default=dict)
    # The journal entry it comes from, so that a follower told twice tells once. No foreign key: see the journal.
    entry = models.BigIntegerField(null=True)
    at = models.DateTimeField("geschehen am")
    noted_at = models.DateTimeField("vermerkt am")
    read_at = models.DateTimeField("gelesen am", null=True, blank=True)
    # How mail brings it; what is chosen later changes it as long as it waits.
    rate = models.CharField("E-Mail", max_length=10, choices=list(RATES.items()))
    # Sent by mail, or left out because there was nothing left to tell.
    mailed_at = models.DateTimeField("verschickt am", null=True, blank=True)

    class Meta:
        verbose_name = "Nachricht"
        verbose_name_plural = "Nachrichten"
        ordering = ("-at", "-pk")
        indexes = [
            models.Index(fields=["user", "-at"], name="news_item_of_person"),
            models.Index(fields=["user"], condition=Q(read_at=None), name="news_item_unread"),
            models.Index(
                fields=["rate", "noted_at"],
                condition=Q(mailed_at=None, read_at=None),
                name="news_item_to_mail",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "entry"], condition=Q(entry__isnull=False), name="news_item_once_an_entry"
            ),
            models.CheckConstraint(condition=Q(rate__in=list(RATES)), name="news_item_rate_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class Preference(models.Model):
    """How often a person wants mail of one category. No row: as usual."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preferences")
    category = models.CharField(max_length=20, choices=_CATEGORIES)
    rate = models.CharField(max_length=10, choices=list(RATES.items()))

    class Meta:
        verbose_name = "Wunsch zu Benachrichtigungen"
        verbose_name_plural = "Wünsche zu Benachrichtigungen"
        constraints = [
            models.UniqueConstraint(fields=["user", "category"], name="preference_once_a_category"),
            models.CheckConstraint(condition=Q(rate__in=list(RATES)), name="preference_rate_known"),
        ]

    def __str__(self) -> str:
        return f"{self.category}: {self.rate}"


class DeskRound(models.Model):
    """Until when one of the staff has been told by mail what waits at the desk. No row: not yet."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="desk_round", primary_key=True
    )
    told_at = models.DateTimeField("zuletzt nachgesehen am")

    class Meta:
        verbose_name = "Rundgang am Schreibtisch"
        verbose_name_plural = "Rundgänge am Schreibtisch"

    def __str__(self) -> str:
        return f"{self.told_at:%Y-%m-%d %H:%M}"


class SavedSearch(models.Model):
    """A question whose new answers its owner is told of.

    `seen` are the public ids of all hits that have been there at some look. `address` is the search page's own, with
    its query string; `text` and `choices` are the same for the index.
    """

    journal_type = "saved_search"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches"
    )
    title = models.CharField("Name", max_length=200)
    address = models.CharField(max_length=2000)
    text = models.CharField(max_length=500, blank=True)
    choices = models.JSONField(default=dict)
    rate = models.CharField("E-Mail", max_length=10, choices=list(RATES.items()))
    seen = models.JSONField(default=list)
    made_at = models.DateTimeField("gespeichert am")
    looked_at = models.DateTimeField("zuletzt nachgesehen am")
    # What `search.queries.state()` said at that look: as long as it says the same, there is nothing new.
    looked_in = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "gespeicherte Suche"
        verbose_name_plural = "gespeicherte Suchen"
        ordering = ("title", "pk")
        constraints = [
            models.UniqueConstraint(fields=["user", "address"], name="saved_search_once"),
            models.CheckConstraint(condition=Q(rate__in=list(RATES)), name="saved_search_rate_known"),
        ]

    def __str__(self) -> str:
        return self.title
