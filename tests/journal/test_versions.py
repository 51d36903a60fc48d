import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.journal import actions
from allmende.journal.actions import bump, fold
from allmende.journal.models import Bump
from allmende.journal.queries import version, versions

pytestmark = pytest.mark.django_db


@pytest.fixture
def folding_early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "FOLD_ABOVE", 3)


def test_a_version_grows_with_each_change_of_its_topic_only() -> None:
    seen = [versions(["a", "b"])]
    for topic in ("a", "b", "a"):
        bump(topic)
        seen.append(versions(["a", "b"]))
    assert seen[0] == (0, 0)
    for (topic, before), after in zip(
        [("a", seen[0]), ("b", seen[1]), ("a", seen[2])], seen[1:], strict=True
    ):
        moved = (after[0] > before[0], after[1] > before[1])
        assert moved == (topic == "a", topic == "b")


def test_versions_come_in_the_order_asked_for_with_one_query(django_assert_num_queries) -> None:
    bump("a")
    with django_assert_num_queries(1):
        found = versions(["none", "a", "none"])
    assert found == (0, version("a"), 0)


def test_a_version_seen_in_a_transaction_that_is_rolled_back_does_not_come_again() -> None:
    def change_and_fail() -> None:
        bump("a")
        seen.append(version("a"))
        raise KeyError

    seen: list[int] = []
    for _ in range(3):
        with pytest.raises(KeyError), transaction.atomic():
            change_and_fail()
    bump("a")
    assert len({*seen, version("a")}) == 4


@pytest.mark.usefixtures("folding_early")
def test_folding_changes_no_version() -> None:
    for topic in "aaaaabbb":
        bump(topic)
    before = versions(["a", "b"])
    assert [fold(), fold()] == [1, 0]
    assert versions(["a", "b"]) == before
    assert [Bump.objects.filter(topic=topic).count() for topic in "ab"] == [1, 3]


@pytest.mark.usefixtures("folding_early")
def test_folding_takes_only_so_much_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "FOLD_AT_ONCE", 4)
    for _ in range(8):
        bump("a")
    before = version("a")
    fold()
    assert (version("a"), Bump.objects.count()) == (before, 5)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(["a", "b", "fold"]), max_size=20))
def test_whatever_happens_a_version_never_goes_back(steps: list[str]) -> None:
    with transaction.atomic():
        for step in steps:
            before = versions(["a", "b"])
            fold() if step == "fold" else bump(step)
            after = versions(["a", "b"])
            assert (after > before) if step != "fold" else (after == before)
        transaction.set_rollback(True)


def test_an_index_holds_all_that_reading_versions_needs() -> None:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, Bump._meta.db_table)
    assert found["bump_sums"]["columns"] == ["topic", "amount"]
