"""What the commands say of vectors."""

import io

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from allmende.jobs.actions import run_all
from allmende.retrieval.directory import Home
from allmende.retrieval.meaning.protocol import Placed
from allmende.search import meaning, verifying
from allmende.search.actions import place_again, rebuild, refresh
from allmende.search.embeddings import Pieces, unpacked
from allmende.search.kinds_of_entries import everything
from allmende.search.models import Embedding, Unplaced
from allmende.search.verifying import Verdict, verify
from tests.search.thesaurus import away, direction


def test_verify_names_entries_without_and_with_too_many_vectors(two, publish, thesaurus):
    store = meaning.here().vectors
    store.remove([two[0].public_id])
    vector = direction("tier")[None, :]
    store.put([Placed("vergangen0", vector), Placed(two[1].public_id, np.repeat(vector, 3, axis=0))])

    assert verify().differences == [
        f"„Melder“ ({two[0].public_id}) hat keine Vektoren.",
        f"„Kataster“ ({two[1].public_id}) hat veraltete Vektoren.",
        "vergangen0 hat Vektoren, steht aber nicht mehr im Katalog.",
    ]
    place_again()
    assert verify() == Verdict([])


def test_the_commands_say_how_the_vectors_stand(two, publish, thesaurus):
    thesaurus.fault = away()
    publish("Dritte", summary="Kanne Tee")
    run_all()
    said = io.StringIO()
    for step in ("status", "verify", "rebuild"):
        call_command("index", step, stdout=said)

    late = "1 Eintrag wartet auf seine Vektoren. Der Arbeiter rechnet; nach Wörtern wird er schon gefunden."
    state = ["2 Vektoren in der Datenbank.", "2 Einträge mit 2 Vektoren sind eingeordnet.", late]
    lines = said.getvalue().splitlines()
    assert [lines[0].split(",")[0], lines[1].split(":")[0]] == ["3 Einträge", "Stand des Index"]
    assert lines[2:6] == ["Modell der Bedeutung: thesaurus-1.", *state]
    assert lines[6:8] == [late, "Datenbank und Suchindex stimmen überein."]
    assert lines[8:] == ["3 Einträge stehen im Suchindex.", "Modell der Bedeutung: thesaurus-1.", *state]


def test_verify_ends_with_an_error_where_vectors_are_missing(two, thesaurus):
    meaning.here().vectors.remove([two[0].public_id])

    with pytest.raises(CommandError, match="1 Abweichungen"):
        call_command("index", "verify", stdout=io.StringIO())


def rows_of(solution):
    store = meaning.here().vectors
    return store._shelf().rows[slice(*_place(store, solution))].tolist()


def _place(store, solution):
    start, count = store._shelf().places[solution.public_id]
    return start, start + count


def test_verify_tells_vectors_that_were_swapped(two, thesaurus):
    store = meaning.here().vectors
    first, second = (rows_of(one) for one in two)
    vectors = {
        content: unpacked(vector) for content, vector in Embedding.objects.values_list("content", "vector")
    }
    of_each = [pieces.placed(vectors).vectors for pieces in map(Pieces.of, everything())]
    named = [pieces.id for pieces in map(Pieces.of, everything())]
    store.put([Placed(named[0], of_each[1]), Placed(named[1], of_each[0])])

    assert [rows_of(one) for one in two] == [second, first]
    assert sorted(verify().differences) == sorted(
        [
            f"„Melder“ ({two[0].public_id}) hat veraltete Vektoren.",
            f"„Kataster“ ({two[1].public_id}) hat veraltete Vektoren.",
        ]
    )
    place_again()
    assert [rows_of(one) for one in two] == [first, second]
    assert verify() == Verdict([])


def test_verify_tells_a_vector_of_an_older_text_with_as_many_pieces(two, publish, thesaurus):
    before = {one.public_id: rows_of(one) for one in two}
    publish("Melder", summary="Hund entlaufen")
    rebuild()
    Unplaced.objects.all().delete()

    assert {one.public_id: rows_of(one) for one in two} == before
    assert verify().differences == [f"„Melder“ ({two[0].public_id}) hat veraltete Vektoren."]


def test_verify_tells_one_wrong_byte(two, thesaurus, settings):
    file = Home(settings.SEARCH_VECTORS_DIR).current() / "rows.i8"
    content = bytearray(file.read_bytes())
    start, _ = _place(meaning.here().vectors, two[1])
    content[start * len(rows_of(two[1])[0]) + 5] ^= 1
    with file.open("r+b") as opened:
        opened.write(content)

    assert verify().differences == [f"„Kataster“ ({two[1].public_id}) hat veraltete Vektoren."]


@pytest.mark.parametrize("at_once", [1, 2, 3])
def test_verify_says_the_same_however_much_it_reads_at_once(two, publish, thesaurus, monkeypatch, at_once):
    publish("Dritte", summary="Kanne Tee")
    run_all()
    monkeypatch.setattr(verifying, "READ_AT_ONCE", at_once)
    assert verify() == Verdict([])
    meaning.here().vectors.remove([two[0].public_id])
    assert verify().differences == [f"„Melder“ ({two[0].public_id}) hat keine Vektoren."]


def test_what_waits_is_not_compared(two, publish, thesaurus):
    publish("Melder", summary="Hund entlaufen")
    rebuild()
    refresh("solution", [two[0].public_id])

    assert verify() == Verdict([], waiting=1)


def test_verify_reads_vectors_in_batches_of_one_query(two, publish, thesaurus, django_assert_max_num_queries):
    meaning.here()
    with django_assert_max_num_queries(40) as few:
        verify()
    for number in range(10):
        publish(f"Weitere {number}", summary=f"Kanne {number}")
    run_all()
    with django_assert_max_num_queries(len(few)):
        verify()
