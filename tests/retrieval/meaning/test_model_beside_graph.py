"""The model and the graph come from two packages that do not bear every order of loading; this is no test of theirs,
but of ours: a process that dies cannot be caught."""

import subprocess
import sys

import pytest

pytest.importorskip("onnxruntime")

GRAPH = "from allmende.retrieval.meaning import vectors_near; vectors_near._graph(8)"
MODEL = "import onnxruntime"


@pytest.mark.parametrize("steps", [[GRAPH, MODEL], [MODEL, GRAPH]], ids=["graph first", "model first"])
def test_a_process_lives_whichever_comes_first(steps: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(steps)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
