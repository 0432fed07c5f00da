"""A class of learners who do not exist: one frozen model of ability and of typical mistakes, for every unit the same.

An invented learner has an ability, standard normal. A task is met with a probability that rises with ability along a
logistic curve and falls from the first task of a unit to the last; what goes wrong is one of the unit's own mutants,
milder ones with more ability, or nothing is written. Numbers are those of the item-response literature and were set
before any unit was written for it; they must not be moved to make a unit look better, so `frozen` names them and a test
holds it.

Sources: F. B. Baker (2001), The Basics of Item Response Theory, ERIC, p. 34-36 (discrimination 1.35 to 1.69 is
"high"); A. Birnbaum in Lord and Novick (1968) for guessing; what has no source is an assumption and says so.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import NormalDist

from vsim.course.keys import PUBLIC, share

BLANK = "blank"


@dataclass(frozen=True, slots=True)
class ClassModel:
    """The numbers of the model.

    Attributes
    ----------
    discrimination : float
        Slope of the logistic curve, for each unit of ability (Baker: the middle of "high").
    first, last : float
        Ability at which half of the learners meet the first and the last task (assumption: rising difficulty).
    careless : float
        Share of failures that no ability avoids (assumption).
    mildness : float
        How much more often a milder mistake is made by a unit more of ability, in logits for the share of points that
        it still earns (assumption).
    blank : float
        Ability at which half of those who fail write nothing (assumption).
    """

    discrimination: float = 1.5
    first: float = -1.5
    last: float = 0.6
    careless: float = 0.03
    mildness: float = 1.5
    blank: float = -2.0


MODEL = ClassModel()


def frozen(model: ClassModel = MODEL) -> str:
    """Return the checksum of the model's numbers."""
    return hashlib.sha256(json.dumps(asdict(model), sort_keys=True).encode()).hexdigest()[:16]


def ability(unit: str, group: int, seat: int) -> float:
    """Return the ability of the learner in a seat of an invented class: standard normal."""
    return NormalDist().inv_cdf(min(max(share(PUBLIC, "ability", unit, group, seat), 1e-9), 1 - 1e-9))


def chance(model: ClassModel, theta: float, place: int, tasks: int, guess: float = 0.0) -> float:
    """Return the probability that a task is met.

    Parameters
    ----------
    model : ClassModel
    theta : float
        Ability.
    place, tasks : int
        Place of the task in its unit from 0, and how many there are.
    guess : float
        Probability of hitting the right one of several options.
    """
    at = model.first + (model.last - model.first) * (place / (tasks - 1) if tasks > 1 else 0.5)
    return guess + (1 - guess - model.careless) / (1 + math.exp(-model.discrimination * (theta - at)))


def mistake(model: ClassModel, theta: float, shares: Mapping[str, float], draw: float) -> str:
    """Return which mistake a learner makes, by name.

    Parameters
    ----------
    model : ClassModel
    theta : float
    shares : mapping of str to float
        Share of the points that each mistake still earns, blank among them.
    draw : float
        Uniform, 0 to 1.
    """
    empty = 1 / (1 + math.exp(theta - model.blank)) if BLANK in shares else 0.0
    names = [name for name in shares if name != BLANK]
    if not names or draw < empty:
        return BLANK
    weights = [math.exp(model.mildness * theta * (shares[name] - 0.5)) for name in names]
    return pick(names, weights, (draw - empty) / (1 - empty))


def pick(names: Sequence[str], weights: Sequence[float], draw: float) -> str:
    """Return one of several names by their weights and a uniform draw."""
    left = draw * sum(weights)
    for name, weight in zip(names, weights, strict=True):
        left -= weight
        if left < 0:
            return name
    return names[-1]
