"""Security: breaches, downtime, people exposed and records lost (clause V.3.e)."""

from __future__ import annotations

from functools import cache

import pandas as pd

from tests.engine_worlds import SEED, town
from vsim.run.measures import all_tables
from vsim.run.run import simulate
from vsim.spec.policy import Policy


@cache
def tables(**values: float) -> dict[str, pd.DataFrame]:
    """Return all tables of a town that is breached often, with the lever where values are given."""
    used = (Policy(lever="security", start_week=0, values=values),) if values else ()
    return all_tables(simulate(town({"breaches.yearly": 26.0}, residents=900, districts=2, weeks=40, policies=used),
                               SEED))


def test_control_takes_breaches_away_and_adds_none() -> None:
    off, on = tables()["breaches"], tables(level=3, drills=0, backup_days=30)["breaches"]
    assert 0 < len(on) < len(off)
    kept = on.merge(off, on=["week", "district"], how="left", suffixes=("", "_off"))
    assert (kept["kind"] == kept["kind_off"]).all()
    assert (kept["people_exposed"] == kept["people_exposed_off"]).all()


def test_drills_shorten_and_backups_save() -> None:
    off = tables(level=0, drills=0, backup_days=28)["breaches"]
    drilled, copied = tables(level=0, drills=6, backup_days=28), tables(level=0, drills=0, backup_days=1)
    assert drilled["breaches"]["downtime_hours"].sum() < off["downtime_hours"].sum()
    assert copied["breaches"]["records_lost"].sum() < off["records_lost"].sum()


def test_what_is_lost_and_exposed_fits_the_kind_and_the_register() -> None:
    found = tables()
    rows = found["breaches"]
    assert set(rows.loc[rows["records_lost"] > 0, "kind"]) <= {"outage", "ransom"}
    assert not (rows.loc[rows["kind"] == "outage", "people_exposed"] > 0).any()
    assert (rows["people_told"] == (rows["people_exposed"] > 0)).all()
    most = found["people"].groupby("district")["registered"].sum()
    assert (rows["people_exposed"] <= rows["district"].map(most)).all()
    assert len(found["security_checks"]) == 0


def test_checks_come_each_quarter() -> None:
    checks = tables(level=2, drills=1, backup_days=7)["security_checks"]
    assert set(checks["week"]) == {12, 25, 38}
    assert set(checks["backups"]) == {13}
    assert set(checks["patch_days"]) == {30}
