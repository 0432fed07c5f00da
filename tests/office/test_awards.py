"""Awards: candidates, ranks, finalists and their audit."""

from __future__ import annotations

import numpy as np

from tests.office.org_desk import WHERE, written


def test_no_selection_without_the_policy() -> None:
    assert len(written()["award_candidates"]) == 0


def test_the_selection_is_held_in_its_week_with_ranks_by_score() -> None:
    rows = written("awards", weight_hours=0.6, finalists=5, audit=0.0)["award_candidates"]
    assert set(rows["week"]) == {13}
    assert set(rows["district"]) == {WHERE}
    assert (rows["hours"] >= 5).all()
    assert np.allclose(rows["score"], 0.6 * rows["score_hours"] + 0.4 * rows["score_quality"])
    assert rows["rank"].tolist() == list(range(1, len(rows) + 1))
    assert rows["score"].is_monotonic_decreasing
    assert rows["finalist"].sum() == 5
    assert set(rows.loc[rows["finalist"], "result"]) == {"award"}
    assert rows["hours_found"].isna().all()


def test_ranks_move_with_the_weight() -> None:
    hours, quality = (written("awards", weight_hours=x, finalists=5)["award_candidates"] for x in (1.0, 0.0))
    assert set(hours["person"]) == set(quality["person"])
    assert hours["hours"].clip(upper=100).is_monotonic_decreasing
    assert quality["score_quality"].is_monotonic_decreasing


def test_an_audit_strikes_finalists_with_too_many_hours_and_no_others() -> None:
    rows = written("awards", weight_hours=1.0, finalists=200, audit=1.0)["award_candidates"]
    assert (rows["audited"] == rows["finalist"]).all()
    wrong = rows["hours"] > 1.1 * rows["true_hours"]
    assert wrong.any()
    assert ((rows["result"] == "struck") == (wrong & rows["finalist"])).all()
