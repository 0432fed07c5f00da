"""Parameter cards: every number of the model with its unit, range, evidence and source.

A card stands in a YAML file beside the code that uses it (`vsim/process/participation.yaml`) under the name
of the number; its key is "participation.<name>". A lever's file holds cards, and a `_lever` mapping besides.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from numbers import Real
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, cast

from vsim.errors import UsageError, did_you_mean
from vsim.spec.loading import PACKAGE, Document, read_yaml, shown
from vsim.spec.plain_yaml import one_line

ROOMS = ("world", "process", "levers", "observe", "office")
EVIDENCE = ("measured", "calibrated", "assumption")
NEEDED = ("label", "unit", "default", "range", "evidence")
OPTIONAL = ("source", "why", "clause", "list", "ascending", "length", "integer", "behaviour")

Evidence = Literal["measured", "calibrated", "assumption"]
Value = float | list[float]


@dataclass(frozen=True, slots=True)
class Card:
    """One number of the model (or one ascending list, such as a ladder) and what is known about it.

    `clause` is the id of the policy clause that the number belongs to. `is_list` marks a list of numbers, of
    `length` entries, each within `low` to `high`; `integer` asks for whole numbers. `behaviour` marks, in a
    lever's file, how people respond: a scenario's parameters may set it, a policy may not.
    """

    key: str
    label: str
    unit: str
    default: float | tuple[float, ...]
    low: float
    high: float
    evidence: Evidence
    source: str | None
    why: str | None
    clause: str | None
    path: str
    is_list: bool = False
    ascending: bool = False
    length: tuple[int, int] = (1, 1)
    integer: bool = False
    behaviour: bool = False

    @property
    def name(self) -> str:
        """The name without the stem: "habit_weight" of "participation.habit_weight"."""
        return self.key.split(".", 1)[1]

    @property
    def source_keys(self) -> tuple[str, ...]:
        """The keys into sources.yaml: "mca2018" and "ningbo2022" of "mca2018: 3.14; ningbo2022: 3.13"."""
        return source_keys(self.source)

    def allowed(self) -> str:
        """Return what the card allows, in words."""
        kind = "whole numbers " if self.integer else ""
        span = f"{kind}{self.low:g} to {self.high:g} {self.unit}".rstrip()
        if not self.is_list:
            return span
        rising = "ascending " if self.ascending else ""
        return f"{rising}list of {self.length[0]} to {self.length[1]} numbers, each {span}"

    def problem(self, value: object) -> str | None:
        """Return what is wrong with a value, or None when the card allows it."""
        items = value if self.is_list and isinstance(value, list | tuple) else [value]
        text = f"is {one_line(value)}; allowed {self.allowed()}."
        if self.is_list and not isinstance(value, list | tuple):
            return text
        if self.is_list and not self.length[0] <= len(items) <= self.length[1]:
            return text
        for item in items:
            if isinstance(item, bool) or not isinstance(item, Real) or not _fits(item, self):
                return text
        rising = all(a < b for a, b in pairwise(items))
        return None if rising or not self.ascending else text


def source_keys(source: str | None) -> tuple[str, ...]:
    """Return the keys in "KEY", "KEY: place" or several of them with ";" between.

    >>> source_keys("mca2018: 3.14; ningbo2022: 3.13, all")
    ('mca2018', 'ningbo2022')
    """
    parts = [part.partition(":")[0].strip() for part in (source or "").split(";")]
    return tuple(part for part in parts if re.fullmatch(r"[a-z][a-z0-9]*", part))


def _fits(item: Real, card: Card) -> bool:
    try:
        number = float(item)
    except OverflowError:
        return False
    whole = not card.integer or number == math.floor(number)
    return math.isfinite(number) and card.low <= number <= card.high and whole


@cache
def load_cards() -> Mapping[str, Card]:
    """Return every card of the package by its key, such as "participation.habit_weight" (read once).

    Raises
    ------
    UsageError
        When a file is no valid YAML or a card is incomplete; the message names file, line and card.
    """
    cards: dict[str, Card] = {}
    for path in card_files():
        for card in read_cards(read_yaml(path)):
            if card.key in cards:
                other = cards[card.key].path
                raise UsageError(f"{card.path}: key {card.key} is also in {other}. Rename one file.")
            cards[card.key] = card
    return MappingProxyType(cards)


def card_files() -> list[Path]:
    """Return the card files of the package in a fixed order: by room, then by name."""
    return [path for room in ROOMS for path in sorted((PACKAGE / room).glob("*.yaml"))]


def read_cards(document: Document) -> list[Card]:
    """Return the cards of one file, in its order (the `_lever` mapping is left out)."""
    names = [name for name in document.data if not name.startswith("_")]
    return [_read_card(document, name) for name in names]


def _read_card(document: Document, name: str) -> Card:
    fields = document.data[name]

    def fault(text: str, field: str = "") -> UsageError:
        place = (name, field) if field else (name,)
        return UsageError(f"{document.where(place)}: card {name}: {text}")

    if not isinstance(fields, dict):
        raise fault(f"is {one_line(fields)}; allowed a mapping with {', '.join(NEEDED)}.")
    for key in fields:
        if key not in NEEDED + OPTIONAL:
            raise fault(f"unknown key '{one_line(key)}'.{did_you_mean(key, NEEDED + OPTIONAL)}", key)
    for key in NEEDED:
        if fields.get(key) is None:
            raise fault(f"{key} is missing. Give every card {', '.join(NEEDED)}.")
    if fields["evidence"] not in EVIDENCE:
        raise fault(f"evidence is {one_line(fields['evidence'])}; allowed {', '.join(EVIDENCE)}.", "evidence")
    if fields["evidence"] == "assumption" and not fields.get("why"):
        raise fault("why is missing. An assumption says why this value was taken.")
    if fields["evidence"] != "assumption" and not fields.get("source"):
        raise fault(f"source is missing. A card that is {fields['evidence']} names a key of sources.yaml.")
    card = Card(
        key=f"{document.path.stem}.{name}",
        label=str(fields["label"]),
        unit=str(fields["unit"]),
        default=_default(fields["default"]),
        **_span(fields, fault),
        evidence=cast(Evidence, fields["evidence"]),
        source=_text(fields.get("source")),
        why=_text(fields.get("why")),
        clause=_text(fields.get("clause")),
        path=shown(document.path),
        is_list=fields.get("list") is True,
        ascending=fields.get("ascending") is True,
        length=_length(fields, fault),
        integer=fields.get("integer") is True,
        behaviour=fields.get("behaviour") is True,
    )
    wrong = card.problem(fields["default"])
    if wrong:
        raise fault(f"default {wrong}", "default")
    return card


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _default(value: object) -> float | tuple[float, ...]:
    if isinstance(value, list):
        return tuple(float(item) if isinstance(item, int | float) else math.nan for item in value)
    return float(value) if isinstance(value, int | float) else math.nan


def _span(fields: Mapping[str, Any], fault: Any) -> dict[str, float]:
    pair = fields["range"]
    numbers = isinstance(pair, list) and len(pair) == 2 and all(
        isinstance(end, int | float) and not isinstance(end, bool) and math.isfinite(end) for end in pair
    )
    if not numbers or pair[0] > pair[1]:
        raise fault(f"range is {one_line(pair)}; allowed [low, high].", "range")
    return {"low": float(pair[0]), "high": float(pair[1])}


def _length(fields: Mapping[str, Any], fault: Any) -> tuple[int, int]:
    if fields.get("list") is not True:
        return (1, 1)
    pair = fields.get("length", [1, 10])
    whole = isinstance(pair, list) and len(pair) == 2 and all(type(end) is int for end in pair)
    if not whole or not 0 < pair[0] <= pair[1]:
        raise fault(f"length is {one_line(pair)}; allowed [fewest, most].", "length")
    return (pair[0], pair[1])


def check_value(key: str, value: object, cards: Mapping[str, Card] | None = None) -> float:
    """Return an override as a float when its card allows it.

    Raises
    ------
    UsageError
        When no card has the key (the nearest one is named), or the value is out of range.
    """
    known = load_cards() if cards is None else cards
    card = known.get(key)
    if card is None or card.is_list:
        numbers = [name for name, found in known.items() if not found.is_list]
        raise UsageError(f"parameters: unknown key '{one_line(key)}'.{did_you_mean(key, numbers)}"
                         " `vsim parameters` lists them.")
    wrong = card.problem(value)
    if wrong:
        raise UsageError(f"parameters: {key} {wrong} See `vsim parameters {key.partition('.')[0]}`.")
    return float(cast(float, value))


def values(overrides: Mapping[str, float] | None = None) -> dict[str, float]:
    """Return the value of every number on a card: its default, or the override.

    Lists (ladders) are settings of policies and are not part of the result.

    Raises
    ------
    UsageError
        When an override has an unknown key or is out of range.
    """
    cards = load_cards()
    result = {key: card.default for key, card in cards.items() if isinstance(card.default, float)}
    for key, value in (overrides or {}).items():
        result[key] = check_value(key, value, cards)
    return result
