"""Tags for parts that have a body or must be worked out. Plain parts are included: `components/_name.html`."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Any
from urllib.parse import quote

from django import template
from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    DateInput,
    NumberInput,
    RadioSelect,
    Select,
    Textarea,
)
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from allmende.web.components.assets import kern_css
from allmende.web.components.markdown import plain_text, render_markdown
from allmende.web.components.parts import Field, FieldError, Option
from allmende.web.components.templatetags.formats import number

register = template.Library()

# German names of the languages that catalogue entries come in; others are shown by their code.
LANGUAGES = {
    "bg": "Bulgarisch", "cs": "Tschechisch", "da": "Dänisch", "el": "Griechisch", "en": "Englisch", "es": "Spanisch",
    "et": "Estnisch", "fi": "Finnisch", "fr": "Französisch", "hr": "Kroatisch", "hu": "Ungarisch",
    "it": "Italienisch", "lt": "Litauisch", "lv": "Lettisch", "nl": "Niederländisch", "no": "Norwegisch",
    "pl": "Polnisch", "pt": "Portugiesisch", "ro": "Rumänisch", "sk": "Slowakisch", "sl": "Slowenisch",
    "sv": "Schwedisch", "uk": "Ukrainisch",
}  # fmt: skip


def language_name(code: str) -> str:
    """ "en-GB" → "Englisch"; an unknown code stays as it is."""
    return LANGUAGES.get(code.lower().replace("_", "-").split("-")[0], code)


def _is_german(code: str) -> bool:
    return not code or code.lower().replace("_", "-").split("-")[0] == "de"


@register.simple_tag
def kern_stylesheet() -> str:
    """The address of KERN's style sheet."""
    return static(kern_css())


@register.simple_tag
def foreign(text: str, lang: str = "", mark: bool = True) -> SafeString | str:
    """Text with its `lang` and a note "auf Englisch"; German text as it is."""
    if _is_german(lang):
        return text
    note = format_html(' <span class="am-lang">auf {}</span>', language_name(lang)) if mark else ""
    return format_html('<span lang="{}">{}</span>{}', lang, text, note)


@register.filter
def markdown(text: str | None, top_heading: int = 3) -> SafeString | str:
    return render_markdown(text, top_heading=top_heading) if text else ""


@register.filter
def teaser(text: str | None, most: int = 200) -> str:
    return plain_text(text, most) if text else ""


@register.filter
def language(code: str | None) -> str:
    return language_name(code) if code else ""


@register.simple_tag
def unknown(text: str = "keine Angabe") -> SafeString:
    return format_html('<span class="am-unknown">{}</span>', text)


@register.simple_block_tag
def alert(content: str, title: str, kind: str = "info", live: str = "") -> SafeString:
    """A notice with a body. `live`: "status" or "alert" only for what appears after the reader did something."""
    return render_to_string(
        "components/_alert.html", {"content": content, "title": title, "kind": kind, "live": live}
    )


@register.simple_block_tag
def accordion(content: str, title: str, opened: bool = False, id: str = "") -> SafeString:  # noqa: A002
    return render_to_string(
        "components/_accordion.html", {"content": content, "title": title, "open": opened, "id": id}
    )


@register.simple_block_tag
def empty(content: str, title: str, level: int = 2) -> SafeString:
    """An empty list: says so kindly and, in its body, what to do next."""
    return render_to_string("components/_empty.html", {"content": content, "title": title, "level": level})


@register.simple_tag
def facet_options(name: str, options: Sequence[Option]) -> SafeString:
    """The tick boxes of a group of the filter panel.

    Not a fragment, because a search page has 150 of them: as a template they took a fifth of its time.
    """
    return SafeString("".join(_facet_option(name, option) for option in options))


def _facet_option(name: str, option: Option) -> str:
    """Markup; every text that comes from outside is escaped here."""
    value, label, hint = escape(option.value), escape(option.label), escape(option.hint)
    none = " am-option--none" if option.count == 0 else ""
    checked = " checked" if option.chosen else ""
    note = f'<span class="am-tasks__hint">{hint}</span>' if hint else ""
    return (
        f'<label class="am-option{none}"><input type="checkbox" id="f-{name}-{quote(option.value, safe="")}" '
        f'name="{name}" value="{value}"{checked}><span>{label}{note}</span>{_count(option.count)}</label>'
    )


