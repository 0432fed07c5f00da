"""A study of vsim as a search sees it: its arms are what may be switched on, its factors what may be set.

Arms whose policies share a lever exclude each other; the others may be combined. Base and mix meet the same people and
the same luck.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from vsim.errors import DataError, UsageError, listing
from vsim.evaluate.indicators import indicator
from vsim.run.policy_costs import at_hand
from vsim.run.policy_measured import EQUITY, Measured, measured
from vsim.run.policy_seen import Family, Luck, Seen
from vsim.run.policy_shared import Arm, Shared
from vsim.run.policy_space import Setting, Space, switch
from vsim.run.run import default_threads
from vsim.spec.design_apply import BASE, changed
from vsim.spec.design_study import Loaded
from vsim.spec.feedback import refuse_feedback
from vsim.spec.policy import Policy, Rollout
from vsim.spec.reforms import patched
from vsim.spec.scenario import Scenario

Float = NDArray[np.float64]
RECORDED_AND_TRUE = {         # what a register tells, and the true number behind it
    "recorded_hours_per_registered": "hours_per_registered", "verified_hours_per_registered": "hours_per_registered",
    "recorded_hours": "hours", "active_share_year": "served_share_year",
}
NEAREST = ("recorded_hours_per_registered", "hours_per_registered")
MIXES = 256                   # combinations of arms that are compared with one another
FEW, MOST = 2, 1_000_000      # lucks under which costs are counted, with paperwork and without
WATCHED = ("staffed_rate", "no_show_share", "record_ratio", "unplaced_share")


@dataclass(frozen=True, slots=True)
class Spread:
    """All policies at their smallest settings, in some districts: drawn at random, or those in greatest need."""

    order: Literal["random", "need"]
    share: float


class World:
    """What a search looks at.

    Parameters
    ----------
    study : Loaded
    target : str
        Indicator whose gain is sought.
    less : bool
        Whether less of it is better.
    costed : int, optional
        Lucks, the first ones of those asked for, under which costs are counted. By default all; but two where a lever
        asks for paperwork, which takes long.
    threads : int, optional

    Raises
    ------
    UsageError
        When an arm is more than policies, or a factor is no setting of one.
    """

    def __init__(self, study: Loaded, target: str, *, less: bool = False, costed: int | None = None,
                 threads: int | None = None, base: Scenario | None = None) -> None:
        self.study, self.target, self.less, self.threads = study, target, less, threads
        self.base = base or study.arms[BASE]
        indicator(target)
        refuse_feedback(self.base.feedback, "choose")
        self.arms = {name: self._own(name, scenario) for name, scenario in study.arms.items() if name != BASE}
        if not self.arms:
            raise UsageError("choose: the study has no arms; allowed one or more, each with policies.")
        cheap = all(at_hand(scenario.schedule()) for scenario in study.arms.values())
        self.costed = costed if costed is not None else MOST if cheap else FEW
        self.weeks = range(*(study.plan.weeks or (0, self.base.weeks)))
        self._bases: dict[tuple[Luck, bool], Measured] = {}

    def _own(self, name: str, scenario: Scenario) -> list[Policy]:
        root = self.study.arms[BASE]
        own = [policy for policy in scenario.policies if policy not in root.policies]
        if not own or scenario.values != root.values:
            raise UsageError(f"choose: arm '{name}' {'changes parameters of the world' if own else 'adds no policy'}; "
                             "allowed arms that add policies to the base and nothing else.")
        return own

    def in_world(self, base: Scenario) -> World:
        """Return the same choice in another world, such as one of another structure."""
        return World(self.study, self.target, less=self.less, costed=self.costed, threads=self.threads, base=base)

    @cached_property
    def shared(self) -> Shared:
        """The runs of the base, whose history mixes share."""
        return Shared(self.base, [patched(self.base, own, {}) for own in self.arms.values()])

    @cached_property
    def space(self) -> Space:
        """What may be chosen: a switch for each arm, then the factors of the study's design."""
        groups = self.groups()
        settings = [switch(name, groups[name]) for name in self.arms]
        design = self.study.plan.design
        for name, factor in (design.factors if design is not None else {}).items():
            lever, _, field = name.partition(".")
            arms = tuple(arm for arm, own in self.arms.items() if any(policy.lever == lever for policy in own))
            if not arms or factor.form == "shares":
                levers = listing(sorted({policy.lever for own in self.arms.values() for policy in own}))
                raise UsageError(f"choose: factor '{name}' is no setting of a policy of the arms; allowed "
                                 f"lever.setting with levers {levers}, each with low and high, or values.")
            values = None if factor.values is None else tuple(map(_plain, factor.values))
            low, high = (0.0, 1.0) if values is not None else factor.ends
            one = Setting(name, low, high, factor.integer, values, arms)
            for value in (one.at(0.0), one.at(1.0)) if values is None else values:
                for policy in (policy for arm in arms for policy in self.arms[arm] if policy.lever == lever):
                    changed(policy, field, _listed(value))
            settings.append(one)
        return Space(tuple(settings))

    def groups(self) -> dict[str, str]:
        """Return the group of each arm: arms that share a lever, directly or through others, exclude each other."""
        groups: dict[str, str] = {}
        for name, own in self.arms.items():
            levers = {policy.lever for policy in own}
            met = {groups[other] for other in groups if levers & {policy.lever for policy in self.arms[other]}}
            groups[name] = name
            groups = {arm: name if group in met else group for arm, group in groups.items()}
        alone = {group for group in groups.values() if list(groups.values()).count(group) == 1}
        return {arm: "" if group in alone else group for arm, group in groups.items()}

    def families(self) -> dict[str, Family]:
        """Return the baselines: everything alike everywhere; in districts at random; in those in greatest need."""
        found: dict[str, Family] = {}
        if any(not one.is_switch for one in self.space.settings):
            found["uniform"] = self.space.even
        number = len(self.base.districts)
        if number > 1:
            found["districts at random"] = partial(_some, "random", number)
            found["districts by need"] = partial(_some, "need", number)
        return found

    def scenario(self, what: Hashable) -> Scenario:
        """Return the scenario of a mix, or of a member of a family."""
        if isinstance(what, Spread):
            return self._spread(what)
        assert isinstance(what, tuple)
        values = dict(what)
        chosen = [policy for name in self.arms if values.get(name) for policy in self.arms[name]]
        for one in self.space.settings:
            if not one.is_switch and one.name in values:
                lever, _, field = one.name.partition(".")
                chosen = [changed(policy, field, _listed(values[one.name])) if policy.lever == lever else policy
                          for policy in chosen]
        return patched(self.base, chosen, {}) if chosen else self.base

    def _spread(self, what: Spread) -> Scenario:
        number = round(what.share * len(self.base.districts))
        if number == 0:
            return self.base
        whole = self.scenario(self.space.even(0.0))
        policies = []
        for policy in whole.policies:
            if policy not in self.base.policies:
                own = {name: getattr(policy, name) for name in type(policy).model_fields}
                number_here = min(number, len(policy.districts or self.base.districts))
                policy = Policy(**{**own, "rollout": Rollout(order=what.order, number=number_here)})
            policies.append(policy)
        return whole.with_policies(policies)

    def look(self, what: Hashable, lucks: Sequence[Luck]) -> Seen:
        """Return what is seen of a mix under some lucks, beside the base under the same."""
        scenario, shared = self.scenario(what), self.shared
        count = [place < self.costed for place in range(len(lucks))]
        with ThreadPoolExecutor(max_workers=self.threads or default_threads()) as pool:
            base = list(pool.map(self._base, lucks, count))
            mix = base if scenario is self.base else list(
                pool.map(partial(self._run, shared.arm(scenario)), lucks, count))
        sign = -1.0 if self.less else 1.0
        pair = self._pair(self.target, base, mix)
        told, true = self._recorded_and_true()
        units = {key: indicator(key).unit for key in WATCHED} | EQUITY
        watched = {key: (self._pair(key, base, mix), unit) for key, unit in units.items()}
        return Seen(
            cost=np.array([b.yuan - a.yuan for a, b in zip(base, mix, strict=True)])[: self.costed],
            value=sign * (pair[1] - pair[0]), recorded=self._pair(told, base, mix), true=self._pair(true, base, mix),
            watched={key: some for key, some in watched.items() if np.isfinite(some[0]).all()},
        )

    def _recorded_and_true(self) -> tuple[str, str]:
        """Return the target as recorded and as true; for a target without such a pair, hours per registered."""
        if self.target in RECORDED_AND_TRUE:
            return self.target, RECORDED_AND_TRUE[self.target]
        back = {true: told for told, true in reversed(RECORDED_AND_TRUE.items())}
        return (back[self.target], self.target) if self.target in back else NEAREST

    def _pair(self, key: str, base: Sequence[Measured], mix: Sequence[Measured]) -> Float:
        return np.array([[one.value(key, self.weeks) for one in side] for side in (base, mix)])

    def _base(self, luck: Luck, count: bool) -> Measured:
        if (luck, count) not in self._bases:
            self._bases[luck, count] = self._run(self.shared.arm(self.base), luck, count)
        return self._bases[luck, count]

    def _run(self, arm: Arm, luck: Luck, count: bool) -> Measured:
        return measured(self.shared.run(arm, luck), self.weeks, count)


