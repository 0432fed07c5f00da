"""Make the exact integer tables that the engine reads instead of calling the machine's maths library.

Run `python vsim/assets/exact/make_tables.py`. Every entry is computed with 40 decimal digits (mpmath) and rounded
once, so the tables are the same on every machine; their SHA-256 sums stand in SHA256SUMS beside them and are
checked when they are read. mpmath is a development dependency only.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import mpmath as mp
import numpy as np

HERE = Path(__file__).parent
mp.mp.dps = 40
UNIT = 1024                      # logits and logarithms are integers in 1/1024


def logistic(index: int) -> int:
    """Return floor(2**32 / (1 + exp(-x))) for x = (index - 12288) / 1024."""
    return int(mp.floor(mp.mpf(2) ** 32 / (1 + mp.exp(-mp.mpf(index - 12288) / UNIT))))


def hazard(index: int) -> int:
    """Return floor(2**32 * (1 - exp(-exp(x)))) for x = (index - 16384) / 1024."""
    return int(mp.floor(mp.mpf(2) ** 32 * (1 - mp.exp(-mp.exp(mp.mpf(index - 16384) / UNIT)))))


def exponential(index: int) -> int:
    """Return round(2**32 * exp(x)) for x = (index - 16384) / 1024."""
    return int(mp.nint(mp.mpf(2) ** 32 * mp.exp(mp.mpf(index - 16384) / UNIT)))


def normal_quantile(p: mp.mpf) -> mp.mpf:
    """Return the standard normal quantile of p."""
    return mp.sqrt(2) * mp.erfinv(2 * p - 1)


def normal(index: int) -> int:
    """Return round(65536 * z) at the middle of cell `index` of 4,096 equal-probability cells."""
    return int(mp.nint(65536 * normal_quantile(mp.mpf(2 * index + 1) / 8192)))


def gumbel(index: int) -> int:
    """Return round(1024 * g) at the middle of cell `index` of 4,096 equal-probability cells of a Gumbel draw."""
    return int(mp.nint(UNIT * -mp.log(-mp.log(mp.mpf(2 * index + 1) / 8192))))


def logarithm(index: int) -> int:
    """Return round(1024 * ln(1 + index / 4096)): the mantissa part of an integer logarithm."""
    return int(mp.nint(UNIT * mp.log(1 + mp.mpf(index) / 4096)))


def log1p(index: int) -> int:
    """Return round(1024 * ln(1 + index)) for a count of weeks."""
    return int(mp.nint(UNIT * mp.log(1 + index)))


TABLES = {
    "logistic": (logistic, 24576, np.uint32),
    "hazard": (hazard, 18432, np.uint32),
    "exponential": (exponential, 24576, np.uint64),
    "normal": (normal, 4096, np.int32),
    "gumbel": (gumbel, 4096, np.int32),
    "logarithm": (logarithm, 4096, np.int32),
    "log1p": (log1p, 2048, np.int32),
}


def main() -> None:
    """Write every table and the file of checksums."""
    sums = []
    for name, (function, length, kind) in sorted(TABLES.items()):
        values = np.array([function(i) for i in range(length)], dtype=object).astype(kind)
        target = HERE / f"{name}.npy"
        np.save(target, values)
        sums.append(f"{hashlib.sha256(target.read_bytes()).hexdigest()}  {name}.npy")
    (HERE / "SHA256SUMS").write_text("\n".join(sums) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
