"""The raw books of a run: dense integers of the region that fit together, and come back from the public face."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

import vsim
from tests.cli.small import scenarios, town_run
from vsim.observe import registers as seen
from vsim.report.check import truth_columns
from vsim.run.record import raw_tables, registers, truth
from vsim.run.run import simulate
from vsim.spec.tables import load_tables
from vsim.world.ledgers import STAND_IN, Book
from vsim.world.organisations import LEGAL_FORMS
from vsim.world.stations import STATION_KINDS

pytestmark = pytest.mark.slow


@cache
def raw() -> dict[str, pd.DataFrame]:
    return raw_tables(town_run())


def test_the_public_face_gives_the_same_tables() -> None:
    for name, frame in vsim.registers(town_run()).items():
        pd.testing.assert_frame_equal(frame, registers(town_run())[name])
    for name, frame in vsim.truth(town_run()).items():
        pd.testing.assert_frame_equal(frame, truth(town_run())[name])


def test_nothing_is_lost_from_the_books_of_the_districts() -> None:
    ends = town_run().ends
    for name, book in (("placements", Book.PLACEMENTS), ("tasks", Book.TASKS), ("courses", Book.COURSES),
                       ("stars", Book.STARS), ("points", Book.POINTS)):
        assert len(raw()[name]) == sum(int(end.ledgers.counts[book]) for end in ends) > 0, name


def test_ids_are_dense_in_the_region_and_lead_to_rows() -> None:
    people, tasks, placements = raw()["people"], raw()["tasks"], raw()["placements"]
    assert people["person"].tolist() == list(range(600))
    assert tasks["task"].tolist() == list(range(len(tasks)))
    assert placements["person"].between(0, 599).all()
    assert placements["task"].between(0, len(tasks) - 1).all()
    assert tasks["station"].between(0, len(raw()["stations"]) - 1).all()
    assert tasks["organisation"].between(0, len(raw()["organisations"]) - 1).all()


def test_everything_that_happens_stays_in_its_district() -> None:
    """Nobody serves, and no task stands or is organised, across the border."""
    home = raw()["people"]["district"].to_numpy()
    where = raw()["tasks"]["district"].to_numpy()
    placements = raw()["placements"]
    assert (home[placements["person"]] == where[placements["task"]]).all()
    assert (raw()["stations"]["district"].to_numpy()[raw()["tasks"]["station"]] == where).all()
    assert (raw()["organisations"]["district"].to_numpy()[raw()["tasks"]["organisation"]] == where).all()


def test_a_placement_is_made_in_the_week_of_its_task_and_seats_are_counted() -> None:
    placements, tasks = raw()["placements"], raw()["tasks"]
    assert (placements["week"].to_numpy() == tasks["week"].to_numpy()[placements["task"]]).all()
    flags = placements["flags"]
    own = placements[flags & STAND_IN == 0]                    # who stands in takes the seat of somebody else
    taken = own.groupby("task").size().reindex(range(len(tasks)), fill_value=0)
    assert (taken == tasks["filled"]).all()
    assert (tasks["filled"] <= tasks["seats"]).all()
    assert (tasks["true_staffed"] <= tasks["needed"]).all()
    came = placements[(flags & seen.SHOWED > 0) & (flags & seen.UNUSED == 0)].groupby("task").size()
    assert (came.reindex(range(len(tasks)), fill_value=0) == tasks["true_staffed"]).all()


def test_only_who_came_has_hours_and_only_what_is_recorded_is_entered() -> None:
    placements = raw()["placements"]
    came = placements["flags"] & seen.SHOWED > 0
    recorded = placements["flags"] & seen.RECORDED > 0
    needed = placements["flags"] & seen.UNUSED == 0
    assert ((placements["true_hours"] > 0) == (came & needed)).all()
    assert came[~needed].all()
    assert ((placements["entered"] > 0) == recorded).all()
    assert not (recorded & ~came).any()
    assert not ((placements["flags"] & (seen.COPIED | seen.VERIFIED) > 0) & ~recorded).any()
    assert (placements.loc[recorded, "due"] >= placements.loc[recorded, "week"]).all()


def test_columns_that_only_the_simulator_knows_are_marked_and_stay_out_of_the_registers() -> None:
    marked = {name for frame in raw().values() for name in frame.columns if name.startswith("true_")}
    assert {"true_hours", "true_taste", "true_steered", "true_weight"} <= marked
    appearing = {name for frame in registers(town_run()).values() for name in frame.columns}
    assert not any(name.startswith("true_") for name in appearing)
    assert appearing & truth_columns() == set()


def test_names_belong_to_those_on_the_register_and_are_invented_the_same_way_each_time() -> None:
    people = raw()["people"]
    assert ((people["name"] != "") == people["registered"]).all()
    again = raw_tables(simulate(scenarios()[1], 1, threads=1))["people"]
    assert (again["name"] == people["name"]).all()
    other = raw_tables(simulate(scenarios()[1], 2))["people"]
    both = people["registered"] & other["registered"]
    assert both.sum() > 250
    assert (other.loc[both, "name"] == people.loc[both, "name"]).all()       # a person is the same under every luck


def test_kinds_and_legal_forms_are_those_of_the_dictionaries() -> None:
    tables = load_tables()
    stations = next(column for column in tables["stations"].columns if column.name == "kind")
    organisations = next(column for column in tables["organisations"].columns if column.name == "legal_form")
    assert set(STATION_KINDS) <= set(stations.enum or ())
    assert set(LEGAL_FORMS) <= set(organisations.enum or ())
    assert set(raw()["stations"]["kind"]) <= set(STATION_KINDS)
    assert set(raw()["organisations"]["legal_form"]) <= set(LEGAL_FORMS)
    assert raw()["organisations"]["founded"].between(1990, 2025).all()
    assert (raw()["stations"]["opened"] <= 0).all()


def test_populations_follow_the_residents() -> None:
    districts = raw()["districts"]
    ratio = scenarios()[1].values["places.population_per_resident"]
    np.testing.assert_array_equal(districts["population"], (districts["residents"] * ratio).round())
    assert not districts.duplicated(["prefecture", "column", "row"]).any()
    assert (districts["area_km2"] > 0).all()


def test_kernels_and_oracle_give_the_same_registers_and_the_same_truth() -> None:
    plain = simulate(scenarios()[1], 1, engine="oracle")
    for compiled, other in ((registers(town_run()), registers(plain)), (truth(town_run()), truth(plain))):
        for name, frame in compiled.items():
            pd.testing.assert_frame_equal(frame, other[name])


def test_an_empty_register_is_a_register() -> None:
    """Nobody is registered, nobody joins: every table is there, with its columns and no rows."""
    empty = scenarios()[0].with_values({"registration.base": load_low("registration.base")})
    empty = empty.model_copy(update={"world": empty.world.model_copy(update={"registered_share": 0.0}), "weeks": 4})
    run = simulate(empty, 1)
    found = registers(run)
    assert len(found["volunteers"]) == run.weekly("all")["registered"].iloc[-1]
    for name, frame in found.items():
        assert set(frame.columns) == set(load_tables()[name].names), name
    assert len(truth(run)["people_truth"]) == 600


def load_low(key: str) -> float:
    from vsim.spec.cards import load_cards

    return load_cards()[key].low


@pytest.mark.parametrize(("key", "value"), [("recording.late_mean", 0.0), ("recording.inflated_hours", 0.25)])
def test_numbers_at_the_low_end_of_their_cards_can_be_run(key: str, value: float) -> None:
    assert load_low(key) == value
    short = scenarios()[0].with_values({key: value}).model_copy(update={"weeks": 4, "policies": []})
    records = registers(simulate(short, 1))["service_records"]
    assert len(records) > 5
