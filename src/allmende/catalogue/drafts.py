"""What can be handed in to the catalogue: by a form, the API or a harvested file. No database here.

A value that is not stated is None or an empty tuple, and means "keine Angabe", never no.
"""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from allmende.lib.partial_dates import Precision

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing a reader or a check has to say about a handed-in record.

    `key` is the path of the value as the standard writes it (`description.de.shortDescription`), "" for the whole file.
    `message` is a German sentence for the owner of the record. `line` and `column` count from 1; None: no place.
    """

    severity: Severity
    key: str
    message: str
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True, kw_only=True)
class TextDraft:
    """The words about a solution in one language (BCP 47 tag, such as `de` or `en`)."""

    language: str
    name: str | None = None
    summary: str | None = None
    """One or two sentences, plain text."""
    description: str | None = None
    """Longer text in Markdown; unchecked, so cleaned before it is shown."""
    features: tuple[str, ...] = ()
    documentation_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReleaseDraft:
    """A version of the software; either part may be unknown, not both."""

    version: str | None = None
    released_on: datetime.date | None = None


@dataclass(frozen=True, kw_only=True)
class ClaimedUseDraft:
    """Somebody says that this body uses the solution. `ags` where the source is sure of the municipality."""

    name: str
    url: str | None = None
    ags: str | None = None


@dataclass(frozen=True, kw_only=True)
class ContactDraft:
    """Whom to ask. `is_team` is True only where it is sure that no single person is named."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    affiliation: str | None = None
    is_team: bool = False


@dataclass(frozen=True, kw_only=True)
class ContractorDraft:
    """A company that maintains the software by contract, as the source says."""

    name: str
    until: datetime.date | None = None
    website: str | None = None


@dataclass(frozen=True, kw_only=True)
class DependencyDraft:
    """Something the solution needs. `kind` is open, proprietary or hardware, as in publiccode.yml."""

    kind: Literal["open", "proprietary", "hardware"]
    name: str
    optional: bool | None = None
    version: str | None = None


@dataclass(frozen=True, kw_only=True)
class LinkDraft:
    """An address with its meaning. `kind` is a code of vocabulary scheme `link_kind`
    (repository, website, documentation, demo, roadmap, api, opencode, efa, dvc, source, standard …)."""

    kind: str
    url: str
    label: str | None = None


@dataclass(frozen=True, kw_only=True)
class FundingDraft:
    """Public money behind the solution; `open_source_duty` None means not stated."""

    programme: str
    grant_id: str | None = None
    open_source_duty: bool | None = None
    url: str | None = None


@dataclass(frozen=True, kw_only=True)
class SolutionDraft:
    """A solution as somebody hands it in: the product, neutral of who sells it.

    All codes are codes of the vocabulary; an unknown code is refused by the gate.
    `fields_of_action[0]` is the primary one.
    """

    name: str
    texts: tuple[TextDraft, ...] = ()
    repository_url: str | None = None
    website_url: str | None = None
    licence: str | None = None
    """An SPDX expression in canonical spelling."""
    maturity: str | None = None
    boundary: str | None = None
    """A code of scheme `boundary`: smart_city, ozg_efa, fachverfahren, querschnitt."""
    fields_of_action: tuple[str, ...] = ()
    solution_types: tuple[str, ...] = ()
    delivery_models: tuple[str, ...] = ()
    """Ways in which the source says that the solution is run; offers have their own."""
    topics: tuple[str, ...] = ()
    """Free words and foreign category names, for search only."""
    platforms: tuple[str, ...] = ()
    interface_languages: tuple[str, ...] = ()
    """Languages the software itself speaks (BCP 47)."""
    audiences: tuple[str, ...] = ()
    """Codes of scheme `audience` (crosswalk from publiccode scopes)."""
    release: ReleaseDraft | None = None
    maintenance: str | None = None
    """A code of scheme `maintenance`: internal, contract, community, none."""
    maintainer: str | None = None
    """The body that answers for the software, as named by the source."""
    maintainer_url: str | None = None
    claimed_uses: tuple[ClaimedUseDraft, ...] = ()
    contacts: tuple[ContactDraft, ...] = ()
    contractors: tuple[ContractorDraft, ...] = ()
    dependencies: tuple[DependencyDraft, ...] = ()
    links: tuple[LinkDraft, ...] = ()
    funding: tuple[FundingDraft, ...] = ()
    based_on: tuple[str, ...] = ()
    """Addresses of repositories this one was forked or derived from."""
    is_invented: bool = False
    """True only for the demo story; shown on every page."""
    as_of: datetime.date | None = None
    """The day for which the record says of itself that it holds."""


