"""Groups are sixteen bits in a fixed order, each with a label."""

from __future__ import annotations

import pytest

from vsim.errors import UsageError
from vsim.spec.groups import GROUPS, LABELS, bit


def test_every_group_has_a_bit_of_its_own_and_all_fit_sixteen() -> None:
    assert [bit(name) for name in GROUPS] == [1 << i for i in range(16)]
    assert list(LABELS) == list(GROUPS)
    assert len(set(LABELS.values())) == 16


def test_the_order_is_that_of_this_version() -> None:
    assert GROUPS[:4] == ("women", "men", "age_14_17", "age_18_34")
    assert bit("parents") == 32768


def test_an_unknown_group_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UsageError, match="Did you mean 'veterans'"):
        bit("veteran")
