"""The registers: what an agency has, whole in itself, with the errors that its dictionaries name, and no truth."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.small import scenarios, town_run
from vsim.observe.registers import ALPHABET, codes, days, opaque
from vsim.run.record import raw_tables, registers, truth
from vsim.run.run import simulate
from vsim.spec.tables import load_tables

SEEN = [name for name, table in load_tables().items() if not table.truth]
START = date(2025, 9, 1)
END = START + timedelta(weeks=20) - timedelta(days=1)
MOST = 1 << 35


@cache
def seen(seed: int = 1) -> dict[str, pd.DataFrame]:
    return registers(town_run(seed))


@cache
def hidden(seed: int = 1) -> dict[str, pd.DataFrame]:
    return truth(town_run(seed))


def firsts() -> pd.DataFrame:
    """Return the records that are nobody's second copy (only the truth knows which)."""
    copies = hidden()["service_truth"].dropna(subset=["duplicate_of"])["record_id"]
    records = seen()["service_records"]
    return records[~records["record_id"].isin(copies)]


def test_the_small_town_has_something_of_everything() -> None:
    """Else the tests below would hold for nothing."""
    for name in SEEN:
        assert len(seen()[name]) > 3, name
    assert set(seen()["points_ledger"]["kind"]) == {"earn", "spend", "expire"}
    assert set(seen()["service_records"]["verify_state"]) == {"verified", "draft", "rejected"}
    assert set(seen()["volunteers"]["status"]) == {"registered", "active"}
    assert len(firsts()) < len(seen()["service_records"])


@pytest.mark.parametrize("name", SEEN)
def test_a_register_has_exactly_the_columns_of_its_dictionary_and_none_is_truth(name: str) -> None:
    table = load_tables()[name]
    assert set(seen()[name].columns) == {column.name for column in table.columns}
    assert not any(column.truth for column in table.columns)
    assert list(seen()[name].index) == list(range(len(seen()[name])))


def test_the_registers_are_all_the_tables_that_are_no_truth() -> None:
    assert set(seen()) == set(SEEN)


@pytest.mark.parametrize("name", SEEN)
def test_values_keep_to_type_range_and_list_of_their_dictionary(name: str) -> None:
    frame = seen()[name]
    for column in load_tables()[name].columns:
        cells = frame[column.name].dropna()
        assert len(cells) == len(frame) or not column.required, column.name
        assert cells.is_unique or not column.unique, column.name
        if column.enum:
            assert set(cells) <= set(column.enum), column.name
        if column.minimum is not None and len(cells):
            assert cells.min() >= column.minimum, column.name
        if column.maximum is not None and len(cells):
            assert cells.max() <= column.maximum, column.name


@pytest.mark.parametrize("name", SEEN)
def test_keys_lead_to_rows_that_are_there(name: str) -> None:
    table, frame = load_tables()[name], seen()[name]
    assert not frame.duplicated(list(table.primary_key)).any()
    for column in table.columns:
        if column.foreign_key:
            other, key = column.foreign_key.split(".")
            assert set(frame[column.name].dropna()) <= set(seen()[other][key]), column.name


def test_no_column_of_the_record_register_betrays_what_only_the_truth_knows() -> None:
    """No yes-or-no reading of a register's column equals being a copy, inflated or rounded."""
    told = hidden()["service_truth"].dropna(subset=["record_id"]).set_index("record_id")
    records = seen()["service_records"].set_index("record_id")
    told = told.loc[records.index]
    flags = {"copy": told["duplicate_of"].notna(), "inflated": told["inflated"], "rounded": told["rounded"]}
    for flag, values in flags.items():
        assert 0 < values.sum() < len(values), flag
        for column in records.columns:
            for value in records[column].unique()[:50]:
                answer = records[column] == value
                assert not answer.equals(values), (flag, column, value)
                assert not (~answer).equals(values), (flag, column, value)


def test_volunteer_numbers_are_opaque_and_the_others_count_what_everybody_sees() -> None:
    shape = re.compile(rf"V-[{ALPHABET}]{{7}}")
    ids = seen()["volunteers"]["volunteer_id"]
    assert all(shape.fullmatch(name) for name in ids)
    order = np.argsort(np.argsort(ids.to_numpy(dtype=str)))
    assert abs(np.corrcoef(order, np.arange(len(ids)))[0, 1]) < 0.2
    initials = ids.str[2]
    for district, group in initials.groupby(seen()["volunteers"]["district"]):
        assert group.nunique() > 10, district
    for name, prefix in (("service_records", "R"), ("activities", "A"), ("stations", "S"), ("organisations", "G")):
        key = load_tables()[name].primary_key[0]
        assert all(re.fullmatch(rf"{prefix}\d{{4,}}", value) for value in seen()[name][key])


