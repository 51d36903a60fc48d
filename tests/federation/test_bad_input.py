"""Files as strangers leave them: each a finding that its owner can read, and no harm to anything else."""

import os
from pathlib import Path

import pytest

from allmende.catalogue.models import Edition, Solution
from allmende.federation.models import RawRecord, Source
from allmende.web.components.markdown import render_markdown
from tests.federation.conftest import Harvest
from tests.federation.entries import entry, put

GOOD, BAD = "gut/publiccode.yml", "schlecht/publiccode.yml"
OTHER = "https://git.musterland.test/stadt/raumbuchung"

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{this}: &{this} [{', '.join([f'*{last}'] * 10)}]\n"
    for last, this in zip("abcdefgh", "bcdefghi", strict=True)
)

FAULTY = {
    "empty": (b"", "Die Datei ist leer"),
    "only spaces": (b" \n\n", "Die Datei ist leer"),
    "binary": (bytes(range(256)) * 40, "Binärdaten"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 500, "Binärdaten"),
    "deeply nested": (b"name: " + b"[" * 5_000, "verschachtelt"),
    "an alias bomb": (BOMB.encode(), "20000 Werte"),
    "not YAML": (b"name: [Mangel\nurl: : :\n", "YAML"),
    "a list": (b"- eins\n- zwei\n", "Schlüssel"),
    "no name": (entry().replace("name: Mängelmelder Musterstadt\n", "").encode(), "Name"),
}


@pytest.fixture
def published(source: Source, folder: Path, harvest: Harvest) -> Source:
    """A source with two published entries."""
    put(folder, GOOD, entry())
    put(folder, BAD, entry("Raumbuchung Musterstadt", OTHER))
    assert harvest(source).new == 2
    return source


def what_is_published() -> list[tuple[object, ...]]:
    return list(
        Solution.objects.order_by("pk").values_list(
            "public_id", "name", "state", "edition_number", "lock_version"
        )
    )


@pytest.mark.parametrize(("content", "words"), FAULTY.values(), ids=FAULTY.keys())
def test_a_faulty_file_is_kept_back_with_words_its_owner_can_read_and_changes_nothing(
    published: Source, folder: Path, harvest: Harvest, content: bytes, words: str
) -> None:
    before = what_is_published()
    put(folder, BAD, content)
    finished = harvest(published)
    assert (finished.state, finished.same, finished.unreadable, finished.missing) == ("complete", 1, 1, 0)
    record = RawRecord.objects.get(key=BAD)
    assert record.decision == "quarantine"
    assert words in " ".join(record.reasons)
    assert [finding["message"] for finding in record.findings if finding["severity"] == "error"]
    assert bytes(record.content or b"") == content
    assert what_is_published() == before
    assert record.listing is not None
    assert record.listing.missing_since is None


def test_a_file_of_fifty_megabytes_is_not_read_and_changes_nothing(
    published: Source, folder: Path, harvest: Harvest
) -> None:
    before = what_is_published()
    with (folder / BAD).open("wb") as file:
        file.truncate(50_000_000)
    finished = harvest(published)
    assert (finished.state, finished.same, finished.unreadable) == ("complete", 1, 1)
    record = RawRecord.objects.get(key=BAD)
    assert record.reasons == ["Die Datei ist größer als 2,0 MB. Kürzen Sie sie, oder teilen Sie sie auf."]
    assert record.content is None
    assert what_is_published() == before


def test_a_file_in_latin_1_is_read_and_the_owner_is_told(
    source: Source, folder: Path, harvest: Harvest
) -> None:
    put(folder, GOOD, entry().encode("latin-1"))
    assert harvest(source).new == 1
    record = RawRecord.objects.get()
    assert record.decision == "publish_with_warnings"
    assert "Latin-1" in record.findings[0]["message"]
    assert Solution.objects.get().name == "Mängelmelder Musterstadt"


def test_a_script_in_a_description_is_text_and_never_runs(
    source: Source, folder: Path, harvest: Harvest
) -> None:
    script = (
        "Mängel melden <script>alert(1)</script><img src=x onerror=alert(1)> für alle Menschen in der Stadt."
    )
    put(folder, GOOD, entry(text=script))
    assert harvest(source).new == 1
    text = Solution.objects.get().texts.get()
    shown = render_markdown(text.description)
    assert "<script" not in shown
    assert "<img" not in shown


def test_a_mended_file_is_published_again(published: Source, folder: Path, harvest: Harvest) -> None:
    put(folder, BAD, b"")
    harvest(published)
    put(
        folder,
        BAD,
        entry("Raumbuchung Musterstadt", OTHER, "Räume und Geräte der Stadt buchen, auch für Vereine."),
    )
    finished = harvest(published)
    assert (finished.same, finished.changed, finished.unreadable) == (1, 1, 0)
    solution = Solution.objects.get(name="Raumbuchung Musterstadt")
    assert Edition.objects.filter(subject_id=solution.public_id).count() == 2


def test_names_of_files_that_are_no_text_or_very_long_are_keys_all_the_same(
    source: Source, folder: Path, harvest: Harvest
) -> None:
    put(folder, os.fsdecode(b"br\xfcche/publiccode.yml"), entry())
    deep = "/".join(["ordner" * 20] * 10)
    put(folder, f"{deep}/publiccode.yml", entry("Raumbuchung Musterstadt", OTHER))
    assert harvest(source).new == 2
    keys = sorted(RawRecord.objects.values_list("key", flat=True), key=len)
    assert keys[0] == "br\\udcfcche/publiccode.yml"
    assert len(keys[1]) == 1000
    assert harvest(source).same == 2


def test_links_are_not_followed(source: Source, folder: Path, harvest: Harvest, tmp_path: Path) -> None:
    put(tmp_path, "elsewhere/publiccode.yml", entry())
    (folder / "link").symlink_to(tmp_path / "elsewhere")
    (folder / "publiccode.yml").symlink_to(tmp_path / "elsewhere" / "publiccode.yml")
    (folder / "circle").symlink_to(folder)
    put(folder, GOOD, entry("Raumbuchung Musterstadt", OTHER))
    finished = harvest(source)
    assert (finished.seen, finished.new) == (1, 1)


def test_what_the_gate_refuses_is_kept_with_its_reason_and_handed_in_again_next_time(
    source: Source, folder: Path, harvest: Harvest
) -> None:
    source.profile = {"additions": {GOOD: {"fields_of_action": ["gibt_es_nicht"]}}}
    source.save()
    put(folder, GOOD, entry())
    for _ in range(2):
        finished = harvest(source)
        assert (finished.state, finished.refused) == ("complete", 1)
    record = RawRecord.objects.get()
    assert record.decision == "refused"
    assert "gibt_es_nicht" in record.reasons[0]
    assert not Solution.objects.exists()
