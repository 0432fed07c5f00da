"""Item analysis against plain loops, scipy and statsmodels, on planted keys, and where nothing can be said."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.course.simulated import UNIT_ID, answers, simulated_course
from vsim.course.class_rehearsal import cronbach
from vsim.course.items import item_analysis
from vsim.course.items_lines import hc3, student
from vsim.course.items_theory import _resampled_weights, alpha_of, mean_share, theory, upper_lower
from vsim.course.report import class_report
from vsim.course.standing import standings


def points(n: int = 60, k: int = 6) -> Any:
    draw = np.random.default_rng(3)
    return ((draw.normal(size=(n, 1)) + draw.normal(size=(n, k))) > 0) * np.arange(1.0, k + 1)


def test_figures_equal_plain_loops_and_foreign_libraries() -> None:
    from scipy.stats import pearsonr
    from statsmodels.stats.proportion import proportion_confint

    table = points()
    most = table.max(axis=0)
    found = theory(table, most)
    assert found.alpha.value == pytest.approx(cronbach(table))
    for item in range(table.shape[1]):
        rest = np.delete(table, item, axis=1).sum(axis=1)
        other = pearsonr(table[:, item], rest)
        ends = other.confidence_interval()
        mine = found.item_rest[item]
        assert (mine.value, mine.low, mine.high) == pytest.approx((other.statistic, ends.low, ends.high))
        p = found.difficulty[item]
        right = int((table[:, item] > 0).sum())
        assert (p.low, p.high) == pytest.approx(proportion_confint(right, len(table), method="wilson"))


def test_the_upper_less_the_lower_group_is_what_sorting_says_and_ties_share() -> None:
    shares = points(100) / np.arange(1, 7)
    total = np.arange(100.0)
    expected = shares[73:].mean(axis=0) - shares[:27].mean(axis=0)
    assert upper_lower(np.ones((1, 100)), shares, total)[0] == pytest.approx(expected)
    assert upper_lower(np.ones((1, 100)), shares, np.zeros(100))[0] == pytest.approx(np.zeros(6))


def test_resampling_by_weights_is_resampling_by_rows() -> None:
    table = points(20)
    chosen = np.random.default_rng(1).integers(20, size=20)
    weights = np.bincount(chosen, minlength=20)[None, :].astype(float)
    assert alpha_of(weights, table)[0] == pytest.approx(cronbach(table[chosen]))


def test_resampled_classes_are_as_large_as_the_class_and_as_varied_as_chance() -> None:
    weights = _resampled_weights(50, 6, np.arange(2_000))
    assert (weights.sum(axis=1) == 50).all()
    assert weights.mean(axis=0) == pytest.approx(np.ones(50), abs=0.1)                      # 4.5 standard errors
    assert weights.var() == pytest.approx(1 - 1 / 50, rel=0.03)
    assert (weights[:1_000] == _resampled_weights(50, 6, np.arange(1_000))).all()


def test_lines_have_the_errors_that_statsmodels_gives() -> None:
    import statsmodels.api as sm
    from scipy.stats import t

    draw = np.random.default_rng(2)
    x = np.column_stack([np.ones(40), draw.normal(size=(40, 2))])
    y = x @ [1.0, 0.5, 0.0] + draw.normal(size=40)
    other = sm.OLS(y, x).fit(cov_type="HC3")
    assert hc3(y, x)[0] == pytest.approx(other.params)
    assert hc3(y, x)[1] == pytest.approx(other.bse)
    assert [student(0.95, n) for n in (8, 30)] == pytest.approx([t.ppf(0.975, n) for n in (8, 30)], rel=1e-4)


@pytest.mark.parametrize("n", [0, 1, 2, 30])
def test_where_nothing_varies_nothing_is_claimed(n: int) -> None:
    found = theory(np.ones((n, 3)), np.ones(3))
    assert all(np.isnan(one.value) for one in (*found.item_rest, found.alpha))
    assert all(np.isnan([one.low, one.high]).all() for one in found.discrimination)
    assert mean_share(np.ones(n)).low < 1


def test_a_bad_key_is_flagged_and_a_small_class_has_no_flags(tmp_path: Path) -> None:
    def keyed(learner: str, _unit: str, told: dict[str, Any]) -> dict[str, Any]:
        scores = told["kinds"]
        good = sum(kind == "right" for task, kind in scores.items() if task != "q4") == 3
        return {**told, "kinds": {**scores, "q4": "other" if good else "right"}}       # the key is the wrong way round

    for n, flagged in ((40, True), (12, False)):
        course = simulated_course(tmp_path / str(n), n, change=keyed)
        unit = course.unit(UNIT_ID)
        found = item_analysis(course, unit, standings(course, unit))
        codes = {(flag.code, flag.item) for flag in found.flags}
        assert (("check-key", "q4") in codes) == flagged
        assert flagged or not found.flags


def test_a_report_counts_everybody_once_and_names_slips(tmp_path: Path) -> None:
    course = simulated_course(tmp_path, 24, change=lambda who, _unit, told: None if who == "s0000" else told)
    found = class_report(course, now=datetime(2027, 1, 1, tzinfo=UTC))
    (unit,) = found.units
    assert sum(unit.states.values()) == 24
    assert unit.states["missing"] == 1
    assert ("s0000", "nothing") in {(one.learner, reason.code) for one in found.calls for reason in one.reasons}
    slips = {wrong.slip for item in unit.analysis.items for wrong in item.wrong}
    assert "share-not-per-100" in slips
    for item in unit.analysis.items:
        assert item.first + item.later + item.never == 23
    assert found.plain()["units"][0]["states"] == unit.states
    assert answers
