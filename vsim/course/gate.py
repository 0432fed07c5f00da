"""The gates of a course: which tier is open to a learner, what is missing for the next, and what was waived.

"Trained first, then on duty": a tier opens when the one before it is passed (`gate_rules`). Marks come from the
ledger through `standing`, waivers from the ledger too; nothing is stored here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vsim.course import gate_words
from vsim.course.folder import Course
from vsim.course.gate_rules import Rules, TierRule, enough, rules_of
from vsim.course.gate_waivers import Waiver, known_reason, waive, waivers_of
from vsim.course.syllabus import TIERS
from vsim.course.unit import ASSIGNMENT, Unit
from vsim.errors import UsageError, did_you_mean, listing

if TYPE_CHECKING:
    from vsim.course.standing import Standing

Table = Mapping[str, Mapping[str, "Standing"]]       # standings by unit and learner


@dataclass(frozen=True, slots=True)
class UnitState:
    """Where a learner stands in one unit of a tier.

    Attributes
    ----------
    unit, title : str
        Id, and the title in the language in force.
    state : str
        "met", "waived", or why it is not met: "missing", "failed", "open" (written answers are not marked), "low".
    share : float or None
        Share of the points; None before everything is marked.
    reason : str
        What is missing, in the learner's words; of a waiver who gave it, when and why; else "".
    """

    unit: str
    title: str
    state: str
    share: float | None
    reason: str

    @property
    def met(self) -> bool:
        """Whether the unit counts as done."""
        return self.state in ("met", "waived")


@dataclass(frozen=True, slots=True)
class TierState:
    """Where a learner stands in one tier.

    Attributes
    ----------
    learner, tier : str
    open : bool
        Whether its units may be handed to the learner.
    why : str
        What keeps it closed, or why it is open although the tier before is not passed; else "".
    passed : bool
        Whether everything that the tier asks is there.
    mean : float or None
        Mean share over the units that count, between 0 and 1.
    units : tuple of UnitState
        Every unit of the tier that the course has released.
    missing : tuple of str
        What is missing to pass it, in the learner's words.
    """

    learner: str
    tier: str
    open: bool
    why: str
    passed: bool
    mean: float | None
    units: tuple[UnitState, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Gates:
    """What is needed to say how every learner stands: rules, released units, marks and waivers, each read once."""

    course: Course
    rules: Rules
    units: Mapping[str, tuple[Unit, ...]]
    marks: Table
    waivers: Mapping[tuple[str, str], Waiver]

    def of(self, learner: str) -> tuple[TierState, ...]:
        """Return the tiers of one learner, in their order."""
        states: list[TierState] = []
        for tier in TIERS:
            before = states[-1] if states else None
            states.append(self._tier(learner, tier, before))
        return tuple(states)

    def _tier(self, learner: str, tier: str, before: TierState | None) -> TierState:
        rule = self.rules.said.tiers[tier]
        units = tuple(self._unit(learner, unit, rule) for unit in self.units[tier])
        counted, missing = _counted(units, rule)
        shares = [one.share for one in counted if one.share is not None and one.state == "met"]
        mean = sum(shares) / len(shares) if shares else None
        if not missing and mean is not None and not enough(mean, rule.least_mean):
            missing = (gate_words.low_mean(mean, rule.least_mean),)
        is_open, why = self._opening(learner, tier, before)
        return TierState(learner, tier, is_open, why, is_open and not missing, mean, units, missing)

    def _unit(self, learner: str, unit: Unit, rule: TierRule) -> UnitState:
        title = gate_words.title_of(unit)
        waiver = self.waivers.get((learner, unit.id))
        standing = self.marks[unit.id].get(learner)
        state: str = "missing" if standing is None else standing.state
        share = standing.share if standing is not None and state == "complete" else None
        if share is not None:
            state = "met" if enough(share, rule.least_share) else "low"
        if state != "met" and waiver is not None:
            return UnitState(unit.id, title, "waived", None, gate_words.waived(waiver))
        reason = "" if state == "met" else gate_words.unmet(title, state, share, rule.least_share)
        return UnitState(unit.id, title, state, share, reason)

    def _opening(self, learner: str, tier: str, before: TierState | None) -> tuple[bool, str]:
        """Return whether a tier is open, and what is to be said about it."""
        if before is None or before.passed:
            return True, ""
        waiver = self.waivers.get((learner, tier))
        if waiver is not None:
            return True, gate_words.waived(waiver)
        place = TIERS.index(self.course.settings.tier)
        if TIERS.index(tier) <= place and not any(self.units[name] for name in TIERS[: TIERS.index(tier)]):
            return True, gate_words.admitted(self.title(before.tier))
        return False, gate_words.closed(self.title(before.tier), before.missing or (before.why,))

    def title(self, tier: str) -> str:
        """Return the name of a tier in the language in force."""
        return gate_words.of_both(self.rules.said.tiers[tier].title)


def _counted(units: Sequence[UnitState], rule: TierRule) -> tuple[tuple[UnitState, ...], tuple[str, ...]]:
    """Return the units that count for a tier, and what is missing in the learner's words."""
    if not units:
        return (), (gate_words.nothing_released(),)
    done = [one for one in units if one.met]
    missing = [one.reason for one in units if not one.met]
    if rule.units != "all":
        best = sorted(done, key=lambda one: (one.state == "waived", 2.0 if one.share is None else one.share),
                      reverse=True)
        keep = {one.unit for one in best[: rule.units] if one.unit != rule.capstone} | {rule.capstone}
        done = [one for one in done if one.unit in keep]
        short = rule.units - len(best)
        missing = [gate_words.too_few(short, len(units), rule.units), *missing] if short > 0 else []
    if rule.capstone is not None:
        known = {one.unit: one for one in units}
        if rule.capstone not in known:
            missing.append(gate_words.capstone_not_released(rule.capstone))
        elif not known[rule.capstone].met and known[rule.capstone].reason not in missing:
            missing.append(known[rule.capstone].reason)
    return tuple(done), tuple(missing)


