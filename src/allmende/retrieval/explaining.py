"""Why an entry stands where it stands: its place counted exactly, its score taken apart."""

from dataclasses import dataclass

import tantivy

from allmende.retrieval import schema
from allmende.retrieval.asking import Asked
from allmende.retrieval.evidence import Entry
from allmende.retrieval.having import MUST
from allmende.retrieval.meant import Meant
from allmende.retrieval.ordering import Ordering, Standing
from allmende.retrieval.protocol import COUNTED, Explanation, Query
from allmende.retrieval.segments import Segments


@dataclass(frozen=True)
class Explaining:
    """One question, `asked` as its words are understood and `meant` what is near to it."""

    segments: Segments
    ordering: Ordering
    query: Query
    asked: Asked
    meant: Meant | None

    def explain(self, identity: str) -> Explanation | None:
        place = self._place(identity)
        if place is None:
            return None
        entry = Entry(self.segments, place)
        standing = self.ordering.standing(self.asked, self.meant, self.query, identity)
        if standing is None or self.query.order in self.segments.definition.orders:
            return self._by_column(entry, place, standing)
        return self._by_relevance(entry, standing)

    def _by_relevance(self, entry: Entry, standing: Standing) -> Explanation:
        """Where words alone rank, hits score what their words do: so the best lexical score is the words' weight."""
        evidence = entry.evidence(self.asked)
        weighed, fused = standing.weighing, standing.fused
        alone = not weighed.meaning_weight
        return Explanation(
            id=entry.id,
            rank=standing.rank,
            total=standing.total,
            score=standing.lexical if alone else fused.score,
            lexical=standing.lexical,
            lexical_share=fused.lexical_share,
            lexical_weight=weighed.best if alone else weighed.lexical_weight,
            similarity=standing.similarity,
            meaning_share=fused.meaning_share,
            meaning_weight=weighed.meaning_weight,
            weighing=weighed.rule.value,
            evidence=evidence,
            missing=entry.missing(self.asked, evidence),
            equals=standing.equals,
        )

    # In another order, or where nothing was asked

    def _by_column(self, entry: Entry, place: tantivy.DocAddress, standing: Standing | None) -> Explanation:
        """Words and meaning are told and count for nothing: the weights are 0, and `weighing` names the order."""
        evidence = entry.evidence(self.asked)
        order = self.query.order if self.query.order in self.segments.definition.orders else ""
        found = self._found()
        total = self.segments.count(found)
        return Explanation(
            id=entry.id,
            rank=self._rank(found, order, place, total),
            total=total,
            score=0.0,
            lexical=standing.lexical if standing else 0.0,
            lexical_share=standing.fused.lexical_share if standing else 0.0,
            lexical_weight=0.0,
            similarity=self.query.meaning.get(entry.id),
            meaning_share=standing.fused.meaning_share if standing else 0.0,
            meaning_weight=0.0,
            weighing=order,
            evidence=evidence,
            missing=entry.missing(self.asked, evidence),
            equals=0,
        )

    def _rank(self, found: tantivy.Query, order: str, place: tantivy.DocAddress, total: int) -> int | None:
        places = self.ordering.page(found, order, 0, min(COUNTED, total), asked=None)
        return next((rank for rank, (_, other) in enumerate(places, start=1) if other == place), None)

    def _found(self) -> tantivy.Query:
        asked = self.meant.widened if self.meant else self.asked
        return self.segments.combined(asked.found, self.query)

    def _place(self, identity: str) -> tantivy.DocAddress | None:
        this = self.segments.term(schema.ID, identity)
        places = self.segments.first(tantivy.Query.boolean_query([(MUST, this), (MUST, self._found())]), 1)
        return places[0][1] if places else None
