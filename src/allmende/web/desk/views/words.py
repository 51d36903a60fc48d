"""The vocabulary at the desk: look up terms, add words people search with, add an own term, let one end."""

from collections.abc import Callable
from datetime import UTC, datetime

from django import forms
from django.contrib import messages
from django.core.validators import RegexValidator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.vocabulary.actions import LONGEST_WORD, add_term, add_word, end_term, remove_word
from allmende.vocabulary.drafts import TermDraft
from allmende.vocabulary.models import FROM_OPERATOR, Term
from allmende.vocabulary.queries import Vocabulary, current, own_words
from allmende.vocabulary.rules import may_edit_terms
from allmende.web.components.forms import KindForm
from allmende.web.components.parts import Crumb
from allmende.web.shell.access import for_staff

HOME = (Crumb("Start", "/"), Crumb("Redaktion", "/redaktion"))
WORDS = Crumb("Begriffe", "/redaktion/begriffe")


class TermForm(KindForm):
    label = forms.CharField(label="Bezeichnung", max_length=200)
    code = forms.CharField(
        label="Code",
        help_text="Kleine Buchstaben ohne Umlaute und Unterstriche, zum Beispiel parkraum. Er ändert sich nie.",
        max_length=60,
        validators=[
            RegexValidator(r"^[a-z][a-z0-9_]*\Z", "Der Code besteht aus kleinen Buchstaben, Ziffern und _.")
        ],
    )
    definition = forms.CharField(
        label="Bedeutung", help_text="Ein Satz, der ihn von anderen abgrenzt.", max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    synonyms = forms.CharField(
        label="Suchwörter", help_text="Durch Komma getrennt.", required=False, max_length=500
    )


@for_staff
def every(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All lists with the number of their terms."""
    vocabulary = current()
    lists = [(scheme, len(vocabulary.terms(scheme.code))) for scheme in vocabulary.schemes()]
    lists.sort(key=lambda each: each[0].label.casefold())
    return render(request, "desk/words.html", {"lists": lists, "crumbs": [*HOME, Crumb("Begriffe")]})


@for_staff
def scheme(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """One list: what holds, what has ended, and a form for one more term."""
    vocabulary = current()
    terms = vocabulary.all_terms.get(code)
    if not terms:
        raise Http404("Diese Wortliste gibt es nicht.")
    found = next(iter(terms.values())).scheme
    form = TermForm(request.POST if request.method == "POST" else None) if may_edit_terms(actor) else None
    if request.method == "POST" and form and form.is_valid():
        said = form.cleaned_data
        words = tuple(word.strip() for word in said["synonyms"].split(",") if word.strip())
        draft = TermDraft(
            code=said["code"], label=said["label"], definition=said["definition"], synonyms=words,
            valid_from=timezone.localdate(),
        )  # fmt: skip
        if _accepted(form, lambda now: add_term(draft, scheme=code, by=actor, now=now)):
            messages.success(request, f"„{draft.label}“ steht jetzt in „{found.label}“.")
            return redirect("desk_term", code, draft.code)
    today = timezone.localdate()
    context = {
        "scheme": found,
        "holding": [term for term in terms.values() if term.holds_on(today)],
        "ended": [term for term in terms.values() if not term.holds_on(today)],
        "form": form,
        "crumbs": [*HOME, WORDS, Crumb(found.label)],
    }
    return render(request, "desk/scheme.html", context, status=422 if form and form.errors else 200)


def _accepted(form: KindForm, act: Callable[[datetime], object]) -> bool:
    try:
        act(datetime.now(UTC))
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return False
    return True


@for_staff
def term(request: HttpRequest, actor: Actor, code: str, word: str) -> HttpResponse:
    """One term with its words; add and take back words, let an own term end and name what follows."""
    vocabulary = current()
    found = vocabulary.term(code, word)
    if found is None:
        raise Http404("Diesen Begriff gibt es nicht.")
    if request.method == "POST":
        return _change(request, found, actor)
    own = own_words(found)
    today = timezone.localdate()
    context = {
        "term": found,
        "holds": found.holds_on(today),
        "file_words": found.synonyms[: len(found.synonyms) - len(own)],
        "own_words": own,
        "longest": LONGEST_WORD,
        "proposed": request.GET.get("wort", "")[:LONGEST_WORD],
        "followers": _followers(vocabulary, found) if _may_end(found, actor) else [],
        "may_end": _may_end(found, actor),
        "story": reverse("story", args=["begriffe", f"{code}:{word}"]),
        "crumbs": [
            *HOME,
            WORDS,
            Crumb(found.scheme.label, reverse("desk_scheme", args=[code])),
            Crumb(found.label),
        ],
    }
    return render(request, "desk/term.html", context)


def _may_end(found: Term, actor: Actor) -> bool:
    return may_edit_terms(actor) and found.origin == FROM_OPERATOR and found.holds_on(timezone.localdate())


def _followers(vocabulary: Vocabulary, found: Term) -> list[Term]:
    return [each for each in vocabulary.terms(found.scheme.code) if each.code != found.code]


def _change(request: HttpRequest, found: Term, actor: Actor) -> HttpResponse:
    step, word = request.POST.get("schritt", ""), request.POST.get("wort", "")
    successor = request.POST.get("nachfolge", "") or None
    acts: dict[str, tuple[str, Callable[[datetime], object]]] = {
        "ergaenzen": (
            f"„{word.strip()}“ ist ergänzt. Die Suche kennt es in etwa einer Minute.",
            lambda now: add_word(found, word=word, by=actor, now=now),
        ),
        "entfernen": (
            f"„{word}“ ist entfernt.",
            lambda now: remove_word(found, word=word, by=actor, now=now),
        ),
        "beenden": (
            f"„{found.label}“ gilt ab heute nicht mehr. Was damit eingeordnet ist, behält seinen Begriff.",
            lambda now: end_term(found.scheme.code, found.code, replaced_by=successor, by=actor, now=now),
        ),
    }
    if step in acts:
        done, act = acts[step]
        try:
            act(datetime.now(UTC))
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, done)
    return redirect(request.path)
