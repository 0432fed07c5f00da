"""Made-up study results of a realistic size and shape, for charts, tables and pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from vsim.evaluate.scoring import Score
from vsim.report import figures
from vsim.report.figures import Chart
from vsim.run.tournament import Row

START = date(2024, 7, 1)
PILOT = ("D03", "D07", "D11", "D12", "D25", "D31")
YEARLY = "h per registered volunteer-year"
LUCK = np.random.default_rng(20241126)
NOISE = LUCK.normal(size=(6, 104))
PEOPLE = LUCK.normal(size=(2, 10_400))
CHANCE = LUCK.random((2, 10_400))


def weekly(weeks: int = 104) -> pd.DataFrame:
    """Return two arms and their difference, week by week: season, a campaign week, an effect that grows."""
    week = np.arange(weeks)
    season = 1 + 0.12 * np.sin(2 * np.pi * (week + 8) / 52) + np.where(week % 52 == 9, 0.45, 0)
    base = 2600 * season + 35 * NOISE[0, :weeks]
    grown = np.where(week < 26, 0, 330 * (1 - np.exp(-(week - 26) / 14)))
    effect = grown + np.where(week < 26, 0, 14 * NOISE[1, :weeks])
    band, error = 170 + 0.01 * base, np.where(week < 26, 0, 55.0)
    dates = pd.Timestamp("2024-01-01") + pd.to_timedelta(7 * week, unit="D")
    columns = {"week": week, "date": dates}
    for name, centre, half in (
        ("base", base, band),
        ("pilot", base + effect, band),
        ("effect", effect, error),
    ):
        columns |= {name: centre, f"{name}_low": centre - half, f"{name}_high": centre + half}
    return pd.DataFrame(columns)


def effects() -> pd.DataFrame:
    """Return effects of very different sizes, one of them open in sign, one far larger than the others."""
    rows = [
        ("hours_per_registered", "True hours per registered volunteer", YEARLY, 4.21, 0.42, 0.055),
        (
            "verified_hours_per_registered",
            "Verified hours per registered volunteer",
            YEARLY,
            2.90,
            0.62,
            0.06,
        ),
        (
            "active_share_year",
            "Active registered volunteers (a record in 52 weeks)",
            "share of registered volunteers",
            0.124,
            0.0071,
            0.0012,
        ),
        ("registered", "Registered volunteers", "persons", 10_412.0, 21.0, 14.0),
        ("hours", "True hours", "h per year", 43_834.0, 4_460.0, 590.0),
        ("trained", "Volunteers who pass a course", "persons per year", 12.0, 190.0, 8.0),
        (
            "unplaced_share",
            "Willing volunteers who find no seat",
            "share of the willing",
            0.221,
            -0.017,
            0.0025,
        ),
    ]
    frame = pd.DataFrame(rows, columns=["indicator", "label", "unit", "base", "value", "se"])
    return _finished(frame)


def by_district() -> pd.DataFrame:
    """Return one indicator's effect in 40 districts, six of them pilots."""
    codes = [f"D{place:02d}" for place in range(1, 41)]
    inside = np.isin(codes, PILOT)
    value = np.where(inside, 0.9 + 0.3 * NOISE[2, :40], 0.04 * NOISE[3, :40])
    frame = pd.DataFrame(
        {
            "indicator": "hours_per_registered",
            "label": "True hours per registered volunteer",
            "unit": YEARLY,
            "district": codes,
            "base": 4.2,
            "value": value,
            "se": 0.09 + 0.01 * np.abs(NOISE[4, :40]),
        }
    )
    return _finished(frame)


def by_group() -> pd.DataFrame:
    """Return one indicator's effect in four groups."""
    frame = pd.DataFrame(
        {
            "indicator": "hours_per_registered",
            "label": "True hours per registered volunteer",
            "unit": YEARLY,
            "age": ["14-17", "18-34", "35-59", "60 and over"],
            "base": [3.1, 3.9, 4.8, 5.5],
            "value": [0.61, 0.44, 0.36, 0.21],
            "se": [0.11, 0.08, 0.09, 0.12],
        }
    )
    return _finished(frame)