def test_another_seed_gives_other_numbers_to_the_same_people() -> None:
    one, other = (set(seen(seed)["volunteers"]["volunteer_id"]) for seed in (1, 2))
    assert one.isdisjoint(other)
    names = [seen(seed)["volunteers"].set_index("name") for seed in (1, 2)]
    kept = names[0].index.intersection(names[1].index)
    assert len(kept) > 200
    common = [frame[~frame.index.duplicated()].loc[kept.unique()] for frame in names]
    assert (common[0]["birth_year"] == common[1]["birth_year"]).mean() > 0.95


def test_the_same_seed_gives_the_same_registers() -> None:
    again = registers(simulate(scenarios()[1], 1, threads=1))
    for name, frame in seen().items():
        pd.testing.assert_frame_equal(frame, again[name])


def test_every_date_lies_inside_the_run_or_where_its_column_says() -> None:
    low, high = pd.Timestamp(START), pd.Timestamp(END)
    for name, column in (("service_records", "date"), ("service_records", "recorded_on"), ("activities", "date"),
                         ("training_records", "date"), ("star_awards", "awarded_on"), ("points_ledger", "date")):
        days_of = pd.to_datetime(seen()[name][column])
        assert days_of.between(low, high).all(), (name, column)
    volunteers = seen()["volunteers"]
    assert (pd.to_datetime(volunteers["registered_on"]) <= high).all()
    assert (pd.to_datetime(seen()["stations"]["opened_on"]) < low).all()
    records = seen()["service_records"]
    assert (pd.to_datetime(records["recorded_on"]) >= pd.to_datetime(records["date"])).all()


