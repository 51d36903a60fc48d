"""Every field in KERN's markup, every error with field, reason and way out."""

from decimal import Decimal

import pytest
from django import forms  # noqa: TID251  # what is tested are forms
from django.template import Context, Template

from allmende.web.components.forms import KindForm
from allmende.web.components.parts import FieldError
from allmende.web.components.templatetags.components import error_summary, field


class Offer(KindForm):
    name = forms.CharField(label="Name", max_length=10)
    mail = forms.EmailField(label="E-Mail")
    price = forms.DecimalField(label="Preis")
    users = forms.IntegerField(label="Nutzende")
    since = forms.DateField(label="Seit", help_text="Zum Beispiel 03.02.2026")
    page = forms.URLField(label="Website", assume_scheme="https")
    land = forms.ChoiceField(label="Land", choices=[("sn", "Sachsen")])
    fields_of_action = forms.MultipleChoiceField(
        label="Felder", choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple
    )
    agreed = forms.BooleanField(label="Geprüft")
    secret = forms.CharField(label="Passwort", widget=forms.PasswordInput, required=False)


GOOD = {
    "name": "Melder", "mail": "a@beispiel.de", "price": "1.200,50", "users": "6.000", "since": "03.02.2026",
    "page": "https://beispiel.de", "land": "sn", "fields_of_action": ["a"], "agreed": "on",
}  # fmt: skip


def test_german_numbers_are_understood() -> None:
    form = Offer(GOOD)
    assert form.is_valid(), form.errors
    assert (form.cleaned_data["price"], form.cleaned_data["users"]) == (Decimal("1200.50"), 6000)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("name", "", "Füllen Sie „Name“ aus."),
        ("mail", "niemand", "Geben Sie eine E-Mail-Adresse ein, zum Beispiel name@beispiel.de."),
        ("price", "zwölf", "Geben Sie bei „Preis“ eine Zahl ein, zum Beispiel 1.200,00."),
        ("users", "1,5", "Geben Sie bei „Nutzende“ eine ganze Zahl ein, zum Beispiel 6.000."),
        ("since", "31.02.2026", "Geben Sie bei „Seit“ ein Datum ein, zum Beispiel 03.02.2026."),
        (
            "page",
            "http://",
            "Geben Sie bei „Website“ eine vollständige Adresse ein, zum Beispiel https://beispiel.de.",
        ),
        ("land", "", "Wählen Sie bei „Land“ eine der Antworten aus."),
        ("land", "xx", "Wählen Sie bei „Land“ eine der Antworten aus."),
        ("fields_of_action", [], "Wählen Sie bei „Felder“ eine der Antworten aus."),
        ("agreed", "", "Kreuzen Sie „Geprüft“ an, um fortzufahren."),
    ],
)
def test_an_error_says_what_to_do(name: str, value: object, sentence: str) -> None:
    assert Offer(GOOD | {name: value}).errors == {name: [sentence]}


def test_a_form_may_say_it_better() -> None:
    class Better(KindForm):
        name = forms.CharField(label="Name")
        sentences = {"name": {"required": "Wie heißt die Lösung?"}}

    assert Better({}).errors == {"name": ["Wie heißt die Lösung?"]}


def test_a_text_field_has_label_hint_error_and_their_ties() -> None:
    assert " ".join(field(Offer(GOOD | {"since": "x"})["since"]).split()) == (
        '<div class="kern-form-input kern-form-input--error"> <label class="kern-label" for="id_since">Seit</label> '
        '<div class="kern-hint" id="id_since-hint">Zum Beispiel 03.02.2026</div> '
        '<input class="kern-form-input__input kern-form-input__input--error am-input--short" type="text" '
        'inputmode="numeric" id="id_since" name="since" value="x" required '
        'aria-describedby="id_since-hint id_since-error" aria-invalid="true"> '
        '<p class="kern-error" id="id_since-error"><span class="kern-icon kern-icon--danger" aria-hidden="true"></span>'
        '<span class="kern-body"><span class="am-hidden">Fehler: </span>Geben Sie bei „Seit“ ein Datum ein, '
        "zum Beispiel 03.02.2026.</span></p> </div>"
    )


def test_what_somebody_typed_comes_back_escaped() -> None:
    html = field(Offer(GOOD | {"name": '"><script>'})["name"])
    assert 'value="&quot;&gt;&lt;script&gt;"' in html
    assert "<script>" not in html


def test_a_password_never_comes_back() -> None:
    assert "geheim" not in field(Offer(GOOD | {"secret": "geheim"})["secret"])


def test_a_group_ticks_what_was_chosen_and_its_first_input_can_be_reached_by_the_summary() -> None:
    html = field(Offer(GOOD | {"fields_of_action": ["b"]})["fields_of_action"])
    assert html.count("checked") == 1
    assert 'id="id_fields_of_action" name="fields_of_action" value="a">' in html
    assert 'id="id_fields_of_action-1" name="fields_of_action" value="b" checked>' in html


def test_a_select_shows_its_value() -> None:
    assert '<option value="sn" selected>Sachsen</option>' in field(Offer(GOOD)["land"])


class Judging(KindForm):
    reason = forms.ChoiceField(
        label="Grund",
        choices=[
            ("", "Bitte wählen"),
            ("Bleibt", [("kept:fits", "Passt"), ("kept:new", "Neu & dabei")]),
            ("Scheidet aus", [("dropped:price", "Zu teuer")]),
            ("open:", "Wieder offen"),
        ],
    )


def test_the_groups_of_a_select_stand_under_their_headings() -> None:
    html = field(Judging({"reason": "dropped:price"})["reason"])
    assert "".join(
        line.strip() for line in html.partition("<option")[2].partition("</select>")[0]
    ) == "".join(
        line.strip()
        for line in ' value="">Bitte wählen</option>'
        '<optgroup label="Bleibt"><option value="kept:fits">Passt</option>'
        '<option value="kept:new">Neu &amp; dabei</option></optgroup>'
        '<optgroup label="Scheidet aus"><option value="dropped:price" selected>Zu teuer</option></optgroup>'
        '<option value="open:">Wieder offen</option>'
    )


def test_the_summary_leads_to_each_field() -> None:
    html = error_summary(Offer(GOOD | {"name": "", "agreed": ""}))
    assert "2 Angaben stimmen noch nicht" in html
    assert '<a href="#id_name">Füllen Sie „Name“ aus.</a>' in html
    assert '<a href="#id_agreed">' in html


def test_every_link_of_the_summary_has_its_target() -> None:
    form = Offer({})
    page = Template("{% load components %}{% error_summary form %}{% fields form %}").render(
        Context({"form": form})
    )
    targets = [part.split('"')[0] for part in page.split('<a href="#')[1:]]
    assert len(targets) == 9
    assert [target for target in targets if f'id="{target}"' not in page] == []


def test_no_summary_where_all_is_well() -> None:
    assert error_summary(Offer(GOOD)) == ""


def test_a_single_finding_without_a_field_is_a_sentence() -> None:
    html = error_summary([FieldError("Die Datei ist leer.")])
    assert "Eine Angabe stimmt noch nicht" in html
    assert "<li>Die Datei ist leer.</li>" in html
