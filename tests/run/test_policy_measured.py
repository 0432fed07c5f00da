"""How evenly service is spread in a run: hours over people against `lives_of`, need over districts against a loop."""

from __future__ import annotations

import numpy as np
import pytest

import vsim
from tests.cli.small import town_run
from tests.run.choosing import price
from vsim.evaluate.equity import gini
from vsim.run.policy_measured import EQUITY, hours_of, measured, unmet_need
from vsim.run.run import TASK_COLUMNS
from vsim.run.window import lives_of
from vsim.world.metrics import A


def test_hours_are_those_of_the_lives_of_a_run() -> None:
    run = town_run()
    hours = lives_of(run, 16).hours / 4
    np.testing.assert_array_equal(np.sort(hours_of(run, range(4, 20))), np.sort(hours[hours > 0]))
    assert hours_of(run, range(20)).sum() * 4 == run.weekly("all")["hours"].sum()
    kept = measured(run, range(4, 20))
    assert kept.equity["gini_of_hours"] == pytest.approx(gini(hours[hours > 0]))
    assert kept.yuan == pytest.approx(price(run))
    assert set(kept.equity) == set(EQUITY)
    assert np.isnan(measured(run, range(4, 20), costed=False).yuan)


def test_need_of_a_district_counts_needs_that_nobody_posted() -> None:
    run = town_run()
    weekly = run.weekly("district")
    found = []
    for district in ("D01", "D02", "D03", "D04"):
        here = weekly[weekly["district"] == district]
        need = here["arisen"].sum() * here["needed"].sum() / here["posted"].sum()
        found.append(1 - min(here["staffed"].sum(), need) / need)
    np.testing.assert_allclose(unmet_need(run.tasks), found)
    gap = measured(run, range(20)).equity["gap_between_districts"]
    assert gap == pytest.approx(max(found) - min(found))
    assert 0 < gap < 1


def test_a_district_without_need_has_no_share_and_one_where_nothing_is_posted_misses_all() -> None:
    tasks = np.zeros((3, 2, len(TASK_COLUMNS)), dtype=np.int64)
    tasks[1, :, A.ARISEN] = 4
    tasks[2, :, [A.ARISEN, A.POSTED, A.NEEDED, A.STAFFED]] = np.array([[4], [2], [6], [3]])
    np.testing.assert_array_equal(unmet_need(tasks), [np.nan, 1.0, 0.75])


def test_one_district_has_no_gap() -> None:
    run = vsim.simulate(vsim.scenario("toy").for_weeks(8), 1)
    assert np.isnan(measured(run, range(8)).equity["gap_between_districts"])
