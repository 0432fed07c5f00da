"""Learning: hours are divided by content, and scores lie on their scale."""

from __future__ import annotations

import pytest

from tests.office.org_desk import ours, written


def test_hours_are_divided_by_content() -> None:
    log = ours(written("learning", hours=8, skills_share=0.5)["learning_log"])
    assert len(log) > 0
    assert log.groupby(["week", "person"])["hours"].sum().to_numpy() == pytest.approx(8.0)
    assert set(ours(written("learning", skills_share=1.0)["learning_log"])["module"]) == {"skills"}
    assert len(written()["learning_log"]) == 0


def test_scores_lie_on_their_scale_and_rise() -> None:
    log = ours(written("learning", hours=40)["learning_log"])
    assert log[["score_before", "score_after"]].stack().between(0, 100).all()
    assert (log["score_after"] - log["score_before"]).mean() == pytest.approx(log["true_gain"].mean(), abs=2.0)
