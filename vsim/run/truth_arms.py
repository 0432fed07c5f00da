"""The arms of the truth engine: nobody, everybody, the roll-out as designed, and the roll-out without one cohort.

All arms are settled with the same classes of persons, so each resident has one column of the tables in each of them.
An `Assigned` arm gives single residents the column of another arm: one who is covered gets that of nobody, one who is
not gets that of everybody. Tables of a whole district cannot be given to one person; they stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace

import numpy as np
from numpy.typing import NDArray

from vsim.errors import UsageError
from vsim.rng import draw as plain_draw
from vsim.run.making import make_city
from vsim.run.reach import Pattern, covered, patterns_of
from vsim.run.settle import Settled, in_force, settle
from vsim.spec.feedback import refuse_feedback
from vsim.spec.policy import Policy, ScheduledPolicy
from vsim.spec.scenario import Scenario
from vsim.world.city import Unit
from vsim.world.drawing import Draw
from vsim.world.weekly import PERSONAL

Int = NDArray[np.int64]
Bool = NDArray[np.bool_]
Classes = NDArray[np.uint8]
NEVER = -1                    # cohort of residents whom no policy of the pilot covers
NOBODY, ROLLOUT, EVERYBODY = "0", "z", "1"
MOST_CLASSES = 256            # a class is one byte


@dataclass(frozen=True, slots=True)
class Assigned(Settled):
    """A settled scenario in which the class of each resident is given instead of drawn; by row of the district."""

    who: Mapping[int, Classes] = field(default_factory=dict)

    def reach(self, unit: Unit, draw: Draw = plain_draw) -> Classes:
        """Return the class of each resident of a district, shape (n,)."""
        return self.who[self.place(unit)]


@dataclass(frozen=True, slots=True)
class Arms:
    """What a policy is measured by.

    Attributes
    ----------
    base, pilot, everyone : Scenario
    city : list of Unit
    settled : dict of str to Settled
        Arms "0", "z", "1", and "-8" for the roll-out without the cohort of week 8.
    cohort : list of ndarray, one for each district, shape (n,)
        Week in which a policy of the pilot first covers each resident, or NEVER.
    eligible : list of ndarray of bool
        Whom the full roll-out covers.
    stacked : Assigned
        Arm "z" with three columns for each class: its own, that of nobody, that of everybody.
    start : int
        First week of the full roll-out.
    """

    base: Scenario
    pilot: Scenario
    everyone: Scenario
    city: list[Unit]
    settled: dict[str, Settled]
    cohort: list[Int]
    eligible: list[Bool]
    stacked: Assigned
    start: int

    @property
    def cohorts(self) -> list[int]:
        """Weeks in which somebody is first covered, ascending."""
        found = np.unique(np.concatenate([np.unique(part) for part in self.cohort]))
        return [int(week) for week in found if week != NEVER]

    def flipped(self, place: int, persons: Int) -> Assigned:
        """Return arm "z" with single residents of a district flipped: covered to nobody, not covered to everybody."""
        own = self.stacked.who[place].copy()
        count = self.stacked.weekly.base.shape[2] // 3
        column = np.where(self.cohort[place][persons] == NEVER, 2 * count, count)
        own[persons] = (own[persons] % count + column).astype(np.uint8)
        return replace(self.stacked, who={**self.stacked.who, place: own})


def arms_of(
    base: Scenario, pilot: Scenario, everyone: Scenario | None = None, *, assigned: Bool | None = None,
    cohorts: bool = True, city: list[Unit] | None = None,
) -> Arms:
    """Return the arms by which the policies that a pilot adds are measured.

    Parameters
    ----------
    base, pilot : Scenario
        Same world, calendar and parameters; the pilot has the policies of the base and more.
    everyone : Scenario, optional
        The full roll-out. By default every added policy, for all its groups in all districts from its first start.
    assigned : ndarray of bool, optional, shape (residents,)
        Who is covered, in the order of districts and residents, instead of whom the pilot's policies cover: an
        encouragement by any rule. They get the columns of the full roll-out.
    cohorts : bool
        Settle the arms without one cohort too.
    city : list of Unit, optional
        The base's city when it has been made already.

    Raises
    ------
    UsageError
        When the two differ by more than added policies.
    """
    check_twins(base, pilot)
    everyone = full_roll_out(base, pilot) if everyone is None else everyone
    city = make_city(base.world, base.warmup_weeks, base.values) if city is None else city
    districts = [unit.district for unit in city]
    force = {name: in_force(scenario, districts) for name, scenario in
             ((NOBODY, base), (ROLLOUT, pilot), (EVERYBODY, everyone))}
    patterns = patterns_of([policy for policies in force.values() for policy in policies])
    settled = {NOBODY: settle(base, city, patterns), ROLLOUT: settle(pilot, city, patterns),
               EVERYBODY: settle(everyone, city, patterns)}
    own = [policy for policy in force[ROLLOUT] if policy not in force[NOBODY]]
    wide = [policy for policy in force[EVERYBODY] if policy not in force[NOBODY]]
    if not own or not wide:
        raise UsageError(f"truth: '{pilot.name}' has no policy that '{base.name}' has not. Name another pilot.")
    start = min(policy.start_week for policy in wide)
    reached = [settled[ROLLOUT].reach(unit) for unit in city]
    eligible = [_first_covered(unit, classes, patterns, wide) != NEVER
                for unit, classes in zip(city, reached, strict=True)]
    if assigned is None:
        cohort = [_first_covered(unit, classes, patterns, own) for unit, classes in zip(city, reached, strict=True)]
        stacked = _stack(settled[ROLLOUT], settled[NOBODY], settled[EVERYBODY], city)
    else:
        cohort = _given(assigned, city, eligible, start)
        settled[ROLLOUT] = stacked = _stacked_by(assigned, settled, city)
    found = Arms(base, pilot, everyone, city, settled, cohort, eligible, stacked, start)
    if cohorts and len(found.cohorts) > 1:
        for week in found.cohorts:
            settled[name_without(week)] = _without(found, week, own, force[ROLLOUT], patterns)
    return found


def check_twins(base: Scenario, pilot: Scenario) -> None:
    """Refuse two scenarios that differ by more than policies."""
    for name in ("world", "start", "weeks", "warmup_weeks"):
        if getattr(base, name) != getattr(pilot, name):
            raise UsageError(f"truth: {name} differs between '{base.name}' and '{pilot.name}'; twin worlds share world "
                             "and calendar. Write the pilot with `extends`.")
    if base.canonical()["parameters"] != pilot.canonical()["parameters"]:
        raise UsageError(f"truth: parameters differ between '{base.name}' and '{pilot.name}'; allowed arms that differ "
                         "by policies. Use compare for a change of parameters.")
    for scenario in (base, pilot):
        refuse_feedback(scenario.feedback, "truth")


def name_without(week: int) -> str:
    """Return the name of the arm without the cohort of a week."""
    return f"-{week}"


def full_roll_out(base: Scenario, pilot: Scenario) -> Scenario:
    """Return the scenario in which every policy that a pilot adds holds in all districts from its first start.

    Groups say who may be covered and are kept; shares, roll-outs and lists of districts fall away.

    Raises
    ------
    UsageError
        When the pilot lacks a policy of the base, or uses one lever with different values.
    """
    mine, theirs = pilot.schedule(), base.schedule()
    lacking = [policy.lever for policy in theirs if policy not in mine]
    if lacking:
        raise UsageError(f"truth: '{pilot.name}' lacks or changes the policy {lacking[0]} of '{base.name}'; allowed a "
                         "pilot that adds policies.")
    wide: dict[tuple[str, tuple[str, ...]], ScheduledPolicy] = {}
    for policy in mine:
        if policy in theirs:
            continue
        key = policy.lever, policy.groups
        if key in wide and wide[key].values != policy.values:
            raise UsageError(f"truth: '{pilot.name}' uses {policy.lever} with different values, so the full roll-out "
                             "is not known. Give it as the scenario `everyone`.")
        first = wide.get(key, policy)
        wide[key] = replace(policy, start_week=min(first.start_week, policy.start_week),
                            end_week=max(first.end_week, policy.end_week))
    added = [
        Policy(lever=p.lever, start_week=p.start_week, end_week=p.end_week, groups=list(p.groups) or None,
               values={name: list(v) if isinstance(v, tuple) else v for name, v in p.values.items()})
        for p in wide.values()
    ]
    return base.with_policies([*base.policies, *added])


def fork_of(one: Settled, other: Settled, unit: Unit) -> int | None:
    """Return the first week in which two arms differ for anybody in a district, or None when they never do."""
    place = one.place(unit)
    pairs = np.unique(np.stack([one.reach(unit), other.reach(unit)]), axis=1).astype(np.int64)
    apart = np.zeros(one.length, dtype=np.bool_)
    for name in one.weekly._fields:
        if name == "layout":                                  # follows from the shares of planned sites
            continue
        a, b = getattr(one.weekly, name)[place], getattr(other.weekly, name)[place]
        if name in PERSONAL:
            a, b = a[:, pairs[0]], b[:, pairs[1]]
        if name == "ladder":
            a, b = one.ladders[a], other.ladders[b]
        apart |= (a != b).reshape(one.length, -1).any(axis=1)
    return int(np.argmax(apart)) - one.warmup if apart.any() else None


def _first_covered(unit: Unit, classes: Classes, patterns: tuple[Pattern, ...], policies: Iterable[ScheduledPolicy]
                   ) -> Int:
    """Return the first week in which policies cover each resident, or NEVER, shape (n,)."""
    first = np.full(1 << len(patterns), np.iinfo(np.int64).max)
    for policy in policies:
        if unit.district.code in policy.districts:
            inside = covered(patterns, policy)
            first[inside] = np.minimum(first[inside], policy.start_week)
    weeks = first[classes]
    return np.where(weeks == np.iinfo(np.int64).max, NEVER, weeks)


def _stack(arm: Settled, nobody: Settled, everybody: Settled, city: list[Unit]) -> Assigned:
    """Return an arm with three columns for each class: its own, that of nobody, that of everybody."""
    parts, ladders, offset = (arm, nobody, everybody), [], 0
    rows = []
    for part in parts:
        rows.append(part.weekly.ladder + offset)
        ladders.append(part.ladders)
        offset += len(part.ladders)
    if 3 * arm.weekly.base.shape[2] > MOST_CLASSES:
        raise UsageError(f"truth: the scenarios name {len(arm.patterns)} different groups or shares; allowed 6.")
    tables = {name: np.concatenate([getattr(part.weekly, name) for part in parts], axis=2) for name in PERSONAL}
    tables["ladder"] = np.concatenate(rows, axis=2)
    own = {f.name: getattr(arm, f.name) for f in fields(Settled)}
    return Assigned(**{**own, "weekly": arm.weekly._replace(**tables), "ladders": np.concatenate(ladders)},
                    who={arm.place(unit): arm.reach(unit) for unit in city})


def _stacked_by(assigned: Bool, settled: Mapping[str, Settled], city: list[Unit]) -> Assigned:
    """Return the arm in which an assignment says who is covered; whoever is not has the column of nobody."""
    count = settled[NOBODY].weekly.base.shape[2]
    made = _stack(settled[EVERYBODY], settled[NOBODY], settled[EVERYBODY], city)
    starts = np.cumsum([0, *(unit.people.ids.size for unit in city)])
    who = {}
    for number, (place, classes) in enumerate(made.who.items()):
        inside = assigned[starts[number] : starts[number + 1]]
        who[place] = np.where(inside, classes, classes + count).astype(np.uint8)
    return replace(made, who=who)


def _given(assigned: Bool, city: list[Unit], eligible: list[Bool], start: int) -> list[Int]:
    total = sum(unit.people.ids.size for unit in city)
    if assigned.shape != (total,) or assigned.dtype != np.bool_:
        raise UsageError(f"truth: assigned has shape {assigned.shape} and type {assigned.dtype}; allowed a yes or no "
                         f"for each of {total:,} residents.")
    if (assigned & ~np.concatenate(eligible)).any():
        raise UsageError("truth: assigned covers residents whom the full roll-out does not; allowed its groups only.")
    edges = np.cumsum([unit.people.ids.size for unit in city])[:-1]
    return [np.where(part, start, NEVER) for part in np.split(assigned, edges)]


def _without(
    arms: Arms, week: int, own: list[ScheduledPolicy], force: list[ScheduledPolicy], patterns: tuple[Pattern, ...]
) -> Assigned:
    """Return the roll-out in which one cohort is never covered.

    A policy falls away in a district where it covers that cohort alone; elsewhere the persons of the cohort get the
    columns of nobody, and the tables of the district stay.
    """
    kept = []
    for policy in force:
        places = policy.districts
        if policy in own:
            inside = np.array(covered(patterns, policy))
            places = tuple(
                unit.district.code for unit, cohort in zip(arms.city, arms.cohort, strict=True)
                if unit.district.code in places and _others(arms, unit, cohort, inside, week)
            )
        if places:
            kept.append(replace(policy, districts=places))
    arm = settle(arms.pilot, arms.city, patterns, kept)
    made = _stack(arm, arms.settled[NOBODY], arms.settled[EVERYBODY], arms.city)
    count = arm.weekly.base.shape[2]
    who = {}
    for unit, cohort in zip(arms.city, arms.cohort, strict=True):
        classes = made.who[made.place(unit)]
        who[made.place(unit)] = np.where(cohort == week, classes + count, classes).astype(np.uint8)
    return replace(made, who=who)


def _others(arms: Arms, unit: Unit, cohort: Int, inside: Int, week: int) -> bool:
    """Return whether a policy that covers the classes `inside` covers anybody of another cohort in a district."""
    classes = arms.settled[ROLLOUT].reach(unit)
    return bool((np.isin(classes, inside) & (cohort != week)).any())
