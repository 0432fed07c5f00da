"""Each estimator beside a foreign implementation - another library, or the textbook's formula - and a known effect."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats

from tests.evaluate import worlds
from tests.evaluate.worlds import EFFECT, USES, luck, run
from vsim import evaluate
from vsim.errors import DataError

pytestmark = pytest.mark.slow


def sides(frame: pd.DataFrame, outcome: str = "hours", treated: str = "on") -> tuple[np.ndarray, np.ndarray]:
    return tuple(frame.loc[frame[treated] == side, outcome].to_numpy() for side in (1, 0))          # type: ignore[return-value]


def test_a_difference_in_means_has_welchs_error() -> None:
    frame = worlds.trial()
    found = evaluate.difference_in_means(frame, outcome="hours", treated="on")
    a, b = sides(frame)
    assert found.value == pytest.approx(a.mean() - b.mean())
    assert found.se == pytest.approx(np.sqrt(a.var(ddof=1) / a.size + b.var(ddof=1) / b.size))
    assert found.low < EFFECT < found.high


def test_errors_of_clusters_are_those_of_the_sandwich() -> None:
    frame = worlds.trial()
    found = evaluate.difference_in_means(frame, outcome="hours", treated="on", cluster="group")
    x = np.column_stack([np.ones(len(frame)), frame["on"]])
    y = frame["hours"].to_numpy()
    bread = np.linalg.inv(x.T @ x)
    left = y - x @ (bread @ x.T @ y)
    scores = np.array([x[rows].T @ left[rows] for rows in frame.groupby("group").indices.values()])
    groups, n = len(scores), len(frame)
    factor = groups / (groups - 1) * (n - 1) / (n - 2)
    assert found.se == pytest.approx(np.sqrt((bread @ (scores.T @ scores) @ bread)[1, 1] * factor))
    assert found.high - found.value == pytest.approx(stats.t.ppf(0.975, groups - 1) * found.se)


def test_adjustment_for_a_covariate_is_lins_and_narrows_the_interval() -> None:
    frame = worlds.trial()
    found = evaluate.difference_in_means(frame, outcome="hours", treated="on", covariates=["before"])
    centred = frame["before"] - frame["before"].mean()
    means = [np.polyval(np.polyfit(centred[frame["on"] == side], frame.loc[frame["on"] == side, "hours"], 1), 0.0)
             for side in (1, 0)]
    assert found.value == pytest.approx(means[0] - means[1])
    assert found.se < evaluate.difference_in_means(frame, outcome="hours", treated="on").se


def test_a_randomisation_test_of_few_units_goes_through_all_assignments() -> None:
    frame = pd.DataFrame({"on": [1, 1, 1, 0, 0, 0], "hours": [9.0, 8.0, 7.0, 3.0, 2.0, 1.0]})
    found = evaluate.randomisation_test(frame, outcome="hours", treated="on")
    assert found.pvalue == pytest.approx(2 / 20)                  # of 20 assignments this and its mirror are as extreme


def test_did_is_least_squares_with_dummies() -> None:
    frame = worlds.rollout()
    found = run("did", frame)
    dummies = pd.get_dummies(frame[["district", "week"]].astype(str), dtype=float)
    x = np.column_stack([frame["under"], dummies])
    assert found.value == pytest.approx(np.linalg.lstsq(x, frame["hours"], rcond=None)[0][0])


def test_callaway_and_santanna_equal_another_implementation() -> None:
    from moderndid import aggte, att_gt

    frame = worlds.rollout()
    ids = pd.factorize(frame["district"])[0]
    other = frame.assign(unit=ids, first=frame["first"].fillna(0.0), week=frame["week"] + 1.0)
    other["first"] = other["first"].where(other["first"] == 0, other["first"] + 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = att_gt(data=other, yname="hours", tname="week", gname="first", idname="unit",
                      control_group="nevertreated", est_method="reg", boot=False)
        simple: Any = aggte(made, type="simple")
    found = evaluate.staggered_did(frame, outcome="hours", unit="district", time="week", start="first", control="never")
    assert found.value == pytest.approx(float(simple.overall_att), abs=1e-9)
    assert found.low < EFFECT < found.high


def test_imputation_fills_in_what_would_have_been() -> None:
    frame = worlds.rollout()
    dummies = np.column_stack([pd.get_dummies(frame[["district", "week"]].astype(str), dtype=float)])
    on = frame["under"].to_numpy() == 1
    fitted = dummies @ np.linalg.lstsq(dummies[~on], frame["hours"].to_numpy()[~on], rcond=None)[0]
    found = evaluate.staggered_did(frame, outcome="hours", unit="district", time="week", start="first",
                                   method="imputation")
    assert found.value == pytest.approx((frame["hours"] - fitted)[on].mean())
    assert found.low < EFFECT < found.high


def test_an_event_study_is_flat_before_and_at_the_effect_after() -> None:
    for method in ("callaway_santanna", "sun_abraham"):
        by_time = evaluate.event_study(worlds.rollout(), outcome="hours", unit="district", time="week", start="first",
                                       method=method)
        before, after = ([one for since, one in by_time.items() if (since >= 0) is side] for side in (False, True))
        assert abs(np.mean([one.value for one in before])) < 0.1
        assert np.mean([one.value for one in after]) == pytest.approx(EFFECT, abs=0.15)
        assert all(one.estimand == f"att({since})" for since, one in by_time.items())


def test_a_discontinuity_equals_rdrobust() -> None:
    from rdrobust import rdrobust

    frame = worlds.threshold()
    found = evaluate.rd(frame, outcome="hours", running="verified", cutoff=100.0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = rdrobust(frame["hours"].to_numpy(), frame["verified"].to_numpy(), c=100.0)
    assert found.jump.value == pytest.approx(float(theirs.coef.iloc[0, 0]), rel=1e-6)
    assert (found.jump.low, found.jump.high) == pytest.approx(tuple(theirs.ci.iloc[2]), rel=1e-6)
    assert found.jump.low < EFFECT < found.jump.high


def test_a_fuzzy_discontinuity_is_the_ratio_of_two_jumps() -> None:
    chance = luck(3)
    frame = worlds.threshold()
    taken = chance.random(len(frame)) < 0.2 + 0.6 * (frame["verified"] >= 100)
    frame = frame.assign(taken=taken.astype(int), hours=EFFECT * taken + 0.3 * chance.normal(size=len(frame)))
    width = {"running": "verified", "cutoff": 100.0, "bandwidth": 40.0}
    fuzzy = evaluate.rd(frame, outcome="hours", takeup="taken", **width)                        # type: ignore[arg-type]
    jump = evaluate.rd(frame, outcome="hours", **width).jump.value                              # type: ignore[arg-type]
    assert fuzzy.first_stage is not None
    assert fuzzy.jump.value == pytest.approx(jump / fuzzy.first_stage)


def test_the_density_test_equals_rddensity() -> None:
    from rddensity import rddensity

    frame = worlds.threshold()
    found = evaluate.rd_density(frame, running="verified", cutoff=100.0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = rddensity(frame["verified"].to_numpy(), c=100.0)
    assert found.statistic == pytest.approx(float(theirs.test["t_jk"]), rel=1e-5)
    near = frame["verified"].between(70, 100) & (np.arange(len(frame)) % 2 == 0)       # half of them put in the rest
    moved = frame["verified"].where(~near, 100 + (frame["verified"] - 70) / 3)
    assert evaluate.rd_density(frame.assign(verified=moved), running="verified", cutoff=100.0).pvalue < 0.001


def test_bunching_finds_the_mass_that_was_moved() -> None:
    even = np.linspace(0, 200, 40_001)[:-1] + 0.0025
    some = (even >= 90) & (even < 100) & (np.arange(even.size) % 2 == 0)
    moved = np.where(some, 100 + (even - 90) / 2, even)           # a thousand go to the bin that begins at the cutoff
    found = evaluate.bunching(pd.DataFrame({"x": moved}), running="x", cutoff=100.0, width=5.0, bins_below=2,
                              bins_above=1)
    assert found.value == pytest.approx(1.0, abs=0.02)            # a bin holds a thousand
    quiet = evaluate.bunching(pd.DataFrame({"x": even}), running="x", cutoff=100.0, width=5.0)
    assert quiet.value == pytest.approx(0.0, abs=0.02)


def test_one_instrument_gives_walds_ratio_and_liml_the_same() -> None:
    frame = worlds.trial()
    both = [evaluate.iv(frame, outcome="gain", treatment="taken", instruments="on", method=m) for m in ("2sls", "liml")]
    ratio = np.subtract(*(np.mean(x) for x in sides(frame, "gain"))) / np.subtract(
        *(np.mean(x) for x in sides(frame, "taken")))
    assert [one.effect.value for one in both] == pytest.approx([ratio, ratio])
    assert both[0].first_stage["on"] == pytest.approx(np.subtract(*(np.mean(x) for x in sides(frame, "taken"))))
    assert both[0].first_stage_f > 50


def test_a_synthetic_control_is_the_nearest_mix_of_the_others() -> None:
    frame = worlds.one_city()
    found = run("synthetic_control", frame)
    wide = frame.pivot_table(index="city", columns="year", values="hours").to_numpy()
    own, pool = wide[0, :9], wide[1:, :9]
    best = optimize.minimize(lambda w: ((own - w @ pool) ** 2).sum(), np.full(7, 1 / 7), method="SLSQP",
                             bounds=[(0, 1)] * 7, constraints={"type": "eq", "fun": lambda w: w.sum() - 1},
                             options={"ftol": 1e-14, "maxiter": 1000})
    gap = (wide[0, 9:] - best.x @ wide[1:, 9:]).mean()
    assert found.effect.value == pytest.approx(gap, abs=0.01)
    assert sum(found.weights.values()) == pytest.approx(1.0, abs=1e-4)
    assert set(found.weights) <= {f"C{k}" for k in range(1, 8)}
    assert found.path["gap"].iloc[9:].mean() == pytest.approx(found.effect.value)


def test_synthetic_did_equals_another_port() -> None:
    from synthdid import panel_matrices, synthdid_estimate

    frame = worlds.one_city()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        setup = panel_matrices(frame, unit="city", time="year", outcome="hours", treatment="under")
        theirs = synthdid_estimate(setup.Y, setup.N0, setup.T0)
    assert run("synthetic_did", frame).value == pytest.approx(float(theirs), rel=1e-3)


def test_kaplan_meier_and_logrank_equal_scipy() -> None:
    frame = worlds.spells()
    data = {side: stats.CensoredData.right_censored(part["weeks"], part["left"] == 0)
            for side, part in frame.groupby("on")}
    curve = run("kaplan_meier", frame)
    for side in (0, 1):
        theirs = stats.ecdf(data[side]).sf
        mine = curve[(curve["group"] == str(side)) & (curve["time"] > 0)]
        assert np.interp(theirs.quantiles, mine["time"], mine["survival"]) == pytest.approx(theirs.probabilities)
    found = run("logrank", frame)
    theirs = stats.logrank(x=data[0], y=data[1])
    assert found.statistic == pytest.approx(theirs.statistic**2)
    assert found.pvalue == pytest.approx(theirs.pvalue)


def test_cox_equals_statsmodels_with_efrons_ties() -> None:
    import statsmodels.api as sm

    frame = worlds.spells().assign(weeks=lambda f: np.ceil(f["weeks"]))          # ties
    found = evaluate.cox(frame, duration="weeks", event="left", treated="on", covariates=["age"])
    theirs = sm.PHReg(frame["weeks"], frame[["on", "age"]], status=frame["left"], ties="efron").fit()
    assert found.value == pytest.approx(theirs.params[0], rel=1e-3)
    assert found.se == pytest.approx(theirs.bse[0], rel=1e-3)
    assert found.low < -0.5 < found.high


def test_restricted_mean_time_is_the_area_and_its_error_that_of_the_bootstrap() -> None:
    frame = worlds.spells()
    found = evaluate.rmst(frame, duration="weeks", event="left", treated="on", until=15.0)

    def area(part: pd.DataFrame) -> float:
        data = stats.CensoredData.right_censored(part["weeks"], part["left"] == 0)
        curve = stats.ecdf(data).sf
        edges = np.concatenate([[0.0], curve.quantiles[curve.quantiles < 15.0], [15.0]])
        return float((np.diff(edges) * np.concatenate([[1.0], curve.probabilities[curve.quantiles < 15.0]])).sum())

    parts = [frame[frame["on"] == side] for side in (1, 0)]
    assert found.value == pytest.approx(area(parts[0]) - area(parts[1]), rel=1e-9)
    again = [np.subtract(*(area(part.sample(len(part), replace=True, random_state=k)) for part in parts))
             for k in range(200)]
    assert found.se == pytest.approx(np.std(again), rel=0.2)


def test_weights_and_the_doubly_robust_form_are_the_textbooks() -> None:
    import statsmodels.api as sm

    frame = worlds.selected()
    x = sm.add_constant(frame[["reason"]])
    chance = np.asarray(sm.Logit(frame["on"], x).fit(disp=0).predict())
    on, y = frame["on"].to_numpy(), frame["hours"].to_numpy()
    hajek = np.average(y, weights=on / chance) - np.average(y, weights=(1 - on) / (1 - chance))
    fits = [sm.OLS(y[on == side], x[on == side]).fit().predict(x).to_numpy() for side in (1, 0)]
    robust = np.mean(fits[0] - fits[1] + on * (y - fits[0]) / chance - (1 - on) * (y - fits[1]) / (1 - chance))
    use = {"outcome": "hours", "treated": "on", "covariates": ["reason"]}
    ipw, aipw = (evaluate.weighted(frame, method=method, **use) for method in ("ipw", "aipw"))   # type: ignore[arg-type]
    assert ipw.value == pytest.approx(hajek, rel=1e-6)
    assert aipw.value == pytest.approx(robust, rel=1e-6)
    assert aipw.low < EFFECT < aipw.high
    assert evaluate.difference_in_means(frame, outcome="hours", treated="on").low > EFFECT, "what adjusting is for"


def test_the_doubly_robust_error_is_that_of_the_bootstrap_also_with_two_groups_for_covariate() -> None:
    chance = luck(21)
    member = (chance.random(900) < 0.1).astype(float)
    on = (chance.random(900) < 0.3 + 0.4 * member).astype(int)
    hours = 12 + 8 * member + EFFECT * on + 18 * chance.normal(size=900)
    frame = pd.DataFrame({"on": on, "member": member, "hours": hours})
    use: dict[str, Any] = {"outcome": "hours", "treated": "on", "covariates": ["member"]}
    found = evaluate.weighted(frame, **use)
    again = [evaluate.weighted(frame.sample(len(frame), replace=True, random_state=k), **use).value for k in range(80)]
    assert found.se == pytest.approx(np.std(again), rel=0.2)
    strata = frame.pivot_table(index="member", columns="on", values="hours")
    by_strata = ((strata[1] - strata[0]) * frame["member"].value_counts(normalize=True)).sum()
    assert found.value == pytest.approx(by_strata), "with groups for covariates it is standardisation over them"


def test_without_overlap_nothing_is_weighted() -> None:
    frame = worlds.selected()
    with pytest.raises(DataError, match="nobody is like them"):
        evaluate.weighted(frame.assign(reason=20 * (frame["on"] - 0.5) + frame["reason"]), outcome="hours",
                          treated="on", covariates=["reason"])


def test_a_forest_finds_whom_the_treatment_helps() -> None:
    chance = luck(12)
    n = 800
    frame = pd.DataFrame({"on": np.arange(n) % 2, "x": chance.normal(size=n), "noise": chance.normal(size=n)})
    true = 2.0 * (frame["x"] > 0.7)
    frame["hours"] = true * frame["on"] + 0.5 * chance.normal(size=n)
    found = evaluate.causal_forest(frame, outcome="hours", treated="on", covariates=["x", "noise"], trees=100)
    assert np.corrcoef(found.effects["effect"], true)[0, 1] > 0.8
    assert found.best.value > found.average.value > found.rest.value
    assert found.best.estimand != found.average.estimand


def test_bounds_are_those_of_the_paper_by_hand() -> None:
    frame = pd.DataFrame({"on": [1] * 4 + [0] * 4, "share": [0.2, 0.4, 0.6, 0.8, 0.1, 0.3, 0.5, np.nan]})
    worst = evaluate.manski(frame, outcome="share", treated="on", least=0.0, most=1.0)
    assert (worst.low, worst.high) == pytest.approx((0.5 - 1.9 / 4, 0.5 - 0.9 / 4))
    trimmed = evaluate.lee(frame, outcome="share", treated="on")      # a quarter more of the treated is seen: one
    assert (trimmed.low, trimmed.high) == pytest.approx((0.4 - 0.3, 0.6 - 0.3))
    assert trimmed.outer_low <= trimmed.low <= trimmed.high <= trimmed.outer_high
    assert USES["lee"].read(trimmed) == trimmed.high


def test_mediation_in_linear_models_is_the_product_of_coefficients() -> None:
    import statsmodels.formula.api as smf

    frame = worlds.trial()
    found = evaluate.mediation(frame, outcome="late", treated="on", mediator="middle")
    a = smf.ols("middle ~ on", frame).fit().params["on"]
    fit = smf.ols("late ~ on + middle", frame).fit().params
    assert found.indirect.value == pytest.approx(a * fit["middle"], abs=0.02)
    assert found.direct.value == pytest.approx(fit["on"], abs=0.02)
    assert found.total.value == pytest.approx(found.indirect.value + found.direct.value, abs=1e-9)


def test_a_treatment_that_is_its_own_instrument_is_least_squares() -> None:
    frame = worlds.trial()
    found = evaluate.iv(frame, outcome="gain", treatment="hours", instruments="hours")
    slope = np.polyfit(frame["hours"], frame["gain"], 1)[0]
    assert found.effect.value == pytest.approx(slope)
    assert (found.first_stage_f, found.first_stage) == (np.inf, {"hours": 1.0})
