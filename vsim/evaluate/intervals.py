"""Intervals: the quantile of Student's t, by Hill's algorithm, so that the core needs no statistics package.

Source: Hill, G. W. (1970), Algorithm 396: Student's t-quantiles, Communications of the ACM 13(10). Tests hold it
against scipy to five digits.
"""

from __future__ import annotations

import math
from statistics import NormalDist

from vsim.errors import UsageError


def t_quantile(level: float, freedom: int) -> float:
    """Return the two-sided Student quantile: the half-width of an interval of `level` in standard errors.

    Parameters
    ----------
    level : float
        Coverage, between 0 and 1.
    freedom : int
        Degrees of freedom, 1 or more.
    """
    if not 0 < level < 1:
        raise UsageError(f"level is {level}; allowed between 0 and 1. Write 0.95 for 95 %.")
    p, n = 1.0 - level, float(freedom)
    if n == 1:
        return 1.0 / math.tan(p * math.pi / 2)
    if n == 2:
        return math.sqrt(2.0 / (p * (2.0 - p)) - 2.0)
    a = 1.0 / (n - 0.5)
    b = 48.0 / (a * a)
    c = ((20700.0 * a / b - 98.0) * a - 16.0) * a + 96.36
    d = ((94.5 / (b + c) - 3.0) / b + 1.0) * math.sqrt(a * math.pi / 2) * n
    y = (d * p) ** (2.0 / n)
    if y > 0.05 + a:
        x = NormalDist().inv_cdf(p / 2)
        y = x * x
        if n < 5:
            c += 0.3 * (n - 4.5) * (x + 0.6)
        c = (((0.05 * d * x - 5.0) * x - 7.0) * x - 2.0) * x + b + c
        y = (((((0.4 * y + 6.3) * y + 36.0) * y + 94.5) / c - y - 3.0) / b + 1.0) * x
        y = math.expm1(a * y * y)
    else:
        y = ((1.0 / (((n + 6.0) / (n * y) - 0.089 * d - 0.822) * (n + 2.0) * 3.0) + 0.5 / (n + 4.0)) * y - 1.0) * (
            n + 1.0
        ) / (n + 2.0) + 1.0 / y
    return math.sqrt(n * y)
