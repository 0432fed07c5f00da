"""From a policy as written to the weeks, districts, residents and values in which it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import combinations, product

from vsim.errors import did_you_mean, listing
from vsim.spec.calendar import date_of, first_week_from
from vsim.spec.declared import DeclarationError
from vsim.spec.lever_files import lever_file
from vsim.spec.plain_yaml import one_line
from vsim.spec.policy import Policy, ScheduledPolicy, ScheduledRollout, fill
from vsim.spec.rollout import late_start, planned

SEXES, AGE = {"women", "men"}, "age_"      # groups of which a resident is in one at most


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
        When a policy names an unknown district, does not fall inside the run, is announced after its start,
        rolls out to more districts than it names or beyond its end, or meets another of its kind.
    """
    done: list[ScheduledPolicy] = []
    for index, policy in enumerate(policies):
        districts = _districts(policy, index, codes)
        first, end = _span(policy, index, start, weeks)
        rollout = _rollout(policy, index, len(districts), first, end)
        if rollout is None or rollout.order != "listed":
            districts = tuple(sorted(districts))
        share = 1.0 if policy.share is None else policy.share
        current = ScheduledPolicy(
            policy.lever, first, end, districts, fill(policy, parameters),
            groups=tuple(sorted(set(policy.groups or ()))), share=share,
            salt=(policy.salt or 0) if share < 1 else 0, lead=_lead(policy, index, start, first), rollout=rollout,
        )
        for before, earlier in enumerate(done):
            _refuse_overlap(before, earlier, index, current)
        done.append(current)
    return done


def _districts(policy: Policy, index: int, codes: Sequence[str]) -> tuple[str, ...]:
    if policy.districts is None:
        return tuple(codes)
    known = set(codes)
    for place, code in enumerate(policy.districts):
        if code not in known:
            allowed = codes[0] if len(codes) == 1 else f"{codes[0]} to {codes[-1]}"
            text = f"is '{one_line(code)}'; allowed {allowed}.{did_you_mean(code, codes)}"
            raise DeclarationError("scenario", ("policies", index, "districts", place), text)
    return tuple(dict.fromkeys(policy.districts))


def _rollout(policy: Policy, index: int, districts: int, first: int, end: int) -> ScheduledRollout | None:
    """Return the roll-out of a policy, or None where there is none or all its districts start at once."""
    if policy.rollout is None:
        return None
    rollout = planned(policy.rollout, districts)
    if rollout.number > districts:
        text = (f"is {rollout.number}; allowed 1 to {districts}, the districts of this policy. "
                "Lower it, or name more districts.")
        raise DeclarationError("scenario", ("policies", index, "rollout", "number"), text)
    wrong = late_start(rollout, first, end)
    if wrong:
        raise DeclarationError("scenario", ("policies", index, "rollout"), wrong)
    return None if rollout.batch == districts else rollout


def _lead(policy: Policy, index: int, start: date, first: int) -> int:
    """Return the weeks from the announcement of a policy to its start."""
    announced = first if policy.announced_week is None else policy.announced_week
    if announced > first:
        text = f"is {announced}; allowed 0 to {first}, not after the policy's start. Announce it earlier."
        raise DeclarationError("scenario", ("policies", index, "announced_week"), text)
    if policy.announced is not None:
        announced = first_week_from(policy.announced, start)
        if policy.announced < start or announced > first:
            text = (f"is {policy.announced}; allowed {start} to {date_of(first, start)}, not after the policy's start. "
                    "Announce it earlier.")
            raise DeclarationError("scenario", ("policies", index, "announced"), text)
    return first - announced


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
    """Return the weeks that two policies share, and the districts in which they meet.

    A roll-out counts with all its districts from its first week on: which of them it takes is known in the run only.
    """
    weeks = range(max(one.start_week, other.start_week), min(one.end_week, other.end_week))
    return weeks, sorted(set(one.districts) & set(other.districts)) if weeks else []


def meet(one: ScheduledPolicy, other: ScheduledPolicy) -> bool:
    """Return whether two policies may cover one resident in one week.

    They may not when they share no district in any week, or when both name groups and every pair across the two lists
    excludes each other: women and men, or two different groups of age. Shares and salts are not looked at.
    """
    return bool(shared_places(one, other)[1]) and not _apart(one.groups, other.groups)


def _apart(one: Sequence[str], other: Sequence[str]) -> bool:
    pairs = list(product(one, other))
    return bool(pairs) and all(
        a != b and ({a, b} == SEXES or (a.startswith(AGE) and b.startswith(AGE))) for a, b in pairs
    )


def in_canonical_order(policies: Sequence[ScheduledPolicy]) -> list[ScheduledPolicy]:
    """Return policies by lever, and inside a lever in an order that does not depend on the file.

    Only where policies of one lever meet does the order of the file stay, since there it carries meaning.
    """
    ordered: list[ScheduledPolicy] = []
    for lever in sorted({policy.lever for policy in policies}):
        own = [policy for policy in policies if policy.lever == lever]
        ambiguous = any(meet(a, b) for a, b in combinations(own, 2))
        ordered += own if ambiguous else sorted(own, key=lambda policy: repr(policy.to_dict()))
    return ordered


def _refuse_overlap(before: int, earlier: ScheduledPolicy, index: int, current: ScheduledPolicy) -> None:
    if earlier.lever != current.lever or lever_file(current.lever).overlap:
        return
    if meet(earlier, current):
        weeks, shared = shared_places(earlier, current)
        place = f"{listing(shared, 3)} from week {weeks[0]}"
        text = (f"sets {current.lever} in {place}, where policies[{before}] already sets it; "
                "allowed one at a time. End the first or move the second.")
        raise DeclarationError("scenario", ("policies", index), text)
