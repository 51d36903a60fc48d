"""Every change of the vocabulary: loading the files that come with the software, and an operator's own terms."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require
from allmende.vocabulary import files, rules
from allmende.vocabulary.drafts import CrosswalkDraft, SchemeDraft, TermDraft, VocabularyDraft
from allmende.vocabulary.models import FROM_FILES, FROM_OPERATOR, CrosswalkEntry, OwnWord, Scheme, Term

_FACTS = ("label", "definition", "synonyms", "order", "valid_from", "valid_to", "extra")
_RELATIONS = ("replaced_by", "broader")
Key = tuple[str, str]
"""Code of the scheme and code of the term."""


@dataclass
class LoadReport:
    """What a load did, term by term; `new`, `changed`, `same` and `kept` together are the terms of the files.

    `kept` are terms that an operator added under the same code: theirs stands. `ended` are terms that vanished from
    the files. The crosswalk and the schemes' own labels are counted only.
    """

    new: list[Key] = field(default_factory=list)
    changed: list[Key] = field(default_factory=list)
    same: list[Key] = field(default_factory=list)
    kept: list[Key] = field(default_factory=list)
    ended: list[Key] = field(default_factory=list)
    schemes_written: int = 0
    entries_added: int = 0
    entries_removed: int = 0

    @property
    def wrote_something(self) -> bool:
        return any(self.counts(self.new, self.changed, self.ended)) or any(
            (self.schemes_written, self.entries_added, self.entries_removed)
        )

    @staticmethod
    def counts(*lists: list[Key]) -> tuple[int, ...]:
        return tuple(len(keys) for keys in lists)

    def as_data(self) -> dict[str, int]:
        """Numbers for the journal and the command line."""
        new, changed, same, kept, ended = self.counts(
            self.new, self.changed, self.same, self.kept, self.ended
        )
        return {
            "new": new,
            "changed": changed,
            "same": same,
            "kept": kept,
            "ended": ended,
            "schemes_written": self.schemes_written,
            "entries_added": self.entries_added,
            "entries_removed": self.entries_removed,
        }


@transaction.atomic
def load(*, by: Actor, now: datetime.datetime, draft: VocabularyDraft | None = None) -> LoadReport:
    """Bring the data files into the database; a second run writes nothing.

    Terms that vanished from the files end today and stay. Raises `FaultyVocabulary` before anything is written.
    """
    require(rules.may_edit_terms(by))
    draft = draft or files.read()
    report = LoadReport()
    schemes = _load_schemes(draft.schemes, report)
    stored = {
        (term.scheme.code, term.code): term
        for term in Term.objects.select_for_update().select_related("scheme")
    }
    wanted = {(scheme.code, term.code): term for scheme in draft.schemes for term in scheme.terms}
    _load_terms(wanted, stored, schemes, report)
    _end_vanished(wanted, stored, timezone.localdate(now), report)
    _load_crosswalks(draft.crosswalks, stored, report)
    if report.wrote_something:
        record("vocabulary.loaded", subject=("vocabulary", ""), by=by, now=now, data=report.as_data())
    return report


def _load_schemes(drafts: tuple[SchemeDraft, ...], report: LoadReport) -> dict[str, Scheme]:
    schemes = {scheme.code: scheme for scheme in Scheme.objects.all()}
    for draft in drafts:
        scheme = schemes.setdefault(draft.code, Scheme(code=draft.code))
        if (scheme.label, scheme.definition) != (draft.label, draft.definition):
            scheme.label, scheme.definition = draft.label, draft.definition
            scheme.save()
            report.schemes_written += 1
    return schemes


def _load_terms(
    wanted: dict[Key, TermDraft], stored: dict[Key, Term], schemes: dict[str, Scheme], report: LoadReport
) -> None:
    # Relations come after all terms are there: a term may name one further down in its file.
    fresh = [key for key in wanted if key not in stored]
    for key in fresh:
        stored[key] = Term(scheme=schemes[key[0]], code=key[1], **_facts(wanted[key]))
    Term.objects.bulk_create([stored[key] for key in fresh])
    changed = []
    for key, draft in wanted.items():
        if stored[key].origin == FROM_OPERATOR:
            report.kept.append(key)
            continue
        differs = _differs(stored[key], draft, stored)
        _list_for(report, is_new=key in fresh, differs=differs).append(key)
        if differs:
            changed.append(_filled(stored[key], draft, stored))
    Term.objects.bulk_update(changed, [*_FACTS, *_RELATIONS])


def _list_for(report: LoadReport, *, is_new: bool, differs: bool) -> list[Key]:
    if is_new:
        return report.new
    return report.changed if differs else report.same


def _facts(draft: TermDraft) -> dict[str, Any]:
    return {
        "label": draft.label,
        "definition": draft.definition,
        "synonyms": list(draft.synonyms),
        "order": draft.order,
        "valid_from": draft.valid_from,
        "valid_to": draft.valid_to,
        "extra": dict(draft.extra),
    }


def _relations(term: Term, draft: TermDraft, stored: dict[Key, Term]) -> dict[str, Term | None]:
    return {
        name: stored[term.scheme.code, code] if (code := getattr(draft, name)) is not None else None
        for name in _RELATIONS
    }


def _differs(term: Term, draft: TermDraft, stored: dict[Key, Term]) -> bool:
    related = _relations(term, draft, stored)
    return any(getattr(term, fact) != value for fact, value in _facts(draft).items()) or any(
        getattr(term, f"{name}_id") != (other.pk if other else None) for name, other in related.items()
    )


def _filled(term: Term, draft: TermDraft, stored: dict[Key, Term]) -> Term:
    for name, value in {**_facts(draft), **_relations(term, draft, stored)}.items():
        setattr(term, name, value)
    return term


def _end_vanished(
    wanted: dict[Key, TermDraft], stored: dict[Key, Term], today: datetime.date, report: LoadReport
) -> None:
    ending = []
    for key, term in stored.items():
        if key in wanted or term.origin == FROM_OPERATOR or not _goes_on(term, today):
            continue
        # A term whose time had not yet come ends on the day on which it would have begun.
        term.valid_to = max(today, term.valid_from or today)
        ending.append(term)
        report.ended.append(key)
    Term.objects.bulk_update(ending, ["valid_to"])


def _goes_on(term: Term, today: datetime.date) -> bool:
    end = max(today, term.valid_from or today)
    return term.valid_to is None or term.valid_to > end


def _load_crosswalks(drafts: tuple[CrosswalkDraft, ...], stored: dict[Key, Term], report: LoadReport) -> None:
    wanted: dict[tuple[str, str, int], int] = {}
    for draft in drafts:
        for foreign_code, targets in draft.targets.items():
            for order, target in enumerate(targets):
                wanted[draft.foreign_scheme, foreign_code, stored[target].pk] = order
    gone = []
    for entry in CrosswalkEntry.objects.all():
        key = (entry.foreign_scheme, entry.foreign_code, entry.term_id)
        if wanted.get(key) == entry.order:
            del wanted[key]
        else:
            gone.append(entry.pk)
    # An entry has no history of its own: what the file no longer says is no longer so.
    report.entries_removed, _ = CrosswalkEntry.objects.filter(pk__in=gone).delete() if gone else (0, {})
    report.entries_added = len(wanted)
    CrosswalkEntry.objects.bulk_create(
        CrosswalkEntry(foreign_scheme=scheme, foreign_code=code, term_id=term_id, order=order)
        for (scheme, code, term_id), order in wanted.items()
    )


@transaction.atomic
def add_term(draft: TermDraft, *, scheme: str, by: Actor, now: datetime.datetime) -> Term:
    """Add an operator's own term at the end of a scheme; loading the files never touches it."""
    require(rules.may_edit_terms(by))
    found = Scheme.objects.select_for_update().filter(code=scheme).first()
    if found is None:
        raise Refused(f"Die Wortliste „{scheme}“ gibt es nicht.")
    siblings = {term.code: term for term in found.terms.all()}
    _require_new(draft, found, siblings)
    facts = _facts(draft) | {"order": max((term.order for term in siblings.values()), default=0) + 1}
    related = {name: _sibling(getattr(draft, name), found, siblings) for name in _RELATIONS}
    term = Term.objects.create(scheme=found, code=draft.code, origin=FROM_OPERATOR, **facts, **related)
    record("vocabulary.term_added", subject=("term", f"{scheme}:{draft.code}"), by=by, now=now)
    return term


