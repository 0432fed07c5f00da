"""The points of a design: from factors and a method to a table with one row for each setting of the model.

Samples are drawn in the unit cube by the libraries of the field (scipy.stats.qmc, SALib) and turned into values here. A
cell that is empty leaves the setting as the scenario has it. Order of rows is part of the design: the indices of Morris
and Saltelli are computed from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vsim.errors import UsageError
from vsim.spec.design import LEVELS, MOST_POINTS, Design, Factor

if TYPE_CHECKING:
    import pandas as pd

DIGITS = 12                   # significant digits of a value, so that a design is the same on every machine
Cube = NDArray[np.float64]
Cell = float | list[float] | None


def points_of(design: Design) -> pd.DataFrame:
    """Return the points of a design, one row each and a column for each factor; shares have a column for each setting.

    Raises
    ------
    UsageError
        When there are more than a million, a library is not installed, or the design is a table of its own.
    """
    import pandas as pd

    if design.method == "from_frame":
        raise UsageError("design: from_frame takes its points from a table; give `file`, or a DataFrame.")
    columns = [(name, factor, setting) for name, factor in design.factors.items()
               for setting in (factor.shares or {name: 1.0})]
    rows: list[list[Cell]] = []
    for cells in _listed(design) if design.method in ("grid", "factorial", "one_at_a_time") else _sampled(design):
        rows.append([value for cell in cells for value in cell])
        if len(rows) > MOST_POINTS:
            raise UsageError(f"design: has more than {MOST_POINTS:,} points. Use fewer levels or factors, or lhs.")
    names = [setting for _, _, setting in columns]
    return pd.DataFrame({name: pd.Series([row[i] for row in rows], dtype=object) for i, name in enumerate(names)})


def tidy(number: float) -> float:
    """Return a number to twelve significant digits."""
    return float(f"{number:.{DIGITS}g}") + 0.0


def at(factor: Factor, cube: Sequence[float]) -> list[Cell]:
    """Return the value of a factor (the values, for shares) at a place in the unit cube.

    >>> at(Factor(low=2, high=4, integer=True), [0.99]), at(Factor(shares={"a": 1.0, "b": 2.0}, total=10.0), [0.25])
    ([4.0], [2.5, 3.75])
    """
    if factor.shares is not None:
        return _amounts(factor, _broken(cube))
    u = float(cube[0])
    if factor.values is not None:
        return [factor.values[min(int(u * len(factor.values)), len(factor.values) - 1)]]
    low, high = factor.ends
    if factor.integer:
        return [low + min(int(u * (high - low + 1)), high - low)]
    return [tidy(low * (high / low) ** u if factor.log else low + u * (high - low))]


def _broken(cube: Sequence[float]) -> list[float]:
    """Return shares that are uniform on the simplex: each takes its part of what is left."""
    left, shares = 1.0, []
    for place, u in enumerate(cube):
        taken = left * (1.0 - (1.0 - float(u)) ** (1.0 / (len(cube) - place)))
        shares.append(taken)
        left -= taken
    return [*shares, left]


def _amounts(factor: Factor, shares: Sequence[float]) -> list[Cell]:
    prices = (factor.shares or {}).values()
    return [tidy(share * factor.total / price) for share, price in zip(shares, prices, strict=True)]


def steps(factor: Factor, levels: int) -> list[list[Cell]]:
    """Return the values of a factor in a grid: all that are listed, mixtures in steps, or numbers from end to end."""
    if factor.shares is not None:
        parts, among = levels - 1, len(factor.shares)
        bars = combinations(range(parts + among - 1), among - 1)
        counts = ([b - a - 1 for a, b in zip((-1, *cut), (*cut, parts + among - 1), strict=True)] for cut in bars)
        return [_amounts(factor, [count / parts for count in mix]) for mix in counts]
    if factor.values is not None:
        return [[value] for value in factor.values]
    spots = np.linspace(0, 1, levels)
    if factor.integer:
        low, high = factor.ends
        return [[value] for value in sorted({float(np.rint(low + u * (high - low))) for u in spots})]
    return [at(factor, [u]) for u in spots]


def _listed(design: Design) -> Iterator[Sequence[Sequence[Cell]]]:
    levels = 2 if design.method == "factorial" else design.levels or LEVELS[design.method]
    every = [steps(factor, levels) for factor in design.factors.values()]
    if design.method != "one_at_a_time":
        yield from product(*every)
        return
    still: list[list[Cell]] = [[None] * len(factor.shares or [None]) for factor in design.factors.values()]
    yield still
    for place, values in enumerate(every):
        for value in values:
            yield [*still[:place], value, *still[place + 1 :]]


def _sampled(design: Design) -> Iterator[list[list[Cell]]]:
    factors = list(design.factors.values())
    for row in _cube(design, sum(factor.width for factor in factors)):
        place, cells = 0, []
        for factor in factors:
            cells.append(at(factor, row[place : place + factor.width]))
            place += factor.width
        yield cells


def _cube(design: Design, width: int) -> Cube:
    """Return the sample in the unit cube, shape (points, width)."""
    try:
        from scipy.linalg import hadamard
        from scipy.stats import qmc
    except ImportError:
        raise UsageError(f"design: {design.method} needs scipy, which is not installed. Install it: pip install "
                         "'vsim[research]'.") from None
    points = design.points or 1
    if design.method == "lhs":
        sampler = qmc.LatinHypercube(width, rng=design.seed, optimization="random-cd" if width > 1 else None)
        return np.asarray(sampler.random(points))
    if design.method == "sobol":
        return np.asarray(qmc.Sobol(width, rng=design.seed).random_base2(points.bit_length() - 1))
    if design.method == "fractional":
        signs = hadamard(1 << max(width - 1, 1).bit_length())[:, :width]
        return np.asarray((np.vstack([signs, -signs]) + 1) / 2)
    return _salib(design, width, points)


def problem(design: Design) -> dict[str, Any]:
    """Return a design as SALib names it: factors between 0 and 1, in their order."""
    names = list(design.factors)
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}


def _salib(design: Design, width: int, points: int) -> Cube:
    try:
        from SALib.sample import morris, sobol
    except ImportError:
        raise UsageError(f"design: {design.method} needs SALib, which is not installed. Install it: pip install "
                         "'vsim[research]'.") from None
    if design.method == "morris":
        rows = morris.sample(problem(design), points, num_levels=design.levels or LEVELS["morris"], seed=design.seed)
    else:
        rows = sobol.sample(problem(design), points, calc_second_order=False, seed=design.seed)
    return np.asarray(rows, dtype=np.float64)
