"""How many replicates suffice: the least that is narrow enough, a study carried on, an interval that still covers."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest

from tests.run.truth_brute import HALF, OATH, SEED, WIDTH, plain_town
from vsim.errors import UsageError
from vsim.evaluate.intervals import t_quantile
from vsim.run.truth_effects import Truths
from vsim.run.truth_replicates import FEWEST, Enough, enough, more, replicates_needed, truths_until
from vsim.run.truth_twins import truths


@cache
def study(replicates: int, first: int = 0, flips: int = 0) -> Truths:
    return truths(plain_town(), plain_town(HALF, OATH), replicates=replicates, first=first, flips=flips, seed=SEED,
                  window=WIDTH)


@cache
def until(half_width: float, cap: int = 60) -> Enough:
    return truths_until(plain_town(), plain_town(HALF, OATH), half_width=half_width, estimand="overall", cap=cap,
                        seed=SEED, window=WIDTH)


@pytest.mark.parametrize("sd", [0.01, 0.5, 1.0, 7.0])
@pytest.mark.parametrize("level", [0.5, 0.95, 0.99])
def test_the_number_is_the_least_that_is_narrow_enough(sd: float, level: float) -> None:
    draws = np.array([-1.0, 0.0, 1.0]) * sd
    n = enough(draws, 1.0, level)
    first = next(k for k in range(2, 10_000) if t_quantile(level, k - 1) * sd / math.sqrt(k) <= 1.0)
    assert n == first


def test_twice_as_narrow_takes_four_times_as_many_and_no_luck_needs_two() -> None:
    draws = np.array([-1.0, 0.0, 1.0])
    assert enough(draws, 0.05) / enough(draws, 0.1) == pytest.approx(4, rel=0.01)
    assert enough(np.zeros(5), 0.1) == 2


def test_the_pilot_may_be_the_first_replicates_of_a_study() -> None:
    draws = study(12).draws("overall")
    assert replicates_needed(study(12), "overall", half_width=0.01) == enough(draws, 0.01)
    assert replicates_needed(study(12), "overall", half_width=0.01, pilot=5) == enough(draws[:5], 0.01)
    with pytest.raises(UsageError, match="pilot is 13; allowed 2 to 12"):
        replicates_needed(study(12), half_width=0.01, pilot=13)


@pytest.mark.slow
def test_a_study_carried_on_is_one_that_was_longer_from_the_start() -> None:
    longer = more(study(2, flips=3), 2, flips=3)
    whole = study(4, flips=3)
    for estimand in ("total", "overall", "att", "spillover", "direct", "wedge"):
        assert longer.draws(estimand).tolist() == whole.draws(estimand).tolist()
    late = more(study(1, first=2), 1)
    assert late.draws("overall").tolist() == study(4).draws("overall")[2:].tolist()


@pytest.mark.slow
def test_it_goes_on_until_the_interval_is_as_narrow_as_asked_for() -> None:
    pilot = study(20).effect("overall")
    width = (pilot.high - pilot.low) / 2
    found = until(0.6 * width)
    assert found.met
    assert (found.estimate.high - found.estimate.low) / 2 <= 0.6 * width
    assert found.rounds[0] == 20
    assert list(found.rounds) == sorted(set(found.rounds))
    assert found.rounds[-1] == found.truths.replicates == found.estimate.n > 20
    assert found.truths.draws("overall")[:20].tolist() == study(20).draws("overall").tolist()


@pytest.mark.slow
def test_it_stops_at_once_when_twenty_are_enough_and_gives_up_at_the_cap() -> None:
    assert until(10.0).rounds == (20,)
    assert until(10.0).met
    given_up = until(1e-6, cap=22)
    assert not given_up.met
    assert given_up.truths.replicates == 22
    assert given_up.needed > 1000


@pytest.mark.slow
def test_the_stopped_interval_covers_as_often_as_it_says() -> None:
    """Normal draws with a known mean, the rule of `truths_until` on them: 400 sequences, numbers alone."""
    from vsim.rng import Stream, draw, stream_key

    words = draw(stream_key(4), Stream.SAMPLE, np.arange(400 * 300, dtype=np.uint32), 0, 0)
    u = (np.array(words[:2], dtype=np.float64) + 0.5) / 2.0**32
    normal = np.sqrt(-2 * np.log(u[0])) * np.cos(2 * np.pi * u[1])
    covered = []
    for sequence in normal.reshape(400, 300):
        n = FEWEST
        while (wanted := enough(sequence[:n], 0.35)) > n:
            n = min(wanted, 300)
        se = sequence[:n].std(ddof=1) / math.sqrt(n)
        covered.append(abs(sequence[:n].mean()) <= t_quantile(0.95, n - 1) * se)
    assert np.mean(covered) > 0.95 - 3 * math.sqrt(0.95 * 0.05 / 400) - 0.01


@pytest.mark.parametrize(("how", "message"), [
    ({"half_width": 0.0}, r"half_width is 0; allowed above 0"), ({"half_width": 1.0, "start": 5}, r"start is 5"),
    ({"half_width": float("nan")}, r"half_width is nan"),
    ({"half_width": 1.0, "cap": 19}, r"cap 19; allowed 20 or more"),
])
def test_a_wrong_question_is_refused_before_any_run(how: dict[str, float], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        truths_until(plain_town(), plain_town(HALF), **how)   # type: ignore[arg-type]


def test_an_estimand_that_is_not_defined_in_every_replicate_has_no_number() -> None:
    with pytest.raises(UsageError, match="not defined in every replicate"):
        enough(np.array([1.0, np.nan, 2.0]), 0.1)
    with pytest.raises(UsageError, match="1 in the pilot"):
        enough(np.array([1.0]), 0.1)
