"""Reach: whom policies cover, as one class for each resident."""

from __future__ import annotations

import numpy as np
import pytest

from tests.engine_worlds import city_named
from vsim.errors import UsageError
from vsim.rng import stream_key
from vsim.run.reach import EVERYBODY, MOST, covered, patterns_of, reach_of
from vsim.spec.groups import bit
from vsim.spec.policy import ScheduledPolicy

PEOPLE, KEY = city_named("lively")[0].people, stream_key(1)
WOMEN, STUDENTS = bit("women"), bit("students")
ALL = 1 << 32


def planned(**fields: object) -> ScheduledPolicy:
    return ScheduledPolicy("points", 0, 20, ("D01",), {}, **fields)         # type: ignore[arg-type]


def test_policies_for_everybody_need_no_pattern_and_one_class() -> None:
    policies = [planned(), planned()]
    assert patterns_of(policies) == ()
    assert not reach_of(PEOPLE, (), KEY).any()
    assert covered((), policies[0]) == [0]
    assert EVERYBODY == (0, ALL, 0)


def test_each_pattern_is_found_once_and_covers_half_of_the_classes() -> None:
    policies = [planned(groups=("women",)), planned(groups=("women",)), planned(share=0.5, salt=3), planned()]
    patterns = patterns_of(policies)
    assert len(patterns) == 2
    assert patterns_of(policies[::-1]) == patterns
    by_pattern = {tuple(covered(patterns, policy)) for policy in policies}
    assert by_pattern == {(0, 1, 2, 3), (1, 3), (2, 3)}


def test_a_group_is_its_members_and_several_groups_are_any_of_them() -> None:
    women = reach_of(PEOPLE, ((WOMEN, ALL, 0),), KEY)
    assert np.array_equal(women == 1, (PEOPLE.groups & WOMEN) > 0)
    either = reach_of(PEOPLE, ((WOMEN | STUDENTS, ALL, 0),), KEY)
    assert np.array_equal(either == 1, (PEOPLE.groups & (WOMEN | STUDENTS)) > 0)
    assert (either >= women).all()


def test_classes_are_bits_of_the_patterns() -> None:
    both = reach_of(PEOPLE, ((WOMEN, ALL, 0), (STUDENTS, ALL, 0)), KEY)
    one, other = (reach_of(PEOPLE, (pattern,), KEY) for pattern in ((WOMEN, ALL, 0), (STUDENTS, ALL, 0)))
    assert np.array_equal(both, one | other << 1)


def test_a_share_is_drawn_by_the_world_and_its_salt_and_a_larger_one_keeps_the_smaller() -> None:
    def share(part: float, salt: int = 5, seed: int = 1) -> np.ndarray:
        return reach_of(PEOPLE, ((0, round(part * ALL), salt),), stream_key(seed)) == 1

    some, more = share(0.3), share(0.7)
    assert 0.15 < some.mean() < 0.45
    assert (more >= some).all()
    assert np.array_equal(some, share(0.3))
    assert not np.array_equal(some, share(0.3, salt=6))
    assert not np.array_equal(some, share(0.3, seed=2))
    assert not share(0.0).any()


def test_more_patterns_than_classes_can_hold_are_refused() -> None:
    kept = [planned(share=0.1 * k, salt=k) for k in range(1, MOST + 1)]
    assert len(patterns_of(kept)) == MOST
    with pytest.raises(UsageError, match=f"allowed {MOST}"):
        patterns_of([*kept, planned(share=0.95)])
