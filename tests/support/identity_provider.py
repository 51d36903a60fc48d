"""A real identity provider as a process of its own (npm: oidc-provider), on this machine, for one test session."""

import html
import json
import re
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest

from tests.support.environment import CHECKOUT

PROGRAM = CHECKOUT / "tests" / "support" / "identity-provider.mjs"
CLIENT, SECRET = "allmende", "nur-fuer-tests"
People = Mapping[str, Mapping[str, object]]


@dataclass(frozen=True)
class IdentityProvider:
    """Where it answers, and how somebody signs in there."""

    address: str

    def settings(self, code: str = "land", name: str = "Landeskonto") -> dict[str, Any]:
        """How an operator would write it down in `ALLMENDE_OIDC`."""
        return {
            "id": code, "name": name, "server_url": self.address, "client_id": CLIENT, "client_secret": SECRET
        }  # fmt: skip

    def sign_in(self, address: str, who: str) -> str:
        """Open the address that our side leads to, sign in as one of the people, agree; where one is sent back to."""
        with httpx.Client(follow_redirects=False, timeout=10) as browser:
            answer = browser.get(address)
            while True:
                if answer.is_redirect:
                    address = urljoin(address, answer.headers["Location"])
                    if not address.startswith(self.address):
                        return address
                    answer = browser.get(address)
                else:
                    answer = self._submit(browser, answer, who)

    @staticmethod
    def _submit(browser: httpx.Client, page: httpx.Response, who: str) -> httpx.Response:
        action = html.unescape(re.findall(r'action="([^"]+)"', page.text)[0])
        prompt = re.findall(r'name="prompt" value="(\w+)"', page.text)[0]
        fields = {"prompt": prompt} | ({"login": who, "password": "x"} if prompt == "login" else {})
        return browser.post(urljoin(str(page.url), action), data=fields)


@contextmanager
def running(*, redirects: list[str], people: People) -> Iterator[IdentityProvider]:
    """Start one that knows these people and sends back to these addresses; it ends with the block."""
    from tools.setup import node

    program = node()
    if program is None or not (CHECKOUT / "node_modules" / "oidc-provider").is_dir():
        pytest.fail("Node oder oidc-provider fehlt. Geben Sie ein: make setup")
    port = _free_port()
    given = json.dumps({"redirects": redirects, "people": people})
    process = subprocess.Popen(
        [program, str(PROGRAM), str(port), given], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
        yield IdentityProvider(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(timeout=10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
