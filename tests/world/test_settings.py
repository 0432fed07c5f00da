"""Tables by district and week: one district's rows, and where two arms first differ."""

from __future__ import annotations

import numpy as np
import pytest

from tests.engine_worlds import settled_of
from vsim.world.settings import ASKS, LADDER, NO_LADDER, Weekly, district_rows, first_difference

SETTLED = settled_of("lively")


def changed(name: str, district: int, week: int, by: int = 1) -> Weekly:
    table = getattr(SETTLED.weekly, name).copy()
    table[district, week] += by
    return SETTLED.weekly._replace(**{name: table})


@pytest.mark.parametrize("name", [name for name in Weekly._fields if name != "ladder"])
def test_a_change_of_any_table_is_found_in_its_district_and_week(name: str) -> None:
    other = changed(name, 1, 12)
    ladders = (SETTLED.ladders, SETTLED.ladders)
    assert first_difference(SETTLED.weekly, other, ladders, 1) == 12
    assert first_difference(SETTLED.weekly, other, ladders, 0) is None


def test_ladders_are_compared_by_what_they_say() -> None:
    order = np.arange(len(SETTLED.ladders))[::-1]
    renumbered = SETTLED.weekly._replace(ladder=order[SETTLED.weekly.ladder])
    for district in range(3):
        assert first_difference(SETTLED.weekly, renumbered, (SETTLED.ladders, SETTLED.ladders[order]), district) is None
    other = SETTLED.ladders.copy()
    other[:, 0] += 1
    assert first_difference(SETTLED.weekly, SETTLED.weekly, (SETTLED.ladders, other), 0) == 0


def test_the_earliest_difference_of_several_counts() -> None:
    other = changed("gated", 0, 20)._replace(base=changed("base", 0, 9).base)
    assert first_difference(SETTLED.weekly, other, (SETTLED.ladders, SETTLED.ladders), 0) == 9


def test_rows_of_a_district_are_its_own_and_contiguous() -> None:
    rows = district_rows(SETTLED.weekly, 2)
    for name in Weekly._fields:
        assert np.array_equal(getattr(rows, name), getattr(SETTLED.weekly, name)[2])
        assert getattr(rows, name).flags.c_contiguous
        assert getattr(rows, name).dtype == np.int64


def test_no_ladder_is_out_of_reach_and_without_pull() -> None:
    assert len(NO_LADDER) == LADDER
    assert min(NO_LADDER[:5]) > 2**32
    assert NO_LADDER[5:] == (0, 0, 0)
    assert SETTLED.weekly.aware.shape[-1] == 2 * ASKS
