"""Need scores: lists by model or by past requests, and what outreach found (clause V.3.a2)."""

from __future__ import annotations

import numpy as np
import pytest

from tests.office.org_desk import ours, written


def test_scores_of_a_list_add_up_and_ranks_follow_them() -> None:
    scores = written("discovery", model=1)["need_scores"]
    by_list = scores.groupby(["district", "week"])
    assert by_list["score"].sum().to_numpy() == pytest.approx(1.0)
    first = scores[scores["rank"] == 1].set_index(["district", "week"])["score"]
    assert first.sort_index().tolist() == by_list["score"].max().sort_index().tolist()


def test_no_contact_without_the_lever_and_more_with_more() -> None:
    off = written()
    assert len(off["outreach_outcomes"]) == 0
    assert off["need_scores"]["contacts"].sum() == 0
    few, many = (ours(written("discovery", contacts=each)["need_scores"])["contacts"].sum() for each in (5.0, 20.0))
    assert many == pytest.approx(4 * few, rel=0.1)


def test_a_fair_part_is_divided_by_residents() -> None:
    def spread(fair: float) -> float:
        rows = ours(written("discovery", contacts=50.0, model=0, fair_share=fair)["need_scores"])
        return float((rows["contacts"] / rows["residents"]).std())

    assert spread(1.0) < spread(0.0)


def test_past_requests_are_those_found_before() -> None:
    tables = written()
    scores, requests = tables["need_scores"], tables["requests"]
    for week in (4, 12):
        here = scores[(scores["week"] == week) & (scores["district"] == "D01")]
        assert here["past_requests"].sum() == ((requests["week"] < week) & (requests["district"] == "D01")).sum()
    assert np.all(scores.loc[scores["week"] == 0, "past_requests"] == 0)


def test_outcomes_count_the_requests_of_their_four_weeks() -> None:
    tables = written("discovery", contacts=50.0)
    rows, requests = tables["outreach_outcomes"], tables["requests"]
    one = rows[rows["list_week"] == 12]
    seen = requests[(requests["district"] == "D01") & requests["week"].between(12, 15)]
    assert one["found"].sum() == len(seen)
    assert (rows["week"] == rows["list_week"] + 3).all()
