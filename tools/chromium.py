"""Find a Chromium for the browser tests, or get one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_PLACES = (
    "/snap/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
HOW_TO_GET_IT = "Für die Tests im Browser fehlt Chromium. Geben Sie ein: sudo apt-get install chromium"


def find() -> str | None:
    """The path of a Chromium that is there: named in `ALLMENDE_CHROMIUM`, of the system, or Playwright's."""
    if named := os.environ.get("ALLMENDE_CHROMIUM"):
        return named
    for name in _NAMES:
        if path := shutil.which(name):
            return path
    for place in _PLACES:
        if Path(place).exists():
            return place
    return _of_playwright()


def _of_playwright() -> str | None:
    """Playwright's own download, where it lies."""
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache" / "ms-playwright"))
    found = sorted(cache.glob("chromium-*/chrome-linux*/chrome"))
    return str(found[-1]) if found else None


def install() -> str | None:
    """Get one: from the system's packages where we may, else by Playwright's download. None if neither works."""
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        print("Chromium fehlt und wird aus den Paketen des Systems geholt …", flush=True)
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update", "-qq"], ["install", "-y", "-qq", "chromium"]):
            subprocess.run(["apt-get", *words], check=False, stdout=subprocess.DEVNULL, env=environment)
    if not find():
        print("Chromium fehlt und wird von Playwright geholt …", flush=True)
        try:
            subprocess.run(
                [sys.executable, "-m", "playwright", "install", "chromium"],
                check=False,
                timeout=300,
                capture_output=True,
            )
        except subprocess.TimeoutExpired:
            pass
    return find()
