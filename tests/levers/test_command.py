"""Command (clause V.3.b3): it leads under an alarm, and nobody without one."""

from __future__ import annotations

from tests.engine_worlds import SEED, town
from vsim.levers.command import Command
from vsim.run.run import simulate
from vsim.spec.policy import Policy

LED = Policy(lever="command", start_week=4, values={"single": 1})
APART = Policy(lever="command", start_week=4, values={"single": 0})
ALARM = Policy(lever="emergency", start_week=6, values={"level": 1, "weeks": 8})


def test_without_an_alarm_nobody_is_led() -> None:
    assert simulate(town(policies=(LED,)), SEED).checksum == simulate(town(), SEED).checksum


def test_under_an_alarm_the_unplaced_are_helped_on() -> None:
    few = {"demand.tasks": 40.0, "choice.menu_reference": 2.0, "participation.taste_mean": 2.0}
    led = simulate(town(few, policies=(LED, ALARM)), SEED).weekly("district")
    apart = simulate(town(few, policies=(APART, ALARM)), SEED).weekly("district")
    assert apart["helped_on"].sum() == 0
    assert led["helped_on"].sum() > 0
    assert set(led.loc[led["helped_on"] > 0, "week"]) <= set(range(6, 14))


def test_duty_and_drills_are_paid_for() -> None:
    counts = {"duty_roster.rows": 10.0, "command_drills.rows": 2.0}
    assert Command.cost({"duty_cost": 50.0, "drill_cost": 1500.0}, counts) == 3500.0
