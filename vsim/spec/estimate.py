"""The one result type of truth, estimators and reports: a number with its interval, unit and meaning."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

from vsim.errors import VsimError


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimate with its uncertainty, and what it is an estimate of.

    Attributes
    ----------
    value, se, low, high : float
        The estimate, its standard error, and the ends of the interval, all in `unit`.
    level : float
        Coverage that the interval aims at, such as 0.95.
    unit : str
        Unit in words, such as "h per registered volunteer-year".
    n : int
        Number of independent units behind the estimate: replicates, districts or people, as the method says.
    estimand : str
        What is estimated: "total", "att", "itt", ...
    method : str
        How it was estimated.
    assumptions : tuple of str
        What must hold for the estimate to mean its estimand.
    library, version : str
        What computed it.
    """

    value: float
    se: float
    low: float
    high: float
    level: float
    unit: str
    n: int
    estimand: str
    method: str
    assumptions: tuple[str, ...] = ()
    library: str = "vsim"
    version: str = ""

    def __post_init__(self) -> None:
        if not 0 < self.level < 1:
            raise VsimError(f"Estimate: level is {self.level}; allowed between 0 and 1. Write 0.95 for 95 %.")
        if self.low > self.high:
            raise VsimError(f"Estimate: low is {self.low}, above high {self.high}. Swap the two ends.")
        if self.se < 0:
            raise VsimError(f"Estimate: se is {self.se}; allowed 0 or more. A standard error has no sign.")
        object.__setattr__(self, "assumptions", tuple(self.assumptions))

    def __str__(self) -> str:
        places = decimals(self.value, self.low, self.high)
        numbers = f"{show(self.value, places)} [{show(self.low, places)}, {show(self.high, places)}]"
        return f"{numbers} {self.unit}".strip()

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as a plain mapping, ready for JSON (numbers that do not exist become null)."""
        fields = asdict(self)
        fields["assumptions"] = list(self.assumptions)
        for key, item in fields.items():
            if isinstance(item, float) and not math.isfinite(item):
                fields[key] = None
        return fields


def decimals(value: float, low: float, high: float) -> int:
    """Return how many decimals to show: two significant digits of the interval's width, or of the value."""
    width = high - low
    scale = width if math.isfinite(width) and width > 0 else abs(value)
    if not math.isfinite(scale) or scale <= 0:
        return 0
    return max(0, min(9, 1 - math.floor(math.log10(scale))))


def show(number: float, places: int) -> str:
    """Return a number with `places` decimals and thousands separators; "not known" when it does not exist."""
    if not math.isfinite(number):
        return "not known" if math.isnan(number) else ("-" if number < 0 else "") + "unbounded"
    text = f"{number:,.{places}f}"
    return text.removeprefix("-") if text.startswith("-") and not text.strip("-0,.") else text
