"""Measure what a policy truly does: all arms under the same luck, then every estimand from them."""

from __future__ import annotations

from collections.abc import Callable

from vsim.errors import UsageError
from vsim.run.district import Engine
from vsim.run.truth_arms import Bool, arms_of
from vsim.run.truth_effects import Truths
from vsim.run.truth_people import Windows, usual_width
from vsim.run.truth_run import Among, check, run_arms
from vsim.spec.scenario import Scenario
from vsim.world.city import Unit


def truths(
    base: Scenario, pilot: Scenario, *, everyone: Scenario | None = None, assigned: Bool | None = None,
    replicates: int = 20, seed: int = 1, first: int = 0, window: int | None = None, among: Among = "residents",
    cohorts: bool = True, flips: int = 0, per_run: int = 1, engine: Engine = "kernels", threads: int | None = None,
    city: list[Unit] | None = None, progress: Callable[[int, int], None] | None = None,
) -> Truths:
    """Return what the policies that a pilot adds truly do, under interference.

    Parameters
    ----------
    base, pilot : Scenario
        Same world, calendar and parameters; the pilot adds policies. Those for some groups or a share of residents
        leave untreated residents beside treated ones, so spill-over can be seen; districts share nothing.
    everyone : Scenario, optional
        The full roll-out; see `vsim.run.truth_arms.full_roll_out`.
    assigned : ndarray of bool, optional
        Who is covered, resident by resident, in place of the pilot's own rule.
    replicates, seed, first :
        Independent lucks, met by all arms: `replicates` of them from number `first` on.
    window : int, optional
        Weeks of a window of outcomes; a divisor of the run's weeks. By default 4.
    among : {"residents", "register"}
        The population: all residents, or those on the register before week 0.
    cohorts : bool
        Run the roll-out without each cohort too: one arm more for each.
    flips, per_run : int
        Residents whose cover is flipped in each district and replicate, and how many in one run. Every run of flips
        costs as much as an arm of one district.

    Raises
    ------
    UsageError
        When the two differ by more than added policies, or residents are to be flipped in a staggered roll-out.
    """
    check(among, replicates, flips, per_run)
    windows = Windows(base.weeks, usual_width(base.weeks) if window is None else window)
    arms = arms_of(base, pilot, everyone, assigned=assigned, cohorts=cohorts, city=city)
    if flips and arms.cohorts not in ([], [arms.start]):
        starts = ", ".join(str(week) for week in sorted({arms.start, *arms.cohorts}))
        raise UsageError(f"truth: flips is {flips} in a roll-out with starts in weeks {starts}; allowed one start of "
                         "all. Leave flips out, or give a pilot without steps.")
    sums = run_arms(arms, windows, replicates=replicates, seed=seed, first=first, among=among, flips=flips,
                    per_run=per_run, engine=engine, threads=threads, progress=progress)
    return Truths(arms, windows, sums, seed, among, per_run, first)
