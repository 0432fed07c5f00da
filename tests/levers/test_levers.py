"""What every lever keeps: a full card, known clauses and tables, its reach and start, a cost not below zero."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

import vsim
from tests.engine_worlds import START, alone, town
from vsim.levers import BY_NAME, Edit, Lever, Span
from vsim.levers.base import SCOPE
from vsim.run.settle import Settled
from vsim.spec.cards import Card, load_cards
from vsim.spec.clauses import load_clauses
from vsim.spec.lever_files import lever_file, load_levers
from vsim.spec.policy import Policy
from vsim.spec.scenario import Scenario
from vsim.world.settings import LADDER
from vsim.world.weekly import Weekly

EACH = pytest.mark.parametrize("lever", BY_NAME.values(), ids=lambda lever: lever.name)
WARMUP = 6
# values that differ from what holds without any policy, so that a reach can be seen: those of the first effect
BOLD: dict[str, dict[str, Any]] = {
    name: {key: list(value) if isinstance(value, list | tuple) else float(value) for key, value in policy.items()}
    for name, policy in ((name, lever.effects[0].policy) for name, lever in load_levers().items())
}
PARAMETERS = {name: dict(lever.effects[0].parameters) for name, lever in load_levers().items()}


class Counts(dict[str, float]):
    """Counts of a cost: any that it asks for, one number for all."""

    def __init__(self, each: float) -> None:
        self.each = each

    def __missing__(self, name: str) -> float:
        return self.each


def moves(lever: type[Lever]) -> bool:
    """Return whether a lever edits a table of the week; the others act in an office alone (`test_effects`)."""
    cards = {key: card.default for key, card in load_cards().items()} | PARAMETERS[lever.name]
    return bool(lever.edits(filled(lever, BOLD[lever.name]), cards, Span(START, 24, 24)))


def shaped(lever: type[Lever]) -> bool:
    """Return whether an edit of a lever has a number for each week: it may outlast the policy."""
    cards = {key: card.default for key, card in load_cards().items()} | PARAMETERS[lever.name]
    edits = lever.edits(filled(lever, BOLD[lever.name]), cards, Span(START, 24, 24))
    return any(isinstance(edit.value, tuple) or edit.only is not None for edit in edits)


def filled(lever: type[Lever], values: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the values of a policy of this lever as a run would fill them in."""
    scenario = town(policies=(Policy(lever=lever.name, values=values or {}),))
    return dict(scenario.schedule()[0].values)


def settled(lever: type[Lever], *policies: object) -> Settled:
    """Return a town settled under policies, with people who respond as the first effect of the lever asks."""
    return alone(town(PARAMETERS[lever.name], policies=policies))[1]


def differing(one: Settled, other: Settled) -> dict[str, np.ndarray]:
    """Return where tables differ, shape (districts, weeks), by table; ladders are compared by what they say."""
    out = {}
    for name in Weekly._fields:
        a, b = getattr(one.weekly, name), getattr(other.weekly, name)
        if name == "ladder":
            a, b = one.ladders[a], other.ladders[b]
        unequal = (a != b).reshape(*a.shape[:2], -1).any(axis=2)
        if unequal.any():
            out[name] = unequal
    return out


MOVING = pytest.mark.parametrize(
    "lever", [lever for lever in BY_NAME.values() if moves(lever)], ids=lambda lever: lever.name
)


def test_every_lever_has_its_own_file_and_every_file_its_lever() -> None:
    assert set(load_levers()) == set(BY_NAME) == {lever.__module__.rpartition(".")[2] for lever in BY_NAME.values()}
    assert [lever.name for lever in BY_NAME.values()] == list(BY_NAME)


@EACH
def test_a_lever_is_on_the_public_face(lever: type[Lever]) -> None:
    assert getattr(vsim, lever.__name__) is lever