def _finished(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(
        pilot=frame["base"] + frame["value"],
        low=frame["value"] - 2.093 * frame["se"],
        high=frame["value"] + 2.093 * frame["se"],
        level=0.95,
        n=20,
        estimand="total",
    )


def layout() -> pd.DataFrame:
    codes = [f"D{place:02d}" for place in range(1, 41)]
    return figures.tile_layout(
        pd.DataFrame({"district": codes, "prefecture": np.repeat(["P1", "P2", "P3", "P4"], 10)})
    )


def register() -> pd.DataFrame:
    """Return true, recorded and verified hours a week."""
    truth = weekly()
    share = np.where(truth["week"] < 26, 0.62, 0.78)
    hours = {
        "true": truth["pilot"],
        "recorded": truth["pilot"] * 1.17 + 60 * NOISE[5],
        "verified": truth["pilot"] * share,
    }
    return pd.DataFrame({"week": truth["week"], "date": truth["date"], **hours})


def comparisons() -> pd.DataFrame:
    """Return the truth and three comparisons of the register."""
    rows = [
        ("Truth: the same people, with and without the policy", 0.42, 0.31, 0.53, "truth"),
        ("Pilot districts, after against before", 1.31, 1.02, 1.60, "naive"),
        ("Pilot districts against the others, after the start", 0.88, 0.50, 1.26, "naive"),
        ("Difference in differences of the two", 0.71, 0.35, 1.07, "naive"),
    ]
    return pd.DataFrame(rows, columns=["label", "value", "low", "high", "kind"])


def hours() -> Mapping[str, np.ndarray]:
    """Return hours of each registered volunteer in both worlds: most have none, a few have very many."""
    arms = {}
    for place, (arm, share, middle) in enumerate((("base", 0.124, 2.6), ("pilot", 0.131, 2.75))):
        arms[arm] = np.where(CHANCE[place] < share, np.exp(middle + 1.2 * PEOPLE[place]), 0).round(1)
    return arms


def appraised() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return six policies by cost and effect, and how often each is best by what a unit of effect is worth."""
    names = ["base", "reminders", "reminders + points", "a ladder of stars", "everything together", "courses alone"]
    cost = np.array([0.0, 2_500, 17_200, 42_700, 93_500, 150_000])
    effect = np.array([0.0, 3.19, 3.55, 0.35, 4.75, -0.2])
    state = ["on the frontier"] * 3 + ["dominated", "on the frontier", "dominated"]
    value = np.linspace(0, 200_000, 41)
    draws = effect[:, None] + 0.25 * PEOPLE[0, :6 * 200].reshape(6, 200) * (cost > 0)[:, None]
    rows = []
    for one in value:
        benefit = one * draws - cost[:, None]
        share = (benefit == benefit.max(axis=0)).mean(axis=1)
        best = int(benefit.mean(axis=1).argmax())
        rows.append({"value": one, **dict(zip(names, share, strict=True)), "best": names[best], "chance": share[best]})
    return pd.DataFrame({"policy": names, "cost": cost, "effect": effect, "state": state}), pd.DataFrame(rows)


def moved() -> pd.DataFrame:
    """Return an effect as it is, and with three numbers moved down and up, one of which turns its sign."""
    rows = [{"parameter": "", "end": "", "at": np.nan, "value": 0.31, "low": 0.22, "high": 0.40}]
    for key, ends, values in (("participation.taste_mean", (-2.55, -1.45), (-0.1, 0.5)),
                              ("choice.extra_mean", (0.24, 0.375), (0.3, 0.33)),
                              ("stars.award", (0.2, 0.31), (0.4, 0.2))):
        rows += [{"parameter": key, "end": end, "at": at, "value": value, "low": value - 0.08, "high": value + 0.08}
                 for end, at, value in zip(("low", "high"), ends, values, strict=True)]
    return pd.DataFrame(rows)


def pays() -> pd.DataFrame:
    """Return how often a policy is worth its cost, by what an hour is worth."""
    worth = np.array([0.0, 5, 10, 20, 50, 100, 150, 200, 500, 1000])
    return pd.DataFrame({"worth": worth, "share": 1 / (1 + np.exp((140 - worth) / 20))})


def played() -> list[Row]:
    """Return rows of a tournament: two designs, a named estimator each, and one that is far off."""
    one = Score(n=1000, failed=0, truth=1.0, bias=0.0, bias_se=0.01, rmse=0.3, mae=0.2, spread=0.3, se_ratio=1.0,
                coverage=0.95, coverage_se=0.007, coverage_centred=0.95, interval_score=1.2, significant=0.9,
                wrong_sign=0.0, exaggeration=1.0)
    off = replace(one, coverage=0.2, coverage_se=0.013, bias=0.8)
    return [
        Row(design, question, name, named, holds, "h", 1,
            one if holds and named else off if named else replace(off, bias=3.0))
        for design, question, name, named in (
            ("offer", "Q6", "difference in means", True), ("rollout", "Q3", "imputation", True),
            ("rollout", "Q3", "two-way fixed effects", False))
        for holds in (True, False)
    ]


CHARTS: dict[str, Callable[[], Chart]] = {
    "two_worlds": lambda: figures.two_worlds(
        weekly(), "True hours", "h per year", policy_start=START, replicates=20
    ),
    "weekly_effect": lambda: figures.weekly_effect(
        weekly(), "True hours", "h per year", policy_start=START, replicates=20
    ),
    "forest_indicators": lambda: figures.forest_indicators(effects()),
    "forest_groups": lambda: figures.forest_groups(by_group(), by="age"),
    "beside_truth": lambda: figures.beside_truth(
        comparisons(), "Verified hours per registered volunteer", YEARLY
    ),
    "district_map": lambda: figures.district_map(by_district(), layout(), pilot=PILOT),
    "register_and_truth": lambda: figures.register_and_truth(register(), policy_start=START),
    "hours_distribution": lambda: figures.hours_distribution(hours()),
    "cost_effectiveness": lambda: figures.cost_effectiveness(
        *appraised(), "True hours per registered volunteer", YEARLY
    ),
    "hangs_on": lambda: figures.hangs_on(moved(), "True hours per registered volunteer", YEARLY),
    "worth_it": lambda: figures.worth_it(pays(), price=138.0),
    "tournament": lambda: figures.tournament(played()),
}