def test_an_activity_stands_on_the_day_of_its_slot_and_its_records_on_the_same_day() -> None:
    activities = seen()["activities"].set_index("activity_id")
    day = pd.Timestamp(START) + pd.to_timedelta(activities["week"] * 7 + activities["start_slot"] // 3, unit="D")
    assert (day == pd.to_datetime(activities["date"])).all()
    records = seen()["service_records"]
    assert (pd.to_datetime(records["date"]).to_numpy()
            == pd.to_datetime(activities["date"]).loc[records["activity_id"]].to_numpy()).all()


def test_nobody_serves_learns_or_earns_before_the_day_of_registration() -> None:
    since = pd.to_datetime(seen()["volunteers"].set_index("volunteer_id")["registered_on"])
    for name, column in (("service_records", "date"), ("training_records", "date"), ("star_awards", "awarded_on"),
                         ("points_ledger", "date")):
        frame = seen()[name]
        own = since.loc[frame["volunteer_id"]].to_numpy()
        assert (pd.to_datetime(frame[column]).to_numpy() >= own).all(), name


def test_nobody_takes_more_seats_than_an_activity_has() -> None:
    taken = firsts().groupby("activity_id").size()
    seats = seen()["activities"].set_index("activity_id")["people_needed"]
    assert (taken <= seats.loc[taken.index]).all()
    assert not firsts().duplicated(["volunteer_id", "activity_id"]).any()


def test_records_that_come_late_are_missing_at_the_end() -> None:
    """With entry four weeks late on average, the last weeks lack records that a longer run has."""
    late = scenarios()[0].with_values({"recording.late_mean": 4.0})
    run = simulate(late, 1)
    raw, records = raw_tables(run), registers(run)["service_records"]
    placed = raw["placements"]
    kept = placed[(placed["flags"] & 1 == 1) & (placed["week"] >= 0)]
    missing = kept[kept["due"] >= 20]
    assert len(missing) > 10
    assert len(records) == (kept["due"] < 20).sum() + _copies_in_time(run, records)
    week = (pd.to_datetime(records["date"]) - pd.Timestamp(START)).dt.days // 7
    shares = [(week.between(a, b).sum() / kept["week"].between(a, b).sum()) for a, b in ((0, 9), (16, 19))]
    assert shares[0] > 1.0          # second copies are in it
    assert shares[1] < 0.8
    entered = (pd.to_datetime(records["recorded_on"]) - pd.Timestamp(START)).dt.days // 7
    assert entered.max() <= 19


def _copies_in_time(run: Any, records: pd.DataFrame) -> int:
    told = truth(run)["service_truth"]
    return int(told["duplicate_of"].notna().sum())


def test_second_copies_are_rows_of_their_own_from_the_other_platform() -> None:
    told = hidden()["service_truth"]
    copies = told.dropna(subset=["duplicate_of"])
    assert len(copies) > 10
    records = seen()["service_records"].set_index("record_id")
    one, two = records.loc[copies["duplicate_of"]], records.loc[copies["record_id"]]
    for column in ("volunteer_id", "activity_id", "date", "hours", "method"):
        assert (one[column].to_numpy() == two[column].to_numpy()).all(), column
    assert (one["source_system"].to_numpy() != two["source_system"].to_numpy()).all()
    assert (pd.to_datetime(two["recorded_on"]).to_numpy() >= pd.to_datetime(one["recorded_on"]).to_numpy()).all()
    assert not (two["verify_state"] == "verified").any()
    assert not set(copies["record_id"]) & set(copies["duplicate_of"])
    assert copies["duplicate_of"].is_unique


def test_verified_hours_of_volunteers_reconcile_with_the_verified_records() -> None:
    records = seen()["service_records"]
    booked = records[records["verify_state"] == "verified"].groupby("volunteer_id")["hours"].sum()
    held = seen()["volunteers"].set_index("volunteer_id")["verified_hours_total"]
    assert (held > 0).sum() > 30
    pd.testing.assert_series_equal(held, booked.reindex(held.index, fill_value=0.0), check_names=False)


def test_status_is_that_of_the_records_entered_so_far() -> None:
    served = set(seen()["service_records"]["volunteer_id"])
    volunteers = seen()["volunteers"]
    assert set(volunteers.loc[volunteers["status"] == "active", "volunteer_id"]) == served


def test_star_awards_follow_the_ladder_in_force_and_the_records_of_that_day() -> None:
    """Each award stands on the verified records entered by its day, and on the ladder of its district and week."""
    old, new, pilot = (2, 5, 10, 20, 40), (1, 2, 3, 4, 5), {"D01", "D02"}
    records = seen()["service_records"]
    records = records[records["verify_state"] == "verified"].assign(on=lambda f: pd.to_datetime(f["recorded_on"]))
    home = seen()["volunteers"].set_index("volunteer_id")["district"]
    held: dict[str, int] = {}
    awards = seen()["star_awards"]
    assert len(awards) > 30
    for row in awards.itertuples():
        day = pd.Timestamp(str(row.awarded_on))
        own = records[(records["volunteer_id"] == row.volunteer_id) & (records["on"] <= day)]
        assert own["hours"].sum() == row.verified_hours_at_award
        week = (day - pd.Timestamp(START)).days // 7
        ladder = new if week >= 4 and home[row.volunteer_id] in pilot else old
        assert sum(row.verified_hours_at_award >= step for step in ladder) == row.star
        assert row.star > held.get(str(row.volunteer_id), 0)
        held[str(row.volunteer_id)] = int(str(row.star))
    volunteers = seen()["volunteers"].set_index("volunteer_id")["star"]
    assert volunteers[volunteers > 0].to_dict() == held


def test_everybody_who_has_reached_a_star_holds_it() -> None:
    volunteers = seen()["volunteers"]
    ladder = np.where(volunteers["district"].isin(["D01", "D02"]).to_numpy()[:, None], [1, 2, 3, 4, 5],
                      [2, 5, 10, 20, 40])
    reached = (volunteers["verified_hours_total"].to_numpy()[:, None] >= ladder).sum(axis=1)
    assert (volunteers["star"].to_numpy() >= reached).all()


def test_the_points_ledger_balances_row_by_row() -> None:
    ledger = seen()["points_ledger"]
    sums = ledger.groupby("volunteer_id")["points"].cumsum()
    assert (sums == ledger["balance"]).all()
    assert (ledger["balance"] >= 0).all()
    signs = {"earn": 1, "spend": -1, "expire": -1}
    assert (np.sign(ledger["points"]) == ledger["kind"].map(signs)).all()
    last = ledger.groupby("volunteer_id")["balance"].last()
    held = seen()["volunteers"].set_index("volunteer_id")["points_balance"]
    assert (last == held.loc[last.index]).all()
    assert (held.drop(last.index) == 0).all()


def test_points_are_earned_by_verified_hours_and_lapse_on_the_last_day_of_the_year_only() -> None:
    ledger = seen()["points_ledger"].assign(day=lambda f: pd.to_datetime(f["date"]))
    earned = ledger[ledger["kind"] == "earn"].groupby("volunteer_id")["points"].sum()
    hours = seen()["volunteers"].set_index("volunteer_id")["verified_hours_total"]
    assert (earned <= hours.loc[earned.index]).all()
    assert (earned >= hours.loc[earned.index] - 20).all()          # fractions of an hour in a week earn nothing
    lapsed = ledger.loc[ledger["kind"] == "expire", "day"]
    assert set(lapsed) == {pd.Timestamp("2025-12-31")}


def test_training_opens_for_as_long_as_the_register_says() -> None:
    training = seen()["training_records"]
    assert (training["valid_to"].notna() == training["passed"]).all()
    last = pd.to_datetime(training.loc[training["passed"]].groupby("volunteer_id")["valid_to"].max())
    held = pd.to_datetime(seen()["volunteers"].set_index("volunteer_id")["trained_until"]).dropna()
    pd.testing.assert_series_equal(held.sort_index(), last.sort_index(), check_names=False, check_dtype=False)


def test_gated_activities_are_taken_by_holders_of_a_certificate_only() -> None:
    activities = seen()["activities"].set_index("activity_id")
    records = firsts()
    gated = records[activities["gated"].loc[records["activity_id"]].to_numpy()]
    assert len(gated) > 3
    training = seen()["training_records"]
    passed = training[training["passed"]].groupby("volunteer_id")["date"].min()
    assert (pd.to_datetime(passed.loc[gated["volunteer_id"]]).to_numpy() < pd.to_datetime(gated["date"])).all()


def test_the_register_of_districts_counts_the_people_of_the_scenario() -> None:
    districts = seen()["districts"]
    assert districts["residents"].sum() == 600
    assert list(districts["district"]) == ["D01", "D02", "D03", "D04"]
    assert (districts["population"] >= districts["residents"]).all()


def test_hours_of_the_weekly_counts_are_those_of_the_register() -> None:
    weekly = town_run().weekly("all")
    first = firsts()
    late = weekly["recorded_hours"].sum() / 4 - first["hours"].sum()
    raw = raw_tables(town_run())["placements"]
    waiting = raw[(raw["flags"] & 1 == 1) & (raw["due"] >= 20)]
    assert late == waiting["entered"].sum() / 4
    assert weekly["verified_hours"].sum() / 4 == seen()["volunteers"]["verified_hours_total"].sum()


@given(st.sets(st.integers(0, MOST - 1), min_size=2, max_size=200), st.integers(0, 2**32))
def test_no_two_numbers_share_a_code(numbers: set[int], seed: int) -> None:
    codes_of = opaque("V-", sorted(numbers), seed)
    assert len(set(codes_of)) == len(numbers)


def test_codes_of_many_neighbours_are_distinct_and_spread_evenly() -> None:
    found = opaque("", np.arange(60_000), 7)
    assert len(set(found)) == 60_000
    for place in range(7):
        share = pd.Series([code[place] for code in found]).value_counts(normalize=True)
        assert len(share) == 32
        assert share.between(0.02, 0.045).all()


def test_the_permutation_can_be_undone_so_it_loses_nothing() -> None:
    """Every code of seven signs belongs to one number: walking the rounds backwards gives the number again."""
    from vsim.rng import Stream, draw, stream_key

    seed, numbers = 11, np.array([0, 1, 2, 12345, (1 << 17) - 1, 1 << 17, MOST - 1], dtype=np.uint64)
    key = stream_key(seed)
    for number, code in zip(numbers.tolist(), opaque("", numbers, seed), strict=True):
        mixed = sum(ALPHABET.index(sign) << 5 * k for k, sign in enumerate(code))
        left, right = mixed >> 17, mixed & 0x1FFFF
        for turn in reversed(range(6)):
            if turn % 2:
                right ^= int(draw(key, Stream.RELEASE, left, 0, turn)[0].item()) & 0x1FFFF
            else:
                left ^= int(draw(key, Stream.RELEASE, right, 0, turn)[0].item()) & 0x3FFFF
        assert left << 17 | right == number


def test_the_alphabet_has_32_signs_that_nobody_confuses() -> None:
    assert len(set(ALPHABET)) == 32
    assert not set("0O1I") & set(ALPHABET)


def test_codes_sort_as_they_count() -> None:
    assert codes("S", 3).tolist() == ["S0001", "S0002", "S0003"]
    many = codes("R", 12_000)
    assert many[0] == "R00001"
    assert sorted(many) == many.tolist()


@given(st.integers(-200, 2000), st.integers(0, 6))
def test_days_count_from_the_first_monday(week: int, day: int) -> None:
    assert days(START, [week], day)[0] == np.datetime64(START + timedelta(weeks=week, days=day))
