"""The desk of honours finds whom the engine honoured."""

from __future__ import annotations

import pandas as pd

from tests.office.org_desk import BEGIN, WHERE, ours, written


def test_nobody_is_honoured_without_the_policy() -> None:
    assert len(written()["recognition_events"]) == 0


def test_the_desk_has_the_honours_of_the_engine() -> None:
    for only in (0, 1):
        tables = written("honours", chance=0.2, newcomers_only=only)
        events = tables["recognition_events"]
        assert len(events) > 0
        assert set(events["district"]) == {WHERE}
        weekly = ours(tables["weekly"]).groupby("week")["honoured"].sum()
        found = events.groupby("week").size().reindex(weekly.index, fill_value=0)
        pd.testing.assert_series_equal(found, weekly, check_dtype=False, check_names=False, check_index_type=False)
        people = tables["people"]
        honoured = people[people["honoured"] >= BEGIN].set_index("person")["honoured"].sort_index()
        last = events.groupby("person")["week"].max()
        pd.testing.assert_series_equal(last, honoured, check_dtype=False, check_names=False, check_index_type=False)
        assert events["newcomer"].all() or only == 0


def test_gifts_go_with_some_honours_only() -> None:
    events = written("honours", chance=0.2, newcomers_only=0, material_share=0.5, gift=80)["recognition_events"]
    assert 0 < events["material"].sum() < len(events)
    assert (events["value_fen"] == 8000 * events["material"]).all()
    none = written("honours", chance=0.2, newcomers_only=0, material_share=0.0, personal=1.0)["recognition_events"]
    assert not none["material"].any()
    assert set(none["mode"]) == {"in_person"}
