"""The cities of many learners of one unit: how their truths are spread, and how often a city is drawn again.

A truth that most learners share can be copied; a unit that often draws again is close to unfair.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from statistics import median_low
from typing import Any

from vsim.course.unit import DRAWS, Unit, cities

COURSE = "rehearsal"                # the course that invented learners are in
SHARED = 0.5                        # share of learners with one and the same truth from which it can be copied
DIGITS = 6


@dataclass(frozen=True, slots=True)
class Truth:
    """One value of the truth over many cities.

    Attributes
    ----------
    name : str
        Its place in the truth; of a column of a table, its mean.
    least, middle, most : float, str or None
        Of the values; texts in the order of their letters.
    different : int
        Different values.
    commonest : float
        Share of cities with the commonest value.
    """

    name: str
    least: Any
    middle: Any
    most: Any
    different: int
    commonest: float

    @property
    def degenerate(self) -> bool:
        """Whether a number is shared by so many that it can be copied; a text has few values by its nature."""
        return self.commonest > SHARED and not isinstance(self.least, str)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn.

    Attributes
    ----------
    unit : str
    seeds : int
        Learners.
    draws : int
        Most cities that are drawn for one of them.
    redraws : tuple of int
        By learner, cities that made no fair question.
    reasons : mapping of str to int
        Why, the most frequent first.
    unfair : int
        Learners for whom no fair city was found.
    truths : tuple of Truth
    """

    unit: str
    seeds: int
    draws: int
    redraws: tuple[int, ...]
    reasons: Mapping[str, int]
    unfair: int
    truths: tuple[Truth, ...] = field(default_factory=tuple)

    def plain(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)


def drawn(unit: Unit, seeds: int, progress: Callable[[int, int], None] | None = None) -> Drawn:
    """Return the spread of a unit's truths over the cities of so many invented learners.

    Parameters
    ----------
    unit : Unit
    seeds : int
        Learners.
    progress : callable, optional
        Called with (learners done, learners in all).
    """
    values: dict[str, list[Any]] = {}
    reasons: Counter[str] = Counter()
    redraws: list[int] = []
    unfair = 0
    for learner in range(1, seeds + 1):
        faults: list[str] = []
        for _, _, truth, found in cities(unit, COURSE, f"seed-{learner}"):
            if not found:
                for name, value in leaves(truth):
                    values.setdefault(name, []).append(value)
                break
            faults += found[:1]
        else:
            unfair += 1
        redraws.append(len(faults))
        reasons.update(faults)
        if progress is not None:
            progress(learner, seeds)
    spread = tuple(_spread(name, some) for name, some in values.items())
    return Drawn(unit.id, seeds, DRAWS, tuple(redraws), dict(reasons.most_common()), unfair, spread)


def _spread(name: str, values: list[Any]) -> Truth:
    ordered = sorted(values, key=lambda value: (isinstance(value, str), value))
    counts = Counter(values)
    return Truth(name, ordered[0], median_low(ordered), ordered[-1], len(counts), max(counts.values()) / len(values))


def leaves(truth: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the numbers and texts in a truth, each with its place; of a column of numbers its mean.

    >>> list(leaves({"a": {"b": 1}, "c": "D01", "d": [1, 2]}))
    [('a.b', 1), ('c', 'D01'), ('d', 1.5)]
    """
    def at(key: object) -> str:
        return f"{name}.{key}" if name else str(key)

    if is_dataclass(truth) and not isinstance(truth, type):
        for one in fields(truth):
            yield from leaves(getattr(truth, one.name), at(one.name))
    elif isinstance(truth, Mapping):
        for key, value in truth.items():
            yield from leaves(value, at(key))
    elif hasattr(truth, "columns"):
        for column in truth.columns:
            yield from leaves(truth[column], at(column))
    elif isinstance(truth, str | bool):
        yield name, truth
    elif hasattr(truth, "item") and not getattr(truth, "shape", ()):
        yield from leaves(truth.item(), name)
    elif isinstance(truth, int | float):
        yield name, round(truth, DIGITS)
    elif hasattr(truth, "__iter__"):
        numbers = [float(value) for value in truth if isinstance(value, int | float) or hasattr(value, "__float__")]
        if numbers:
            yield name, round(sum(numbers) / len(numbers), DIGITS)
