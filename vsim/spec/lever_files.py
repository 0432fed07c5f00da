"""What the file of a lever says: label, clauses, reach, channels, and the values that a policy may set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from numbers import Real
from pathlib import Path
from types import MappingProxyType
from typing import Any

from vsim.errors import UsageError, did_you_mean, listing
from vsim.spec.cards import Card, read_cards
from vsim.spec.loading import PACKAGE, Document, read_yaml
from vsim.spec.plain_yaml import one_line

FIELDS = ("label", "clauses", "cost", "reach", "channels", "overlap", "description")


@dataclass(frozen=True, slots=True)
class LeverFile:
    """What `vsim/levers/<name>.yaml` declares.

    `cards` are the values that a policy may set, by their name without the lever's; `overlap` says whether
    two policies of this lever may hold in one district in one week.
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
    return LeverFile(
        name=document.path.stem,
        label=str(fields["label"]),
        clauses=tuple(str(clause) for clause in fields["clauses"]),
        cards={card.name: card for card in read_cards(document) if not card.behaviour},
        cost=fields.get("cost") or {},
        reach=str(fields.get("reach") or ""),
        channels=tuple(str(channel) for channel in fields.get("channels") or ()),
        overlap=fields.get("overlap") is True,
        description=str(fields.get("description") or ""),
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
    cards = lever_file(lever).cards
    result: dict[str, float | list[float]] = {}
    for name, value in settings.items():
        card = cards.get(name)
        if card is None:
            raise UsageError(f"values: {lever} has no value '{one_line(name)}'; allowed {listing(cards, 20)}."
                             f"{did_you_mean(name, cards)}")
        wrong = card.problem(value)
        if wrong:
            raise UsageError(f"values.{name} {wrong} `vsim parameters {lever}` explains it.")
        if isinstance(value, list | tuple):
            result[name] = [float(item) + 0.0 for item in value]
        elif isinstance(value, Real):
            result[name] = float(value) + 0.0
    return result