def released_units(course: Course) -> dict[str, tuple[Unit, ...]]:
    """Return the released units of a course by tier, in the order of their names."""
    found: dict[str, list[Unit]] = {tier: [] for tier in TIERS}
    folder = course.place("units")
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if (path / ASSIGNMENT).is_file():
            unit = Unit(path)
            found[unit.source.syllabus.tier].append(unit)
    return {tier: tuple(units) for tier, units in found.items()}


def gates(course: Course, rules: Rules | None = None) -> Gates:
    """Return the gates of a course: everything is read once, however many learners are asked for.

    Raises
    ------
    UsageError
        When the course has no curriculum, or it is wrong.
    """
    from vsim.course.standing import standings

    units = released_units(course)
    marks = {unit.id: standings(course, unit) for some in units.values() for unit in some}
    return Gates(course, rules or rules_of(course), units, marks, waivers_of(course))


def known_learners(course: Course, learners: Iterable[str]) -> list[str]:
    """Return the learners asked for, all of the course by default.

    Raises
    ------
    UsageError
        When one is not on the roster; the nearest is named.
    """
    wanted = list(learners) or list(course.learners)
    for learner in wanted:
        if learner not in course.learners:
            raise UsageError(f"learner is '{learner[:80]}'; allowed {listing(course.learners)}."
                             f"{did_you_mean(learner, course.learners)}")
    return wanted


def opened_gate(course: Course, unit: Unit, despite: str | None) -> dict[str, str]:
    """Return the learners to whom a unit stays closed; with a reason it is waived for each of them, and there are none.

    Raises
    ------
    UsageError
        When the reason is empty or too long.
    """
    reason = None if despite is None else known_reason(despite, "release")
    closed = closed_to(course, unit)
    if reason is None:
        return {learner: why for learner, why in closed.items()
                if not course.place("handouts", unit.id, f"{learner}.zip").is_file()}
    for learner in closed:
        waive(course, learner, unit.source.syllabus.tier, reason)
    return {}


def closed_to(course: Course, unit: Unit) -> dict[str, str]:
    """Return the learners to whom a unit is closed, each with the reason; none for a unit of the first tier."""
    tier = unit.source.syllabus.tier
    if tier == TIERS[0]:
        return {}
    found = gates(course)
    states = {learner: found.of(learner)[TIERS.index(tier)] for learner in course.learners}
    return {learner: state.why for learner, state in states.items() if not state.open}
