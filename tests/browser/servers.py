"""`vsim lab` started for tests of pages: on a free port, with settings and data in a folder of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tests.course.folders import compiled

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

VSIM = Path(sys.executable).parent / "vsim"
SHOTS = Path(__file__).resolve().parents[2] / "build" / "shots"
PATIENCE = 60
HARMLESS = ("favicon", "ResizeObserver loop")

MISSING = """text => {
  const pen = new OffscreenCanvas(48, 48).getContext('2d', {willReadFrequently: true});
  pen.font = '28px ' + getComputedStyle(document.body).fontFamily;
  const drawn = sign => {
    pen.clearRect(0, 0, 48, 48);
    pen.fillText(sign, 4, 36);
    return pen.getImageData(0, 0, 48, 48).data.join();
  };
  const box = drawn('\\u{E123}');                       // no font has this one
  return [...new Set(text)].filter(sign => sign > '\\u02ff' && sign.trim() && drawn(sign) === box).join('');
}"""


@dataclass
class Server:
    """A running server: where it is, what it wrote, and the user's home that it must leave alone."""

    url: str
    token: str
    log: Path
    home: Path

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    @property
    def door(self) -> str:
        """The address that lets a browser in: it leaves a cookie."""
        return f"{self.url}/api/status?token={self.token}"


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


class Starting:
    """A server on its way up, so that two can start side by side."""

    def __init__(self, folder: Path, *arguments: str, **variables: str) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.home.mkdir(parents=True)
        environment = {
            **{key: value for key, value in compiled().items() if not key.startswith(("JUPYTER", "XDG_", "IPYTHON"))},
            "HOME": str(self.home),
            "JUPYTER_CONFIG_DIR": str(folder / "config"),
            "JUPYTER_DATA_DIR": str(folder / "data"),
            "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
            "IPYTHONDIR": str(folder / "ipython"),
            **variables,
        }
        self.log = folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [str(VSIM), "lab", *arguments, "--no-browser", "--port", str(free_port())],
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def ready(self) -> Server:
        """Wait until the server answers."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            for card in (self.folder / "runtime").glob("jpserver-*.json"):
                try:
                    told: dict[str, Any] = json.loads(card.read_text(encoding="utf-8"))
                    with socket.create_connection(("127.0.0.1", told["port"]), 1):
                        return Server(told["url"].rstrip("/"), told["token"], self.log, self.home)
                except (OSError, ValueError):
                    continue
            time.sleep(0.1)
        raise AssertionError(f"the server did not come up:\n{self.log.read_text(encoding='utf-8')[-3000:]}")

    def stop(self) -> float:
        """Press Ctrl-C, and return the seconds until all has ended."""
        begun = time.monotonic()
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        return time.monotonic() - begun


@contextmanager
def served(folder: Path, *arguments: str, **variables: str) -> Iterator[Server]:
    """Yield a running server; it is stopped afterwards."""
    starting = Starting(folder, *arguments, **variables)
    try:
        yield starting.ready()
    finally:
        starting.stop()


@dataclass
class Heard:
    """What a page asked for outside its host, and what it complained about."""

    outside: list[str]
    errors: list[str]


def enter(browser: Browser, server: Server, path: str, locale: str = "en-GB") -> tuple[Page, Heard]:
    """Open a page of a server and return it, with all it asked for from elsewhere and all its errors."""
    tab, heard = visit(browser, server.door, locale)
    tab.goto(server.url + path)
    return tab, heard


def visit(
    browser: Browser, address: str, locale: str = "en-GB", width: int = 1300, height: int = 950
) -> tuple[Page, Heard]:
    """Open an address and return the page, with all it asked for from elsewhere and all its errors."""
    tab = browser.new_context(viewport={"width": width, "height": height}, locale=locale).new_page()
    tab.set_default_timeout(20_000)
    heard = Heard([], [])
    host = urlsplit(address).netloc

    def asked(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob", "about") and parts.netloc != host:
            heard.outside.append(url)

    tab.on("request", lambda request: asked(request.url))
    tab.on("console", lambda message: _note(heard, message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: _note(heard, str(error)))
    tab.goto(address)
    return tab, heard


def _note(heard: Heard, text: str) -> None:
    if not any(word in text for word in HARMLESS):
        heard.errors.append(text)


def tofu(tab: Page) -> str:
    """Return the characters of a page for which no font has a glyph."""
    return str(tab.evaluate(MISSING, tab.inner_text("body")))


def shoot(tab: Page, name: str, full: bool = False) -> None:
    """Leave a screenshot for a person to look at."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    tab.screenshot(path=str(SHOTS / f"{name}.png"), full_page=full)
