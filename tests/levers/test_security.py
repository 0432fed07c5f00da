"""Protection of networks (clause V.3.e): it moves nobody; controls, backups and drills cost."""

from __future__ import annotations

from tests.engine_worlds import SEED, town
from vsim.levers.security import Security
from vsim.run.run import simulate
from vsim.spec.policy import Policy


def test_who_serves_does_not_depend_on_it() -> None:
    policy = Policy(lever="security", start_week=4)
    assert simulate(town(policies=(policy,)), SEED).checksum == simulate(town(), SEED).checksum


def test_controls_backups_and_drills_are_paid_for() -> None:
    counts = {"districts.rows": 2.0, "years": 0.5, "security_checks.backups.sum": 13.0,
              "security_checks.drills.sum": 2.0}
    values = {"level": 3.0, "level_cost": 8000.0, "backup_cost": 10.0, "drill_cost": 800.0}
    assert Security.cost(values, counts) == 24000.0 + 130.0 + 1600.0
