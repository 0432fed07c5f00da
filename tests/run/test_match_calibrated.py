"""Intervals of a matching on a toy with noise hold the truth as often as they say."""

from __future__ import annotations

import numpy as np
import pytest

from tests.run.test_match import SPACE, aims
from vsim.run.match import even, waves_of
from vsim.run.match_luck import POOL
from vsim.run.match_posterior import posterior
from vsim.run.recover import share_interval

TRUTHS = 24
ROOT = np.linalg.cholesky(0.08**2 * np.array([[1.0, 0.6, 0.3], [0.6, 1.0, 0.2], [0.3, 0.2, 1.0]]))


def bent(cube: np.ndarray) -> np.ndarray:
    x, y = cube.T
    return np.stack([x + y + 0.3 * x * x, x - y, np.exp(x) + 0.5 * y], axis=1)


@pytest.mark.slow
def test_nine_of_ten_intervals_hold_the_truth() -> None:
    """Outputs of one luck are correlated, half of it is common to all settings, the target has a luck of its own."""
    rng = np.random.default_rng(11)
    held, far = [], []
    for place, truth in enumerate(even(TRUTHS, 2, 1)):
        common = rng.normal(size=(POOL, 3)) @ ROOT.T

        def evaluate(cube: np.ndarray, lucks: np.ndarray, common: np.ndarray = common) -> np.ndarray:
            own = rng.normal(size=(*lucks.shape, 3)) @ ROOT.T
            return np.asarray(bent(cube)[:, None, :] + np.sqrt(0.5) * (common[lucks] + own))

        data = bent(truth[None])[0] + ROOT @ rng.normal(size=3)
        matched = waves_of(SPACE, aims(*data, sd=0.01), evaluate, waves=2, points=24, seed=place, discrepancy=0.0,
                           one_luck=True)
        found = posterior(matched, evaluate, draws=8)
        held += [found.low[k] <= truth[k] <= found.high[k] for k in range(2)]
        far += ((found.mean - truth) / found.sd).tolist()
    low, high = share_interval(sum(held), len(held))
    assert low < 0.9 < high
    assert np.sqrt(np.mean(np.square(far))) == pytest.approx(1.0, abs=0.25)