def _count(count: int | None) -> str:
    if count is None:
        return ""
    return f'<span class="am-option__count">{number(count)}<span class="am-hidden"> Treffer</span></span>'


# ------------------------------------------------------------------------------------------------------------- forms


def _flat_options(bound: BoundField) -> list[Option]:
    value = bound.value()
    chosen = (
        {str(v) for v in value}
        if isinstance(value, list | tuple | set)
        else {"" if value is None else str(value)}
    )
    choices: Iterable[tuple[Any, Any]] = getattr(bound.field, "choices", ())
    return [
        Option(str(key), str(label), chosen=str(key) in chosen, group=group)
        for group, key, label in _ungrouped(choices)
    ]


def _ungrouped(choices: Iterable[tuple[Any, Any]]) -> Iterator[tuple[str, Any, Any]]:
    """Group, value and label of each; "" where it stands in no group. Django writes a group as (label, pairs)."""
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from ((str(key), inner, text) for inner, text in label)
        else:
            yield "", key, label


def _kind(bound: BoundField) -> str:
    widget = bound.field.widget
    for kind, classes in (
        ("checks", CheckboxSelectMultiple), ("radios", RadioSelect), ("select", Select), ("check", CheckboxInput),
        ("textarea", Textarea), ("date", DateInput), ("number", NumberInput),
    ):  # fmt: skip
        if isinstance(widget, classes):
            return kind
    return str(getattr(widget, "input_type", "text"))


def _shown(bound: BoundField, kind: str) -> str:
    """The value as the input holds it; a password is never sent back."""
    if kind == "check":
        return "on" if bound.value() else ""
    if kind == "password" or kind in ("checks", "radios", "select"):
        return ""
    prepared = bound.field.widget.format_value(bound.value())
    return "" if prepared is None else str(prepared)


def _attributes(bound: BoundField, kind: str) -> dict[str, str]:
    """What the form's author said about the input, but for looks, and how long a text may be."""
    given = bound.field.widget.attrs.items()
    kept = {key: "" if value is True else str(value) for key, value in given if value is not False}
    for name in ("class", "style"):
        kept.pop(name, None)
    length = getattr(bound.field, "max_length", None)
    return ({"maxlength": str(length)} if length and kind != "hidden" else {}) | kept


def describe(bound: BoundField) -> Field:
    """A Django form field as the fragments draw it."""
    kind = _kind(bound)
    return Field(
        id=bound.id_for_label or bound.auto_id or bound.html_name,
        name=bound.html_name,
        label=str(bound.label),
        value=_shown(bound, kind),
        hint=str(bound.help_text),
        error=" ".join(str(message) for message in bound.errors),
        kind=kind,
        required=bound.field.required,
        options=_flat_options(bound) if kind in ("checks", "radios", "select") else (),
        attributes=_attributes(bound, kind),
    )


_FRAGMENTS = {"checks": "_field_group", "radios": "_field_group", "check": "_field_check", "select": "_field_select",
              "textarea": "_field_textarea", "hidden": "_field_hidden"}  # fmt: skip


@register.simple_tag
def field(bound: BoundField | Field) -> SafeString:
    """A field with label, hint and error in KERN's markup: `{% field form.email %}`."""
    described = bound if isinstance(bound, Field) else describe(bound)
    fragment = _FRAGMENTS.get(described.kind, "_field_text")
    return render_to_string(f"components/{fragment}.html", {"field": described})


@register.simple_tag
def fields(form: BaseForm) -> SafeString:
    """All fields of a form, in their order."""
    return format_html_join("", "{}", ((field(bound),) for bound in form))


def _errors(form: BaseForm) -> list[FieldError]:
    found = [FieldError(str(message)) for message in form.non_field_errors()]
    for bound in form:
        found += [FieldError(str(message), describe(bound).id) for message in bound.errors]
    return found


@register.simple_tag
def error_summary(findings: BaseForm | Sequence[FieldError]) -> SafeString | str:
    """What is to be corrected, above the form, each line leading to its field; nothing where all is well."""
    errors = _errors(findings) if isinstance(findings, BaseForm) else list(findings)
    return render_to_string("components/_error_summary.html", {"errors": errors}) if errors else ""
