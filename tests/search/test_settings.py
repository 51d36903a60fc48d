"""What an operator may write in `ALLMENDE_EMBEDDINGS`, and what the program says to anything else."""

import os
import subprocess
import sys

import pytest

from allmende.search import status

SHOW = "from django.conf import settings; print(settings.SEARCH_EMBEDDINGS, settings.SEARCH_EMBEDDINGS_MODEL)"


def start(**variables):
    environment = {name: value for name, value in os.environ.items() if "EMBEDDINGS" not in name}
    program = [sys.executable, "-c", SHOW]
    return subprocess.run(
        program, env=environment | variables, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize(
    ("written", "model", "meant"),
    [
        (None, None, "builtin "),
        ("", None, "builtin "),
        ("none", None, "none "),
        (" builtin ", None, "builtin "),
        ("http://localhost:8080/v1", "e5", "http://localhost:8080/v1 e5"),
    ],
)
def test_what_may_be_written(written, model, meant):
    variables = {"ALLMENDE_EMBEDDINGS": written, "ALLMENDE_EMBEDDINGS_MODEL": model}
    said = start(**{name: value for name, value in variables.items() if value is not None})

    assert (said.returncode, said.stdout) == (0, meant + "\n")


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("yes", "ALLMENDE_EMBEDDINGS ist „yes“. Möglich sind „builtin“, „none“ oder eine Adresse"),
        ("ftp://example.org", "ALLMENDE_EMBEDDINGS ist „ftp://example.org“."),
        ("http://", "ALLMENDE_EMBEDDINGS ist „http://“."),
        ("https://example.org/v1", "ALLMENDE_EMBEDDINGS_MODEL aber kein Modell."),
    ],
)
def test_anything_else_is_refused_at_start_with_a_sentence(written, sentence):
    said = start(ALLMENDE_EMBEDDINGS=written, ALLMENDE_EMBEDDINGS_KEY="streng-geheim")

    assert said.returncode == 1
    assert sentence in said.stderr
    assert "streng-geheim" not in said.stderr


@pytest.mark.parametrize(
    "written",
    ["https://somebody:streng-geheim@example.org/v1", "ftp://streng-geheim@example.org", "streng-geheim@x"],
)
def test_a_password_in_an_address_is_refused_and_not_repeated(written):
    said = start(ALLMENDE_EMBEDDINGS=written, ALLMENDE_EMBEDDINGS_MODEL="e5")

    assert said.returncode == 1
    assert "enthält einen Namen oder ein Passwort (vor dem @)" in said.stderr
    assert "streng-geheim" not in said.stderr


def test_of_an_address_that_cannot_be_used_the_host_alone_is_said(settings, monkeypatch):
    settings.SEARCH_EMBEDDINGS = "https://embeddings.example.org/streng-geheim/v1"
    monkeypatch.setattr(status.meaning, "here", lambda: None)
    (said,) = status.meaning_in_words()

    assert "Das Modell „embeddings.example.org“ ist nicht zu laden." in said
    assert "streng-geheim" not in said


def test_a_list_of_words_that_is_not_there_is_refused_at_start(tmp_path):
    said = start(ALLMENDE_SEARCH_WORDS=str(tmp_path / "words.txt"))

    assert said.returncode == 1
    assert "words.txt“. Es gibt sie nicht, oder sie ist nicht lesbar." in said.stderr
