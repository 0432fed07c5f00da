"""Keyed random numbers: every draw is a pure function of what it decides.

vsim never keeps a stateful generator. A draw is Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers:
as easy as 1, 2, 3") of a counter (entity, week, stream, item) under a key (seed, replicate). Adding a process,
removing a person or cutting the work into other chunks therefore leaves every other draw as it was, and two
policy arms meet the same luck.

The NumPy form here is the plain one; `vsim.kernels.draws` is its compiled twin, held equal by test.

Layout of a counter: word 0 = entity id (low 32 bits), word 1 = item (which of several draws of one kind),
word 2 = week or 64-week block (as unsigned 32 bits), word 3 = stream. Entities above 2**32 are not needed:
ids are unique inside a run's region, and the largest region has fewer than 2**31 people.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Words: TypeAlias = NDArray[np.uint32]
Planes: TypeAlias = NDArray[np.uint64]

MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
WEYL = (0x9E3779B9, 0xBB67AE85)
ROUNDS = 10
MASK = 0xFFFFFFFF
KEPT = 1 << 16            # entities whose bit planes are kept: four MiB


class Stream(IntEnum):
    """What a draw decides. Append only: a number, once given, never changes its meaning."""

    PLACE = 1          # geography: districts, stations
    PERSON = 2         # who a resident is: sex, age, education, groups
    TASTE = 3          # taste for service, frailty, reliability, steering
    HOME = 4           # where a resident lives
    TIES = 5           # whom a resident knows
    HISTORY = 6        # registered and active before the first week?
    ORGANISATION = 7   # organisations: size, quality, field
    STATUS = 10        # leading bits of the weekly change of status: join, leave, come back
    STATUS_TAIL = 11
    TAKE_PART = 12     # leading bits of the weekly decision to take part
    TAKE_PART_TAIL = 13
    EXTRA = 14         # how many shifts in an active week; priority in the queue for seats
    CHOICE = 15        # taste noise for a shift on the menu
    MENU = 16          # which shifts stand on the menu
    DEMAND = 17        # how many needs arise
    SHIFT = 18         # what a shift is like: people needed, station, organiser, slot, length
    SERVICE = 19       # show-up, hours
    RECORD = 20        # missing, late, rounded, duplicated, inflated
    TRAINING = 21      # who goes to a course
    REDEEM = 22        # points spent
    ACTIVATION = 23    # whether a registrant will ever be ready to serve
    TASK = 24          # online or not, posted twice or not
    HONOUR = 25        # who is honoured, takes the pledge, joins a team
    CREDIT = 26        # who asks for help on account of time credits
    CARE = 27          # what becomes of an organisation in four weeks
    INSURED = 28       # who is insured
    REACH = 29         # whom a policy for a share of people reaches
    NAME = 30          # names for display only
    RELEASE = 31       # how a table is published: opaque ids
    SAMPLE = 32        # whose records a large run keeps
    RATING = 40       # from here on: what offices draw after the weeks, one number an office
    COMPLAINT = 41
    CERTIFICATE = 42
    CLAIM = 43
    BENEFIT = 44
    SIGNAL = 45        # credit signals
    HIRING = 46
    AWARD = 47
    AUDIT = 48
    SURVEY = 49
    PLATFORM = 50
    SECURITY = 51
    CONSENT = 52
    STATION = 53
    RESOURCE = 54
    REQUEST = 55
    DISPATCH = 56
    FORM = 57
    ALARM = 58
    MEDIA = 59
    RESEARCH = 60
    FUND = 61
    DONATION = 62
    CONTRACT = 63
    PARTNER = 64
    COURSE = 65
    LOGO = 66
    COMPACT = 67
    INFORMAL = 68
    CONDUCT = 69
    AGREEMENT = 70
    VOICE = 71         # grievances of volunteers
    REGISTER = 72      # status of registrants and organisations


def philox4x32(counter: Sequence[ArrayLike], key: tuple[int, int]) -> tuple[Words, Words, Words, Words]:
    """Return the four 32-bit words of Philox4x32-10.

    Parameters
    ----------
    counter : four array-likes of unsigned 32-bit integers, broadcast together to shape (...)
    key : two unsigned 32-bit integers

    Returns
    -------
    tuple of four ndarray of uint32, each of shape (...)

    Source: salmon2011
    """
    shape = np.broadcast_shapes(*[np.shape(part) for part in counter])
    if math.prod(shape) == 1:
        a, b, c, d = (int(np.asarray(part).item()) & MASK for part in counter)
        one = np.array(philox_one((a, b, c, d), key), dtype=np.uint32).reshape(4, *shape)
        return one[0], one[1], one[2], one[3]
    even, odd, product, spare = np.empty((4, 2, *shape), np.uint64)                     # words 0 and 2, words 1 and 3
    for number, part in enumerate(counter):
        (odd if number % 2 else even)[number // 2] = np.asarray(part, dtype=np.uint64)
    shift, mask = np.uint64(32), np.uint64(MASK)
    even &= mask
    odd &= mask
    times = np.array(MULTIPLIERS, dtype=np.uint64).reshape(2, *[1] * len(shape))
    steps = np.arange(ROUNDS, dtype=np.uint64)[:, None] * np.array(WEYL, dtype=np.uint64)
    crossed = product[::-1]
    for pair in (steps + np.array(key, dtype=np.uint64) & mask).reshape(ROUNDS, *times.shape):
        odd ^= pair
        np.multiply(even, times, out=product)
        np.right_shift(crossed, shift, out=spare)
        spare ^= odd
        np.bitwise_and(crossed, mask, out=odd)
        even, spare = spare, even
    c0, c2 = even.astype(np.uint32)
    c1, c3 = odd.astype(np.uint32)
    return c0, c1, c2, c3


def philox_one(counter: tuple[int, int, int, int], key: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return the four words of one counter, in whole numbers: the definition as it is published."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(ROUNDS):
        product0, product1 = c0 * MULTIPLIERS[0], c2 * MULTIPLIERS[1]
        c0, c1, c2, c3 = product1 >> 32 ^ c1 ^ k0, product1 & MASK, product0 >> 32 ^ c3 ^ k1, product0 & MASK
        k0, k1 = (k0 + WEYL[0]) & MASK, (k1 + WEYL[1]) & MASK
    return c0, c1, c2, c3


def mix64(value: int) -> int:
    """Return the finaliser of splitmix64: one 64-bit integer scrambled into another (a bijection)."""
    value &= 0xFFFFFFFFFFFFFFFF
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
    return value ^ (value >> 31)


def stream_key(seed: int, replicate: int = 0) -> tuple[int, int]:
    """Return the Philox key of a seed and a replicate: two words, distinct for distinct pairs.

    The pair is folded by two rounds of a 64-bit bijection, so neighbouring seeds share nothing visible. The policy
    arm is deliberately no part of it: arms meet the same luck.
    """
    folded = mix64(mix64(seed & 0xFFFFFFFFFFFFFFFF) + 0x9E3779B97F4A7C15 * (replicate + 1))
    return folded & MASK, folded >> 32


def draw(
    key: tuple[int, int], stream: Stream, entity: ArrayLike, week: ArrayLike = 0, item: ArrayLike = 0
) -> tuple[Words, Words, Words, Words]:
    """Return four keyed 32-bit words for each entity: the draw called `stream`, of week `week`, number `item`.

    Negative weeks (the run-up before the first week) are allowed: they count as unsigned 32-bit integers.
    """
    week_word = np.asarray(week, dtype=np.int64) & MASK
    return philox4x32((entity, item, week_word, int(stream)), key)


def leading_bytes(key: tuple[int, int], stream: Stream, entity: ArrayLike, block: int) -> NDArray[np.uint8]:
    """Return the 8 leading bits of the weekly uniform of each entity for the 64 weeks of a block, shape (64, n)."""
    planes = _planes(key, stream, entity, block)
    return np.stack([_leading_byte(planes, week) for week in range(64)])


def _planes(key: tuple[int, int], stream: Stream, entity: ArrayLike, block: int) -> Planes:
    """Return the bit planes of a block of 64 weeks, shape (8, n), most significant first.

    The bits are stored across, as engines need them: Philox call m (m = 0..3) gives the bit planes 2m and 2m + 1; bit w
    of a plane belongs to week 64 * block + w. Those of few are kept, since they serve 64 weeks.
    """
    ids = np.atleast_1d(np.asarray(entity, dtype=np.int64))
    if ids.size <= KEPT:
        return _kept_planes(key, stream, ids.tobytes(), block)
    return _new_planes(key, stream, ids, block)


def _new_planes(key: tuple[int, int], stream: Stream, ids: NDArray[np.int64], block: int) -> Planes:
    words = draw(key, stream, ids, block, np.arange(4)[:, None])
    a, b, c, d = (word.astype(np.uint64) for word in words)
    shift = np.uint64(32)
    return np.stack([a | b << shift, c | d << shift], axis=1).reshape(8, ids.size)


@lru_cache(maxsize=8)
def _kept_planes(key: tuple[int, int], stream: Stream, ids: bytes, block: int) -> Planes:
    return _new_planes(key, stream, np.frombuffer(ids, dtype=np.int64), block)


def _leading_byte(planes: Planes, week: int) -> NDArray[np.uint8]:
    """Return the 8 leading bits of each entity in one week of the block, shape (n,)."""
    lead = np.zeros(planes.shape[1], dtype=np.uint8)
    for plane in planes:
        lead = lead << np.uint8(1) | (plane >> np.uint64(week) & np.uint64(1)).astype(np.uint8)
    return lead


def weekly_uniform(
    key: tuple[int, int], lead: Stream, tail: Stream, entity: ArrayLike, week: int
) -> NDArray[np.int64]:
    """Return the weekly 32-bit uniform of each entity, shape (n,), as int64: 8 leading bits, 24 bits of tail.

    This is the definition that every lazy evaluation must equal: the leading bits come from the block of 64 weeks,
    the tail from the entity and the week, so an engine may decide most weeks without ever drawing a tail.
    """
    block, offset = divmod(week, 64)
    first = _leading_byte(_planes(key, lead, entity, block), offset).astype(np.int64)
    rest = draw(key, tail, np.atleast_1d(np.asarray(entity)), week)[0].astype(np.int64) >> 8
    return (first << 24) | rest
