"""Service online: one row an attendance, credited by weight, flagged less after vetting (clause V.3.f)."""

from __future__ import annotations

import pandas as pd

from tests.office.org_desk import ours, written


def test_every_attendance_online_is_logged() -> None:
    assert len(written()["online_logs"]) == 0
    tables = written("online_service", online_share=0.5)
    assert len(tables["online_logs"]) == tables["weekly"]["online"].sum() > 0


def test_hours_are_credited_by_their_weight() -> None:
    one, half = (ours(written("online_service", online_share=0.5, hour_weight=w)["online_logs"]) for w in (1.0, 0.5))
    pd.testing.assert_series_equal(half["credited_hours"], one["credited_hours"] * 0.5)
    pd.testing.assert_series_equal(half["logged_hours"], one["logged_hours"])


def test_vetting_leaves_fewer_flags() -> None:
    none, full = (written("online_service", online_share=1.0, vetting=v)["online_logs"] for v in (0, 3))
    assert full["flagged"].sum() < none["flagged"].sum()
    assert ((none["reason"] != "none") == none["flagged"]).all()
