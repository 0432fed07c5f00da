"""Command: plans, duty and drills of normal times; incidents, and who signed up, served or was turned away (V.3.b3).

Assignments are those of the engine. The rest of those who wanted to serve is counted by the engine, and the office
draws who they were; people who registered since the incident began are those who came forward.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vsim.office.desk import Desk, Papers
from vsim.office.texts import with_texts
from vsim.rng import Stream
from vsim.spec.units import QUARTER, YEAR
from vsim.world.ledgers import SHOWED

CREDENTIALS = ("none", "valid", "expired", "pending")
NOT_CHECKED = "not_checked"
TURN, WAIT, PRESENT = range(3)


def work(desk: Desk) -> Papers:
    """Return tables command_plans, duty_roster, command_drills, incidents and deployments."""
    codes = desk.raw["districts"]["district"].to_numpy()
    grid = pd.DataFrame({"district": np.repeat(codes, desk.weeks), "week": np.tile(np.arange(desk.weeks), codes.size)})
    grid = grid.assign(place=np.repeat(np.arange(codes.size), desk.weeks))
    led = grid[desk.force.on("command", grid["district"], grid["week"])].reset_index(drop=True)
    alarms = _alarms(desk, codes)
    return Papers(with_texts({
        "command_plans": _plans(desk, led), "duty_roster": _roster(desk, led), "command_drills": _drills(desk, led),
        "incidents": _incidents(desk, alarms), "deployments": _deployments(desk, alarms)}))


def _alarms(desk: Desk, codes: NDArray[np.object_]) -> pd.DataFrame:
    """Return the weeks of alarm by district, with the week in which each incident began."""
    weeks = np.arange(desk.weeks)
    on = desk.force.on("emergency", codes[:, None], weeks[None, :])
    before = np.concatenate([np.zeros((codes.size, 1), np.bool_), on[:, :-1]], axis=1)
    began = np.maximum.accumulate(np.where(on & ~before, weeks, -1), axis=1)
    place, week = np.nonzero(on)
    rows = pd.DataFrame({"week": week, "district": codes[place], "began": began[place, week]})
    lasting = desk.force.value("emergency", "weeks", rows["district"], rows["week"])
    return rows[rows["week"] - rows["began"] < lasting].reset_index(drop=True)


def _plans(desk: Desk, led: pd.DataFrame) -> pd.DataFrame:
    """Return the plan of each district as it stands at the start of each quarter."""
    rows = led[led["week"] % QUARTER == 0].reset_index(drop=True)
    said = {name: desk.force.value("command", name, rows["district"], rows["week"])
            for name in ("single", "cap", "credential_check")}
    return rows[["week", "district"]].assign(
        single_command=said["single"] >= 1, cap=said["cap"].astype(np.int64),
        credential_check=said["credential_check"] >= 1)


def _roster(desk: Desk, led: pd.DataFrame) -> pd.DataFrame:
    """Return who is on duty: people who served in the week, by luck; a post without anybody is left out."""
    placed = desk.raw["placements"]
    rows = placed[(placed["week"] >= 0) & (placed["flags"] & SHOWED > 0)][["week", "person"]].drop_duplicates()
    rows = rows.merge(desk.raw["people"][["person", "district"]], on="person").merge(led, on=["week", "district"])
    rows = rows.assign(luck=desk.words(Stream.ALARM, rows["person"], rows["week"], TURN))
    rows = rows.sort_values(["week", "district", "luck", "person"], kind="stable").reset_index(drop=True)
    posts = desk.force.value("command", "duty", rows["district"], rows["week"])
    kept = rows[rows.groupby(["week", "district"]).cumcount().to_numpy() < posts]
    return kept[["week", "district", "person"]].reset_index(drop=True)


def _drills(desk: Desk, led: pd.DataFrame) -> pd.DataFrame:
    """Return the drills, spread over the year, and how many came."""
    yearly = desk.force.value("command", "drills", led["district"], led["week"])
    week = led["week"].to_numpy()
    rows = led[(week + 1) * yearly // YEAR > week * yearly // YEAR].reset_index(drop=True)
    called = desk.value["deployments.drill_people"]
    came = desk.uniform(Stream.ALARM, rows["place"], rows["week"], PRESENT)
    return rows[["week", "district"]].assign(
        called=np.full(len(rows), called, dtype=np.int64),
        present=np.rint(0.5 * called * (1.0 + came)).astype(np.int64))


def _incidents(desk: Desk, alarms: pd.DataFrame) -> pd.DataFrame:
    """Return the incidents: one row for each week of alarm, its level and whether volunteers are led."""
    level = desk.force.value("emergency", "level", alarms["district"], alarms["week"])
    led = desk.force.value("command", "single", alarms["district"], alarms["week"]) >= 1
    weekly = desk.raw["weekly"].set_index(["district", "week"])
    spot = pd.MultiIndex.from_frame(alarms[["district", "week"]])
    counts = {name: weekly[name].reindex(spot).to_numpy(dtype=np.int64) for name in ("posted", "willing")}
    return alarms[["week", "district"]].assign(
        began_week=alarms["began"].astype(float), level=level.astype(np.int64), led=led,
        activities=counts["posted"], signed_up=counts["willing"])


def _deployments(desk: Desk, alarms: pd.DataFrame) -> pd.DataFrame:
    """Return who signed up in a week of alarm: served or assigned, kept in reserve, or turned away."""
    rows = pd.concat([_assigned(desk, alarms), _rest(desk, alarms)], ignore_index=True)
    code, week, person = rows["district"], rows["week"], rows["person"]
    people = desk.raw["people"].set_index("person")
    forward = people["since"].reindex(person).to_numpy() >= rows["began"].to_numpy()
    led = desk.force.value("command", "single", code, week) >= 1
    cap = np.where(forward, desk.force.value("command", "cap", code, week), np.inf)
    rank = rows.assign(forward=forward).groupby(["week", "district", "status", "forward"]).cumcount().to_numpy()
    kept = (rows["status"] == "turned_away").to_numpy() & led & (rank < cap)
    checked = desk.force.value("command", "credential_check", code, week) >= 1
    drills = desk.force.value("command", "drills", code, week)
    half = desk.value["deployments.drills_half"]
    hours = desk.value["deployments.hours"] * np.where(led, desk.value["deployments.left_led"], 1.0)
    hours = hours * half / (half + drills)
    wait = np.rint(2 * hours * desk.uniform(Stream.ALARM, person, week, WAIT))
    papers = np.array(CREDENTIALS, dtype=object)[people["credential"].reindex(person).to_numpy(dtype=np.int64)]
    out = rows.assign(
        status=np.where(kept, "reserve", rows["status"]), came_forward=forward,
        credential=np.where(checked, papers, NOT_CHECKED),
        wait_hours=np.where(rows["status"] == "assigned", wait, np.nan))
    names = ["week", "district", "person", "organisation", "station", "status", "came_forward", "credential",
             "wait_hours"]
    return out.sort_values(["week", "district", "person"], kind="stable")[names].reset_index(drop=True)


def _assigned(desk: Desk, alarms: pd.DataFrame) -> pd.DataFrame:
    """Return who had a place in a week of alarm, with the first site of the week."""
    tasks = desk.raw["tasks"][["task", "organisation", "station", "source"]]
    placed = desk.raw["placements"][["week", "person", "task"]]
    rows = placed.merge(desk.raw["people"][["person", "district"]], on="person")
    rows = rows.merge(alarms, on=["week", "district"]).merge(tasks, on="task")
    rows = rows.sort_values(["week", "person", "source"], kind="stable").drop_duplicates(["week", "person"])
    return rows[["week", "district", "person", "organisation", "station", "began"]].assign(status="assigned")


def _rest(desk: Desk, alarms: pd.DataFrame) -> pd.DataFrame:
    """Return as many people without a place as the engine counted, in the order of their luck."""
    people = desk.raw["people"]
    people = people.loc[people["registered"], ["person", "district", "since"]]
    rows = people.merge(alarms, on="district")
    rows = rows[rows["since"] <= rows["week"]]
    had = desk.raw["placements"][["week", "person"]].drop_duplicates().assign(had=True)
    rows = rows.merge(had, how="left", on=["week", "person"])
    rows = rows[rows["had"].isna()].reset_index(drop=True)
    rows = rows.assign(luck=desk.words(Stream.ALARM, rows["person"], rows["week"], TURN))
    rows = rows.sort_values(["week", "district", "luck", "person"], kind="stable").reset_index(drop=True)
    weekly = desk.raw["weekly"].set_index(["district", "week"])
    spot = pd.MultiIndex.from_frame(rows[["district", "week"]])
    without = (weekly["unplaced"] - weekly["stood_in"]).reindex(spot).to_numpy(dtype=np.int64)
    kept = rows[rows.groupby(["week", "district"]).cumcount().to_numpy() < without]
    return kept[["week", "district", "person", "began"]].assign(organisation=-1, station=-1, status="turned_away")
