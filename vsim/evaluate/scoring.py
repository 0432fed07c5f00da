"""How good an estimator is: estimates held against the truth of the same replication, over many.

Bias, root mean squared error, the ratio of stated to true spread, coverage, the interval score (Gneiting and Raftery
2007), power, and errors of sign and size among significant results (Gelman and Carlin 2014). Failures are counted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vsim.errors import DataError
from vsim.evaluate.answers import bias
from vsim.spec.estimate import Estimate

Pair = tuple[Estimate | None, Estimate]      # what an estimator said, or None where it failed, and the truth


@dataclass(frozen=True, slots=True)
class Score:
    """How an estimator did over replications; Monte Carlo errors end in `_se`.

    Attributes
    ----------
    n, failed : int
        Replications with an estimate, and without one.
    truth : float
        Mean truth.
    bias, bias_se, rmse, mae : float
        In the unit of the estimate; `mae` is the median of absolute errors.
    spread, se_ratio : float
        Standard deviation of the errors, and mean stated standard error over it.
    coverage, coverage_se, coverage_centred : float
        Share of intervals that hold the truth, and that would if the bias were known.
    interval_score : float
        Width and the penalty for missing, in the unit of the estimate; smaller is better.
    significant, wrong_sign, exaggeration : float
        Share of intervals without nought, and among those: share with the wrong sign, mean of estimate over truth.
    """

    n: int
    failed: int
    truth: float
    bias: float
    bias_se: float
    rmse: float
    mae: float
    spread: float
    se_ratio: float
    coverage: float
    coverage_se: float
    coverage_centred: float
    interval_score: float
    significant: float
    wrong_sign: float
    exaggeration: float

    def covers_less_than(self, share: float) -> bool:
        """Return whether coverage is significantly below a share: the upper end of Wilson's 95 % interval is."""
        return wilson(round(self.coverage * self.n), self.n)[1] < share


def wilson(hits: int, n: int, quantile: float = 1.959964) -> tuple[float, float]:
    """Return Wilson's interval of a share."""
    middle = (hits + quantile**2 / 2) / (n + quantile**2)
    half = quantile / (n + quantile**2) * math.sqrt(hits * (n - hits) / n + quantile**2 / 4)
    return max(0.0, middle - half), min(1.0, middle + half)


def score(pairs: Sequence[Pair]) -> Score:
    """Return how an estimator did.

    Parameters
    ----------
    pairs : sequence of (Estimate or None, Estimate)
        The estimate of a replication, None where the estimator failed, and the truth of the same replication.

    Raises
    ------
    DataError
        With fewer than two estimates, or when estimate and truth do not mean the same.
    """
    made = [(one, truth) for one, truth in pairs if one is not None]
    if len(made) < 2:
        raise DataError(f"score: {len(made)} estimates of {len(pairs)} replications; needed two or more.")
    errors = np.array([bias(one, truth) for one, truth in made])
    values, ses, low, high = np.array([(one.value, one.se, one.low, one.high) for one, _ in made]).T
    truths = np.array([truth.value for _, truth in made])
    n, tail = errors.size, 1 - made[0][0].level
    spread = errors.std(ddof=1)
    inside = (low <= truths) & (truths <= high)
    centred = (low - errors.mean() <= truths) & (truths <= high - errors.mean())
    misses = np.maximum(low - truths, 0) + np.maximum(truths - high, 0)
    told = (low > 0) | (high < 0)
    sure = told & (truths != 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.abs(values[sure]) / np.abs(truths[sure])
    return Score(
        n=n, failed=len(pairs) - n, truth=float(truths.mean()), bias=float(errors.mean()),
        bias_se=float(spread / math.sqrt(n)), rmse=float(np.sqrt((errors**2).mean())),
        mae=float(np.median(np.abs(errors))), spread=float(spread),
        se_ratio=float(ses.mean() / spread) if spread > 0 else float("nan"), coverage=float(inside.mean()),
        coverage_se=math.sqrt(inside.mean() * (1 - inside.mean()) / n), coverage_centred=float(centred.mean()),
        interval_score=float((high - low + 2 / tail * misses).mean()), significant=float(told.mean()),
        wrong_sign=float((np.sign(values[sure]) != np.sign(truths[sure])).mean()) if sure.any() else float("nan"),
        exaggeration=float(ratio.mean()) if sure.any() else float("nan"),
    )
