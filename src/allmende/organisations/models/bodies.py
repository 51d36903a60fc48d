from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from allmende.lib.ids import new_public_id
from allmende.organisations.legal_forms import LEGAL_FORMS
from allmende.organisations.states import ACCREDITATION
from allmende.regions.models import Region


class Organisation(models.Model):
    """A municipality, a provider or another body that acts or is named."""

    journal_type = "organisation"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    name = models.CharField("Name", max_length=300)
    kind = models.CharField("Art", max_length=60, help_text="Code des Vokabulars organisation_type")
    region = models.OneToOneField(
        Region,
        verbose_name="Region",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="organisation",
    )
    website_url = models.URLField("Website", max_length=500, blank=True)
    # Of bodies that are not regions: what staff compares with the register before it vouches for them.
    legal_form = models.CharField(
        "Rechtsform",
        max_length=20,
        choices=[(form.code, form.label) for form in LEGAL_FORMS.values()],
        blank=True,
    )
    register_court = models.CharField("Registergericht", max_length=100, blank=True)
    register_number = models.CharField("Registernummer", max_length=30, blank=True)
    state = models.CharField("Stand", max_length=12, choices=ACCREDITATION.choices, default="named")
    # When somebody vouched for it first; kept while it is suspended.
    accredited_at = models.DateTimeField("bestätigt am", null=True, blank=True)
    # Where everything of it is now: it was the same organisation, entered twice.
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_here"
    )
    is_invented = models.BooleanField("erfunden", default=False)
    created_at = models.DateTimeField("angelegt am")

    class Meta:
        verbose_name = "Organisation"
        verbose_name_plural = "Organisationen"
        indexes = [models.Index(fields=["kind", "name"])]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="organisation_has_a_name"),
            models.CheckConstraint(
                condition=Q(state__in=list(ACCREDITATION.labels)), name="organisation_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["accredited", "suspended"], accredited_at__isnull=False)
                | Q(state__in=["named", "applied", "refused"], accredited_at=None)
                | Q(state="merged"),
                name="organisation_accredited_when",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | ~Q(state="merged") & Q(merged_into=None),
                name="organisation_merged_into_another",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
                name="organisation_not_merged_into_itself",
            ),
            # One number at one court is one company, whoever asks; what was refused may be asked for again.
            models.UniqueConstraint(
                Lower("register_court"),
                "register_number",
                condition=~Q(register_number="") & ~Q(state="refused"),
                name="organisation_register_number_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_accredited(self) -> bool:
        return self.state == "accredited"


class PostalAddress(models.Model):
    """Where letters to an organisation go, as staff has found it in an official source; kept for the next one."""

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="postal_address")
    recipient = models.CharField("Name", max_length=200)
    attention = models.CharField("zu Händen", max_length=200, blank=True)
    street = models.CharField("Straße und Hausnummer oder Postfach", max_length=200)
    postcode = models.CharField("Postleitzahl", max_length=5)
    place = models.CharField("Ort", max_length=200)
    changed_at = models.DateTimeField("geändert am")
    changed_by = models.CharField("geändert von", max_length=80)

    class Meta:
        verbose_name = "Anschrift einer Organisation"
        verbose_name_plural = "Anschriften von Organisationen"
        constraints = [
            models.CheckConstraint(
                condition=~Q(recipient="") & ~Q(street="") & ~Q(postcode="") & ~Q(place=""),
                name="postal_address_is_whole",
            )
        ]

    def __str__(self) -> str:
        return f"Anschrift von {self.organisation}"


class EmailDomain(models.Model):
    """Who has a confirmed e-mail address there works for the organisation, once staff has confirmed the domain.

    Several towns of one association may share a domain; then it lets nobody in by itself.
    """

    ADMITS = (
        ("on_request", "nach Freigabe durch die Verwaltung der Organisation"),
        ("at_once", "sofort, mit der Rolle „Mitlesen“"),
    )

    journal_type = "email_domain"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="domains")
    domain = models.CharField("Domain", max_length=253)
    admits = models.CharField("Wer von dort dazukommt", max_length=10, choices=ADMITS, default="on_request")
    proposed_at = models.DateTimeField("vorgeschlagen am")
    proposed_by = models.CharField("vorgeschlagen von", max_length=80)
    confirmed_at = models.DateTimeField("bestätigt am", null=True, blank=True)
    confirmed_by = models.CharField("bestätigt von", max_length=80, blank=True)

    class Meta:
        verbose_name = "E-Mail-Domain"
        verbose_name_plural = "E-Mail-Domains"
        ordering = ("domain", "pk")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "domain"], name="email_domain_once"),
            models.CheckConstraint(condition=Q(domain=Lower("domain")), name="email_domain_in_small_letters"),
            models.CheckConstraint(
                condition=Q(admits__in=["on_request", "at_once"]), name="email_domain_admits_known"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by="")
                | Q(confirmed_at__isnull=False) & ~Q(confirmed_by="") & ~Q(confirmed_by=F("proposed_by")),
                name="email_domain_confirmed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.domain
