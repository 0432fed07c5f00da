"""Organisations before the run-up: who works, what they hold, and copies that share no memory."""

from __future__ import annotations

import numpy as np

from tests.engine_worlds import alone, city_named, town
from vsim.world.bodies import BY_LAW, GROWING, LATENT, Bodies, Event, copy_bodies, first_bodies
from vsim.world.organisations import LEGAL_FORMS

UNIT = city_named("lively")[0]


def test_organisations_work_from_the_start_unless_a_policy_must_bring_them_into_being() -> None:
    unit, _ = alone(town({"organisations.latent_per_thousand": 20.0}, residents=400, districts=1))
    bodies = first_bodies(unit.organisations, 32768)
    assert 0 < unit.organisations.latent.sum() < unit.organisations.latent.size
    assert np.array_equal(bodies.stage, np.where(unit.organisations.latent == 1, LATENT, GROWING))


def test_they_begin_with_the_form_quality_and_cash_of_their_making() -> None:
    bodies, made = first_bodies(UNIT.organisations, 30000), UNIT.organisations
    assert np.array_equal(bodies.form, made.form)
    assert np.array_equal(bodies.quality, made.quality)
    assert np.array_equal(bodies.cash, made.cash)
    assert bodies.rules.tolist() == [int(bits).bit_count() for bits in (made.governance & 1023).tolist()]
    assert bodies.rules.max() <= 10
    assert bodies.district.tolist() == [30000, 0]


def test_nobody_is_suspended_and_every_count_is_empty() -> None:
    bodies = first_bodies(UNIT.organisations, 0)
    assert bodies.suspended.max() < -1000
    for name in ("practice", "regulars", "ran", "turned", "came", "hours"):
        assert not getattr(bodies, name).any(), name
    assert all(array.dtype == np.int64 for array in bodies)


def test_arrays_share_no_memory_with_each_other_the_city_or_a_copy() -> None:
    bodies = first_bodies(UNIT.organisations, 5)
    arrays = [*bodies, *copy_bodies(bodies), *UNIT.organisations]
    for place, one in enumerate(arrays[: 2 * len(Bodies._fields)]):
        assert not any(np.shares_memory(one, other) for other in arrays[place + 1 :])
    assert all(np.array_equal(a, b) for a, b in zip(bodies, copy_bodies(bodies), strict=True))


def test_the_forms_up_to_by_law_are_registered_by_law() -> None:
    assert set(LEGAL_FORMS[: BY_LAW + 1]) == {"association", "institution", "foundation"}
    assert LEGAL_FORMS[3:5] == ("filed", "unregistered")


def test_events_are_numbered_without_gaps() -> None:
    assert [int(event) for event in Event] == list(range(len(Event)))
