"""Every value of every lever does something: it changes an edit, the cost, or what an office writes.

A value that moves none of the three at the ends of its range is inert, and an inert parameter is a defect.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from tests.engine_worlds import SEED, START, town
from tests.levers.test_levers import BOLD, PARAMETERS, Counts, filled
from vsim.levers import BY_NAME, Span
from vsim.run.measures import all_tables
from vsim.run.run import simulate
from vsim.spec.cards import Card, load_cards
from vsim.spec.lever_files import lever_file
from vsim.spec.policy import Policy

WEEKS = 40
EACH = [
    pytest.param(lever.name, value, id=f"{lever.name}-{value}")
    for lever in BY_NAME.values() for value in lever_file(lever.name).cards
]


def settings(card: Card, bold: Any) -> list[Any]:
    """Return values of a card at which its effect may be seen: both ends, and where the lever's own effect is shown."""
    if card.is_list:
        default = list(card.default) if isinstance(card.default, tuple) else [card.default]
        return [bold or default, [default[0] + 1, *default[1:]], default[:-1] or [card.high]]
    return [card.low, card.high, card.default if bold is None else bold]


def acts_at_once(name: str, value: str) -> bool:
    """Return whether edits or cost differ between the settings of a value, were people to respond as much as can be."""
    lever, card = BY_NAME[name], lever_file(name).cards[value]
    usual = {key: each.default for key, each in load_cards().items()} | PARAMETERS[name]
    most = usual | {key: each.high for key, each in load_cards().items() if key.startswith(f"{name}.")}
    for bold in (BOLD[name], {}):
        for cards in (usual, most):
            seen = set()
            for setting in settings(card, BOLD[name].get(value)):
                values = {**filled(lever, bold), value: tuple(setting) if card.is_list else setting}
                edits = tuple(map(str, lever.edits(values, cards, Span(START, WEEKS, WEEKS))))
                seen.add((edits, lever.cost(values, Counts(100.0))))
            if len(seen) > 1:
                return True
    return False


@cache
def desk_says(name: str, parameters: tuple[tuple[str, float], ...], values: tuple[tuple[str, Any], ...]) -> str:
    policy = Policy(lever=name, start_week=4, values={key: list(v) if isinstance(v, tuple) else v for key, v in values})
    scenario = town(dict(parameters), residents=900, districts=2, weeks=WEEKS, policies=(policy,))
    tables = all_tables(simulate(scenario, SEED))
    return "".join(f"{table}{frame.to_csv()}" for table, frame in sorted(tables.items()))


@pytest.mark.parametrize(("name", "value"), EACH)
def test_a_value_changes_an_edit_the_cost_or_what_an_office_writes(name: str, value: str) -> None:
    if acts_at_once(name, value):
        return
    card = lever_file(name).cards[value]
    said = set()
    for bold in (BOLD[name], {}):
        for setting in settings(card, BOLD[name].get(value)):
            values = {**bold, value: tuple(setting) if isinstance(setting, list) else setting}
            said.add(desk_says(name, tuple(sorted(PARAMETERS[name].items())), tuple(sorted(
                (key, tuple(v) if isinstance(v, list) else v) for key, v in values.items()))))
            if len(said) > 1:
                return
    pytest.fail(f"{name}.{value} moves nothing between {card.low} and {card.high}")
