"""From what an operator has chosen to an embedder. The one door of this package for callers."""

import importlib
from typing import Any

from allmende.retrieval.meaning.protocol import Embedder, MeaningUnavailable

BUILTIN, NONE = "builtin", "none"


def embedder(choice: str, *, model: str = "", key: str = "") -> Embedder | None:
    """`builtin`: the model that comes inside a package, loaded here (half a second). `none`: None. Anything else is
    the address of an OpenAI-compatible interface, with the name of the model there and a key if it wants one; nothing
    is asked of it here.

    Raises `MeaningUnavailable` where the package, or what runs it, is missing or broken, and `ValueError` for an
    address that is none.
    """
    if choice == NONE:
        return None
    if choice == BUILTIN:
        module = _module("builtin")
        built: Embedder = module.BuiltinEmbedder(module.packaged_file())
        return built
    remote: Embedder = _module("remote").RemoteEmbedder(choice, model=model, key=key)
    return remote


def _module(name: str) -> Any:
    """Loaded when it is needed: onnxruntime is not there for every machine, and none needs both."""
    try:
        return importlib.import_module(f"allmende.retrieval.meaning.{name}")
    except ImportError as error:
        raise MeaningUnavailable(f"a package is missing: {error}") from error
