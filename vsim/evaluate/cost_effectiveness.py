"""Cost-effectiveness with its uncertainty: the efficiency frontier, net benefit, and how often each policy is best.

A draw is one value of everything uncertain - parameters, luck - and every policy is seen under each draw, so policies
are compared pair by pair. Ratios are ratios of means: the mean of ratios is another number and means nothing. Sources:
Karlsson and Johannesson (1996) for the decision rules, Fenwick, Claxton and Sculpher (2001) for acceptability curves
and frontiers, Fieller (1954) for the interval of a ratio.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vsim.errors import DataError, UsageError, did_you_mean, listing
from vsim.evaluate.frames import some_rows
from vsim.evaluate.intervals import t_quantile

if TYPE_CHECKING:
    import pandas as pd

Float = NDArray[np.float64]
Perspective = Literal["payer", "society"]
ON, DOMINATED, EXTENDED = "on the frontier", "dominated", "extendedly dominated"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a cost means; it travels with every result.

    Attributes
    ----------
    perspective : {"payer", "society"}
        Whose costs are counted; society's hold the time of volunteers too.
    currency : str
    price_year : int
    cost_rate, effect_rate : float
        Yearly rates at which later costs and effects count less.
    hour : float
        Yuan at which an hour of a volunteer is counted; 0 from the view of the payer.
    """

    perspective: Perspective = "payer"
    currency: str = "yuan"
    price_year: int = 2024
    cost_rate: float = 0.0
    effect_rate: float = 0.0
    hour: float = 0.0

    def __post_init__(self) -> None:
        if self.perspective not in ("payer", "society"):
            raise UsageError(f"terms: perspective is '{self.perspective}'; allowed payer, society.")
        if min(self.cost_rate, self.effect_rate) <= -1 or self.hour < 0:
            raise UsageError(f"terms: rates are {self.cost_rate} and {self.effect_rate}, an hour is {self.hour}; "
                             "allowed rates above -1 and 0 or more for an hour.")
        if (self.hour > 0) != (self.perspective == "society"):
            raise UsageError(f"terms: perspective is {self.perspective} and an hour is {self.hour:g}; allowed a price "
                             "of volunteers' time with society, and none with the payer.")


@dataclass(frozen=True)
class Plane:
    """Costs and effects of some policies under the same draws.

    Attributes
    ----------
    policies : tuple of str
    cost, effect : ndarray of float, shape (policies, draws)
        More effect is better.
    unit : str
        Of the effect.
    terms : Terms
    """

    policies: tuple[str, ...]
    cost: Float
    effect: Float
    unit: str = ""
    terms: Terms = field(default_factory=Terms)

    @property
    def draws(self) -> int:
        """How many draws there are."""
        return int(self.cost.shape[1])

    def benefit(self, value: float) -> Float:
        """Return net benefit in money, shape (policies, draws): effect x what a unit of it is worth, less cost."""
        if not value >= 0 or not math.isfinite(value):
            raise UsageError(f"net benefit: a unit of effect is worth {value}; allowed 0 or more.")
        return np.asarray(value * self.effect - self.cost, dtype=np.float64)

    def place(self, policy: str) -> int:
        """Return the place of a policy, or refuse one that is not there."""
        if policy not in self.policies:
            raise UsageError(f"plane: policy is '{policy}'; allowed {listing(self.policies)}."
                             f"{did_you_mean(policy, self.policies)}")
        return self.policies.index(policy)


def plane(
    draws: pd.DataFrame, *, policy: str = "policy", draw: str = "draw", cost: str = "yuan", effect: str = "effect",
    nothing: str | None = "nothing", better: Literal["more", "less"] = "more", unit: str = "",
    terms: Terms | None = None,
) -> Plane:
    """Return a plane from a table with a row for each policy and draw.

    Parameters
    ----------
    draws : DataFrame
    policy, draw, cost, effect : str
        Columns; every policy has every draw once. Draws stand in the order of their labels.
    nothing : str, optional
        Name under which doing nothing, at no cost and no effect, is put first; None where a policy of the table is it.
    better : {"more", "less"}
        Whether more of the effect is better; "less" turns its sign.

    Raises
    ------
    DataError
        When a column is missing, a number is not finite, or the policies do not share their draws.
    """
    some_rows("plane", draws)
    for column in (policy, draw, cost, effect):
        if column not in draws.columns:
            raise DataError(f"plane: column '{column}' is not in the table; there are {listing(draws.columns, 20)}.")
    if better not in ("more", "less"):
        raise UsageError(f"plane: better is '{better}'; allowed more, less.")
    names = tuple(dict.fromkeys(str(name) for name in draws[policy]))
    if nothing is not None and nothing in names:
        raise DataError(f"plane: a policy is called '{nothing}' already; give another name or nothing=None.")
    twice = int(draws.duplicated([policy, draw]).sum())
    rows = np.array([names.index(str(name)) for name in draws[policy]])
    _, columns = np.unique(draws[draw].to_numpy(), return_inverse=True)
    sides = [np.full((len(names), int(columns.max()) + 1), np.nan) for _ in range(2)]
    for side, name in zip(sides, (cost, effect), strict=True):
        side[rows, columns] = draws[name].to_numpy(dtype=np.float64)
    if twice or not all(np.isfinite(side).all() for side in sides):
        raise DataError(f"plane: {twice} pairs of policy and draw stand twice, or a policy lacks a draw or a number; "
                        "needed every policy under every draw, once. Run them with the same seeds.")
    sign = 1.0 if better == "more" else -1.0
    costs, effects = sides[0], sign * sides[1]
    if nothing is not None:
        names = (nothing, *names)
        costs, effects = (np.vstack([np.zeros(side.shape[1]), side]) for side in (costs, effects))
    return Plane(names, costs, effects, unit, terms or Terms())


