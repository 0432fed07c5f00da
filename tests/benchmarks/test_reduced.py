"""The contenders of the benchmark simulate one model; the compiled forms of it are equal to the last integer."""

from __future__ import annotations

import statistics

import numpy as np
import pytest

from benchmarks import reduced, reduced_numpy, reduced_plain, reduced_stages, reduced_vsim
from vsim import rng

AGENTS = 20_000
REPLICATES = 200
OFTEN = 0.029        # share a week: more services to tell models apart by
LIMIT = 4.5          # standard errors: chance of a false alarm 7e-6 a figure, and the seeds are fixed
REPORTED = ("services", "hours", "active", "points")


@pytest.fixture(scope="module")
def replicates() -> list[reduced.Outcome]:
    return [reduced_vsim.simulate(AGENTS, seed, share=OFTEN) for seed in range(1, REPLICATES + 1)]


def figures(outcome: reduced.Outcome) -> np.ndarray:
    """The four totals, services by district, hours by week and those active by district: 136 figures."""
    totals = list(outcome.totals().values())
    services, hours = outcome.services.sum(axis=1), outcome.hours.sum(axis=0)
    return np.array([*totals, *services, *hours, *outcome.active], float)


def departures(replicates: list[reduced.Outcome], other: list[reduced.Outcome]) -> np.ndarray:
    """Difference of the means in standard errors, figure by figure.

    A figure of one run is a sum over independent volunteers, so nearly normal; its variance is that among
    vsim's replicates. The difference of means over R and r runs has that variance times 1/R + 1/r.
    """
    ours, theirs = np.stack([figures(o) for o in replicates]), np.stack([figures(o) for o in other])
    error = ours.std(axis=0, ddof=1) * np.sqrt(1 / len(ours) + 1 / len(theirs))
    return (theirs.mean(axis=0) - ours.mean(axis=0)) / error


@pytest.mark.slow        # compiles the kernels where that was not done before
@pytest.mark.parametrize("form", reduced_vsim.FORMS)
@pytest.mark.parametrize(
    ("agents", "seed", "weeks", "share"),
    [(3_001, 1, 52, 0.029), (2_048, 7, 52, 0.01), (39, 2, 52, 0.029), (1, 3, 52, 0.029), (1_500, 4, 20, 0.029),
     (20_000, 5, 52, 0.002), (50_000, 6, 52, 0.01)],
)
def test_compiled_and_plain_integer_forms_are_equal(
    form: str, agents: int, seed: int, weeks: int, share: float
) -> None:
    plain = reduced_plain.simulate(agents, seed, weeks, share)
    ours = reduced_vsim.simulate(agents, seed, weeks, share, form)
    for name in REPORTED:
        assert np.array_equal(getattr(plain, name), getattr(ours, name)), name
    assert agents < 1_000 or plain.services.sum() > 0.8 * share * agents * weeks


@pytest.mark.slow
@pytest.mark.parametrize(
    ("agents", "seed", "weeks", "most"), [(3_001, 1, 52, 1), (20_000, 5, 52, 9), (20_000, 6, 30, 12), (1_500, 4, 20, 0)]
)
def test_seats_that_are_short_go_by_priority_as_in_the_plain_form(
    agents: int, seed: int, weeks: int, most: int
) -> None:
    seats = np.full((reduced.DISTRICTS, weeks), most)
    seats[::3] = most // 2
    plain = reduced_plain.simulate(agents, seed, weeks, OFTEN, seats)
    ours = reduced_vsim.simulate(agents, seed, weeks, OFTEN, "coupled", seats)
    for name in REPORTED:
        assert np.array_equal(getattr(plain, name), getattr(ours, name)), name
    assert (plain.services <= seats).all()
    assert most == 0 or (plain.services == seats).sum() > 100


@pytest.mark.slow
def test_the_three_forms_are_equal_in_a_large_run() -> None:
    runs = [reduced_vsim.simulate(300_000, 11, form=form) for form in reduced_vsim.FORMS]
    for other in runs[1:]:
        assert all(np.array_equal(a, b) for a, b in zip(runs[0][:4], other[:4], strict=True))
    assert runs[0].services.sum() > 145_000


