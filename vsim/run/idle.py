"""Policies that do nothing: held against the same scenario without them, by the tables that the week reads.

A lever that only lets an office write changes no table of the week and is left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from vsim.errors import listing
from vsim.run.sweep_work import SAME, cities, forks
from vsim.spec.lever_files import lever_file
from vsim.spec.lint import Finding
from vsim.spec.policy import ScheduledPolicy
from vsim.spec.scenario import Scenario

LARGEST = 2_000_000           # residents who are made to look at the tables
WEEKLY = "weekly."


def idle(scenario: Scenario) -> Iterator[Finding]:
    """Yield the policies, and the districts of policies, in which no table differs for having them."""
    if scenario.world.residents > LARGEST:
        text = (f"{scenario.world.residents:,} residents are too many to look whether policies change anything; up to "
                f"{LARGEST:,} are looked at. Try it with fewer.")
        yield Finding("large", ("world",), text, note=True)
        return
    scheduled = scenario.schedule()
    for index, policy in enumerate(scheduled):
        others = [one for i, one in enumerate(scenario.policies) if i != index]
        if policy.rollout is not None or not _in_tables(policy):
            continue
        without, alone = scenario.with_policies(others), scenario.with_policies([scenario.policies[index]])
        missing = _untouched(without, scenario, policy)
        if not missing:
            continue
        inert = _untouched(scenario.with_policies([]), alone, policy)
        yield _finding(index, policy, missing, inert)


def _in_tables(policy: ScheduledPolicy) -> bool:
    return any(effect.measure.startswith(WEEKLY) for effect in lever_file(policy.lever).effects)


def _untouched(base: Scenario, pilot: Scenario, policy: ScheduledPolicy) -> list[str]:
    """Return the districts of a policy whose tables are the same in two scenarios."""
    weeks = forks(base, pilot)
    codes = [unit.district.code for unit in cities.of(base)]
    return [code for code, week in zip(codes, weeks, strict=True) if week == SAME and code in policy.districts]


def _finding(index: int, policy: ScheduledPolicy, missing: list[str], inert: list[str]) -> Finding:
    whole = len(missing) == len(policy.districts)
    where = "anywhere" if whole else f"in {listing(missing, 6)}"
    if set(missing) <= set(inert):
        text = (f"{policy.lever} changes nothing {where}, even alone: its values are those without a policy, or there "
                "is nothing there for it to act on. Change its values or its districts.")
    else:
        text = f"{policy.lever} changes nothing {where}: other policies of the scenario set the same there. Remove one."
    return Finding("idle", ("policies", index) if whole else ("policies", index, "districts"), text)
