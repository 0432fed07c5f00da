"""Emulators: exact where the truth is a polynomial, honest about their error, and their held-out errors by hand."""

from __future__ import annotations

import numpy as np
import pytest

from vsim.errors import UsageError
from vsim.run.match_emulator import Emulator, _polynomial, _process, emulate, terms
from vsim.run.match_space import even

BOX = np.array([[0.0, 0.0], [1.0, 1.0]])


def wavy(cube: np.ndarray) -> np.ndarray:
    return np.asarray(np.sin(6 * cube[:, 0]) + cube[:, 1] ** 2)


def test_a_quadratic_is_found_exactly_and_no_process_is_tried() -> None:
    cube = even(20, 2, 1)
    truth = 1 + 2 * cube[:, 0] - cube[:, 1] * cube[:, 0] + 3 * cube[:, 1] ** 2
    found = emulate(cube, truth, BOX, other_sd=0.1)
    fresh = even(50, 2, 2)
    mean, variance = found(fresh)
    assert found.kind == "quadratic"
    assert mean == pytest.approx(1 + 2 * fresh[:, 0] - fresh[:, 1] * fresh[:, 0] + 3 * fresh[:, 1] ** 2)
    assert np.sqrt(variance).max() < 1e-6


def test_a_process_is_taken_where_it_foretells_better() -> None:
    cube = even(60, 2, 1)
    found = emulate(cube, wavy(cube), BOX)
    fresh = even(200, 2, 2)
    mean, variance = found(fresh)
    assert found.kind == "process"
    assert found.explains > 0.99
    assert np.abs(mean - wavy(fresh)).max() < 0.1
    assert (np.abs(mean - wavy(fresh)) < 4 * np.sqrt(variance)).mean() > 0.97


def test_the_standard_error_is_that_of_fresh_noisy_runs() -> None:
    rng = np.random.default_rng(5)
    cube, fresh = even(80, 2, 1), even(400, 2, 9)
    found = emulate(cube, cube.sum(axis=1) + rng.normal(0, 0.3, 80), BOX)
    mean, variance = found(fresh)
    far = (fresh.sum(axis=1) + rng.normal(0, 0.3, 400) - mean) / np.sqrt(variance)
    assert np.sqrt((far**2).mean()) == pytest.approx(1.0, abs=0.15)
    assert found.holds
    assert 0.8 < found.standardised < 1.2


@pytest.mark.parametrize("kind", ["quadratic", "process"])
def test_held_out_errors_are_those_of_leaving_each_point_out(kind: str) -> None:
    """The closed form against the same fit without the point; for a process the scales are kept, so nearly."""
    cube = 2 * even(16, 2, 3) - 1
    output = wavy((cube + 1) / 2) + 0.05 * np.cos(40 * cube[:, 0])
    if kind == "quadratic":
        found = _polynomial(cube, output, kind)
        without = [_polynomial(np.delete(cube, i, 0), np.delete(output, i), kind) for i in range(16)]
        held = [output[i] - without[i].foretell(cube[i : i + 1])[0][0] for i in range(16)]
        assert found.error == pytest.approx(float(np.sqrt(np.mean(np.square(held)))))
    else:
        found = _process(cube, output, 0)
        assert 0 < found.error < float(output.std())
    assert isinstance(found, Emulator)


def test_what_was_not_measured_is_left_out_and_too_little_is_refused() -> None:
    cube = even(30, 2, 1)
    output = terms(cube, "linear") @ np.array([1.0, 2.0, 3.0])
    output[::3] = np.nan
    found = emulate(cube, output, BOX)
    assert found.points == 20
    assert found(cube)[0] == pytest.approx(terms(cube, "linear") @ np.array([1.0, 2.0, 3.0]))
    with pytest.raises(UsageError, match="6 settings with a value are too few for 2 parameters; allowed 7"):
        emulate(cube[:6], np.ones(6), BOX)


def test_an_output_that_never_moves_has_an_emulator_without_error() -> None:
    mean, variance = emulate(even(20, 2, 1), np.full(20, 7.0), BOX)(even(5, 2, 2))
    assert mean == pytest.approx(np.full(5, 7.0))
    assert variance.max() < 1e-12


def test_a_cliff_is_noticed() -> None:
    """One setting in ten lies on the other side of a step: nothing that is smooth foretells it."""
    rng = np.random.default_rng(1)
    cube = even(60, 2, 1)
    output = rng.normal(0, 1e-3, 60)
    output[:9] += 1.0
    found = emulate(cube[rng.permutation(60)], output, BOX)
    assert found.explains < 0.5
