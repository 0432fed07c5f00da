"""What the file of a lever says: label, clauses, reach, scope, the values that a policy may set, and what it moves."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from numbers import Real
from pathlib import Path
from types import MappingProxyType
from typing import Any

from vsim.errors import UsageError, did_you_mean, listing
from vsim.spec.cards import Card, read_cards
from vsim.spec.loading import PACKAGE, Document, read_yaml
from vsim.spec.plain_yaml import Location, one_line

FIELDS = ("label", "clauses", "cost", "reach", "channels", "overlap", "description", "scope", "off_by_default", "event",
          "effects")
SCOPES = ("places", "groups")
SIGNS = ("+", "-")
EFFECT = ("clause", "says", "measure", "sign", "policy", "parameters")
EFFECT_NEEDED = EFFECT[:4]


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing that a lever moves: a claim that a test can try by running the policy against none.

    Attributes
    ----------
    clause : str
        The clause of the lever that it carries out.
    says : str
        The claim in a sentence.
    measure : str
        What is measured, such as "weekly.stars".
    sign : str
        "+" when the policy raises the measure, "-" when it lowers it.
    policy : mapping
        Values of the policy that shows it; the others are those of the cards.
    parameters : mapping of str to float
        Numbers of the scenario, by the key of their card, under which it shows.
    """

    clause: str
    says: str
    measure: str
    sign: str
    policy: Mapping[str, float | list[float]] = field(default_factory=dict)
    parameters: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LeverFile:
    """What `vsim/levers/<name>.yaml` declares.

    `cards` are the values that a policy may set, by their name without the lever's; `overlap` says whether
    two policies of this lever may hold in one district in one week. `scope` says whether a policy may name groups of
    residents (or a share of them) besides places. An `event`, such as an emergency, happens and is no policy; what is
    `off_by_default` is in no preset. Every clause has an entry in `effects`.
    """

    name: str
    label: str
    clauses: tuple[str, ...]
    cards: Mapping[str, Card]
    cost: Mapping[str, Any] = field(default_factory=dict)
    reach: str = ""
    channels: tuple[str, ...] = ()
    overlap: bool = False
    description: str = ""
    scope: tuple[str, ...] = ("places",)
    off_by_default: bool = False
    event: bool = False
    effects: tuple[Effect, ...] = ()


@cache
def load_levers() -> Mapping[str, LeverFile]:
    """Return every lever that has a file, by name (read once).

    Raises
    ------
    UsageError
        When a file is no valid YAML or lacks its `_lever` mapping.
    """
    paths = sorted(Path(PACKAGE / "levers").glob("*.yaml"))
    return MappingProxyType({path.stem: read_lever(read_yaml(path)) for path in paths})


def read_lever(document: Document) -> LeverFile:
    """Return what one lever file declares."""
    fields = document.data.get("_lever")
    if not isinstance(fields, dict):
        raise UsageError(f"{document.where()}: _lever is missing. Give its label and its clauses.")
    for key in fields:
        if key not in FIELDS:
            raise UsageError(f"{document.where(('_lever', key))}: unknown key '{one_line(key)}'."
                             f"{did_you_mean(key, FIELDS)}")
    if not fields.get("label") or not isinstance(fields.get("clauses"), list):
        place = document.where(("_lever",))
        raise UsageError(f"{place}: label or clauses is missing. Give both; clauses is a list.")
    clauses = tuple(str(clause) for clause in fields["clauses"])
    cards = {card.name: card for card in read_cards(document) if not card.behaviour}
    return LeverFile(
        name=document.path.stem,
        label=str(fields["label"]),
        clauses=clauses,
        cards=cards,
        cost=fields.get("cost") or {},
        reach=str(fields.get("reach") or ""),
        channels=tuple(str(channel) for channel in fields.get("channels") or ()),
        overlap=_flag(document, "overlap"),
        description=str(fields.get("description") or ""),
        scope=_scope(document),
        off_by_default=_flag(document, "off_by_default"),
        event=_flag(document, "event"),
        effects=_effects(document, clauses, cards),
    )


def _fault(document: Document, location: Location, text: str) -> UsageError:
    return UsageError(f"{document.where(location)}: {text}")


def _flag(document: Document, name: str) -> bool:
    given = document.data["_lever"].get(name, False)
    if not isinstance(given, bool):
        raise _fault(document, ("_lever", name), f"{name} is {one_line(given)}; allowed true or false.")
    return given


