"""The catalogue: every card complete, bound to a function and to columns that vsim's tables have; computed by name."""

from __future__ import annotations

import math
from functools import cache
from importlib import import_module

import pandas as pd
import pytest

from tests.cli.small import town_run
from vsim.errors import DataError, UsageError
from vsim.evaluate.kpi.card import LAST, SETTINGS, kpi, load_kpis
from vsim.evaluate.kpi.compute import carried, compute, parts
from vsim.run.offices import paperwork
from vsim.run.record import registers, truth
from vsim.spec.clauses import load_clauses
from vsim.spec.tables import load_office_tables, load_tables

AGENCY = {                    # tables that an agency may have and a run of vsim has not
    "terms", "sign_ups", "places", "population", "costs", "outcomes", "inputs", "checklist",
}
MORE = {"campaign_lift": {"exposed"}, "opportunity_cost": {"own_wage"}}      # columns that vsim's tables lack


@cache
def tables() -> dict[str, pd.DataFrame]:
    run = town_run()
    return {**registers(run), **paperwork(run), **truth(run), "weekly": run.weekly("district")}


def test_the_catalogue_has_all_its_rows_and_every_clause_is_one_of_the_text() -> None:
    cards = load_kpis().values()
    assert {card.number for card in cards} == set(range(1, LAST + 1))
    assert {card.clause for card in cards} <= set(load_clauses())
    assert len({card.label for card in cards}) == len(cards)


def test_every_card_names_a_function_that_is_there_or_what_answers_it_instead() -> None:
    for card in load_kpis().values():
        if card.function:
            assert callable(card.call), card.key
            assert card.tables, card.key
        else:
            module, _, name = card.instead.rpartition(".")
            assert hasattr(import_module(module), name), card.key
            with pytest.raises(UsageError, match="answered by"):
                _ = card.call


def test_the_columns_of_a_card_are_columns_of_the_tables_that_it_names() -> None:
    known = {**load_tables(), **load_office_tables()}
    for card in load_kpis().values():
        if not card.function or set(card.tables) & AGENCY:
            continue
        there: set[str] = set()
        for name in card.tables:
            there |= set(tables()["weekly"].columns) if name == "weekly" else set(known[name].names)
        assert set(card.columns) - there == MORE.get(card.key, set()), card.key


def test_every_setting_that_is_no_column_is_one_of_a_function() -> None:
    from inspect import signature

    used = {name for card in load_kpis().values() if card.function for name in signature(card.call).parameters}
    assert used >= SETTINGS


def test_a_run_carries_most_of_the_catalogue_and_each_number_has_what_it_was_divided_from() -> None:
    found = compute(None, tables())
    assert found["key"].is_unique
    assert len(found) == len(carried(tables())) > 60
    told = found[found["reason"] == ""]
    assert len(told) > 40
    shares = told[told["unit"].isin(["share", "points", "ratio"]) & told["denominator"].gt(0)
                  & told["method"].isin(["Wilson", "bootstrap of clusters"])]
    for row in shares.to_dict("records"):
        scale = row["value"] * row["denominator"] / row["numerator"] if row["numerator"] else 1.0
        assert scale == pytest.approx(100.0 if row["unit"] == "points" and abs(scale) > 50 else 1.0), row["key"]
    silent = found[found["reason"] != ""]
    assert silent["value"].isna().all()


def test_what_the_run_counted_week_by_week_is_what_its_tables_say() -> None:
    weekly = tables()["weekly"]
    seats = parts("fill_rate", tables()).reading()
    assert (seats.numerator, seats.denominator) == (weekly["filled"].sum(), weekly["seats"].sum())
    staffed = parts("staffed_rate", tables()).reading()
    assert staffed.denominator == weekly["seats"].sum()
    assert parts("no_show", tables()).reading().numerator == weekly["absent"].sum()
    true = parts("hours_inflation", tables()).reading()
    assert true.denominator == pytest.approx(weekly["hours"].sum() / 4)


def test_groups_and_periods() -> None:
    by = compute(["no_show", "active_rate", "fill_rate"], tables(), by="district")
    for _, some in by.groupby("key"):
        assert some["district"].tolist() == ["D01", "D02", "D03", "D04"]
    whole = parts("no_show", tables()).reading()
    assert by[by["key"] == "no_show"]["denominator"].sum() == whole.denominator
    months = compute(["fill_rate"], tables(), period="month")
    assert len(months) == 5
    assert months["denominator"].sum() == parts("fill_rate", tables()).reading().denominator
    assert (months["until"] - months["from"]).dt.days.tolist() == [28] * 5
    assert (months["from"].dt.day_of_week == 0).all()


def test_rows_without_the_group_get_it_from_the_list_of_volunteers() -> None:
    found = compute(["no_show"], tables(), by="sex")
    assert found["sex"].tolist() == ["F", "M"]
    assert found["denominator"].sum() == parts("no_show", tables()).reading().denominator


def test_what_cannot_be_computed_says_what_is_needed() -> None:
    some = {"volunteers": tables()["volunteers"]}
    row = compute(["fill_rate"], some).iloc[0]
    assert math.isnan(row["value"])
    assert "table activities is not there; needed activities, attendance, with columns activity_id" in row["reason"]
    assert "no column 'town'" in compute(["star_share"], some, by="town").iloc[0]["reason"]
    with pytest.raises(UsageError, match="Did you mean 'fill_rate'"):
        compute(["fil_rate"], some)
    with pytest.raises(UsageError, match="period is 'decade'"):
        compute(["fill_rate"], tables(), period="decade")
    with pytest.raises(UsageError, match="keyword 'placess' is unknown"):
        parts("fill_rate", tables(), placess="x")
    with pytest.raises(DataError, match="carry none"):
        compute(None, {})
    assert kpi("fill_rate").columns == ("activity_id", "people_needed")


@pytest.mark.parametrize(("change", "said"), [
    ({"label": ""}, "has no label"), ({"function": ""}, "neither function nor instead"),
    ({"better": "more"}, "better is more"), ({"number": 54}, "number is 54"), ({"colour": "red"}, "unknown key"),
])
def test_an_incomplete_card_is_refused_with_its_line(change: dict[str, object], said: str) -> None:
    from vsim.evaluate.kpi.card import FILE, _read
    from vsim.spec.loading import Document

    good = {"number": 4, "label": "A", "numerator": "a", "denominator": "b", "unit": "share", "window": "w",
            "better": "up", "clause": "IV.2.l", "source": "here", "function": "people.active_rate"}
    made = {key: value for key, value in {**good, **change}.items() if value != ""}
    with pytest.raises(UsageError, match=said):
        _read(Document(FILE, {"mine": made}, {("mine",): 3}), "mine")
    assert _read(Document(FILE, {"mine": good}), "mine").number == 4
