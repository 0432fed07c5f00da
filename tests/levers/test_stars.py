"""Stars: hours become quarter hours, missing steps are out of reach, and people respond as their cards say."""

from __future__ import annotations

import numpy as np
import pytest

import vsim
from tests.engine_worlds import SEED, START, alone, book, town
from vsim.levers.base import Span
from vsim.levers.stars import OUT_OF_REACH, Stars
from vsim.rng import stream_key
from vsim.run.compare import compare
from vsim.run.district import advance, begin
from vsim.world.ledgers import Book
from vsim.world.metrics import M

SPAN = Span(START, 24, 24)


def test_thresholds_are_kept_in_quarter_hours_and_missing_steps_are_out_of_reach() -> None:
    (edit,) = Stars.edits({"thresholds": (10.0, 20.5)}, town().values, SPAN)
    assert edit.table == "ladder"
    assert edit.ladder[:5] == (40, 82, OUT_OF_REACH, OUT_OF_REACH, OUT_OF_REACH)


def test_the_response_comes_from_the_cards_of_the_scenario() -> None:
    values = town({"stars.goal": 1.0, "stars.reset": 0.5, "stars.award": 0.25}).values
    (edit,) = Stars.edits({"thresholds": (1.0,)}, values, SPAN)
    assert edit.ladder[5:] == (1024, 512, 256)


def test_the_default_ladder_is_the_national_one() -> None:
    (planned,) = town(policies=(Stars(),)).schedule()
    assert planned.values["thresholds"] == (100, 300, 600, 1000, 1500)


@pytest.mark.parametrize("ladder", [[], [20, 10], [10, 10], [1, 2, 3, 4, 5, 6], [0.5], [5001]])
def test_a_ladder_that_is_no_ladder_is_refused(ladder: list[float]) -> None:
    with pytest.raises(vsim.UsageError, match="thresholds"):
        Stars(thresholds=ladder).policy()


def test_a_star_costs_its_certificate() -> None:
    assert Stars.cost({"yearly_cost": 12.0}, {"stars": 5}) == 60.0


def test_a_ladder_within_reach_grants_stars_and_one_out_of_reach_none() -> None:
    for ladder, granted in (([1, 2, 3], True), ([5000], False)):
        unit, settled = alone(town(policies=(Stars(thresholds=ladder),), residents=200, districts=1))
        end = advance(unit, settled, stream_key(SEED), begin(unit, settled), settled.weeks)
        assert (len(book(end, Book.STARS)) > 0) == granted
        assert int(end.state.star.max()) <= len(ladder)


def test_the_pull_of_a_near_star_raises_service_and_only_steered_people_feel_it() -> None:
    goal = {"stars.reset": 0.0, "stars.award": 0.0, "retention.exit_award": 0.0, "stars.goal": 1.3,
            "participation.taste_mean": -2.0}
    ladder = Stars(thresholds=[5, 10, 15, 20, 25])
    nobody = compare(town({**goal, "stars.steered": 0.0}), town({**goal, "stars.steered": 0.0}, policies=(ladder,)),
                     replicates=2, seed=SEED)
    assert np.array_equal(nobody.people[0][..., M.WILLING], nobody.people[1][..., M.WILLING])
    some = compare(town({**goal, "stars.steered": 0.3}), town({**goal, "stars.steered": 0.3}, policies=(ladder,)),
                   replicates=6, seed=SEED)
    assert some.effect("attendances").low > 0


def test_an_award_keeps_people_who_would_have_left() -> None:
    quiet = {"stars.reset": 0.0, "stars.award": 0.0, "stars.goal": 0.0, "retention.exit_award": -0.36,
             "retention.exit_base": -1.5, "stars.award_half_life": 104.0}
    study = compare(town(quiet), town(quiet, policies=(Stars(thresholds=[1]),)), replicates=6, seed=SEED)
    assert study.effect("left").value < 0
    assert study.effect("volunteers").value > 0
