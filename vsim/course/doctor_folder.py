"""What can be wrong with a course folder as such: settings, roster, calendar, keys, and what killed runs left."""

from __future__ import annotations

import os
import shutil
import stat
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from vsim.course.backup_files import OWNER_ONLY, PARTIAL, TRANSIENT
from vsim.course.calendar import calendar_of
from vsim.course.calendar_dates import CALENDAR, EXTENSIONS
from vsim.course.doctor_finding import Finding
from vsim.course.folder import CONFIG, CONFIG_TEXT, LEARNERS, SETTINGS, Course, new_unit
from vsim.course.keys import SECRET_FILE, read_secret
from vsim.course.settings import Settings
from vsim.course.writing import write_whole
from vsim.errors import VsimError
from vsim.i18n import t
from vsim.spec.loading import read_yaml

YOUNG = 600                       # seconds: a younger file may belong to a command that is at work
LEAST_FREE = 500 * 2**20          # bytes of the disk
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def files(root: Path) -> Iterator[Finding]:
    """Yield what is wrong with the files that every course has, and what was left behind."""
    yield from _config(root)
    yield from _keys(root)
    yield from _leftovers(root)
    free = shutil.disk_usage(root).free
    if free < LEAST_FREE:
        yield Finding("disk", str(root), t("The disk has {mb} MB left.").format(mb=free // 2**20),
                      t("Grading writes a marked notebook and a page for everybody; a full disk stops it in the "
                        "middle."),
                      t("Make room, or move the course: vsim course backup, then vsim course restore."))


def _config(root: Path) -> Iterator[Finding]:
    path = root / CONFIG
    if not path.is_file():
        yield Finding("no-config", CONFIG, t("The file is missing."),
                      t("Without it nbgrader would run learners' code outside the jail, and no command finds the "
                        "course."),
                      t("--mend writes it as it is in a new course."),
                      mend=lambda: write_whole({path: CONFIG_TEXT.encode()}))
    elif "configure(c, __file__)" not in path.read_text(encoding="utf-8", errors="replace"):
        yield Finding("config", CONFIG, t("The line `configure(c, __file__)` is missing."),
                      t("Without it nbgrader would run learners' code outside the jail and mark by itself."),
                      t("Put the line back, above your own settings: configure(c, __file__)"))


def _keys(root: Path) -> Iterator[Finding]:
    try:
        read_secret(root)
    except VsimError:
        yield Finding("no-key", SECRET_FILE, t("The secret key is missing, or is no key."),
                      t("Hidden inputs, tickets and numbers of certificates come from it. With another key, the "
                        "tickets of "
                        "all handouts that are out no longer hold."),
                      t("Put the file back from a backup. Only where there is none: make a new course folder, and "
                        "collect "
                        "from folders that bear the learners' names."))
    if os.name == "nt":
        return
    for name in OWNER_ONLY:
        path = root / name
        if path.is_file() and path.stat().st_mode & OTHERS:
            yield Finding("open-key", name, t("Others on this machine may read it."),
                          t("Who reads the keys can forge tickets and certificates and work out hidden inputs; the "
                            "ledger "
                            "holds everybody's answers and marks."),
                          t("--mend leaves it to its owner alone (chmod 600)."), mend=partial(path.chmod, 0o600))


def _leftovers(root: Path) -> Iterator[Finding]:
    """Yield files that a killed command left half written: their process is gone, and they are not young."""
    found = [path for path in sorted(root.rglob(".*")) if _left_over(path)]
    if found:
        names = ", ".join(path.relative_to(root).as_posix() for path in found[:5])
        yield Finding("leftovers", names, t("{n} files that a killed command left half written.").format(n=len(found)),
                      t("They do no harm and take room."), t("--mend removes them."), mend=lambda: _removed(found))


def _left_over(path: Path) -> bool:
    if not (PARTIAL.fullmatch(path.name) or TRANSIENT.fullmatch(path.name)) or path.is_symlink():
        return False
    try:
        if time.time() - path.stat().st_mtime < YOUNG:
            return False
    except OSError:
        return False
    number = path.name.rpartition("-")[2]
    return not (number.isdigit() and PARTIAL.fullmatch(path.name) and alive(int(number)))


def alive(pid: int) -> bool:
    """Return whether a process is there; where the system does not say it harmlessly, it counts as gone."""
    if os.name == "nt":
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _removed(paths: list[Path]) -> None:
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def opened(root: Path) -> tuple[Course | None, list[Finding]]:
    """Return the course of a folder, or what is wrong with its settings."""
    try:
        return Course(root, Settings(**read_yaml(root / SETTINGS).data)), []
    except VsimError as error:
        return None, [Finding("settings", SETTINGS, str(error),
                              t("No command can open the course before its settings are right."),
                              t("Correct {file}, or take it from a backup; keep the course's name, which is part of "
                                "every "
                                "learner's seed.").format(file=SETTINGS))]


def people(course: Course) -> Iterator[Finding]:
    """Yield what is wrong with the roster and with the calendar."""
    try:
        known = set(course.learners)
    except VsimError as error:
        yield Finding("roster", LEARNERS, str(error), t("Without the roster nothing can be handed out, taken in or "
                                                        "marked."),
                      t("Correct the line, or read the cohort's list anew: vsim course roster LIST --dry-run"))
        return
    if not known:
        yield Finding("no-learners", LEARNERS, t("The roster names nobody."), t("There is nobody to release to."),
                      t("Read the cohort's list: vsim course roster LIST"), grave=False)
    try:
        calendar = calendar_of(course)
    except VsimError as error:
        yield Finding("calendar", CALENDAR, str(error), t("Without due dates nothing can be released, and lateness is "
                                                          "not "
                                                          "known."), t("Correct the line."))
        return
    for unit in sorted({*calendar.dues, *(unit for _, unit in calendar.longer)}):
        if not course.place("units", unit).is_dir() and not _known(course, unit):
            where = CALENDAR if unit in calendar.dues else EXTENSIONS
            yield Finding("calendar-unit", where, t("It names {unit}, which no unit is called.").format(unit=unit),
                          t("The date counts for nothing: the unit that was meant has none."),
                          t("Correct the id; those that are known: ls units, and the folders of the curriculum."))
    for learner in sorted({who for who, _ in calendar.longer} - known):
        yield Finding("calendar-learner", EXTENSIONS, t("It names {learner}, who is not on the roster.").format(
            learner=learner), t("The extension counts for nobody."), t("Correct the id, or take the line away."))


def _known(course: Course, unit: str) -> bool:
    try:
        new_unit(course, unit)
    except VsimError:
        return False
    return True