def _require_new(draft: TermDraft, scheme: Scheme, siblings: dict[str, Term]) -> None:
    if not all(text.strip() for text in (draft.code, draft.label, draft.definition)):
        raise Refused("Ein Begriff braucht einen Code, eine Bezeichnung und eine Bedeutung.")
    if draft.code in siblings:
        raise Refused(f"Den Code „{draft.code}“ gibt es in „{scheme.label}“ schon. Wählen Sie einen anderen.")
    taken = {term.label.casefold() for term in siblings.values() if term.valid_to is None}
    if draft.label.casefold() in taken:
        raise Refused(f"„{draft.label}“ steht schon in „{scheme.label}“. Ergänzen Sie dort ein Suchwort.")


def _sibling(code: str | None, scheme: Scheme, siblings: dict[str, Term]) -> Term | None:
    if code is None:
        return None
    if code not in siblings:
        raise Refused(f"Den Begriff „{code}“ gibt es in „{scheme.label}“ nicht.")
    return siblings[code]


@transaction.atomic
def end_term(
    scheme: str, code: str, *, replaced_by: str | None = None, by: Actor, now: datetime.datetime
) -> Term:
    """Let an operator's own term end today, and name the one that follows it. Terms of the files end in the files."""
    require(rules.may_edit_terms(by))
    siblings = {term.code: term for term in Term.objects.select_for_update().filter(scheme__code=scheme)}
    term = siblings.get(code)
    if term is None or term.origin == FROM_FILES:
        raise Refused(f"Einen eigenen Begriff „{code}“ gibt es in dieser Wortliste nicht.")
    if replaced_by is not None and (replaced_by == code or replaced_by not in siblings):
        raise Refused(f"Den Nachfolger „{replaced_by}“ gibt es in dieser Wortliste nicht.")
    today = timezone.localdate(now)
    term.valid_to = max(today, term.valid_from or today)
    term.replaced_by = siblings[replaced_by] if replaced_by else None
    term.save(update_fields=["valid_to", "replaced_by"])
    record("vocabulary.term_ended", subject=("term", f"{scheme}:{code}"), by=by, now=now)
    return term


