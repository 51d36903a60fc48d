"""Region, succession and edition of the register."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from allmende.lib.ids import new_public_id
from allmende.regions import levels
from allmende.regions.names import with_designation
from allmende.regions.size_classes import SIZE_CLASS_LABELS
from allmende.regions.states import SUCCESSION


class RegisterEdition(models.Model):
    """One reading of the register that changed something or moved its date; the counts add up to its regions."""

    SOURCES = (("gv100ad", "Gemeindeverzeichnis GV100AD"), ("table", "mitgelieferte Tabelle"))

    journal_type = "register_edition"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    as_of = models.DateField("Gebietsstand")
    population_as_of = models.DateField("Einwohnerzahl vom", null=True, blank=True)
    source = models.CharField("Quelle", max_length=10, choices=SOURCES)
    digest = models.CharField("Prüfsumme", max_length=64, db_index=True)
    attribution = models.TextField("Quellenvermerk")
    imported_at = models.DateTimeField("eingelesen am")
    imported_by = models.CharField("eingelesen von", max_length=80)
    new = models.PositiveIntegerField("neu")
    changed = models.PositiveIntegerField("geändert")
    unchanged = models.PositiveIntegerField("unverändert")
    vanished = models.PositiveIntegerField("weggefallen")
    left_out = models.PositiveIntegerField("nicht übernommen")

    class Meta:
        verbose_name = "Stand des Gemeindeverzeichnisses"
        verbose_name_plural = "Stände des Gemeindeverzeichnisses"
        ordering = ("-as_of", "-imported_at")

    def __str__(self) -> str:
        return f"{self.get_source_display()}, Gebietsstand {self.as_of:%d.%m.%Y}"


class Region(models.Model):
    """A piece of geography with a key and a time of validity.

    `valid_to` is the first day on which the region no longer is; both dates are None where nobody has said.
    Without a changes file the day is that of the first edition that shows the change: then at the latest.
    """

    POINT_BASES = (
        ("gemeinde", "Punkt in der Gemeinde"),
        ("kreis", "Punkt im Kreis"),
        ("invented", "erfunden"),
    )

    journal_type = "region"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    key = models.CharField("Schlüssel", max_length=9, validators=[RegexValidator(r"^\d{2,9}$")])
    ars = models.CharField("Regionalschlüssel (ARS)", max_length=12, db_index=True)
    level = models.CharField("Ebene", max_length=20, choices=list(levels.LEVELS.items()))
    type_code = models.CharField("Textkennzeichen", max_length=2, blank=True)
    name = models.CharField("Name", max_length=80)
    official_name = models.CharField("amtlicher Name", max_length=120)
    search_name = models.CharField(max_length=120, db_index=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name="gehört zu", null=True, blank=True, related_name="children"
    )
    kreis = models.ForeignKey(
        "self", models.PROTECT, verbose_name="Kreis", null=True, blank=True, related_name="+"
    )
    land = models.ForeignKey(
        "self", models.PROTECT, verbose_name="Land", null=True, blank=True, related_name="+"
    )
    population = models.PositiveIntegerField("Einwohnerzahl", null=True, blank=True)
    population_as_of = models.DateField("Einwohnerzahl vom", null=True, blank=True)
    area_ha = models.PositiveIntegerField("Fläche in Hektar", null=True, blank=True)
    size_class = models.PositiveSmallIntegerField(
        "Größenklasse", null=True, blank=True, choices=list(SIZE_CLASS_LABELS.items())
    )
    size_class_is_derived = models.BooleanField(
        "Größenklasse aus der Einwohnerzahl abgeleitet", default=False
    )
    postcode = models.CharField("Postleitzahl des Sitzes", max_length=5, blank=True, db_index=True)
    latitude = models.FloatField("Breite", null=True, blank=True)
    longitude = models.FloatField("Länge", null=True, blank=True)
    point_basis = models.CharField("Grundlage des Punktes", max_length=10, choices=POINT_BASES, blank=True)
    valid_from = models.DateField("gültig ab", null=True, blank=True)
    valid_to = models.DateField("nicht mehr gültig ab", null=True, blank=True)
    is_invented = models.BooleanField("erfunden", default=False)

    class Meta:
        verbose_name = "Gebiet"
        verbose_name_plural = "Gebiete"
        ordering = ("search_name", "key")
        constraints = [
            models.UniqueConstraint("key", condition=Q(valid_to=None), name="region_key_unique_among_valid"),
            models.CheckConstraint(
                condition=Q(key__startswith="99", is_invented=True)
                | (~Q(key__startswith="99") & Q(is_invented=False)),
                name="region_invented_keys_begin_with_99",
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__isnull=False, longitude__isnull=False),
                name="region_point_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="region_ends_after_it_began",
            ),
            models.CheckConstraint(
                # Said twice on purpose: IN over an unknown value is unknown, and what is unknown passes a check.
                condition=Q(size_class__isnull=False, size_class__in=list(SIZE_CLASS_LABELS))
                | Q(size_class=None, size_class_is_derived=False),
                name="region_size_class_known",
            ),
            models.CheckConstraint(condition=Q(level__in=list(levels.LEVELS)), name="region_level_known"),
            models.CheckConstraint(
                condition=Q(level="land", land=None) | (~Q(level="land") & Q(land__isnull=False)),
                name="region_below_a_land",
            ),
        ]
        indexes = [models.Index(fields=["level", "valid_to"], name="region_level_valid")]

    def __str__(self) -> str:
        return f"{self.title} (erfunden)" if self.is_invented else self.title

    @property
    def designation(self) -> str:
        """The kind of region in German: `Landkreis`, `Markt`, `Verbandsgemeinde`."""
        return levels.DESIGNATIONS[self.type_code]

    @property
    def title(self) -> str:
        """The name as it reads in a sentence: `Landkreis Gifhorn`, `Amt Trittau`, `Kiel`."""
        if self.level in (levels.KREIS, levels.GEMEINDEVERBAND):
            return with_designation(self.name, self.designation)
        return self.name

    @property
    def ags(self) -> str | None:
        """The Amtliche Gemeindeschlüssel; None for everything that is not a Gemeinde."""
        return self.key if self.level == levels.GEMEINDE else None

    @property
    def land_key(self) -> str:
        return self.key[:2]

    @property
    def is_valid(self) -> bool:
        return self.valid_to is None

    @property
    def is_kreisfrei(self) -> bool:
        """Whether this is a Gemeinde (or the row of a Kreis) that is Kreis and Gemeinde at once."""
        return self.type_code in levels.KREISFREE_CODES

    @property
    def is_city_state(self) -> bool:
        """Berlin and Hamburg: one territory that is Land and Gemeinde at once, asked of either row."""
        return self.land_key in ("02", "11")


class RegionSuccession(models.Model):
    """`successor` took over from `predecessor`, wholly or in part. Only a confirmed one is followed.

    `share`: the part (0–1) of the old region that went there, by area; None where nobody has said.
    """

    ORIGINS = (
        ("changes_file", "Datei mit Gebietsänderungen"),
        ("comparison", "Vergleich zweier Stände"),
        ("person", "von einer Person eingetragen"),
    )

    journal_type = "region_succession"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    predecessor = models.ForeignKey(
        Region, models.PROTECT, verbose_name="bisheriges Gebiet", related_name="successions"
    )
    successor = models.ForeignKey(
        Region, models.PROTECT, verbose_name="Nachfolger", related_name="successions_from_others"
    )
    on = models.DateField("wirksam am", null=True, blank=True)
    share = models.DecimalField("Anteil", max_digits=5, decimal_places=4, null=True, blank=True)
    state = models.CharField("Stand", max_length=10, choices=SUCCESSION.choices, default="proposed")
    origin = models.CharField("Herkunft", max_length=12, choices=ORIGINS)
    reason = models.CharField("Begründung", max_length=300, blank=True)
    decided_by = models.CharField("entschieden von", max_length=80, blank=True)
    decided_at = models.DateTimeField("entschieden am", null=True, blank=True)

    class Meta:
        verbose_name = "Nachfolge"
        verbose_name_plural = "Nachfolgen"
        ordering = ("predecessor__key", "successor__key")
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="region_succession_once"),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")), name="region_succession_between_two_regions"
            ),
            models.CheckConstraint(
                condition=Q(share=None) | Q(share__gt=0, share__lte=1),
                name="region_succession_share_is_a_part",
            ),
            models.CheckConstraint(
                condition=Q(state__in=list(SUCCESSION.labels)), name="region_succession_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_at=None)
                | (~Q(state="proposed") & Q(decided_at__isnull=False)),
                name="region_succession_decided_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor} ({self.get_state_display()})"
