import numpy as np
import onnxruntime
import pytest

from allmende.retrieval.meaning.network import EMBEDDED, MEAN, in_eight_bits, network
from allmende.retrieval.meaning.onnx_graph import Graph
from allmende.retrieval.meaning.packed import Packed, read
from tests.retrieval.meaning.packing import HIDDEN, made
from tests.retrieval.meaning.plain_network import mean_of


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Packed:
    return read(made().write(tmp_path_factory.mktemp("model") / "model"))


def session(model: bytes) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])


@pytest.mark.parametrize("tokens", [1, 2, 7, 24])
def test_the_network_says_what_the_plain_one_says(packed: Packed, tokens: int) -> None:
    embedded = np.random.default_rng(tokens).normal(0, 1, (tokens, HIDDEN)).astype(np.float32)
    (mean,) = session(network(packed)).run([MEAN], {EMBEDDED: embedded[None]})
    expected = mean_of(packed, embedded)
    cosine = mean[0] @ expected / np.linalg.norm(mean[0]) / np.linalg.norm(expected)
    assert cosine > 0.995


def test_the_same_model_gives_the_same_bytes(packed: Packed) -> None:
    assert network(packed) == network(packed)


def test_eight_bits_keep_each_row_within_half_a_step() -> None:
    weights = np.random.default_rng(3).normal(0, 1, (50, 32)).astype(np.float32)
    weights[7] = 0
    values, scales = in_eight_bits(weights, 64)
    assert values.min() >= -64
    assert values.max() <= 64
    assert (np.abs(values * scales[:, None] - weights) <= scales[:, None] / 2 + 1e-6).all()


def test_a_graph_says_numbers_axes_and_fractions_so_that_onnxruntime_understands_them() -> None:
    graph = Graph()
    two = graph.constant("two", np.array([2.0, 300.0], np.float32))
    doubled = graph.node("Mul", ["given", two], ["doubled"])
    normed = graph.node("Softmax", [doubled], ["normed"], axis=-1)
    graph.node("LeakyRelu", [normed], ["result"], alpha=0.25)
    model = graph.model({"given": ("rows", 2)}, {"result": ("rows", 2)})
    (result,) = session(model).run(["result"], {"given": np.array([[150.0, 1.0], [0.0, 0.0]], np.float32)})
    assert np.allclose(result, [[0.5, 0.5], [0.5, 0.5]])
