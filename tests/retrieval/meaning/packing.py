"""Writing a packed model, for tests of what reads it: small, with weights by chance, otherwise like the real one."""

import struct
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

BLOCK = 32
HIDDEN, INNER, HEADS, LAYERS, POSITIONS = 64, 128, 2, 2, 24
EPSILON = 1e-12
TOKENS = (
    *("<s>", "<pad>", "</s>", "<unk>"),
    *(
        "\u2581",
        "\u2581Bau",
        "\u2581B",
        "amt",
        "a",
        "m",
        "t",
        "au",
        "\u2581Amt",
        "s",
        "query",
        "passage",
        ":",
        "u",
    ),
)
SCORES = (
    0.0,
    0.0,
    0.0,
    0.0,
    -2.0,
    -6.0,
    -7.0,
    -6.5,
    -4.0,
    -4.5,
    -4.2,
    -6.1,
    -7.5,
    -4.1,
    -9.0,
    -9.0,
    -3.0,
    -4.4,
)
REPLACEMENTS = {0x2028: " ", 0x00A0: " ", 0x200B: "", 0xFB01: "fi", 0x09: " "}


@dataclass
class Made:
    """What is to be packed; `floats` holds the true values, also of matrices (as their blocks can say them)."""

    tokens: tuple[str, ...] = TOKENS
    scores: tuple[float, ...] = SCORES
    replacements: dict[int, str] = field(default_factory=lambda: dict(REPLACEMENTS))
    floats: dict[str, np.ndarray] = field(default_factory=dict)

    def packed(self) -> bytes:
        head = b"E5S1" + struct.pack("<I", 1)
        sizes = (HIDDEN, LAYERS, HEADS, INNER, len(self.tokens), POSITIONS, 1)
        head += struct.pack("<7ifi", *sizes, EPSILON, BLOCK) + self._tokens() + self._replacements()
        entries = {name: _content(name, values) for name, values in self.floats.items()}
        directory = sum(2 + len(name) + 21 for name in entries) + 4
        place = len(head) + directory
        listed, contents = struct.pack("<i", len(entries)), b""
        for name, (form, count, content) in entries.items():
            listed += struct.pack("<H", len(name)) + name.encode()
            listed += struct.pack("<BIQQ", form, count, place + len(contents), len(content))
            contents += content
        return head + listed + contents

    def write(self, path: Path) -> Path:
        path.write_bytes(self.packed())
        return path

    def _tokens(self) -> bytes:
        encoded = [token.encode() for token in self.tokens]
        starts = np.cumsum([0, *(len(token) for token in encoded)]).astype("<u4")
        head = struct.pack("<5iQ", len(encoded), 0, 2, 1, 3, int(starts[-1]))
        return head + starts.tobytes() + np.array(self.scores, "<f4").tobytes() + b"".join(encoded)

    def _replacements(self) -> bytes:
        entries = b"".join(
            struct.pack(f"<IB{len(to)}I", code_point, len(to), *map(ord, to))
            for code_point, to in sorted(self.replacements.items())
        )
        return struct.pack("<iI", len(self.replacements), len(entries)) + entries


def made(seed: int = 1) -> Made:
    """A whole model with weights by chance, outliers included."""
    chance = np.random.default_rng(seed)
    shapes = {"emb.word": (len(TOKENS), HIDDEN), "emb.pos": (POSITIONS * HIDDEN,), "emb.type": (HIDDEN,)}
    shapes |= {"emb.ln.w": (HIDDEN,), "emb.ln.b": (HIDDEN,)}
    for layer in range(LAYERS):
        for name, rows, columns in (
            *((letter, HIDDEN, HIDDEN) for letter in ("q", "k", "v", "ao")),
            ("fi", INNER, HIDDEN),
            ("fo", HIDDEN, INNER),
        ):
            shapes |= {f"l{layer}.{name}.w": (rows, columns), f"l{layer}.{name}.b": (rows,)}
        for name in ("aln", "oln"):
            shapes |= {f"l{layer}.{name}.w": (HIDDEN,), f"l{layer}.{name}.b": (HIDDEN,)}
    floats = {}
    for name, shape in shapes.items():
        values = chance.normal(1.0 if name.endswith("ln.w") else 0.0, 0.3, shape).astype(np.float32)
        floats[name] = as_blocks(values) if len(shape) == 2 else values
    return Made(floats=floats)


def as_blocks(weights: np.ndarray) -> np.ndarray:
    """The nearest values that blocks of 4 bits can hold."""
    values, scales = _blocks(weights)
    return ((values - 8) * scales.astype(np.float32)[..., None]).reshape(weights.shape).astype(np.float32)


def _blocks(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    blocks = weights.reshape(len(weights), -1, BLOCK)
    scales = (np.abs(blocks).max(axis=-1) / 7).astype(np.float16)
    safe = np.where(scales == 0, 1, scales).astype(np.float32)
    return np.clip(np.rint(blocks / safe[..., None]) + 8, 0, 15), scales


def _content(name: str, values: np.ndarray) -> tuple[int, int, bytes]:
    if values.ndim == 1:
        return 0, values.size, values.astype("<f4").tobytes()
    nibbles, scales = _blocks(values)
    nibbles = nibbles.astype(np.uint8)
    halves = nibbles[..., :16] | nibbles[..., 16:] << 4
    packed = np.concatenate([scales.astype("<f2")[..., None].view(np.uint8), halves], axis=-1)
    return 1, values.size, packed.tobytes()
