"""Finding needs with data (clause V.3.a2): every value, and a case by hand."""

from __future__ import annotations

from datetime import date

import pytest

from tests.engine_worlds import SEED, town
from vsim.levers.base import Span
from vsim.levers.discovery import Discovery
from vsim.run.run import simulate
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import load_levers
from vsim.spec.policy import Policy

SPAN = Span(date(2025, 9, 1), 10, 20)
CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in load_levers()["discovery"].cards.items()}


def edits(parameters: dict[str, float] | None = None, **changes: float) -> dict[str, int | tuple[int, ...]]:
    cards = {**CARDS, **{f"discovery.{name}": value for name, value in (parameters or {}).items()}}
    return {edit.table: edit.value for edit in Discovery.edits({**VALUES, **changes}, cards, SPAN)}


def cost(counts: dict[str, float], **changes: float) -> float:
    return Discovery.cost({**VALUES, **changes}, counts)


def test_contacts_at_the_half_find_half_of_what_contacts_can_find() -> None:
    assert edits(contacts=5.0, model=0.0) == {"found": 19661}
    assert edits(contacts=0.0) == {"found": 0}


def test_a_model_makes_contacts_count_for_more_and_fairness_costs_hits_where_it_does() -> None:
    assert edits(contacts=4.0, model=1.0) == edits(contacts=5.0, model=0.0)
    assert edits(fair_share=1.0) == edits(fair_share=0.0)
    assert edits({"fair_loss": 0.5}, contacts=10.0, fair_share=1.0) == edits(contacts=5.0)


def test_contacts_and_the_model_cost() -> None:
    counts = {"need_scores.contacts.sum": 10.0, "residents": 2000.0, "years": 0.5}
    assert cost(counts, cost_per_contact=15.0, model=1.0, model_cost=200.0) == pytest.approx(150.0 + 200.0)
    assert cost(counts, cost_per_contact=15.0, model=0.0) == pytest.approx(150.0)



def test_without_contacts_the_run_is_that_without_the_lever() -> None:
    policy = Policy(lever="discovery", start_week=4, values={"contacts": 0.0})
    assert simulate(town(policies=(policy,)), SEED).checksum == simulate(town(), SEED).checksum
