"""Common standard and open interfaces (clause V.3.c): limiting cases, and a case by hand."""

from __future__ import annotations

from datetime import date

from tests.engine_worlds import SEED, town
from vsim.levers.base import Span
from vsim.levers.interoperability import Interoperability
from vsim.run.run import simulate
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import lever_file
from vsim.spec.policy import Policy

SPAN = Span(date(2025, 9, 1), 10, 20)
CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in lever_file("interoperability").cards.items()}


def edits(**changes: float) -> dict[str, int | tuple[int, ...]]:
    return {edit.table: edit.value for edit in Interoperability.edits({**VALUES, **changes}, CARDS, SPAN)}


def test_two_hosts_see_each_other_where_both_keep_the_standard() -> None:
    assert edits(adoption=1.0) == {"twice": 614, "lost": 0}                        # 1 - 0.4
    assert edits(adoption=0.5, mapping_budget=5000.0) == {"twice": 922, "lost": 819}     # 1 - 0.1; 0.5 * 0.05 / 2
    assert edits(adoption=0.0, mapping_budget=0.0) == {"twice": 1024, "lost": 3277}


def test_without_exchange_the_run_is_that_without_the_lever() -> None:
    policy = Policy(lever="interoperability", start_week=4, values={"exchange": 0})
    assert simulate(town(policies=(policy,)), SEED).checksum == simulate(town(), SEED).checksum


def test_mappings_are_paid_by_district_and_year() -> None:
    counts = {"districts.rows": 2.0, "years": 0.5, "exchange_log.rows": 10.0}
    assert Interoperability.cost({**VALUES, "mapping_budget": 5000.0, "cost_per_exchange": 5.0}, counts) == 5050.0
