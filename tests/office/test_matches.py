"""Matches: each place taken, from offer to rating (clause V.3.a3)."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.office.org_desk import ours, written


def matches(**values: float) -> pd.DataFrame:
    return ours(written("matching", **values)["matches"])


def test_matches_agree_with_the_counts_and_the_ratings() -> None:
    tables = written()
    rows, rated = tables["matches"], tables["ratings"]
    assert (rows["outcome"] == "served").sum() == tables["weekly"]["attended"].sum()
    assert rows["rated"].sum() == (rated["rater"] == "beneficiary").sum()
    assert set(rows["request_id"]) <= set(tables["requests"]["request_id"])
    assert (rows["accepted_days"] <= rows["offered_days"]).all()
    assert (rows["accepted_days"] >= 0).all()


def test_the_share_assigned_is_that_of_the_policy() -> None:
    assert set(matches(assigned=1.0)["way"]) == {"assigned"}
    opened = matches(assigned=0.0)
    assert set(opened["way"]) == {"open_call"}
    assert set(opened["people_asked"]) == {1}


def test_a_batch_delays_what_is_assigned() -> None:
    quick, slow = matches(assigned=1.0, batch_days=0), matches(assigned=1.0, batch_days=7)
    assert (quick["accepted_days"] == quick["offered_days"]).all()
    assert (slow["offered_days"] - slow["accepted_days"]).max() == 7


def test_the_score_is_made_of_the_weights() -> None:
    rows = matches(skill_weight=2.0, distance_weight=1.0)
    assert rows["score"].to_numpy() == pytest.approx((2.0 * rows["experienced"] - rows["km"]).to_numpy(), abs=6e-4)
