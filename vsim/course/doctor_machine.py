"""What can be wrong with the machine on which a course is run: the jail, packages, the clock, the temporary disk."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from vsim.course.doctor_finding import Finding
from vsim.course.jail import JAILS, probed, tier, weak_warning
from vsim.i18n import t

PACKAGES = {                      # what a course needs, by the extra that brings it
    "course": ("nbgrader", "jupytext", "nbconvert", "babel", "nbclient", "ipykernel"),
}
LEAST_TEMPORARY = 500 * 2**20     # bytes
AHEAD = 86_400                    # seconds by which this program's own files may be younger than the clock


def machine(font: Path | None = None) -> Iterator[Finding]:
    """Yield what is wrong with this machine.

    Parameters
    ----------
    font : Path, optional
        The file of the font in which pages and certificates are set.
    """
    yield from _jail()
    for extra, names in PACKAGES.items():
        missing = [name for name in names if find_spec(name) is None]
        if missing:
            yield Finding("packages", "Python", t("Not installed: {names}.").format(names=", ".join(missing)),
                          t("Nothing can be released, taken in or graded."),
                          t("Install the extra: pip install 'vsim[{extra}]'").format(extra=extra))
    if font is not None and not font.is_file():
        yield Finding("font", font.name, t("The font of pages and certificates is missing."),
                      t("Certificates cannot be drawn, and Chinese falls back on what each machine has."),
                      t("Install vsim anew."))
    temporary = Path(tempfile.gettempdir())
    free = shutil.disk_usage(temporary).free
    if free < LEAST_TEMPORARY:
        yield Finding("temporary-disk", str(temporary), t("The disk has {mb} MB left.").format(mb=free // 2**20),
                      t("Each notebook that is graded works there."), t("Make room, or set TMPDIR to another disk."))
    made = max(path.stat().st_mtime for path in Path(__file__).resolve().parent.glob("*.py"))
    if made > time.time() + AHEAD:
        yield Finding("machine-clock", t("Clock"), t("It says {now}, and this program is younger than that.").format(
            now=datetime.now(UTC).isoformat(timespec="minutes")),
            t("Arrivals, lateness and the days on certificates follow it."), t("Set the clock."))


def _jail() -> Iterator[Finding]:
    found = tier()
    whys = "; ".join(f"{one}: {why}" for one in JAILS if (why := probed(one).why))
    if found == "none":
        yield Finding("no-jail", t("Jail"), t("There is no jail for learners' code here ({why}).").format(why=whys),
                      weak_warning(), t("On Linux install bubblewrap 0.8 or newer (apt-get install bubblewrap); "
                                        "elsewhere "
                                        "grade on Linux, on Windows in WSL."))
    elif found != JAILS[0]:
        yield Finding("second-jail", t("Jail"), t("Learners' code runs in the jail {tier}; a stronger one does "
                                                  "not start ({why}).").format(tier=found, why=whys),
                      t("It is a jail all the same: no network, no sight of anything but the learner's own inputs."),
                      t("Install bubblewrap 0.8 or newer (apt-get install bubblewrap)."), grave=False)
