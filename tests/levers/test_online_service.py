"""Service online (clause V.3.f): a share of tasks, and nothing else."""

from __future__ import annotations

from datetime import date

from tests.engine_worlds import SEED, town
from vsim.levers.base import Edit, Span
from vsim.levers.online_service import OnlineService
from vsim.run.run import simulate
from vsim.spec.policy import Policy

SPAN = Span(date(2025, 9, 1), 10, 20)


def test_the_share_is_that_of_tasks() -> None:
    assert OnlineService.edits({"online_share": 0.25}, {}, SPAN) == [Edit("online", 16384)]
    policy = Policy(lever="online_service", start_week=0, values={"online_share": 1.0})
    weekly = simulate(town(policies=(policy,)), SEED).weekly("district")
    assert weekly["online_tasks"].sum() == weekly["posted"].sum() > 0


def test_without_tasks_online_the_run_is_that_without_the_lever() -> None:
    policy = Policy(lever="online_service", start_week=4, values={"online_share": 0.0})
    assert simulate(town(policies=(policy,)), SEED).checksum == simulate(town(), SEED).checksum


def test_hosting_and_vetting_are_paid_for() -> None:
    values = {"hosting_cost": 5.0, "vetting": 2.0, "vetting_cost": 3.0}
    assert OnlineService.cost(values, {"online_tasks": 4.0, "online_logs.rows": 10.0}) == 80.0
