"""Exact integer arithmetic for behaviour: fixed point and tables instead of the machine's maths library.

Logits and logarithms are integers in 1/1024 (`UNIT`), probabilities are 32-bit thresholds (a uniform word below the
threshold is a yes), hours are quarter hours, money is fen. Integer sums do not depend on order, so no result
depends on threads, chunks or machine. The tables were computed once with 40 digits (`assets/exact/make_tables.py`)
and are checked against their SHA-256 sums when they are read.
"""

from __future__ import annotations

import hashlib
from decimal import Decimal, localcontext
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vsim.errors import DataError

UNIT = 1024                       # steps of one logit or one natural logarithm
ONE32 = 1 << 32
ONE16 = 1 << 16
LOGISTIC_ZERO = 12288             # index of logit 0 in the logistic table
LOG_ZERO = 16384                  # index of logarithm 0 in the exponential and hazard tables
FOLDER = Path(__file__).parent / "assets" / "exact"

Int = NDArray[np.int64]


class Tables(NamedTuple):
    """The exact tables as int64 arrays; see `assets/exact/make_tables.py` for each definition."""

    logistic: Int       # (24576,) 2**32 * probability at logit (i - 12288) / 1024
    hazard: Int         # (18432,) 2**32 * (1 - exp(-exp(x))) at x = (i - 16384) / 1024
    exponential: Int    # (24576,) 2**32 * exp(x) at x = (i - 16384) / 1024
    normal: Int         # (4096,) 2**16 * standard normal quantile at the middle of equal cells
    gumbel: Int         # (4096,) 1024 * standard Gumbel quantile at the middle of equal cells
    logarithm: Int      # (4096,) 1024 * ln(1 + i / 4096)
    log1p: Int          # (2048,) 1024 * ln(1 + i)


@cache
def tables() -> Tables:
    """Return the exact tables; raise DataError when a file is not the one that was shipped."""
    sums = {
        line.split()[1]: line.split()[0]
        for line in (FOLDER / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    }
    loaded = {}
    for name in Tables._fields:
        path = FOLDER / f"{name}.npy"
        if hashlib.sha256(path.read_bytes()).hexdigest() != sums.get(path.name):
            raise DataError(
                f"{path}: not the exact table that vsim ships (its SHA-256 differs). Install vsim again, or make the "
                "tables anew with assets/exact/make_tables.py."
            )
        values = np.load(path, allow_pickle=False).astype(np.int64)
        values.setflags(write=False)
        loaded[name] = values
    return Tables(**loaded)


def units(value: float) -> int:
    """Return a logit or logarithm in 1/1024, rounded half to even."""
    return round(value * UNIT)


def threshold32(probability: float) -> int:
    """Return the 32-bit threshold of a probability in [0, 1]: a uniform word below it is a yes."""
    return min(ONE32, max(0, round(probability * ONE32)))


def share16(value: float) -> int:
    """Return a share in 1/65536, not clipped (a weight may be above one)."""
    return round(value * ONE16)


def exp32(logs: Int | int) -> Int:
    """Return 2**32 * exp(x) for logarithms in 1/1024, clipped to the range of the table (-16 to just under 8)."""
    index = np.clip(np.asarray(logs, dtype=np.int64) + LOG_ZERO, 0, tables().exponential.size - 1)
    return tables().exponential[index]


def logistic32(logits: Int | int) -> Int:
    """Return the 32-bit threshold of a logit in 1/1024, clipped to +-12."""
    index = np.clip(np.asarray(logits, dtype=np.int64) + LOGISTIC_ZERO, 0, tables().logistic.size - 1)
    return tables().logistic[index]


def hazard32(logs: Int | int) -> Int:
    """Return the 32-bit threshold of a complementary log-log hazard in 1/1024, clipped to the table."""
    index = np.clip(np.asarray(logs, dtype=np.int64) + LOG_ZERO, 0, tables().hazard.size - 1)
    return tables().hazard[index]


def log_of(value: int) -> int:
    """Return 1024 * ln(value) of a positive integer, exact to about 1/1000: exponent and mantissa by table."""
    exponent = int(value).bit_length() - 1
    mantissa = (value << 12 >> exponent) - 4096 if exponent <= 50 else (value >> (exponent - 12)) - 4096
    return exponent * 709 + (exponent * 802 >> 10) + int(tables().logarithm[mantissa])   # 1024 ln 2 = 709.783


def either16(one: Any, other: Any) -> Any:
    """Return the chance that one or the other of two independent things happens: shares of 16 bit, element by element.

    It is rounded up to the next 1/65536 where it is no whole one: numbers give a number, arrays an array.
    """
    return ONE16 - ((ONE16 - one) * (ONE16 - other) >> 16)


def normal16(words: NDArray[np.uint32] | Int) -> Int:
    """Return 2**16 * z, standard normal, from the 12 leading bits of 32-bit words."""
    return tables().normal[np.asarray(words, dtype=np.int64) >> 20]


def gumbel_units(words: NDArray[np.uint32] | Int) -> Int:
    """Return a standard Gumbel draw in 1/1024 from the 12 leading bits of 32-bit words."""
    return tables().gumbel[np.asarray(words, dtype=np.int64) >> 20]


def inverse_table(weights: list[Decimal], length: int = 4096) -> Int:
    """Return the value at the middle of each of `length` equal-probability cells of a count distribution.

    Parameters
    ----------
    weights : list of Decimal
        Probability of 0, 1, 2, ...; need not sum to one (the rest goes to the last value).
    length : int
        Number of cells.
    """
    out = np.empty(length, dtype=np.int64)
    total, value = weights[0], 0
    for cell in range(length):
        middle = Decimal(2 * cell + 1) / (2 * length)
        while total < middle and value < len(weights) - 1:
            value += 1
            total += weights[value]
        out[cell] = value
    return out


def negative_binomial_table(mean: float, dispersion: float, most: int) -> Int:
    """Return the inverse table of a negative binomial count (0 to `most`) of given mean and dispersion (size)."""
    with localcontext() as context:
        context.prec = 30
        m, r = Decimal(repr(mean)), Decimal(repr(dispersion))
        if m == 0:
            return np.zeros(4096, dtype=np.int64)
        step = m / (m + r)
        weight = (r / (m + r)) ** r
        weights = []
        for k in range(most + 1):
            weights.append(weight)
            weight = weight * (r + k) / (k + 1) * step
        return inverse_table(weights)


def geometric_table(mean: float, most: int) -> Int:
    """Return the inverse table of a geometric count 0, 1, 2, ... of given mean, cut at `most`."""
    with localcontext() as context:
        context.prec = 30
        if mean == 0:
            return np.zeros(4096, dtype=np.int64)
        q = Decimal(repr(mean)) / (1 + Decimal(repr(mean)))
        weights = [(1 - q) * q**k for k in range(most + 1)]
        return inverse_table(weights)


def lognormal_count_table(median: float, log_sd: float, least: int, most: int) -> Int:
    """Return the inverse table of a lognormal number of people, rounded and kept within [least, most]."""
    logs = units(float(Decimal(repr(median)).ln())) + (units(log_sd) * tables().normal >> 16)
    counts = (exp32(logs) + (1 << 31)) >> 32
    return np.clip(counts, least, most)
