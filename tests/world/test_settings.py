"""Scalars and small tables of the week: plain integers, of the shapes that the engine reads."""

from __future__ import annotations

import numpy as np

from tests.engine_worlds import settled_of
from vsim.world.settings import ASKS, LADDER, NO_LADDER, Lookups, Params

SETTLED = settled_of("lively")


def test_every_scalar_is_a_plain_integer_that_fits_in_an_array() -> None:
    assert all(type(value) is int for value in SETTLED.params)
    assert np.array(SETTLED.params, dtype=np.int64).shape == (len(Params._fields),)


def test_small_tables_have_the_shapes_that_the_week_reads() -> None:
    shapes = {"extra": (3, 4096), "people": (4096,), "late": (4096,), "added": (4096,), "goal": (65,), "award": (2048,),
              "menu_fit": (2,), "menu_quarter": (4, 5), "honour": (2048,), "risk": (3,), "aware": (2 * ASKS,)}
    assert set(shapes) == set(Lookups._fields)
    for name, shape in shapes.items():
        table = getattr(SETTLED.lookups, name)
        assert table.shape == shape, name
        assert table.dtype == np.int64, name


def test_higher_risk_is_never_safer() -> None:
    assert (np.diff(SETTLED.lookups.risk) > 0).all()


def test_a_task_done_online_is_at_least_as_near_as_one_in_the_own_quarter() -> None:
    near = SETTLED.lookups.menu_quarter
    assert (near[:, 4] >= near[:, :4].max(axis=1)).all()
    assert len(set(near[:, 4].tolist())) == 1


def test_no_ladder_is_out_of_reach_and_without_pull() -> None:
    assert len(NO_LADDER) == LADDER
    assert min(NO_LADDER[:5]) > 2**32
    assert NO_LADDER[5:] == (0, 0, 0)
