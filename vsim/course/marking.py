"""The ways in which an answer earns: helpers from which the checks of lessons and units are written.

Each returns one `Criterion`. A slip is a wrong value that a known misconception leads to, computed for the same city:
it gives the learner the reason and, where the author says so, a part of the credit. No reason names the right value.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vsim.course.payload import argument
from vsim.course.tasks import NO_ANSWER, Criterion, no_answer
from vsim.course.words import Said, t


@dataclass(frozen=True, slots=True)
class Slip:
    """A known misconception: the value it leads to, its short name, the reason to show, the credit it still earns."""

    value: float
    name: str
    reason: str
    credit: float = 0.0


def close(value: float, right: float, tolerance: float) -> bool:
    """Return whether a value is right within a tolerance in its own unit."""
    return math.isfinite(value) and abs(value - right) <= tolerance + 1e-9 * max(1.0, abs(right))


def number(
    given: Mapping[str, Any],
    name: str,
    right: float,
    label: str,
    *,
    tolerance: float = 0.0,
    weight: float = 1.0,
    slips: Sequence[Slip] = (),
    otherwise: str = t("This is not the value of your city."),
) -> Criterion:
    """Judge one number.

    Parameters
    ----------
    given : mapping
        Parts that could be read.
    name : str
        Which part.
    right : float
        The value of this learner's city.
    label : str
        What is judged.
    tolerance : float
        Distance that still counts as right, in the number's own unit.
    slips : sequence of Slip
        Known wrong values, the likeliest first.
    otherwise : str
        Reason for a wrong value that no slip explains.
    """
    if name not in given:
        return Criterion(label, 0.0, weight, no_answer(name), NO_ANSWER)
    value = float(given[name])
    if close(value, right, tolerance):
        return Criterion(label, 1.0, weight)
    for slip in slips:
        if close(value, slip.value, tolerance):
            return Criterion(label, slip.credit, weight, slip.reason, slip.name)
    return Criterion(label, 0.0, weight, otherwise, "other")


def choice(
    given: Mapping[str, Any],
    name: str,
    right: int,
    label: str,
    *,
    slips: Sequence[Slip],
    weight: float = 1.0,
) -> Criterion:
    """Judge a choice by the option's place in the author's order; every wrong option is a slip with its reason."""
    if name not in given:
        return Criterion(label, 0.0, weight, no_answer(name), NO_ANSWER)
    if given[name] == right:
        return Criterion(label, 1.0, weight)
    for slip in slips:
        if slip.value == given[name]:
            return Criterion(label, slip.credit, weight, slip.reason, slip.name)
    return Criterion(label, 0.0, weight, t("Read the options once more."), "other")


def rows(
    given: Mapping[str, Any],
    name: str,
    right: Mapping[str, float],
    column: str,
    label: str,
    *,
    tolerance: float,
    weight: float = 1.0,
    slips: Sequence[tuple[Mapping[str, float], Slip]] = (),
    otherwise: str = t("{n} of {total} rows have the value of your city."),
) -> Criterion:
    """Judge one column of a table: the credit is the share of rows that are right.

    Parameters
    ----------
    right : mapping of str to float
        Right value of each row.
    column : str
        Which column.
    slips : sequence of (values of each row, Slip)
        A slip is recognised when at least half of the rows hold its values and it fits better than the truth.
    """
    if name not in given:
        return Criterion(label, 0.0, weight, no_answer(name), NO_ANSWER)
    table: Mapping[str, Mapping[str, float]] = given[name]

    def fits(values: Mapping[str, float]) -> int:
        return sum(
            1
            for key, value in values.items()
            if column in table.get(key, {}) and close(table[key][column], value, tolerance)
        )

    n, total = fits(right), len(right)
    extra = len(set(table) - set(right))
    share = max(0.0, n - extra) / total if total else 0.0
    if share >= 1:
        return Criterion(label, 1.0, weight)
    for values, slip in slips:
        if 2 * fits(values) >= total and fits(values) > n:
            return Criterion(label, max(share, slip.credit), weight, slip.reason, slip.name)
    return Criterion(label, share, weight, Said(otherwise, {"n": n, "total": total}), "other")


def _own(value: Any) -> Any:
    """Return an argument that a function may write into: a table as a copy, which costs less than making it anew."""
    return value.copy() if hasattr(value, "columns") else value


def outputs(
    given: Mapping[str, Any],
    name: str,
    model: Callable[..., float],
    label: str,
    *,
    tolerance: float,
    weight: float = 1.0,
    slips: Sequence[tuple[Callable[..., float], Slip]] = (),
    otherwise: str = t("{n} of {total} hidden inputs gave the right result."),
) -> Criterion:
    """Judge what a function returned for hidden inputs: the credit is the share that is right.

    Parameters
    ----------
    model : callable
        The right function; it gets the same arguments.
    slips : sequence of (wrong function, Slip)
        A slip is recognised when its function gives what the learner's gave, for every input.

    The reason says how many, never which inputs or results.
    """
    if name not in given:
        return Criterion(label, 0.0, weight, no_answer(name), NO_ANSWER)
    pairs: Sequence[tuple[Any, Any]] = given[name]
    made = [([argument(item) for item in values], mine) for values, mine in pairs]

    def hits(wanted: Callable[..., float]) -> Iterator[bool]:
        for values, mine in made:
            value = wanted(*[_own(item) for item in values])
            yield isinstance(mine, int | float) and close(float(mine), float(value), tolerance)

    n, total = sum(hits(model)), len(pairs)
    if total and n == total:
        return Criterion(label, 1.0, weight)
    for wrong, slip in slips:
        if total and all(hits(wrong)):
            return Criterion(label, slip.credit, weight, slip.reason, slip.name)
    return Criterion(label, n / total if total else 0.0, weight, Said(otherwise, {"n": n, "total": total}), "other")
