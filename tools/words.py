"""What must not stand in a tracked file: paths of one machine, hosts of package registries."""

import re
import subprocess
from collections.abc import Iterable

from tools.steps import CHECKOUT

# Written in pieces, so that this file does not find itself.
_FORBIDDEN = [
    r"(?<![\w.<>])/(?:wo" + r"rk|ro" + r"ot|ho" + r"me/[a-z]+)/[\w.]",
    r"files\.python" + r"hosted\.org",
    r"(?:test\.)?py" + r"pi\.org/(?:simple|packages)",
    r"registry\." + r"(?:npmjs|yarnpkg)\.",
    r"deb\." + r"debian\.org",
]
_PATTERN = re.compile("|".join(_FORBIDDEN))
_LEFT_ALONE = ("LICENSES/",)


def tracked() -> list[str]:
    """Paths of all files under version control, relative to the checkout."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=CHECKOUT,
        capture_output=True,
        check=True,
    )
    return sorted(path for path in listing.stdout.decode().split("\0") if path)


def forbidden(paths: Iterable[str]) -> list[str]:
    """Every forbidden word as `path:line: word`."""
    found = []
    for path in paths:
        file = CHECKOUT / path
        if path.startswith(_LEFT_ALONE) or not file.is_file():
            continue
        content = file.read_bytes()
        if b"\0" in content[:1024]:
            continue
        for number, line in enumerate(content.decode("utf-8", errors="replace").splitlines(), start=1):
            if match := _PATTERN.search(line):
                found.append(f"{path}:{number}: {match.group()}")
    return found
