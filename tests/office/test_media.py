"""The media: money, exposure, recall, and whose stories are told."""

from __future__ import annotations

import pytest

from tests.office.org_desk import BEGIN, WHERE, ours, written


def test_money_and_views_follow_the_policy() -> None:
    tables = written("media", adverts=5.2, places=0.0)
    rows = ours(tables["media_spending"])
    residents = tables["districts"].set_index("district").loc[WHERE, "residents"]
    assert set(rows["kind"]) == {"adverts"}
    assert rows["fen"].to_numpy() == pytest.approx(10 * residents)
    assert rows["views"].to_numpy() == pytest.approx(0.1 * residents * 40, abs=0.51)
    assert len(written()["media_spending"]) == 0


def test_more_residents_recall_where_messages_are_shown() -> None:
    on, off = (ours(written(*which, **values)["recall_survey"]) for which, values in (
        (("media",), {"adverts": 20.0, "places": 20.0}), ((), {})))
    assert on["recalled"].sum() > off["recalled"].sum() > 0           # some remember what was never shown
    assert set(off["true_seen"]) == {0.0}


def test_exposure_builds_up_with_its_half_life() -> None:
    log = ours(written("culture", intensity=1.0)["exposure_log"]).set_index("week")
    assert log.loc[BEGIN + 3, "exposure"] == pytest.approx(0.5, abs=0.001)
    assert len(written()["exposure_log"]) == 0


def test_far_stories_are_of_winners_and_near_ones_of_anybody() -> None:
    near, far = (ours(written("role_models", yearly=100, nearness=share)["stories"]) for share in (1.0, 0.0))
    assert near["near"].all()
    assert not far["near"].any()
    assert far["hours_told"].mean() > near["hours_told"].mean()
    assert near["person"].is_unique
    assert len(near) > len(ours(written()["stories"]))
