"""Agreements: by tier of risk, and notices of those who do not come."""

from __future__ import annotations

from tests.office.org_desk import ours, written


def test_the_lowest_tier_is_the_lowest() -> None:
    assert len(written()["agreements"]) == 0
    sizes = [len(written("agreements", lowest_tier=tier)["agreements"]) for tier in (0, 1, 2)]
    assert sizes[0] > sizes[1] > sizes[2]
    assert written("agreements", lowest_tier=1)["agreements"]["risk"].min() >= 1


def test_more_give_notice_when_bound_and_fewer_in_time_when_it_is_long() -> None:
    free, bound = ours(written()["withdrawals"]), ours(written("agreements", lowest_tier=0)["withdrawals"])
    assert bound["notice"].mean() > free["notice"].mean()
    assert len(bound) == len(free)
    long = ours(written("agreements", lowest_tier=0, notice_hours=168)["withdrawals"])
    assert long["in_time"].sum() < bound["in_time"].sum()
    assert (bound.loc[bound["in_time"], "hours_before"] >= 24).all()
