"""Indices on functions whose indices are published or can be worked out, by the same path as the simulator's."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from vsim.errors import UsageError, VsimError
from vsim.run.sensitivity import LUCK, SETS, sets_of, sobol
from vsim.run.sensitivity_screen import chosen, morris

Answer = Callable[[np.ndarray, np.ndarray], np.ndarray]
ISHIGAMI = {"a": (0.3139, 0.5576), "b": (0.4424, 0.4424), "c": (0.0, 0.2437)}    # 1990, a = 7, b = 0.1


def ishigami(cube: np.ndarray, _sets: np.ndarray) -> np.ndarray:
    x = np.pi * (2 * cube - 1)
    return np.asarray(np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))[:, None]


def line(weights: list[float], luck: float = 0.0, lucks: int = 1) -> Answer:
    """Return a weighted sum with an error that the set of lucks makes, the same at every place."""
    words = np.random.default_rng(3).normal(0, 1, (SETS, lucks))

    def answer(cube: np.ndarray, sets: np.ndarray) -> np.ndarray:
        return np.asarray((cube @ np.array(weights))[:, None] + luck * words[sets])

    return answer


@pytest.mark.slow
def test_the_published_indices_of_ishigami_are_found() -> None:
    found = sobol(list(ISHIGAMI), ishigami, points=2048)
    for one in found.last[:-1]:
        first, total = ISHIGAMI[one.name]
        assert one.first == pytest.approx(first, abs=0.02)
        assert one.total == pytest.approx(total, abs=0.02)
        assert one.first_low < first < one.first_high
        assert one.total_low < total < one.total_high
    assert found.above() == ["a", "b", "c"]
    assert found.settled
    assert sorted(found.steps) == [512, 1024, 2048]
    assert (found.runs, found.lost) == (2048 * 6, 0)
    assert found.last[-1].name == LUCK
    assert found.last[-1].total == 0.0


def test_the_indices_are_those_of_the_library() -> None:
    from SALib.analyze.sobol import analyze

    from vsim.run.sensitivity import sample

    cube = sample("saltelli", ["a", "b", "c"], 64, 1)
    output = ishigami(cube[:, :-1], sets_of(cube[:, -1]))[:, 0]
    told = analyze({"num_vars": 4, "names": ["a", "b", "c", LUCK], "bounds": [[0, 1]] * 4}, output,
                   calc_second_order=False, seed=1)
    found = sobol(["a", "b", "c"], ishigami, points=64)
    assert [one.first for one in found.last] == pytest.approx(told["S1"], abs=0.02)      # it scales by all points
    assert [one.total for one in found.last] == pytest.approx(told["ST"], abs=0.02)


def test_luck_is_a_factor_with_its_share_of_the_variance_and_what_does_nothing_has_none() -> None:
    """Variances: parameters 4/12 and 1/12, luck 0.25; so 0.5, 0.125, 0.375."""
    found = sobol(["much", "little", "nothing"], line([2.0, 1.0, 0.0], luck=0.5), points=1024)
    total = {one.name: one for one in found.last}
    shares = np.array([4 / 12, 1 / 12, 0.0, 0.25 * np.random.default_rng(3).normal(0, 1, (SETS, 1)).var()])
    for name, share in zip(["much", "little", "nothing", LUCK], shares / shares.sum(), strict=True):
        assert total[name].total == pytest.approx(share, abs=0.04)
    assert total["nothing"].total == total["nothing"].total_high == 0.0
    assert "nothing" not in found.above()
    assert found.noise != found.noise                       # one luck a set tells nothing of the spread within it


def test_lucks_of_a_set_are_averaged_and_their_spread_told() -> None:
    one = sobol(["x"], line([1.0], luck=1.0), points=256)
    many = sobol(["x"], line([1.0], luck=1.0, lucks=9), points=256)
    assert many.last[0].total > 2 * one.last[0].total
    assert many.lucks.shape == (9, 2)
    assert many.noise == pytest.approx(1 / 9 / (1 / 9 + 1 / 12), abs=0.15)


@pytest.mark.slow
def test_an_order_that_luck_could_turn_round_is_not_settled() -> None:
    close = sobol(["one", "other"], line([1.0, 0.97]), points=32)
    assert not close.settled
    assert close.doubtful[0][2] < 0.95
    assert sobol(["one", "other"], line([3.0, 1.0]), points=64).settled


def test_what_cannot_be_measured_or_never_moves_is_said() -> None:
    def holes(cube: np.ndarray, sets: np.ndarray) -> np.ndarray:
        return np.where(cube[:, :1] < 0.01, np.nan, line([1.0])(cube, sets))

    def empty(cube: np.ndarray, sets: np.ndarray) -> np.ndarray:
        return np.where(cube[:, :1] < 0.5, np.nan, line([1.0])(cube, sets))

    found = sobol(["x"], holes, points=128)
    assert 0 < found.lost < 8
    assert found.last[0].total == pytest.approx(1.0, abs=0.1)
    with pytest.raises(VsimError, match="there was nothing to measure"):
        sobol(["x"], empty, points=128)
    with pytest.raises(VsimError, match="nothing to measure"):
        morris(["x"], empty)
    with pytest.raises(VsimError, match="no parameter moves it"):
        sobol(["x"], line([0.0]), points=32)
    with pytest.raises(UsageError, match="points is 48; allowed a power of two"):
        sobol(["x"], line([1.0]), points=48)
    with pytest.raises(UsageError, match="trajectories is 3"):
        morris(["x"], line([1.0]), trajectories=3)


def test_the_moves_of_a_line_are_its_weights_times_the_step() -> None:
    moves = morris(["one", "other", "nothing"], line([3.0, -1.5, 0.0], luck=0.1), trajectories=12)
    told = {move.name: move for move in moves}
    assert [move.name for move in moves] == ["one", "other", "nothing", LUCK]
    assert told["one"].mean == pytest.approx(2.0)
    assert (told["other"].size, told["other"].mean) == (pytest.approx(1.0), pytest.approx(-1.0))
    assert told["one"].spread < 1e-12
    assert told["nothing"].size == 0.0
    assert 0 < told[LUCK].low < told[LUCK].size < told[LUCK].high
    assert chosen(moves, 5) == ["one", "other"]
    assert chosen(moves, 1) == ["one"]
    assert chosen(morris(["nothing"], line([0.0], luck=1.0)), 3) == ["nothing"]


def test_curves_and_interactions_show_as_spread() -> None:
    moves = {move.name: move for move in morris(list(ISHIGAMI), ishigami, trajectories=40)}
    assert moves["c"].spread > moves["c"].size / 2
    assert all(moves[name].keeps for name in ISHIGAMI)
    assert moves[LUCK].size == 0.0


def test_every_set_of_lucks_is_picked_equally_often() -> None:
    assert np.bincount(sets_of(np.linspace(0, 1, 1601))).tolist() == [100] * (SETS - 1) + [101]
