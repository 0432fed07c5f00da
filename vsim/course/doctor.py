"""The doctor of a course: what is wrong with it, why that matters and what to do; and it mends what is safe to mend.

Mending never loses work: what is damaged is set aside under a name of its own, and what is made again is made from what
remains. Submissions are only ever read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from vsim.course.doctor_finding import Finding
from vsim.course.folder import CONFIG, LEARNERS, SETTINGS
from vsim.course.keys import SECRET_FILE
from vsim.i18n import t
from vsim.spec.plain_yaml import one_line

Place = TypeVar("Place")


def course_root(path: Path) -> Path | None:
    """Return the course folder that a folder is or lies in, however damaged it is: two of its own files are there."""
    here = path.resolve()
    for place in (here, *here.parents):
        if sum((place / name).is_file() for name in (SETTINGS, CONFIG, LEARNERS, SECRET_FILE)) >= 2:
            return place
    return None


def examine(root: Path) -> Iterator[Finding]:
    """Yield everything that is wrong with a course folder; one part that cannot be looked at stops no other.

    Parameters
    ----------
    root : Path
        As `course_root` gives it.
    """
    from vsim.course.doctor_folder import files, opened, people
    from vsim.course.doctor_ledger import lines
    from vsim.course.doctor_unit import certificates, units

    yield from _guarded(files, root)
    yield from _guarded(lines, root)
    course, faults = opened(root)
    yield from faults
    if course is not None:
        for part in (people, units, certificates):
            yield from _guarded(part, course)


def _guarded(part: Callable[[Place], Iterator[Finding]], place: Place) -> Iterator[Finding]:
    try:
        yield from part(place)
    except Exception as error:  # noqa: BLE001 - a damaged course may do anything, and the other parts are looked at
        yield Finding("unreadable", str(getattr(error, "filename", "") or getattr(place, "root", place)),
                      one_line(str(error), 300) or type(error).__name__,
                      t("What depends on it could not be looked at."), t("Put it right, then ask the doctor again."))


def mended(findings: list[Finding]) -> list[Finding]:
    """Mend what can be mended, and return the findings as they stand then; what fails says why.

    Parameters
    ----------
    findings : list of Finding
    """
    done = []
    for one in findings:
        if one.mend is None:
            done.append(one)
            continue
        try:
            one.mend()
        except Exception as error:  # noqa: BLE001 - one that fails stops no other
            done.append(replace(one, then=t("It could not be mended: {why}").format(why=one_line(str(error), 300))))
        else:
            done.append(replace(one, mended=True))
    return done
