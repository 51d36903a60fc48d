"""Look-ups of terms. There is nothing to hide about a word, so nothing here asks who is looking.

Each function costs one query, for the version of the vocabulary; the terms themselves are kept in the process until
that version moves. Who looks up several things at once takes `vocabulary = current()` and asks that.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from allmende.journal.queries import version
from allmende.vocabulary.models import CrosswalkEntry, OwnWord, Scheme, Term

Crosswalk = Mapping[str, Mapping[str, tuple[tuple[str, str], ...]]]
"""Foreign scheme → foreign code → pairs of our scheme and our code, best first."""


@dataclass(frozen=True)
class Vocabulary:
    """All terms at one version, linked to each other: neither `scheme`, `replaced_by` nor `broader` costs a query.

    Shared by all threads of the process: read only.
    """

    version: int
    all_terms: Mapping[str, Mapping[str, Term]]
    """Scheme code → term code → term, in reading order; terms that have ended included."""

    def schemes(self) -> list[Scheme]:
        """Schemes that have terms, by code."""
        return [next(iter(terms.values())).scheme for terms in self.all_terms.values()]

    def terms(self, scheme: str, on: datetime.date | None = None) -> list[Term]:
        """Terms that may be chosen on that day (today), in reading order; empty for an unknown scheme."""
        day = on or timezone.localdate()
        return [term for term in self.all_terms.get(scheme, {}).values() if term.holds_on(day)]

    def term(self, scheme: str, code: str) -> Term | None:
        """The term of that code, ended or not; None if there never was one."""
        return self.all_terms.get(scheme, {}).get(code)

    def labels(self, scheme: str) -> dict[str, str]:
        """Labels by code, in reading order; of ended terms too, because old objects carry them."""
        return {code: term.label for code, term in self.all_terms.get(scheme, {}).items()}

    def known_codes(self, scheme: str, on: datetime.date | None = None) -> frozenset[str]:
        """Codes that a new statement may use on that day (today)."""
        return frozenset(term.code for term in self.terms(scheme, on))

    def term_today(self, scheme: str, code: str, on: datetime.date | None = None) -> Term | None:
        """The term itself while it holds, afterwards the one that follows it; None where nothing follows."""
        return _holding(self.term(scheme, code), on or timezone.localdate())

    def crosswalk(self, on: datetime.date | None = None) -> Crosswalk:
        """What foreign codes stand for; ended terms give way to their successors or are left out."""
        day = on or timezone.localdate()
        found: dict[str, dict[str, list[tuple[str, str]]]] = {}
        for foreign_scheme, foreign_code, term in self._entries:
            holding = _holding(term, day)
            if holding is not None:
                targets = found.setdefault(foreign_scheme, {}).setdefault(foreign_code, [])
                targets.append((holding.scheme.code, holding.code))
        # Two ended terms may have the same successor: name it once, where it comes first.
        return {
            scheme: {code: tuple(dict.fromkeys(targets)) for code, targets in codes.items()}
            for scheme, codes in found.items()
        }

    @cached_property
    def _entries(self) -> list[tuple[str, str, Term]]:
        """Read at first need, because pages have none. Of a term added since this version nothing is known here."""
        terms = {term.pk: term for terms in self.all_terms.values() for term in terms.values()}
        rows = CrosswalkEntry.objects.order_by("foreign_scheme", "foreign_code", "order")
        return [
            (scheme, code, terms[term])
            for scheme, code, term in rows.values_list("foreign_scheme", "foreign_code", "term_id")
            if term in terms
        ]

    def synonyms(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """Scheme and code → the words people search with, the label first."""
        return self._words

    @cached_property
    def _words(self) -> dict[tuple[str, str], tuple[str, ...]]:
        return {
            (scheme, code): tuple(dict.fromkeys((term.label, *term.synonyms)))
            for scheme, terms in self.all_terms.items()
            for code, term in terms.items()
        }


def _holding(term: Term | None, day: datetime.date) -> Term | None:
    seen: set[str] = set()
    while term is not None and not term.holds_on(day):
        # A circle of successors is a mistake of whoever wrote them, and must not hang a page.
        if term.code in seen:
            return None
        seen.add(term.code)
        term = term.replaced_by
    return term


_kept: Vocabulary | None = None


def current(at: int | None = None) -> Vocabulary:
    """The vocabulary as it stands now. One query, or two where it has changed since the last look.

    `at`: its version, where the caller has just asked for it; then one query less.
    """
    global _kept  # noqa: PLW0603 - one process, one copy; replaced whole, so threads see the old one or the new one
    now_at = version("vocabulary") if at is None else at
    kept = _kept
    if kept is None or kept.version != now_at:
        kept = _kept = _read(now_at)
    return kept


def forget() -> None:
    """Read again at the next look. For tests that roll back: the same version then comes again with other terms."""
    global _kept  # noqa: PLW0603
    _kept = None


def _read(now_at: int) -> Vocabulary:
    by_id: dict[int | None, Term] = {
        term.pk: term
        for term in Term.objects.select_related("scheme").order_by("scheme__code", "order", "code")
    }
    for own in OwnWord.objects.order_by("pk"):
        # A copy: the words of the files stay apart in the database.
        if (term := by_id.get(own.term_id)) is not None:
            term.synonyms = [*term.synonyms, own.word]
    terms: dict[str, dict[str, Term]] = {}
    for term in by_id.values():
        term.replaced_by = by_id.get(term.replaced_by_id)
        term.broader = by_id.get(term.broader_id)
        terms.setdefault(term.scheme.code, {})[term.code] = term
    return Vocabulary(now_at, terms)


def terms(scheme: str, on: datetime.date | None = None) -> list[Term]:
    """Terms that may be chosen on that day (today), in reading order."""
    return current().terms(scheme, on)


def term(scheme: str, code: str) -> Term | None:
    """The term of that code, ended or not; None if there never was one."""
    return current().term(scheme, code)


def labels(scheme: str) -> dict[str, str]:
    """Labels by code, in reading order, ended terms included."""
    return current().labels(scheme)


def known_codes(scheme: str, on: datetime.date | None = None) -> frozenset[str]:
    """Codes that a new statement may use on that day (today)."""
    return current().known_codes(scheme, on)


def crosswalk(on: datetime.date | None = None) -> Crosswalk:
    """What foreign codes stand for, in the shape that the readers of foreign formats take."""
    return current().crosswalk(on)


def own_words(term: Term) -> list[str]:
    """Further words that were added here, by alphabet."""
    return list(OwnWord.objects.filter(term=term).values_list("word", flat=True))


def synonyms() -> dict[tuple[str, str], tuple[str, ...]]:
    """Scheme and code → the words people search with, the label first."""
    return current().synonyms()
