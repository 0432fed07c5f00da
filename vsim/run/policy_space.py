"""What a search over policies may choose: settings between two ends, whole numbers, and switches, and their mixes.

A mix is a value for each setting. What a setting means only while a policy is on is left out of a mix that has it off,
so that two mixes that would be one run are one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from vsim.errors import UsageError

Mix = tuple[tuple[str, Any], ...]
MOST = 100_000                # mixes that may be counted through


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing to choose.

    Attributes
    ----------
    name : str
    low, high : float
        Ends; both are allowed.
    integer : bool
    values : tuple, optional
        In place of ends; (False, True) is a switch.
    needs : tuple of str
        Switches of which one must be on, or it means nothing; none when it always means something.
    group : str
        Switches of one group exclude each other; "" for none.
    """

    name: str
    low: float = 0.0
    high: float = 1.0
    integer: bool = False
    values: tuple[Any, ...] | None = None
    needs: tuple[str, ...] = ()
    group: str = ""

    def __post_init__(self) -> None:
        if self.values is None and not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise UsageError(f"setting {self.name}: ends are {self.low} and {self.high}; allowed two that ascend.")
        if self.values is not None and len(self.values) < 2:
            raise UsageError(f"setting {self.name}: has {len(self.values)} values; allowed two or more.")

    @property
    def is_switch(self) -> bool:
        """Whether it turns something on or off."""
        return self.values == (False, True)

    def choices(self) -> tuple[Any, ...] | None:
        """Return every value, or None when there is no end to them."""
        if self.values is not None:
            return self.values
        return tuple(range(math.ceil(self.low), math.floor(self.high) + 1)) if self.integer else None

    def at(self, fraction: float) -> Any:
        """Return the value at a fraction of the way from the first to the last."""
        if self.values is not None:
            return self.values[min(len(self.values) - 1, int(fraction * len(self.values)))]
        value = self.low + fraction * (self.high - self.low)
        return math.floor(value + 0.5) if self.integer else value


def switch(name: str, group: str = "") -> Setting:
    """Return a setting that is off or on."""
    return Setting(name, values=(False, True), group=group)


@dataclass(frozen=True, slots=True)
class Space:
    """All settings of a search, each name once, switches before what needs them."""

    settings: tuple[Setting, ...]

    def __post_init__(self) -> None:
        names = [one.name for one in self.settings]
        switches = {one.name for one in self.settings if one.is_switch}
        if not names or len(set(names)) != len(names):
            raise UsageError(f"search: settings are {names}; allowed one or more, each name once.")
        for one in self.settings:
            if not set(one.needs) <= switches:
                raise UsageError(f"search: setting {one.name} needs {', '.join(one.needs)}, which are no switches.")

    @property
    def size(self) -> int | None:
        """How many combinations there are, before those that are one run; None when there is no end to them."""
        counts = [one.choices() for one in self.settings]
        return None if any(some is None for some in counts) else math.prod(len(some or ()) for some in counts)

    def mix(self, values: Mapping[str, Any]) -> Mix:
        """Return the mix of values by name, without what means nothing in it."""
        on = {one.name for one in self.settings if one.is_switch and values[one.name]}
        return tuple((one.name, values[one.name]) for one in self.settings
                     if (not one.is_switch or values[one.name]) and (not one.needs or on.intersection(one.needs)))

    def allowed(self, mix: Mix) -> bool:
        """Return whether no two switches that exclude each other are on."""
        names = dict(mix)
        groups = [one.group for one in self.settings if one.group and one.name in names]
        return len(groups) == len(set(groups))

    def every(self) -> Iterator[Mix]:
        """Yield every mix that is allowed, each once.

        Raises
        ------
        UsageError
            When there is no end to them, or they are too many.
        """
        if self.size is None or self.size > MOST:
            raise UsageError(f"search: there are {self.size or 'endlessly many'} mixes; allowed {MOST:,} for a search "
                             "through all of them. Choose another method.")
        seen: set[Mix] = set()
        columns: Sequence[Sequence[Any]] = [one.choices() or () for one in self.settings]
        for row in product(*columns):
            mix = self.mix(dict(zip((one.name for one in self.settings), row, strict=True)))
            if mix not in seen and self.allowed(mix):
                seen.add(mix)
                yield mix

    def even(self, fraction: float) -> Mix:
        """Return the mix with every switch on, the first of each group, and all else at a fraction of its range."""
        taken: set[str] = set()
        values: dict[str, Any] = {}
        for one in self.settings:
            if one.is_switch:
                values[one.name] = one.group not in taken or not one.group
                taken.add(one.group)
            else:
                values[one.name] = one.at(fraction)
        return self.mix(values)
