"""How fast a source is harvested, and in how much memory: new, unchanged, changed, at several sizes.

    python -m benchmarks.harvest [--sizes 1000,10000,50000]

Each size runs in a process of its own on a fresh database, so that its peak memory is its own. The records are
publiccode.yml files, generated and seeded, in a directory. Rates are given by the clock and by the processor: on a
machine that does other things at the same time, only the latter says something about the program.
"""

import argparse
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

SIZES = (1_000, 10_000, 50_000)
CHANGED_SHARE = 2
WORDS = (
    *("Amt", "Baum", "Bürger", "Daten", "Energie", "Formular", "Garten", "Hafen", "Insel", "Jugend", "Karte"),
    *("Lager", "Meldung", "Netz", "Ort", "Park", "Quartier", "Raum", "Sensor", "Termin", "Umwelt", "Verkehr"),
    *(
        "Wasser",
        "Zeit",
        "Schule",
        "Bibliothek",
        "Feuerwehr",
        "Friedhof",
        "Sitzung",
        "Kasse",
        "Archiv",
        "Wohnung",
    ),
)
CATEGORIES = (
    "geographic-information-systems",
    "document-management",
    "appointment-scheduling",
    "help-desk",
    "crm",
)
LICENCES = ("EUPL-1.2", "MIT", "AGPL-3.0-or-later", "Apache-2.0", "GPL-3.0-only")


def record(number: int, version: int = 1) -> str:
    """One publiccode.yml, the same for the same numbers."""
    chance = random.Random(number)
    words = [chance.choice(WORDS) for _ in range(60)]
    name = f"{words[0]}-{words[1]} {number}"
    return f"""publiccodeYmlVersion: "0.4"
name: {name}
url: https://git.musterland.test/{words[2].lower()}/{words[0].lower()}-{number}.git
landingURL: https://www.musterland.test/{number}
softwareVersion: "{version}.0"
releaseDate: "2026-0{version % 9 + 1}-01"
platforms: [web, linux]
categories: [{chance.choice(CATEGORIES)}]
usedBy: [Stadt {words[3]}hausen, Gemeinde {words[4]}dorf]
developmentStatus: stable
softwareType: standalone/web
description:
  de:
    shortDescription: {name} hilft Verwaltungen bei {words[5]} und {words[6]} in Fassung {version}.
    longDescription: >
      {" ".join(words[7:50])} und was sonst noch dazu gehört, damit der Text so lang wird wie in wirklichen Dateien.
      Die Anwendung läuft im Browser und lässt sich an die Abläufe der eigenen Verwaltung anpassen.
      {" ".join(words[10:58])}.
    features: [{words[50]}, {words[51]} und {words[52]}, {words[53]}]
  en:
    shortDescription: {name} helps administrations with {words[5]} in version {version}.
    longDescription: {" ".join(reversed(words))} and what else belongs to it in the words of another language.
    features: [first feature, second feature]
legal:
  license: {chance.choice(LICENCES)}
  mainCopyrightOwner: Stadt {words[3]}hausen
maintenance:
  type: internal
  contacts:
    - name: Team {words[4]}
      email: team@example.org
localisation:
  localisationReady: true
  availableLanguages: [de, en]
"""


def write(folder: Path, numbers: range, version: int = 1) -> None:
    for number in numbers:
        place = folder / f"{number % 100:02}" / str(number)
        place.mkdir(parents=True, exist_ok=True)
        (place / "publiccode.yml").write_text(record(number, version), encoding="utf-8")


def measure(size: int) -> dict[str, object]:
    """In a process of its own: the rates and the peak memory in MB of each step."""
    import django

    django.setup()
    from datetime import UTC, datetime

    from allmende.federation.actions import add_source, run
    from allmende.federation.models import Run
    from allmende.lib.actors import Actor
    from allmende.vocabulary.actions import load

    operator = Actor.program("benchmark")
    folder = Path(os.environ["ALLMENDE_DATA_DIR"]) / "source"
    write(folder, range(size))
    load(by=operator, now=datetime.now(UTC))
    source = add_source(
        "generated",
        name="Erzeugte Quelle",
        kind="directory",
        location=str(folder),
        format="publiccode",
        by=operator,
        now=datetime.now(UTC),
    )

    def timed(expected: Callable[[Run], bool], records: int) -> dict[str, float]:
        wall, processor = time.perf_counter(), time.process_time()
        finished = run(source, by=operator, now=datetime.now(UTC))
        seconds, busy = time.perf_counter() - wall, time.process_time() - processor
        if finished.state != "complete" or not finished.adds_up or not expected(finished):
            raise SystemExit(f"{finished.state}: {finished.problem} {finished.__dict__}")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return {"wall": records / seconds, "processor": records / busy, "peak": peak}

    # One file first: what is loaded once per process is no cost of a record.
    found: dict[str, object] = {
        "size": size,
        "start": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    found["new"] = timed(lambda each: each.new == size, size)
    found["unchanged"] = timed(lambda each: each.same == size, size)
    write(folder, range(0, size, CHANGED_SHARE), version=2)
    touched = len(range(0, size, CHANGED_SHARE))
    found["changed"] = timed(lambda each: each.changed == touched, touched)
    return found


def in_own_process(size: int, template: Path) -> dict[str, object]:
    with tempfile.TemporaryDirectory(prefix="allmende-bench-") as place:
        shutil.copyfile(template, Path(place) / "allmende.sqlite3")
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.harvest", "--measure", str(size)],
            env=_environment(place),
            check=True,
            capture_output=True,
            text=True,
        )
        found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
        return found


def _environment(place: str) -> dict[str, str]:
    ours = {
        "DJANGO_SETTINGS_MODULE": "allmende.config.settings",
        "ALLMENDE_DATA_DIR": place,
        "ALLMENDE_SECRET_KEY": "only-for-measuring",
        "ALLMENDE_LOG_LEVEL": "WARNING",
    }
    return {name: value for name, value in os.environ.items() if not name.startswith("ALLMENDE_")} | ours


def _template(place: str) -> Path:
    subprocess.run(
        [sys.executable, "-m", "allmende.config.cli", "migrate", "--verbosity=0"],
        env=_environment(place),
        check=True,
    )
    return Path(place) / "allmende.sqlite3"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--measure", type=int)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure)))
        return
    print(f"{'records':>8} {'step':>10} {'per second':>11} {'per CPU second':>15} {'peak memory':>12}")
    with tempfile.TemporaryDirectory(prefix="allmende-bench-") as place:
        template = _template(place)
        for size in map(int, options.sizes.split(",")):
            found = in_own_process(size, template)
            for step in ("new", "unchanged", "changed"):
                row = found[step]
                assert isinstance(row, dict)
                print(
                    f"{size:>8} {step:>10} {row['wall']:>11.0f} {row['processor']:>15.0f} {row['peak']:>9.0f} MB",
                    flush=True,
                )


if __name__ == "__main__":
    main()
