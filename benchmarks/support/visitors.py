"""Many people who sign in and write at the same time, against a server as in production, with all its limits on.

Each signs in by the form, changes their name, saves an offer of their own as one types, and one that a colleague is
writing at the same moment; whoever is shown two versions reads again and writes again, as people do. Afterwards
everything that an answer called saved has to be there.
"""

import http.client
import json
import os
import re
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.support import server
from tools.serve import web_server
from tools.steps import CHECKOUT, PYTHON

PASSWORD = "ein Satz nur für diese Messung"  # of people who exist for a minute
# So many sit behind one address; the limit is 30 sign-ins a minute from one.
BEHIND_ONE_ADDRESS = 10
EDITS, SHARED_EDITS, MOST_TRIES = 5, 3, 60
PATIENCE = 600.0


@dataclass
class Outcome:
    """What a person met: seconds of each kind of request, what went wrong, how often two had written at once."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    conflicts: int = 0


@dataclass(frozen=True)
class Load:
    """The whole run. `faults` and `lost` are empty where all went well."""

    people: int
    took: float
    seconds: Mapping[str, list[float]]
    conflicts: int
    faults: list[str]
    lost: list[str]


class Visitor:
    """A browser with cookies, at one address of the loopback."""

    def __init__(self, number: int, port: int) -> None:
        self.number, self.outcome = number, Outcome()
        source = f"127.0.0.{2 + number // BEHIND_ONE_ADDRESS}"
        self.line = http.client.HTTPConnection(
            "127.0.0.1", port, timeout=PATIENCE, source_address=(source, 0)
        )
        self.cookies: dict[str, str] = {}

    def ask(self, kind: str, path: str, sent: Mapping[str, object] | None = None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if sent is not None:
            token = self.cookies.get("csrftoken", "")
            body = urlencode({"csrfmiddlewaretoken": token, **sent})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.monotonic()
        self.line.request("POST" if sent is not None else "GET", path, body, headers)
        answer = self.line.getresponse()
        text = answer.read().decode(errors="replace")
        self.outcome.seconds.setdefault(kind, []).append(time.monotonic() - began)
        for line in answer.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return answer.status, text

    def expect(
        self, kind: str, path: str, sent: Mapping[str, object] | None, *statuses: int
    ) -> tuple[int, str]:
        status, text = self.ask(kind, path, sent)
        if status not in statuses:
            raise RuntimeError(
                f"{kind} {path}: {status} {' '.join(re.sub('<[^>]*>', ' ', text).split())[:200]}"
            )
        return status, text

    def live(self, task: Mapping[str, str]) -> None:
        try:
            self._live(task)
        except Exception as error:  # noqa: BLE001  # whatever it is, it is a fault of the run
            self.outcome.faults.append(f"{self.number}: {type(error).__name__} {error}")

    def _live(self, task: Mapping[str, str]) -> None:
        self.expect("look", "/konto/anmelden", None, 200)
        self.expect("sign in", "/konto/anmelden", {"login": task["email"], "password": PASSWORD}, 302)
        self.expect("look", "/mein", None, 200)
        self.expect("rename", "/konto/name", {"name": f"Person {self.number}"}, 302)
        page = f"/angebote/{task['own']}/seite/betrieb"
        for number in range(EDITS):
            title = f"{self.number} zum {number}. Mal"
            sent = {"title": title, "lock_version": number, "seite": "a"}
            _, text = self.expect("save", f"{page}/sichern", sent, 200)
            if "Gespeichert um" not in text:
                raise RuntimeError(f"not saved: {' '.join(text.split())[:200]}")
        for number in range(SHARED_EDITS):
            self._save_together(f"/angebote/{task['shared']}/seite/betrieb", number)
        self.expect("sign out", "/konto/abmelden", {}, 302)

    def _save_together(self, page: str, number: int) -> None:
        for _ in range(MOST_TRIES):
            _, text = self.expect("look", page, None, 200)
            found = re.search(r'name="lock_version"[^>]*value="(\d+)"', text)
            if not found:
                raise RuntimeError("the form has no version")
            title = f"{self.number} gemeinsam zum {number}. Mal"
            status, _ = self.expect("save", page, {"title": title, "lock_version": found[1]}, 302, 409)
            if status == 302:
                return
            self.outcome.conflicts += 1
        raise RuntimeError("a colleague was always faster")


def run(people: int, data_dir: Path, environment: Mapping[str, str]) -> Load:
    """Prepare, let all of them in at once, and look at what is there. The database is migrated and empty."""
    tasks = _own_process("prepare", str(people), environment=environment)
    log = data_dir / "web.log"
    with served(log, environment) as port:
        visitors = [Visitor(number, port) for number in range(people)]
        threads = [
            threading.Thread(target=each.live, args=(task,), daemon=True)
            for each, task in zip(visitors, tasks, strict=True)
        ]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        took = time.monotonic() - began
    faults = [fault for each in visitors for fault in each.outcome.faults]
    faults += [
        line for line in log.read_text(errors="replace").splitlines() if "locked" in line or "Error" in line
    ]
    seconds: dict[str, list[float]] = {}
    for each in visitors:
        for kind, values in each.outcome.seconds.items():
            seconds.setdefault(kind, []).extend(values)
    lost = _own_process("compare", str(people), environment=environment, said=json.dumps(tasks))
    return Load(people, took, seconds, sum(each.outcome.conflicts for each in visitors), faults, lost)


@contextmanager
def served(log: Path, environment: Mapping[str, str]) -> Iterator[int]:
    """As `make run` starts it, with two workers; gives the port."""
    port = server.free_port()
    words = web_server(host="127.0.0.1", port=str(port), workers="2")
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(word) for word in words], cwd=CHECKOUT, env=dict(environment), stdout=out, stderr=out
        )
    try:
        server.wait(f"http://127.0.0.1:{port}", process)
        yield port
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()


def _own_process(act: str, *words: str, environment: Mapping[str, str], said: str = "") -> list:  # type: ignore[type-arg]
    """Django is set up once a process, and this one may have another database."""
    done = subprocess.run(
        [str(PYTHON), "-m", "benchmarks.support.visitors", act, *words],
        cwd=CHECKOUT,
        env=dict(environment),
        input=said,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return list(json.loads(done.stdout.splitlines()[-1]))


# ----------------------------------------------------------------------------------- in a process with Django set up


def prepare(people: int) -> list[dict[str, str]]:
    """Accounts in pairs, each pair of one organisation; for everybody an offer, and for each pair one together."""
    from datetime import UTC, datetime

    from allauth.account.models import EmailAddress
    from django.contrib.auth.hashers import make_password

    from allmende.accounts.models import User
    from allmende.catalogue.actions import begin_new_solution
    from allmende.lib.actors import Actor
    from allmende.organisations.actions import grant_role, register
    from allmende.organisations.queries import actor_for
    from allmende.vocabulary.actions import load

    program, now, password = Actor.program("measurement"), datetime.now(UTC), make_password(PASSWORD)
    load(by=program, now=now)
    tasks = []
    for first in range(0, people, 2):
        organisation = register(f"Firma {first}", kind="sme", by=program, now=now)
        shared = ""
        for number in range(first, min(first + 2, people)):
            user = User.objects.create(email=f"person-{number}@beispiel.example", password=password)
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
            grant_role("provider_editor", user=user, organisation=organisation, by=program, now=now)
            by = actor_for(user)
            own = begin_new_solution(organisation, by=by, now=now).public_id
            shared = shared or begin_new_solution(organisation, by=by, now=now).public_id
            tasks.append({"email": user.email, "own": own, "shared": shared})
    return tasks


def compare(people: int, tasks: list[dict[str, str]]) -> list[str]:
    """What an answer called saved and is not there, in words."""
    from django.contrib.sessions.models import Session

    from allmende.accounts.models import User
    from allmende.catalogue.contents import read
    from allmende.catalogue.models import WorkingCopy
    from allmende.journal.models import Entry

    lost = []
    for number, task in enumerate(tasks):
        copy = WorkingCopy.objects.get(public_id=task["own"])
        offer = read(copy.content).offer
        if (offer.title if offer else None, copy.lock_version) != (f"{number} zum {EDITS - 1}. Mal", EDITS):
            lost.append(f"{task['email']}: {offer.title if offer else None}, version {copy.lock_version}")
        if User.objects.get(email=task["email"]).name != f"Person {number}":
            lost.append(f"{task['email']}: the name")
    for shared, members in Counter(task["shared"] for task in tasks).items():
        version = WorkingCopy.objects.get(public_id=shared).lock_version
        if version != members * SHARED_EDITS:
            lost.append(f"{shared}: {version} of {members * SHARED_EDITS} saved versions")
    renamed = Entry.objects.filter(kind="accounts.renamed").count()
    if renamed != people:
        lost.append(f"{renamed} of {people} names in the journal")
    if left := Session.objects.count():
        lost.append(f"{left} sessions that were signed out go on")
    return lost


if __name__ == "__main__":
    import sys

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allmende.config.settings")
    import django

    django.setup()
    if sys.argv[1] == "prepare":
        print(json.dumps(prepare(int(sys.argv[2]))))
    else:
        print(json.dumps(compare(int(sys.argv[2]), json.load(sys.stdin))))