@dataclass(frozen=True, kw_only=True)
class PriceDraft:
    """One row of a price. Amounts are net, in euros.

    `kind`: one_off, yearly, monthly, per_unit_yearly, per_unit_one_off, day_rate.
    `unit` for per-unit kinds and tiers: inhabitant, user, device, case, day. `tier_from` ≤ units < `tier_to`;
    an open end is None. `amount` None is refused: what is not known is not a row.
    """

    kind: str
    amount: Decimal
    unit: str | None = None
    tier_from: int | None = None
    tier_to: int | None = None
    vat_rate: Decimal | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class OfferDraft:
    """What a party offers for a solution. Supplier, operator and seller are three roles, by public id of an
    organisation; one party may hold several. `kind`: product, own_development, operation, consulting,
    training, support."""

    title: str
    kind: str = "product"
    description: str = ""
    language: str = "de"
    supplier: str | None = None
    operator: str | None = None
    seller: str | None = None
    delivery_model: str | None = None
    price_model: str | None = None
    on_request: bool = False
    """"Auf Anfrage" is a statement of the offering party; it may stand beside price rows."""
    prices: tuple[PriceDraft, ...] = ()
    minimum_term_months: int | None = None
    included_services: str = ""
    as_of: datetime.date | None = None
    as_of_precision: Precision = "day"
    """How much of `as_of` was told; of a month or a year it is the first day."""
    prices_for: str = "public"
    """Who sees the amounts: "public" (all) or "administration" (verified public administration)."""
    contact: ContactDraft | None = None
    """An office, not a person; None: not stated."""
    is_invented: bool = False


@dataclass(frozen=True, kw_only=True)
class PieceLine:
    """Where in a file something stands that no page of the form shows; `code` as in `beyond.Piece`."""

    code: str
    line: int


@dataclass(frozen=True, kw_only=True)
class FileNotes:
    """What the file that filled a form leaves for its writer to see: what was wrong with it, and where things stand."""

    findings: tuple[Finding, ...] = ()
    lines: tuple[PieceLine, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NoticeDraft:
    """What anybody hands in who reports an entry. `confirmed_email` is an address that is known to be theirs."""

    reason: str
    """One of `models.notices.REASONS`."""
    what: str
    source: str = ""
    name: str = ""
    email: str = ""
    confirmed_email: str = ""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a format reader makes of the bytes of one record.

    Two verdicts stay apart: `standard_valid` is the standard's own (None where the format has none),
    `decision` is ours.
    `reasons` says in German why a record is quarantined or left out, and is empty otherwise.
    """

    decision: Literal["publish", "publish_with_warnings", "quarantine", "leave_out"]
    draft: SolutionDraft | None = None
    findings: tuple[Finding, ...] = field(default_factory=tuple)
    reasons: tuple[str, ...] = ()
    standard_valid: bool | None = None
    standard_version: str | None = None
    record_url: str | None = None
    """Where a person can read the record at its source, if the record itself says so."""
    record_licence: str | None = None
    """Licence of the record's text (not of the software), if known."""

    def __post_init__(self) -> None:
        published = self.decision in ("publish", "publish_with_warnings")
        if published != (self.draft is not None):
            raise ValueError("a record has a draft exactly where we publish it")
        if not published and not self.reasons:
            raise ValueError("whoever keeps a record back says why")
