"""Dose and response: the true effect of each dose of a policy against dose nought, all doses under the same luck.

The doses are scenarios that add policies to one base, or have others in their place: a lever with other values, or a
policy for a larger share. Since residents meet the same luck at every dose, the increment from dose to dose is measured
far better than two effects are by themselves. Whether the response is monotone is said only when every increment is
told from nought at a joint level (Bonferroni): a pattern that luck could have made is called not told apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vsim.errors import UsageError, did_you_mean
from vsim.rng import stream_key
from vsim.run.district import Engine
from vsim.run.making import make_city
from vsim.run.reach import Pattern, covered, patterns_of
from vsim.run.run import MODEL_VERSION
from vsim.run.settle import Settled, in_force, settle
from vsim.run.study import interval
from vsim.run.truth_arms import NOBODY, Bool, check_twins
from vsim.run.truth_effects import LEVEL, PERSON, Float, unit_of
from vsim.run.truth_people import OUTCOMES, Int, Windows, outcome_of, outcomes, usual_width
from vsim.run.truth_run import Among, check, ends_of, population, roads_of, side_by_side
from vsim.spec.estimate import Estimate
from vsim.spec.policy import ScheduledPolicy
from vsim.spec.scenario import Scenario
from vsim.world.city import Unit

if TYPE_CHECKING:
    import pandas as pd

OVER = ("all", "covered", "others")
RISING, FALLING, TURNING, UNTOLD = "rising", "falling", "turning", "not told apart"


@dataclass(frozen=True, slots=True)
class Doses:
    """What each dose did.

    Attributes
    ----------
    base : Scenario
        Dose nought.
    scenarios : dict of float to Scenario
        By dose, ascending, without nought.
    windows : Windows
    seed : int
    among : {"residents", "register"}
    start : int
        First week of a policy that some dose adds, or leaves out.
    counts : ndarray of int64, shape (replicates, 2)
        Residents whom none of these policies covers, and those whom one does.
    sums : ndarray of int64, shape (replicates, 1 + doses, 2, windows, outcomes)
        Dose nought first.
    """

    base: Scenario
    scenarios: dict[float, Scenario]
    windows: Windows
    seed: int
    among: Among
    start: int
    counts: Int
    sums: Int

    @property
    def doses(self) -> tuple[float, ...]:
        """The doses, ascending, without nought."""
        return tuple(self.scenarios)

    def draws(self, outcome: str = "hours", *, over: str = "all") -> Float:
        """Return the effect of every dose in each replicate, nought's own first, shape (1 + doses, replicates).

        Parameters
        ----------
        outcome : str
            One of `vsim.run.truth_people.OUTCOMES`.
        over : {"all", "covered", "others"}
            The mean over all residents, over those whom any dose covers, or over those whom none does.

        Raises
        ------
        UsageError
            When there is nobody to take the mean over.
        """
        if over not in OVER:
            raise UsageError(f"dose_response: over is '{over}'; allowed {', '.join(OVER)}.{did_you_mean(over, OVER)}")
        rows = {"all": [0, 1], "covered": [1], "others": [0]}[over]
        place, span = outcome_of(outcome), slice(self.windows.holding(self.start), None)
        number = self.counts[:, rows].sum(axis=1) * (self.windows.count - self.windows.holding(self.start))
        if not number.all():
            raise UsageError(f"dose_response: over is '{over}', and there is nobody; allowed a group with residents.")
        chosen = self.sums[..., place][:, :, rows][..., span]
        sums = chosen.sum(axis=(2, 3)).T * list(OUTCOMES.values())[place].factor
        return np.asarray((sums - sums[0]) / number)

    def effect(self, dose: float, outcome: str = "hours", *, over: str = "all", level: float = LEVEL) -> Estimate:
        """Return the effect of a dose against dose nought, a mean for a person and window."""
        if dose not in self.scenarios:
            raise UsageError(f"dose_response: dose is {dose:g}; allowed {', '.join(f'{d:g}' for d in self.doses)}.")
        draws = self.draws(outcome, over=over)[1 + self.doses.index(dose)]
        value, se, low, high = interval(draws, level)
        return Estimate(value, se, low, high, level, unit_of(outcome, PERSON[self.among], self.windows), draws.size,
                        f"dose {dose:g}", "twin worlds, dose less dose nought, paired over replicates",
                        ("the model", f"population: {self.among}, {over}"), "vsim", MODEL_VERSION)

    def table(self, outcome: str = "hours", *, over: str = "all", level: float = LEVEL) -> pd.DataFrame:
        """Return the curve, one row for each dose.

        Columns: dose; value, se, low, high of the effect against nought; step, step_se, step_low, step_high of the
        increment from the dose before; slope (increment for one unit of dose); unit, n.
        """
        import pandas as pd

        draws, rows, before = self.draws(outcome, over=over), [], 0.0
        for place, dose in enumerate(self.doses, start=1):
            effect, step = interval(draws[place], level), interval(draws[place] - draws[place - 1], level)
            rows.append({
                "dose": dose, **dict(zip(("value", "se", "low", "high"), effect, strict=True)),
                **dict(zip(("step", "step_se", "step_low", "step_high"), step, strict=True)),
                "slope": step[0] / (dose - before), "unit": unit_of(outcome, PERSON[self.among], self.windows),
                "n": draws.shape[1],
            })
            before = dose
        return pd.DataFrame(rows)

    def shape(self, outcome: str = "hours", *, over: str = "all", level: float = LEVEL) -> str:
        """Return "rising", "falling", "turning" or "not told apart": which way the increments go, all at one level."""
        draws = self.draws(outcome, over=over)
        joint = 1 - (1 - level) / len(self.doses)
        ends = [interval(draws[k] - draws[k - 1], joint)[2:] for k in range(1, len(draws))]
        up, down = [low > 0 for low, _ in ends], [high < 0 for _, high in ends]
        if all(up) or all(down):
            return RISING if all(up) else FALLING
        return TURNING if any(up) and any(down) else UNTOLD


def dose_response(
    base: Scenario, scenarios_by_dose: Mapping[float, Scenario], *, replicates: int = 20, seed: int = 1, first: int = 0,
    window: int | None = None, among: Among = "residents", engine: Engine = "kernels", threads: int | None = None,
    city: list[Unit] | None = None, progress: Callable[[int, int], None] | None = None,
) -> Doses:
    """Return the true effect of each dose of a policy against dose nought, all under the same luck.

    Parameters
    ----------
    base : Scenario
        Dose nought.
    scenarios_by_dose : mapping of float to Scenario
        Doses above nought; each scenario differs from the base by policies alone.
    replicates, seed, first, window, among, engine, threads, city, progress :
        As for `vsim.run.truth_twins.truths`.

    Raises
    ------
    UsageError
        When a dose is nought or below, or a scenario differs by more than policies, or by none.
    """
    check(among, replicates, 0, 1)
    scenarios = {float(dose): scenarios_by_dose[dose] for dose in sorted(scenarios_by_dose)}
    if not scenarios or min(scenarios) <= 0:
        raise UsageError(f"dose_response: doses are {', '.join(f'{d:g}' for d in scenarios) or 'none'}; allowed one or "
                         "more above 0. The base is dose 0.")
    windows = Windows(base.weeks, usual_width(base.weeks) if window is None else window)
    for scenario in scenarios.values():
        check_twins(base, scenario)
    city = make_city(base.world, base.warmup_weeks, base.values) if city is None else city
    districts = [unit.district for unit in city]
    force = {dose: in_force(scenario, districts) for dose, scenario in {0.0: base, **scenarios}.items()}
    patterns = patterns_of([policy for policies in force.values() for policy in policies])
    changed = [policy for dose in scenarios for one, other in ((dose, 0.0), (0.0, dose)) for policy in force[one]
               if policy not in force[other]]
    for dose, scenario in scenarios.items():
        if scenario.hash == base.hash:
            raise UsageError(f"dose_response: dose {dose:g} is the base; allowed scenarios with other policies.")
    arms = {NOBODY: settle(base, city, patterns)}
    arms |= {repr(dose): settle(scenario, city, patterns) for dose, scenario in scenarios.items()}
    start = min((policy.start_week for policy in changed), default=0)
    reached = [_reached(unit, arms[NOBODY], patterns, changed) for unit in city]
    roads = [roads_of(arms, unit) for unit in city]
    jobs = [(r, place) for r in range(replicates) for place in range(len(city))]
    counts = np.zeros((replicates, 2), dtype=np.int64)
    sums = np.zeros((replicates, len(arms), 2, windows.count, len(OUTCOMES)), dtype=np.int64)

    def one(job: tuple[int, int]) -> tuple[int, Int, Int]:
        r, place = job
        unit, key = city[place], stream_key(seed, first + r)
        ends, marks = ends_of(arms, windows, unit, key, roads[place], start, engine)
        people = population(marks[0], among)
        groups = [people & ~reached[place], people & reached[place]]
        made = {id(end): outcomes(unit, end, windows) for end in ends.values()}
        found = np.array([[made[id(ends[name])][group].sum(axis=0) for group in groups] for name in arms])
        return r, np.array([int(group.sum()) for group in groups]), found

    for r, number, found in side_by_side(one, jobs, threads, progress):
        counts[r] += number
        sums[r] += found
    return Doses(base, scenarios, windows, seed, among, start, counts, sums)


def _reached(unit: Unit, arm: Settled, patterns: tuple[Pattern, ...], policies: list[ScheduledPolicy]) -> Bool:
    """Return whom any of these policies covers in a district, shape (n,)."""
    inside = {klass for policy in policies if unit.district.code in policy.districts
              for klass in covered(patterns, policy)}
    return np.isin(arm.reach(unit), sorted(inside))
