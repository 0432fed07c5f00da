"""What a design is, and the small worlds that designs are run in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from vsim.run.making import make_city
from vsim.run.run import MODEL_VERSION, Run, simulate
from vsim.spec.estimate import Estimate
from vsim.spec.policy import Policy
from vsim.spec.scenario import Scenario, load_scenario
from vsim.world.city import Unit
from vsim.world.ledgers import Book
from vsim.world.state import UNREGISTERED

if TYPE_CHECKING:
    import pandas as pd

ON_REGISTER = 0.9             # share of residents: small worlds need many who may serve
PRESET = "cn_mobilised"       # a register whose members do serve
QUARTERS = 4                  # quarter hours of an hour
HOURS = "h"
WEEK, PERSON, TRUE = 0, 1, 3  # columns of the book of placements


class Drawn(NamedTuple):
    """What a design draws: the table that an analyst has, and the truth of the same luck."""

    frame: pd.DataFrame
    truth: Estimate


@dataclass(frozen=True, slots=True)
class Entrant:
    """An estimator that enters a design; only a named one claims to cover when the assumption holds."""

    name: str
    estimate: Callable[[pd.DataFrame], Estimate]
    named: bool = True


@dataclass(frozen=True, slots=True)
class Design:
    """A design with the switch of its assumption.

    Attributes
    ----------
    id, question : str
        The question is one of the causal questions of the course, such as "Q6".
    title, holds, fails : str
        In words: what is asked, what holds, and how it is made to fail.
    sign : int
        Sign of the bias that the failing assumption gives.
    draw : callable
        (seed, whether the assumption holds) to `Drawn`.
    entrants : tuple of Entrant
    """

    id: str
    question: str
    title: str
    holds: str
    fails: str
    sign: int
    draw: Callable[[int, bool], Drawn]
    entrants: tuple[Entrant, ...]


def small(residents: int, districts: int, weeks: int, parameters: Mapping[str, float], warmup: int = 26) -> Scenario:
    """Return a small world on the preset, with other parameters and without policies."""
    base = load_scenario(PRESET)
    world = base.world.model_copy(update={
        "residents": residents, "districts": districts, "prefectures": 1, "registered_share": ON_REGISTER})
    own = {name: getattr(base, name) for name in type(base).model_fields}
    return Scenario(**{**own, "world": world, "weeks": weeks, "warmup_weeks": warmup, "policies": [],
                       "parameters": {**base.parameters, **parameters}})


def under(scenario: Scenario, *policies: Policy) -> Scenario:
    """Return a scenario with policies."""
    return scenario.with_levers(*policies)


class _Known(NamedTuple):
    """A scenario that is compared by what its people follow from."""

    text: str
    scenario: Scenario

    def __hash__(self) -> int:
        return hash(self.text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Known) and self.text == other.text


@lru_cache(maxsize=16)
def _people(known: _Known) -> list[Unit]:
    scenario = known.scenario
    return make_city(scenario.world, scenario.warmup_weeks, scenario.values)


def city_for(scenario: Scenario) -> list[Unit]:
    """Return the residents of a scenario, made once for all with the same world and parameters."""
    text = f"{scenario.world.model_dump_json()} {scenario.warmup_weeks} {sorted(scenario.values.items())}"
    return _people(_Known(text, scenario))


def run(scenario: Scenario, seed: int) -> Run:
    """Return a run on one thread; residents are made once for all runs with the same world and parameters."""
    return simulate(scenario, seed, engine="kernels", threads=1, city=city_for(scenario))


def person_hours(made: Run, first: int = 0) -> np.ndarray:
    """Return the true hours of every resident from a week on, in the order of districts and persons."""
    parts = []
    for unit, end in zip(made.city, made.ends, strict=True):
        rows = end.ledgers.placements[: int(end.ledgers.counts[Book.PLACEMENTS])]
        rows = rows[rows[:, WEEK] >= first]
        parts.append(np.bincount(rows[:, PERSON], weights=rows[:, TRUE] / QUARTERS, minlength=unit.people.ids.size))
    return np.concatenate(parts)


def covered(made: Run) -> np.ndarray:
    """Return whom the policies for a share or group cover, as the class of each resident."""
    return np.concatenate([made.settled.reach(unit) for unit in made.city]).astype(np.int64)


def on_register(made: Run) -> np.ndarray:
    """Return who was on the register at the end."""
    return np.concatenate([end.state.status != UNREGISTERED for end in made.ends])


def true(value: float, estimand: str, unit: str, n: int) -> Estimate:
    """Return the truth of one luck: it has no error of its own."""
    return Estimate(float(value), 0.0, float(value), float(value), 0.95, unit, n, estimand, "twin worlds, this luck",
                    ("the model",), "vsim", MODEL_VERSION)
