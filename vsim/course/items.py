"""Item analysis of a unit, from the ledger alone: how hard each task is, and whether it tells learners apart.

Fewer than 15 learners get figures with their intervals and no flags: chance alone would raise most of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from vsim.course.draws import leaves
from vsim.course.folder import Course
from vsim.course.gate_rules import rules_of
from vsim.course.items_answers import Option, Wrong, options_of, wrong_of
from vsim.course.items_lines import Tilt, city_tilts, section_tilts
from vsim.course.items_table import Marks, Row, attempts_of, judged_parts, marks_of, truth_for
from vsim.course.items_theory import theory
from vsim.course.rescore_truths import Truths
from vsim.course.standing import Standing
from vsim.course.unit import Unit, sit
from vsim.spec.estimate import Estimate

FEWEST = 15                   # learners below which nothing is flagged
TOO_EASY, TOO_HARD = 0.95, 0.20
LOW = 0.15                    # item-rest correlation that tells little
NOTABLE = 0.1                 # difference in the share of points that is worth a look
SHOWN = 5                     # values of the city that are told
FLAGS = ("check-key", "tells-little", "too-hard", "too-easy", "city-matters", "sections-differ")


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to look at.

    Attributes
    ----------
    code : str
        One of `FLAGS`.
    item : str
        "" for the whole unit.
    clear : bool
        Whether the whole interval says so; else chance may have done it.
    """

    code: str
    item: str
    clear: bool