@EACH
def test_the_file_says_label_reach_channels_and_clauses_that_exist(lever: type[Lever]) -> None:
    file = lever_file(lever.name)
    assert file.label
    assert file.reach
    assert file.channels
    assert file.clauses
    assert set(file.clauses) <= set(load_clauses())


@EACH
def test_the_fields_of_a_lever_are_the_values_on_its_cards(lever: type[Lever]) -> None:
    assert {field.name for field in fields(lever)} - set(SCOPE) == set(lever_file(lever.name).cards)


@EACH
def test_every_card_of_a_lever_is_complete(lever: type[Lever]) -> None:
    own: list[Card] = [card for key, card in load_cards().items() if key.startswith(f"{lever.name}.")]
    assert own
    for card in own:
        assert card.problem(list(card.default) if isinstance(card.default, tuple) else card.default) is None
        assert card.label
        assert card.unit
        assert card.source or card.why


@EACH
def test_edits_name_known_tables_with_values_of_their_shape(lever: type[Lever]) -> None:
    scenario = town()
    edits = lever.edits(filled(lever), scenario.values, Span(START, 24, 24))
    for edit in edits:
        assert edit.table in Weekly._fields
        if edit.table == "ladder":
            assert len(edit.ladder) == LADDER
        else:
            values = edit.value if isinstance(edit.value, tuple) else (edit.value,)
            assert values
            assert all(type(value) is int for value in values)


@MOVING
def test_a_lever_without_reach_has_no_effect(lever: type[Lever]) -> None:
    bold = Policy(lever=lever.name, values=BOLD[lever.name], start_week=3, districts=["D02"])
    changed = differing(settled(lever), settled(lever, bold))
    assert changed
    for name, where in changed.items():
        assert not where[[0, 2]].any(), name


@MOVING
def test_a_lever_moves_nothing_before_its_start_or_from_its_end_on(lever: type[Lever]) -> None:
    bold = Policy(lever=lever.name, values=BOLD[lever.name], start_week=5, end_week=9)
    changed = differing(settled(lever), settled(lever, bold))
    assert changed
    span = np.zeros(WARMUP + 24, dtype=bool)
    span[WARMUP + 5 :] = True
    if not shaped(lever):
        span[WARMUP + 9 :] = False
    for name, where in changed.items():
        assert not where[:, ~span].any(), name
        assert shaped(lever) or where[:, span].all(), name


@MOVING
def test_the_run_up_knows_no_policy(lever: type[Lever]) -> None:
    bold = Policy(lever=lever.name, values=BOLD[lever.name])
    for where in differing(settled(lever), settled(lever, bold)).values():
        assert not where[:, :WARMUP].any()


@MOVING
def test_dates_and_weeks_say_the_same(lever: type[Lever]) -> None:
    by_date = lever(start=START + timedelta(weeks=4), end=START + timedelta(weeks=8))
    by_week = lever(start_week=4, end_week=8)
    assert town(policies=(by_date,)).hash == town(policies=(by_week,)).hash
    assert differing(settled(lever, by_date), settled(lever, by_week)) == {}


@EACH
def test_a_policy_round_trips(lever: type[Lever]) -> None:
    given = lever(start_week=2, end_week=20, districts=("D03", "D01"), **BOLD[lever.name])
    policy = given.policy()
    assert Policy(**policy.model_dump()) == policy
    (planned,) = town(policies=(given,)).schedule()
    assert (planned.lever, planned.start_week, planned.end_week) == (lever.name, 2, 20)
    assert planned.districts == ("D01", "D03")
    for name, value in BOLD[lever.name].items():
        assert planned.values[name] == (tuple(value) if isinstance(value, list) else value)
    unsaid = set(lever_file(lever.name).cards) - set(BOLD[lever.name])
    assert all(planned.values[name] == lever_file(lever.name).cards[name].default for name in unsaid)


@EACH
def test_a_lever_left_bare_is_its_cards(lever: type[Lever]) -> None:
    assert lever().policy() == Policy(lever=lever.name)
    defaults = {name: card.default for name, card in lever_file(lever.name).cards.items()}
    assert filled(lever) == defaults


