"""Writing a network in the form that onnxruntime reads: ONNX, which is Protocol Buffers.

The library for it weighs 17 MB and brings another; of its form we need five messages and eight operators. Field
numbers are those of onnx.proto (opset 18).
"""

import struct
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

MICROSOFT = "com.microsoft"
"""The domain of operators that onnxruntime has beside the standard."""

_FORMAT, _OPSET = 9, 18
_KINDS = {np.dtype(np.float32): 1, np.dtype(np.uint8): 2, np.dtype(np.int8): 3, np.dtype(np.int64): 7}
_WHOLE, _LENGTH, _FLOAT = 0, 2, 5


class Graph:
    """Nodes in the order in which they are worked out, and their constants. Results are named, and so connected."""

    def __init__(self) -> None:
        self._nodes: list[bytes] = []
        self._constants: list[bytes] = []

    def constant(self, name: str, values: NDArray[np.generic]) -> str:
        dimensions = [_number(1, size) for size in values.shape]
        kind = _number(2, _KINDS[values.dtype])
        self._constants.append(_joined(*dimensions, kind, _text(8, name), _part(9, values.tobytes())))
        return name

    def node(
        self,
        operator: str,
        inputs: Iterable[str],
        outputs: Sequence[str],
        *,
        domain: str = "",
        **attributes: float,
    ) -> str:
        """The name of its first result. Whole numbers and fractions are attributes of two kinds."""
        parts = [_text(1, name) for name in inputs] + [_text(2, name) for name in outputs]
        parts += [_text(4, operator)]
        parts += [_part(5, _attribute(name, value)) for name, value in attributes.items()]
        self._nodes.append(_joined(*parts, _text(7, domain)))
        return outputs[0]

    def model(self, inputs: dict[str, Sequence[int | str]], outputs: dict[str, Sequence[int | str]]) -> bytes:
        """The whole file. Inputs and results are float32; a size that is not known yet has a name."""
        graph = _joined(
            *(_part(1, node) for node in self._nodes),
            _text(2, "allmende"),
            *(_part(5, constant) for constant in self._constants),
            *(_part(11, _tensor(name, shape)) for name, shape in inputs.items()),
            *(_part(12, _tensor(name, shape)) for name, shape in outputs.items()),
        )
        standard = _joined(_text(1, ""), _number(2, _OPSET))
        microsoft = _joined(_text(1, MICROSOFT), _number(2, 1))
        return _joined(_number(1, _FORMAT), _part(7, graph), _part(8, standard), _part(8, microsoft))


def _attribute(name: str, value: float) -> bytes:
    if isinstance(value, int):
        return _joined(_text(1, name), _number(3, value), _number(20, 2))
    return _joined(_text(1, name), _key(2, _FLOAT), struct.pack("<f", value), _number(20, 1))


def _tensor(name: str, shape: Sequence[int | str]) -> bytes:
    sizes = [_part(1, _number(1, size) if isinstance(size, int) else _text(2, size)) for size in shape]
    kind = _joined(_number(1, _KINDS[np.dtype(np.float32)]), _part(2, _joined(*sizes)))
    return _joined(_text(1, name), _part(2, _part(1, kind)))


def _joined(*parts: bytes) -> bytes:
    return b"".join(parts)


def _number(field: int, value: int) -> bytes:
    """A whole number; negative ones (an axis from the end) as 64-bit complements."""
    return _key(field, _WHOLE) + _varint(value & 0xFFFF_FFFF_FFFF_FFFF)


def _text(field: int, value: str) -> bytes:
    return _part(field, value.encode())


def _part(field: int, value: bytes) -> bytes:
    return _key(field, _LENGTH) + _varint(len(value)) + value


def _key(field: int, form: int) -> bytes:
    return _varint(field << 3 | form)


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)
