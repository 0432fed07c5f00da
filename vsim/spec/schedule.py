"""From a policy as written to the weeks, districts and values in which it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import combinations

from vsim.errors import did_you_mean, listing
from vsim.spec.calendar import date_of, first_week_from
from vsim.spec.declared import DeclarationError
from vsim.spec.lever_files import lever_file
from vsim.spec.plain_yaml import one_line
from vsim.spec.policy import Policy, ScheduledPolicy, fill


def schedule(
    policies: Sequence[Policy], start: date, weeks: int, codes: Sequence[str], parameters: Mapping[str, float]
) -> list[ScheduledPolicy]:
    """Return the policies of a run with everything filled in, in their order.

    Parameters
    ----------
    policies : sequence of Policy
        The policies as written.
    start, weeks : date, int
        The Monday of week 0, and the number of weeks in the run.
    codes : sequence of str
        The codes of the districts that exist.
    parameters : mapping
        The scenario's own parameters; one that names a lever's value stands in for its default.

    Raises
    ------
    UsageError
        When a policy names an unknown district, does not fall inside the run, or meets another of its kind.
    """
    planned: list[ScheduledPolicy] = []
    for index, policy in enumerate(policies):
        districts = _districts(policy, index, codes)
        first, end = _span(policy, index, start, weeks)
        current = ScheduledPolicy(policy.lever, first, end, districts, fill(policy, parameters))
        for before, earlier in enumerate(planned):
            _refuse_overlap(before, earlier, index, current)
        planned.append(current)
    return planned


def _districts(policy: Policy, index: int, codes: Sequence[str]) -> tuple[str, ...]:
    if policy.districts is None:
        return tuple(codes)
    known = set(codes)
    for place, code in enumerate(policy.districts):
        if code not in known:
            allowed = codes[0] if len(codes) == 1 else f"{codes[0]} to {codes[-1]}"
            text = f"is '{one_line(code)}'; allowed {allowed}.{did_you_mean(code, codes)}"
            raise DeclarationError("scenario", ("policies", index, "districts", place), text)
    return tuple(sorted(set(policy.districts)))


def _span(policy: Policy, index: int, start: date, weeks: int) -> tuple[int, int]:
    first, end = 0, weeks
    last_day, day_after = date_of(weeks - 1, start), date_of(weeks, start)
    if policy.start_week is not None:
        first = policy.start_week
        if first >= weeks:
            raise _outside(index, "start_week", first, f"0 to {weeks - 1}")
    if policy.start is not None:
        first = first_week_from(policy.start, start)
        if policy.start < start or first >= weeks:
            raise _outside(index, "start", policy.start, f"{start} to {last_day}")
    if policy.end_week is not None:
        end = policy.end_week
        if end <= first or end > weeks:
            raise _outside(index, "end_week", end, f"{first + 1} to {weeks}")
    if policy.end is not None:
        end = first_week_from(policy.end, start)
        if end <= first or end > weeks:
            raise _outside(index, "end", policy.end, f"{date_of(first, start)} (not included) to {day_after}")
    return first, end


def _outside(index: int, field: str, value: object, allowed: str) -> DeclarationError:
    text = f"is {value}; allowed {allowed}, inside the run. Move it, or change start or weeks."
    return DeclarationError("scenario", ("policies", index, field), text)


def shared_places(one: ScheduledPolicy, other: ScheduledPolicy) -> tuple[range, list[str]]:
    """Return the weeks that two policies share, and the districts in which they meet."""
    weeks = range(max(one.start_week, other.start_week), min(one.end_week, other.end_week))
    return weeks, sorted(set(one.districts) & set(other.districts)) if weeks else []


def in_canonical_order(policies: Sequence[ScheduledPolicy]) -> list[ScheduledPolicy]:
    """Return policies by lever, and inside a lever in an order that does not depend on the file.

    Only where policies of one lever meet does the order of the file stay, since there it carries meaning.
    """
    ordered: list[ScheduledPolicy] = []
    for lever in sorted({policy.lever for policy in policies}):
        own = [policy for policy in policies if policy.lever == lever]
        meet = any(shared_places(a, b)[1] for a, b in combinations(own, 2))
        ordered += own if meet else sorted(own, key=lambda policy: repr(policy.to_dict()))
    return ordered


def _refuse_overlap(before: int, earlier: ScheduledPolicy, index: int, current: ScheduledPolicy) -> None:
    if earlier.lever != current.lever or lever_file(current.lever).overlap:
        return
    weeks, shared = shared_places(earlier, current)
    if shared:
        place = f"{listing(shared, 3)} from week {weeks[0]}"
        text = (f"sets {current.lever} in {place}, where policies[{before}] already sets it; "
                "allowed one at a time. End the first or move the second.")
        raise DeclarationError("scenario", ("policies", index), text)
