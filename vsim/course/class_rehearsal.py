"""Rehearsing a class: how a unit would order learners, before any learner has seen it.

Many invented classes of the frozen model answer the unit; each answer earns what the checkers gave it on one of the
cities of the bank. Reported are difficulty, item-rest correlation, the correlation of the score with ability, and
reliability; a task that no mistake can lower, or that orders learners the wrong way, is a fault of the unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import Any

import numpy as np

from vsim.course.class_bank import Bank
from vsim.course.class_model import MODEL, ClassModel, ability, chance, frozen, mistake, pick
from vsim.course.keys import PUBLIC, share

WANTED = 0.7          # correlation of score with ability
LEAST = 0.1           # item-rest correlation
SEATS = 30
Shares = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """One task over all classes: mean share of points, mean item-rest correlation, with 95 % of the classes' span."""

    task: str
    points: float
    difficulty: float
    item_rest: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ClassOutcome:
    """What the rehearsal of a unit found.

    Attributes
    ----------
    unit : str
    classes, seats, cities : int
    model : str
        Checksum of the class model.
    items : tuple of ItemOutcome
    ability : tuple of float
        Mean correlation of score and ability over the classes, and the span of the middle 95 % of them.
    alpha : tuple of float
        Mean of Cronbach's alpha, and the span of the middle 95 % of the classes.
    faults : tuple of str
    """

    unit: str
    classes: int
    seats: int
    cities: int
    model: str
    items: tuple[ItemOutcome, ...]
    ability: tuple[float, float, float]
    alpha: tuple[float, float, float]
    faults: tuple[str, ...]


def seat_answers(bank: Bank, group: int, seat: int, model: ClassModel = MODEL) -> tuple[float, int, dict[str, str]]:
    """Return the ability of an invented learner, the city, and the name of the answer given to each task."""
    theta = ability(bank.unit, group, seat)
    city = int(share(PUBLIC, "city", bank.unit, group, seat) * bank.cities)
    chosen: dict[str, str] = {}
    for place, task in enumerate(bank.points):
        met, draw = (share(PUBLIC, word, bank.unit, group, seat, task) for word in ("met", "which"))
        if met < chance(model, theta, place, len(bank.points), bank.guess[task]):
            names = bank.right[task]
            chosen[task] = pick(names, [1.0] * len(names), draw)
        else:
            shares = {name: fmean(bank.earned[task][name]) / bank.points[task] for name in bank.wrong[task]}
            chosen[task] = mistake(model, theta, shares, draw)
    return theta, city, chosen


def one_class(bank: Bank, group: int, seats: int = SEATS, model: ClassModel = MODEL) -> tuple[Shares, Shares]:
    """Return one class: abilities (seats,), and points earned (seats, tasks)."""
    thetas, points = np.empty(seats), np.empty((seats, len(bank.points)))
    for seat in range(seats):
        thetas[seat], city, chosen = seat_answers(bank, group, seat, model)
        points[seat] = [bank.earned[task][name][city] for task, name in chosen.items()]
    return thetas, points


def rehearse_classes(bank: Bank, classes: int = 200, seats: int = SEATS, model: ClassModel = MODEL) -> ClassOutcome:
    """Return what many invented classes make of a unit.

    Parameters
    ----------
    bank : Bank
        What every known answer earns.
    classes, seats : int
    model : ClassModel
        The frozen one; another only in tests.
    """
    most = np.array(list(bank.points.values()))
    with_ability, alphas = np.empty(classes), np.empty(classes)
    difficulty, rest = np.empty((classes, most.size)), np.empty((classes, most.size))
    for group in range(classes):
        thetas, points = one_class(bank, group, seats, model)
        total = points.sum(axis=1)
        with_ability[group] = _correlation(total, thetas)
        alphas[group] = cronbach(points)
        difficulty[group] = points.mean(axis=0) / most
        rest[group] = [_correlation(points[:, k], total - points[:, k]) for k in range(most.size)]
    items = tuple(
        ItemOutcome(task, bank.points[task], float(difficulty[:, k].mean()), *_spread(rest[:, k]))
        for k, task in enumerate(bank.points)
    )
    faults = [f"{task}: no known mistake loses a point" for task in bank.idle()]
    faults += [f"{item.task}: item-rest correlation {item.item_rest:.2f}; allowed {LEAST:g} or more" for item in items
               if item.item_rest < LEAST and item.task not in bank.idle()]
    found = _spread(with_ability)
    if found[0] < WANTED:
        faults.append(f"the score correlates with ability at {found[0]:.2f}; allowed {WANTED:g} or more")
    return ClassOutcome(bank.unit, classes, seats, bank.cities, frozen(model), items, found, _spread(alphas),
                        tuple(faults))


def cronbach(points: Shares) -> float:
    """Return Cronbach's alpha of a class (learners, items); 0 where all have the same score."""
    whole = points.sum(axis=1).var(ddof=1)
    many = points.shape[1]
    return float(many / (many - 1) * (1 - points.var(axis=0, ddof=1).sum() / whole)) if whole > 0 and many > 1 else 0.0


def _correlation(one: Shares, other: Shares) -> float:
    """Return Pearson's correlation; 0 where one of the two does not vary: it orders nobody."""
    return float(np.corrcoef(one, other)[0, 1]) if one.std() > 0 and other.std() > 0 else 0.0


def _spread(values: Shares) -> tuple[float, float, float]:
    low, high = np.quantile(values, (0.025, 0.975))
    return float(values.mean()), float(low), float(high)
