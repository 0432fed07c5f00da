"""Recording: what is entered, how it is rounded, and that the truth is never touched."""

from __future__ import annotations

import numpy as np
import pytest

from tests.engine_worlds import quiet, settled_of
from vsim.process import recording
from vsim.process.recording import COPIED, FULL_HOUR, HALF, INFLATED, RECORDED, VERIFIED, Entry
from vsim.rng import stream_key

SETTLED = settled_of("lively")
IDS = np.arange(3000, dtype=np.uint32)
HOURS = (IDS % 47 + 2).astype(np.int64)


REACH = (IDS % 2).astype(np.uint8)


def enter(hours: np.ndarray = HOURS, now: dict[str, int | list[int]] | None = None, **changes: int) -> Entry:
    """Enter attendances with chances of error of zero, changed cards, and what policy does in the week."""
    none = {"missing": 0, "duplicate": 0, "verified": 0, "inflated": 0, "rounded_half": 0, "rounded_up": 0}
    params = SETTLED.params._replace(**{**none, **changes})
    errors = recording.errors_of(params, quiet(2, **(now or {})))
    return recording.enter(stream_key(3), IDS, IDS, hours, errors, REACH, SETTLED.lookups, 5)


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


@pytest.mark.parametrize(("table", "field", "flag"), [
    ("duplicate", "duplicate", COPIED), ("rounded", "rounded_half", HALF), ("rounded", "rounded_up", FULL_HOUR),
    ("inflated", "inflated", INFLATED),
])
def test_a_factor_of_policy_scales_an_error_and_zero_ends_it(table: str, field: str, flag: int) -> None:
    none, usual, twice = (enter(now={table: factor}, **{field: 10000}).flags & flag > 0 for factor in (0, 1024, 2048))
    assert not none.any()
    assert np.array_equal(usual, enter(**{field: 10000}).flags & flag > 0)
    assert (twice >= usual).all()
    assert twice.mean() == pytest.approx(2 * usual.mean(), rel=0.15)


def test_records_are_lost_by_the_factor_and_by_the_further_share() -> None:
    missing = {
        name: (enter(missing=13107, now=now).flags == 0).mean()
        for name, now in (("usual", {}), ("none", {"missing": 0}), ("half", {"missing": 512}),
                          ("lost", {"lost": 32768}), ("only", {"missing": 0, "lost": 32768}))
    }
    assert missing["none"] == 0
    assert missing["half"] == pytest.approx(0.1, abs=0.02)
    assert missing["usual"] == pytest.approx(0.2, abs=0.02)
    assert missing["only"] == pytest.approx(0.5, abs=0.03)
    assert missing["lost"] == pytest.approx(0.6, abs=0.03)


def test_policy_verifies_some_of_the_unverified_and_none_loses_it() -> None:
    usual, more = (enter(verified=30000, now={"checked": share}).flags & VERIFIED > 0 for share in (0, 32768))
    assert (more >= usual).all()
    assert more.mean() == pytest.approx(1 - (1 - 30000 / 65536) / 2, abs=0.03)


def test_a_class_of_persons_may_have_more_inflated_records_than_another() -> None:
    flags = enter(now={"inflate": [0, 65536]}).flags & INFLATED > 0
    assert np.array_equal(flags, REACH == 1)
    assert not (enter(now={"inflate": [0, 0]}).flags & INFLATED).any()
