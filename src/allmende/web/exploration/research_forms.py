"""Forms of the steps in which a town looks, chooses, talks and compares."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from allmende.exploration.actions.candidates import Verdict
from allmende.exploration.drafts import TalkDraft
from allmende.exploration.models import MatrixEntry
from allmende.lib.money import amount_in
from allmende.vocabulary.models import Term
from allmende.vocabulary.queries import current
from allmende.web.components.forms import KindForm

CHOOSE = {"required": "Wählen Sie eine Antwort aus.", "invalid_choice": "Wählen Sie eine der Antworten aus."}
WORDS = {"rows": 4}


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, however empty; None where the page is only looked at."""
    return request.POST if request.method == "POST" else None


def choose(form: forms.Form, name: str, choices: Iterable[tuple[str, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  # as declared
    field.choices = list(choices)


class AmountField(forms.CharField):
    """Euros as people write them, "1.200,00"; None where nothing was typed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, required=False, **kwargs)

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(str(value or ""))
        try:
            return amount_in(text) if text else None
        except ValueError:
            raise forms.ValidationError("Geben Sie einen Betrag ein, zum Beispiel 1.200,00.") from None


class LookForm(KindForm):
    """A look elsewhere, entered by hand."""

    source = forms.ChoiceField(label="Wo haben Sie gesucht oder gefragt?", widget=forms.Select)
    source_name = forms.CharField(
        label="Name der Quelle",
        help_text="Zum Beispiel das Portal, die Messe oder die Kommune. Nennen Sie keine Personen.",
        required=False,
        max_length=200,
    )
    url = forms.CharField(
        label="Adresse im Netz", help_text="Beginnt mit https://", required=False, max_length=1000
    )
    query = forms.CharField(
        label="Wonach haben Sie gesucht?",
        help_text="Die Suchworte, der CPV-Code oder die Frage, so wie Sie sie gestellt haben.",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    hits = forms.IntegerField(
        label="Wie viele Treffer?",
        help_text="Leer heißt: nicht gezählt. Null ist eine Angabe.",
        required=False,
        min_value=0,
    )
    remark = forms.CharField(
        label="Was kam dabei heraus?", required=False, max_length=5000, widget=forms.Textarea(attrs=WORDS)
    )
    searched_on = forms.DateField(label="An welchem Tag?")

    sentences: ClassVar[dict[str, dict[str, str]]] = {"source": CHOOSE}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        terms = current().terms("exploration_source")
        choose(self, "source", [("", "Bitte wählen"), *((term.code, term.label) for term in terms)])


class FoundForm(KindForm):
    """A company or product that was found elsewhere."""

    company_name = forms.CharField(label="Unternehmen oder Stelle", required=False, max_length=300)
    solution_name = forms.CharField(label="Produkt oder Lösung", required=False, max_length=300)
    url = forms.CharField(
        label="Adresse im Netz", help_text="Beginnt mit https://", required=False, max_length=1000
    )
    search = forms.ChoiceField(label="Wo haben Sie es gefunden?", required=False, widget=forms.Select)

    def __init__(self, *args: Any, searches: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "search", [("", "keine Angabe"), *searches])


def reasons_for(state: str) -> list[Term]:
    return [term for term in current().terms("candidate_reason") if state in term.extra.get("for", ())]


class VerdictForm(KindForm):
    """Keep or drop, with a reason. What a reason asks for beside itself, the action says."""

    decision = forms.ChoiceField(label="Entscheidung und Grund", widget=forms.Select)
    criterion = forms.ChoiceField(
        label="Welches Kriterium hat entschieden?", required=False, widget=forms.Select
    )
    amount = AmountField(label="Betrag in Euro, netto", help_text="Wenn der Preis der Grund ist.")
    words = forms.CharField(
        label="In Worten",
        help_text="Ein Satz genügt. Nennen Sie keine Personen.",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    sentences: ClassVar[dict[str, dict[str, str]]] = {"decision": CHOOSE}

    def __init__(self, *args: Any, criteria: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: list[tuple[str, Any]] = [("", "Bitte wählen")]
        for state, label in (("kept", "Bleibt auf der Liste"), ("dropped", "Scheidet aus")):
            groups.append((label, [(f"{state}:{term.code}", term.label) for term in reasons_for(state)]))
        choose(self, "decision", [*groups, ("open:", "Wieder offen")])
        choose(self, "criterion", [("", "keines"), *criteria])

    @property
    def verdict(self) -> Verdict:
        state, _, reason = str(self.cleaned_data["decision"]).partition(":")
        return Verdict(
            state=state,
            reason=reason,
            words=self.cleaned_data["words"],
            amount=self.cleaned_data["amount"],
            criterion=self.cleaned_data["criterion"],
        )


class NotAskedForm(KindForm):
    reason = forms.CharField(
        label="Warum wird dieses Unternehmen nicht angesprochen?",
        help_text="Leer heißt: Es wird angesprochen, oder es ist noch nicht entschieden.",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class TalkForm(KindForm):
    """Minutes of a talk."""

    candidate = forms.ChoiceField(label="Mit wem von der kurzen Liste?", required=False, widget=forms.Select)
    company_name = forms.CharField(
        label="Oder mit einem anderen Unternehmen",
        help_text="Nur wenn es nicht auf der Liste steht.",
        required=False,
        max_length=300,
    )
    day = forms.DateField(label="Tag")
    hour = forms.TimeField(label="Beginn", help_text="Zum Beispiel 14:30.")
    minutes_long = forms.IntegerField(
        label="Dauer in Minuten",
        help_text="Geben Sie allen Unternehmen gleich viel Zeit.",
        min_value=1,
        max_value=1440,
    )
    participants = forms.CharField(
        label="Wer war dabei?",
        help_text="Funktionen genügen: Leitung Bauhof, Vergabestelle, Vertrieb des Unternehmens.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    content = forms.CharField(
        label="Was wurde besprochen?", max_length=20_000, widget=forms.Textarea(attrs={"rows": 10})
    )
    told_to_company = forms.CharField(
        label="Was hat das Unternehmen erfahren, das andere noch nicht wissen?",
        help_text="Das teilen Sie danach allen mit, damit niemand einen Vorsprung hat. Leer heißt: nichts.",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs=WORDS),
    )

    sentences: ClassVar[dict[str, dict[str, str]]] = {
        "hour": {"invalid": "Geben Sie die Uhrzeit ein, zum Beispiel 14:30."}
    }

    def __init__(self, *args: Any, candidates: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "candidate", [("", "niemand von der Liste"), *candidates])

    @property
    def draft(self) -> TalkDraft:
        said = self.cleaned_data
        hour: time = said["hour"]
        return TalkDraft(
            candidate=said["candidate"],
            company_name="" if said["candidate"] else said["company_name"],
            held_at=timezone.make_aware(datetime.combine(said["day"], hour)),
            minutes_long=said["minutes_long"],
            participants=said["participants"],
            content=said["content"],
            told_to_company=said["told_to_company"],
        )


BASES = [
    ("judgement", "eigene Einschätzung"),
    ("fact", "selbst nachgesehen"),
    ("claim", "vom Unternehmen im Gespräch gesagt"),
]


class CellForm(KindForm):
    """What the town notes about one candidate and one criterion."""

    result = forms.ChoiceField(
        label="Ist das Kriterium erfüllt?", choices=MatrixEntry.RESULTS, widget=forms.RadioSelect
    )
    basis = forms.ChoiceField(label="Worauf stützt sich das?", choices=BASES, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Woran sieht man es?", max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    sentences: ClassVar[dict[str, dict[str, str]]] = {"result": CHOOSE, "basis": CHOOSE}
