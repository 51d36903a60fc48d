"""The history page of every object, and the search through the journal for the staff."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from allmende.accounts.models import User
from allmende.journal import queries as journal
from allmende.journal.actions import erase_words
from allmende.journal.rules import may_erase_words
from allmende.lib.actors import Actor
from allmende.organisations.models import Organisation
from allmende.organisations.queries import actor_for
from allmende.web.components.forms import KindForm
from allmende.web.components.parts import Crumb, Paging
from allmende.web.history.subjects import FINDERS
from allmende.web.history.wording import PROGRAMS, PUBLIC_KINDS, SUBJECTS, tell
from allmende.web.marketplace.addresses import first, parameters_of
from allmende.web.shell.access import carry_out, for_staff

PER_PAGE = 50
START = Crumb("Start", "/")
# Nobody types more letters than a name has.
_LONGEST = 200


@never_cache
def story(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """What happened to one thing, the latest first."""
    finder = FINDERS.get(kind)
    found = finder(public_id, actor_for(request.user)) if finder and "\0" not in public_id else None
    if found is None:
        raise Http404("Dazu gibt es hier keinen Verlauf.")
    entries = found.entries if found.in_full else found.entries.filter(kind__in=PUBLIC_KINDS)
    parameters = parameters_of(request)
    page = Paginator(entries, PER_PAGE).get_page(first(parameters, "seite") or "1")
    context = {
        "story": found,
        "lines": tell(page.object_list, by_name=found.in_full),
        "editions_of": public_id if kind == "loesungen" else "",
        "paging": Paging.of(request.path, parameters, page.number, page.paginator.num_pages),
        "crumbs": [START, Crumb(found.name, found.href or None), Crumb("Verlauf")],
    }
    return render(request, "history/story.html", context)


class SearchForm(KindForm):
    """Every field may stay empty; what is filled in has to be true of an entry at once."""

    person = forms.CharField(
        label="Person",
        help_text="Name, E-Mail-Adresse oder Kennung; auch der Name eines Programms.",
        required=False,
        max_length=_LONGEST,
    )
    organisation = forms.CharField(
        label="Organisation", help_text="Name oder Kennung.", required=False, max_length=_LONGEST
    )
    subject = forms.CharField(
        label="Gegenstand",
        help_text="Kennung, oder Art und Kennung wie „Lösung abc0123456“.",
        required=False,
        max_length=_LONGEST,
    )
    kind = forms.ChoiceField(label="Was geschah", required=False)
    since = forms.DateField(
        label="von", help_text="Zum Beispiel 03.02.2026.", required=False, input_formats=["%d.%m.%Y", "%Y-%m-%d"],
        widget=forms.TextInput(),
    )  # fmt: skip
    until = forms.DateField(
        label="bis", required=False, input_formats=["%d.%m.%Y", "%Y-%m-%d"], widget=forms.TextInput()
    )

    def __init__(self, data: Mapping[str, object] | None = None) -> None:
        super().__init__(data)
        labels = sorted(journal.known_kinds().items(), key=lambda each: each[1].casefold())
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # as written above
        field.choices = [("", "alles"), *labels]


@for_staff
def search(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Who did what: by person, organisation, thing, kind and time."""
    form = SearchForm(request.GET or {})
    found = _found(form.cleaned_data) if form.is_valid() else journal.search(people=[])
    parameters = parameters_of(request)
    page = Paginator(found, PER_PAGE).get_page(first(parameters, "seite") or "1")
    context = {
        "form": form,
        "count": page.paginator.count,
        "lines": tell(page.object_list, by_name=True),
        "may_erase_words": may_erase_words(actor),
        "paging": Paging.of(request.path, parameters, page.number, page.paginator.num_pages),
        "crumbs": [START, Crumb("Redaktion", "/redaktion"), Crumb("Wer hat was getan")],
    }
    return render(request, "history/search.html", context)


@for_staff
def words(request: HttpRequest, actor: Actor, entry: int, name: str) -> HttpResponse:
    """Erase what somebody typed for an entry; asks first, since it does not come back."""
    if not may_erase_words(actor):
        raise PermissionDenied
    found = journal.search().filter(pk=entry).first()
    typed = journal.words_of([found]).get((found.pk, name)) if found else None
    if found is None or typed is None or typed.erased_at:
        raise Http404("Diesen Text gibt es nicht, oder er ist schon entfernt.")
    then = reverse("desk_journal")
    if request.method == "POST":
        done = "Der Text ist entfernt. Der Eintrag und sein Siegel bleiben."
        return carry_out(request, done, lambda now: erase_words(found, name, by=actor, now=now), then=then)
    context = {
        "title": "Text aus dem Journal entfernen",
        "text": f"„{typed.text}“ steht danach nirgends mehr im Journal. Der Eintrag selbst bleibt: was geschah, "
        "wann und durch wen. Das lässt sich nicht rückgängig machen.",
        "label": "Text entfernen",
        "action": request.path,
        "cancel": then,
        "crumbs": [
            START,
            Crumb("Redaktion", "/redaktion"),
            Crumb("Wer hat was getan", then),
            Crumb("Text entfernen"),
        ],
    }
    return render(request, "components/confirm_page.html", context)


def _found(asked: Mapping[str, object]) -> QuerySet[journal.Entry]:
    person, organisation = str(asked["person"]).strip(), str(asked["organisation"]).strip()
    since, until = asked["since"], asked["until"]
    subject = str(asked["subject"]).strip()
    people = _people(person) if person else None
    return journal.search(
        people=people,
        organisation=_organisation(organisation) if organisation else "",
        subject=_subject(subject) if subject else None,
        kind=str(asked["kind"]),
        since=_midnight(since) if since else None,
        before=_midnight(until) + timedelta(days=1) if until else None,
    )


def _midnight(day: object) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))  # type: ignore[arg-type]  # a date, by its field


def _people(text: str) -> Sequence[str]:
    """Accounts that the text may mean, the text itself (an id of an erased one), and programs of that name."""
    named = Q(name__icontains=text) | Q(email__iexact=text) | Q(public_id=text)
    programs = [code for code, words in PROGRAMS.items() if text.casefold() in (code, words.casefold())]
    return [*User.objects.filter(named).values_list("public_id", flat=True)[:200], text, *programs]


def _organisation(text: str) -> str:
    """The one that is named so; where none or several are, an id that nothing has."""
    found = Organisation.objects.filter(Q(public_id=text) | Q(name__iexact=text)).values_list(
        "public_id", flat=True
    )
    several = list(found[:2]) or list(
        Organisation.objects.filter(name__icontains=text).values_list("public_id", flat=True)[:2]
    )
    return several[0] if len(several) == 1 else "-"


def _subject(text: str) -> tuple[str, str]:
    """The id alone, or type and id; the type as pages write it or as the journal does, with a colon or without."""
    kind, blank, public_id = text.rpartition(" ")
    if not blank and ":" in text:
        kind, _, public_id = text.partition(":")
    types = {label.casefold(): code for code, label in SUBJECTS.items()}
    kind = kind.strip()
    return types.get(kind.casefold(), kind), public_id.strip()
