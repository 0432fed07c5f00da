"""History matching on functions whose answer is known: waves, stops, what is left, and the weighted settings."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from vsim.errors import UsageError
from vsim.run.match import CUT, deciding, errors_of, even, implausibility, left, waves_of
from vsim.run.match_luck import POOL
from vsim.run.match_posterior import posterior, quantile, ridges, systematic, verdict
from vsim.run.match_space import Space
from vsim.spec.targets_own import Aim

SPACE = Space(("participation.taste_mean", "service.hours_mean"), np.array([-3.0, 1.0]), np.array([1.0, 6.0]))
Truth = Callable[[np.ndarray], np.ndarray]


def aims(*values: float, sd: float = 0.05, weights: tuple[float, ...] = ()) -> list[Aim]:
    return [Aim(f"target_{i}", value, sd, "h", "test", (weights or (1.0,) * len(values))[i])
            for i, value in enumerate(values)]


def noisy(truth: Truth, sd: float = 0.02, seed: int = 0) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """Return a stochastic model: common lucks, the most of them the same at every setting."""
    pool = np.random.default_rng(seed).normal(0, sd, POOL)

    def evaluate(cube: np.ndarray, lucks: np.ndarray) -> np.ndarray:
        own = np.random.default_rng(len(cube)).normal(0, sd / 2, (*lucks.shape, truth(cube[:1]).shape[1]))
        return np.asarray(truth(cube)[:, None, :] + pool[lucks][:, :, None] + own)

    return evaluate


def plane(cube: np.ndarray) -> np.ndarray:
    return np.stack([cube[:, 0] + cube[:, 1], cube[:, 0] - cube[:, 1]], axis=1)


def same(cube: np.ndarray) -> np.ndarray:
    return np.stack([cube[:, 0] + cube[:, 1]], axis=1)


def test_two_targets_of_two_parameters_are_found_with_the_interval_of_least_squares() -> None:
    matched = waves_of(SPACE, aims(0.9, 0.1), noisy(plane), waves=4, points=30, discrepancy=0.0)
    found = posterior(matched, noisy(plane), draws=80)
    assert matched.ended in {"met", "settled"}
    assert found.middle == pytest.approx([0.5, 0.4], abs=0.03)
    assert found.low[0] < 0.5 < found.high[0]
    variance = 0.05**2 + 0.02**2 / POOL               # of a target; a parameter is half a sum of two
    assert found.sd == pytest.approx(np.sqrt([variance / 2, variance / 2]), rel=0.35)
    assert found.holds
    assert found.drawn_effective > 40
    assert matched.waves[-1].share < 0.05


def test_one_target_of_two_parameters_leaves_a_ridge_and_neither_is_identified() -> None:
    matched = waves_of(SPACE, aims(1.0), noisy(same), waves=3, points=30, discrepancy=0.0)
    found = posterior(matched, noisy(same), draws=60)
    assert [verdict(width) for width in (found.high - found.low) / 0.9] == ["not identified"] * 2
    ((one, other, value),) = ridges(found.correlation, SPACE.keys)
    assert {one, other} == set(SPACE.keys)
    assert value < -0.9


def test_what_cannot_be_reached_leaves_nothing() -> None:
    matched = waves_of(SPACE, aims(3.0, 0.0), noisy(plane), waves=4, points=30)
    assert matched.ended == "nothing"
    assert len(matched.left) == 0
    assert len(matched.waves) == 1


def test_a_target_that_is_shown_only_rules_nothing_out() -> None:
    matched = waves_of(SPACE, aims(1.0, 9.0, weights=(1.0, 0.0)), noisy(plane), waves=2, points=30, discrepancy=0.0)
    assert len(matched.left)
    assert matched.waves[0].emulators[1] is None
    assert matched.waves[0].aside == ()


def test_the_same_seed_gives_the_same_and_another_seed_other_settings() -> None:
    def run(seed: int) -> np.ndarray:
        return waves_of(SPACE, aims(0.9, 0.1), noisy(plane), waves=2, points=20, seed=seed).left

    assert (run(1) == run(1)).all()
    assert run(1)[:5].tolist() != run(2)[:5].tolist()


def test_implausibility_by_hand() -> None:
    matched = waves_of(SPACE, aims(0.9, 0.1, sd=0.3), noisy(plane), waves=1, points=30, discrepancy=0.1, one_luck=True)
    wave, errors = matched.waves[0], matched.errors
    cube = even(7, 2, 3)
    emulator = wave.emulators[0]
    assert emulator is not None
    mean, variance = emulator(cube)
    luck = wave.luck[0, 0]
    whole = np.sqrt(0.3**2 + 0.09**2 + luck / POOL + luck + variance)
    assert implausibility(wave, errors, cube)[:, 0] == pytest.approx(np.abs(0.9 - mean) / whole)


def test_a_weight_divides_the_variance() -> None:
    assert errors_of(aims(1.0, sd=0.2, weights=(4.0,)), 0.0, False).variance == pytest.approx([0.01])


def test_of_many_targets_the_second_largest_decides() -> None:
    few, many = np.array([[1.0, 5.0, 2.0]]), np.array([[1.0] * 8 + [5.0, 2.0]])
    assert (deciding(few)[0], deciding(many)[0]) == (5.0, 2.0)


def test_the_share_that_is_left_is_that_of_a_fine_grid() -> None:
    matched = waves_of(SPACE, aims(0.9, 0.1), noisy(plane), waves=1, points=30)
    side = (np.arange(200) + 0.5) / 200
    grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    share = (deciding(implausibility(matched.waves[0], matched.errors, grid)) <= CUT).mean()
    found = left(matched.waves, matched.errors, np.array([[0.0, 0.0], [1.0, 1.0]]), 5)[1]
    assert found == pytest.approx(share, rel=0.1)
    assert matched.waves[0].share == pytest.approx(share, rel=0.1)


def test_draws_come_up_as_often_as_their_weights_say() -> None:
    weights = np.array([0.1, 0.0, 0.4, 0.5])
    assert np.bincount(systematic(weights, 100), minlength=4).tolist() == [10, 0, 40, 50]
    values = np.arange(1001.0)[:, None]
    assert quantile(values, np.full(1001, 1 / 1001), 0.05) == pytest.approx([50.0], abs=1)


@pytest.mark.parametrize(("given", "said"), [
    ({"waves": 0}, "waves is 0"), ({"discrepancy": 2.0}, "discrepancy is 2.0"),
])
def test_what_cannot_be_done_is_refused(given: dict[str, float], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        waves_of(SPACE, aims(1.0), noisy(same), **{"waves": 1, "points": 20, **given})  # type: ignore[arg-type]
