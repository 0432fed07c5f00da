"""Reach: whom the policies of a scenario cover, as one class number for each resident.

Policies for everybody need one class. Each other pattern of groups and share that occurs in a scenario doubles the
number of classes, and tables of persons have a column for each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from vsim.errors import UsageError
from vsim.rng import Stream, draw
from vsim.spec.policy import ScheduledPolicy
from vsim.spec.rollout import pattern
from vsim.world.drawing import Draw
from vsim.world.people import People

Pattern = tuple[int, int, int]               # bits of groups, 32-bit threshold of the share, salt
EVERYBODY: Pattern = (0, 1 << 32, 0)
MOST = 6                                     # patterns: 64 classes


def patterns_of(policies: Iterable[ScheduledPolicy]) -> tuple[Pattern, ...]:
    """Return the patterns of policies that are not for everybody, in order.

    Raises
    ------
    UsageError
        When there are more than six.
    """
    found = tuple(sorted({pattern(policy) for policy in policies} - {EVERYBODY}))
    if len(found) > MOST:
        raise UsageError(
            f"scenario: policies name {len(found)} different groups or shares of people; allowed {MOST}. Let policies "
            "share them, or split the scenario."
        )
    return found


def covered(patterns: Sequence[Pattern], policy: ScheduledPolicy) -> list[int]:
    """Return the classes that a policy covers."""
    own = pattern(policy)
    classes = range(1 << len(patterns))
    if own == EVERYBODY:
        return list(classes)
    place = patterns.index(own)
    return [c for c in classes if c >> place & 1]


def reach_of(
    people: People, patterns: Sequence[Pattern], key: tuple[int, int], draw: Draw = draw
) -> NDArray[np.uint8]:
    """Return the class of each resident, shape (n,); `key` is the world's, so the luck of a run changes nobody.

    `draw` is the drawer of keyed words: the plain one, or its compiled twin in `vsim.run.making`.
    """
    out = np.zeros(people.ids.size, dtype=np.uint8)
    for place, (bits, threshold, salt) in enumerate(patterns):
        inside = np.ones(people.ids.size, dtype=np.bool_) if bits == 0 else (people.groups & bits) > 0
        if threshold < 1 << 32:
            word = draw(key, Stream.REACH, people.ids, 0, salt)[0]
            inside &= word.astype(np.int64) < threshold
        out |= inside.astype(np.uint8) << place
    return out