def _scope(document: Document) -> tuple[str, ...]:
    given = document.data["_lever"].get("scope", ["places"])
    if given not in (["places"], ["places", "groups"]):
        text = f"scope is {one_line(given)}; allowed [places] or [places, groups]."
        raise _fault(document, ("_lever", "scope"), text)
    return tuple(given)


def _effects(document: Document, clauses: Sequence[str], cards: Mapping[str, Card]) -> tuple[Effect, ...]:
    """Return the effects of a lever file, at least one for every clause."""
    given = document.data["_lever"].get("effects", [])
    if not isinstance(given, list):
        raise _fault(document, ("_lever", "effects"), f"effects is {one_line(given)}; allowed a list of mappings.")
    effects = tuple(_effect(document, place, clauses, cards) for place in range(len(given)))
    for clause in clauses:
        if all(effect.clause != clause for effect in effects):
            text = f"effects has none for clause {clause}. Add one with {', '.join(EFFECT_NEEDED)}."
            raise _fault(document, ("_lever", "effects"), text)
    return effects


def _effect(document: Document, place: int, clauses: Sequence[str], cards: Mapping[str, Card]) -> Effect:
    given = document.data["_lever"]["effects"][place]

    def fault(text: str, *key: str) -> UsageError:
        return _fault(document, ("_lever", "effects", place, *key), f"effects[{place}]{text}")

    if not isinstance(given, dict):
        raise fault(f" is {one_line(given)}; allowed a mapping with {', '.join(EFFECT)}.")
    for key in given:
        if key not in EFFECT:
            raise fault(f": unknown key '{one_line(key)}'.{did_you_mean(key, EFFECT)}", key)
    for key in EFFECT_NEEDED:
        if not isinstance(given.get(key), str) or not given[key].strip():
            raise fault(f".{key} is {one_line(given.get(key))}; allowed text. Write it.", key)
    for key, allowed in (("clause", clauses), ("sign", SIGNS)):
        if given[key] not in allowed:
            text = f".{key} is '{one_line(given[key])}'; allowed {listing(allowed, 20)}."
            raise fault(text + did_you_mean(given[key], allowed), key)
    for key in ("policy", "parameters"):
        if not isinstance(given.get(key, {}), dict):
            raise fault(f".{key} is {one_line(given[key])}; allowed names with numbers.", key)
    parameters = given.get("parameters", {})
    for key, number in parameters.items():
        if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
            raise fault(f".parameters: {one_line(key)} is {one_line(number)}; allowed a number.", "parameters", key)
    try:
        policy = checked_values(document.path.stem, cards, given.get("policy", {}), "policy")
    except UsageError as error:
        raise fault(f".{error}", "policy") from None
    return Effect(
        given["clause"], given["says"], given["measure"], given["sign"], policy,
        {key: float(number) for key, number in parameters.items()},
    )


def lever_file(name: str) -> LeverFile:
    """Return the file of a lever.

    Raises
    ------
    UsageError
        When no lever has this name; the nearest is named.
    """
    known = load_levers()
    if name not in known:
        raise UsageError(f"lever is '{one_line(name)}'; allowed {listing(known) or 'none yet'}."
                         f"{did_you_mean(name, known)}")
    return known[name]


def check_settings(lever: str, settings: Mapping[str, object]) -> dict[str, float | list[float]]:
    """Return the values of a policy as floats (lists as lists of floats) when its lever's cards allow them.

    Raises
    ------
    UsageError
        When the lever has no such value (the nearest is named), or its card does not allow it.
    """
    return checked_values(lever, lever_file(lever).cards, settings)


def checked_values(
    lever: str, cards: Mapping[str, Card], settings: Mapping[str, object], name_of_all: str = "values"
) -> dict[str, float | list[float]]:
    """Return values as floats when the cards allow them; `name_of_all` is what messages call the mapping."""
    result: dict[str, float | list[float]] = {}
    for name, value in settings.items():
        card = cards.get(name)
        if card is None:
            raise UsageError(f"{name_of_all}: {lever} has no value '{one_line(name)}'; allowed {listing(cards, 20)}."
                             f"{did_you_mean(name, cards)}")
        wrong = card.problem(value)
        if wrong:
            raise UsageError(f"{name_of_all}.{name} {wrong} `vsim parameters {lever}` explains it.")
        if isinstance(value, list | tuple):
            result[name] = [float(item) + 0.0 for item in value]
        elif isinstance(value, Real):
            result[name] = float(value) + 0.0
    return result
