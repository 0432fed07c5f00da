"""vsim doctor: what this machine can do, and what to do about the rest."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import sys
import tempfile
from typing import Annotated, Any, Literal

import typer
from rich.table import Table

from vsim.cli.common import Json, Lang, print_json, screen, speak
from vsim.i18n import t

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """Return the path of a Chromium, or None."""
    return next((path for name in CHROMIUM if (path := shutil.which(name))), None)


def _has(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


def _writable_cache() -> bool:
    from vsim.kernels.build import cache_folder

    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _jail(tier: Literal["bwrap", "unshare"]) -> bool:
    from vsim.course.jail import probed

    return probed(tier).way is not None


def capabilities() -> dict[str, bool]:
    """Return what the machine can do, by name; tests skip only for one of these, and say which."""
    return {
        "python": sys.version_info >= (3, 11),
        "kernel_cache": _writable_cache(),
        "git": shutil.which("git") is not None,
        "chromium": chromium() is not None and _has("playwright"),
        "calibration": _has("scipy"),
        "notebooks": _has("papermill") and _has("nbgrader") and _has("jupyterlab"),
        "jail": _jail("bwrap"),
        "jail_unshare": _jail("unshare"),
        "linux": platform.system() == "Linux",
        "two_processors": (os.cpu_count() or 1) >= 2,
    }


HELP = {
    "python": "Python 3.11 or newer runs vsim.",
    "kernel_cache": "Compiled kernels can be kept; else each start compiles anew. Set VSIM_CACHE to a folder you own.",
    "git": "git is there; it is needed to work on vsim, not to use it.",
    "chromium": "Pages can be looked at in a browser by tests. Install chromium and the dev extra.",
    "calibration": "Presets can be calibrated. Install the research extra.",
    "notebooks": "Lessons and courses can be run. Install the course extra.",
    "jail": "Student code is locked up while it is graded. On Linux install bubblewrap 0.8 or newer.",
    "jail_unshare": "Without bubblewrap, student code is locked up by unshare and Landlock.",
    "linux": "The jail for student code is for Linux; everything else runs on macOS and Windows too.",
    "two_processors": "Two districts can be run at a time.",
}


def doctor(
    as_json: Json = False,
    lang: Lang = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 when anything is missing.")] = False,
    jail: Annotated[bool, typer.Option("--jail", help="Try each jail by a hostile program.")] = False,
) -> None:
    """Check this machine."""
    speak(lang)
    from vsim.cli import doctor_jail

    found = capabilities()
    tried = doctor_jail.tried() if jail else {}
    if as_json:
        told: dict[str, Any] = {"capabilities": found, "python": platform.python_version(),
                                "system": platform.system(), "jails": doctor_jail.tiers()}
        print_json(told | ({"tried": tried} if jail else {}))
    else:
        table = Table(title=t("What this machine can do"), title_justify="left")
        for head in ("", "Capability", "What it means"):
            table.add_column(t(head) if head else "", overflow="fold")
        for name, there in found.items():
            table.add_row(t("yes") if there else t("no"), name, t(HELP[name]))
        screen().print(table)
        doctor_jail.show_tiers()
        if jail:
            doctor_jail.show_tried(tried)
        screen().print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}", highlight=False)
    if not found["python"] or (strict and not all(found.values())):
        raise typer.Exit(1)
