"""Numbers as people read them: as many digits as the uncertainty allows, and no more.

A value is rounded where its interval's half-width has two significant digits; the same place is used for all
numbers of a row, so that columns line up. The terminal gets ASCII signs only, because the width of a true
minus differs from one Chinese terminal to another; pages and charts get the typographic minus.
"""

from __future__ import annotations

import math

MINUS = "\u2212"


def places(low: float, high: float, value: float = 0.0) -> int:
    """Return the decimal places (negative: tens, hundreds) that an interval supports.

    Parameters
    ----------
    low, high : float
        The interval's ends, in the unit of the value.
    value : float
        Used, with three significant digits, when the interval has no width.

    Examples
    --------
    >>> places(0.31, 0.53), places(112_000.0, 134_000.0), places(2.0, 2.0, 2.0)
    (2, -3, 2)
    """
    half = abs(high - low) / 2
    if math.isfinite(half) and half > 0:
        return min(6, 1 - math.floor(math.log10(half)))
    if math.isfinite(value) and value != 0:
        return max(0, min(6, 2 - math.floor(math.log10(abs(value)))))
    return 0


def number(value: float, decimals: int, *, signed: bool = False, ascii_only: bool = False) -> str:
    """Return a value with thousands separators at the given place; "n/a" where there is none.

    Examples
    --------
    >>> number(-1234.567, 1, ascii_only=True), number(0.4, 2, signed=True), number(123456, -3)
    ('-1,234.6', '+0.40', '123,000')
    """
    if not math.isfinite(value):
        return "n/a"
    rounded = round(value, decimals)
    if rounded == 0:
        rounded = 0.0
    sign = "+" if signed and rounded > 0 else ""
    text = f"{sign}{rounded:,.{max(0, decimals)}f}"
    return text if ascii_only else text.replace("-", MINUS)


def interval(low: float, high: float, decimals: int, *, ascii_only: bool = False) -> str:
    """Return "[low, high]" at the given place.

    Examples
    --------
    >>> interval(0.312, 0.529, 2)
    '[0.31, 0.53]'
    """
    ends = (number(end, decimals, ascii_only=ascii_only) for end in (low, high))
    return "[" + ", ".join(ends) + "]"


def estimate(value: float, low: float, high: float, *, ascii_only: bool = False) -> str:
    """Return "+value [low, high]" with the digits that the interval supports.

    Examples
    --------
    >>> estimate(0.4211, 0.312, 0.529)
    '+0.42 [0.31, 0.53]'
    """
    decimals = places(low, high, value)
    shown = number(value, decimals, signed=True, ascii_only=ascii_only)
    if not (math.isfinite(low) and math.isfinite(high)):
        return shown
    return f"{shown} {interval(low, high, decimals, ascii_only=ascii_only)}"
