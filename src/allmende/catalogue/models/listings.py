"""Who says what about a solution: origins, their listings, and what hangs on a listing."""

from django.db import models
from django.db.models import Q

from allmende.catalogue.models.solutions import Solution
from allmende.lib.ids import new_public_id


class Origin(models.Model):
    """Where values come from: the editors, an owner, a harvested source. A smaller rank takes precedence."""

    journal_type = "origin"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    code = models.SlugField(max_length=80, unique=True)
    label = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, help_text="Code des Vokabulars origin_kind")
    rank = models.PositiveSmallIntegerField()
    website_url = models.CharField(max_length=1000, blank=True)
    licence = models.CharField(max_length=100, blank=True, help_text="Lizenz der Texte, nicht der Software")
    attribution = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "Herkunft"
        verbose_name_plural = "Herkünfte"
        ordering = ["rank", "label"]

    def __str__(self) -> str:
        return self.label


class Listing(models.Model):
    """An origin names the solution, under its own key. What the origin says hangs on its listing."""

    solution = models.ForeignKey(Solution, on_delete=models.CASCADE, related_name="listings")
    origin = models.ForeignKey(Origin, on_delete=models.PROTECT, related_name="listings")
    key = models.CharField(max_length=1000, help_text="Schlüssel bei der Quelle: Pfad oder Adresse")
    repository_key = models.CharField(max_length=1000, blank=True)
    record_url = models.CharField(max_length=1000, blank=True)
    record_licence = models.CharField(max_length=100, blank=True)
    draft_digest = models.CharField(max_length=64)
    # Of uses, funding, contacts and release alone, so that a changed text leaves their rows untouched.
    rows_digest = models.CharField(max_length=64, blank=True)
    as_of = models.DateField(null=True)
    first_seen_at = models.DateTimeField()
    # When it came to this solution; later than first seen only after a merge, so that the solution that stays
    # keeps its own words.
    joined_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    # Set while the source no longer names the solution; the solution stays published.
    missing_since = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "Eintrag einer Quelle"
        verbose_name_plural = "Einträge von Quellen"
        indexes = [
            # Whole, not only where it says something: SQLite uses no partial index for a value that it is given.
            models.Index(fields=["repository_key"], name="listing_repository_key"),
        ]
        constraints = [models.UniqueConstraint(fields=["origin", "key"], name="listing_once_an_origin")]

    def __str__(self) -> str:
        return f"{self.origin}: {self.key}"


class Statement(models.Model):
    """One value as one listing states it. `field` is a field of `SolutionDraft`, texts as `texts.<language>`."""

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="statements")
    field = models.CharField(max_length=60)
    value = models.JSONField()
    stated_at = models.DateTimeField(help_text="seit wann der Wert so lautet")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["listing", "field"], name="statement_once_a_field")]

    def __str__(self) -> str:
        return self.field


class ClaimedUse(models.Model):
    """A source or supplier says that somebody uses the solution ("laut Anbieter"). Never what the town itself says."""

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="claimed_uses")
    solution = models.ForeignKey(Solution, on_delete=models.CASCADE, related_name="claimed_uses")
    organisation = models.ForeignKey(
        "organisations.Organisation", null=True, on_delete=models.PROTECT, related_name="claimed_uses"
    )
    name = models.CharField(max_length=300)
    url = models.CharField(max_length=1000, blank=True)
    as_of = models.DateField(null=True)

    class Meta:
        verbose_name = "Nutzung laut Quelle"
        verbose_name_plural = "Nutzungen laut Quelle"
        constraints = [models.UniqueConstraint(fields=["listing", "name"], name="claimed_use_once_a_listing")]

    def __str__(self) -> str:
        return self.name


class Release(models.Model):
    """A version of the software as a listing names it. Not an edition, which is our archived state of the entry."""

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="releases")
    solution = models.ForeignKey(Solution, on_delete=models.CASCADE, related_name="releases")
    version = models.CharField(max_length=100, blank=True)
    released_on = models.DateField(null=True)
    first_seen_at = models.DateTimeField()

    class Meta:
        verbose_name = "Version"
        verbose_name_plural = "Versionen"
        constraints = [
            # Two, because databases take no two missing values for equal.
            models.UniqueConstraint(
                fields=["listing", "version", "released_on"], name="release_once_a_listing"
            ),
            models.UniqueConstraint(
                fields=["listing", "version"],
                condition=Q(released_on__isnull=True),
                name="release_without_date_once_a_listing",
            ),
            models.CheckConstraint(
                condition=~Q(version="") | Q(released_on__isnull=False), name="release_says_something"
            ),
        ]

    def __str__(self) -> str:
        return self.version or str(self.released_on)


class Funding(models.Model):
    """Public money behind a solution. `open_source_duty` None: not stated."""

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="funding")
    solution = models.ForeignKey(Solution, on_delete=models.CASCADE, related_name="funding")
    programme = models.CharField(max_length=300)
    grant_id = models.CharField(max_length=100, blank=True)
    open_source_duty = models.BooleanField(null=True)
    url = models.CharField(max_length=1000, blank=True)

    class Meta:
        verbose_name = "Förderung"
        verbose_name_plural = "Förderungen"
        constraints = [
            models.UniqueConstraint(
                fields=["listing", "programme", "grant_id"], name="funding_once_a_listing"
            )
        ]

    def __str__(self) -> str:
        return self.programme


class SuppressedContact(models.Model):
    """A person who has asked not to be named: only a hash, so that no harvest brings the data back."""

    digest = models.CharField(max_length=64, unique=True)
    suppressed_at = models.DateTimeField()

    class Meta:
        verbose_name = "gesperrter Kontakt"
        verbose_name_plural = "gesperrte Kontakte"

    def __str__(self) -> str:
        return "gesperrter Kontakt"


class Contact(models.Model):
    """Whom to ask, as a listing says. Personal data: in this table alone, erasable, in no edition and no log."""

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=300, blank=True)
    email = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=100, blank=True)
    affiliation = models.CharField(max_length=300, blank=True)
    is_team = models.BooleanField(default=False)

    class Meta:
        verbose_name = "Kontakt"
        verbose_name_plural = "Kontakte"

    def __str__(self) -> str:
        return "Kontakt"
