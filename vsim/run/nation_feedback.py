"""Edges of epochs in a large run: what was seen up to now moves numbers of policies from now on.

An edit is one of the schedule: the policy ends at the edge, and one with the new value begins there. So a run with
feedback is the run of an ordinary scenario that holds the edited schedule, and can be told again without the rules.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vsim.errors import UsageError, did_you_mean, listing
from vsim.kernels.build import write_whole
from vsim.run.district import Progress
from vsim.run.run import COLUMNS, TASK_COLUMNS
from vsim.run.settle import Settled, precedence
from vsim.spec.feedback import Feedback
from vsim.spec.policy import ScheduledPolicy
from vsim.spec.scenario import Scenario
from vsim.world.metrics import STOCKS
from vsim.world.weekly import first_difference

Int = NDArray[np.int64]
METRICS = (*COLUMNS, *TASK_COLUMNS)
THOUSAND = 1000
FILE = "feedback.json"


@dataclass(frozen=True, slots=True)
class Move:
    """One rule at one edge: what was seen, and the number before and after; `seen` is None where nobody was there."""

    week: int
    rule: int
    policy: str
    parameter: str
    seen: float | None
    before: float
    after: float


def edges_of(scenario: Scenario, epoch: int | None) -> list[int]:
    """Return the weeks at which a run stops for all districts, and its end: each rule's own edges and every `epoch`.

    Raises
    ------
    UsageError
        When the epoch is no number of weeks, or a rule follows what is not counted.
    """
    if epoch is not None and epoch < 1:
        raise UsageError(f"nation: epoch is {epoch}; allowed 1 or more weeks.")
    for place, rule in enumerate(scenario.feedback):
        for name, allowed in (("follows", METRICS), ("per", [m for m in METRICS if m in STOCKS])):
            given = getattr(rule, name)
            if given is not None and given not in allowed:
                raise UsageError(f"scenario: feedback[{place}].{name} is '{given}'; allowed {listing(allowed, 12)}."
                                 f"{did_you_mean(given, allowed)}")
    steps = [rule.every for rule in scenario.feedback] + ([] if epoch is None else [epoch])
    return sorted({week for step in steps for week in range(step, scenario.weeks, step)} | {scenario.weeks})


def totals(end: Progress, settled: Settled, first: int) -> Int:
    """Return the counts of one district from a week on, all cells together, shape (weeks, metrics)."""
    weeks = slice(settled.warmup + first, settled.warmup + end.week)
    return np.concatenate([end.counts.people[weeks].sum(axis=1), end.counts.tasks[weeks]], axis=1)


def seen_by(rule: Feedback, counts: Int) -> float | None:
    """Return what a rule sees of weekly counts of all districts, shape (weeks so far, metrics); None if of nobody."""
    window = counts[-rule.every :]
    total = int(window[:, METRICS.index(rule.follows)].sum())
    if rule.per is None:
        return total / len(window)
    base = int(window[:, METRICS.index(rule.per)].sum())
    return THOUSAND * total / base if base else None


def moves_at(scenario: Scenario, policies: Sequence[ScheduledPolicy], week: int, counts: Int) -> list[Move]:
    """Return what the rules whose edge this is make of the counts of the weeks before it."""
    found = []
    for place, rule in enumerate(scenario.feedback):
        now = [policy for policy in policies if policy.lever == rule.policy
               and policy.start_week < week < policy.end_week]
        before = now[0].values[rule.parameter] if now else None
        if week % rule.every == 0 and isinstance(before, float):
            seen = seen_by(rule, counts)
            after = before if seen is None else rule.moved(before, seen)
            found.append(Move(week, place, rule.policy, rule.parameter, seen, before, after))
    return found


def edited(policies: Sequence[ScheduledPolicy], moves: Sequence[Move]) -> tuple[ScheduledPolicy, ...]:
    """Return the schedule with every move in it, in the order of application."""
    out = list(policies)
    for move in moves:
        if move.after == move.before:
            continue
        then: list[ScheduledPolicy] = []
        for policy in out:
            if policy.lever != move.policy or policy.end_week <= move.week:
                then.append(policy)
                continue
            values = {**policy.values, move.parameter: move.after}
            if policy.start_week >= move.week:
                then.append(replace(policy, values=values))
                continue
            then.append(replace(policy, end_week=move.week))
            then.append(replace(policy, start_week=move.week, values=values, lead=0))
        out = then
    return tuple(sorted(out, key=precedence))


def check_past(before: Settled, after: Settled, week: int, moves: Sequence[Move]) -> None:
    """Refuse a move that changes a week that was run already; both are settled for one district.

    Raises
    ------
    UsageError
        When a lever looks ahead, so that its earlier weeks depend on later values.
    """
    where = first_difference(before.weekly, after.weekly, (before.ladders, after.ladders), 0)
    if where is not None and where - after.warmup < week:
        names = listing(sorted({move.policy for move in moves}))
        raise UsageError(f"feedback: to move {names} in week {week} would change week {where - after.warmup}, which "
                         "was run; allowed levers whose weeks do not depend on later ones. Remove the rule.")


def write_moves(out: Path, moves: Sequence[Move]) -> None:
    """Write every move of a run into its folder."""
    write_whole(out / FILE, json.dumps([asdict(move) for move in moves], indent=2) + "\n")


def read_moves(out: Path) -> list[Move]:
    """Return the moves of a run from its folder.

    Raises
    ------
    UsageError
        When they are not there, or spoilt.
    """
    try:
        return [Move(**move) for move in json.loads((out / FILE).read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        raise UsageError(f"nation: {out} holds no {FILE}, or a spoilt one. Run the nation again to write it.") from None