@pytest.mark.slow
def test_a_kept_state_is_that_of_the_dense_form() -> None:
    (_, dense), (_, lazy) = (reduced_vsim.run(30_000, 3, 52, OFTEN, form, keep=True) for form in ("dense", "lazy"))
    for name in dense._fields:
        assert np.array_equal(getattr(dense, name), getattr(lazy, name)), name
    assert dense.points.sum() > 0
    assert sum(array.nbytes for array in dense) == 17 * 30_000


@pytest.mark.slow
def test_the_draws_of_the_stages_are_those_of_the_engine() -> None:
    from numba import njit

    philox = reduced_stages.philox

    @njit
    def words(c0: int, c1: int, c2: int, c3: int, k0: int, k1: int) -> tuple[int, int, int, int]:
        return philox(np.uint64(c0), np.uint64(c1), np.uint64(c2), np.uint64(c3), np.uint64(k0), np.uint64(k1))

    for counter, key in (((0, 0, 0, 0), (0, 0)), ((2**32 - 1,) * 4, (2**32 - 1,) * 2), ((7, 3, 51, 12), (99, 2**31))):
        plain = [int(word) for word in rng.philox4x32(counter, key)]
        assert list(words(*counter, *key)) == plain


@pytest.mark.slow
def test_mesa_agrees_within_sampling_error(replicates: list[reduced.Outcome]) -> None:
    from benchmarks import reduced_mesa

    apart = departures(replicates, [reduced_mesa.simulate(AGENTS, 5, share=OFTEN)])
    assert np.abs(apart).max() < LIMIT


@pytest.mark.slow
def test_a_mesa_model_that_differs_in_one_constant_is_found_out(
    replicates: list[reduced.Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    from benchmarks import reduced_mesa

    monkeypatch.setattr(reduced_mesa, "HABIT_GAIN", 0.15)
    assert np.abs(departures(replicates, [reduced_mesa.simulate(AGENTS, 5, share=OFTEN)])).max() > LIMIT


@pytest.mark.slow
def test_numpy_float_agrees_within_sampling_error(replicates: list[reduced.Outcome]) -> None:
    apart = departures(replicates, [reduced_numpy.simulate(AGENTS, seed, share=OFTEN) for seed in range(50)])
    assert np.abs(apart).max() < LIMIT


@pytest.mark.slow
@pytest.mark.parametrize(("constant", "value"), [
    ("INTERCEPTS", {OFTEN: -5.1}), ("HABIT_DECAY", 0.97), ("FATIGUE_GAIN", 0.4), ("LEAVE", 0.003),
    ("IDLE_WEEKS", 22), ("SEASON", 0.1),
])
def test_a_model_that_differs_in_one_constant_is_found_out(
    replicates: list[reduced.Outcome], monkeypatch: pytest.MonkeyPatch, constant: str, value: object
) -> None:
    monkeypatch.setattr(reduced, constant, value)
    apart = departures(replicates, [reduced_numpy.simulate(AGENTS, seed, share=OFTEN) for seed in range(50)])
    assert np.abs(apart).max() > LIMIT


@pytest.mark.slow
@pytest.mark.parametrize("share", reduced.INTERCEPTS)
def test_the_intercepts_give_the_weekly_shares_they_are_named_by(share: float) -> None:
    runs = [reduced_vsim.simulate(100_000, seed, share=share) for seed in range(3)]
    served = statistics.fmean(run.services.sum() for run in runs) / (100_000 * reduced.WEEKS)
    assert served == pytest.approx(share, rel=0.03)


def test_a_share_without_an_intercept_is_refused() -> None:
    from benchmarks.reduced_tables import tables

    with pytest.raises(SystemExit, match=r"weekly share is 0\.5; allowed 0\.002, 0\.01"):
        tables(0.5)
