"""Calibration targets: what is known about real volunteering; the preset, view and window it belongs to."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal, cast

from vsim.errors import UsageError, did_you_mean
from vsim.spec.cards import source_keys
from vsim.spec.loading import PACKAGE, read_csv
from vsim.spec.plain_yaml import one_line

FILE = "targets.csv"
COLUMNS = ("id", "quantity", "value", "low", "high", "population", "year", "source", "verified", "how",
           "preset", "view", "window", "indicator", "use")
TYPED = ("value", "low", "high", "verified", "view", "use")
VIEWS = ("register", "truth", "literature")
USES = ("fit", "held_out", "none")

View = Literal["register", "truth", "literature"]
Use = Literal["fit", "held_out", "none"]


@dataclass(frozen=True, slots=True)
class Target:
    """A figure that the model is fitted to, held against, or only told of.

    `value` is None where the source gives a sign or an order, which `text` holds in all cases; `low` and
    `high` bound what counts as met. `view` says who can see the quantity: the register, the truth, or only
    the literature. `preset` is the scenario it belongs to, `indicator` what computes it, `how` in words.
    """

    id: str
    quantity: str
    value: float | None
    low: float | None
    high: float | None
    population: str
    year: str
    source: str
    verified: bool
    how: str
    preset: str
    view: View
    window: str
    indicator: str
    use: Use
    text: str = ""

    @property
    def weeks(self) -> int | None:
        """The window in weeks, or None where it is not counted in weeks."""
        number, _, unit = self.window.partition(" ")
        return int(number) if unit in ("week", "weeks") else None

    @property
    def source_keys(self) -> tuple[str, ...]:
        """The keys into sources.yaml."""
        return source_keys(self.source)

    def holds(self, value: float) -> bool:
        """Return whether a value lies in the target's range (a target without a range holds for nothing)."""
        return self.low is not None and self.high is not None and self.low <= value <= self.high


@cache
def load_targets() -> Mapping[str, Target]:
    """Return every target by id, in the order of the file (read once).

    Raises
    ------
    UsageError
        When a row is wrong: a repeated id, a range that does not hold its value, a fit without an indicator.
    """
    targets: dict[str, Target] = {}
    for number, row in enumerate(read_csv(PACKAGE / FILE, COLUMNS), start=2):
        target = _read(row, f"vsim/{FILE}, row {number}")
        if target.id in targets:
            raise UsageError(f"vsim/{FILE}, row {number}: {target.id} stands twice. Keep one of the two.")
        targets[target.id] = target
    return MappingProxyType(targets)


def _read(row: Mapping[str, str], where: str) -> Target:
    for name, allowed in (("view", VIEWS), ("use", USES), ("verified", ("yes", "no"))):
        if row[name] not in allowed:
            text = f"is {one_line(row[name])}; allowed {', '.join(allowed)}. Correct it."
            raise UsageError(f"{where}: {name} {text}")
    value, low, high = (_number(row[name]) for name in ("value", "low", "high"))
    if low is not None and high is not None and not (value is not None and low <= value <= high):
        raise UsageError(f"{where}: value is {row['value']}; allowed {low} to {high}, its range. Correct it.")
    needed = ("preset", "indicator", "window", "low", "high")
    if row["use"] != "none" and not all(row[name] for name in needed):
        text = f"use is {row['use']}; it asks for preset, window, indicator and range. Add them."
        raise UsageError(f"{where}: {text}")
    plain = {name: row[name] for name in COLUMNS if name not in TYPED}
    return Target(
        **plain,
        value=value,
        low=low,
        high=high,
        verified=row["verified"] == "yes",
        view=cast(View, row["view"]),
        use=cast(Use, row["use"]),
        text=row["value"],
    )


def _number(text: str) -> float | None:
    if text == "+":
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def target(target_id: str) -> Target:
    """Return one target.

    Raises
    ------
    UsageError
        When no target has this id; the nearest is named.
    """
    known = load_targets()
    if target_id not in known:
        raise UsageError(f"target is '{one_line(target_id)}'; allowed ids such as B4."
                         f"{did_you_mean(target_id, known)}")
    return known[target_id]


def targets_for(preset: str, use: Use) -> list[Target]:
    """Return the targets of a preset that are used in one way, in the order of the file."""
    return [item for item in load_targets().values() if item.preset == preset and item.use == use]
