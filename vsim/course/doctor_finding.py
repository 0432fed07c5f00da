"""What the doctor of a course says of one thing that is wrong, and what the parts of the doctor share."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

Mend = Callable[[], object]
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
