"""The doctor of a course: what is wrong with it, why that matters and what to do; and it mends what is safe to mend.

Mending never loses work: what is damaged is set aside under a name of its own, and what is made again is made from what
remains. Submissions are only ever read.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from vsim.course.folder import CONFIG, LEARNERS, SETTINGS
from vsim.course.keys import SECRET_FILE
from vsim.i18n import t
from vsim.spec.plain_yaml import one_line

Mend = Callable[[], object]
Place = TypeVar("Place")
SOME = 5                         # names that are told of many


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that the doctor found.

    Attributes
    ----------
    code : str
        A fixed word for it.
    where : str
        File, learner or part of the machine.
    what, why, then : str
        What is wrong, why it matters, what to do next; in the language in force.
    grave : bool
        Whether it is wrong; else it is good to know.
    mend : callable or None
        Mends it; None where a person has to.
    mended : bool
        Whether it was mended.
    """

    code: str
    where: str
    what: str
    why: str
    then: str
    grave: bool = True
    mend: Mend | None = field(default=None, repr=False, compare=False)
    mended: bool = False


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


def set_aside(path: Path) -> Path:
    """Give a file the first free name `<name>.aside-N` beside it, and return that name."""
    number = 1
    while (aside := path.with_name(f"{path.name}.aside-{number}")).exists():
        number += 1
    os.rename(path, aside)
    return aside


def some(names: list[str], sign: str = ", ") -> str:
    """Return the first names of many, and how many more there are."""
    more = len(names) - SOME
    return sign.join(names[:SOME]) + (f" (+{more})" if more > 0 else "")
