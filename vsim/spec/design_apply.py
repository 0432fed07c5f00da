"""A point of a design becomes scenarios: which parameters and which settings of policies it changes, in which arms.

A factor is the key of a card ("participation.x", in every arm), a setting of a policy by its place in an arm
("policies[0].seats" in every arm but the base, "gate.policies[0].seats" in one, "base.policies[0].seats" in the base),
or a setting by its lever ("training_gate.seats", of the arms' own policy of this lever).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vsim.errors import UsageError, did_you_mean, listing
from vsim.spec.cards import check_value, load_cards
from vsim.spec.lever_files import lever_file, load_levers
from vsim.spec.plain_yaml import one_line
from vsim.spec.policy import Policy
from vsim.spec.scenario import Scenario

BASE = "base"
PLACE = re.compile(r"(?:(?P<arm>[\w-]+)\.)?policies\[(?P<index>\d+)\]\.(?P<field>\w+)")
SPANS = ("start_week", "end_week", "share")
Arms = Mapping[str, Scenario]             # the base among them, under "base"


@dataclass(frozen=True, slots=True)
class Target:
    """What a factor changes: a parameter in every arm, or a field of some policies.

    Attributes
    ----------
    name : str
    parameter : str
        Key of a card; "" when policies are changed.
    places : tuple of (arm, index)
    field : str
        A value of the lever, or start_week, end_week, share.
    """

    name: str
    parameter: str = ""
    places: tuple[tuple[str, int], ...] = ()
    field: str = ""


def target(name: str, arms: Arms) -> Target:
    """Return what a factor changes.

    Raises
    ------
    UsageError
        When it is the name of nothing, or of several policies.
    """
    found = PLACE.fullmatch(name)
    if found is not None:
        return _by_place(name, found["arm"], int(found["index"]), found["field"], arms)
    lever, _, field = name.partition(".")
    if lever in load_levers() and field in (*lever_file(lever).cards, *SPANS):
        places = _own(name, lever, arms)
        if places or field in SPANS:
            if not places:
                raise UsageError(f"design: factor '{name}' names no policy: no arm has one of lever {lever}. Add one.")
            return Target(name, places=tuple(places), field=field)
    cards = [key for key, card in load_cards().items() if not card.is_list]
    if name not in cards:
        raise UsageError(f"design: factor '{one_line(name)}' is unknown; allowed the key of a card, lever.setting, or "
                         f"policies[0].setting.{did_you_mean(name, cards)}")
    return Target(name, parameter=name)


def _by_place(name: str, arm: str | None, index: int, field: str, arms: Arms) -> Target:
    others = [one for one in arms if one != BASE] or [BASE]
    if arm is not None and arm not in arms:
        raise UsageError(f"design: factor '{name}' names arm '{arm}'; allowed {listing(arms)}."
                         f"{did_you_mean(arm, arms)}")
    chosen = others if arm is None else [arm]
    for one in chosen:
        policies = arms[one].policies
        if index >= len(policies):
            raise UsageError(f"design: factor '{name}': arm '{one}' has {len(policies)} policies, counted from 0; name "
                             "one of them.")
        fields = (*lever_file(policies[index].lever).cards, *SPANS)
        if field not in fields:
            raise UsageError(f"design: factor '{name}': {policies[index].lever} of arm '{one}' has no '{field}'; "
                             f"allowed {listing(fields, 20)}.{did_you_mean(field, fields)}")
    return Target(name, places=tuple((one, index) for one in chosen), field=field)


def _own(name: str, lever: str, arms: Arms) -> list[tuple[str, int]]:
    """Return the policies of a lever that an arm does not share with the base."""
    others = [one for one in arms if one != BASE]
    shared = arms[BASE].policies if others else []
    places = []
    for one in others or [BASE]:
        own = [i for i, policy in enumerate(arms[one].policies) if policy.lever == lever and policy not in shared]
        if len(own) > 1:
            raise UsageError(f"design: factor '{name}' names {len(own)} policies of arm '{one}'; name one by its "
                             f"place: {', '.join(f'policies[{i}]' for i in own)}.")
        places += [(one, i) for i in own]
    return places


def check_value_of(goal: Target, value: Any, arms: Arms) -> None:
    """Refuse a value that the factor's card does not allow.

    Raises
    ------
    UsageError
        The factor, the value and what is allowed are named.
    """
    try:
        if goal.parameter:
            check_value(goal.parameter, value)
        for arm, index in goal.places:
            changed(arms[arm].policies[index], goal.field, value)
    except UsageError as error:
        raise UsageError(f"design: factor '{goal.name}': {error}") from None


def changed(policy: Policy, field: str, value: Any) -> Policy:
    """Return a policy with another value in one field."""
    own = {name: getattr(policy, name) for name in type(policy).model_fields}
    if field not in SPANS:
        return Policy(**{**own, "values": {**policy.values, field: value}})
    return Policy(**{**own, field: value if field == "share" else int(value)})


def apply(arms: Arms, goals: Mapping[str, Target], row: Mapping[str, Any]) -> dict[str, Scenario]:
    """Return the arms at a point of a design.

    Parameters
    ----------
    arms : mapping of str to Scenario
    goals : mapping of str to Target
        By the name of the factor.
    row : mapping of str to value
        A missing value (None, NaN) leaves the setting as it is.

    Raises
    ------
    UsageError
        When the scenarios that result are not allowed.
    """
    given = {name: value for name, value in row.items() if value is not None and value == value}     # NaN is unequal
    parameters = {goals[name].parameter: float(value) for name, value in given.items() if goals[name].parameter}
    out = {}
    for arm, scenario in arms.items():
        policies = list(scenario.policies)
        for name, value in given.items():
            for place, index in goals[name].places:
                if place == arm:
                    policies[index] = changed(policies[index], goals[name].field, value)
        if policies != scenario.policies:
            scenario = scenario.with_policies(policies)
        out[arm] = scenario.with_values(parameters) if parameters else scenario
    return out
