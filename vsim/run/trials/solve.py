"""Where a simulated curve meets a value: the rule of false position, with the stalled end halved (Illinois)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

MOST = 40                     # steps of a search


@dataclass(frozen=True, slots=True)
class Root:
    """Where a curve meets a value; where it never does, the end that comes nearest, and `met` is False."""

    x: float
    y: float
    met: bool


def meet(
    curve: Callable[[float], float], value: float, low: float, high: float, *, close: float, step: float
) -> Root:
    """Return where a monotone curve meets a value between two ends.

    Parameters
    ----------
    curve : callable
        The same luck at every call, so that it is a function and no lottery.
    close : float
        A distance in y that is near enough.
    step : float
        A width in x below which nothing more is asked: a simulated curve has steps.
    """
    a, b = low, high
    ya, yb = curve(a) - value, curve(b) - value
    if ya * yb > 0 or ya != ya or yb != yb:
        x, y = (a, ya) if abs(ya) <= abs(yb) or yb != yb else (b, yb)
        return Root(x, y + value, abs(y) <= close)
    best = (a, ya) if abs(ya) <= abs(yb) else (b, yb)
    side = 0
    fa, fb = ya, yb                                           # what the rule reads; the stalled end is halved
    for _ in range(MOST):
        if abs(best[1]) <= close or abs(b - a) <= step:
            break
        x = (fa * b - fb * a) / (fa - fb) if fa != fb else (a + b) / 2
        x = min(max(x, a + (b - a) / 64), b - (b - a) / 64)
        y = curve(x) - value
        if abs(y) < abs(best[1]):
            best = (x, y)
        if y * fb > 0:
            b, fb, fa = x, y, fa / 2 if side == 1 else fa
            side = 1
        else:
            a, fa, fb = x, y, fb / 2 if side == -1 else fb
            side = -1
    return Root(best[0], best[1] + value, True)


def bracket(
    curve: Callable[[float], float], value: float, start: float, low: float, high: float, stride: float = 0.5
) -> tuple[float, float]:
    """Return two ends between which a monotone curve passes a value, looked for from a start in growing strides.

    Where it never passes, the ends of the search.
    """
    start = min(max(start, low), high)
    first = curve(start) - value
    beside = start + stride if start + stride <= high else start - stride
    upwards = (curve(beside) - value - first) * (beside - start) > 0
    way = 1.0 if (first < 0) == upwards else -1.0
    before, here = start, start
    while low < here < high or here == start:
        before, here = here, min(max(here + way * stride, low), high)
        if (curve(here) - value) * first <= 0:
            return (before, here) if before < here else (here, before)
        if here in (low, high):
            break
        stride *= 2
    return low, high
