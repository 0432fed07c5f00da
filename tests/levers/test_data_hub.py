"""The data hub (clause V.3.b1): every rule, and a case by hand."""

from __future__ import annotations

from datetime import date

from tests.engine_worlds import SEED, town
from vsim.levers.base import Span
from vsim.levers.data_hub import DataHub
from vsim.run.run import simulate
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import lever_file
from vsim.spec.policy import Policy

SPAN = Span(date(2025, 9, 1), 10, 20)
CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in lever_file("data_hub").cards.items()}


def edits(**changes: float) -> dict[str, int | tuple[int, ...]]:
    return {edit.table: edit.value for edit in DataHub.edits({**VALUES, **changes}, CARDS, SPAN)}


def test_a_bolder_rule_leaves_fewer_copies_and_strikes_true_records() -> None:
    assert edits(rule=0) == {"duplicate": 1024, "lost": 0}
    assert edits(rule=1) == {"duplicate": 410, "lost": 0}
    assert edits(rule=2) == {"duplicate": 102, "lost": 655}


def test_without_a_rule_the_run_is_that_without_the_lever() -> None:
    policy = Policy(lever="data_hub", start_week=4, values={"rule": 0})
    assert simulate(town(policies=(policy,)), SEED).checksum == simulate(town(), SEED).checksum


def test_loads_are_paid_for() -> None:
    assert DataHub.cost({**VALUES, "cost_per_load": 30.0}, {"hub_loads.loads.sum": 4.0}) == 120.0
