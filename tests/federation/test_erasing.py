"""What law obliges to erase is gone everywhere, and no harvest brings it back."""

from datetime import datetime
from pathlib import Path

import pytest

from allmende.catalogue.actions import propose_erasure
from allmende.catalogue.models import Contact, Solution, Statement
from allmende.federation.actions import confirm_erasure, erase_everywhere
from allmende.federation.models import RawRecord, Source
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from tests.federation.conftest import OPERATOR, Harvest
from tests.federation.entries import entry, put


def test_erased_is_gone_from_the_raw_records_too_and_stays_gone(
    source: Source, folder: Path, harvest: Harvest, now: datetime
) -> None:
    put(folder, "a/publiccode.yml", entry())
    put(folder, "b/publiccode.yml", entry(name="Raumbuchung", url="https://git.musterland.test/stadt/raum"))
    harvest(source)
    solution = Solution.objects.get(name="Mängelmelder Musterstadt")

    erase_everywhere(solution, reason="Urteil", by=OPERATOR, now=now)

    record = RawRecord.objects.get(key="a/publiccode.yml")
    assert (record.content, record.size, record.findings, record.decision) == (None, 0, [], "refused")
    put(folder, "a/publiccode.yml", entry(text="Ein neuer Text, der auch nicht wiederkommen darf."))
    again = harvest(source)
    record.refresh_from_db()
    assert (again.refused, again.same, record.content) == (1, 1, None)
    assert Statement.objects.filter(listing__solution=solution).count() == Contact.objects.count() - 1 == 0
    assert list(Solution.objects.filter(state="published").values_list("name", flat=True)) == ["Raumbuchung"]


def test_a_person_is_gone_from_the_raw_records_of_every_entry_that_named_them(
    source: Source, folder: Path, harvest: Harvest, now: datetime
) -> None:
    other = entry(name="Raumbuchung", url="https://git.musterland.test/stadt/raum")
    third = entry(name="Terminkasten", url="https://git.musterland.test/stadt/termin")
    put(folder, "a/publiccode.yml", entry())
    put(folder, "b/publiccode.yml", other)
    put(folder, "c/publiccode.yml", third.replace("Team Digitales", "Team Termine"))
    harvest(source)
    contact = Contact.objects.get(listing__solution__name="Mängelmelder Musterstadt")
    editor = Actor("person", "redaktion1", frozenset({("catalogue_editor", None)}))
    operator = Actor("person", "betrieb001", frozenset({("operator_admin", None)}))
    proposal = propose_erasure(
        contact, ground="person_asks", reason="Die Person verlangt es.", by=editor, now=now
    )

    confirm_erasure(proposal, by=operator, now=now)

    assert list(Contact.objects.values_list("name", flat=True)) == ["Team Termine"]
    left = RawRecord.objects.filter(content__isnull=False)
    assert list(left.values_list("key", flat=True)) == ["c/publiccode.yml"]


def test_a_stranger_erases_nothing(source: Source, folder: Path, harvest: Harvest, now: datetime) -> None:
    put(folder, "a/publiccode.yml", entry())
    harvest(source)

    with pytest.raises(Refused, match="Berechtigung"):
        erase_everywhere(Solution.objects.get(), reason="weg", by=Actor.anonymous(), now=now)
    alone = Actor("person", "betrieb0000", frozenset({("operator_admin", None)}))
    with pytest.raises(Refused, match="Berechtigung"):
        erase_everywhere(Solution.objects.get(), reason="weg", by=alone, now=now)
    assert RawRecord.objects.get().content is not None
