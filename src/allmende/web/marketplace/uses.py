"""Who uses a solution, as its page shows it: what towns say themselves apart from what others say of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from allmende.catalogue.models import ClaimedUse, ConfirmedUse
from allmende.regions.models import Region
from allmende.vocabulary.queries import Vocabulary
from allmende.web.components.parts import Cell, Column, Row, Table
from allmende.web.components.templatetags.formats import day, number
from allmende.web.marketplace.costs import CostQuestion
from allmende.web.marketplace.wording import label_of

# So many claimed uses stand in the open; the others are one click away.
SHOWN = 8


@dataclass(frozen=True)
class Uses:
    """Both kinds, those of towns like the asking one first; `question` says which town asks, if any."""

    confirmed: Sequence[ConfirmedUse]
    claimed: Sequence[ClaimedUse]
    vocabulary: Vocabulary
    question: CostQuestion

    def __bool__(self) -> bool:
        return bool(self.confirmed or self.claimed)

    @property
    def number_confirmed(self) -> int:
        """Towns that use it now."""
        return sum(use.state != "ended" for use in self.confirmed)

    @cached_property
    def own_words(self) -> Table | None:
        """What the towns themselves say; ended uses come last and say so."""
        if not self.confirmed:
            return None
        uses = sorted(
            self.confirmed, key=lambda use: (use.state == "ended", self._rank(use.organisation.region))
        )
        columns = [Column("Kommune"), Column("Einwohner", numeric=True), Column("Nutzung")]
        return Table("Von der Kommune selbst bestätigt", columns, [self._confirmed_row(use) for use in uses])

    @cached_property
    def _hearsay(self) -> list[Row]:
        confirmed = {use.organisation_id for use in self.confirmed}
        uses = [
            use for use in self.claimed if use.organisation_id is None or use.organisation_id not in confirmed
        ]
        uses.sort(key=lambda use: self._rank(use.organisation.region if use.organisation else None))
        return [self._claimed_row(use) for use in uses]

    @cached_property
    def claims(self) -> Table | None:
        """What a supplier or a source says of others; nobody has confirmed it."""
        return self._claims(self._hearsay[:SHOWN], "Laut Anbieter oder Quelle") if self._hearsay else None

    @cached_property
    def more_claims(self) -> Table | None:
        rest = self._hearsay[SHOWN:]
        return self._claims(rest, "Weitere, laut Anbieter oder Quelle") if rest else None

    def _claims(self, rows: Sequence[Row], caption: str) -> Table:
        columns = [Column("Wer"), Column("Einwohner", numeric=True), Column("Laut")]
        return Table(caption, columns, rows, note="Die Genannten selbst haben das hier nicht bestätigt.")

    def _confirmed_row(self, use: ConfirmedUse) -> Row:
        town = use.organisation.region
        state = label_of(self.vocabulary, "use_status", use.state)
        since = f" seit {day(use.since_told)}" if use.since and use.state != "ended" else ""
        until = _until(use)
        return Row(
            [
                Cell(
                    use.organisation.name,
                    href=town_address(town),
                    note=self.nearness(town),
                    invented=use.organisation.is_invented,
                ),
                _inhabitants(town),
                Cell(f"{state}{since}{until}", note=" · ".join(filter(None, [use.note, _confirmed_on(use)]))),
            ]
        )

    def _claimed_row(self, use: ClaimedUse) -> Row:
        town = use.organisation.region if use.organisation else None
        invented = bool(use.organisation and use.organisation.is_invented)
        return Row(
            [
                Cell(
                    use.name,
                    href=town_address(town) or use.url,
                    note=self.nearness(town),
                    invented=invented,
                ),
                _inhabitants(town),
                Cell(use.listing.origin.label, note=f"Stand {day(use.as_of)}" if use.as_of else ""),
            ]
        )

    def _alike(self, town: Region | None) -> tuple[bool, bool]:
        """Whether a town is of the asking town's size, and in its Land."""
        own = self.question.town
        size = self.question.size_class
        same_size = bool(town and size and town.size_class == size)
        return same_size, bool(town and own and own.land_id and town.land_id == own.land_id)

    def _is_own(self, town: Region | None) -> bool:
        return bool(town and self.question.town and town.pk == self.question.town.pk)

    def _rank(self, town: Region | None) -> tuple[bool, bool, bool]:
        """Order: the asking town itself, those of its size, those in its Land, all others."""
        same_size, same_land = self._alike(town)
        return not self._is_own(town), not same_size, not same_land

    def nearness(self, town: Region | None) -> str:
        """What a town has in common with the asking one; "" where nothing is known of either."""
        if self._is_own(town):
            return "Ihre Kommune"
        words = ("ähnliche Größe wie bei Ihnen", "im selben Land")
        return ", ".join(word for word, holds in zip(words, self._alike(town), strict=True) if holds)


def _until(use: ConfirmedUse) -> str:
    """ "Beendet am 31.12.2025", "Beendet im April 2025", "Beendet 2025"."""
    if not use.ended_told:
        return ""
    word = {"day": "am ", "month": "im ", "year": ""}[use.ended_precision]
    return f" {word}{day(use.ended_told)}"


def _confirmed_on(use: ConfirmedUse) -> str:
    return f"bestätigt am {day(use.confirmed_at)}"


def _inhabitants(town: Region | None) -> Cell:
    return Cell(number(town.population) if town and town.population is not None else None)


def town_address(town: Region | None) -> str:
    return f"/kommunen/{town.key}" if town else ""
