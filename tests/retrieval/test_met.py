from hypothesis import given
from hypothesis import strategies as st

from allmende.retrieval.met import Met


@given(st.lists(st.text(max_size=20)))
def test_what_was_met_is_known_and_the_first_is_new(ids: list[str]) -> None:
    met = Met()
    said = [met.add(identity) for identity in ids]
    again = [identity in ids[:place] for place, identity in enumerate(ids)]
    assert [known for known, was_there in zip(said, again, strict=True) if was_there] == [True] * sum(again)
    assert not any(said[:1])


def test_few_new_ids_are_taken_for_known() -> None:
    met = Met()
    assert sum(met.add(f"id{number}") for number in range(20_000)) < 20
