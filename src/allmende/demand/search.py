"""Needs as documents of the index, beside solutions.

Only what everybody may read is indexed: published needs that are visible to all, of confirmed towns. The index knows no
reader, so what only the public administration sees is found in the list of needs, and nowhere else by its words.
The page of the search ranks solutions; needs stand beside them, found by `needs_near`.
"""

from collections.abc import Iterable, Iterator, Sequence

from django.db.models import QuerySet

from allmende.demand.models import Need
from allmende.journal.queries import Entry
from allmende.retrieval.protocol import UNSTATED, Document, IndexUnavailable, Query
from allmende.search.engine import index
from allmende.vocabulary.queries import current

BATCH = 500
KIND = "need"


class NeedDocuments:
    """What of a need is searched, and by which facets it is found."""

    def concerned(self, entries: Sequence[Entry]) -> set[str]:
        direct = {entry.subject_id for entry in entries if entry.subject_type == Need.journal_type}
        towns = [entry.subject_id for entry in entries if entry.subject_type == "organisation"]
        if not towns:
            return direct
        theirs = Need.objects.filter(organisation__public_id__in=towns)
        return direct | set(theirs.values_list("public_id", flat=True))

    def documents(self, public_ids: Iterable[str]) -> Iterator[Document]:
        wanted = sorted(public_ids)
        for start in range(0, len(wanted), BATCH):
            yield from _documents(_public().filter(public_id__in=wanted[start : start + BATCH]))

    def all_documents(self) -> Iterator[Document]:
        last = 0
        while keys := list(_public().filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
            yield from _documents(_public().filter(pk__in=keys))
            last = keys[-1]


def needs_near(text: str, *, limit: int = 10, any_word: bool = True) -> list[str]:
    """Public ids of public needs that have words of the text, the nearest first; none where there is no index.

    `any_word` False: those with all of the words come, and only where there are none those with some.

    The caller asks `queries.needs.visible_to` for the needs themselves: the index may lag behind.
    """
    query = Query(text=text[:500], scope={"kind": (KIND,)}, limit=limit, any_word=any_word)
    try:
        return [hit.id for hit in index().search(query).hits]
    except IndexUnavailable:
        return []


def _public() -> QuerySet[Need]:
    return Need.objects.filter(state="published", visibility="public", organisation__state="accredited")


def _documents(needs: QuerySet[Need]) -> Iterator[Document]:
    words = current().synonyms()
    for need in needs.select_related("organisation__region__land").order_by("pk"):
        region = need.organisation.region
        size, land = (region.size_class, (region.land or region).key) if region else (None, "")
        published = int(need.published_at.timestamp()) if need.published_at else 0
        tags = [word for code in need.fields_of_action for word in words.get(("field_of_action", code), ())]
        yield Document(
            id=need.public_id,
            kind=KIND,
            name=need.title,
            texts={
                "title": need.title,
                "summary": need.goal,
                "body": "\n".join(part for part in (need.problem, need.users) if part),
                "tags": " ".join(tags),
                "names": need.organisation.name,
            },
            facets={
                "field": tuple(need.fields_of_action) or (UNSTATED,),
                "size": (str(size),) if size else (UNSTATED,),
                "land": (land,) if land else (UNSTATED,),
            },
            numbers={"published": published, "uses": 0, "front": published},
        )
