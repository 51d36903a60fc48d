"""How often mail comes, and what a saved search is called."""

from collections.abc import Collection, Mapping
from typing import Any

from django import forms

from allmende.notifications.categories import CATEGORIES, RATES, Category
from allmende.web.components.forms import KindForm

# Searches have a rate each.
CHOSEN_HERE = [each for each in CATEGORIES.values() if each.by_mail and each.code != "searches"]
_RATES = list(RATES.items())


class RatesForm(KindForm):
    """One question for each of the `categories` that is chosen here; the name of the field is the code."""

    def __init__(
        self, *args: Any, rates: Mapping[str, str], categories: Collection[Category], **kwargs: Any
    ) -> None:
        super().__init__(*args, initial=dict(rates), **kwargs)
        for each in CHOSEN_HERE:
            if each not in categories:
                del self.fields[each.code]

    @property
    def rates(self) -> dict[str, str]:
        return {code: self.cleaned_data[code] for code in self.fields}


for _each in CHOSEN_HERE:
    RatesForm.base_fields[_each.code] = forms.ChoiceField(
        label=_each.title,
        help_text=_each.explanation,
        choices=[(rate, RATES[rate]) for rate in _each.rates],
        widget=forms.RadioSelect,
    )


class SearchForm(KindForm):
    title = forms.CharField(
        label="Name der Suche", max_length=200, help_text="Unter diesem Namen schreiben wir Ihnen."
    )
    rate = forms.ChoiceField(
        label="Wie oft sollen wir Ihnen schreiben?", choices=_RATES, widget=forms.RadioSelect
    )
