"""The network of multilingual-e5-small (BERT: 12 layers, 384 values a token) as onnxruntime works it out quickest.

Three of four matrices of a layer become 8-bit whole numbers, a scale for each of their rows, and what goes into them
is rounded to 8 bits as a whole (`DynamicQuantizeMatMul`). What goes into the fourth, behind the gelu, is a few large
values among many small ones: rounded as a whole it costs most of the accuracy. That one keeps its 4-bit blocks as they
are, and its input is rounded by blocks of 32 (`MatMulNBits`). Figures in docs/decisions/0063.

Only seven bits of the eight are used: processors without VNNI add up pairs of products in 16 bits and would overflow.
The weights have 16 steps a block, so that little is lost.
"""

import numpy as np

from allmende.retrieval.meaning.onnx_graph import MICROSOFT, Graph
from allmende.retrieval.meaning.packed import BLOCK, Blocks, Floats, Packed

EMBEDDED, MEAN = "embedded", "mean"
"""What goes in: a row for each token of one text, shape (1, tokens, hidden). What comes out: shape (1, hidden)."""

_STEPS = 64
_AS_WHOLE_NUMBERS = 4
"""How exactly `MatMulNBits` calculates: its input in 8 bits."""


def network(packed: Packed) -> bytes:
    """The file for onnxruntime, 18 MB. Raises `KeyError` where the model lacks a tensor."""
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
        attended = self._sum(state, self._attention(state), bias="ao", norm="aln")
        return self._sum(attended, self._feed_forward(attended), bias="fo", norm="oln")

    def _attention(self, state: str) -> str:
        matrices = [self._matrix(letter) for letter in "qkv"]
        together = self._whole(state, "qkv", matrices[0].above(*matrices[1:]))
        three = [f"{self._name}.{letter}" for letter in "qkv"]
        self._graph.node("Split", [together], three, axis=-1, num_outputs=3)
        biases = np.concatenate([self._floats(f"{letter}.b") for letter in "qkv"])
        attended = self._graph.node(
            "MultiHeadAttention",
            [*three, self._graph.constant(f"{self._name}.qkv.b", biases)],
            [f"{self._name}.attended"],
            domain=MICROSOFT,
            num_heads=self._packed.heads,
        )
        return self._whole(attended, "ao", self._matrix("ao"))

    def _feed_forward(self, state: str) -> str:
        wide = self._whole(state, "fi", self._matrix("fi"))
        bent = self._graph.node(
            "BiasGelu", [wide, self._constant("fi.b")], [f"{self._name}.bent"], domain=MICROSOFT
        )
        return self._blockwise(bent, "fo", self._matrix("fo"))

    def _sum(self, state: str, change: str, *, bias: str, norm: str) -> str:
        return self._graph.node(
            "SkipLayerNormalization",
            [
                state,
                change,
                *(self._constant(name) for name in (f"{norm}.w", f"{norm}.b", f"{bias}.b")),
            ],
            [f"{self._name}.{norm}"],
            domain=MICROSOFT,
            epsilon=self._packed.epsilon,
        )

    def _whole(self, source: str, name: str, matrix: Blocks) -> str:
        """Times a matrix in 8 bits, its input rounded as a whole."""
        values, scales = in_eight_bits(matrix.unpacked())
        return self._graph.node(
            "DynamicQuantizeMatMul",
            [
                source,
                self._graph.constant(f"{self._name}.{name}.w", np.ascontiguousarray(values.T)),
                self._graph.constant(f"{self._name}.{name}.scale", scales),
                self._graph.constant(f"{self._name}.{name}.zero", np.zeros_like(scales, np.int8)),
            ],
            [f"{self._name}.{name}.out"],
            domain=MICROSOFT,
        )

    def _blockwise(self, source: str, name: str, matrix: Blocks) -> str:
        """Times a matrix of 4-bit blocks as they are, its input rounded by blocks."""
        values, scales = matrix.halves()
        # Here two neighbours share a byte, in the packed file the two that are half a block apart.
        pairs = values[..., 0::2] | values[..., 1::2] << 4
        return self._graph.node(
            "MatMulNBits",
            [
                source,
                self._graph.constant(f"{self._name}.{name}.w", pairs),
                self._graph.constant(f"{self._name}.{name}.scale", scales.reshape(-1)),
            ],
            [f"{self._name}.{name}.out"],
            domain=MICROSOFT,
            K=matrix.columns,
            N=matrix.rows,
            bits=4,
            block_size=BLOCK,
            accuracy_level=_AS_WHOLE_NUMBERS,
        )

    def _matrix(self, name: str) -> Blocks:
        return self._packed.matrices[f"{self._name}.{name}.w"]

    def _floats(self, name: str) -> Floats:
        return self._packed.floats[f"{self._name}.{name}"]

    def _constant(self, name: str) -> str:
        return self._graph.constant(f"{self._name}.{name}", self._floats(name))


def in_eight_bits(weights: Floats) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.int8]], Floats]:
    """Each row as whole numbers from -64 to 64 and its scale."""
    scales = np.abs(weights).max(axis=1) / _STEPS
    scales[scales == 0] = 1
    return np.rint(weights / scales[:, None]).astype(np.int8), scales.astype(np.float32)
