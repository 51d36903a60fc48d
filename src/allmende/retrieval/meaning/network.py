"""The network of multilingual-e5-small (BERT: 12 layers, 384 values a token) as onnxruntime works it out quickest.

The matrices become 8-bit whole numbers. What goes into three of the four of a layer is rounded to 8 bits as a whole
(`DynamicQuantizeMatMul`). What goes into the fourth, behind the gelu, is a few large values among many small ones:
rounded as a whole it costs most of the accuracy, so that one is worked out by blocks (`MatMulNBits`), which takes a
little longer. Figures in docs/decisions/0063.

onnxruntime's optimiser is to leave the rest as it is written: it would join what is quicker apart.
"""

import numpy as np

from allmende.retrieval.meaning.onnx_graph import MICROSOFT, Graph
from allmende.retrieval.meaning.packed import Blocks, Floats, Packed

EMBEDDED, MEAN = "embedded", "mean"
"""What goes in: a row for each token of one text, shape (1, tokens, hidden). What comes out: shape (1, hidden)."""

_STEPS = 64
"""Seven bits of the eight: processors without VNNI add up pairs of products in 16 bits and would overflow."""

_BLOCK, _MORE_STEPS = 256, 127
_AS_WHOLE_NUMBERS = 4
"""How exactly `MatMulNBits` calculates: its input in 8 bits, too."""


def network(packed: Packed) -> bytes:
    """The file for onnxruntime, 22 MB. Raises `KeyError` where the model lacks a tensor."""
    graph = Graph()
    state = graph.node(
        "LayerNormalization",
        [
            EMBEDDED,
            graph.constant("emb.ln.w", packed.floats["emb.ln.w"]),
            graph.constant("emb.ln.b", packed.floats["emb.ln.b"]),
        ],
        ["emb"],
        axis=-1,
        epsilon=packed.epsilon,
    )
    for number in range(packed.layers):
        state = _Layer(graph, packed, f"l{number}").after(state)
    graph.node("ReduceMean", [state, graph.constant("tokens", np.array([1]))], [MEAN], keepdims=0)
    return graph.model({EMBEDDED: (1, "tokens", packed.hidden)}, {MEAN: (1, packed.hidden)})


class _Layer:
    """One layer; its tensors and results carry its name."""

    def __init__(self, graph: Graph, packed: Packed, name: str) -> None:
        self._graph, self._packed, self._name = graph, packed, name

    def after(self, state: str) -> str:
        state = self._sum(state, self._attention(state), norm="aln")
        return self._sum(state, self._feed_forward(state), norm="oln")

    def _attention(self, state: str) -> str:
        """Queries, keys and values in one step, as they have the same input."""
        first, *others = (self._matrix(letter) for letter in "qkv")
        biases = np.concatenate([self._floats(f"{letter}.b") for letter in "qkv"])
        together = self._whole(state, "qkv", first.above(*others), biases)
        three = [f"{self._name}.{letter}" for letter in "qkv"]
        self._graph.node("Split", [together], three, axis=-1, num_outputs=3)
        attended = self._graph.node(
            "MultiHeadAttention",
            three,
            [f"{self._name}.attended"],
            domain=MICROSOFT,
            num_heads=self._packed.heads,
        )
        return self._whole(attended, "ao", self._matrix("ao"), self._floats("ao.b"))

    def _feed_forward(self, state: str) -> str:
        wide = self._whole(state, "fi", self._matrix("fi"), self._floats("fi.b"))
        bent = self._graph.node("Gelu", [wide], [f"{self._name}.bent"], domain=MICROSOFT)
        return self._blockwise(bent, "fo", self._matrix("fo"), self._floats("fo.b"))

    def _sum(self, state: str, change: str, *, norm: str) -> str:
        """In two steps: the operator that does both at once (`SkipLayerNormalization`) takes eight times as long."""
        total = self._graph.node("Add", [state, change], [f"{self._name}.{norm}.in"])
        weights = [self._constant(f"{norm}.{part}", self._floats(f"{norm}.{part}")) for part in "wb"]
        return self._graph.node(
            "LayerNormalization",
            [total, *weights],
            [f"{self._name}.{norm}.out"],
            axis=-1,
            epsilon=self._packed.epsilon,
        )

    def _whole(self, source: str, name: str, matrix: Blocks, bias: Floats) -> str:
        """Times a matrix in 8 bits, its input rounded as a whole."""
        values, scales = in_eight_bits(matrix.unpacked(), _STEPS)
        return self._graph.node(
            "DynamicQuantizeMatMul",
            [
                source,
                self._constant(f"{name}.values", np.ascontiguousarray(values.T)),
                self._constant(f"{name}.scales", scales),
                self._constant(f"{name}.zeros", np.zeros_like(scales, np.int8)),
                self._constant(f"{name}.bias", bias),
            ],
            [f"{self._name}.{name}"],
            domain=MICROSOFT,
        )

    def _blockwise(self, source: str, name: str, matrix: Blocks, bias: Floats) -> str:
        """Times a matrix in 8 bits, its input rounded by blocks of a row."""
        size = min(_BLOCK, matrix.columns)
        values, scales = in_eight_bits(matrix.unpacked().reshape(-1, size), _MORE_STEPS)
        # The operator wants bytes from 0 to 255 and takes 128 off.
        values_by_block = (values.astype(np.int16) + 128).astype(np.uint8).reshape(matrix.rows, -1, size)
        return self._graph.node(
            "MatMulNBits",
            [
                source,
                self._constant(f"{name}.values", values_by_block),
                self._constant(f"{name}.scales", scales),
                *("", ""),  # own zeros, an order of columns
                self._constant(f"{name}.bias", bias),
            ],
            [f"{self._name}.{name}"],
            domain=MICROSOFT,
            K=matrix.columns,
            N=matrix.rows,
            bits=8,
            block_size=size,
            accuracy_level=_AS_WHOLE_NUMBERS,
        )

    def _matrix(self, name: str) -> Blocks:
        return self._packed.matrices[f"{self._name}.{name}.w"]

    def _floats(self, name: str) -> Floats:
        return self._packed.floats[f"{self._name}.{name}"]

    def _constant(self, name: str, values: np.ndarray) -> str:
        return self._graph.constant(f"{self._name}.{name}", values)


def in_eight_bits(
    weights: Floats, steps: int
) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.int8]], Floats]:
    """Each row as whole numbers from -`steps` to `steps`, and its scale."""
    scales = np.abs(weights).max(axis=1) / np.float32(steps)
    scales[scales == 0] = 1
    return np.rint(weights / scales[:, None]).astype(np.int8), scales
