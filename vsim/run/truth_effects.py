"""The true effects of a policy under interference, from sums of twin worlds: every estimand with its Monte Carlo error.

A cell is a resident in a window. It is treated from the window on in which a policy of the pilot first covers the
resident. With Y the outcome in an arm ("0" nobody, "z" the roll-out, "1" everybody, "-g" without cohort g), means over
cells from the first start on (Hudgens and Halloran 2008 for the four effects under interference):

total        eligible residents, Y1 - Y0
overall      all residents, Yz - Y0
att          treated cells, Yz - Y0: spill-over from the other treated is in it
att_own      treated cells, Yz - Y-g, each cohort without itself: what a comparison finds without interference
spillover    untreated cells, Yz - Y0
displacement loss in untreated over gain in treated cells
direct       eligible residents, covered less not covered while the others stay as they are
wedge        total - direct, measured on the flipped residents
indirect     treated residents, Yz with this one flipped - Y0: att - direct on the treated

A ratio of sums is formed in each replicate; estimate and error come from the replicates.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vsim.errors import UsageError, did_you_mean
from vsim.run.run import MODEL_VERSION
from vsim.run.study import interval
from vsim.run.truth_arms import EVERYBODY, NEVER, NOBODY, ROLLOUT, Arms, name_without
from vsim.run.truth_people import OUTCOMES, Int, Windows, outcome_of
from vsim.run.truth_run import Among, Stratum, Sums
from vsim.spec.estimate import Estimate

Float = NDArray[np.float64]
Bool = NDArray[np.bool_]
LEVEL = 0.95
PERSON = {"residents": "resident", "register": "registered person"}
ESTIMANDS = ("total", "overall", "att", "att_own", "spillover", "displacement", "direct", "wedge", "indirect")
SAID = {
    "total": "arm 1 less arm 0 over eligible residents", "overall": "arm z less arm 0 over all residents",
    "att": "arm z less arm 0 over treated cells", "att_own": "arm z less arm -g over treated cells of each cohort g",
    "spillover": "arm z less arm 0 over untreated cells",
    "displacement": "arm z less arm 0: loss in untreated over gain in treated cells",
    "direct": "total less wedge; arm z with single residents flipped",
    "wedge": "arm 1 less arm 0, less arm z with this resident covered or not, over flipped residents",
    "indirect": "arm z with this resident flipped less arm 0, over flipped residents who are covered",
}


def check_estimand(name: str) -> None:
    """Refuse what is no estimand, naming the nearest."""
    if name not in ESTIMANDS:
        raise UsageError(f"effect: estimand is '{name}'; allowed {', '.join(ESTIMANDS)}."
                         f"{did_you_mean(name, ESTIMANDS)}")


def unit_of(outcome: str, one: str, windows: Windows) -> str:
    """Return the unit of a mean outcome of a person (in words) and window."""
    told = list(OUTCOMES.values())[outcome_of(outcome)].unit
    return told if told.startswith("share") else f"{told} per {one} in {windows.width} weeks"


@dataclass(frozen=True, slots=True)
class Truths:
    """What a policy truly did, and every estimand of it.

    Attributes
    ----------
    arms, windows : Arms, Windows
    sums : Sums
    seed : int
    among : {"residents", "register"}
        The population: all residents, or those on the register before week 0.
    per_run : int
        Residents flipped in one run.
    first : int
        Number of the first luck.
    """

    arms: Arms
    windows: Windows
    sums: Sums
    seed: int
    among: Among
    per_run: int = 1
    first: int = 0

    @property
    def replicates(self) -> int:
        """Independent lucks, met by all arms."""
        return int(self.sums.counts.shape[0])

    def effect(self, estimand: str, outcome: str = "hours", *, level: float = LEVEL) -> Estimate:
        """Return one estimand of one outcome: mean for a person and window, with its Monte Carlo interval.

        Parameters
        ----------
        estimand : one of ESTIMANDS
        outcome : one of OUTCOMES
        level : float

        Raises
        ------
        UsageError
            When the estimand needs what was not run, or there is nobody to take it over.
        """
        unit = "h lost for an h gained" if estimand == "displacement" and "hours" in outcome else (
            "lost for one gained" if estimand == "displacement" else self.unit(outcome))
        return self.estimate(self.draws(estimand, outcome), estimand, unit, level, SAID[estimand])

    def unit(self, outcome: str) -> str:
        """Return the unit of a mean effect."""
        return unit_of(outcome, PERSON[self.among], self.windows)

    def draws(self, estimand: str, outcome: str = "hours") -> Float:
        """Return an estimand in each replicate, shape (replicates,)."""
        check_estimand(estimand)
        place = outcome_of(outcome)
        if estimand in {"direct", "wedge", "indirect"}:
            return self._from_flips(estimand, place)
        treated = self.treated()
        if estimand == "total":
            return self.mean(EVERYBODY, NOBODY, place, self._from_start() & self._eligible(), "total")
        if estimand == "overall":
            return self.mean(ROLLOUT, NOBODY, place, self._from_start(), "overall")
        if estimand == "att":
            return self.mean(ROLLOUT, NOBODY, place, treated, "att")
        untreated = self._from_start() & ~treated
        if estimand == "spillover":
            return self.mean(ROLLOUT, NOBODY, place, untreated, "spillover")
        if estimand == "displacement":
            gain, loss = (self.summed(ROLLOUT, NOBODY, place, cells) for cells in (treated, untreated))
            with np.errstate(divide="ignore", invalid="ignore"):
                return np.asarray(np.where(gain > 0, -loss / gain, np.nan))
        return self._own(place)

    def treated(self, cohort: int | None = None) -> Bool:
        """Return which cells are treated (of one cohort), shape (strata, windows)."""
        start = np.array([s.cohort for s in self.sums.strata])
        first = np.array([self.windows.count if week == NEVER else self.windows.holding(week) for week in start])
        cells = np.arange(self.windows.count) >= first[:, None]
        return cells if cohort is None else cells & (start == cohort)[:, None]

    def where(self, wanted: Callable[[Stratum], bool]) -> Bool:
        """Return the cells of the strata that a function wants, shape (strata, windows)."""
        rows = np.array([wanted(stratum) for stratum in self.sums.strata])
        return np.broadcast_to(rows[:, None], (rows.size, self.windows.count))

    def summed(self, one: str, other: str, place: int, cells: Bool) -> Float:
        """Return the sum over cells of an outcome in one arm less another, in its unit, shape (replicates,)."""
        difference = self.sums.sums[one][..., place] - self.sums.sums[other][..., place]
        factor = list(OUTCOMES.values())[place].factor
        return np.asarray((difference * cells).sum(axis=(1, 2)) * factor, dtype=np.float64)

    def number(self, cells: Bool) -> Int:
        """Return how many cells there are, shape (replicates,)."""
        return np.asarray((self.sums.counts[:, :, None] * cells).sum(axis=(1, 2)))

    def mean(self, one: str, other: str, place: int, cells: Bool, estimand: str) -> Float:
        """Return the mean difference of two arms over cells, shape (replicates,)."""
        number = self.number(cells)
        if not number.all():
            raise UsageError(f"effect: estimand '{estimand}' has nobody in this study; allowed are estimands with "
                             "residents to take them over. Change share or districts of the pilot.")
        return self.summed(one, other, place, cells) / number

    def estimate(self, draws: Float, estimand: str, unit: str, level: float, said: str) -> Estimate:
        """Return an estimate from its value in each replicate."""
        value, se, low, high = interval(draws, level)
        told = [f"the model; population: {self.among}"]
        if estimand in {"direct", "wedge", "indirect"}:
            told.append(f"{self.per_run} residents of a district flipped at a time; tables of the district stay")
        return Estimate(value, se, low, high, level, unit, draws.size, estimand,
                        f"twin worlds, {said}, paired over replicates", tuple(told), "vsim", MODEL_VERSION)

    def _from_start(self) -> Bool:
        weeks = [self.arms.start, *self.arms.cohorts]
        cells = np.arange(self.windows.count) >= self.windows.holding(min(weeks))
        return np.broadcast_to(cells, (len(self.sums.strata), self.windows.count))

    def _eligible(self) -> Bool:
        return self.where(lambda stratum: stratum.eligible)

    def without(self, week: int) -> str:
        """Return the name of the arm without a cohort; without the only one there is nobody left."""
        if len(self.arms.cohorts) == 1:
            return NOBODY
        if name_without(week) not in self.sums.sums:
            raise UsageError("effect: the arms without a cohort were not run; call truths with cohorts=True.")
        return name_without(week)

    def _own(self, place: int) -> Float:
        gained = [self.summed(ROLLOUT, self.without(g), place, self.treated(g)) for g in self.arms.cohorts]
        number = self.number(self.treated())
        if not number.all():
            raise UsageError("effect: estimand 'att_own' has nobody in this study.")
        return np.asarray(np.sum(gained, axis=0) / number, dtype=np.float64)

    def _from_flips(self, estimand: str, place: int) -> Float:
        flips = self.sums.flips
        if flips is None:
            raise UsageError(f"effect: estimand '{estimand}' needs flipped residents; call truths with flips=20.")
        span = slice(self.windows.holding(self.arms.start), None)
        rollout, flipped, nobody, everybody = (
            part[:, span, place].sum(axis=1) * list(OUTCOMES.values())[place].factor
            for part in (flips.rollout, flips.flipped, flips.nobody, flips.everybody)
        )
        length = self.windows.count - self.windows.holding(self.arms.start)
        direct = np.where(flips.covered, rollout - flipped, flipped - rollout)
        if estimand == "indirect":
            return self._weighted(flipped - nobody, flips.covered, length)
        wedge = self._weighted(everybody - nobody - direct, np.ones_like(flips.covered), length)
        return wedge if estimand == "wedge" else self.draws("total", list(OUTCOMES)[place]) - wedge

    def _weighted(self, values: Float, who: Bool, length: int) -> Float:
        """Return the mean over flipped residents by window in each replicate, districts by their size."""
        flips = self.sums.flips
        assert flips is not None
        weight = flips.weight * who
        top = np.bincount(flips.replicate, weight * values, minlength=self.replicates)
        bottom = np.bincount(flips.replicate, weight, minlength=self.replicates)
        if not bottom.all():
            raise UsageError("effect: a replicate has nobody flipped of whom this is asked; raise flips.")
        return np.asarray(top / bottom / length)