LONGEST_WORD = 80


@transaction.atomic
def add_word(term: Term, *, word: str, by: Actor, now: datetime.datetime) -> None:
    """Add a word by which people look for a term, whoever it comes from. The search learns it in time."""
    require(rules.may_add_words(by))
    word = " ".join(word.split())
    if not 2 <= len(word) <= LONGEST_WORD:
        raise Refused("Ein Suchwort hat zwei bis 80 Zeichen.")
    term = Term.objects.select_for_update(of=("self",)).select_related("scheme").get(pk=term.pk)
    known = [term.label, *term.synonyms, *OwnWord.objects.filter(term=term).values_list("word", flat=True)]
    if word.casefold() in {each.casefold() for each in known}:
        raise Refused(f"„{word}“ findet diesen Begriff schon.")
    OwnWord.objects.create(term=term, word=word)
    record("vocabulary.word_added", subject=_subject(term), by=by, now=now, data={"word": word})


@transaction.atomic
def remove_word(term: Term, *, word: str, by: Actor, now: datetime.datetime) -> None:
    """Take back a word that was added here. Words of the files are taken back in the files."""
    require(rules.may_add_words(by))
    gone, _ = OwnWord.objects.filter(term=term, word=word).delete()
    if not gone:
        raise Refused(f"Das eigene Suchwort „{word}“ gibt es hier nicht mehr.")
    record("vocabulary.word_removed", subject=_subject(term), by=by, now=now, data={"word": word})


def _subject(term: Term) -> tuple[str, str]:
    return ("term", f"{term.scheme.code}:{term.code}")
