"""The pledge: who takes it, and what ceremonies cost (clause VI.2.d)."""

from __future__ import annotations

from datetime import date

from tests.engine_worlds import SEED, town
from vsim.levers.base import Edit, Span
from vsim.levers.pledge import Pledge
from vsim.run.run import simulate
from vsim.spec.lever_files import load_levers
from vsim.spec.policy import Policy

VALUES = {name: card.default for name, card in load_levers()["pledge"].cards.items()}
SPAN = Span(date(2025, 9, 1), 10, 20)


def test_the_chance_is_a_threshold_of_32_bit() -> None:
    assert Pledge.edits({**VALUES, "chance": 0.25}, {}, SPAN) == [Edit("oath", 1 << 30)]
    assert Pledge.edits({**VALUES, "chance": 0.0}, {}, SPAN) == [Edit("oath", 0)]


def test_public_pledges_cost_more() -> None:
    counts = {"pledges[mode=public].rows": 2, "pledges[mode=private].rows": 3}
    assert Pledge.cost(VALUES, counts) == 2 * 15 + 3 * 1


def test_a_pledge_that_pulls_nobody_changes_no_run() -> None:
    off = {"belonging.oath": 0.0, "belonging.oath_show": 0.0}
    policy = Policy(lever="pledge", start_week=4, values={"chance": 0.2})
    bare, sworn = simulate(town(off), SEED), simulate(town(off, policies=(policy,)), SEED)
    rows, own = bare.weekly("district"), sworn.weekly("district")
    assert own["sworn"].sum() > 0
    assert rows.drop(columns="sworn").equals(own.drop(columns="sworn"))
