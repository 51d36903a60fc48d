"""Known phrases, found in what somebody typed."""

from hypothesis import given
from hypothesis import strategies as st

from allmende.search.phrases import Phrases, kept_for_the_last, words_of

PHRASES = Phrases.of(
    [
        ("Internet der Dinge", "iot"),
        ("Internet", "net"),
        ("Dinge", "thing"),
        ("Ding", "thing"),
        ("Kita", "a"),
        ("Kitas", "b"),
        ("der die das", "nothing"),
    ]
)


def found(text):
    return [(one.typed, one.meant) for one in PHRASES.found_in(text)]


def test_the_longest_phrase_counts_and_none_overlaps_another():
    assert found("das Internet der Dinge im Internet") == [
        ("Internet der Dinge", ("iot",)),
        ("Internet", ("net",)),
    ]


def test_a_word_is_found_in_another_form_and_may_mean_several_things():
    assert found("viele Kitas und KITA") == [("Kitas", ("a", "b")), ("KITA", ("a", "b"))]


def test_what_stands_for_the_same_twice_stands_for_it_once():
    assert found("Ding") == [("Ding", ("thing",))]


def test_a_phrase_of_small_words_alone_stands_for_nothing():
    assert found("der die das") == []
    assert Phrases.of([]).longest == 0
    assert list(Phrases.of([]).found_in("Kita")) == []


@given(st.text(max_size=300))
def test_of_any_text_each_piece_is_where_it_says_in_order(text):
    pieces = list(PHRASES.found_in(text))
    assert [text[one.start : one.end] for one in pieces] == [one.typed for one in pieces]
    places = [place for one in pieces for place in (one.start, one.end)]
    assert places == sorted(places)
    assert all(words_of(one.typed) in PHRASES.by_words for one in pieces)


def test_what_follows_from_a_thing_is_kept_until_another_is_asked_for():
    made = []

    @kept_for_the_last
    def make(thing):
        made.append(thing)
        return len(made)

    one, two = [1], [1]
    assert [make(one), make(one), make(two), make(two), make(one)] == [1, 1, 2, 2, 3]
