"""A graded unit: its folder, and a learner's sitting at it - the learner's own city and the truth about that city."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from vsim.course.catalogues import Translations
from vsim.course.checks import Checks, load_checks
from vsim.course.editions import sidecar
from vsim.course.keys import PUBLIC, seed
from vsim.course.source import Source, read_source
from vsim.errors import DataError, UsageError, did_you_mean, listing

ASSIGNMENT, CHECKS = "assignment.md", "checks.py"
DRAWS = 120  # cities drawn before a unit is called unfair: where one in four is fair, a thousand learners find one


@dataclass(frozen=True)
class Unit:
    """A unit that can be released, taken and marked.

    Attributes
    ----------
    folder : Path
        Holds `assignment.md` with its catalogue, `checks.py`, `rubric.md` and `mutants/`.
    """

    folder: Path

    @cached_property
    def source(self) -> Source:
        """The text of the unit."""
        return read_source(self.folder / ASSIGNMENT)

    @cached_property
    def checks(self) -> Checks:
        """The checks of the unit."""
        checks = load_checks(self.folder / CHECKS)
        if checks.city is None:
            raise DataError(f"{self.folder / CHECKS}: has no function city(seed); a graded unit needs one.")
        return checks

    @property
    def id(self) -> str:
        """The unit's id, which is also nbgrader's name of its assignment and notebook."""
        return self.source.syllabus.id

    @property
    def hand_points(self) -> dict[str, float]:
        """Points of the cells that a person marks, by grade id."""
        marks = [cell.metadata.get("nbgrader", {}) for cell in self.source.cells]
        hand = [mark for mark in marks if mark.get("grade") and mark["solution"]]
        return {str(mark["grade_id"]): float(mark["points"]) for mark in hand}

    def card(self, lang: str, said: Translations, *, course: str, due: str | None = None) -> dict[str, Any]:
        """Return the public card of the unit, `unit.json`: no check, no solution, no seed."""
        return {
            **sidecar(self.source, lang, said),
            "course": course,
            "due": due,
            "hand_points": sum(self.hand_points.values()),
            "tasks": [task.public() for task in self.checks.tasks],
        }


@dataclass(frozen=True, slots=True)
class Sitting:
    """One learner at one unit.

    Attributes
    ----------
    learner : str
    seed : int
        Seed of the learner's city.
    tables : mapping of str to DataFrame
        What the learner gets.
    truth : object
        What the checks compare with; it stays outside.
    """

    learner: str
    seed: int
    tables: Mapping[str, Any]
    truth: Any


def cities(unit: Unit, course: str, learner: str) -> Iterator[tuple[int, Mapping[str, Any], Any, list[str]]]:
    """Yield the cities that are drawn for a learner, one after the other: seed, tables, truth, what is unfair."""
    city = unit.checks.city
    assert city is not None
    for draw in range(DRAWS):
        number = seed(PUBLIC, course, unit.id, learner, "city", draw)
        tables = city(number)
        truth = unit.checks.truth(tables)
        yield number, tables, truth, list(unit.checks.faults(truth))


def sit(unit: Unit, course: str, learner: str) -> Sitting:
    """Return a learner's sitting: cities are drawn until one makes a fair question.

    Raises
    ------
    DataError
        When none of many cities is fair; the unit must be mended.
    """
    faults: list[str] = []
    for number, tables, truth, faults in cities(unit, course, learner):
        if not faults:
            return Sitting(learner, number, tables, truth)
    raise DataError(
        f"{unit.id}: none of {DRAWS} cities drawn for '{learner}' makes a fair question ({faults[0]}). "
        "Mend city() or faults() in its checks.py."
    )


def find_unit(name: str, roots: Iterable[Path]) -> Path:
    """Return the folder of a unit by path, by "foundation/01-name", by its id "foundation-01-name", or by "01-name".

    Raises
    ------
    UsageError
        When none or several bear the name.
    """
    given = Path(name)
    if (given / ASSIGNMENT).is_file():
        return given
    known: dict[str, Path] = {}
    short: dict[str, list[str]] = {}
    for root in roots:
        for path in sorted(root.glob(f"*/*/{ASSIGNMENT}")):
            tier, stem = path.parent.parent.name, path.parent.name
            known.setdefault(f"{tier}-{stem}", path.parent)
            short.setdefault(stem, []).append(f"{tier}-{stem}")
    wanted = name.strip("/").replace("/", "-")
    if wanted in known:
        return known[wanted]
    if len(short.get(wanted, [])) == 1:
        return known[short[wanted][0]]
    if wanted in short:
        raise UsageError(f"unit is '{name}'; there are several: {listing(short[wanted])}. Name one with its tier.")
    raise UsageError(
        f"unit is '{name}'; allowed {listing(known) or 'a folder with assignment.md'}.{did_you_mean(wanted, known)}"
    )
