"""Recording: what is entered, how it is rounded, and that the truth is never touched."""

from __future__ import annotations

import numpy as np
import pytest

from tests.engine_worlds import settled_of
from vsim.process import recording
from vsim.process.recording import COPIED, FULL_HOUR, HALF, INFLATED, RECORDED, VERIFIED, Entry
from vsim.rng import stream_key

SETTLED = settled_of("lively")
IDS = np.arange(3000, dtype=np.uint32)
HOURS = (IDS % 47 + 2).astype(np.int64)


def enter(hours: np.ndarray = HOURS, **changes: int) -> Entry:
    none = {"missing": 0, "duplicate": 0, "verified": 0, "inflated": 0, "rounded_half": 0, "rounded_up": 0}
    params = SETTLED.params._replace(**{**none, **changes})
    return recording.enter(stream_key(3), IDS, IDS, hours, params, SETTLED.lookups, 5)


def test_without_errors_what_is_entered_is_what_was_served() -> None:
    entry = enter()
    assert np.array_equal(entry.hours, HOURS)
    assert (entry.flags & 0xFF == RECORDED).all()


def test_a_missing_record_has_no_flag_and_no_hours() -> None:
    entry = enter(missing=65536, duplicate=65536, verified=65536)
    assert not entry.flags.any()
    assert not entry.hours.any()


@pytest.mark.parametrize(("field", "flag"), [
    ("duplicate", COPIED), ("verified", VERIFIED), ("inflated", INFLATED), ("rounded_half", HALF),
    ("rounded_up", FULL_HOUR),
])
def test_a_share_of_one_flags_every_record(field: str, flag: int) -> None:
    assert (enter(**{field: 65536}).flags & flag).all()
    assert not (enter().flags & flag).any()


def test_half_hours_and_full_hours_are_reached_upwards() -> None:
    half, full = enter(rounded_half=65536).hours, enter(rounded_up=65536).hours
    assert not (half % 2).any()
    assert ((half - HOURS >= 0) & (half - HOURS <= 1)).all()
    assert not (full % 4).any()
    assert ((full - HOURS >= 0) & (full - HOURS <= 3)).all()


def test_inflation_adds_at_least_a_quarter_hour_before_rounding() -> None:
    more = enter(inflated=65536).hours
    assert (more > HOURS)[HOURS < 60].all()
    rounded = enter(inflated=65536, rounded_up=65536).hours
    assert not (rounded % 4).any()
    assert (rounded >= more).all()


def test_no_record_holds_more_than_sixteen_hours() -> None:
    assert enter(np.full(IDS.size, 60), inflated=65536).hours.max() == recording.MOST


def test_entry_is_never_before_service() -> None:
    entry = enter()
    assert (entry.due >= 5).all()
    assert (entry.due <= 5 + SETTLED.lookups.late.max()).all()


def test_errors_are_independent_of_each_other() -> None:
    flags = enter(duplicate=32768, verified=32768, inflated=32768, rounded_half=32768).flags
    marks = np.stack([(flags & mark) > 0 for mark in (COPIED, VERIFIED, INFLATED, HALF)]).astype(float)
    assert np.abs(np.corrcoef(marks) - np.eye(4)).max() < 0.08
