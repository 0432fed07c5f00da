"""The truth tables: every seat and every resident, tied to the registers one to one, and never among them."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from tests.cli.small import scenarios, town_run
from vsim.run.record import raw_tables, registers, truth
from vsim.run.run import simulate
from vsim.spec.tables import load_tables

TRUTH = ("people_truth", "service_truth")


@cache
def seen() -> dict[str, pd.DataFrame]:
    return registers(town_run())


@cache
def hidden() -> dict[str, pd.DataFrame]:
    return truth(town_run())


@pytest.mark.parametrize("name", TRUTH)
def test_a_truth_table_has_exactly_the_columns_of_its_dictionary(name: str) -> None:
    table = load_tables()[name]
    assert table.truth
    assert set(hidden()[name].columns) == {column.name for column in table.columns}
    for column in table.columns:
        cells = hidden()[name][column.name].dropna()
        assert len(cells) == len(hidden()[name]) or not column.required, column.name
        assert cells.is_unique or not column.unique, column.name


def test_truth_and_appearance_share_no_table() -> None:
    assert set(hidden()) == set(TRUTH)
    assert set(hidden()) & set(seen()) == set()


def test_every_record_of_the_register_has_one_row_of_truth_and_the_other_way_round() -> None:
    told = hidden()["service_truth"].dropna(subset=["record_id"])
    records = seen()["service_records"]
    assert told["record_id"].is_unique
    assert set(told["record_id"]) == set(records["record_id"])
    both = records.merge(told, on="record_id", suffixes=("", "_true"))
    assert len(both) == len(records)
    for column in ("volunteer_id", "activity_id", "date"):
        assert (both[column] == both[f"{column}_true"]).all(), column
    assert (hidden()["service_truth"]["recorded"] == hidden()["service_truth"]["record_id"].notna()).all()


def test_true_hours_are_counted_once_and_sum_to_those_of_the_run() -> None:
    """The double of a record and a no-show gave no hours."""
    told = hidden()["service_truth"]
    doubles, absent = told["duplicate_of"].notna(), ~told["showed_up"]
    assert doubles.sum() > 10
    assert absent.sum() > 10
    assert (told.loc[doubles | absent, "true_hours"] == 0).all()
    home = told["sent_home"]
    assert home.any()
    assert not (home & absent).any()
    assert not (home & told["recorded"]).any()
    assert (told.loc[home, "true_hours"] == 0).all()
    assert (told.loc[~doubles & ~absent & ~home, "true_hours"] > 0).all()
    weekly = town_run().weekly("all")
    assert told["true_hours"].sum() == weekly["hours"].sum() / 4
    assert (~doubles).sum() == weekly["placed"].sum()
    assert (~doubles & absent).sum() == weekly["absent"].sum()


def test_hours_differ_from_the_truth_only_where_the_truth_says_why() -> None:
    told = hidden()["service_truth"]
    both = seen()["service_records"].merge(told[told["duplicate_of"].isna()], on="record_id")
    plain = both[~both["inflated"] & ~both["rounded"]]
    assert len(plain) > 10
    assert (plain["hours"] == plain["true_hours"]).all()
    rounded = both[both["rounded"] & ~both["inflated"]]
    assert (rounded["hours"] * 2 % 1 == 0).all()
    assert (rounded["hours"] - rounded["true_hours"]).between(0, 0.75).all()
    raised = both[both["inflated"]]
    assert (raised["hours"] > raised["true_hours"]).all()


def test_who_did_not_come_has_no_record() -> None:
    told = hidden()["service_truth"]
    assert not (told["recorded"] & ~told["showed_up"]).any()
    assert told.loc[~told["recorded"], "showed_up"].any()            # service that nobody recorded


def test_every_resident_has_one_row_and_every_volunteer_one_of_them() -> None:
    people = hidden()["people_truth"]
    assert len(people) == 600
    assert people["resident_key"].is_unique
    assert (people["registered"] == people["volunteer_id"].notna()).all()
    assert set(people["volunteer_id"].dropna()) == set(seen()["volunteers"]["volunteer_id"])


def test_the_hours_of_people_are_the_sum_of_their_service() -> None:
    people = hidden()["people_truth"].dropna(subset=["volunteer_id"]).set_index("volunteer_id")
    served = hidden()["service_truth"].groupby("volunteer_id")["true_hours"].sum()
    assert (people["true_hours_total"] == served.reindex(people.index, fill_value=0)).all()
    assert (people["ever_served"] == (people["true_hours_total"] > 0)).all()
    others = hidden()["people_truth"]
    assert (others.loc[~others["registered"], "true_hours_total"] == 0).all()


def test_residents_keep_their_keys_and_their_nature_under_every_policy() -> None:
    base = truth(simulate(scenarios()[0], 1))["people_truth"]
    pilot = hidden()["people_truth"]
    for column in ("resident_key", "taste", "reliability", "steered"):
        pd.testing.assert_series_equal(base[column], pilot[column])
    together = base["registered"] & pilot["registered"]
    assert (base.loc[together, "volunteer_id"] == pilot.loc[together, "volunteer_id"]).all()


def test_a_run_up_is_in_nobodys_rows_but_in_what_people_have_behind_them() -> None:
    """Weeks before the first are in no table; totals of people contain them."""
    long = scenarios()[1].model_copy(update={"warmup_weeks": 12})
    run = simulate(long, 1)
    raw, tables, told = raw_tables(run), registers(run), truth(run)
    before = raw["placements"][raw["placements"]["week"] < 0]
    assert len(before) > 50
    for frame, column in ((tables["service_records"], "date"), (tables["activities"], "date"),
                          (tables["star_awards"], "awarded_on"), (tables["points_ledger"], "date"),
                          (tables["training_records"], "date"), (told["service_truth"], "date")):
        assert (pd.to_datetime(frame[column]) >= pd.Timestamp(long.start)).all()
    assert set(tables["service_records"]["activity_id"]) <= set(tables["activities"]["activity_id"])
    kept = raw["placements"]
    credited = kept[(kept["flags"] & 4 > 0) & (kept["due"] < 20)].groupby("person")["entered"].sum() / 4
    assert tables["volunteers"]["verified_hours_total"].sum() == credited.sum()
    assert told["people_truth"]["true_hours_total"].sum() == raw["placements"]["true_hours"].sum() / 4
    ledger = tables["points_ledger"]
    changes = ledger.groupby("volunteer_id")["balance"].diff()
    assert (changes.dropna() == ledger.loc[changes.dropna().index, "points"]).all()
    held = tables["volunteers"].set_index("volunteer_id")["points_balance"]
    last = ledger.groupby("volunteer_id")["balance"].last()
    assert (held.loc[last.index] == last).all()
