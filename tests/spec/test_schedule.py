"""A policy as written becomes weeks, districts and values; spans are half-open and lie inside the run."""

from __future__ import annotations

from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

import pytest

from vsim.errors import UsageError
from vsim.spec import lever_files, policy
from vsim.spec import schedule as module
from vsim.spec.calendar import date_of
from vsim.spec.lever_files import load_levers
from vsim.spec.policy import Policy, ScheduledPolicy
from vsim.spec.schedule import in_canonical_order, schedule

START = date(2025, 1, 6)
CODES = ("D01", "D02", "D03")


def planned(*policies: Policy, weeks: int = 52) -> list[ScheduledPolicy]:
    return schedule(policies, START, weeks, CODES, {})


def one(**fields: Any) -> ScheduledPolicy:
    return planned(Policy(lever="stars", **fields))[0]


def test_a_policy_without_a_place_or_time_holds_everywhere_and_always() -> None:
    assert one().weeks == range(52)
    assert one().districts == CODES


def test_a_week_belongs_to_a_policy_when_its_monday_lies_in_the_span() -> None:
    for offset in range(14):
        for length in range(7, 21):
            start = date_of(3, START) + timedelta(days=offset)
            end = start + timedelta(days=length)
            policy = one(start=start, end=end)
            assert list(policy.weeks) == [week for week in range(52) if start <= date_of(week, START) < end]


def test_weeks_and_dates_may_be_mixed() -> None:
    assert one(start_week=2, end=date_of(5, START)).weeks == range(2, 5)
    assert one(start=date_of(2, START), end_week=5).weeks == range(2, 5)


@pytest.mark.parametrize("fields", [
    {"start_week": 52}, {"start_week": 0, "end_week": 53}, {"start": date(2024, 12, 30)}, {"start": date(2026, 1, 5)},
    {"start": date(2025, 12, 30)}, {"end": date(2026, 1, 6)}, {"end": date(2025, 1, 6)}, {"end": date(2025, 1, 1)},
    {"start_week": 10, "end": date_of(10, START)}, {"start": date_of(10, START), "end_week": 10},
])
def test_a_policy_outside_the_run_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=r"policies\[0\]\.\w+ is .*inside the run"):
        one(**fields)


def test_an_unknown_district_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"policies\[0\]\.districts\[1\] is 'D04'; allowed D01 to D03"):
        one(districts=["D01", "D04"])
    with pytest.raises(UsageError, match=r"Did you mean 'D02'\?"):
        one(districts=["d02"])


def test_districts_are_sorted_and_counted_once() -> None:
    assert one(districts=["D03", "D01", "D03"]).districts == ("D01", "D03")


def test_values_that_are_not_given_are_those_of_the_cards_or_of_the_scenario() -> None:
    cards = load_levers()["points"].cards
    (plain,) = schedule([Policy(lever="points")], START, 52, CODES, {})
    assert plain.values == {name: card.default for name, card in cards.items()}
    (changed,) = schedule([Policy(lever="points", values={"per_hour": 3})], START, 52, CODES, {"points.price": 20.0})
    assert changed.values == {**plain.values, "per_hour": 3.0, "price": 20.0}
    (own,) = schedule([Policy(lever="points", values={"price": 30})], START, 52, CODES, {"points.price": 20.0})
    assert own.values["price"] == 30.0


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """Levers that do not allow two policies in one place at one time."""
    from dataclasses import replace

    alone = MappingProxyType({name: replace(lever, overlap=False) for name, lever in load_levers().items()})
    for owner in (lever_files, policy, module):
        monkeypatch.setattr(owner, "lever_file", alone.__getitem__)


@pytest.mark.usefixtures("strict")
def test_two_policies_of_a_lever_that_stands_alone_may_not_meet() -> None:
    with pytest.raises(UsageError, match=r"policies\[1\] sets stars in D02 from week 10, where policies\[0\]"):
        planned(Policy(lever="stars", districts=["D01", "D02"], end_week=20),
                Policy(lever="stars", districts=["D02"], start_week=10))
    apart = planned(Policy(lever="stars", districts=["D01"]), Policy(lever="stars", districts=["D02"]),
                    Policy(lever="points"))
    assert len(apart) == 3
    assert len(planned(Policy(lever="stars", end_week=10), Policy(lever="stars", start_week=10))) == 2


def test_order_counts_only_where_policies_of_one_lever_meet() -> None:
    early, late = Policy(lever="stars", end_week=10), Policy(lever="stars", start_week=10)
    points = Policy(lever="points")
    assert in_canonical_order(planned(late, points, early)) == in_canonical_order(planned(early, late, points))
    low = Policy(lever="stars", values={"thresholds": [10]})
    high = Policy(lever="stars", values={"thresholds": [20]})
    assert in_canonical_order(planned(low, high)) != in_canonical_order(planned(high, low))
