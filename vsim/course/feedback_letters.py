"""The letters that all feedback pages of a unit share: their font is cut once in a process, not once a page.

A page then carries two cuts of one family: the shared one, and what its own names, answers and remarks need besides.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from string import ascii_letters, digits, punctuation

from vsim.course.editions import translations_of
from vsim.course.folder import Course, open_course
from vsim.errors import VsimError

PLAIN = frozenset(ascii_letters + digits + punctuation)


def two_cuts(shown: str, course: Course | None, unit: str, lang: str) -> list[str]:
    """Return the letters of a page as one or two texts, each in one order: the shared ones, and the rest.

    Parameters
    ----------
    shown : str
        All letters of the page.
    course : Course or None
    unit : str
    lang : {"en", "zh_CN"}
    """
    shared = PLAIN if course is None else _shared(course.root, unit, lang)
    rest = {letter for letter in shown if letter.isprintable() and not letter.isspace()} - shared
    return ["".join(sorted(letters)) for letters in (shared, rest) if letters]


@lru_cache(maxsize=64)
def _shared(root: Path, unit: str, lang: str) -> frozenset[str]:
    try:
        source = open_course(root).unit(unit).source
        texts = translations_of(source, lang).known.values() if lang != "en" else [cell.source for cell in source.cells]
    except (VsimError, OSError):
        return PLAIN
    return PLAIN | {letter for text in texts for letter in text if letter.isprintable() and not letter.isspace()}
