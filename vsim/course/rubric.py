"""The rubric of a unit: for each part that a person marks, its criteria, their points, and what each level looks like.

It is written as a Markdown table in `rubric.md`, one heading and one table for each hand-marked cell, in their order:

    # Rubric: the first sentence (3 points)

    | criterion | full | half | none |
    | --- | --- | --- | --- |
    | Denominator (2) | named and defended | named | none |
    | Limit (1) | names one | "data may be wrong" | none |

The first level earns all points of its criterion, the last none, those between equal steps. Formgrader shows it beside
the answer, one click a criterion; the learner's page shows it below the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from vsim.course.blocks import join, split
from vsim.course.editions import json_bytes
from vsim.course.unit import Unit
from vsim.course.words import Words, t
from vsim.errors import DataError
from vsim.spec.loading import read_text, shown

POINTS = re.compile(r"[(\uff08]\s*(\d+(?:\.\d+)?)[^()\uff08\uff09]*[)\uff09]\s*$")
RULE = re.compile(r"\|?\s*:?-{3,}:?\s*(\|\s*:?-{3,}:?\s*)+\|?\s*")
LEVELS = range(2, 7)


@dataclass(frozen=True, slots=True)
class Level:
    """How far a criterion is met: its name, the points it earns, and what such an answer looks like."""

    name: str
    points: float
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One criterion of a rubric, its levels from best to none."""

    label: str
    points: float
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Rubric:
    """The rubric of one hand-marked cell.

    Attributes
    ----------
    cell : str
        Grade id of the cell.
    title : str
    rows : tuple of Row
    """

    cell: str
    title: str
    rows: tuple[Row, ...]

    @property
    def points(self) -> float:
        """The most that the criteria give together."""
        return sum(row.points for row in self.rows)

    def plain(self) -> dict[str, Any]:
        """Return the rubric as plain values, for formgrader."""
        return {
            "cell": self.cell,
            "title": self.title,
            "points": self.points,
            "rows": [
                {"label": row.label, "points": row.points,
                 "levels": [{"name": level.name, "points": level.points, "text": level.text} for level in row.levels]}
                for row in self.rows
            ],
        }


def rubrics_of(unit: Unit, known: dict[str, str] | None = None) -> tuple[Rubric, ...]:
    """Return the rubrics of a unit, one for each hand-marked cell; none where it has no `rubric.md`.

    Parameters
    ----------
    unit : Unit
    known : dict of str to str, optional
        Translations by English message; English without them.

    Raises
    ------
    DataError
        When a table cannot be read, or its points are not those of the cell.
    """
    path = unit.source.rubric
    if not path.is_file():
        return ()
    text = join(split(read_text(path)), known or {})
    cells = list(unit.hand_points.items())
    tables = list(_tables(text))
    if len(tables) != len(cells):
        raise DataError(
            f"{shown(path)}: has {len(tables)} tables with a heading; allowed one for each cell that a person marks "
            f"({', '.join(name for name, _ in cells) or 'none'}). Write a heading and a table for each, in their order."
        )
    found = []
    for (cell, points), (title, lines) in zip(cells, tables, strict=True):
        rubric = Rubric(cell, title, tuple(_rows(shown(path), lines)))
        if abs(rubric.points - points) > 1e-9:
            raise DataError(f"{shown(path)}: the criteria for '{cell}' give {rubric.points:g} points; allowed "
                            f"{points:g}, as the cell says. Make the numbers in brackets add up.")
        found.append(rubric)
    return tuple(found)


def rubric_files(unit: Unit, known: dict[str, str], lang: str) -> dict[str, bytes]:
    """Return what formgrader needs of the rubrics of a unit, by file name; nothing where there are none.

    The comments that a trainer keeps stand in a file of their own, begun here by the caller where it is missing.
    """
    found = rubrics_of(unit, known)
    if not found:
        return {}
    say = Words(lang)
    words = {"open": say(t("still open")), "bank": say(t("Kept comments")),
             "insert": say(t("Insert")), "keep": say(t("Keep this comment"))}
    text = join(split(read_text(unit.source.rubric)), known)
    return {
        f"{unit.id}.md": text.encode(),
        f"{unit.id}.json": json_bytes({"words": words, "rubrics": [rubric.plain() for rubric in found]}),
    }


def _tables(text: str) -> Iterable[tuple[str, list[list[str]]]]:
    """Yield each table with the heading above it, as cells."""
    title, lines = "", text.splitlines()
    for place, line in enumerate(lines):
        if line.startswith("#"):
            title = line.lstrip("#").strip()
        if RULE.fullmatch(line) and place and lines[place - 1].lstrip().startswith("|"):
            end = next((n for n in range(place, len(lines)) if not lines[n].lstrip().startswith("|")), len(lines))
            yield title, [_cells(lines[place - 1]), *(_cells(one) for one in lines[place + 1:end])]


def _cells(line: str) -> list[str]:
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def _rows(place: str, lines: list[list[str]]) -> Iterable[Row]:
    names = lines[0][1:]
    if len(names) not in LEVELS or not lines[1:]:
        raise DataError(f"{place}: a table has {len(names)} levels and {len(lines) - 1} criteria; allowed "
                        f"{LEVELS.start} to {LEVELS.stop - 1} levels, best first, and a criterion in each line.")
    for cells in lines[1:]:
        points = POINTS.search(cells[0])
        if points is None or len(cells) != len(names) + 1:
            raise DataError(f"{place}: the line '{cells[0][:60]}' is no criterion; allowed its name with its points in "
                            f"brackets, such as 'Denominator (2)', and {len(names)} levels.")
        most = float(points[1])
        steps = [round(most * (1 - n / (len(names) - 1)), 2) for n in range(len(names))]
        yield Row(cells[0][:points.start()].strip(), most,
                  tuple(Level(*one) for one in zip(names, steps, cells[1:], strict=True)))
