"""What is still missing before something can be submitted, and what would make it better. Pure: no database.

Each gap names the page of the form (`step`), the field on it, and a German sentence that says what to do.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from allmende.catalogue.beyond import german, pieces
from allmende.catalogue.contents import Content
from allmende.catalogue.drafts import OfferDraft, SolutionDraft, TextDraft

# The page of what the other pages do not show; there is one where there is something to show.
BEYOND = "weiteres"
# Steps of the form, in reading order; the pages of `web/offers` have the same codes.
STEPS_OF_KIND = {
    "new_solution": (
        "was",
        "wofuer",
        "betrieb",
        "preise",
        "anforderungen",
        "nachweise",
        "ansprechstelle",
        BEYOND,
    ),
    "new_offer": ("betrieb", "preise", "ansprechstelle"),
    "change_offer": ("betrieb", "preise", "ansprechstelle"),
    "change_solution": ("was", "wofuer", "anforderungen", "nachweise", BEYOND),
}
# Pages of which nothing is needed for handing in, whatever is written there.
OPTIONAL_STEPS = ("anforderungen", BEYOND)
SHORT_SUMMARY, LONG_SUMMARY, SHORT_DESCRIPTION = 30, 300, 200


@dataclass(frozen=True)
class Gap:
    """`is_needed`: without it nothing can be submitted; otherwise a hint."""

    step: str
    field: str
    message: str
    is_needed: bool = True


def gaps(content: Content, kind: str) -> list[Gap]:
    """Everything missing, in the order of the form."""
    found = [*_of_solution(content.solution, kind), *_of_offer(content.offer)]
    order = {step: place for place, step in enumerate(STEPS_OF_KIND[kind])}
    return sorted((gap for gap in found if gap.step in order), key=lambda gap: order[gap.step])


def steps_of(kind: str, content: Content) -> tuple[str, ...]:
    """The pages that there are for what is written."""
    shown = STEPS_OF_KIND[kind]
    return shown if pieces(content.solution) else tuple(each for each in shown if each != BEYOND)


def needed(content: Content, kind: str) -> list[Gap]:
    """What has to be there before submitting."""
    return [gap for gap in gaps(content, kind) if gap.is_needed]


def _of_solution(draft: SolutionDraft | None, kind: str) -> Iterator[Gap]:
    if draft is None:
        return
    if not draft.name.strip():
        yield Gap("was", "name", "Geben Sie den Namen der Lösung ein.")
    if kind == "change_solution":
        # What the owner leaves open, the source goes on saying.
        return
    yield from _words(german(draft))
    if not draft.fields_of_action:
        yield Gap("wofuer", "fields_of_action", "Wählen Sie mindestens ein Handlungsfeld.")
    if not draft.solution_types:
        yield Gap("wofuer", "solution_types", "Mit der Art der Lösung wird sie leichter gefunden.", False)
    if not draft.maturity:
        yield Gap("wofuer", "maturity", "Sagen Sie, wie weit die Lösung ist.", False)
    if not draft.dependencies and not draft.platforms:
        yield Gap("anforderungen", "platforms", "Sagen Sie, was man braucht, um sie zu betreiben.", False)
    if not (draft.repository_url or draft.website_url):
        yield Gap("nachweise", "website_url", "Geben Sie die Adresse der Website oder des Quellcodes ein.")
    if draft.repository_url and not draft.licence:
        yield Gap("nachweise", "licence", "Nennen Sie die Lizenz des Quellcodes.", False)


def _words(text: TextDraft | None) -> Iterator[Gap]:
    summary = (text.summary or "").strip() if text else ""
    description = (text.description or "").strip() if text else ""
    if not summary:
        yield Gap("was", "summary", "Sagen Sie in einem Satz, was die Lösung tut.")
    elif len(summary) < SHORT_SUMMARY:
        yield Gap(
            "was", "summary", "Der kurze Satz ist sehr kurz. Sagen Sie, was sie tut und für wen.", False
        )
    elif len(summary) > LONG_SUMMARY:
        yield Gap(
            "was", "summary", "In Listen steht nur der Anfang. Kürzen Sie auf ein bis zwei Sätze.", False
        )
    if len(description) < SHORT_DESCRIPTION:
        yield Gap(
            "was", "description", "Beschreiben Sie ausführlicher, wie die Arbeit damit aussieht.", False
        )
    if text is None or not text.features:
        yield Gap("was", "features", "Nennen Sie Funktionen, eine in jeder Zeile.", False)


def _of_offer(draft: OfferDraft | None) -> Iterator[Gap]:
    if draft is None:
        return
    if not draft.title.strip():
        yield Gap("betrieb", "title", "Geben Sie dem Angebot einen Titel.")
    if not (draft.supplier or draft.operator or draft.seller):
        yield Gap("betrieb", "supplier", "Nennen Sie, wer liefert, wer betreibt oder wer verkauft.")
    if not draft.delivery_model:
        yield Gap("betrieb", "delivery_model", "Wählen Sie, wer die Lösung wo betreibt.")
    if not draft.description.strip():
        yield Gap("betrieb", "description", "Sagen Sie, was zum Angebot gehört.", False)
    if not draft.prices and not draft.on_request and draft.price_model != "free_oss":
        yield Gap("preise", "prices", "Nennen Sie einen Preis, oder kreuzen Sie „Preis auf Anfrage“ an.")
    if draft.on_request and not draft.prices:
        yield Gap("preise", "prices", "Mit einem Preis wird Ihr Angebot öfter verglichen.", False)
    if draft.as_of is None:
        yield Gap("preise", "as_of", "Sagen Sie, von wann die Preise sind.", False)
    if draft.contact is None or not draft.contact.email:
        yield Gap(
            "ansprechstelle",
            "email",
            "Geben Sie die E-Mail-Adresse einer Stelle ein, die Fragen beantwortet.",
        )
