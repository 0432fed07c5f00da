"""Roll-outs: which districts get a policy, and when; and which residents it covers, as the engine reads it.

Everything here is a pure function of the policy and of three integers a district, which the caller gives. Nothing is
drawn: a random roll-out sorts by words that the caller drew by key, so both arms of a comparison meet the same luck.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from vsim.exact import threshold32
from vsim.spec.groups import bit
from vsim.spec.policy import Order, Rollout, ScheduledPolicy, ScheduledRollout

EVERYBODY = 1 << 32           # the threshold that every 32-bit word is below


@dataclass(frozen=True, slots=True)
class DistrictFacts:
    """What a roll-out looks at in a district.

    Attributes
    ----------
    need, momentum : int
        Relative need, and how fast volunteering grew before the run, in 1/65536.
    word : int
        A 32-bit word drawn by key from the roll-out's salt; only the order `random` reads it.
    """

    need: int
    momentum: int
    word: int = 0


def planned(rollout: Rollout, districts: int) -> ScheduledRollout:
    """Return a roll-out over so many districts with everything filled in.

    A share is rounded half up to whole districts, at least one. Where all start at once, `every` is 0. `number` may
    exceed `districts`; the schedule refuses that.

    >>> planned(Rollout(order="need", share=0.5, batch=2, every=4), 9)
    ScheduledRollout(order='need', number=5, batch=2, every=4, salt=0)
    """
    number = districts if rollout.number is None else rollout.number
    if rollout.share is not None:
        exact = Decimal(repr(rollout.share)) * districts
        number = max(1, int(exact.to_integral_value(ROUND_HALF_UP)))
    batch = number if rollout.batch is None else min(rollout.batch, number)
    every = 0 if batch == number or rollout.every is None else rollout.every
    return ScheduledRollout(rollout.order, number, batch, every, rollout.salt or 0)


def late_start(rollout: ScheduledRollout, start_week: int, end_week: int) -> str | None:
    """Return what is wrong when the last batch would not start before the end, and what is allowed; else None."""
    gaps = rollout.batches - 1
    last, room = start_week + gaps * rollout.every, end_week - 1 - start_week
    if gaps * rollout.every <= room:
        return None
    least = -(-rollout.number // (room // rollout.every + 1))
    ways = [f"batch {least} or more"] + ([f"every {room // gaps} or less"] if room >= gaps else [])
    return (f"starts batch {rollout.batches} of {rollout.batches} in week {last}; allowed up to week {end_week - 1}, "
            f"before the policy ends: {' or '.join(ways)}.")


def chosen(policy: ScheduledPolicy, attributes: Mapping[str, DistrictFacts]) -> list[str]:
    """Return the districts that get a policy, in the order of its roll-out; ties go by code."""
    rollout = policy.rollout
    if rollout is None:
        return list(policy.districts)
    if rollout.order == "listed":
        return list(policy.districts[: rollout.number])
    order = rollout.order
    ordered = sorted(policy.districts, key=lambda code: (_rank(order, attributes[code]), code))
    return ordered[: rollout.number]


def _rank(order: Order, facts: DistrictFacts) -> int:
    """Return the place of a district, lowest first."""
    if order == "random":
        return facts.word
    return -facts.need if order == "need" else -facts.momentum


def resolve(policy: ScheduledPolicy, attributes: Mapping[str, DistrictFacts]) -> list[ScheduledPolicy]:
    """Return one policy for each batch of a roll-out, without a roll-out; all end when the policy ends.

    Parameters
    ----------
    policy : ScheduledPolicy
        One without a roll-out comes back alone and unchanged.
    attributes : mapping of str to DistrictFacts
        By the code of the district; needed for the policy's districts unless the order is `listed`.

    Returns
    -------
    list of ScheduledPolicy
        In the order of their starts, each with its districts by code. Districts that are not chosen are in none. The
        lead of the announcement is that of the policy: a batch hears of its start as long before as the first did.
    """
    rollout = policy.rollout
    if rollout is None:
        return [policy]
    codes = chosen(policy, attributes)
    return [
        replace(
            policy, start_week=policy.start_week + place * rollout.every, rollout=None,
            districts=tuple(sorted(codes[place * rollout.batch : (place + 1) * rollout.batch])),
        )
        for place in range(rollout.batches)
    ]


def pattern(policy: ScheduledPolicy) -> tuple[int, int, int]:
    """Return whom a policy covers: the bits of its groups, its share as a 32-bit threshold, and the salt of the draw.

    A resident is covered who has any of the bits, where no bits mean everybody, and whose word keyed by the salt
    lies below the threshold. (0, 2**32, 0) is everybody.
    """
    bits = 0
    for name in policy.groups:
        bits |= bit(name)
    threshold = max(1, threshold32(policy.share))
    return bits, threshold, policy.salt if threshold < EVERYBODY else 0