def frontier(on: Plane) -> pd.DataFrame:
    """Return the policies by mean cost, which of them are worth a thought, and what each step buys.

    A policy is dominated when another is no dearer and no worse, and extendedly dominated when a mix of two others
    is. Along the frontier the ICER, extra cost for each extra unit of effect, rises.

    Returns
    -------
    DataFrame
        policy, cost, effect, state, and icer (against the one before it on the frontier; NaN elsewhere).
    """
    import pandas as pd

    cost, effect = on.cost.mean(axis=1), on.effect.mean(axis=1)
    order = np.lexsort((np.arange(cost.size), -effect, cost))
    state = dict.fromkeys(range(cost.size), DOMINATED)
    left: list[int] = []
    for place in order:
        if not left or effect[place] > effect[left[-1]]:
            left.append(int(place))
    hull: list[int] = []
    for place in left:
        while len(hull) > 1 and _ratio(cost, effect, hull[-1], place) <= _ratio(cost, effect, hull[-2], hull[-1]):
            state[hull.pop()] = EXTENDED
        hull.append(place)
        state[place] = ON
    steps = {place: _ratio(cost, effect, before, place) for before, place in pairwise(hull)}
    return pd.DataFrame([
        {"policy": on.policies[k], "cost": cost[k], "effect": effect[k], "state": state[int(k)],
         "icer": steps.get(int(k), math.nan)} for k in order
    ])


def _ratio(cost: Float, effect: Float, before: int, after: int) -> float:
    return float((cost[after] - cost[before]) / (effect[after] - effect[before]))


@dataclass(frozen=True, slots=True)
class Ratio:
    """An ICER: extra cost over extra effect, both means, with Fieller's interval.

    `low` and `high` are NaN where the extra effect may be zero: then the interval is no interval.
    """

    value: float
    low: float
    high: float
    level: float
    cost: float
    effect: float


def icer(on: Plane, policy: str, against: str | None = None, *, level: float = 0.95) -> Ratio:
    """Return what an extra unit of effect of a policy costs, against another (the first by default)."""
    one = on.place(policy)
    other = 0 if against is None else on.place(against)
    c, e = on.cost[one] - on.cost[other], on.effect[one] - on.effect[other]
    cost, effect = float(c.mean()), float(e.mean())
    if effect == 0:
        return Ratio(math.nan, math.nan, math.nan, level, cost, effect)
    low = high = math.nan
    if on.draws > 1:
        q = t_quantile(level, on.draws - 1) ** 2 / on.draws
        vc, ve = float(c.var(ddof=1)), float(e.var(ddof=1))
        cov = float(np.cov(c, e, ddof=1)[0, 1])
        a, b, d = effect**2 - q * ve, cost * effect - q * cov, cost**2 - q * vc
        if a > 0:
            root = math.sqrt(max(b * b - a * d, 0.0))
            low, high = (b - root) / a, (b + root) / a
    return Ratio(cost / effect, low, high, level, cost, effect)


def acceptability(on: Plane, values: ArrayLike) -> pd.DataFrame:
    """Return for each worth of a unit of effect how often each policy is best, and which has the best mean.

    Parameters
    ----------
    values : array of float
        Worths, each 0 or more.

    Returns
    -------
    DataFrame
        value; a column for each policy, the share of draws in which its net benefit is largest (ties are shared);
        `best`, the policy with the largest mean net benefit; `chance`, its share (the frontier of acceptability).
    """
    import pandas as pd

    rows = []
    for value in np.atleast_1d(np.asarray(values, dtype=np.float64)):
        benefit = on.benefit(float(value))
        top = benefit == benefit.max(axis=0)
        share = (top / top.sum(axis=0)).mean(axis=1)
        best = int(np.argmax(benefit.mean(axis=1)))
        rows.append({"value": float(value), **dict(zip(on.policies, share.tolist(), strict=True)),
                     "best": on.policies[best], "chance": float(share[best])})
    return pd.DataFrame(rows)


def present_value(amounts: Sequence[float] | Float, rate: float) -> float:
    """Return the present value of amounts of year 0, 1, 2, ... at a yearly rate."""
    if not rate > -1:
        raise UsageError(f"present value: rate is {rate}; allowed above -1, such as 0.03.")
    years = np.arange(len(amounts))
    return float((np.asarray(amounts, dtype=np.float64) / (1 + rate) ** years).sum())


def at_prices_of(amount: float, year: int, wanted: int, index: Mapping[int, float]) -> float:
    """Return an amount of one year at the prices of another, by an index of prices that is given."""
    for one in (year, wanted):
        if one not in index or not index[one] > 0:
            raise UsageError(f"prices: the index has no year {one}; allowed {listing(index, 20)}, above 0.")
    return amount * index[wanted] / index[year]
