"""Two people edited the same: both versions, field by field, to choose from."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from allmende.catalogue.contents import Content
from allmende.catalogue.drafts import ContactDraft, OfferDraft, PriceDraft
from allmende.catalogue.models import WorkingCopy
from allmende.vocabulary.queries import current
from allmende.web.components.drafting import UNKNOWN, Difference
from allmende.web.components.drafting import shown as shown_in_form
from allmende.web.marketplace.wording import net_price_in_words
from allmende.web.offers.forms import StepForm
from allmende.web.offers.steps import steps_of


def differences(form: StepForm, stored: Content) -> list[Difference]:
    """Where what was typed differs from what somebody else has stored meanwhile, in the order of the page."""
    before, typed = form.initial_of(stored), form.initial_of(form.applied(stored))
    return [
        Difference(name, _label(form, name), shown(form, name, typed[name]), shown(form, name, before[name]))
        for name in before
        if typed[name] != before[name]
    ]


def offer_differences(copy: WorkingCopy, mine: Content, published: Content) -> list[Difference]:
    """Where a change differs from what is published meanwhile, over all pages of its form."""
    found = []
    for step in steps_of(copy, mine):
        form = step.form(content=mine, organisation=copy.organisation)
        before, changed = form.initial_of(published), form.initial_of(mine)
        found += [
            Difference(
                name,
                _label(form, name),
                shown(form, name, changed[name]),
                shown(form, name, before[name]),
                "Veröffentlichte Fassung",
            )
            for name in before
            if changed[name] != before[name]
        ]
    return found


def chosen_of(mine: OfferDraft, published: OfferDraft, theirs: frozenset[str]) -> OfferDraft:
    """The change, with those fields of the form as they are published; the others stay as somebody wrote them."""
    told = vars(published)
    if "as_of" in theirs:
        theirs = theirs | {"as_of_precision"}
    draft = replace(mine, **{name: told[name] for name in theirs if name in told and name != "contact"})
    own, other = mine.contact or ContactDraft(), published.contact or ContactDraft()
    stated = {
        name: getattr(other if name in theirs else own, name) or None for name in ("name", "email", "phone")
    }
    return replace(draft, contact=ContactDraft(**stated, is_team=True) if any(stated.values()) else None)


def _label(form: StepForm, name: str) -> str:
    return "Preiszeilen" if name == "prices" else str(form.fields[name].label)


def shown(form: StepForm, name: str, value: Any) -> str:
    """A value of a page in words; "keine Angabe" where there is none."""
    if name == "prices":
        return "; ".join(prices_in_words(value)) or UNKNOWN
    return shown_in_form(form, name, value)


def prices_in_words(rows: Sequence[PriceDraft]) -> list[str]:
    """Each row with its tax."""
    return [net_price_in_words(vars(row), current()) for row in rows]
