"""Bunching: its interval covers as it says, and its window is whole bins."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import gamma

from tests.evaluate.worlds import luck
from vsim.errors import DataError
from vsim.evaluate import bunching

CUTOFF, PEOPLE, MOVED = 20.0, 6000, 0.5
SMOOTH = gamma(3, scale=8)


def drawn(seed: int) -> pd.DataFrame:
    """Return hours with a smooth density, half of those up to three below the cutoff moved to just above it."""
    chance = luck(seed)
    hours = SMOOTH.rvs(PEOPLE, random_state=chance)
    moved = (hours >= CUTOFF - 3) & (hours < CUTOFF) & (chance.random(PEOPLE) < MOVED)
    hours[moved] = CUTOFF + chance.random(moved.sum())
    return pd.DataFrame({"hours": hours[(hours > 2) & (hours < 60)]})


@pytest.mark.slow
def test_the_interval_covers_the_known_excess_as_often_as_it_says() -> None:
    """The luck of the bunch itself is in it: without, three quarters of the intervals cover."""
    near = np.mean([SMOOTH.cdf(CUTOFF + k + 1) - SMOOTH.cdf(CUTOFF + k) for k in range(2)])
    truth = MOVED * (SMOOTH.cdf(CUTOFF) - SMOOTH.cdf(CUTOFF - 3)) / near
    found = [bunching(drawn(seed), running="hours", cutoff=CUTOFF, width=1.0, bins_below=4, bins_above=2, degree=8)
             for seed in range(120)]
    covered = np.mean([one.low <= truth <= one.high for one in found])
    spread = np.std([one.value for one in found], ddof=1)
    assert covered == pytest.approx(0.95, abs=0.06)
    assert np.mean([one.se for one in found]) == pytest.approx(spread, rel=0.2)
    assert np.mean([one.value for one in found]) == pytest.approx(truth, abs=4 * spread / np.sqrt(120))


def test_a_window_holds_whole_bins_on_both_sides() -> None:
    hours = np.repeat(np.arange(0.5, 40.0), 30 + np.arange(40) % 3)
    common = {"running": "hours", "cutoff": 20.0, "width": 1.0, "degree": 3}
    frame = pd.DataFrame({"hours": hours})
    inside = frame[(frame["hours"] >= 10) & (frame["hours"] < 30)]
    edge = pd.concat([frame, pd.DataFrame({"hours": [30.0] * 5})])
    for table in (frame, edge):
        assert bunching(table, window=10.0, **common).value == bunching(inside, **common).value      # type: ignore[arg-type]
    tenth = {**common, "width": 0.1, "degree": 1, "cutoff": 2.0}
    fine = pd.DataFrame({"hours": np.tile(np.arange(0.05, 4.0, 0.1), 3)})
    assert bunching(fine, window=1.0, **tenth).n == 60                                          # type: ignore[arg-type]
    with pytest.raises(DataError, match="no row lies within"):
        bunching(frame, window=0.4, **common)                                                   # type: ignore[arg-type]
