"""Experiments that the model is tried against: base rate, published effect, and the one coefficient that must give it.

A row of `experiments.yaml` says how the trial is run in silico: the kind of trial (`vsim.run.trials`), its arm, its
size, and which parameters are set aside so that one mechanism answers alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any

from vsim.errors import UsageError, did_you_mean, listing
from vsim.spec.cards import load_cards, source_keys
from vsim.spec.loading import PACKAGE, Document, read_yaml
from vsim.spec.plain_yaml import one_line
from vsim.spec.sources import load_sources

FILE = "experiments.yaml"
UNITS = ("pp", "relative", "logit", "odds ratio", "share", "shortening", "multiplier", "logit/km")
WORLD = "_world"              # the key of what all trials share
TEXTS = ("label", "source", "how")
NUMBERS = ("effect", "low", "high", "digits", "residents", "weeks", "replicates")
NEEDED = (*TEXTS, *NUMBERS, "unit", "trial", "search")
ALLOWED = (*NEEDED, "target", "base", "base_source", "card", "knob", "arm", "parameters", "note")


@dataclass(frozen=True, slots=True)
class Experiment:
    """One published experiment and its trial in silico.

    Attributes
    ----------
    id, label, source, how, note : str
        `how` tells the trial in a sentence; `note` what a reader must know about the figure.
    target : str
        Its row among the targets, "" when there is none.
    base : float or None
        Rate of the control arm to which the world is set, with where it comes from in `base_source`.
    effect, low, high : float
        Published effect and its interval, in `unit`, printed with so many `digits`.
    card : str
        The parameter that is solved for; "" where the model has no card for it.
    search : (float, float)
        Where the coefficient is looked for; it may be wider than the card.
    knob : str
        What is moved to meet the base rate: "taste", or the key of a card.
    trial : str
        Kind of trial.
    arm : mapping
        The dose of the treated arm, as the kind of trial reads it.
    residents, weeks, replicates : int
    parameters : mapping of str to float
        Of the trial's world, by the key of their card.
    """

    id: str
    label: str
    source: str
    how: str
    effect: float
    low: float
    high: float
    digits: int
    unit: str
    trial: str
    search: tuple[float, float]
    residents: int
    weeks: int
    replicates: int
    target: str = ""
    base: float | None = None
    base_source: str = ""
    card: str = ""
    knob: str = "taste"
    arm: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, float] = field(default_factory=dict)
    note: str = ""

    @property
    def source_keys(self) -> tuple[str, ...]:
        """The keys into sources.yaml."""
        return source_keys(self.source)

    def holds(self, effect: float) -> bool:
        """Return whether an effect, at the digits of the publication, lies in the published interval."""
        return self.low <= round(effect, self.digits) <= self.high


@cache
def load_experiments() -> Mapping[str, Experiment]:
    """Return every experiment by id, in the order of the file (read once).

    Raises
    ------
    UsageError
        One line with file and line, for whatever is wrong with a row.
    """
    document = read_yaml(PACKAGE / FILE)
    shared = dict(document.data.get(WORLD) or {})
    found = {key: _read(document, key, shared) for key in document.data if key != WORLD}
    return MappingProxyType(found)


def experiment(name: str) -> Experiment:
    """Return one experiment; the nearest is named when there is none of this id."""
    known = load_experiments()
    if name not in known:
        raise UsageError(f"experiment is '{one_line(name)}'; allowed {listing(list(known))}."
                         f"{did_you_mean(name, known)}")
    return known[name]


def _read(document: Document, key: str, shared: Mapping[str, Any]) -> Experiment:
    row = document.data[key]
    if not isinstance(row, dict):
        raise _fault(document, (key,), f"is {one_line(row)}; allowed keys with values")
    for name in row:
        if name not in ALLOWED:
            raise _fault(document, (key, name), f"is an unknown key.{did_you_mean(name, ALLOWED)}")
    for name in NEEDED:
        if row.get(name) is None:
            raise _fault(document, (key,), f"has no {name}; allowed {', '.join(NEEDED)}")
    for name in NUMBERS:
        if isinstance(row[name], bool) or not isinstance(row[name], int | float):
            raise _fault(document, (key, name), f"is {one_line(row[name])}; allowed a number")
    made = Experiment(**{
        **row, "id": key, "search": tuple(row["search"]), "arm": dict(row.get("arm") or {}),
        "parameters": {**shared, **(row.get("parameters") or {})},
    })
    if made.unit not in UNITS:
        raise _fault(document, (key, "unit"), f"is {one_line(made.unit)}; allowed {', '.join(UNITS)}")
    if not made.low <= made.effect <= made.high:
        raise _fault(document, (key, "effect"), f"is {made.effect:g}; allowed {made.low:g} to {made.high:g}, its range")
    if len(row["search"]) != 2 or made.search[0] >= made.search[1]:
        raise _fault(document, (key, "search"), "holds no two numbers that ascend")
    unknown = [name for name in made.source_keys if name not in load_sources()]
    cards = [name for name in (made.card, "" if made.knob == "taste" else made.knob, *made.parameters)
             if name and name not in load_cards()]
    if unknown or cards:
        raise _fault(document, (key,), f"names {', '.join([*unknown, *cards])}, which no source or card is called")
    return made


def _fault(document: Document, where: tuple[str, ...], text: str) -> UsageError:
    return UsageError(f"{document.where(where)}: {'.'.join(where)} {text}. Correct it.")
