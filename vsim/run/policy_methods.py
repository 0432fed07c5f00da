"""Ways to look for the best mix: all of them, a tree of Parzen estimators, or a knapsack where effects add up.

Every way sees each mix under the same lucks, so noise that policies share falls out of comparisons. A budget bounds the
search; it is no penalty that a large gain could pay for.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from vsim.errors import UsageError
from vsim.evaluate.knapsack import Additivity, additivity, knapsack
from vsim.run.policy_seen import NOTHING, Looking, Luck
from vsim.run.policy_space import Mix, Setting, Space

Method = Literal["auto", "all", "tpe", "knapsack"]
PROPOSALS = 4                 # of a sampler for each trial
METHODS = ("auto", "all", "tpe", "knapsack")


def by_all(space: Space, look: Looking, lucks: Sequence[Luck]) -> None:
    """Look at every mix."""
    for mix in space.every():
        look(mix, lucks)


def by_tpe(space: Space, look: Looking, lucks: Sequence[Luck], budget: float, trials: int, seed: int) -> None:
    """Look at `trials` mixes that a tree of Parzen estimators proposes, one after the other.

    The first are nothing and even mixes of everything; the budget is a constraint of the sampler. A proposal
    that was looked at before, or excludes itself, is no trial, and the next one is drawn at random (at most `PROPOSALS`
    for each trial).

    Raises
    ------
    UsageError
        When optuna is not installed.
    """
    try:
        import optuna
    except ModuleNotFoundError:
        raise UsageError("search: method tpe needs optuna, which is not installed; it is in the extra research. Run: "
                         "pip install 'vsim[research]'.") from None
    over = "over budget"

    def constraint(trial: Any) -> tuple[float, ...]:
        return (trial.user_attrs.get(over, 1.0),)

    newer = hasattr(optuna.trial.Trial, "set_constraint")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        sampler = optuna.samplers.TPESampler(seed=seed, multivariate=True,
                                             constraints_func=None if newer else constraint)
        study = optuna.create_study(direction="maximize", sampler=sampler)
        for fraction in (None, 0.0, 0.5):
            study.enqueue_trial({one.name: _start(one, fraction) for one in space.settings})
        met: set[Mix] = set()
        anew = optuna.samplers.RandomSampler(seed=seed)
        for _ in range(PROPOSALS * trials):
            if len(met) >= trials:
                break
            trial = study.ask()
            mix = space.mix({one.name: _suggested(trial, one) for one in space.settings})
            study.sampler = anew if mix in met or not space.allowed(mix) else sampler
            if not space.allowed(mix):
                study.tell(trial, state=optuna.trial.TrialState.FAIL)
                continue
            met.add(mix)
            seen = look(mix, lucks)
            excess = seen.mean_cost - budget
            if newer:
                trial.set_constraint(over, excess)
            else:
                trial.set_user_attr(over, excess)
            study.tell(trial, seen.mean_value)


def _start(one: Setting, fraction: float | None) -> Any:
    """Return a first value: switches off without a fraction, else on; settings at the fraction."""
    if one.is_switch:
        return fraction is not None
    value = one.at(fraction or 0.0)
    return value if one.values is None else one.values.index(value)


def _suggested(trial: Any, one: Setting) -> Any:
    if one.values is not None:
        place = trial.suggest_categorical(one.name, [False, True] if one.is_switch else list(range(len(one.values))))
        return place if one.is_switch else one.values[place]
    if one.integer:
        return trial.suggest_int(one.name, int(one.low), int(one.high))
    return trial.suggest_float(one.name, one.low, one.high)


def by_knapsack(space: Space, look: Looking, lucks: Sequence[Luck], budget: float) -> tuple[Mix, Additivity | None]:
    """Return the best mix of switches as if effects added up, and whether they do for this mix.

    Raises
    ------
    UsageError
        When something other than a switch is to be chosen.
    """
    for one in space.settings:
        if not one.is_switch:
            raise UsageError(f"search: method knapsack takes switches only; setting {one.name} is none. Use tpe.")
    look(NOTHING, lucks)
    alone: list[Mix] = [((one.name, True),) for one in space.settings]
    seen = [look(mix, lucks) for mix in alone]
    groups = [one.group for one in space.settings]
    apart = [(a, b) for a in range(len(alone)) for b in range(a) if groups[a] and groups[a] == groups[b]]
    taken = knapsack([one.mean_value for one in seen], [one.mean_cost for one in seen], budget, apart)
    mix: Mix = tuple(pair for place in np.flatnonzero(taken) for pair in alone[place])
    if int(taken.sum()) < 2 or len(lucks) < 2:
        return mix, None
    return mix, additivity([seen[place].value for place in np.flatnonzero(taken)], look(mix, lucks).value)
