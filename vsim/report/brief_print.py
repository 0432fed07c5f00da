"""Printing a page to PDF with a browser of the machine: Chromium, Chrome or Edge, whichever is there."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from vsim.errors import UsageError, VsimError
from vsim.spec.plain_yaml import one_line

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge",
         "microsoft-edge")
PLACES = (
    "{ProgramFiles(x86)}/Microsoft/Edge/Application/msedge.exe", "{ProgramFiles}/Microsoft/Edge/Application/msedge.exe",
    "{ProgramFiles}/Google/Chrome/Application/chrome.exe", "{ProgramFiles(x86)}/Google/Chrome/Application/chrome.exe",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
PATIENCE = 120                # seconds


def browser() -> str | None:
    """Return the path of a browser that prints, or None."""
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    for place in PLACES:
        path = place
        for variable in ("ProgramFiles(x86)", "ProgramFiles"):
            path = path.replace("{" + variable + "}", os.environ.get(variable, "-"))
        if Path(path).is_file():
            return path
    return None


def print_pdf(page: Path, pdf: Path) -> Path:
    """Print a page of this machine to PDF and return its path; nothing is fetched.

    Raises
    ------
    UsageError
        When the machine has no browser that prints.
    VsimError
        When the browser does not print the page.
    """
    found = browser()
    if found is None:
        raise UsageError("pdf: no browser was found; allowed Chromium, Chrome or Edge. Install one, or print the page "
                         "from your own browser.")
    with TemporaryDirectory(prefix="vsim-print-", ignore_cleanup_errors=True) as profile:
        made = Path(profile) / "page.pdf"
        command = [found, "--headless", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer",
                   "--disable-background-networking", "--disable-component-update", f"--user-data-dir={profile}",
                   f"--print-to-pdf={made}", page.resolve().as_uri()]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.insert(1, "--no-sandbox")         # Chromium refuses to run as root with its own
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise VsimError(f"pdf: {Path(found).name} did not print ({one_line(str(error), 120)}).") from None
        if not made.is_file() or not made.read_bytes().startswith(b"%PDF"):
            said = one_line(done.stderr.strip().rpartition("\n")[2], 160)
            raise VsimError(f"pdf: {Path(found).name} printed nothing ({said}). Print the page from your own browser.")
        pdf.write_bytes(made.read_bytes())
    return pdf
