"""Trainer's notes of a unit: `notes.md` beside its text, checked, translated with it, and made into a page to print.

Six parts under fixed headings: goals, timing (a table whose minutes add up to those of the unit), where learners
stumble, questions for a discussion, answers, and what to do when time is short. The page ends with the rubric.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vsim.course.blocks import join, split
from vsim.course.editions import FORMAT, KERNEL, translations_of
from vsim.course.unit import Unit
from vsim.i18n import known_language
from vsim.spec.loading import read_text

if TYPE_CHECKING:
    from nbformat import NotebookNode

PARTS = ("Goals", "Timing", "Where learners stumble", "Questions for a discussion", "Answers", "When time is short")
HEADING = re.compile(r"^##\s+(.+?)\s*$", re.MULTILINE)
MINUTES = re.compile(r"^\|\s*(\d+)\s*\|", re.MULTILINE)
LEAST = 20                                                       # letters below a heading, or the part says nothing


def parts_of(text: str) -> dict[str, str]:
    """Return the parts of the notes by heading."""
    pieces = HEADING.split(text)[1:]
    return dict(zip(pieces[::2], pieces[1::2], strict=True))


def notes_faults(unit: Unit) -> list[str]:
    """Return what is wrong with the notes: none, a part that is missing or empty, minutes that do not add up."""
    path = unit.source.notes
    if not path.is_file():
        return [f"notes.md is missing; allowed the parts {', '.join(PARTS)}"]
    parts = parts_of(read_text(path))
    found = [f"the part '{name}' is missing or says nothing" for name in PARTS
             if len(parts.get(name, "").strip()) < LEAST]
    found += [f"the heading '{name}' is none of {', '.join(PARTS)}" for name in parts if name not in PARTS]
    minutes, wanted = sum(map(int, MINUTES.findall(parts.get("Timing", "")))), unit.source.syllabus.minutes
    if minutes != wanted:
        found.append(f"the minutes of the part 'Timing' add up to {minutes}; allowed {wanted}, as the unit says")
    return found


def notes_notebook(unit: Unit, lang: str) -> NotebookNode:
    """Return the notes and the rubric of a unit as a notebook of text alone, from which a page is made.

    Parameters
    ----------
    unit : Unit
    lang : str
        "en" or "zh_CN".
    """
    from nbformat.v4 import new_markdown_cell, new_notebook

    lang = known_language(lang)
    known = translations_of(unit.source, lang).known
    cells: list[str] = []
    for path in (unit.source.notes, unit.source.rubric):
        if path.is_file():
            text = join(split(read_text(path)), known)
            cells.append(text if not cells else re.sub(r"^# ", "## ", text, flags=re.MULTILINE))
    notebook: NotebookNode = new_notebook(
        cells=[new_markdown_cell(text, id=f"notes-{place}") for place, text in enumerate(cells)],
        metadata={"kernelspec": dict(KERNEL), "vsim": {"format": FORMAT, "id": f"{unit.id}-notes", "lang": lang}},
    )
    return notebook
