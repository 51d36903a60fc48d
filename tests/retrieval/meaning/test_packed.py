import contextlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.retrieval.meaning.packed import Blocks, NotAModel, read
from tests.retrieval.meaning.packing import (
    HEADS,
    HIDDEN,
    LAYERS,
    POSITIONS,
    REPLACEMENTS,
    SCORES,
    TOKENS,
    _blocks,
    as_blocks,
    made,
)


@pytest.fixture(scope="module")
def whole() -> bytes:
    return made().packed()


def test_a_packed_model_is_read_as_it_was_written(tmp_path: Path) -> None:
    written = made()
    packed = read(written.write(tmp_path / "model"))
    assert (packed.hidden, packed.layers, packed.heads, packed.positions) == (
        HIDDEN,
        LAYERS,
        HEADS,
        POSITIONS,
    )
    assert (packed.begin, packed.end, packed.unknown) == (0, 2, 3)
    assert packed.tokens == TOKENS
    assert packed.scores.tolist() == np.array(SCORES, np.float32).tolist()
    assert packed.replacements == REPLACEMENTS
    assert packed.floats.keys() | packed.matrices.keys() == written.floats.keys()
    for name, values in packed.floats.items():
        assert np.array_equal(values, written.floats[name])
    for name, matrix in packed.matrices.items():
        assert np.allclose(matrix.unpacked(), written.floats[name], atol=1e-3), name


def test_another_content_has_another_fingerprint(tmp_path: Path) -> None:
    one = read(made(1).write(tmp_path / "one"))
    again = read(made(1).write(tmp_path / "again"))
    other = read(made(2).write(tmp_path / "other"))
    assert one.fingerprint == again.fingerprint
    assert one.fingerprint != other.fingerprint


def test_single_rows_are_unpacked_without_the_others(tmp_path: Path) -> None:
    packed = read(made().write(tmp_path / "model"))
    words = packed.matrices["emb.word"]
    assert np.array_equal(words.unpacked([5, 0, 5]), words.unpacked()[[5, 0, 5]])


def test_the_lower_halves_of_bytes_come_before_the_upper_ones() -> None:
    scale = np.array([0.5], np.float16).view(np.uint8)
    block = np.concatenate([scale, np.array([0xF0] + [0x88] * 15, np.uint8)])
    weights = Blocks(block[None], 32).unpacked()[0]
    assert weights.tolist() == [-4.0] + [0.0] * 15 + [3.5] + [0.0] * 15


def test_matrices_can_be_put_below_each_other(tmp_path: Path) -> None:
    packed = read(made().write(tmp_path / "model"))
    upper, lower = packed.matrices["l0.q.w"], packed.matrices["l0.k.w"]
    together = upper.above(lower)
    assert together.rows == 2 * HIDDEN
    assert np.array_equal(together.unpacked(), np.concatenate([upper.unpacked(), lower.unpacked()]))


@given(st.integers(0, 2**32 - 1))
def test_what_blocks_can_hold_they_hold_exactly(seed: int) -> None:
    weights = as_blocks(np.random.default_rng(seed).normal(0, 1, (4, 64)).astype(np.float32))
    nibbles, scales = _blocks(weights)
    assert np.allclose(
        (nibbles - 8) * scales[..., None].astype(np.float32), weights.reshape(4, 2, 32), atol=2e-3
    )


@given(data=st.data())
def test_a_file_cut_short_anywhere_is_no_model(
    whole: bytes, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("cut") / "model"
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
    with pytest.raises(NotAModel):
        read(path)


@given(place=st.integers(0, 600), value=st.integers(0, 255))
def test_a_damaged_head_is_read_or_refused_and_breaks_nothing(
    whole: bytes, place: int, value: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("damaged") / "model"
    path.write_bytes(whole[:place] + bytes([value]) + whole[place + 1 :])
    with contextlib.suppress(NotAModel):
        assert read(path).tokens


def test_a_model_that_has_more_tokens_than_words_is_none(tmp_path: Path) -> None:
    written = made()
    written.floats["emb.word"] = written.floats["emb.word"][:-1]
    with pytest.raises(NotAModel, match=r"no packed model: 18 tokens, 17 of 18 words$"):
        read(written.write(tmp_path / "model"))


def test_a_model_without_tokens_is_none(tmp_path: Path) -> None:
    written = made()
    written.tokens, written.scores = (), ()
    with pytest.raises(NotAModel, match=r"no packed model: 0 tokens$"):
        read(written.write(tmp_path / "model"))


def test_another_kind_of_file_is_no_model(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("<!doctype html>" * 100)
    with pytest.raises(NotAModel, match=r"^page\.html is no packed model: it does not begin as one$"):
        read(path)


def test_a_missing_file_is_told_as_the_system_tells_it(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "nothing")
