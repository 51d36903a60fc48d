import json
import re
import threading
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allmende.retrieval.meaning import remote
from allmende.retrieval.meaning.protocol import MeaningUnavailable
from allmende.retrieval.meaning.remote import NO_PREFIXES, Prefixes, RemoteEmbedder, _vectors
from tests.retrieval.meaning.answering import DIMENSIONS, Answering, answering, in_base64, right, vector_of


@pytest.fixture
def server() -> Iterator[Answering]:
    with answering() as state:
        yield state


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Moves the time of pauses on."""
    passed = 0.0
    real = remote.time.monotonic

    def move(seconds: float) -> None:
        nonlocal passed
        passed += seconds

    monkeypatch.setattr(remote.time, "monotonic", lambda: real() + passed)
    return move


def embedder(server: Answering, **how: Any) -> RemoteEmbedder:
    return RemoteEmbedder(server.address, **({"model": "m", "query_seconds": 5.0} | how))


def directed(text: str) -> np.ndarray:
    vector = vector_of(text)
    return vector / np.linalg.norm(vector)


def test_a_query_gets_its_vector_at_length_one(server: Answering) -> None:
    assert np.allclose(embedder(server).query("Kita"), directed("Kita"), atol=1e-6)
    assert server.asked == [{"input": ["Kita"], "model": "m", "encoding_format": "float"}]
    assert server.paths == ["/v1/embeddings"]
    assert server.keys == [None]


def test_passages_get_theirs_in_order_and_in_batches(server: Answering) -> None:
    texts = [f"Text {number}" for number in range(70)]
    rows = embedder(server).passages(texts)
    assert np.allclose(rows, [directed(text) for text in texts], atol=1e-6)
    assert rows.dtype == np.float32
    assert [len(asked["input"]) for asked in server.asked] == [32, 32, 6]


def test_no_passages_are_not_asked_about_beyond_their_dimensions(server: Answering) -> None:
    assert embedder(server).passages([]).shape == (0, DIMENSIONS)
    assert len(server.asked) == 1


def test_the_order_is_that_of_the_numbers_in_the_answer(server: Answering) -> None:
    def backwards(asked: dict[str, Any]) -> bytes:
        answer = json.loads(right(asked))
        return json.dumps({"data": answer["data"][::-1]}).encode()

    server.body = backwards
    assert np.allclose(embedder(server).passages(["a", "b"]), [directed("a"), directed("b")], atol=1e-6)


def test_an_answer_without_numbers_is_in_order(server: Answering) -> None:
    server.body = lambda asked: json.dumps(
        {"data": [{"embedding": vector_of(text).tolist()} for text in asked["input"]]}
    ).encode()
    assert np.allclose(embedder(server).passages(["a", "b"]), [directed("a"), directed("b")], atol=1e-6)


def test_base64_is_understood_too(server: Answering) -> None:
    server.body = in_base64
    assert np.allclose(embedder(server).query("Kita"), directed("Kita"), atol=1e-6)


def test_the_key_is_sent_and_never_told(server: Answering) -> None:
    server.status = 401
    with pytest.raises(MeaningUnavailable, match=r"^the address answers with status 401$") as refused:
        embedder(server, key="secret-key").query("Kita")
    assert server.keys == ["Bearer secret-key"]
    assert "secret-key" not in repr(refused.value)
    assert "secret-key" not in embedder(server, key="secret-key").name


def test_models_of_the_e5_family_get_their_prefixes_and_others_none(server: Answering) -> None:
    embedder(server, model="intfloat/multilingual-E5-large").query("Kita")
    embedder(server, model="intfloat/multilingual-E5-large").passages(["Kita"])
    embedder(server, model="bge-m3").query("Kita")
    embedder(server, model="bge-m3", prefixes=Prefixes("q: ", "p: ")).passages(["Kita"])
    embedder(server, model="e5", prefixes=NO_PREFIXES).query("Kita")
    sent = [asked["input"][0] for asked in server.asked]
    assert sent == ["query: Kita", "passage: Kita", "Kita", "p: Kita", "Kita"]


def test_the_name_changes_with_address_model_and_prefixes_and_with_nothing_else() -> None:
    def name(address: str = "http://a/v1", **how: Any) -> str:
        return RemoteEmbedder(address, **how).name

    others = {
        name(model="m"),
        name("http://b/v1", model="m"),
        name(model="n"),
        name(model="m", prefixes=Prefixes()),
    }
    assert len(others) == 4
    assert name(model="m", key="a", query_seconds=3) == name("http://a/v1/", model="m", key="b")


def test_dimensions_are_asked_for_once(server: Answering) -> None:
    one = embedder(server)
    assert [one.dimensions, one.dimensions] == [DIMENSIONS, DIMENSIONS]
    assert len(server.asked) == 1


def test_a_model_that_changes_its_dimensions_is_another_one(server: Answering) -> None:
    one = embedder(server)
    one.query("Kita")
    server.body = lambda asked: b'{"data": [{"embedding": [1, 2, 3]}]}'
    with pytest.raises(MeaningUnavailable, match=r"^3 dimensions and not 8 as before$"):
        one.query("Kita")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<!doctype html><h1>Anmeldung</h1>", "the answer is not what an embeddings address answers"),
        (b"", "the answer is not what an embeddings address answers"),
        (b"null", "the answer is not what an embeddings address answers"),
        (b'{"error": "no such model"}', "the answer is not what an embeddings address answers"),
        (b'{"data": {"embedding": [1, 2]}}', "the answer is not what an embeddings address answers"),
        (b'{"data": [{"embedding": "!!"}]}', "the answer is not what an embeddings address answers"),
        (b'{"data": [{"embedding": "AAA="}]}', "the answer is not what an embeddings address answers"),
        (b'{"data": [{"embedding": ["1", "2"]}]}', "the answer is not what an embeddings address answers"),
        (b'{"data": [{"embedding": [true, 2]}]}', "the answer is not what an embeddings address answers"),
        (
            b'{"data": [{"embedding": [1%s]}]}' % (b"0" * 400),
            "the answer is not what an embeddings address answers",
        ),
        (b"[" * 100_000, "the answer is not what an embeddings address answers"),
        (b'{"data": []}', "0 vectors for 1 texts, or not in their order"),
        (
            b'{"data": [{"embedding": [1, 2]}, {"embedding": [1, 2]}]}',
            "2 vectors for 1 texts, or not in their order",
        ),
        (b'{"data": [{"embedding": [1, 2], "index": 7}]}', "1 vectors for 1 texts, or not in their order"),
        (b'{"data": [{"embedding": []}]}', "vectors of [0] dimensions"),
        (b'{"data": [{"embedding": [1]}]}', "vectors of [1] dimensions"),
        (b'{"data": [{"embedding": [0, 0]}]}', "a vector that has no direction"),
        (b'{"data": [{"embedding": [NaN, 1]}]}', "a vector that has no direction"),
        (b'{"data": [{"embedding": [1e999, 1]}]}', "a vector that has no direction"),
        (b'{"data": [{"embedding": [1e308, 1e308]}]}', "a vector that has no direction"),
    ],
)
def test_what_is_no_answer_is_told_in_a_sentence(body: bytes, why: str, server: Answering) -> None:
    server.body = lambda asked: body
    with pytest.raises(MeaningUnavailable, match=f"^{re.escape(why)}$"):
        embedder(server).query("Kita")


def test_vectors_of_different_dimensions_in_one_answer_are_refused(server: Answering) -> None:
    server.body = lambda asked: b'{"data": [{"embedding": [1, 2]}, {"embedding": [1, 2, 3]}]}'
    with pytest.raises(MeaningUnavailable, match=r"^vectors of \[2, 3\] dimensions$"):
        embedder(server).passages(["a", "b"])


def test_an_answer_without_end_is_not_read_to_its_end(server: Answering) -> None:
    server.body = lambda asked: b" " * 2_000_000
    with pytest.raises(MeaningUnavailable, match=r"^the answer is longer than 327,680 bytes$"):
        embedder(server).query("Kita")


def test_a_packed_answer_is_not_unpacked(server: Answering) -> None:
    server.headers = {"Content-Encoding": "gzip"}
    server.body = lambda asked: b"\x1f\x8b" + bytes(100)
    with pytest.raises(MeaningUnavailable, match=r"^the answer is not what an embeddings address answers$"):
        embedder(server).query("Kita")


def test_a_redirect_is_not_followed(server: Answering) -> None:
    server.status, server.headers = 307, {"Location": "http://127.0.0.1:1/elsewhere"}
    with pytest.raises(MeaningUnavailable, match=r"^the address answers with status 307$"):
        embedder(server).query("Kita")
    assert len(server.asked) == 1


def test_a_query_does_not_wait_for_a_slow_answer(server: Answering) -> None:
    server.waits = threading.Event()
    with pytest.raises(MeaningUnavailable, match=r"^the address does not answer: ReadTimeout$"):
        embedder(server, query_seconds=0.1).query("Kita")
    server.waits.set()


def test_a_query_does_not_wait_for_an_answer_that_comes_byte_by_byte(server: Answering) -> None:
    server.drips = True
    with pytest.raises(MeaningUnavailable, match=r"^the answer did not come in time$"):
        embedder(server, query_seconds=1.0).query("Kita")


def test_a_closed_port_is_told_in_a_sentence() -> None:
    with answering() as gone:
        pass
    with pytest.raises(MeaningUnavailable, match=r"^the address does not answer: ConnectError$"):
        embedder(gone).query("Kita")


def test_after_a_failure_nobody_asks_for_a_while_each_time_longer(
    server: Answering, clock: Callable[[float], None]
) -> None:
    server.status = 500
    one = embedder(server)

    def fails(why: str) -> None:
        with pytest.raises(MeaningUnavailable, match=why):
            one.query("Kita")

    fails(r"^the address answers with status 500$")
    fails(r"^not asked for another 2 s: the address answers with status 500$")
    clock(2.1)
    fails(r"^the address answers with status 500$")
    fails(r"^not asked for another 4 s: ")
    assert len(server.asked) == 2
    clock(4.1)
    server.status = 200
    assert one.query("Kita").shape == (DIMENSIONS,)
    server.status = 500
    fails(r"^the address answers with status 500$")
    fails(r"^not asked for another 2 s: ")


def test_no_pause_is_longer_than_two_minutes(server: Answering, clock: Callable[[float], None]) -> None:
    server.status = 500
    one = embedder(server)
    for _ in range(12):
        with pytest.raises(MeaningUnavailable, match=r"^the address answers with status 500$"):
            one.query("Kita")
        clock(120.1)
    assert len(server.asked) == 12


def test_queries_that_come_too_late_do_not_hold_up_passages(server: Answering) -> None:
    one = embedder(server)
    server.status = 500
    with pytest.raises(MeaningUnavailable):
        one.query("Kita")
    server.status = 200
    assert one.passages(["Kita"]).shape == (1, DIMENSIONS)


def test_any_text_can_be_sent_and_long_ones_are_cut(server: Answering) -> None:
    one = embedder(server)
    one.query("\ud800Kita\0")
    one.query("x" * 10_000)
    one.passages(["y" * 100_000])
    sent = [asked["input"][0] for asked in server.asked]
    assert [sent[0], len(sent[1]), len(sent[2])] == ["?Kita\0", 2_000, 8_000]


@pytest.mark.parametrize(
    "address",
    [
        *("", "builtins", "ftp://host/v1", "http://", "https:///v1", "//host/v1", "file:///etc/passwd"),
        *("http://user:word@host/v1", "http://[::1", "http://host:port/v1"),
    ],
)
def test_what_is_no_address_is_refused_at_once(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        RemoteEmbedder(address)


values = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5))
anything = st.recursive(
    values,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)
entries = st.fixed_dictionaries({"embedding": anything}, optional={"index": anything})


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.one_of(anything, st.fixed_dictionaries({"data": st.one_of(anything, st.lists(entries, max_size=3))}))
)
def test_whatever_is_answered_there_are_vectors_or_a_sentence(answer: object) -> None:
    try:
        vectors = _vectors(json.dumps(answer).encode(), 2)
    except MeaningUnavailable:
        return
    assert vectors.shape[0] == 2
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


@given(st.binary(max_size=200))
def test_whatever_bytes_are_answered_there_are_vectors_or_a_sentence(body: bytes) -> None:
    with pytest.raises(MeaningUnavailable):
        _vectors(body, 1)


@pytest.mark.parametrize(
    "address",
    [
        "http://someone:sesame@models.example/v1",
        "https://sesame@models.example/v1",
        "http://someone:sesame@[models/v1",
        "http://models.example:sesame/v1",
        "sesame",
        "ftp://sesame.example",
        "http://models\x00sesame/v1",
    ],
)
def test_an_address_that_is_refused_is_not_repeated(address: str) -> None:
    with pytest.raises(ValueError, match="address") as refused:
        RemoteEmbedder(address)
    said = "".join(traceback.format_exception(refused.value))
    assert "sesame" not in said
