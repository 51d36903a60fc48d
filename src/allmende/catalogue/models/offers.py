import datetime

from django.db import models
from django.db.models import F, Q

from allmende.catalogue.models.solutions import Solution
from allmende.catalogue.states import OFFER
from allmende.lib.ids import new_public_id
from allmende.lib.partial_dates import PRECISIONS, PartialDate, told
from allmende.organisations.models import Organisation

PRICES_FOR = [("public", "alle"), ("administration", "nur die öffentliche Verwaltung")]


class Offer(models.Model):
    """What parties offer for a solution. Supplier, operator and seller are three roles; one may hold several.

    `on_request` ("auf Anfrage") is a statement; no price rows and no `on_request` means "keine Angabe".
    """

    journal_type = "offer"
    # Set by `queries` on what it hands out: whether there are amounts that this reader may not see.
    prices_are_hidden = False

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    solution = models.ForeignKey(Solution, on_delete=models.PROTECT, related_name="offers")
    state = models.CharField(max_length=12, choices=OFFER.choices, default="draft")
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    description = models.TextField(blank=True)
    language = models.CharField(max_length=35, default="de")
    supplier = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="offers_supplied"
    )
    operator = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="offers_operated"
    )
    seller = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="offers_sold")
    delivery_model = models.CharField(max_length=60, blank=True)
    price_model = models.CharField(max_length=60, blank=True)
    on_request = models.BooleanField(default=False)
    minimum_term_months = models.PositiveSmallIntegerField(null=True)
    included_services = models.TextField(blank=True)
    # The first day that is meant, and how much of it was told.
    as_of = models.DateField(null=True)
    as_of_precision = models.CharField(max_length=5, choices=PRECISIONS, default="day")
    # "administration": amounts are for verified public administration only, and stand in no edition.
    prices_for = models.CharField(max_length=20, choices=PRICES_FOR, default="public")
    is_invented = models.BooleanField(default=False)
    # Until when the offering party has said that all of this holds; None: nobody has been asked to say so.
    renew_by = models.DateField(null=True)
    # The day of renewal that the party has been reminded of, so that each is told of once.
    reminded_of = models.DateField(null=True)
    # The day of renewal that has passed, once the party has been told.
    lapsed_of = models.DateField(null=True)
    published_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_reason = models.TextField(blank=True)
    lock_version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "Angebot"
        verbose_name_plural = "Angebote"
        ordering = ["title", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(supplier__isnull=False) | Q(operator__isnull=False) | Q(seller__isnull=False),
                name="offer_has_a_party",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | (Q(withdrawn_at__isnull=False) & ~Q(withdrawal_reason="")),
                name="offer_withdrawn_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(prices_for__in=[code for code, _ in PRICES_FOR]), name="offer_prices_for_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def as_of_told(self) -> PartialDate | None:
        """From when the prices are, as far as it was told."""
        return told(self.as_of, self.as_of_precision)

    @property
    def parties(self) -> list[Organisation]:
        """Whoever supplies, operates or sells, each once."""
        return list(
            dict.fromkeys(body for body in (self.supplier, self.operator, self.seller) if body is not None)
        )

    def has_lapsed(self, today: datetime.date) -> bool:
        """Whether the day has passed by which the party was to say that the offer still holds."""
        return self.state == "published" and self.renew_by is not None and self.renew_by < today


class OfferContact(models.Model):
    """Where to ask about an offer: an office, not a person; erasable, in no edition."""

    offer = models.OneToOneField(Offer, on_delete=models.CASCADE, related_name="contact")
    name = models.CharField(max_length=300, blank=True)
    email = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=100, blank=True)

    class Meta:
        verbose_name = "Ansprechstelle eines Angebots"
        verbose_name_plural = "Ansprechstellen von Angeboten"

    def __str__(self) -> str:
        return "Ansprechstelle"


class PriceRow(models.Model):
    """One row of a price, net and in euros; a row that is not known does not exist."""

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="prices")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=60)
    amount = models.DecimalField(max_digits=12, decimal_places=4)
    unit = models.CharField(max_length=60, blank=True)
    tier_from = models.PositiveIntegerField(null=True)
    tier_to = models.PositiveIntegerField(null=True)
    vat_rate = models.DecimalField(max_digits=4, decimal_places=2, null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "Preis"
        verbose_name_plural = "Preise"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["offer", "position"], name="price_row_once_a_position"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="price_row_not_negative"),
            models.CheckConstraint(
                condition=Q(tier_from__isnull=True) | Q(tier_to__isnull=True) | Q(tier_from__lt=F("tier_to")),
                name="price_row_tier_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"
