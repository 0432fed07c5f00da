"""Indicators of small tables, each worked out by hand, under vsim's names of columns and under an agency's own."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from vsim.errors import DataError, UsageError
from vsim.evaluate.kpi import money, needs, people, records, shifts
from vsim.evaluate.kpi.parts import Parts


def dates(*texts: str | None) -> pd.Series:
    return pd.to_datetime(pd.Series(list(texts)))


VOLUNTEERS = pd.DataFrame({
    "volunteer_id": ["a", "b", "c", "d"], "sex": ["F", "M", "F", "F"], "star": [0, 1, 2, 0],
    "education": ["degree", "degree", "college", "primary"], "district": ["D1", "D1", "D2", "D2"],
    "registered_on": dates("2025-01-01", "2025-01-01", "2025-06-01", "2025-12-20"),
})
RECORDS = pd.DataFrame({
    "volunteer_id": ["a", "a", "a", "b", "c", "c"], "activity_id": ["p", "q", "r", "p", "q", "q"],
    "date": dates("2025-01-10", "2025-02-01", "2025-12-30", "2025-03-01", "2025-12-01", "2025-12-01"),
    "recorded_on": dates("2025-01-10", "2025-02-20", "2025-12-31", "2025-02-27", "2025-12-02", "2025-12-02"),
    "hours": [2.0, 4.0, 1.0, 3.0, 5.0, 5.0],
    "verify_state": ["verified", "verified", "verified", "draft", "verified", "verified"],
})
COURSES = pd.DataFrame({
    "volunteer_id": ["a", "b"], "date": dates("2025-02-01", "2025-08-01"), "passed": [True, False],
    "valid_to": dates("2025-11-30", None),
})
SHIFTS = pd.DataFrame({
    "activity_id": ["p", "q", "r"], "people_needed": [2, 2, 4], "planned_hours": [2.0, 3.0, 1.0],
    "gated": [False, True, True], "date": dates("2025-01-10", "2025-02-01", "2025-12-30"), "lead_days": [10, 10, 4],
    "station_id": ["S1", "S1", None], "org_id": ["G1", "G2", "G2"],
})
SEATS = pd.DataFrame({
    "activity_id": ["p", "p", "p", "q", "r", "r"], "volunteer_id": ["a", "b", "c", "a", "a", "b"],
    "status": ["came", "came", "sent_home", "came", "came", "absent"], "stand_in": [False] * 5 + [False],
})
END: dict[str, Any] = {"end": "2026-01-01"}
ACCOUNTS = pd.DataFrame({
    "volunteer_id": ["a", "a", "b", "c"], "week": [4, 60, 60, 60], "earned": [5.0, 1.0, 2.0, 0.0],
    "spent": [0.0, 2.0, 0.0, 3.0], "balance": [5.0, 4.0, 2.0, -3.0],
})

CASES: dict[str, tuple[Callable[[], Parts], float]] = {
    # a is served from January, b from March, c after six months; d registered too late to be seen for 90 days
    "first shift in 90 days": (lambda: people.funnel_step(VOLUNTEERS, COURSES, RECORDS, since="2025-01-01", **END),
                               2 / 3),
    "verified only": (lambda: people.funnel_step(VOLUNTEERS, COURSES, RECORDS, since="2025-01-01",
                                                 verify_state="verify_state", **END), 1 / 3),
    "third shift": (lambda: people.funnel_step(VOLUNTEERS, COURSES, RECORDS, since="2025-01-01", within=364,
                                               stage="third_shift", **END), 1 / 2),
    "trained": (lambda: people.funnel_step(VOLUNTEERS, COURSES, RECORDS, since="2025-01-01", stage="trained", **END),
                1 / 3 + 0 / 3),
    "active": (lambda: people.active_rate(VOLUNTEERS, RECORDS, **END), 3 / 4),
    "active in December": (lambda: people.active_rate(VOLUNTEERS, RECORDS, start="2025-12-01", **END), 2 / 4),
    "retention": (lambda: people.retention(VOLUNTEERS, RECORDS, **END), 1 / 2),
    "reactivation": (lambda: people.reactivation(VOLUNTEERS, RECORDS, **END), 1 / 2),
    "hours of the active": (lambda: people.hours_per_person(VOLUNTEERS, RECORDS, start="2025-01-01", **END), 20 / 3),
    "hours of all": (lambda: people.hours_per_person(VOLUNTEERS, RECORDS, of="registered", start="2025-01-01", **END),
                     20 / 4),
    "median hours": (lambda: people.hours_per_person(VOLUNTEERS, RECORDS, shape="median", start="2025-01-01", **END),
                     7.0),
    "Gini": (lambda: people.hours_per_person(VOLUNTEERS, RECORDS, shape="gini", start="2025-01-01", **END),
             (2 * (3 * 1 + 7 * 2 + 10 * 3) / (3 * 20)) - 4 / 3),
    "episodic": (lambda: people.intensity(VOLUNTEERS, RECORDS, least=1, most=2, start="2025-01-01", **END), 2 / 3),
    "diversity": (lambda: people.diversity(VOLUNTEERS), 1 - (0.25 + 2 / 16)),
    "women": (lambda: people.representation(VOLUNTEERS, pd.DataFrame({"sex": ["F", "M"], "persons": [50, 50]})), 1.5),
    "terms": (lambda: people.committed_retention(pd.DataFrame({
        "agreed_until": dates("2025-06-01", "2025-06-01", "2026-06-01"),
        "served_until": dates("2025-07-01", "2025-05-01", "2025-12-01")}), **END), 1 / 2),
    "turnover": (lambda: people.turnover(pd.DataFrame({"week": range(26), "left": [2] * 26, "volunteers": [208] * 26,
                                                       "district": ["D1"] * 26})), 52 * 2 / 208),
    "survival": (lambda: people.survival(RECORDS, gap=60, shape="survival_year", end="2026-06-01"), 0.0),
    "reach": (lambda: people.reach(pd.DataFrame({"asked": [10, 30], "recalled": [2, 2], "district": ["D1", "D2"]})),
              0.1),
    # places 2, 2, 4; taken 3, 1, 2; came 2, 1, 1
    "filled": (lambda: shifts.fill_rate(SHIFTS, SEATS), (2 + 1 + 2) / 8),
    "staffed": (lambda: shifts.staffed_rate(SHIFTS, SEATS), (2 + 1 + 1) / 8),
    "no-show": (lambda: shifts.no_show(SEATS), 1 / 6),
    "crowded": (lambda: shifts.over_subscription(SHIFTS, SEATS), 1 / 6),
    "late": (lambda: shifts.late_cancellation(pd.DataFrame({"notice": [True, True, False],
                                                            "in_time": [True, False, False]})), 1 / 2),
    "unplaced": (lambda: shifts.unplaced_share(pd.DataFrame({"unplaced": [1, 3], "willing": [10, 10],
                                                             "district": ["D1", "D2"]})), 0.2),
    # p is filled by its second place, 4 days before, so after 6 days; q and r never are
    "time to fill": (lambda: shifts.time_to_fill(SHIFTS.iloc[:2], pd.DataFrame({
        "activity_id": ["p", "p", "p", "q"], "accepted_days": [9, 4, 1, 3]})), 6.0),
    "response": (lambda: shifts.response_time(pd.DataFrame({"arrived_minutes": [60.0, 180.0, 600.0, None]})), 3.0),
    "match": (lambda: shifts.match_quality(pd.DataFrame({"experienced": [True, False], "way": ["assigned", "open"]}),
                                           assigned="assigned"), 1.0),
    # gated: q on 1 February by a, certified that day; r on 30 December by a, whose certificate ended
    "certified": (lambda: shifts.certified_share(SHIFTS, SEATS, COURSES), 1 / 2),
    "capacity": (lambda: shifts.capacity_use(SHIFTS, RECORDS), (2 + 3 + 4 + 5 + 5) / (4 + 6)),
    "unmet": (lambda: needs.unmet_need(pd.DataFrame({"state": ["done", "rejected"], "h": [3, 1], "district": "D1"})),
              0.5),
    "unmet hours": (lambda: needs.unmet_need(pd.DataFrame({"state": ["done", "rejected"], "h": [3, 1],
                                                           "district": "D1"}), weight="h"), 0.25),
    # 15 minutes at 4.8 km/h with a detour of 1.2 are 1 km; the second home stands in another district
    "walk": (lambda: needs.coverage(
        pd.DataFrame({"x_km": [0.6, 0.6, 0.9], "y_km": [0.7, 0.7, 0.9], "persons": [6, 3, 1],
                      "district": ["D1", "D2", "D1"]}),
        pd.DataFrame({"x_km": [0.0], "y_km": [0.0], "district": ["D1"]}), detour=1.2), 0.6),
    "standard": (lambda: needs.station_standard(pd.DataFrame({
        "station_id": ["S1", "S1", "S2"], "week": [1, 9, 9],
        **{have: [False, True, have == "venue"] for have in needs.HAVES}})), 7 / 12),
    "stars given": (lambda: needs.satisfaction(pd.DataFrame({
        "stars": [5, 3, 1], "rater": ["beneficiary", "beneficiary", "organisation"], "activity_id": ["p", "q", "p"]})),
        4.0),
    "promoters": (lambda: needs.net_promoters(pd.DataFrame({
        "stars": [10, 9, 6, 8], "rater": ["beneficiary"] * 4, "activity_id": list("pqrs")}), promoters=9,
        detractors=6), 25.0),
    "online": (lambda: needs.digital_step(pd.DataFrame({"volunteer_id": ["a", "a", "b"],
                                                        "step": ["opened", "submitted", "opened"]})), 1 / 2),
    "alone": (lambda: needs.fully_online(pd.DataFrame({
        "volunteer_id": ["a", "a", "b", "b"], "step": ["opened", "submitted"] * 2,
        "assisted": [True, False, False, False]})), 1 / 2),
    "lift": (lambda: needs.campaign_lift(pd.DataFrame({"asked": [100, 200], "recalled": [30, 20],
                                                       "exposed": [True, False]})), 20.0),
    "protected": (lambda: records.insurance_coverage(pd.DataFrame({"protected": [True, False, False, True],
                                                                   "org_id": list("GGHH")})), 0.5),
    "claims": (lambda: records.claims_rate(pd.DataFrame({"district": ["D1"]}),
                                           pd.DataFrame({"district": ["D1"], "hours": [50_000.0]})), 2.0),
    "incidents": (lambda: records.safety(pd.DataFrame({"district": ["D1", "D1"]}),
                                         pd.DataFrame({"district": ["D1"], "hours": [50_000.0]})), 8.0),
    "loss": (lambda: records.loss_ratio(pd.DataFrame({"district": ["D1"], "paid": [30.0]}),
                                        pd.DataFrame({"district": ["D1"], "premium": [120.0]})), 0.25),
    # a doubled record (c), one unverified and entered before the service (b): two of six
    "faults": (lambda: records.ledger_faults(RECORDS, VOLUNTEERS), 2 / 6),
    "doubles": (lambda: records.ledger_faults(RECORDS, VOLUNTEERS, only="double"), 1 / 6),
    "inflation": (lambda: records.hours_inflation(RECORDS, pd.DataFrame({"volunteer_id": ["a"], "true_hours": [16.0]})),
                  20 / 16),
    "read": (lambda: records.interoperability(pd.DataFrame({"sent": [90, 10], "refused": [9, 1],
                                                            "platform": ["x", "y"]})), 0.9),
    "weakest": (lambda: records.data_quality(RECORDS, VOLUNTEERS), 5 / 6),
    "timely": (lambda: records.data_quality(RECORDS, VOLUNTEERS, dimension="timely", timely=30), 1.0),
    "kept back": (lambda: records.suppressed_share(pd.DataFrame({"suppressed": [True, False]})), 0.5),
    "smallest": (lambda: records.smallest_cell(pd.DataFrame({"volunteers": [7.0, None, 4.0]})), 4.0),
    # blocks of G: 1/2 and 1/2, geometric mean 1/2; of H: 1 and 0, so 0
    "governance": (lambda: records.governance_score(pd.DataFrame({
        "org_id": ["G"] * 4 + ["H"] * 4, "block": ["x", "x", "y", "y"] * 2, "met": [1, 0, 0, 1, 1, 1, 0, 0]})), 25.0),
    "rules": (lambda: records.rules_in_place(pd.DataFrame({"org_id": ["G", "G"], "items": [3, 6], "week": [1, 2]})),
              0.5),
    "closed": (lambda: records.closed_share(pd.DataFrame({"org_id": ["G", "H"]}), pd.DataFrame({
        "org_id": ["H"], "stage": ["closed"]})), 0.5),
    "suspended": (lambda: records.suspended_share(pd.DataFrame({"suspended_weeks": [0, 4, 0, 0]})), 0.25),
    "cost": (lambda: money.cost_per_hour(pd.DataFrame({"yuan": [34.0]}), RECORDS), 2.0),
    "kept cost": (lambda: money.cost_per_retained(pd.DataFrame({"yuan": [90.0]}), VOLUNTEERS, RECORDS, months=6,
                                                  **END), 45.0),
    "replacement": (lambda: money.replacement_value(RECORDS, wage=10, fringe=0.5), 300.0),
    "own wage": (lambda: money.opportunity_cost(RECORDS.assign(own_wage=2.0)), 40.0),
    "value": (lambda: money.viva(RECORDS, pd.DataFrame({"yuan": [100.0]}), wage=10, fringe=0.5), 3.0),
    # the guide's terms: 100 x 2 x 0.5 x 0.9 x 1 in year 1, the same x 0.8 in year 2, no discounting, over 100
    "social return": (lambda: money.sroi(pd.DataFrame({
        "year": [1, 2], "quantity": 100, "proxy": 2.0, "deadweight": 0.5, "displacement": 0.1, "attribution": 0.0,
        "drop_off": 0.2}), pd.DataFrame({"year": [0], "yuan": [100.0]}), rate=0.0), 90 * 1.8 / 100),
    "outstanding": (lambda: money.credit_balance(pd.DataFrame({"hours": [5.0, -2.0]})), 3.0),
    "velocity": (lambda: money.credit_velocity(pd.DataFrame({"spent": [2.0, 2.0], "outstanding": [13.0, 13.0],
                                                             "district": ["D1", "D2"]})), 2.0),
    "hoarding": (lambda: money.credit_hoarding(ACCOUNTS), (2 * (0 * 1 + 2 * 2 + 4 * 3) / (3 * 6)) - 4 / 3),
    "debtors": (lambda: money.debtors(ACCOUNTS), 1 / 3),
    "idle": (lambda: money.idle_accounts(ACCOUNTS), 1 / 3),
    "reciprocity": (lambda: money.reciprocity(ACCOUNTS), (2 + 0 + 0) / 8),
    "with a star": (lambda: money.star_share(VOLUNTEERS), 0.5),
    # planned hours: 4 and 6 by G1 and G2 in one half, only G2 in the next
    "churn": (lambda: money.churn(SHIFTS, length=182, **END), 0.4),
}


@pytest.mark.parametrize("name", CASES)
def test_an_indicator_by_hand(name: str) -> None:
    make, expected = CASES[name]
    found = make().reading()
    assert found.reason == ""
    assert found.value == pytest.approx(expected)
    if math.isfinite(found.low):
        assert found.low - 1e-9 <= found.value <= found.high + 1e-9


def test_an_agency_s_own_names_of_columns_are_told_by_keyword() -> None:
    chinese = SHIFTS.rename(columns={"activity_id": "活动编号", "people_needed": "需要人数"})
    seats = SEATS.rename(columns={"activity_id": "活动编号"})
    found = shifts.fill_rate(chinese, seats, activity="活动编号", needed="需要人数").reading()
    assert found.value == pytest.approx(5 / 8)


def test_a_column_that_is_not_there_is_named_with_the_nearest() -> None:
    with pytest.raises(DataError, match="column 'people_needed' is not in the table"):
        shifts.fill_rate(SHIFTS.rename(columns={"people_needed": "places"}), SEATS)
    with pytest.raises(DataError, match=r"1 rows repeat a value of 'activity_id'"):
        shifts.fill_rate(pd.concat([SHIFTS, SHIFTS.iloc[:1]]), SEATS)
    with pytest.raises(UsageError, match="Did you mean 'third_shift'"):
        people.funnel_step(VOLUNTEERS, COURSES, RECORDS, stage="thirdshift")
    with pytest.raises(UsageError, match="days that ascend"):
        people.active_rate(VOLUNTEERS, RECORDS, start="2026-01-01", end="2025-01-01")


def test_tables_are_not_changed_and_answers_do_not_change_with_rows_or_text() -> None:
    before = RECORDS.copy(deep=True)
    one = people.retention(VOLUNTEERS, RECORDS, **END).reading()
    assert RECORDS.equals(before)
    turned = people.retention(VOLUNTEERS.iloc[::-1], RECORDS.iloc[::-1], **END).reading()
    assert (turned.value, turned.low, turned.high) == (one.value, one.low, one.high)
    text = RECORDS.assign(date=RECORDS["date"].dt.strftime("%Y-%m-%d"))
    assert people.retention(VOLUNTEERS, text, **END).reading().value == one.value


def test_true_and_false_may_be_numbers_or_text() -> None:
    for stand_in in (SEATS["stand_in"].astype(int), SEATS["stand_in"].map(str)):
        assert shifts.no_show(SEATS.assign(stand_in=stand_in)).reading().value == pytest.approx(1 / 6)


def test_an_empty_table_has_a_reason_and_no_value() -> None:
    found = people.active_rate(VOLUNTEERS.iloc[:0], RECORDS.iloc[:0]).reading()
    assert np.isnan(found.value)
    assert found.reason
