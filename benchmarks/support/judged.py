"""Judged collections: entries, what was asked, and which entries answer it how well."""

import csv
import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.steps import CHECKOUT

PROBES = CHECKOUT / "benchmarks" / "probes"


@dataclass(frozen=True)
class Entry:
    id: str
    title: str
    body: str


@dataclass(frozen=True)
class Asked:
    """`grades`: id of an entry → 1 or 2; all others are 0. `kind` of the question where the set has any."""

    id: str
    text: str
    grades: Mapping[str, int]
    kind: str = ""


@dataclass(frozen=True)
class Judged:
    """Both in the order of their files: the questions at even positions are for tuning, the others are held out."""

    name: str
    entries: tuple[Entry, ...]
    questions: tuple[Asked, ...]


def shared_data() -> Path | None:
    """The real files, which are not part of the checkout; None where they are not there."""
    path = Path(os.environ.get("ALLMENDE_SHARED_DATA") or CHECKOUT.parent / "shared" / "data")
    return path if path.is_dir() else None


def compounds() -> Judged:
    """Our own probe set (`probes/README.md`)."""
    topics = tomllib.loads((PROBES / "compounds.toml").read_text("utf-8"))["topics"]
    entries = tuple(Entry(*entry) for topic in topics for entry in topic["documents"])
    questions = tuple(
        Asked(
            query["id"],
            query["text"],
            dict.fromkeys(query["related"], 1) | dict.fromkeys(query["exact"], 2),
            query["kind"],
        )
        for topic in topics
        for query in topic["queries"]
    )
    return Judged("Compounds", entries, questions)


def omos(shared: Path) -> Judged:
    """OMoS-QA: questions about the information pages of three German municipalities, each answered by one of them."""
    home = shared / "retrieval" / "omos-qa"
    entries = tuple(
        Entry(line["id"], line["title"], line["text"]) for line in _lines(home / "documents.jsonl")
    )
    grades: dict[str, dict[str, int]] = {}
    with (home / "qrels.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            grades.setdefault(row["query"], {})[row["document"]] = int(row["relevance"])
    questions = tuple(
        Asked(line["id"], line["text"], grades[line["id"]]) for line in _lines(home / "queries.jsonl")
    )
    return Judged("OMoS-QA", entries, questions)


def xquad(shared: Path) -> Judged:
    """XQuAD-de: the paragraph that a question was written for is what has to be found. Paragraphs have no titles."""
    content = json.loads((shared / "retrieval" / "xquad" / "xquad.de.json").read_text("utf-8"))
    paragraphs = [paragraph for article in content["data"] for paragraph in article["paragraphs"]]
    entries = tuple(
        Entry(f"p{place}", "", paragraph["context"]) for place, paragraph in enumerate(paragraphs)
    )
    questions = tuple(
        Asked(question["id"], question["question"], {f"p{place}": 1})
        for place, paragraph in enumerate(paragraphs)
        for question in paragraph["qas"]
    )
    return Judged("XQuAD-de", entries, questions)


def sample(judgements: Judged, every: int) -> Judged:
    """Each `every`-th question with the entries that answer it, among each `every`-th of the others."""
    questions = judgements.questions[::every]
    wanted = {identity for question in questions for identity in question.grades}
    entries = tuple(
        entry for place, entry in enumerate(judgements.entries) if place % every == 0 or entry.id in wanted
    )
    return Judged(f"{judgements.name}, a sample", entries, questions)


def _lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]