def combined(study: Loaded) -> Loaded:
    """Return a study whose arms are all combinations of its arms, but for arms that share a lever.

    Raises
    ------
    UsageError
        When an arm is more than policies, or the combinations are too many.
    """
    world = World(study, study.plan.outcomes[0])
    groups = world.groups()
    mixes = [mix for mix in Space(tuple(switch(name, groups[name]) for name in world.arms)).every() if mix]
    if len(mixes) > MIXES:
        raise UsageError(f"choose: {len(world.arms)} arms make {len(mixes)} combinations; allowed {MIXES}. Name fewer.")
    arms = {" + ".join(name for name, _ in mix): world.scenario(mix) for mix in mixes}
    return Loaded(study.plan, {BASE: study.arms[BASE], **arms}, study.folder)


def _some(order: Literal["random", "need"], number: int, fraction: float) -> Spread:
    """Return a fraction of so many districts, in whole districts, so that one scenario is run once."""
    return Spread(order, round(fraction * number) / number)


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def mix_words(what: Hashable) -> dict[str, Any]:
    """Return a mix as plain values by name, for tables and JSON."""
    if isinstance(what, Spread):
        return {f"districts ({what.order})": round(what.share, 4)}
    if not isinstance(what, tuple):
        raise DataError(f"search: {what!r} is no mix.")
    return {str(name): _listed(value) for name, value in what}

