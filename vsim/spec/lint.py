"""What a careful reader would ask about a scenario that is allowed: findings, and notes that need no answer.

What is not allowed at all is refused when the scenario is read. Whether a policy changes anything is looked at where
the tables are known (`vsim.run.idle`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from vsim.errors import listing
from vsim.spec.cards import Card, load_cards
from vsim.spec.lever_files import lever_file, load_levers
from vsim.spec.plain_yaml import Location
from vsim.spec.policy import ScheduledPolicy
from vsim.spec.scenario import Scenario
from vsim.spec.schedule import meet, shared_places

Kind = Literal["wrong", "brief", "edge", "same", "meets", "idle", "free", "unfunded", "unused", "default", "large"]
BRIEF = 4                     # weeks in which hardly any policy can show
MONEY = "yuan"                # how the unit of a price begins
FINANCE = ("VII.1.b", "VII.1.c", "VII.1.d", "VII.1.e")     # clauses that bring money


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at.

    Attributes
    ----------
    kind : str
    place : tuple
        Where in the scenario, such as ("policies", 2, "values").
    text : str
        What it is, and what to do.
    note : bool
        Whether it may well be meant.
    """

    kind: Kind
    place: Location
    text: str
    note: bool = False


def lint(scenario: Scenario) -> list[Finding]:
    """Return what to look at in a scenario, in the order of its parts."""
    policies = scenario.schedule()
    each = (found for index, policy in enumerate(policies) for found in _policy(index, policy, scenario))
    return [*_parameters(scenario), *each, *_pairs(policies), *_money(policies)]


def _parameters(scenario: Scenario) -> Iterator[Finding]:
    cards = load_cards()
    used = {policy.lever for policy in scenario.policies}
    for key, value in scenario.parameters.items():
        stem, place = key.partition(".")[0], ("parameters", key)
        if stem in load_levers() and stem not in used:
            text = f"{key} moves nothing: no policy uses the lever {stem}. Add one, or remove it."
            yield Finding("unused", place, text)
        elif value == cards[key].default:
            yield Finding("default", place, f"{key} is {value:g}, as on its card. It says nothing.", note=True)
        yield from _edges(cards[key], value, place, key)


def _policy(index: int, policy: ScheduledPolicy, scenario: Scenario) -> Iterator[Finding]:
    place: Location = ("policies", index)
    written, cards = scenario.policies[index], lever_file(policy.lever).cards
    if len(policy.weeks) < BRIEF:
        text = (f"{policy.lever} holds for {len(policy.weeks)} of {scenario.weeks} weeks, from week "
                f"{policy.start_week}; hardly anything can show. Start it earlier, or run longer.")
        yield Finding("brief", place, text)
    for name in written.values:
        yield from _edges(cards[name], policy.values[name], (*place, "values", name), f"{policy.lever}.{name}")
    prices = [name for name, card in cards.items() if card.unit.startswith(MONEY) and card.default]
    if prices and all(policy.values[name] == 0 for name in prices):
        text = f"{policy.lever} costs nothing, since 0 is set for {listing(prices)}. Give a price."
        yield Finding("free", place, text)
    if set(written.districts or ()) == set(scenario.districts) and policy.rollout is None:
        text = f"{policy.lever} names every district; left out, it holds everywhere all the same."
        yield Finding("default", (*place, "districts"), text, note=True)


def _edges(card: Card, value: object, place: Location, name: str) -> Iterator[Finding]:
    """Yield whether a number lies at an end of its card that is no natural one: not 0, not the whole of a share."""
    numbers = value if isinstance(value, list | tuple) else [value]
    default = card.default if isinstance(card.default, tuple) else (card.default,)
    for number in numbers:
        whole = number == 1 and (card.low == 0 or card.unit.startswith("share"))
        if number in (card.low, card.high) and not (number == 0 or whole or number in default or card.integer):
            end = "lower" if number == card.low else "upper"
            text = (f"{name} is {number:g} {card.unit}, the {end} end of what its card allows ({card.low:g} to "
                    f"{card.high:g}). See `vsim parameters {card.key.partition('.')[0]}`.")
            yield Finding("edge", place, text)
            return


def _pairs(policies: list[ScheduledPolicy]) -> Iterator[Finding]:
    """Yield the policies of one lever that say the same, contradict each other, or follow each other in a place."""
    for j, other in enumerate(policies):
        earlier = [(i, one) for i, one in enumerate(policies[:j]) if one.lever == other.lever and meet(one, other)]
        place: Location = ("policies", j)
        for i, one in earlier:
            if one.to_dict() == other.to_dict():
                yield Finding("same", place, f"{one.lever} stands twice: it is policies[{i}] once more. Remove one.")
            elif _footing(one) == _footing(other):
                text = (f"{one.lever} sets the places of policies[{i}] from the same week to other values, and only "
                        "one can hold. Remove one.")
                yield Finding("same", place, text)
        over = [(i, one) for i, one in earlier if _footing(one) != _footing(other)]
        if over:
            weeks, shared = shared_places(over[-1][1], other)
            names = listing([f"policies[{i}]" for i, _ in over], 3)
            text = (f"{other.lever} meets {names} in {listing(shared, 3)} from week {weeks[0]}; where they meet, the "
                    "one that starts later holds, then the one with fewer districts.")
            yield Finding("meets", place, text, note=True)


def _footing(policy: ScheduledPolicy) -> tuple[object, ...]:
    return policy.start_week, policy.districts, policy.groups, policy.share, policy.rollout


def _money(policies: list[ScheduledPolicy]) -> Iterator[Finding]:
    if any(set(lever_file(policy.lever).clauses) & set(FINANCE) for policy in policies):
        return
    paid = sorted({policy.lever for policy in policies for name, card in lever_file(policy.lever).cards.items()
                   if card.unit.startswith(MONEY) and policy.values[name]})
    if paid:
        text = (f"no policy brings money (clauses {', '.join(FINANCE)}) for {listing(paid)}; costs are counted and "
                "limit nothing.")
        yield Finding("unfunded", ("policies",), text, note=True)
