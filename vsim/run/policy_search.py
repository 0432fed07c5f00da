"""The best mix of policies under a budget: searched under common lucks, told under fresh ones, and checked.

Whoever picks the best of many noisy numbers picks luck along with it. So the search compares under lucks that all mixes
meet, and what is told of the winner comes from lucks that it has not met. A recommendation always carries Goodhart's
check; there is no way to make one without it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vsim.errors import DataError, UsageError, did_you_mean
from vsim.evaluate.cost_effectiveness import ON, Plane, frontier
from vsim.evaluate.goodhart import Goodhart, goodhart
from vsim.evaluate.knapsack import Additivity
from vsim.run.policy_methods import METHODS, Method, by_all, by_knapsack, by_tpe
from vsim.run.policy_seen import NOTHING, Family, Look, Looking, Luck, Seen, affordable
from vsim.run.policy_space import Space
from vsim.run.study import interval
from vsim.spec.estimate import Estimate

if TYPE_CHECKING:
    import pandas as pd

NOTHING_NAME, CHOSEN = "nothing", "chosen"
FINALISTS = 6                 # mixes that are told under fresh lucks


@dataclass(frozen=True)
class Chosen:
    """What a search recommends, and what it saw on the way.

    Attributes
    ----------
    mix : hashable
        What is chosen; () is nothing at all.
    value, cost : Estimate
        Gain and cost beyond the base, under fresh lucks.
    goodhart : Goodhart
        Whether the gain is recorded or true; under fresh lucks.
    optimism : float
        Gain in the search less gain under fresh lucks: what picking the best of many added.
    budget : float
    table : DataFrame
        Finalists and baselines under fresh lucks: name, mix, role, cost, value, se, low, high, behind (chosen less
        this, paired), behind_se, within_se, within_budget, verdict (Goodhart's).
    tried : DataFrame
        Every mix of the search: mix, cost, value, state on the frontier, icer.
    shadow_price : float
        Gain that one more yuan would buy at this budget, along the frontier; 0 where all that helps is affordable.
    passed_over : tuple of hashable
        Better in the search, but over the budget under fresh lucks.
    method : str
    additivity : Additivity or None
        Of method knapsack.
    fresh : mapping of hashable to Seen
        What the table is made of.
    """

    mix: Hashable
    value: Estimate
    cost: Estimate
    goodhart: Goodhart
    optimism: float
    budget: float
    table: pd.DataFrame
    tried: pd.DataFrame
    shadow_price: float
    passed_over: tuple[Hashable, ...]
    method: str
    additivity: Additivity | None
    fresh: Mapping[Hashable, Seen]

    @property
    def within_one_se(self) -> list[Hashable]:
        """Finalists that lie no more than one standard error behind the chosen one, it among them."""
        some = self.table[self.table["within_se"] & self.table["within_budget"]]
        return list(dict.fromkeys(some["mix"]))


def search(
    space: Space, look: Look, *, budget: float, trials: int = 60, lucks: Sequence[Luck], fresh: Sequence[Luck],
    families: Mapping[str, Family] | None = None, method: Method = "auto", seed: int = 1, better: int = 1,
    unit: str = "", level: float = 0.95, progress: Callable[[int], None] | None = None,
) -> Chosen:
    """Return the best mix of policies under a budget.

    Parameters
    ----------
    space : Space
    look : callable
        (mix, lucks) -> Seen; also called with members of `families`.
    budget : float
        Most that may be spent beyond the base, mean over lucks; it holds in the search and under fresh lucks.
    trials : int
        Mixes to look at; when there are no more than so many, `auto` looks at all.
    lucks, fresh : sequence of (seed, replicate)
        Those of the search, and others for what is told; none may be in both.
    families : mapping of str to callable, optional
        Baselines that grow from 0 to 1; each is taken as large as the budget allows.
    method : {"auto", "all", "tpe", "knapsack"}
    seed : int
        Of the sampler.
    better : {1, -1}
        -1 when the recorded and true numbers are better when less; values of `look` are always better when more.
    unit : str
        Of the gain.

    Raises
    ------
    UsageError
        When lucks overlap, a number is out of range, or the method is unknown.
    """
    if method not in METHODS:
        raise UsageError(f"search: method is '{method}'; allowed {', '.join(METHODS)}.{did_you_mean(method, METHODS)}")
    if not budget >= 0:
        raise UsageError(f"search: budget is {budget}; allowed 0 yuan or more.")
    if trials < 1 or len(lucks) < 2 or len(fresh) < 2 or set(lucks) & set(fresh):
        raise UsageError(f"search: {trials} trials under {len(lucks)} lucks and {len(fresh)} fresh ones; allowed 1 "
                         "trial or more, two lucks or more of each, and none in both.")
    looking = Looking(look, progress)
    looking(NOTHING, lucks)
    used, found = _looked(space, looking, lucks, budget, trials, method, seed)
    tried = looking.tried(lucks)
    ranked = sorted((what for what, seen in tried.items() if seen.within(budget)),
                    key=lambda what: (-tried[what].mean_value, tried[what].mean_cost, what != NOTHING, repr(what)))
    if used == "knapsack" and found is not None and (found[1] is None or found[1].holds):
        ranked = [found[0], *(what for what in ranked if what != found[0])]
    baselines: dict[str, Hashable] = {NOTHING_NAME: NOTHING}
    for name, family in (families or {}).items():
        member = affordable(looking, family, budget, lucks)
        if member is not None:
            baselines[name] = member
    told = {what: looking(what, fresh) for what in dict.fromkeys([*ranked[:FINALISTS], *baselines.values()])}
    allowed = [what for what in ranked[:FINALISTS] if told[what].within(budget)] or [NOTHING]
    mix = allowed[0]
    best = told[mix]
    checks = {what: goodhart(seen.recorded, seen.true, seen.watched, better=better, level=level)
              for what, seen in told.items()}
    plane = _frontier(tried)
    return Chosen(
        mix=mix, value=_estimate(best.value, unit, level), cost=_estimate(best.cost, "yuan", level),
        goodhart=checks[mix], optimism=tried[mix].mean_value - best.mean_value, budget=budget,
        table=_table(mix, told, checks, baselines, budget, level), tried=plane,
        shadow_price=shadow_price(plane, budget), passed_over=tuple(ranked[: ranked.index(mix)]), method=used,
        additivity=found[1] if found is not None else None, fresh=told,
    )


def _looked(
    space: Space, looking: Looking, lucks: Sequence[Luck], budget: float, trials: int, method: Method, seed: int,
) -> tuple[str, tuple[Hashable, Additivity | None] | None]:
    """Search, and return by which method in the end, with what a knapsack found."""
    few = space.size is not None and space.size <= trials
    if method == "all" or (method == "auto" and few):
        by_all(space, looking, lucks)
        return "all", None
    if method == "knapsack":
        found = by_knapsack(space, looking, lucks, budget)
        if found[1] is None or found[1].holds:
            return "knapsack", found
        if few:
            by_all(space, looking, lucks)
        else:
            by_tpe(space, looking, lucks, budget, trials, seed)
        return "all, since effects do not add up" if few else "tpe, since effects do not add up", found
    by_tpe(space, looking, lucks, budget, trials, seed)
    return "tpe", None


def _estimate(draws: np.ndarray, unit: str, level: float) -> Estimate:
    mean, se, low, high = interval(draws, level)
    return Estimate(mean, se, low, high, level, unit, draws.size, "total", "twin worlds under fresh lucks",
                    ("the model",))


def _table(mix: Hashable, told: Mapping[Hashable, Seen], checks: Mapping[Hashable, Goodhart],
           baselines: Mapping[str, Hashable], budget: float, level: float) -> pd.DataFrame:
    import pandas as pd

    names = {what: name for name, what in baselines.items()}
    rows = []
    for what, seen in told.items():
        mean, se, low, high = interval(seen.value, level)
        behind = told[mix].value - seen.value
        away = float(behind.std(ddof=1) / np.sqrt(behind.size))
        rows.append({
            "name": CHOSEN if what == mix else names.get(what, "finalist"), "mix": what,
            "baseline": names.get(what, ""), "cost": seen.mean_cost, "value": mean, "se": se, "low": low, "high": high,
            "behind": float(behind.mean()), "behind_se": away, "within_se": bool(behind.mean() <= away),
            "within_budget": seen.within(budget), "verdict": checks[what].verdict,
        })
    return pd.DataFrame(rows).sort_values("value", ascending=False, kind="stable", ignore_index=True)


def _frontier(tried: Mapping[Hashable, Seen]) -> pd.DataFrame:
    """Return what was tried with its state on the frontier of value against cost."""
    kinds = list(tried)
    plane = Plane(tuple(map(str, range(len(kinds)))), np.array([[tried[what].mean_cost] for what in kinds]),
                  np.array([[tried[what].mean_value] for what in kinds]))
    table = frontier(plane)
    table.insert(0, "mix", [kinds[int(name)] for name in table["policy"]])
    return table.drop(columns="policy").rename(columns={"effect": "value"})


def shadow_price(tried: pd.DataFrame, budget: float) -> float:
    """Return what one more yuan would gain at a budget: the slope of the frontier there, 0 beyond its end.

    Raises
    ------
    DataError
        When nothing on the frontier keeps the budget.
    """
    edge = tried[tried["state"] == ON].sort_values("cost", kind="stable")
    if edge.empty or edge["cost"].iloc[0] > budget:
        raise DataError(f"search: nothing that was tried costs {budget:,.0f} yuan or less.")
    beyond = edge[edge["cost"] > budget]
    return 0.0 if beyond.empty else float(1 / beyond["icer"].iloc[0])
