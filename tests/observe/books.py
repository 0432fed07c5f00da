"""Small registers made by hand: no engine, the same for the same numbers, with the columns of their dictionaries."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from vsim.observe.registers import opaque
from vsim.spec.tables import load_tables

DISTRICTS = ("D01", "D02", "D03", "D04")
FAMILY, GIVEN = "王李张刘陈杨赵黄周吴徐孙马朱胡", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂文辉玲红"
FIELDS = ("older_people", "children", "environment", "health", "culture", "civility", "emergency", "outreach")


def mixed(count: int, salt: int, most: int) -> np.ndarray:
    """Return `count` whole numbers below `most` that look like chance and are always the same."""
    place = np.arange(count, dtype=np.uint64)
    word = (place + np.uint64(salt)) * np.uint64(0x9E3779B97F4A7C15)
    word ^= word >> np.uint64(29)
    word *= np.uint64(0xBF58476D1CE4E5B9)
    word ^= word >> np.uint64(32)
    return (word % np.uint64(most)).astype(np.int64)


def columns(name: str, cells: dict[str, object], rows: int) -> pd.DataFrame:
    """Return a table in the order of its dictionary; a column that is not given is empty."""
    table = load_tables()[name]
    frame = pd.DataFrame({column: cells.get(column, [None] * rows) for column in table.names})
    return frame


@cache
def registers(people: int = 400, records: int = 1200) -> dict[str, pd.DataFrame]:
    """Return districts, stations, organisations, volunteers, activities and service records."""
    ids = np.array(opaque("V-", np.arange(people), 5))
    given = mixed(people, 3, len(GIVEN) ** 2)
    names = [FAMILY[a] + GIVEN[b // len(GIVEN)] + (GIVEN[b % len(GIVEN)] if b % 3 else "")
             for a, b in zip(mixed(people, 1, len(FAMILY)), given, strict=True)]
    start = np.datetime64("2025-09-01")
    shifts = 120
    slot = mixed(shifts, 20, 21)
    week = mixed(shifts, 21, 20)
    day = start + (week * 7 + slot // 3).astype("timedelta64[D]")
    who, what = mixed(records, 30, people), mixed(records, 31, shifts)
    lag = mixed(records, 32, 20).astype("timedelta64[D]")
    state = np.array(["verified", "draft", "rejected"])[np.minimum(mixed(records, 34, 6) // 4, 2)]
    orgs = 9
    return {
        "districts": columns("districts", {
            "district": list(DISTRICTS), "name": ["青泉区", "雪谷区", "琴谷县", "云溪区"],
            "prefecture": ["P01", "P01", "P02", "P02"], "population": [900] * 4, "residents": [700] * 4,
            "area_km2": [9.0] * 4,
        }, 4),
        "stations": columns("stations", {
            "station_id": [f"S{i:04d}" for i in range(1, 7)], "name": [f"第{i}站" for i in range(1, 7)],
            "district": [DISTRICTS[i % 4] for i in range(6)], "kind": ["station"] * 5 + ["online"],
            "x_km": [0.5] * 6, "y_km": [0.5] * 6, "opened_on": [np.datetime64("2024-01-01")] * 6,
        }, 6),
        "organisations": columns("organisations", {
            "org_id": [f"G{i:04d}" for i in range(1, orgs + 1)], "name": [f"第{i}服务队" for i in range(1, orgs + 1)],
            "district": [DISTRICTS[i % 4] for i in range(orgs)], "legal_form": ["association"] * orgs,
            "service_field": [FIELDS[i % 8] for i in range(orgs)], "size_band": ["small"] * orgs,
            "founded_year": [2010] * orgs,
        }, orgs),
        "volunteers": columns("volunteers", {
            "volunteer_id": ids, "name": names, "sex": np.array(["F", "M"])[mixed(people, 5, 2)],
            "birth_year": 1945 + mixed(people, 6, 68), "district": np.array(DISTRICTS)[mixed(people, 7, 4)],
            "education": np.array(["primary", "secondary", "college", "degree"])[mixed(people, 8, 4)],
            "student": mixed(people, 9, 5) == 0, "party_member": mixed(people, 10, 7) == 0,
            "registered_on": np.datetime64("2024-01-01") + mixed(people, 11, 600).astype("timedelta64[D]"),
            "status": np.array(["registered", "active", "lapsed"])[mixed(people, 12, 3)], "star": mixed(people, 13, 6),
            "verified_hours_total": mixed(people, 14, 800) / 4, "points_balance": mixed(people, 15, 50),
        }, people),
        "activities": columns("activities", {
            "activity_id": [f"A{i:04d}" for i in range(1, shifts + 1)], "date": day, "week": week,
            "district": np.array(DISTRICTS)[mixed(shifts, 22, 4)],
            "station_id": [f"S{i + 1:04d}" for i in mixed(shifts, 23, 6)],
            "org_id": [f"G{i + 1:04d}" for i in mixed(shifts, 24, orgs)],
            "service_field": np.array(FIELDS)[mixed(shifts, 25, 8)],
            "mode": np.array(["concentrated", "daily", "menu", "emergency"])[mixed(shifts, 26, 4)],
            "recurring": mixed(shifts, 27, 2) == 1, "gated": mixed(shifts, 28, 5) == 0, "start_slot": slot,
            "planned_hours": 1 + mixed(shifts, 29, 8) / 4, "people_needed": 2 + mixed(shifts, 40, 9),
            "lead_days": 1 + mixed(shifts, 41, 14),
        }, shifts),
        "service_records": columns("service_records", {
            "record_id": [f"R{i:04d}" for i in range(1, records + 1)], "volunteer_id": ids[who],
            "activity_id": [f"A{i + 1:04d}" for i in what], "date": day[what], "recorded_on": day[what] + lag,
            "hours": 0.25 + mixed(records, 33, 20) / 4, "method": ["qr"] * records, "verify_state": state,
            "source_system": ["platform_a"] * records,
        }, records),
    }


@cache
def platform_of() -> pd.Series:
    """Return the platform of each organisation."""
    ids = registers()["organisations"]["org_id"]
    return pd.Series(np.arange(len(ids)) % 3, index=ids)
