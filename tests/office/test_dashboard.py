"""The board of indicators: lag, what is known, and memos (clause V.3.b2)."""

from __future__ import annotations

import numpy as np

from tests.office.org_desk import ours, written


def test_without_the_policy_a_paper_comes_out_each_quarter() -> None:
    paper = written()["indicators"]
    assert set(paper["week"]) == {12, 25, 38}
    assert set(paper["week"] - paper["of_week"]) == {6}
    assert set(paper["definition_version"]) == {1}
    assert paper["low"].isna().all()
    assert len(written()["memos"]) == 0


def test_early_figures_lack_late_entries() -> None:
    def hours(lag: int) -> float:
        rows = ours(written("decision_support", lag_weeks=lag)["indicators"])
        rows = rows[(rows["indicator"] == "services") & rows["of_week"].between(12, 30)]
        return float(rows["value"].sum())

    assert hours(0) < hours(6)


def test_activities_are_known_at_once_and_intervals_hold_the_value() -> None:
    rows = ours(written("decision_support", indicators=6)["indicators"])
    posted = rows[rows["indicator"] == "activities"]
    assert np.array_equal(posted["value"], posted["true_value"])
    assert ((rows["low"] <= rows["value"]) & (rows["value"] <= rows["high"])).all()
    assert len(ours(written("decision_support", indicators=2)["indicators"])) * 3 == len(rows)


def test_memos_come_as_often_as_said_and_a_longer_look_ahead_is_wider() -> None:
    near, far = (ours(written("decision_support", memos=12, horizon=weeks)["memos"]) for weeks in (4, 26))
    assert len(near) == len(far) > 5
    assert ((far["forecast_high"] - far["forecast_low"]) > (near["forecast_high"] - near["forecast_low"])).all()
    assert near["index"].between(0, 1).all()
