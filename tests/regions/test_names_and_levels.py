import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.regions import levels, names
from allmende.regions.size_classes import SIZE_CLASSES, suggested_by


@pytest.mark.parametrize(
    ("raw", "official", "short"),
    [
        ("Kiel, Landeshauptstadt      ", "Kiel, Landeshauptstadt", "Kiel"),
        ("Marktl, M", "Marktl, Markt", "Marktl"),
        ("Altötting, St", "Altötting, Stadt", "Altötting"),
        ("Dachau, GKSt", "Dachau, Große Kreisstadt", "Dachau"),
        ("Ueckermünde, Seebad , Stadt", "Ueckermünde, Seebad, Stadt", "Ueckermünde"),
        ("Hagen, Kreis- und  Hochschulstadt", "Hagen, Kreis- und Hochschulstadt", "Hagen"),
        ("Unterneukirchen (VGem)", "Unterneukirchen (VGem)", "Unterneukirchen"),
        ("Neustadt (Hessen), Stadt", "Neustadt (Hessen), Stadt", "Neustadt (Hessen)"),
        ("St", "St", "St"),
    ],
)
def test_official_and_short_names(raw: str, official: str, short: str) -> None:
    assert (names.official_name(raw), names.short_name(official)) == (official, short)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("München", "muenchen"),
        ("MU\u0308NCHEN", "muenchen"),
        ("Groß-Gerau", "gross gerau"),
        ("Frankfurt (Oder)", "frankfurt oder"),
        ("Bautzen / Budyšin", "bautzen budysin"),
        ("  St.Gangloff ", "st gangloff"),
        ("%_\x00", ""),
    ],
)
def test_names_are_folded_for_comparison(text: str, folded: str) -> None:
    assert names.folded(text) == folded


@given(st.text(max_size=60))
def test_folding_is_stable_and_plain(text: str) -> None:
    folded = names.folded(text)
    assert names.folded(folded) == folded
    assert folded.replace(" ", "").isascii()


@pytest.mark.parametrize(
    ("name", "designation", "title"),
    [
        ("Gifhorn", "Landkreis", "Landkreis Gifhorn"),
        ("Heidekreis", "Landkreis", "Heidekreis"),
        ("Märkischer Kreis", "Kreis", "Märkischer Kreis"),
        ("Region Hannover", "Landkreis", "Region Hannover"),
        ("Regionalverband Saarbrücken", "Regionalverband", "Regionalverband Saarbrücken"),
        ("Trittau", "Amt", "Amt Trittau"),
        ("GVV Rosenstein", "Verwaltungsverband", "GVV Rosenstein"),
        ("EG Uder", "Erfüllende Gemeinde", "EG Uder"),
    ],
)
def test_a_kreis_is_called_by_what_it_is(name: str, designation: str, title: str) -> None:
    assert names.with_designation(name, designation) == title


@pytest.mark.parametrize(
    ("population", "key"),
    [
        (500_000, 11), (499_999, 12), (100_000, 12), (99_999, 21), (50_000, 21), (49_999, 22), (20_000, 22),
        (19_999, 30), (10_000, 30), (9_999, 40), (5_000, 40), (4_999, 50), (0, 50), (None, None),
    ],
)  # fmt: skip
def test_the_population_suggests_a_class_of_the_bbsr(population: int | None, key: int | None) -> None:
    assert suggested_by(population) == key


def test_the_classes_are_those_of_the_bbsr() -> None:
    assert [one.key for one in SIZE_CLASSES] == [11, 12, 21, 22, 30, 40, 50]


@pytest.mark.parametrize(
    ("key", "code", "level"),
    [
        ("01", "", "land"), ("01051", "43", "kreis"), ("01002", "41", "kreisfreie_stadt"),
        ("08111", "42", "kreisfreie_stadt"), ("010515163", "51", "gemeindeverband"), ("01051001", "64", "gemeinde"),
        ("01002000", "61", "gemeinde"),
    ],
)  # fmt: skip
def test_key_and_type_tell_the_level(key: str, code: str, level: str) -> None:
    assert levels.level_of(key, code) == level


def test_a_key_of_another_length_has_no_level() -> None:
    with pytest.raises(ValueError, match="no region has a key of 3 digits"):
        levels.level_of("031", "")


def test_the_key_of_a_town_leaves_the_verband_out() -> None:
    assert [levels.key_from_ars(ars) for ars in ("160615012004", "160615012", "16061", "16")] == [
        "16061004",
        "160615012",
        "16061",
        "16",
    ]
