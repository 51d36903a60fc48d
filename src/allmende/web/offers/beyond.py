"""The page of what no other page shows: each piece in words, with its line in the file, and a tick to publish it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from django import forms

from allmende.catalogue.beyond import Piece, pieces
from allmende.catalogue.contents import Content
from allmende.catalogue.drafts import ContactDraft, FundingDraft, ReleaseDraft, TextDraft
from allmende.vocabulary.queries import current
from allmende.web.components.parts import Definition
from allmende.web.components.templatetags.formats import day
from allmende.web.marketplace.wording import DEPENDENCY_KINDS, label_of, language, platform
from allmende.web.offers.forms import StepForm, choose

TITLES = {
    "german_name": "Name auf Deutsch",
    "claimed_uses": "Wer die Lösung laut Ihrer Angabe nutzt",
    "release": "Version der Software",
    "maintainer_url": "Website der Verantwortlichen",
    "contractors": "Wartung durch",
    "contacts": "Kontakt zur Software",
    "funding": "Förderung",
    "solution_types": "Weitere Art der Lösung",
    "delivery_models": "Betriebsart",
    "topics": "Stichwörter für die Suche",
    "platforms": "Läuft außerdem auf",
    "interface_languages": "Weitere Sprachen der Oberfläche",
    "dependency_details": "Genaueres zu dem, was man braucht",
    "links": "Verweise",
    "based_on": "Beruht auf",
    "as_of": "Stand der Angaben",
    "link_labels": "Beschriftung eines Verweises",
}
LEFT_OUT = "Bleibt weg, weil Sie das Häkchen weggenommen haben"


@dataclass(frozen=True)
class Told:
    """A piece in words: `words` is its line in a list, `more` what else belongs to it."""

    code: str
    title: str
    words: str
    more: Sequence[str] = ()
    line: int | None = None
    is_published: bool = True
    lang: str = ""

    @property
    def where(self) -> str:
        return f"Zeile {self.line} der Datei" if self.line else ""

    @property
    def lines(self) -> list[str]:
        """Everything, the line of the file behind the first."""
        first = f"{self.words} ({self.where})" if self.line else self.words
        return [first, *self.more]


def told(content: Content) -> list[Told]:
    """All pieces, in the order of the page."""
    lines = {each.code: each.line for each in (content.notes.lines if content.notes else ())}
    return [
        replace(_told(piece), line=lines.get(piece.code), is_published=piece.code not in content.left_out)
        for piece in pieces(content.solution)
    ]


def _told(piece: Piece) -> Told:
    words, *more = [each for each in _WORDS.get(piece.kind, _plain)(piece.value) if each] or ["ohne Angabe"]
    if piece.kind == "texts":
        lang = piece.value.language
        return Told(piece.code, f"Beschreibung auf {language(lang)}", words, more, lang=lang)
    return Told(piece.code, TITLES[piece.kind], words, more)


def _plain(value: Any) -> Iterator[str]:
    yield str(value)


def _text(value: TextDraft) -> Iterator[str]:
    yield value.name or ""
    yield value.summary or ""
    yield value.description or ""
    yield from value.features
    yield value.documentation_url or ""


def _use(value: Any) -> Iterator[str]:
    details = ", ".join(filter(None, [value.url or "", f"Schlüssel {value.ags}" if value.ags else ""]))
    yield f"{value.name} ({details})" if details else value.name


def _release(value: ReleaseDraft) -> Iterator[str]:
    date = f"vom {day(value.released_on)}" if value.released_on else ""
    yield " ".join(filter(None, [value.version or "ohne Nummer", date]))


def _contractor(value: Any) -> Iterator[str]:
    until = f"bis {day(value.until)}" if value.until else ""
    yield ", ".join(filter(None, [value.name, until, value.website or ""]))


def _contact(value: ContactDraft) -> Iterator[str]:
    yield ", ".join(filter(None, [value.name, value.affiliation, value.email, value.phone]))


def _funding(value: FundingDraft) -> Iterator[str]:
    yield ", ".join(
        filter(None, [value.programme, value.grant_id and f"Förderkennzeichen {value.grant_id}", value.url])
    )
    if value.open_source_duty is not None:
        yield f"Pflicht, den Quellcode zu veröffentlichen: {'ja' if value.open_source_duty else 'nein'}"


def _needed(value: Any) -> Iterator[str]:
    binding = {None: "", True: "nicht zwingend", False: "zwingend"}[value.optional]
    yield f"{value.name}: {', '.join(filter(None, [DEPENDENCY_KINDS[value.kind], value.version, binding]))}"


def _link(value: Any) -> Iterator[str]:
    yield " ".join(filter(None, [f"{label_of(current(), 'link_kind', value.kind)}:", value.label, value.url]))


def _term(scheme: str) -> Callable[[str], Iterator[str]]:
    def words(code: str) -> Iterator[str]:
        yield label_of(current(), scheme, code)

    return words


_WORDS: Mapping[str, Callable[[Any], Iterator[str]]] = {
    "texts": _text,
    "claimed_uses": _use,
    "release": _release,
    "contractors": _contractor,
    "contacts": _contact,
    "funding": _funding,
    "solution_types": _term("solution_type"),
    "delivery_models": _term("delivery_model"),
    "platforms": lambda code: iter([platform(code)]),
    "interface_languages": lambda code: iter([language(code)]),
    "dependency_details": _needed,
    "links": _link,
    "link_labels": _link,
    "as_of": lambda value: iter([day(value)]),
}


class Beyond(StepForm):
    pieces = forms.MultipleChoiceField(
        label="Was davon veröffentlicht wird", widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.told = told(self.content)
        choose(self, "pieces", [(each.code, f"{each.title}: {each.words}") for each in self.told])

    @property
    def groups(self) -> list[tuple[str, list[Told]]]:
        """What the page shows, by topic, each with its tick."""
        ticked = set(self["pieces"].value() or ())
        shown = [replace(each, is_published=each.code in ticked) for each in self.told]
        return [(title, list(group)) for title, group in groupby(shown, key=lambda each: each.title)]

    @classmethod
    def initial_of(cls, content: Content) -> dict[str, Any]:
        every = [piece.code for piece in pieces(content.solution)]
        return {"pieces": [code for code in every if code not in content.left_out]}

    def applied(self, content: Content) -> Content:
        """What has no tick is left out; a piece that the page did not show stays as it is."""
        ticked = set(self.said("pieces", self.initial_of(content)["pieces"]) or ())
        shown = {each.code for each in self.told}
        codes = [piece.code for piece in pieces(content.solution)]
        left_out = [
            code for code in codes if (code not in ticked if code in shown else code in content.left_out)
        ]
        return replace(content, left_out=tuple(left_out))

    def answers(self) -> list[Definition]:
        """In words for the page to check: what is published by topic, and below it what is not."""
        kept = [each for each in self.told if each.is_published]
        gone = [each.words for each in self.told if not each.is_published]
        shown = []
        for (title, lang), group in groupby(kept, key=lambda each: (each.title, each.lang)):
            lines = [line for each in group for line in each.lines]
            shown.append(Definition(title, lines, lang=lang))
        return shown + ([Definition(LEFT_OUT, gone)] if gone else [])
