"""The pages about an offer: what is offered by whom, and where to ask. Prices are in `prices.py`."""

from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from allmende.catalogue.contents import Content
from allmende.catalogue.drafts import ContactDraft, OfferDraft
from allmende.organisations.queries import by_public_ids, public_organisations
from allmende.web.offers.forms import StepForm, choices, choose

LONG = {"rows": 8}


def _offer(content: Content) -> OfferDraft:
    return content.offer or OfferDraft(title="")


class Operation(StepForm):
    title = forms.CharField(
        label="Titel des Angebots",
        help_text="Zum Beispiel: Betrieb mit Einrichtung und Betreuung",
        max_length=300,
    )
    kind = forms.ChoiceField(label="Was bieten Sie an?", widget=forms.RadioSelect)
    description = forms.CharField(
        label="Was gehört zum Angebot?", widget=forms.Textarea(attrs=LONG), max_length=20_000, required=False
    )
    supplier = forms.CharField(
        label="Wer liefert?",
        help_text="Name der Organisation. Wer liefert, betreibt und verkauft, können drei verschiedene sein.",
        max_length=300,
        required=False,
    )
    operator = forms.CharField(label="Wer betreibt?", max_length=300, required=False)
    seller = forms.CharField(
        label="Wer verkauft?",
        help_text="Mit wem wird der Vertrag geschlossen?",
        max_length=300,
        required=False,
    )
    delivery_model = forms.ChoiceField(label="Wo läuft die Lösung?")
    minimum_term_months = forms.IntegerField(
        label="Mindestlaufzeit in Monaten", min_value=1, max_value=600, required=False
    )
    included_services = forms.CharField(
        label="Was ist im Preis enthalten?",
        help_text="Zum Beispiel: Einrichtung, Schulung, Aktualisierungen.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=5000,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "kind", choices("offer_kind", first=""))
        choose(self, "delivery_model", choices("delivery_model"))
        for name in _ROLES:
            self.fields[name].widget.attrs["list"] = "organisationen"

    @classmethod
    def initial_of(cls, content: Content) -> dict[str, Any]:
        draft = _offer(content)
        known = by_public_ids([party for role in _ROLES if (party := getattr(draft, role))])
        names = {
            role: known[party].name if (party := getattr(draft, role)) in known else "" for role in _ROLES
        }
        return {
            "title": draft.title,
            "kind": draft.kind,
            "description": draft.description,
            **names,
            "delivery_model": draft.delivery_model or "",
            "minimum_term_months": draft.minimum_term_months,
            "included_services": draft.included_services,
        }

    def clean_supplier(self) -> str:
        return self._party("supplier")

    def clean_operator(self) -> str:
        return self._party("operator")

    def clean_seller(self) -> str:
        return self._party("seller")

    def _party(self, role: str) -> str:
        """The public id of the organisation that is named; one's own comes first among equals."""
        name = self.cleaned_data[role].strip()
        if not name or name.casefold() == self.organisation.name.casefold():
            return str(self.organisation.public_id) if name else ""
        found = list(public_organisations().filter(name__iexact=name)[:2])
        if len(found) == 1:
            return str(found[0].public_id)
        raise ValidationError(_AMBIGUOUS if found else _UNKNOWN, code="party", params={"name": name})

    def applied(self, content: Content) -> Content:
        draft = _offer(content)
        draft = replace(
            draft,
            supplier=self.said("supplier", draft.supplier) or None,
            operator=self.said("operator", draft.operator) or None,
            seller=self.said("seller", draft.seller) or None,
            title=self.said("title", draft.title) or "",
            kind=self.said("kind", draft.kind) or draft.kind,
            description=self.said("description", draft.description) or "",
            delivery_model=self.said("delivery_model", draft.delivery_model) or None,
            minimum_term_months=self.said("minimum_term_months", draft.minimum_term_months),
            included_services=self.said("included_services", draft.included_services) or "",
        )
        return replace(content, offer=draft)


_ROLES = ("supplier", "operator", "seller")
_UNKNOWN = (
    "„%(name)s“ kennen wir nicht. Schreiben Sie den Namen so, wie er unter „Anbieter“ oder „Kommunen“ steht, oder "
    "lassen Sie das Feld leer."
)
_AMBIGUOUS = "„%(name)s“ heißen mehrere Organisationen. Lassen Sie das Feld leer und nennen Sie sie im Text."


class Contact(StepForm):
    name = forms.CharField(
        label="Name der Stelle",
        help_text=(
            "Zum Beispiel: Vertrieb, Fachstelle Digitalisierung. Nennen Sie keine Person: Ihre Angabe erscheint "
            "öffentlich."
        ),
        max_length=300,
        required=False,
    )
    email = forms.EmailField(
        label="E-Mail-Adresse", help_text="Eine Adresse, die mehrere lesen.", max_length=300
    )
    phone = forms.CharField(label="Telefon", max_length=100, required=False)

    @classmethod
    def initial_of(cls, content: Content) -> dict[str, Any]:
        contact = _offer(content).contact or ContactDraft()
        return {"name": contact.name or "", "email": contact.email or "", "phone": contact.phone or ""}

    def applied(self, content: Content) -> Content:
        draft, before = _offer(content), self.initial_of(content)
        stated = {name: self.said(name, before[name]) or None for name in ("name", "email", "phone")}
        contact = ContactDraft(**stated, is_team=True) if any(stated.values()) else None
        return replace(content, offer=replace(draft, contact=contact))
