"""Who may have taken over from what vanished: proposals from areas and names, each with its reason. Pure.

The register names no successors, but it counts hectares: where a Gemeinde vanishes, its area turns up in another
one. A proposal is a hint for the person who decides, nothing more.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from allmende.regions import levels, names
from allmende.regions.comparison import Comparison, Facts
from allmende.regions.drafts import SuccessionDraft

# Areas are rounded to whole hectares, each by itself, and a boundary is surveyed anew now and then.
ROUNDING_HA = 2
LARGEST_GROUP_TRIED = 3
SMALLEST_SHARE_OF_A_KREIS = 0.1


def propose(known: Mapping[str, Facts], comparison: Comparison) -> tuple[SuccessionDraft, ...]:
    """Proposals for everything that vanished, ordered by key; what cannot be explained gets none."""
    search = _Search(known, comparison)
    search.run()
    drafts = sorted(search.found, key=lambda draft: (draft.predecessor_key, draft.successor_key))
    return (*drafts, *_for_what_lies_above(known, comparison, drafts))


class _Search:
    """Explains vanished areas by gained areas, the surest way first; what is explained is taken off both lists."""

    def __init__(self, known: Mapping[str, Facts], comparison: Comparison) -> None:
        self.gone = {facts.key: facts for facts in comparison.vanished if facts.level == levels.GEMEINDE}
        self.after = comparison.after
        self.new = {facts.key for facts in comparison.new}
        self.gains = {key: gain for key, gain in _gains(known, comparison) if gain > ROUNDING_HA}
        self.found: list[SuccessionDraft] = []

    def run(self) -> None:
        if not self.gone:
            return
        self._same_name_and_area()
        self._whole_associations()
        self._named_after()
        self._one_into_one()
        self._one_into_two()
        self._some_into_one()
        self._by_name_alone()

    def _same_name_and_area(self) -> None:
        for old in list(self.gone.values()):
            for key in self._near(old, within=2):
                if key in self.new and self._folded(key) == _folded(old) and self._fits([old], key):
                    self._take([old], key, "Name und Fläche sind gleich; nur der Schlüssel ist neu.")
                    break

    def _whole_associations(self) -> None:
        """All that vanished from one Verband went into one Gemeinde."""
        groups: dict[str | None, list[Facts]] = defaultdict(list)
        for old in self.gone.values():
            groups[old.parent_key].append(old)
        for group in groups.values():
            self._explain_by_area(group, within=5)

    def _named_after(self) -> None:
        """`Berga-Wünschendorf` carries the names of those it was made of."""
        for key in sorted(self.new & set(self.gains)):
            words = set(self._folded(key).split())
            group = [old for old in self.gone.values() if _folded(old).split()[0] in words]
            if group and self._fits(group, key):
                self._take(group, key, self._sum_reason(group, key))

    def _one_into_one(self) -> None:
        for within in (5, 2):
            for old in list(self.gone.values()):
                self._explain_by_area([old], within=within)

    def _one_into_two(self) -> None:
        for old in list(self.gone.values()):
            for pair in combinations(self._near(old, within=2), 2):
                total = sum(self.gains[key] for key in pair)
                if any(key[:5] == old.key[:5] for key in pair) and _about(_area(old), total, 2):
                    self._split(old, pair)
                    break

    def _some_into_one(self) -> None:
        for size in range(2, LARGEST_GROUP_TRIED + 1):
            for group in combinations(list(self.gone.values()), size):
                if {old.key for old in group} <= set(self.gone) and len({old.key[:5] for old in group}) == 1:
                    self._explain_by_area(list(group), within=5)

    def _by_name_alone(self) -> None:
        for old in list(self.gone.values()):
            for key in self._near(old, within=5):
                if _folded(old).split()[0] in self._folded(key).split():
                    self._take(
                        [old], key, "Der Name kommt im neuen Namen vor; die Flächen passen nicht zusammen."
                    )
                    break

    def _explain_by_area(self, group: list[Facts], *, within: int) -> None:
        fitting = [key for key in self._near(group[0], within=within) if self._fits(group, key)]
        if fitting:
            best = min(fitting, key=lambda key: abs(self.gains[key] - _total(group)))
            self._take(group, best, self._sum_reason(group, best))

    def _near(self, old: Facts, *, within: int) -> list[str]:
        """Gemeinden that gained area in the same Kreis (5 digits) or Land (2), the same Kreis first."""
        near = [key for key in self.gains if key[:within] == old.key[:within]]
        return sorted(near, key=lambda key: (key[:5] != old.key[:5], key))

    def _fits(self, group: list[Facts], key: str) -> bool:
        return _about(_total(group), self.gains[key], len(group))

    def _folded(self, key: str) -> str:
        return _folded(self.after[key])

    def _sum_reason(self, group: list[Facts], key: str) -> str:
        gained = "ist neu mit" if key in self.new else "ist gewachsen um"
        return (
            f"{_said(self.after[key])} {gained} {self.gains[key]} ha; "
            f"{_enumerated(group)} {'hatte' if len(group) == 1 else 'hatten zusammen'} {_total(group)} ha."
        )

    def _take(self, group: list[Facts], key: str, reason: str) -> None:
        for old in group:
            self.found.append(SuccessionDraft(old.key, key, share=1.0, reason=reason))
            del self.gone[old.key]
        del self.gains[key]

    def _split(self, old: Facts, pair: tuple[str, ...]) -> None:
        total = sum(self.gains[key] for key in pair)
        reason = (
            f"{' und '.join(_said(self.after[key]) for key in pair)} sind zusammen um {total} ha gewachsen; "
            f"{_said(old)} hatte {_area(old)} ha."
        )
        for key in pair:
            share = round(self.gains.pop(key) / total, 4)
            self.found.append(SuccessionDraft(old.key, key, share=share, reason=reason))
        del self.gone[old.key]


def _gains(known: Mapping[str, Facts], comparison: Comparison) -> Iterator[tuple[str, int]]:
    for key, facts in comparison.after.items():
        if facts.level == levels.GEMEINDE:
            yield key, _area(facts) - (_area(known[key]) if key in known else 0)


def _about(hectares: int, other: int, parts: int) -> bool:
    return abs(hectares - other) <= ROUNDING_HA + parts


def _area(facts: Facts) -> int:
    return facts.area_ha or 0


def _total(group: Iterable[Facts]) -> int:
    return sum(_area(facts) for facts in group)


def _folded(facts: Facts) -> str:
    return names.folded(_said(facts))


def _said(facts: Facts) -> str:
    return names.short_name(facts.official_name)


def _enumerated(group: list[Facts]) -> str:
    said = [_said(facts) for facts in group]
    if len(said) > 4:
        said = [*said[:3], f"{len(said) - 3} weitere"]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} und {said[-1]}"


def _for_what_lies_above(
    known: Mapping[str, Facts], comparison: Comparison, found: Iterable[SuccessionDraft]
) -> Iterator[SuccessionDraft]:
    """A Verband or Kreis goes where its Gemeinden went."""
    heirs: dict[str, list[str]] = defaultdict(list)
    for draft in found:
        heirs[draft.predecessor_key].append(draft.successor_key)
    for old in comparison.vanished:
        if old.level in (levels.GEMEINDE, levels.LAND):
            continue
        members = [
            facts
            for facts in known.values()
            if facts.level == levels.GEMEINDE and _above(facts, old) == old.key
        ]
        yield from _containers(old, members, heirs, comparison.after)


def _containers(
    old: Facts, members: list[Facts], heirs: Mapping[str, list[str]], after: Mapping[str, Facts]
) -> Iterator[SuccessionDraft]:
    areas: Counter[str] = Counter()
    for member in members:
        targets = [member.key] if member.key in after else heirs.get(member.key, [])
        for target in targets:
            container = _above(after[target], old)
            if container is not None and container in after:
                areas[container] += max(_area(member), 1) // len(targets)
    total = sum(max(_area(member), 1) for member in members)
    for container, area in sorted(areas.items()):
        if area / total >= SMALLEST_SHARE_OF_A_KREIS:
            reason = f"Dorthin gehören jetzt Gemeinden mit {area} von {total} ha."
            yield SuccessionDraft(old.key, container, share=round(area / total, 4), reason=reason)


def _above(facts: Facts, like: Facts) -> str | None:
    """The region of the same kind as `like` that a Gemeinde belongs to, if any."""
    if like.level == levels.GEMEINDEVERBAND:
        return facts.parent_key if facts.parent_key and len(facts.parent_key) == 9 else None
    return facts.key[:5]
