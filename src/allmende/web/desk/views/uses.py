"""A town says for itself that it uses a solution, or no longer does."""

from datetime import date, datetime

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from allmende.catalogue.actions import confirm_use, end_use
from allmende.catalogue.models import ConfirmedUse, Solution
from allmende.catalogue.queries import use_of, visible_to
from allmende.lib.actors import Actor
from allmende.organisations.models import Organisation
from allmende.organisations.queries import organisations_of
from allmende.vocabulary.queries import current
from allmende.web.components.parts import Crumb
from allmende.web.desk.access import carry_out, for_members


class UseForm(forms.Form):
    town = forms.ChoiceField(label="Für welche Kommune?", widget=forms.RadioSelect)
    state = forms.ChoiceField(label="Wie nutzen Sie die Lösung?", widget=forms.RadioSelect)
    day = forms.DateField(
        label="Seit wann? Bei „beendet“: bis wann?",
        help_text="Zum Beispiel 01.04.2025. Sie können das Feld leer lassen, wenn Sie die Lösung noch nutzen.",
        required=False,
        error_messages={"invalid": "Geben Sie einen Tag ein, zum Beispiel 01.04.2025."},
    )
    note = forms.CharField(
        label="Anmerkung", required=False, max_length=500, help_text="Erscheint öffentlich."
    )

    def __init__(self, *args: object, towns: list[Organisation], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # as Django hands them over
        for name, choices in (
            ("town", [(town.public_id, town.name) for town in towns]),
            ("state", list(current().labels("use_status").items())),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  # as declared above
            field.choices = choices
            field.error_messages["required"] = "Wählen Sie eine Antwort aus."

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if cleaned.get("state") == "ended" and not cleaned.get("day") and "day" not in self.errors:
            self.add_error("day", "Geben Sie den Tag ein, an dem die Nutzung geendet hat.")
        return cleaned


@for_members
def show(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    solution = visible_to(actor).filter(public_id=public_id).first()
    if solution is None:
        raise Http404("Diese Lösung gibt es nicht.")
    towns = organisations_of(actor, "municipality_editor")
    form = UseForm(request.POST or None, towns=towns, initial={"town": towns[0].public_id} if towns else {})
    if request.method == "POST" and towns and form.is_valid():
        town = next(each for each in towns if each.public_id == form.cleaned_data["town"])
        return _confirm(request, solution, town, form.cleaned_data, actor)
    crumbs = [
        Crumb("Start", "/"),
        Crumb(solution.name, reverse("solution", args=[public_id])),
        Crumb("Nutzung"),
    ]
    return render(
        request, "desk/use.html", {"solution": solution, "form": form, "towns": towns, "crumbs": crumbs}
    )


def _confirm(
    request: HttpRequest, solution: Solution, town: Organisation, said: dict[str, object], actor: Actor
) -> HttpResponse:
    day = said["day"] if isinstance(said["day"], date) else None
    note, state = str(said["note"]), str(said["state"])
    known = use_of(town, solution)

    def act(now: datetime) -> ConfirmedUse:
        if state == "ended" and day:
            use = known or confirm_use(solution, organisation=town, state="productive", by=actor, now=now)
            return end_use(use, ended_on=day, note=note, by=actor, now=now)
        return confirm_use(solution, organisation=town, state=state, since=day, note=note, by=actor, now=now)

    done = f"Danke. Die Angabe für {town.name} steht jetzt auf der Seite der Lösung."
    return carry_out(request, done, act, then=reverse("solution", args=[solution.public_id]))
