import sys

import pytest

from allmende.retrieval.meaning import builtin, factory
from allmende.retrieval.meaning.builtin import BuiltinEmbedder
from allmende.retrieval.meaning.factory import embedder
from allmende.retrieval.meaning.protocol import MeaningUnavailable
from allmende.retrieval.meaning.remote import RemoteEmbedder
from tests.retrieval.meaning.answering import DIMENSIONS, answering


def test_builtin_is_the_model_in_the_package(model: BuiltinEmbedder) -> None:
    made = embedder("builtin")
    assert isinstance(made, BuiltinEmbedder)
    assert (made.name, made.dimensions) == (model.name, 384)


def test_none_is_nobody() -> None:
    assert embedder("none") is None


def test_anything_else_is_an_address() -> None:
    with answering() as server:
        made = embedder(server.address, model="m", key="k")
        assert isinstance(made, RemoteEmbedder)
        assert server.asked == []
        assert made.query("Kita").shape == (DIMENSIONS,)
        assert (server.asked[0]["model"], server.keys) == ("m", ["Bearer k"])


def test_what_is_neither_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^no address that begins with http"):
        embedder("bultin")


def test_without_the_package_there_is_a_sentence_and_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builtin, "PACKAGE", "a_package_that_nobody_has")
    with pytest.raises(MeaningUnavailable, match=r"is not installed$"):
        embedder("builtin")


def test_without_onnxruntime_there_is_a_sentence_and_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    monkeypatch.delitem(sys.modules, "allmende.retrieval.meaning.builtin")
    with pytest.raises(MeaningUnavailable, match=r"^a package is missing: import of onnxruntime"):
        factory.embedder("builtin")
