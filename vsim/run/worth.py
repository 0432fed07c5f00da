"""Whether a study's policies are worth their cost: frontier, net benefit, acceptability, and worth of knowing more.

A policy is an arm at one setting of its levers. A draw is one luck in one world at one setting of the parameters, and
every policy is seen under each draw. Costs are those of `vsim.costs`, beyond the base and for a year of the window.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from vsim.errors import UsageError, did_you_mean, listing
from vsim.evaluate.cost_effectiveness import ON, Plane, Terms, acceptability, frontier, icer, plane
from vsim.evaluate.indicators import indicator
from vsim.evaluate.information import ROWS_A_TERM, Worth, evpi, evppi, terms
from vsim.evaluate.luck import luck
from vsim.run.policy_world import combined
from vsim.run.run import MODEL_VERSION
from vsim.run.study import interval
from vsim.run.sweep_plan import runs_of
from vsim.run.worth_draws import draws_of, run_all
from vsim.spec.design_apply import BASE, target
from vsim.spec.design_study import Loaded, load_study

if TYPE_CHECKING:
    import pandas as pd

SHUFFLES = 40                 # of a parameter over the draws, to see what is found by chance
STEPS = 41                    # worths of a unit of effect that are looked at


@dataclass(frozen=True)
class Appraisal:
    """What a study says of costs and effects.

    Attributes
    ----------
    study, target, unit : str
    less : bool
        Whether less of the target is better; effects are turned, so that more is better.
    plane : Plane
        Costs and effects beyond the base; the base is the first policy.
    table : DataFrame
        By mean cost: policy, cost, cost_low, cost_high, effect, effect_low, effect_high, state, icer (against the one
        before it on the frontier) with icer_low and icer_high by Fieller.
    curves : DataFrame
        For each worth of a unit of effect: value, a share for each policy, best, chance, evpi and evpi_se.
    learning : tuple of Worth
        What it is worth to know each parameter that varies, at the worth at which perfect knowledge is worth most.
    chance : tuple of float
        What the same regression finds in a parameter that is shuffled over the draws: nothing below it is a finding.
    needed : int
        Draws that learning of the parameters needs; 0 when none varies. With fewer, `learning` is empty.
    draws, points : DataFrame
        policy, draw, yuan, effect; and the parameters of each draw.
    wide : bool
        Whether policies are in force outside the window, so that costs are counted there too.
    provenance : dict
    """

    study: str
    target: str
    unit: str
    less: bool
    plane: Plane
    table: pd.DataFrame
    curves: pd.DataFrame
    learning: tuple[Worth, ...]
    chance: tuple[float, ...]
    needed: int
    draws: pd.DataFrame
    points: pd.DataFrame
    wide: bool
    provenance: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        learning = [{**asdict(one), "chance": chance} for one, chance in zip(self.learning, self.chance, strict=True)]
        return {
            "study": self.study, "target": self.target, "unit": self.unit, "less_is_better": self.less,
            "terms": asdict(self.plane.terms), "draws": self.plane.draws, "frontier": self.table.to_dict("records"),
            "curves": self.curves.to_dict("records"), "learning": learning,
            "draws_needed": self.needed, "costs_outside_the_window": self.wide, "provenance": self.provenance,
        }


def worth(
    study: str | Path | Loaded, *, target_of: str | None = None, less: bool = False, mixes: bool = False,
    unsure: Collection[str] = (), willing: tuple[float, float] | None = None, hour: float = 0.0,
    threads: int | None = None, progress: Callable[[int, int], None] | None = None,
) -> Appraisal:
    """Return whether a study's policies are worth their cost.

    Parameters
    ----------
    study : str, Path or Loaded
    target_of : str, optional
        Indicator that is the effect; by default the first outcome of the study.
    less : bool
        Whether less of it is better.
    mixes : bool
        Whether every combination of arms is a policy, but for arms that share a lever; else each arm is one by itself.
    unsure : collection of str
        Factors that set a policy and yet are not chosen but unknown, such as the price of a star.
    willing : (float, float), optional
        From what to what a unit of effect is worth, in yuan; by default from 0 to twice the largest ICER.
    hour : float
        Yuan at which an hour of a volunteer is counted as a cost, for society's view; 0 for the payer's.
    threads : int, optional
    progress : callable, optional
        Called with (runs done, runs in all).

    Raises
    ------
    UsageError
        When arms do not meet the same lucks, there is nothing to compare, or the range is none.
    """
    loaded = study if isinstance(study, Loaded) else load_study(study, indicator)
    if mixes:
        loaded = combined(loaded)
    key = target_of or loaded.plan.outcomes[0]
    what = indicator(key)
    if not loaded.plan.crn or len(loaded.arms) < 2:
        raise UsageError("worth: policies are compared draw by draw; allowed a study with arms that meet the same "
                         "lucks (crn: true).")
    if willing is not None and not 0 <= willing[0] < willing[1] < float("inf"):
        raise UsageError(f"worth: a unit of effect is worth {willing[0]:g} to {willing[1]:g}; allowed two numbers that "
                         "ascend, 0 or more.")
    runs = runs_of(loaded)
    goals = {str(name): target(str(name), loaded.arms) for name in runs.points.columns}
    for name, goal in goals.items():
        if any(arm == BASE for arm, _ in goal.places):
            raise UsageError(f"worth: factor '{name}' sets a policy of the base, beside which all are seen; allowed "
                             "parameters, and settings of other arms.")
    for name in unsure:
        if name not in goals:
            raise UsageError(f"worth: '{name}' is no factor of the study; allowed {listing(goals) or 'none'}."
                             f"{did_you_mean(name, goals)}")
    uncertain = [name for name, goal in goals.items() if goal.parameter or name in unsure]
    weeks = range(*(loaded.plan.weeks or (0, loaded.arms[BASE].weeks)))
    seen = run_all([job for cell in runs.cells for job in cell.jobs], weeks, threads, progress)
    rows, points = draws_of(runs.cells, runs.points, uncertain, seen, key, weeks, hour)
    on = plane(rows, policy="policy", nothing=None, better="less" if less else "more", unit=what.unit,
               terms=Terms("society" if hour else "payer", hour=hour))
    table = _with_intervals(on, loaded.plan.level)
    values = np.linspace(*(willing or (0.0, _far(table))), STEPS)
    curves = acceptability(on, values).merge(
        evpi(on, values).drop(columns="best").rename(columns={"se": "evpi_se"}), on="value")
    turn = float(curves["value"].iloc[int(curves["evpi"].to_numpy().argmax())])
    learning, chance, needed = _learning(on, points, uncertain, turn)
    return Appraisal(
        loaded.plan.name, key, what.unit, less, on, table, curves, learning, chance, needed, rows, points,
        _is_wide(loaded, weeks),
        {"arms": {name: one.hash for name, one in loaded.arms.items()}, "seeds": loaded.plan.seeds,
         "replicates": loaded.plan.replicates, "points": len(runs.points), "weeks": [weeks.start, weeks.stop],
         "model_version": MODEL_VERSION},
    )


def _with_intervals(on: Plane, level: float) -> pd.DataFrame:
    """Return the frontier with intervals of costs, effects and ICERs."""
    table = frontier(on)
    before: str | None = None
    rows = []
    for row in table.to_dict("records"):
        place = on.place(row["policy"])
        _, _, cost_low, cost_high = interval(on.cost[place], level)
        _, _, low, high = interval(on.effect[place], level)
        ratio = icer(on, row["policy"], before, level=level) if row["state"] == ON and before is not None else None
        rows.append({
            "policy": row["policy"], "cost": row["cost"], "cost_low": cost_low, "cost_high": cost_high,
            "effect": row["effect"], "effect_low": low, "effect_high": high, "state": row["state"],
            "icer": row["icer"], "icer_low": ratio.low if ratio else float("nan"),
            "icer_high": ratio.high if ratio else float("nan"),
        })
        before = row["policy"] if row["state"] == ON else before
    return type(table)(rows)


def _far(table: pd.DataFrame) -> float:
    """Return up to which worth of a unit to look: twice the largest ICER of the frontier, or what there is."""
    steps = table["icer"].dropna()
    if len(steps) and steps.max() > 0:
        return 2 * float(steps.max())
    ratio = (table["cost"].abs() / table["effect"].abs()).replace([np.inf, -np.inf], np.nan).dropna()
    return 2 * float(ratio.max()) if len(ratio) and ratio.max() > 0 else 1.0


def _learning(on: Plane, points: pd.DataFrame, names: list[str],
              value: float) -> tuple[tuple[Worth, ...], tuple[float, ...], int]:
    """Return the worth of knowing each parameter, that of shuffled ones, and how many draws it all needs."""
    if not names:
        return (), (), 0
    needed = max(ROWS_A_TERM * terms(points[[name]].to_numpy(dtype=np.float64)).shape[1] for name in names)
    if on.draws < needed:
        return (), (), needed
    shuffle = luck(0)
    mixed = [points.iloc[shuffle.permutation(len(points))].reset_index(drop=True) for _ in range(SHUFFLES)]
    chance = [float(np.mean([evppi(on, some, name, value).partial for some in mixed])) for name in names]
    return tuple(evppi(on, points, name, value) for name in names), tuple(chance), needed


def _is_wide(loaded: Loaded, weeks: range) -> bool:
    """Return whether a policy of an arm is in force outside the window."""
    root = loaded.arms[BASE].policies
    return any(there.start_week < weeks.start or there.end_week > weeks.stop
               for scenario in loaded.arms.values()
               for policy, there in zip(scenario.policies, scenario.schedule(), strict=True) if policy not in root)
