import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.retrieval import dictionary, lexicon_making
from allmende.retrieval.compounds import LONGEST_COMPOUND, all_parts, base, split
from allmende.retrieval.lexicon import NONE, PACKED, Lexicon, spelled

LINKS = ("", "s", "es", "n", "en", "er", "e", "ns", "ens")
WELL_KNOWN = [
    "Bau",
    "Straße",
    "Genehmigung",
    "Verfahren",
    "Haus",
    "Schule",
    "Klima",
    "Schutz",
    "Wasser",
    "Kind",
]
german = st.text(alphabet="abcdefghijklmnopqrstuvwxyzäöüßABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÜẞ", max_size=40)


def table() -> list[tuple[str, tuple[str, ...]]]:
    """What was written down by hand: word and its smallest parts."""
    rows = []
    for line in (Path(__file__).parent / "compounds.txt").read_text("utf-8").splitlines():
        word, _, parts = line.partition("#")[0].partition("=")
        if word.strip() and "-" not in word:
            rows.append((word.strip(), tuple(part.strip() for part in parts.split("+") if part.strip())))
    return rows


@pytest.mark.parametrize(("word", "parts"), table())
def test_a_word_is_taken_apart_as_written_down(word: str, parts: tuple[str, ...]) -> None:
    assert split(word) == parts


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("Baugenehmigungsverfahren", "baugenehmigung bau genehmigung verfahren"),
        ("Parkraumbewirtschaftung", "parkraum park raum bewirtschaftung"),
        ("Starkregenfrühwarnsystem", "starkregen stark regen frühwarnsystem früh warnsystem warn system"),
        ("Verwaltung", ""),
        ("Haus", ""),
    ],
)
def test_parts_of_all_levels_go_from_large_to_small(word: str, parts: str) -> None:
    assert all_parts(word) == tuple(parts.split())


@pytest.mark.parametrize(
    ("form", "word"),
    [
        ("Häuser", "haus"),
        ("Themen", "thema"),
        ("Museen", "museum"),
        ("Büros", "büro"),
        ("Konten", "konto"),
        ("barrierefreien", "barrierefrei"),
        ("freien", "frei"),
        ("unbekannt", None),
        ("", None),
        ("x" * 10_000, None),
    ],
)
def test_an_inflected_form_stands_for_a_word(form: str, word: str | None) -> None:
    assert base(form) == word


def test_what_the_lexicon_says_of_its_words_is_what_it_finds_in_their_letters() -> None:
    lexicon = dictionary.lexicon()
    words = [lexicon._words.restore_key(number) for number in range(0, len(lexicon._words), 7)]
    laid_down = lexicon.whole | set(lexicon.fixed)
    asked = [word for word in words if spelled(word) not in laid_down]
    said = {word: lexicon.apart(spelled(word), lexicon._words[word]) for word in asked}
    found = {word: tuple(piece.word for piece in lexicon.pieces(spelled(word))) for word in asked}
    assert len(asked) > 5_000
    assert said == found


def test_what_is_laid_down_goes_before_what_the_lexicon_found() -> None:
    lexicon = dictionary.lexicon()
    said = {form: lexicon.apart(form, lexicon.number(form)) for form in [*lexicon.fixed, *lexicon.whole]}
    assert said == lexicon.fixed | dict.fromkeys(lexicon.whole, ())


def _from_the_front(lexicon: Lexicon, form: str) -> list[str]:
    """The cheapest row found in the plain way: from the front, each end by the longest piece of equals."""
    ways: list[tuple[int, list[str]] | None] = [(0, [])] + [None] * len(form)
    for start in range(len(form) - 1):
        for end in range(start + 1, len(form) + 1) if ways[start] else ():
            number = lexicon._forms.get(form[start:end], NONE)
            is_last = end == len(form)
            if number == NONE or (is_last and not start):
                continue
            words, rare = (
                (lexicon._last, lexicon._rare_last) if is_last else (lexicon._before, lexicon._rare_before)
            )
            if words[number] == NONE:
                continue
            price = ways[start][0] + 100 + rare[number] + (10 if end - start <= 3 else 0)
            if ways[end] is None or price < ways[end][0]:
                ways[end] = price, [*ways[start][1], form[start:end]]
    return ways[-1][1] if ways[-1] else []


@given(
    st.lists(
        st.sampled_from(
            [*map(spelled, WELL_KNOWN), "bau", "see", "ei", "reise", "antrags", "tellerstaub", "x"]
        ),
        min_size=1,
        max_size=5,
    ).map("".join)
)
def test_the_quick_way_from_the_end_finds_the_same_row_as_the_plain_one(form: str) -> None:
    lexicon = dictionary.lexicon()
    assert [piece.form for piece in lexicon.pieces(form)] == _from_the_front(lexicon, form)


@pytest.mark.parametrize("case", [str.lower, str.upper, str.title])
def test_capitals_make_no_difference(case: object) -> None:
    assert callable(case)
    assert split(case("straßenbeleuchtung")) == ("straße", "beleuchtung")


