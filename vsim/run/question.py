"""A policy question as runs: the twin worlds that answer it, and those that say what the answer hangs on.

Two studies share one store. The first runs base and pilot under many lucks, with costs and what the register says. The
second moves one number at a time, those of the pilot's levers and some of the model's own, under fewer lucks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from vsim.errors import UsageError
from vsim.evaluate.indicators import indicator
from vsim.run.store import Store
from vsim.run.sweep import STORE, Sweep, prepare
from vsim.spec.cards import Card, load_cards
from vsim.spec.design import Design, Factor
from vsim.spec.design_study import Loaded, Plan, assembled
from vsim.spec.feedback import refuse_feedback
from vsim.spec.scenario import Scenario

PILOT = "pilot"
MAIN = "hours_per_registered"
OUTCOMES = (MAIN, "served_share_year", "person_times_per_registered", "recorded_hours_per_registered", "staffed_rate",
            "unplaced_share", "no_show_share", "left", "trained", "stars")
OWN = ("participation.taste_mean", "participation.habit_weight", "participation.ask", "choice.extra_mean",
       "retention.exit_base", "demand.tasks")       # numbers of the model that are moved for every question
MOST_DRIVERS = 12
SHARE = 0.05                  # of a card's range, by which a number that may be negative is moved
FACTOR = 1.25                 # by which a number that may not is moved up, and down
EFFECTS, DRIVERS = "effects", "drivers"
Moved = Callable[[int, int], None]


@dataclass(frozen=True)
class Question:
    """A base, a pilot, and how much is run to answer.

    Attributes
    ----------
    base, pilot : Scenario
        Twins: same world and calendar, and the pilot has other policies.
    outcome : str
        The indicator that the answer is about.
    replicates, tries : int
        Lucks of the answer, and of each number that is moved (0: none is).
    seed : int
    level : float
        Coverage of intervals.

    Raises
    ------
    UsageError
        When the two are no twins or an indicator is unknown.
    """

    base: Scenario
    pilot: Scenario
    outcome: str = MAIN
    replicates: int = 20
    tries: int = 4
    seed: int = 1
    level: float = 0.95
    more: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        for name in (self.outcome, *self.more):
            indicator(name)
        if self.replicates < 2 or self.tries < 0:
            raise UsageError(f"brief: replicates is {self.replicates} and tries {self.tries}; allowed 2 or more, and 0 "
                             "or more.")
        if self.base.canonical()["parameters"] != self.pilot.canonical()["parameters"]:
            raise UsageError(f"brief: parameters differ between '{self.base.name}' and '{self.pilot.name}'; allowed "
                             "twins that differ by policies. Use `vsim run compare` for a change of parameters.")
        for scenario in (self.base, self.pilot):
            refuse_feedback(scenario.feedback, "brief")
        if self.base.hash == self.pilot.hash:
            raise UsageError(f"brief: '{self.base.name}' and '{self.pilot.name}' have the same policies; allowed a "
                             "pilot that differs. Look at both with `vsim run diff`.")

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The indicators of the answer, the one it is about first."""
        return tuple(dict.fromkeys((self.outcome, *self.more, *OUTCOMES)))

    @property
    def text(self) -> str:
        """The question in words."""
        return self.pilot.question or self.base.question or f"What does {self.pilot.name} change?"

    @cached_property
    def drivers(self) -> Mapping[str, tuple[float, float]]:
        """The numbers that are moved one at a time, with both ends."""
        if not self.tries:
            return {}
        cards = load_cards()
        levers = {policy.lever for policy in self.pilot.policies if policy not in self.base.policies}
        keys = [key for key, card in cards.items() if card.behaviour and key.split(".")[0] in levers]
        found = {key: ends(cards[key], self.base.values[key]) for key in (*keys, *OWN)
                 if not cards[key].is_list and key in self.base.values}
        return dict([(key, pair) for key, pair in found.items() if pair[0] < pair[1]][-MOST_DRIVERS:])

    def studies(self) -> dict[str, Loaded]:
        """Return the studies, by name."""
        common: dict[str, Any] = {
            "question": self.text, "base": self.base.name, "seeds": [self.seed], "level": self.level,
        }
        made = {EFFECTS: Plan(name=EFFECTS, outcomes=list(self.outcomes), replicates=self.replicates,
                              estimands=["total", "att", "spillover"], keep=["costs", "register"], **common)}
        if self.drivers:
            factors = {key: Factor(low=low, high=high, integer=load_cards()[key].integer)
                       for key, (low, high) in self.drivers.items()}
            made[DRIVERS] = Plan(name=DRIVERS, outcomes=[self.outcome], replicates=self.tries,
                                 design=Design(method="one_at_a_time", factors=factors, levels=2), **common)
        return {name: assembled(plan, base=self.base, given={PILOT: self.pilot}) for name, plan in made.items()}

    def sweeps(self, folder: Path, *, jobs: int | None = None, scheduler: str | None = None, force: bool = False
               ) -> dict[str, Sweep]:
        """Return the studies ready to run in a folder; nothing is run yet.

        Parameters
        ----------
        folder : Path
            Holds the store, `runs`, and a folder for each study.
        jobs : int, optional
            Runs at a time; by default the processors.
        scheduler : str, optional
            Address of a Dask scheduler.
        """
        return {name: prepare(loaded, folder / name, jobs=jobs, scheduler=scheduler, store=folder / STORE, force=force)
                for name, loaded in self.studies().items()}


def ends(card: Card, value: float) -> tuple[float, float]:
    """Return how far a number is moved to both sides, inside what its card allows.

    >>> from vsim.spec.cards import load_cards
    >>> ends(load_cards()["demand.tasks"], 2.0), ends(load_cards()["participation.taste_mean"], -2.0)
    ((1.6, 2.5), (-2.55, -1.45))
    """
    if card.low >= 0:
        pair = value / FACTOR, value * FACTOR
    else:
        step = SHARE * (card.high - card.low)
        pair = value - step, value + step
    low, high = max(card.low, pair[0]), min(card.high, pair[1])
    if card.integer:
        low, high = float(round(low)), float(round(high))
    return float(f"{low:.6g}"), float(f"{high:.6g}")


def run_all(sweeps: Mapping[str, Sweep], progress: Moved | None = None) -> None:
    """Run what is missing of all studies; the count that is told goes over all of them."""
    todo = {name: len(one.missing()) for name, one in sweeps.items()}
    before = 0
    for name, one in sweeps.items():
        def moved(done: int, _total: int, start: int = before) -> None:
            if progress is not None:
                progress(start + done, max(start + done, sum(todo.values())))

        one.run(moved)
        before += todo[name]


def store_of(folder: Path) -> Store:
    """Return the store of a folder."""
    return Store(folder / STORE)
