"""The pages about a solution: what it is, what for, what it needs, where more stands."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from django import forms

from allmende.catalogue.beyond import LANGUAGES_OF_FORM, LINKS_OF_FORM, PLATFORMS_OF_FORM, german
from allmende.catalogue.contents import Content
from allmende.catalogue.drafts import DependencyDraft, LinkDraft, SolutionDraft, TextDraft
from allmende.vocabulary.queries import current
from allmende.web.marketplace.wording import PLATFORMS
from allmende.web.offers.forms import StepForm, WebAddress, choices, choose

LONG = {"rows": 8}


def _lines(text: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.strip() for line in (text or "").splitlines() if line.strip()))


def _solution(content: Content) -> SolutionDraft:
    return content.solution or SolutionDraft(name="")


def _text(draft: SolutionDraft) -> TextDraft:
    return german(draft) or TextDraft(language="de")


def with_german(draft: SolutionDraft, **words: Any) -> SolutionDraft:
    """The draft with other German words; without any, the German text is left out."""
    text = replace(_text(draft), **words)
    others = tuple(each for each in draft.texts if each is not german(draft))
    is_empty = text == TextDraft(language=text.language)
    return replace(draft, texts=others if is_empty else (text, *others))


class What(StepForm):
    name = forms.CharField(label="Name der Lösung", max_length=300)
    summary = forms.CharField(
        label="Was tut die Lösung?",
        help_text="Ein bis zwei Sätze. Sie stehen in jeder Liste.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )
    description = forms.CharField(
        label="Wie sieht die Arbeit damit aus?",
        help_text="Für wen ist sie, was erleichtert sie? Absätze und Aufzählungen (mit - am Anfang) sind möglich.",
        widget=forms.Textarea(attrs=LONG),
        max_length=20_000,
        required=False,
    )
    features = forms.CharField(
        label="Funktionen",
        help_text="Eine in jeder Zeile.",
        widget=forms.Textarea(attrs=LONG),
        max_length=10_000,
        required=False,
    )
    file_keys: ClassVar = {
        "name": "name",
        "description.*.shortDescription": "summary",
        "description.*.longDescription": "description",
        "description.*.features*": "features",
    }

    @classmethod
    def initial_of(cls, content: Content) -> dict[str, Any]:
        draft = _solution(content)
        text = _text(draft)
        return {
            "name": draft.name,
            "summary": text.summary or "",
            "description": text.description or "",
            "features": "\n".join(text.features),
        }

    def applied(self, content: Content) -> Content:
        draft = _solution(content)
        text = _text(draft)
        features = self.said("features", "\n".join(text.features))
        draft = with_german(
            replace(draft, name=self.said("name", draft.name) or ""),
            summary=self.said("summary", text.summary) or None,
            description=self.said("description", text.description) or None,
            features=_lines(features),
        )
        return replace(content, solution=draft)


class Purpose(StepForm):
    primary = forms.ChoiceField(label="Welches Handlungsfeld passt am besten?")
    fields_of_action = forms.MultipleChoiceField(
        label="Weitere Handlungsfelder", widget=forms.CheckboxSelectMultiple, required=False
    )
    solution_type = forms.ChoiceField(label="Was für eine Lösung ist es?", required=False)
    maturity = forms.ChoiceField(label="Wie weit ist sie?", required=False)
    boundary = forms.ChoiceField(
        label="Wozu gehört sie?",
        help_text="Damit auffindbar ist, was nicht hierher gehört, zum Beispiel ein Fachverfahren.",
        required=False,
    )
    audiences = forms.MultipleChoiceField(
        label="Für wen ist sie gemacht?", widget=forms.CheckboxSelectMultiple, required=False
    )
    file_keys: ClassVar = {
        "categories*": "primary",
        "developmentStatus": "maturity",
        "intendedAudience.scope*": "audiences",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, scheme in (
            ("primary", "field_of_action"), ("solution_type", "solution_type"), ("maturity", "maturity"),
            ("boundary", "boundary"),
        ):  # fmt: skip
            choose(self, name, choices(scheme))
        choose(self, "fields_of_action", choices("field_of_action", first=""))
        choose(self, "audiences", choices("audience", first=""))

    @classmethod
    def initial_of(cls, content: Content) -> dict[str, Any]:
        draft = _solution(content)
        return {
            "primary": next(iter(draft.fields_of_action), ""),
            "fields_of_action": list(draft.fields_of_action[1:]),
            "solution_type": next(iter(draft.solution_types), ""),
            "maturity": draft.maturity or "",
            "boundary": draft.boundary or "",
            "audiences": list(draft.audiences),
        }

    def applied(self, content: Content) -> Content:
        draft, before = _solution(content), self.initial_of(content)
        fields = [self.said("primary", before["primary"])]
        fields += self.said("fields_of_action", before["fields_of_action"]) or []
        kind = self.said("solution_type", before["solution_type"])
        draft = replace(
            draft,
            fields_of_action=tuple(dict.fromkeys(filter(None, fields))),
            # A file may have named several; whoever leaves the first alone keeps the others.
            solution_types=draft.solution_types
            if kind == before["solution_type"]
            else tuple(filter(None, [kind])),
            maturity=self.said("maturity", draft.maturity) or None,
            boundary=self.said("boundary", draft.boundary) or None,
            audiences=tuple(self.said("audiences", before["audiences"]) or ()),
        )
        return replace(content, solution=draft)


class Needs(StepForm):
    platforms = forms.MultipleChoiceField(
        label="Worauf läuft sie?",
        widget=forms.CheckboxSelectMultiple,
        choices=[(code, PLATFORMS[code]) for code in PLATFORMS_OF_FORM],
        required=False,
    )
    interface_languages = forms.MultipleChoiceField(
        label="Sprachen der Oberfläche", widget=forms.CheckboxSelectMultiple, required=False
    )
    open = forms.CharField(
        label="Welche offene Software braucht man dazu?",
        help_text="Eine in jeder Zeile, zum Beispiel PostgreSQL.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=5000,
        required=False,
    )
    proprietary = forms.CharField(
        label="Welche andere Software?",
        help_text="Eine in jeder Zeile.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=5000,
        required=False,
    )
    hardware = forms.CharField(
        label="Welche Geräte?",
        help_text="Eines in jeder Zeile.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=5000,
        required=False,
    )
    maintenance = forms.ChoiceField(label="Wer pflegt die Software?", required=False)
    file_keys: ClassVar = {
        "platforms*": "platforms",
        "localisation.availableLanguages*": "interface_languages",
        "dependsOn.open*": "open",
        "dependsOn.proprietary*": "proprietary",
        "dependsOn.hardware*": "hardware",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = current().labels("language")
        shown = [(code, labels[code]) for code in LANGUAGES_OF_FORM if code in labels]
        choose(self, "interface_languages", shown)
        choose(self, "maintenance", choices("maintenance"))

    @classmethod
    def initial_of(cls, content: Content) -> dict[str, Any]:
        draft = _solution(content)
        needed = {
            kind: "\n".join(each.name for each in draft.dependencies if each.kind == kind) for kind in _KINDS
        }
        return {
            "platforms": [code for code in draft.platforms if code in PLATFORMS_OF_FORM],
            "interface_languages": [code for code in draft.interface_languages if code in LANGUAGES_OF_FORM],
            **needed,
            "maintenance": draft.maintenance or "",
        }

    def applied(self, content: Content) -> Content:
        draft, before = _solution(content), self.initial_of(content)
        draft = replace(
            draft,
            platforms=self._chosen("platforms", draft.platforms),
            interface_languages=self._chosen("interface_languages", draft.interface_languages),
            dependencies=tuple(each for kind in _KINDS for each in self._needed(kind, draft, before)),
            maintenance=self.said("maintenance", draft.maintenance) or None,
        )
        return replace(content, solution=draft)

    def _chosen(self, name: str, before: Sequence[str]) -> tuple[str, ...]:
        """What is ticked, and what the page cannot show because the list does not have it."""
        field = self.fields[name]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  # as declared above
        offered = {code for code, _ in field.choices}  # type: ignore[union-attr,misc]  # pairs, as set above
        ticked = self.said(name, [code for code in before if code in offered]) or []
        return tuple(dict.fromkeys([*ticked, *(code for code in before if code not in offered)]))

    def _needed(self, kind: Any, draft: SolutionDraft, before: dict[str, Any]) -> Iterable[DependencyDraft]:
        """One for each line; what a file said of its version stays with its name."""
        known = {each.name: each for each in draft.dependencies if each.kind == kind}
        for name in _lines(self.said(kind, before[kind])):
            yield known.get(name[:300]) or DependencyDraft(kind=kind, name=name[:300])


_KINDS = ("open", "proprietary", "hardware")


class Proof(StepForm):
    website_url = WebAddress(label="Website der Lösung", help_text="Zum Beispiel www.beispiel.de")
    repository_url = forms.CharField(
        label="Adresse des Quellcodes",
        help_text="Wenn er öffentlich ist. Website oder Quellcode: Eines von beiden brauchen wir.",
        max_length=1000,
        required=False,
    )
    licence = forms.CharField(
        label="Lizenz des Quellcodes",
        help_text="Als Kürzel, zum Beispiel EUPL-1.2 oder AGPL-3.0-or-later.",
        max_length=300,
        required=False,
    )
    documentation_url = WebAddress(label="Anleitung oder Dokumentation")
    demo = WebAddress(label="Zum Ausprobieren")
    api = WebAddress(label="Beschreibung der Schnittstelle")
    opencode = WebAddress(label="Eintrag auf openCode")
    maintainer = forms.CharField(
        label="Wer verantwortet die Software?",
        help_text="Name einer Stelle oder eines Unternehmens.",
        max_length=300,
        required=False,
    )
    file_keys: ClassVar = {
        "url": "repository_url",
        "landingURL": "website_url",
        "legal.license": "licence",
        "description.*.documentation": "documentation_url",
        "description.*.apiDocumentation": "api",
        "organisation.name": "maintainer",
    }

    @classmethod
    def initial_of(cls, content: Content) -> dict[str, Any]:
        draft = _solution(content)
        links = {link.kind: link.url for link in reversed(draft.links)}
        return {
            "website_url": draft.website_url or "",
            "repository_url": draft.repository_url or "",
            "licence": draft.licence or "",
            "documentation_url": _text(draft).documentation_url or "",
            "maintainer": draft.maintainer or "",
            **{kind: links.get(kind, "") for kind in LINKS_OF_FORM},
        }

    def clean_repository_url(self) -> str:
        """With https:// where only a host and a path were typed; whatever else git understands stays."""
        said = str(self.cleaned_data["repository_url"]).strip()
        return f"https://{said}" if _BARE.fullmatch(said) else said

    def applied(self, content: Content) -> Content:
        draft, before = _solution(content), self.initial_of(content)
        draft = with_german(
            replace(
                draft,
                website_url=self.said("website_url", draft.website_url) or None,
                repository_url=self.said("repository_url", draft.repository_url) or None,
                licence=self.said("licence", draft.licence) or None,
                maintainer=self.said("maintainer", draft.maintainer) or None,
                links=tuple(self._links(draft, before)),
            ),
            documentation_url=self.said("documentation_url", _text(draft).documentation_url) or None,
        )
        return replace(content, solution=draft)

    def _links(self, draft: SolutionDraft, before: dict[str, Any]) -> Iterable[LinkDraft]:
        """The first link of a kind is what the page shows; all others stay as they are."""
        open_kinds = set(LINKS_OF_FORM)
        for link in draft.links:
            if link.kind not in open_kinds:
                yield link
                continue
            open_kinds.discard(link.kind)
            if url := self.said(link.kind, before[link.kind]):
                yield link if url == link.url else LinkDraft(kind=link.kind, url=url)
        for kind in LINKS_OF_FORM:
            if kind in open_kinds and (url := self.said(kind, "")):
                yield LinkDraft(kind=kind, url=url)


# "git.beispiel.de/stadt/melder": a host with a dot, and perhaps a path.
_BARE = re.compile(r"(?:[\w-]+\.)+[^\W\d_]{2,}(?:/\S*)?")
