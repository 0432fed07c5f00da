"""The truth over worlds: each world is a study by itself, and both variances are found where they are known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from tests.run.truth_brute import HALF, OATH, SEED, WIDTH, plain_town
from vsim.errors import UsageError
from vsim.evaluate.intervals import t_quantile
from vsim.levers.pledge import Pledge
from vsim.rng import Stream, draw, stream_key
from vsim.run.truth_effects import ESTIMANDS
from vsim.run.truth_twins import truths
from vsim.run.truth_worlds import Worlds, over_worlds
from vsim.spec.world_spec import WorldSpec


@cache
def found() -> Worlds:
    return over_worlds(plain_town(), plain_town(HALF, OATH), worlds=3, replicates=4, seed=SEED, window=WIDTH,
                       cohorts=False)


@pytest.mark.slow
def test_each_world_is_a_study_with_people_and_lucks_of_its_own() -> None:
    own = plain_town().world.seed
    assert found().seeds == (own, own + 1, own + 2)
    world = WorldSpec(**{**plain_town().world.model_dump(), "seed": own + 2})
    alone = truths(plain_town().with_world(world), plain_town(HALF, OATH).with_world(world), replicates=4, first=8,
                   seed=SEED, window=WIDTH, cohorts=False)
    for estimand in ("total", "overall", "att", "spillover"):
        draws = found().draws(estimand)
        assert draws.shape == (3, 4)
        assert draws[2].tolist() == alone.draws(estimand).tolist()
    assert found().table("total")["value"].tolist() == found().draws("total").mean(axis=1).tolist()


@pytest.mark.slow
def test_the_mean_and_its_interval_are_those_of_means_of_worlds() -> None:
    means = [float(row.mean()) for row in found().draws("att")]
    made = found().effect("att")
    se = np.std(means, ddof=1) / 3**0.5
    assert (made.value, made.n) == (pytest.approx(np.mean(means)), 3)
    assert made.high - made.value == pytest.approx(t_quantile(0.95, 2) * se)
    assert made.unit == "h per resident in 4 weeks"


@dataclass(frozen=True, slots=True)
class Known(Worlds):
    """Worlds whose draws are given."""

    given: np.ndarray | None = None

    def draws(self, estimand: str, outcome: str = "hours") -> np.ndarray:
        assert self.given is not None
        return self.given


def normal(count: int, number: int) -> np.ndarray:
    words = draw(stream_key(9), Stream.SAMPLE, np.arange(count, dtype=np.uint32), 0, number)
    one, other = ((np.array(word, dtype=np.float64) + 0.5) / 2.0**32 for word in words[:2])
    return np.asarray(np.sqrt(-2 * np.log(one)) * np.cos(2 * np.pi * other))


@pytest.mark.parametrize(("between", "within"), [(1.0, 2.0), (0.5, 0.5), (0.0, 1.0)])
def test_known_spreads_are_found_again(between: float, within: float) -> None:
    given = between * normal(400, 1)[:, None] + within * normal(400 * 8, 2).reshape(400, 8)
    told = Known((), (), given).components("total")
    assert told["within"] == pytest.approx(within, rel=0.05)
    assert told["between"] == pytest.approx(between, abs=0.15)
    assert told["share"] == pytest.approx(between**2 / (between**2 + within**2), abs=0.08)


def test_luck_alone_is_no_world_and_nothing_has_no_share() -> None:
    same = np.tile([0.0, 1.0, 2.0, 3.0], (5, 1))
    assert Known((), (), same).components("total")["between"] == 0.0
    assert np.isnan(Known((), (), np.ones((3, 3))).components("total")["share"])


def test_a_policy_without_effect_has_none_in_any_world() -> None:
    idle = over_worlds(plain_town(), plain_town(Pledge(chance=0.0, share=0.5)), worlds=2, replicates=2, window=WIDTH)
    for estimand in set(ESTIMANDS) - {"displacement", "direct", "wedge", "indirect"}:
        assert not idle.draws(estimand).any()


def test_what_belongs_to_one_world_or_has_no_variance_is_refused() -> None:
    with pytest.raises(UsageError, match="assigned belongs to one world"):
        over_worlds(plain_town(), plain_town(HALF), assigned=np.ones(160, dtype=bool))
    with pytest.raises(UsageError, match="worlds is 1; allowed 2 or more"):
        over_worlds(plain_town(), plain_town(HALF), worlds=1)
    with pytest.raises(UsageError, match="replicates is 1; allowed 2 or more"):
        over_worlds(plain_town(), plain_town(HALF), replicates=1)