@given(st.text(max_size=60))
def test_any_string_has_two_parts_or_more_or_none(word: str) -> None:
    assert len(split(word)) != 1
    assert set(split(word)) <= set(all_parts(word))


@settings(max_examples=25)
@given(german)
def test_taking_apart_twice_gives_the_same(word: str) -> None:
    parts = split(word)
    dictionary.forget()
    assert split(word) == parts


@given(st.lists(st.sampled_from(WELL_KNOWN), min_size=2, max_size=4), st.sampled_from(["", "s"]))
def test_pieces_cover_the_word_from_end_to_end(words: list[str], link: str) -> None:
    """Whatever the parts are: their forms, linking letters included, are the word."""
    word = spelled(link.join(words))
    pieces = dictionary.lexicon().pieces(word)
    assert not pieces or "".join(piece.form for piece in pieces) == word


@given(
    st.lists(
        st.sampled_from(["genehmigung", "verfahren", "straße", "bewirtschaftung"]), min_size=2, max_size=3
    )
)
def test_no_smallest_part_can_be_taken_apart_further(words: list[str]) -> None:
    assert [split(part) for part in split("".join(words))] == [()] * len(split("".join(words)))


@pytest.mark.parametrize(
    "word",
    ["straße" * 2_000, "x" * 10_000, "bau" * 30, "大" * 500, "\x00" * 50, "ß" * 90, "ab" * 49, " ", "İ" * 99],
)
def test_a_word_of_any_length_and_script_takes_no_time(word: str) -> None:
    began = time.thread_time()
    parts = split(word)
    assert time.thread_time() - began < 0.5
    assert len(word) <= LONGEST_COMPOUND or parts == ()


@pytest.fixture
def own_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    """Compiles with an operator's list and one noun in twenty, and goes back to ours."""
    before = dictionary.in_use()
    head, *nouns = lexicon_making._nouns_file().read_text("utf-8").splitlines(keepends=True)
    few = tmp_path / "nouns.csv"
    few.write_text("".join([head, *nouns[::20], *(line for line in nouns if _needed(line))]), "utf-8")
    monkeypatch.setattr(lexicon_making, "_nouns_file", lambda: few)

    def use(text: str) -> None:
        path = tmp_path / "words.txt"
        path.write_text(text, "utf-8")
        dictionary.use(path, tmp_path / "lexicon")

    yield use
    dictionary.use(*before)


def _needed(line: str) -> bool:
    return line.partition(",")[0] in {
        "Zauber",
        "Mühle",
        "Kataster",
        "Mangel",
        "Melder",
        "Staub",
        "Ecke",
        "Ring",
    }


def test_an_operators_list_goes_before_ours_and_changes_the_fingerprint(own_words: object) -> None:
    assert callable(own_words)
    ours = dictionary.fingerprint()
    assert (split("Zaubermühlenkataster"), split("Mängelmelder")) == (
        ("zauber", "mühle", "kataster"),
        ("mangel", "melder"),
    )
    own_words("! Mängelmelder\nZaubermühle\n! Zaubermühle\nStaubecken = Staub + Ecken\nnicht zu lesen\n")
    assert (split("Zaubermühlenkataster"), split("Mängelmelder"), split("Staubecken")) == (
        ("zaubermühle", "kataster"),
        (),
        ("staub", "ecken"),
    )
    assert dictionary.fingerprint() != ours
    own_words("")
    assert split("Mängelmelder") == ("mangel", "melder")


def test_a_list_that_takes_a_word_apart_into_itself_comes_to_an_end(own_words: object) -> None:
    assert callable(own_words)
    own_words("Ringelpiez = Ringelpiez + Ring\n")
    assert "ring" in split("Ringelpiez")


def test_a_damaged_file_is_made_anew_and_a_missing_list_does_no_harm(tmp_path: Path) -> None:
    before = dictionary.in_use()
    kept = next(iter(_file(before[1]).parent.glob(_file(before[1]).name)))
    content = kept.read_bytes()
    with pytest.raises(ValueError):
        Lexicon(content[:-1])
    with pytest.raises((ValueError, KeyError)):
        Lexicon(b"{}\nnonsense")
    try:
        dictionary.use(tmp_path / "missing.txt", before[1])
        assert split("Baugenehmigung") == ("bau", "genehmigung")
    finally:
        dictionary.use(*before)


def _file(directory: Path | None) -> Path:
    dictionary.lexicon()
    return dictionary.kept_in() / f"lexicon-{PACKED}-{dictionary.fingerprint()}"


def test_the_lexicon_loads_quickly_and_is_small() -> None:
    content = _file(None).read_bytes()
    began = time.thread_time()
    lexicon = Lexicon(content)
    assert time.thread_time() - began < 0.3
    assert len(content) < 8_000_000
    assert sys.getsizeof(lexicon.whole) < 2_000_000