@MOVING
def test_the_order_in_the_file_does_not_matter(lever: type[Lever]) -> None:
    early = Policy(lever=lever.name, values=BOLD[lever.name], start_week=2)
    late = Policy(lever=lever.name, start_week=9)
    local = Policy(lever=lever.name, values=BOLD[lever.name], start_week=9, districts=["D02"])
    one, other = settled(lever, early, late, local), settled(lever, local, late, early)
    assert differing(one, other) == {}


@MOVING
def test_the_later_start_wins_and_then_the_fewer_districts(lever: type[Lever]) -> None:
    early = Policy(lever=lever.name, values=BOLD[lever.name], start_week=2)
    late = Policy(lever=lever.name, start_week=9)
    local = Policy(lever=lever.name, values=BOLD[lever.name], start_week=9, districts=["D02"])
    both, alone_late, alone_early = settled(lever, early, late, local), settled(lever, late), settled(lever, early)
    for name in Weekly._fields:
        tables = [getattr(arm.weekly, name) for arm in (both, alone_late, alone_early)]
        if name == "ladder":
            tables = [arm.ladders[table] for arm, table in zip((both, alone_late, alone_early), tables, strict=True)]
        merged, second, first = tables
        from_nine = slice(WARMUP + 9, None)
        assert np.array_equal(merged[[0, 2], from_nine], second[[0, 2], from_nine]), name
        assert shaped(lever) or np.array_equal(merged[1, from_nine], first[1, from_nine]), name


@EACH
@examples(max_examples=25)
@given(data=st.data())
def test_the_cost_is_never_negative(lever: type[Lever], data: st.DataObject) -> None:
    values = {}
    for name, card in lever_file(lever.name).cards.items():
        values[name] = card.default if card.is_list else data.draw(st.floats(card.low, card.high))
    assert lever.cost(values, Counts(data.draw(st.floats(0, 1e6)))) >= 0
    assert lever.cost(values, Counts(0.0)) == 0


@EACH
@pytest.mark.parametrize("wrong", [{"start_week": 24}, {"districts": ["D04"]}, {"start": date(2031, 1, 6)}])
def test_a_lever_outside_the_run_is_refused(lever: type[Lever], wrong: dict[str, Any]) -> None:
    with pytest.raises(vsim.UsageError):
        town(policies=(lever(**wrong),))


@EACH
def test_a_value_that_a_card_does_not_allow_is_refused(lever: type[Lever]) -> None:
    for name, card in lever_file(lever.name).cards.items():
        beyond: Any = [card.high + 1] if card.is_list else card.high + 1
        with pytest.raises(vsim.UsageError, match=name):
            Policy(lever=lever.name, values={name: beyond})


@EACH
def test_how_people_respond_is_no_value_of_a_policy(lever: type[Lever]) -> None:
    behaviour = [card.name for key, card in load_cards().items() if key.startswith(f"{lever.name}.") and card.behaviour]
    for name in behaviour:
        with pytest.raises(vsim.UsageError, match="has no value"):
            Policy(lever=lever.name, values={name: 0.0})


def test_a_lever_without_edits_says_so() -> None:
    with pytest.raises(NotImplementedError, match="Lever has no edits"):
        Lever.edits({}, {}, Span(START, 1, 1))
    with pytest.raises(NotImplementedError, match="Lever has no cost"):
        Lever.cost({}, {})
    assert Edit("gated", 1) == Edit("gated", 1, only=None, per_thousand=False, ladder=())


def test_a_scenario_keeps_its_own_policies_when_levers_are_added() -> None:
    base: Scenario = town(policies=(vsim.Stars(),))
    more = base.with_levers(vsim.Points())
    assert [policy.lever for policy in base.policies] == ["stars"]
    assert [policy.lever for policy in more.policies] == ["stars", "points"]
