"""How many companies of each size class were asked, and what came back, counted from the record itself."""

from collections import Counter

from allmende.exploration.record.telling import Content, Told
from allmende.records.blocks import Block, Table

# From the least to the most that a company can have done.
_ORDER = ("bounced", "sent", "opened", "silent", "declined", "answered")
_OUTCOMES = ("answered", "declined", "silent", "bounced")
_HEADER = ("Größe", "angesprochen", "geantwortet", "abgesagt", "keine Antwort", "nicht zustellbar")


def tally(content: Content) -> list[tuple[str, dict[str, int]]]:
    """Code of the size class ("" where it is not known, last) and the numbers of `_OUTCOMES`, for each that occurs.

    As `queries.asking.counts`: of a company asked in several rounds, the round in which it did most counts.
    """
    best: dict[str, Content] = {}
    for each in (one for asked in content["questionnaires"] for one in asked["inquiries"]):
        key = each["organisation"] or each["company_name"].casefold()
        if each["state"] != "planned" and (key not in best or _rank(each) > _rank(best[key])):
            best[key] = each
    found = Counter((each["size_class"], _outcome(each)) for each in best.values())
    sizes = [*content["words"].get("company_size", {}), ""]
    return [
        (size, {name: found[size, name] for name in _OUTCOMES})
        for size in sizes
        if any(size == one for one, _ in found)
    ]


def by_size(content: Content, told: Told) -> list[Block]:
    rows = [
        (
            told.word("company_size", size) or "Größe nicht bekannt",
            *map(str, (sum(numbers.values()), *numbers.values())),
        )
        for size, numbers in tally(content)
    ]
    return [Table("Angesprochen nach Größe", _HEADER, rows, (3, 2, 2, 2, 2, 2))] if rows else []


def _rank(inquiry: Content) -> int:
    return _ORDER.index(inquiry["state"]) if inquiry["state"] in _ORDER else 0


def _outcome(inquiry: Content) -> str:
    return inquiry["state"] if inquiry["state"] in ("answered", "declined", "bounced") else "silent"
