"""The office of postings: defects, notice, and who came (clauses V.2.b2 and V.2.b4)."""

from __future__ import annotations

from functools import cache

import pandas as pd

from tests.engine_worlds import SEED, town
from vsim.run.measures import all_tables
from vsim.run.run import simulate
from vsim.spec.policy import Policy


@cache
def tables(*policies: tuple[str, str, float]) -> dict[str, pd.DataFrame]:
    """Return all tables of a town, with the levers named and one value of each set."""
    used = [Policy(lever=lever, start_week=4, values={name: value}) for lever, name, value in policies]
    return all_tables(simulate(town(residents=900, districts=2).with_levers(*used), SEED))


def after(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["week"] >= 4]


def test_required_fields_and_review_leave_fewer_defects() -> None:
    none = after(tables(("posting", "required", 0.0))["postings"])
    every = after(tables(("posting", "required", 8.0))["postings"])
    assert every["defects"].sum() < none["defects"].sum() < after(tables()["postings"])["defects"].sum()
    names = [name for name in none if name.startswith("has_")]
    assert (none["defects"] == (~none[names]).sum(axis=1)).all()


def test_notice_is_never_shorter_than_asked() -> None:
    assert after(tables(("posting", "lead_days", 9.0))["postings"])["lead_days"].min() >= 9
    assert not after(tables(("posting", "lead_days", 0.0))["postings"])["short_notice"].any()


def test_attendance_agrees_with_the_counts() -> None:
    found = tables(("shifts", "overbook", 1.5))
    rows, weekly = found["attendance"], found["weekly"]
    assert (rows["status"] == "came").sum() == weekly["attended"].sum()
    assert (rows["status"] == "sent_home").sum() == weekly["unused"].sum()
    assert ((rows["status"] == "absent") & ~rows["stand_in"]).sum() == weekly["absent"].sum()
    asked = rows[(rows["week"] >= 4) & (rows["status"] != "sent_home")]
    assert asked[asked["status"] == "came"]["confirmed"].mean() > asked[asked["status"] == "absent"]["confirmed"].mean()


def test_nobody_confirms_without_a_reminder() -> None:
    assert not tables()["attendance"]["confirmed"].any()
