"""Solutions as documents of the index."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from django.db.models import Prefetch, QuerySet

from allmende.catalogue.models import ClaimedUse, ConfirmedUse, Listing, Offer, Solution
from allmende.journal.queries import Entry
from allmende.retrieval.protocol import UNSTATED, Document
from allmende.vocabulary.queries import Vocabulary, current

BATCH = 500
# More seconds than any date of publication has: entries with German text come before all others.
GERMAN_FIRST = 10**11


class SolutionDocuments:
    """What of a solution is searched, and by which facets it is found."""

    def concerned(self, entries: Sequence[Entry]) -> set[str]:
        direct = {entry.subject_id for entry in entries if entry.subject_type == Solution.journal_type}
        merged_into = {entry.data["into"] for entry in entries if "into" in entry.data}
        towns = [entry.subject_id for entry in entries if entry.subject_type == "organisation"]
        if not towns:
            return direct | merged_into
        used = Solution.objects.filter(claimed_uses__organisation__public_id__in=towns)
        return direct | merged_into | set(used.values_list("public_id", flat=True))

    def documents(self, public_ids: Iterable[str]) -> Iterator[Document]:
        remaining = iter(sorted(public_ids))
        while batch := list(islice(remaining, BATCH)):
            yield from _documents(Solution.objects.filter(public_id__in=batch, state="published"))

    def all_documents(self) -> Iterator[Document]:
        last = 0
        while keys := list(
            Solution.objects.filter(state="published", pk__gt=last)
            .order_by("pk")
            .values_list("pk", flat=True)[:BATCH]
        ):
            yield from _documents(Solution.objects.filter(pk__in=keys))
            last = keys[-1]


def _documents(solutions: QuerySet[Solution]) -> Iterator[Document]:
    vocabulary = current()
    loaded = solutions.order_by("pk").prefetch_related(
        "texts",
        "terms",
        Prefetch("offers", Offer.objects.filter(state="published")),
        Prefetch("confirmed_uses", ConfirmedUse.objects.select_related("organisation__region__land")),
        Prefetch("claimed_uses", ClaimedUse.objects.select_related("organisation__region__land")),
        Prefetch("listings", Listing.objects.select_related("origin")),
    )
    for solution in loaded:
        yield _document(solution, vocabulary)


def _confirmed(solution: Solution) -> list[ConfirmedUse]:
    """What towns say they use now."""
    return [use for use in solution.confirmed_uses.all() if use.state != "ended"]


def _claimed(solution: Solution) -> list[ClaimedUse]:
    """What others say, but for towns that have spoken for themselves, even to say that it is over."""
    told = {use.organisation_id for use in solution.confirmed_uses.all()}
    return [use for use in solution.claimed_uses.all() if use.organisation_id not in told]


def _is_german(solution: Solution) -> bool:
    return any(text.language.split("-")[0].lower() == "de" for text in solution.texts.all())


def _document(solution: Solution, vocabulary: Vocabulary) -> Document:
    published = int(solution.published_at.timestamp()) if solution.published_at else 0
    return Document(
        id=solution.public_id,
        kind="solution",
        name=solution.name,
        texts=_texts(solution, vocabulary),
        facets=_facets(solution),
        numbers={
            "published": published,
            "uses": len(_confirmed(solution)),
            "front": published + (GERMAN_FIRST if _is_german(solution) else 0),
        },
    )


def _texts(solution: Solution, vocabulary: Vocabulary) -> Mapping[str, str]:
    """`tags`: the labels and search words of the terms by which the solution is classified, and its keywords."""
    texts = list(solution.texts.all())
    words = vocabulary.synonyms()
    tags = [word for term in solution.terms.all() for word in words.get((term.scheme, term.code), ())]
    users = [use.name for use in _claimed(solution)]
    users += [use.organisation.name for use in _confirmed(solution)]
    return {
        "title": " ".join(dict.fromkeys([solution.name, *(text.name for text in texts if text.name)])),
        "summary": "\n".join(text.summary for text in texts if text.summary),
        "body": "\n".join(part for text in texts for part in (text.description, *text.features) if part),
        "tags": " ".join([*tags, *solution.topics]),
        "names": " ".join(filter(None, [solution.maintainer, *dict.fromkeys(users)])),
    }


def _facets(solution: Solution) -> Mapping[str, tuple[str, ...]]:
    terms: dict[str, list[str]] = {}
    for term in solution.terms.all():
        terms.setdefault(term.scheme, []).append(term.code)
    offers = list(solution.offers.all())
    regions = [use.organisation.region for use in _confirmed(solution)]
    regions += [use.organisation.region for use in _claimed(solution) if use.organisation]
    towns = [region for region in regions if region]
    values: dict[str, Iterable[str]] = {
        "field": terms.get("field_of_action", ()),
        "type": terms.get("solution_type", ()),
        "delivery": [*terms.get("delivery_model", ()), *(offer.delivery_model for offer in offers)],
        "price": [offer.price_model for offer in offers],
        "licence": [solution.licence],
        "size": [str(town.size_class) for town in towns if town.size_class],
        "land": [(town.land or town).key for town in towns],
        "maturity": [solution.maturity],
        "boundary": [solution.boundary],
        "language": [text.language.split("-")[0].lower() for text in solution.texts.all()],
        "origin": [listing.origin.code for listing in solution.listings.all()],
    }
    return {facet: _stated(codes) for facet, codes in values.items()}


def _stated(codes: Iterable[str]) -> tuple[str, ...]:
    """Each code once; "keine Angabe" is a value that can be chosen."""
    return tuple(dict.fromkeys(code for code in codes if code)) or (UNSTATED,)
