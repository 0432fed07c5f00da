"""Claims: what is covered, what is paid, by whom, and when."""

from __future__ import annotations

import numpy as np
import pytest

from tests.office.rights_desk import BEGIN, WHERE, fen, ours, written


def test_without_insurance_nothing_is_covered_and_volunteers_pay() -> None:
    off = written()
    claims = off["claims"]
    assert len(claims) == (off["incident_log"]["severity"] != "slight").sum() > 0
    assert set(claims["reason"]) == {"no_policy"}
    assert set(claims["state"]) == {"uncovered"}
    assert fen(off, "treatment") == claims["cost_fen"].sum()
    assert fen(off, "claim") == fen(off, "premium") == fen(off, "liability") == len(off["policies"]) == 0


def test_the_premium_is_that_of_the_volunteers_insured() -> None:
    on = written(insurance={"cover": 0.5, "premium": 12.0})
    (policy,) = on["policies"].to_dict("records")
    volunteers = on["weekly"].query(f"district == '{WHERE}' and week == {BEGIN}")["volunteers"].item()
    assert policy["insured"] == np.rint(0.5 * volunteers)
    assert policy["premium_fen"] == 1200 * policy["insured"] == fen(on, "premium")
    assert policy["end_week"] == BEGIN + 52


def test_all_are_covered_under_full_cover() -> None:
    on = written(insurance={"cover": 1.0, "tier": 0})
    rows = ours(on["claims"])
    assert rows["covered"].all()
    assert set(rows["state"]) <= {"paid", "open", "nothing_due"}
    done = rows[rows["paid_week"] >= 0]
    assert (done["paid_week"] == done["week"] + done["days"] // 7).all()
    assert (done["paid_week"] < 40).all()
    assert fen(on, "claim") == rows["paid_fen"].sum() > 0
    assert fen(on, "third_party") == rows["third_paid_fen"].sum()


def test_what_is_paid_is_the_cost_beyond_the_deductible_up_to_the_sum() -> None:
    on = written(insurance={"cover": 1.0, "deductible": 500.0, "medical": 900.0, "accident": 0.0})
    rows = ours(on["claims"])
    paid = rows[rows["state"] == "paid"]
    own = paid[paid["third_paid_fen"] == 0]
    assert np.array_equal(own["paid_fen"], np.clip(own["cost_fen"] - 50_000, 0, 90_000))
    small = rows[rows["state"] == "nothing_due"]
    assert (small["cost_fen"] <= 50_000).all()


def test_low_risk_may_be_left_out() -> None:
    rows = ours(written(insurance={"cover": 1.0, "tier": 2})["claims"])
    assert set(rows.loc[rows["reason"] == "risk_excluded", "risk"]) <= {"low", "middle"}
    assert set(rows.loc[rows["covered"], "risk"]) <= {"high"}


def test_nobody_is_insured_at_no_cover() -> None:
    rows = ours(written(insurance={"cover": 0.0, "cover_asked": 0})["claims"])
    assert set(rows["reason"]) == {"not_insured"}


@pytest.mark.parametrize("rule", [0, 1, 2])
def test_the_liable_pay_for_what_is_not_covered(rule: int) -> None:
    on = written(duty_of_care={"rule": rule, "joint": 0.5})
    rows = ours(on["claims"])
    assert (abs(rows["liable_fen"] - rows["cost_fen"]) <= 2).all()
    paid = on["money"][on["money"]["line"] == "liability"].groupby("payer")["fen"].sum()
    assert paid.idxmax() == ("user", "recruiter", "platform")[rule]
    both = ours(written(duty_of_care={"rule": rule, "joint": 0.5}, insurance={"cover": 1.0})["claims"])
    assert set(both["liable_fen"]) == {0}