@dataclass(frozen=True, slots=True)
class Item:
    """One task or written answer.

    Attributes
    ----------
    item, title : str
        Id, and the title as a message of the unit; for a written answer the id again.
    points : float
    difficulty, discrimination, item_rest : Estimate
        See `vsim.course.items_theory`.
    zero, full : float
        Share of learners with nothing, and with all of the points.
    first, later, never : int
        Learners who earned all at the first attempt, at a later one, not yet.
    options, wrong : tuple
        Of choices; ways of going wrong, the most frequent first.
    """

    item: str
    title: str
    points: float
    difficulty: Estimate
    discrimination: Estimate
    item_rest: Estimate
    zero: float
    full: float
    first: int
    later: int
    never: int
    options: tuple[Option, ...] = ()
    wrong: tuple[Wrong, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemAnalysis:
    """What a unit's tasks did in a class.

    Attributes
    ----------
    unit : str
    learners : int
        With an attempt that counts.
    alpha, sem : Estimate
        Reliability, and the standard error of measurement in points.
    items : tuple of Item
    unmarked : tuple of str
        Written answers that are still open for somebody, and left out.
    attempts : dict of str to int
        Learners by the attempt at which they first earned the share that a unit needs; "" for not yet.
    needed : float
        That share, of the points that the computer gives.
    cities : tuple of Tilt
        What the learner's own city does to the share of points, the largest effects first.
    cities_known : int
        Learners whose city's truth was at hand for that.
    sections : tuple of Tilt
    flags : tuple of Flag
    """

    unit: str
    learners: int
    alpha: Estimate
    sem: Estimate
    items: tuple[Item, ...]
    unmarked: tuple[str, ...]
    attempts: dict[str, int]
    needed: float
    cities: tuple[Tilt, ...]
    cities_known: int
    sections: tuple[Tilt, ...]
    flags: tuple[Flag, ...]

    def plain(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)


def item_analysis(
    course: Course, unit: Unit, found: Mapping[str, Standing], *, draw: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> ItemAnalysis:
    """Return the item analysis of a unit.

    Parameters
    ----------
    course : Course
    unit : Unit
        The course's frozen copy.
    found : mapping of str to Standing
        As `vsim.course.standing.standings` returns them.
    draw : bool
        Draw the cities whose truth is not kept, half a second each; without it seed fairness takes the kept ones.
    progress : callable, optional
        Called with (cities looked at, cities in all).

    Raises
    ------
    DataError
        When the ledger is damaged.
    """
    marks = marks_of(unit, found)
    tried = attempts_of(course, unit)
    said = theory(marks.points, marks.most)
    truth = truth_for(course, unit, marks.rows)
    items = []
    for place, name in enumerate(marks.items):
        task = next((one for one in unit.checks.tasks if one.id == name), None)
        parts = judged_parts(task, truth) if task is not None and truth is not None else {}
        share = marks.shares[:, place]
        n = max(len(share), 1)
        items.append(Item(
            name, task.title if task is not None else name, float(marks.most[place]), said.difficulty[place],
            said.discrimination[place], said.item_rest[place], float((share <= 0).sum()) / n,
            float((share >= 1 - 1e-9).sum()) / n, *_met(name, tried, share),
            tuple(options_of(marks, task, parts)) if task else (), tuple(wrong_of(marks, task, parts)) if task else (),
        ))
    needed = rules_of(course).said.tiers[unit.source.syllabus.tier].least_share
    known, values = _city_values(course, unit, marks, draw, progress)
    total = marks.points.sum(axis=1) / marks.most.sum()
    cities = tuple(city_tilts(total[known], values))
    sections = tuple(section_tilts(marks.points, marks.most, marks.items,
                                   [course.roster[one].section for one in marks.learners]))
    return ItemAnalysis(
        unit.id, len(marks.learners), said.alpha, said.sem, tuple(items), marks.unmarked, _first_pass(tried, needed),
        needed, cities[:SHOWN], len(known), sections, _flags(items, cities, sections, len(marks.learners)),
    )


def _met(item: str, tried: Mapping[str, Mapping[int, Row]], share: Any) -> tuple[int, int, int]:
    """Return how many earned all of a task at the first attempt, later, and not yet."""
    counts = Counter("first" if place == 0 else "later" if place is not None else "never" for place in (
        next((place for place, row in enumerate(mine.values()) if _full(row, item)), None) for mine in tried.values()))
    if not any(item in row["scores"] for mine in tried.values() for row in mine.values()):       # marked by a person
        return int((share >= 1 - 1e-9).sum()), 0, int((share < 1 - 1e-9).sum())
    return counts["first"], counts["later"], counts["never"]


def _full(row: Row, item: str) -> bool:
    score = row["scores"].get(item)
    return score is not None and score["earned"] >= score["points"]


def _first_pass(tried: Mapping[str, Mapping[int, Row]], needed: float) -> dict[str, int]:
    """Return learners by the place of the first attempt that earned enough of what the computer marks."""
    counts: Counter[int] = Counter()
    for mine in tried.values():
        passed = (place for place, row in enumerate(mine.values(), start=1) if _share(row) >= needed - 1e-9)
        counts[next(passed, 0)] += 1
    return {str(place) if place else "": counts[place] for place in sorted(counts, key=lambda one: (one == 0, one))}


def _share(row: Row) -> float:
    most = sum(score["points"] for score in row["scores"].values())
    return sum(score["earned"] for score in row["scores"].values()) / most if most else 0.0


def _city_values(
    course: Course, unit: Unit, marks: Marks, draw: bool, progress: Callable[[int, int], None] | None
) -> tuple[list[int], dict[str, list[float]]]:
    """Return for which learners the truth of the city is at hand, and its numbers by name."""
    kept = Truths(course, unit)
    known: list[int] = []
    lines: list[dict[str, float]] = []
    for place, (learner, row) in enumerate(zip(marks.learners, marks.rows, strict=True)):
        truth = kept.find(int(row["seed"]))
        if truth is None and draw:
            sitting = sit(unit, course.name, learner)
            truth = kept.keep_of(sitting).truth if sitting.seed == int(row["seed"]) else None
        if truth is not None:
            known.append(place)
            lines.append({name: float(value) for name, value in leaves(truth) if not isinstance(value, str | bool)})
        if progress is not None:
            progress(place + 1, len(marks.learners))
    names = set.intersection(*(set(line) for line in lines)) if lines else set()
    return known, {name: [line[name] for line in lines] for name in sorted(names)}


def _flags(items: list[Item], cities: tuple[Tilt, ...], sections: tuple[Tilt, ...], n: int) -> tuple[Flag, ...]:
    """Return what to look at; nothing in a small class."""
    if n < FEWEST:
        return ()
    found = []
    for one in items:
        r, p = one.item_rest, one.difficulty
        if r.value < 0:
            found.append(Flag("check-key", one.item, r.high < 0))
        elif r.value < LOW:
            found.append(Flag("tells-little", one.item, r.high < LOW))
        if p.value < TOO_HARD:
            found.append(Flag("too-hard", one.item, p.high < TOO_HARD))
        if p.value > TOO_EASY:
            found.append(Flag("too-easy", one.item, p.low > TOO_EASY))
    found += [Flag("city-matters", tilt.name, True) for tilt in cities
              if tilt.effect.n >= FEWEST and abs(tilt.effect.value) >= NOTABLE and _away(tilt.effect)]
    found += [Flag("sections-differ", tilt.item, True) for tilt in sections
              if abs(tilt.effect.value) >= NOTABLE and _away(tilt.effect)]
    return tuple(dict.fromkeys(found))


def _away(effect: Estimate) -> bool:
    return bool(np.sign(effect.low) == np.sign(effect.high) != 0)
