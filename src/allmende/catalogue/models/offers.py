from django.db import models
from django.db.models import F, Q

from allmende.catalogue.models.solutions import Solution
from allmende.catalogue.states import OFFER
from allmende.lib.ids import new_public_id
from allmende.organisations.models import Organisation


class Offer(models.Model):
    """What parties offer for a solution. Supplier, operator and seller are three roles; one may hold several.

    `on_request` ("auf Anfrage") is a statement; no price rows and no `on_request` means "keine Angabe".
    """

    journal_type = "offer"

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
    as_of = models.DateField(null=True)
    is_invented = models.BooleanField(default=False)
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
        ]

    def __str__(self) -> str:
        return self.title


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
