"""The truth of an encouragement: who takes something up because of an offer, and what the offer does to them.

Every eligible resident is seen in two worlds, offered (1) and not offered (0), with take-up D and outcome Y in each.
Compliers have D1 = 1 and D0 = 0, always-takers 1 and 1, never-takers 0 and 0, defiers 0 and 1 (Angrist, Imbens and
Rubin 1996). With means over eligible residents

itt              Y1 - Y0
complier_share   share of compliers
late             Y1 - Y0 over compliers
first_stage      D1 - D0, compliers less defiers
wald             itt / first_stage: what an instrument finds
remainder        what everybody else adds to itt: itt = complier_share * late + remainder

The offer is excluded when nobody but compliers moves; then the remainder is nought and wald is late. The two worlds
are those in which everybody or nobody is offered, so that contacts and seats move never-takers too; or, with `alone`,
the lot as it was drawn with single residents flipped. A mean is a ratio of sums over all replicates, its error
that of the ratio by linearisation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from vsim.errors import UsageError, did_you_mean
from vsim.evaluate.intervals import t_quantile
from vsim.rng import stream_key
from vsim.run.district import Engine
from vsim.run.run import MODEL_VERSION
from vsim.run.truth_arms import EVERYBODY, NEVER, NOBODY, ROLLOUT, Arms, Bool, arms_of
from vsim.run.truth_effects import LEVEL, PERSON, Float, unit_of
from vsim.run.truth_people import OUTCOMES, Int, Windows, follow, outcome_of, outcomes, usual_width
from vsim.run.truth_run import Among, Road, check, ends_of, population, roads_of, side_by_side, to_flip
from vsim.run.truth_takeup import TAKE_UP, taken
from vsim.spec.estimate import Estimate
from vsim.spec.scenario import Scenario
from vsim.world.city import Unit

if TYPE_CHECKING:
    import pandas as pd

STRATA = ("complier", "always", "never", "defier")
ESTIMANDS = ("itt", "complier_share", "late", "first_stage", "wald", "remainder")
SHARES = frozenset({"complier_share", "first_stage"})


@dataclass(frozen=True, slots=True)
class Compliance:
    """What an offer did, by principal stratum.

    Attributes
    ----------
    arms, windows : Arms, Windows
    seed : int
    among : {"residents", "register"}
    take_up : one of TAKE_UP
    alone, per_run : int
        Residents flipped in each district and replicate, and in one run; 0 where whole worlds were compared.
    numbers : ndarray, shape (replicates, 4)
        Residents, by stratum in the order of STRATA; weighted by district where they were flipped.
    sums : ndarray, shape (replicates, 4, outcomes)
        Y1 - Y0, summed over residents and windows from the start on, whole numbers as in OUTCOMES.
    seen : ndarray of int64, shape (4,)
        Residents looked at, by stratum, over all replicates; each counts once.
    moved : ndarray of int64, shape (4, outcomes)
        How many of them had another outcome in world 1 than in world 0 in any window.
    """

    arms: Arms
    windows: Windows
    seed: int
    among: Among
    take_up: str
    alone: int
    per_run: int
    numbers: Float
    sums: Float
    seen: Int
    moved: Int

    @property
    def spans(self) -> int:
        """Windows from the start on."""
        return self.windows.count - self.windows.holding(self.arms.start)

    def excluded(self, outcome: str = "hours") -> bool:
        """Return whether nobody but compliers had another outcome: the exclusion restriction, person by person."""
        return not self.moved[1:, outcome_of(outcome)].any()

    def effect(self, estimand: str, outcome: str = "hours", *, level: float = LEVEL) -> Estimate:
        """Return one estimand, a mean for a person and window or a share of persons, with its Monte Carlo interval.

        Parameters
        ----------
        estimand : one of ESTIMANDS
        outcome : str
            One of `vsim.run.truth_people.OUTCOMES`; shares do not depend on it.
        level : float

        Raises
        ------
        UsageError
            When there is no complier, or take-up does not move at all.
        """
        if estimand not in ESTIMANDS:
            raise UsageError(f"encouragement: estimand is '{estimand}'; allowed {', '.join(ESTIMANDS)}."
                             f"{did_you_mean(estimand, ESTIMANDS)}")
        everybody, compliers = self.numbers.sum(axis=1), self.numbers[:, 0]
        change = self._change(outcome)
        net = compliers - self.numbers[:, STRATA.index("defier")]
        top, bottom = {
            "itt": (change.sum(axis=1), everybody), "late": (change[:, 0], compliers),
            "complier_share": (compliers, everybody), "first_stage": (net, everybody),
            "wald": (change.sum(axis=1), net), "remainder": (change[:, 1:].sum(axis=1), everybody),
        }[estimand]
        if bottom.sum() == 0:
            raise UsageError(f"encouragement: estimand '{estimand}' needs residents whose take-up '{self.take_up}' the "
                             f"offer moves; there are none. Flip more residents, or name another take-up: "
                             f"{', '.join(TAKE_UP)}.")
        unit = "share" if estimand in SHARES else unit_of(outcome, PERSON[self.among], self.windows)
        return self._estimate(top, bottom, estimand, unit, level)

    def strata(self, outcome: str = "hours", *, level: float = LEVEL) -> pd.DataFrame:
        """Return one row for each stratum: how many they are, how far they move, what they add to the ITT.

        Columns: stratum, share, value, se, low, high, unit (Y1 - Y0; missing where nobody is), adds (share times
        value), moved (share of them with another outcome).
        """
        import pandas as pd

        unit, change, rows = unit_of(outcome, PERSON[self.among], self.windows), self._change(outcome), []
        for place, name in enumerate(STRATA):
            number = self.numbers[:, place]
            share = float(number.sum() / self.numbers.sum())
            row: dict[str, object] = {"stratum": name, "share": share}
            if number.any():
                made = self._estimate(change[:, place], number, name, unit, level)
                row |= {"value": made.value, "se": made.se, "low": made.low, "high": made.high, "unit": unit,
                        "adds": share * made.value,
                        "moved": float(self.moved[place, outcome_of(outcome)] / self.seen[place])}
            rows.append(row)
        names = ["stratum", "share", "value", "se", "low", "high", "unit", "adds", "moved"]
        return pd.DataFrame(rows, columns=names)

    def _change(self, outcome: str) -> Float:
        place = outcome_of(outcome)
        return np.asarray(self.sums[:, :, place] * (list(OUTCOMES.values())[place].factor / self.spans))

    def _estimate(self, top: Float, bottom: Float, estimand: str, unit: str, level: float) -> Estimate:
        value, se = ratio(top, bottom)
        half = t_quantile(level, top.size - 1) * se if top.size > 1 else float("nan")
        how = "all offered, none offered" if not self.alone else (
            f"{self.alone} residents of a district flipped, {self.per_run} in one run")
        told = ("the model", f"population: eligible {self.among}", f"take-up: {TAKE_UP[self.take_up].said}")
        return Estimate(value, se, value - half, value + half, level, unit, top.size, estimand,
                        f"twin worlds, {how}; ratio of sums over replicates", told, "vsim", MODEL_VERSION)


def ratio(top: Float, bottom: Float) -> tuple[float, float]:
    """Return a ratio of means over replicates and its Monte Carlo error by linearisation (NaN for one replicate).

    Cochran, Sampling Techniques (3rd ed. 1977), section 6.4; exact where the bottom is the same in each replicate.
    """
    value = float(top.sum() / bottom.sum())
    if top.size == 1:
        return value, float("nan")
    left = (top - value * bottom) / bottom.mean()
    return value, float(left.std(ddof=1) / np.sqrt(left.size))


class _Place(NamedTuple):
    """What one district came to in one replicate: by stratum."""

    numbers: Float
    sums: Float
    seen: Int
    moved: Int


def encouragement(
    base: Scenario, offer: Scenario, *, take_up: str = "active", alone: int = 0, per_run: int = 1,
    everyone: Scenario | None = None, assigned: Bool | None = None, replicates: int = 20, seed: int = 1, first: int = 0,
    window: int | None = None, among: Among = "residents", engine: Engine = "kernels", threads: int | None = None,
    city: list[Unit] | None = None, progress: Callable[[int, int], None] | None = None,
) -> Compliance:
    """Return who takes something up because of an offer, and what the offer does to them.

    Parameters
    ----------
    base, offer : Scenario
        Same world, calendar and parameters; the policies that the offer adds are the offer, for a `share` of
        residents drawn by lot.
    take_up : one of TAKE_UP
        What counts as taking up.
    alone, per_run : int
        0 compares the worlds in which everybody and nobody is offered. Otherwise as many residents of each district
        and replicate are flipped in the lot as it was drawn, `per_run` in one run of the district; one at a time is
        exact.
    everyone : Scenario, optional
        The world in which everybody is offered; see `vsim.run.truth_arms.full_roll_out`.
    assigned : ndarray of bool, optional, shape (residents,)
        Who is offered, resident by resident, in place of the offer's own lot.
    replicates, seed, first, window, among, engine, threads, city, progress :
        As for `vsim.run.truth_twins.truths`.

    Raises
    ------
    UsageError
        When the scenarios differ by more than added policies, the offer is made in steps, or a name is unknown.
    """
    check(among, replicates, alone, per_run)
    if take_up not in TAKE_UP:
        raise UsageError(f"encouragement: take_up is '{take_up}'; allowed {', '.join(TAKE_UP)}."
                         f"{did_you_mean(take_up, TAKE_UP)}")
    windows = Windows(base.weeks, usual_width(base.weeks) if window is None else window)
    arms = arms_of(base, offer, everyone, assigned=assigned, cohorts=False, city=city)
    if arms.cohorts != [arms.start]:
        raise UsageError(f"encouragement: the offer starts in weeks {', '.join(map(str, arms.cohorts))}; allowed one "
                         f"start in week {arms.start}. Give an offer without steps.")
    roads = [roads_of(arms.settled, unit) for unit in arms.city]
    jobs = [(r, place) for r in range(replicates) for place in range(len(arms.city))]
    shape = replicates, len(STRATA)
    numbers, sums = np.zeros(shape), np.zeros((*shape, len(OUTCOMES)))
    seen, moved = np.zeros(len(STRATA), np.int64), np.zeros((len(STRATA), len(OUTCOMES)), np.int64)

    def one(job: tuple[int, int]) -> tuple[int, _Place]:
        r, place = job
        key = stream_key(seed, first + r)
        if not alone:
            return r, _worlds(arms, windows, place, key, among, take_up, engine)
        return r, _alone(arms, windows, place, key, roads[place], among, alone, per_run, take_up, engine)

    for r, found in side_by_side(one, jobs, threads, progress):
        numbers[r] += found.numbers
        sums[r] += found.sums
        seen += found.seen
        moved += found.moved
    return Compliance(arms, windows, seed, among, take_up, alone, per_run, numbers, sums, seen, moved)


def _worlds(
    arms: Arms, windows: Windows, place: int, key: tuple[int, int], among: Among, take_up: str, engine: Engine
) -> _Place:
    """Return what everybody offered changes against nobody offered, in one district."""
    unit = arms.city[place]
    worlds = {name: arms.settled[name] for name in (NOBODY, EVERYBODY)}
    ends, marks = ends_of(worlds, windows, unit, key, roads_of(worlds, unit), arms.start, engine)
    who = population(marks[0], among) & arms.eligible[place]
    lives = [outcomes(unit, ends[name], windows) for name in (NOBODY, EVERYBODY)]
    took = [taken(take_up, made, ends[name], windows, arms.start)
            for made, name in zip(lives, (NOBODY, EVERYBODY), strict=True)]
    return _sorted(arms, windows, [life[who] for life in lives], [what[who] for what in took], 1.0)


def _alone(
    arms: Arms, windows: Windows, place: int, key: tuple[int, int], roads: dict[str, Road], among: Among, alone: int,
    per_run: int, take_up: str, engine: Engine,
) -> _Place:
    """Return what the own offer changes for single residents of one district, the others as the lot has them."""
    unit = arms.city[place]
    ends, marks = ends_of(arms.settled, windows, unit, key, roads, arms.start, engine)
    pool = np.flatnonzero(population(marks[0], among) & arms.eligible[place])
    chosen = to_flip(unit, key, pool, alone)
    lot = outcomes(unit, ends[ROLLOUT], windows)
    took = taken(take_up, lot, ends[ROLLOUT], windows, arms.start)
    before = max(week for week in marks if week <= arms.start)
    offered = arms.cohort[place][chosen] != NEVER
    lives = np.zeros((2, chosen.size, *lot.shape[1:]), dtype=np.int64)
    takes = np.zeros((2, chosen.size), dtype=np.bool_)
    for begin in range(0, chosen.size, per_run):
        some = slice(begin, min(begin + per_run, chosen.size))
        end = follow(unit, arms.flipped(place, chosen[some]), key, windows, marks[before], windows.weeks, engine)
        other = outcomes(unit, end, windows)
        own, rows = offered[some].astype(np.int64), np.arange(some.start, some.stop)
        lives[own, rows], lives[1 - own, rows] = lot[chosen[some]], other[chosen[some]]
        takes[own, rows] = took[chosen[some]]
        takes[1 - own, rows] = taken(take_up, other, end, windows, arms.start)[chosen[some]]
    weight = pool.size / chosen.size if chosen.size else 1.0
    return _sorted(arms, windows, list(lives), list(takes), weight)


def _sorted(arms: Arms, windows: Windows, lives: list[Int], took: list[Bool], weight: float) -> _Place:
    """Return numbers and changes by stratum, from outcomes and take-up of the same residents in worlds 0 and 1."""
    span = slice(windows.holding(arms.start), None)
    change = lives[1][:, span] - lives[0][:, span]
    d0, d1 = took
    stratum = np.where(d1, np.where(d0, 1, 0), np.where(d0, 3, 2))
    sums, moved = (np.zeros((len(STRATA), len(OUTCOMES)), dtype=np.int64) for _ in range(2))
    np.add.at(sums, stratum, change.sum(axis=1))
    np.add.at(moved, stratum, (change != 0).any(axis=1).astype(np.int64))
    seen = np.bincount(stratum, minlength=len(STRATA))
    return _Place(np.asarray(seen * weight, np.float64), np.asarray(sums * weight, np.float64), seen, moved)
