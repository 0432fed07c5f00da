"""Protection of personal information (clause V.3.d): it moves nobody; the ledger and requests cost."""

from __future__ import annotations

from tests.engine_worlds import SEED, town
from vsim.levers.privacy import Privacy
from vsim.run.run import simulate
from vsim.spec.policy import Policy


def test_who_serves_does_not_depend_on_it() -> None:
    policy = Policy(lever="privacy", start_week=4)
    assert simulate(town(policies=(policy,)), SEED).checksum == simulate(town(), SEED).checksum


def test_entries_and_requests_are_paid_for() -> None:
    counts = {"consents.rows": 100.0, "access_requests.rows": 3.0}
    assert Privacy.cost({"consent_cost": 0.5, "request_cost": 40.0}, counts) == 170.0
