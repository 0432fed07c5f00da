"""Pledges: everybody who took it, dated by the engine's own luck."""

from __future__ import annotations

from tests.office.org_desk import BEGIN, WHERE, written


def test_everybody_who_took_the_pledge_is_entered_once() -> None:
    tables = written("pledge", chance=0.1, public=0.5)
    rows, people = tables["pledges"], tables["people"]
    assert set(rows["person"]) == set(people.loc[people["sworn"], "person"])
    assert len(rows) == tables["weekly"]["sworn"].sum() > 0
    assert (rows["week"] >= BEGIN).all()
    assert set(rows["district"]) == {WHERE}
    assert set(rows["mode"]) == {"public", "private"}
    assert len(written()["pledges"]) == 0


def test_most_dates_are_those_of_the_engine() -> None:
    tables = written("pledge", chance=0.1, public=0.5)
    truly = tables["weekly"].groupby("week")["sworn"].sum()
    dated = tables["pledges"].groupby("week").size().reindex(truly.index, fill_value=0)
    assert (truly - dated).abs().sum() < 0.1 * truly.sum()


def test_the_mode_is_chosen_by_its_share() -> None:
    public, private = (written("pledge", chance=0.1, public=share)["pledges"] for share in (1.0, 0.0))
    assert set(public["mode"]) == {"public"}
    assert set(private["mode"]) == {"private"}
