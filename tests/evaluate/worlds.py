"""Small data sets with a known effect, one for each design, and every estimator on its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from vsim import evaluate

EFFECT = 1.0


class Use(NamedTuple):
    """One estimator as it is used: its data, the columns it needs by argument, further arguments, what it answers."""

    data: Callable[[], pd.DataFrame]
    columns: dict[str, str]
    more: dict[str, Any]
    read: Callable[[Any], float]


def luck(seed: int = 5) -> np.random.Generator:
    return np.random.default_rng(seed)


def trial(n: int = 240) -> pd.DataFrame:
    """A randomised offer in groups of eight, with a covariate, a running number and a take-up."""
    chance = luck()
    group = np.arange(n) // 8
    on = (group % 2).astype(np.int64)
    before = chance.normal(size=n)
    taken = np.where(chance.random(n) < 0.8, on, 1 - on)
    middle = 0.5 * on + chance.normal(size=n)
    return pd.DataFrame({
        "person": np.arange(n), "group": group, "on": on, "before": before, "taken": taken, "middle": middle,
        "hours": EFFECT * on + 0.7 * before + chance.normal(size=n), "gain": EFFECT * taken + chance.normal(size=n),
        "late": middle + 0.3 * on + chance.normal(size=n),
    })


def selected() -> pd.DataFrame:
    """Treatment that goes to those who would do well anyway, and a seen reason for it."""
    chance = luck(6)
    reason = chance.normal(size=600)
    on = (chance.random(600) < 1 / (1 + np.exp(-reason))).astype(np.int64)
    return pd.DataFrame({"on": on, "reason": reason, "hours": EFFECT * on + reason + chance.normal(size=600)})


def rollout(units: int = 30, weeks: int = 12) -> pd.DataFrame:
    """A roll-out in two steps with a third of the units left out."""
    chance = luck(7)
    rows = []
    for unit in range(units):
        start = (np.nan, 5, 8)[unit % 3]
        own = chance.normal()
        for week in range(weeks):
            on = week >= start
            rows.append((f"D{unit:02d}", week, start, int(on), own + 0.1 * week + EFFECT * on + 0.3 * chance.normal()))
    return pd.DataFrame(rows, columns=["district", "week", "first", "under", "hours"])


def one_city() -> pd.DataFrame:
    """One treated unit whose past is a mix of others'."""
    chance = luck(8)
    trends, weights = chance.normal(size=(2, 14)).cumsum(axis=1), chance.random((8, 2))
    weights[0] = weights[1:4].mean(axis=0)
    base = weights @ trends + 0.1 * chance.normal(size=(8, 14))
    rows = [(f"C{k}", t, int(k == 0 and t >= 9), base[k, t] + EFFECT * (k == 0 and t >= 9))
            for k in range(8) for t in range(14)]
    return pd.DataFrame(rows, columns=["city", "year", "under", "hours"])


def threshold() -> pd.DataFrame:
    chance = luck(9)
    x = chance.uniform(0, 200, 1500)
    return pd.DataFrame({"verified": x, "hours": 0.01 * x + EFFECT * (x >= 100) + 0.5 * chance.normal(size=x.size)})


def spells() -> pd.DataFrame:
    chance = luck(10)
    on = np.arange(400) % 2
    time, end = chance.exponential(10 * np.exp(0.5 * on)), chance.uniform(5, 30, on.size)
    return pd.DataFrame({"on": on, "weeks": np.minimum(time, end), "left": (time <= end).astype(np.int64),
                         "age": chance.normal(size=on.size)})


def holes() -> pd.DataFrame:
    """A trial whose outcome, between 0 and 1, was not always seen."""
    frame = trial()
    share = frame["hours"].rank(pct=True)
    return frame.assign(share=share.where(luck(11).random(len(frame)) < 0.7 + 0.2 * frame["on"]))


def two_places() -> pd.DataFrame:
    """A trial of one place, where a third are students, and the people of another, where two thirds are."""
    chance = luck(12)
    trial = np.arange(900) < 600
    student = (chance.random(900) < np.where(trial, 1 / 3, 2 / 3)).astype(np.int64)
    on = np.where(trial, np.arange(900) % 2, np.nan)
    hours = 0.5 * student + EFFECT * on * (1 + student) + chance.normal(size=900)
    return pd.DataFrame({"trial": trial.astype(np.int64), "student": student, "on": on, "hours": hours})


def months() -> pd.DataFrame:
    """A series that returns to its mean."""
    chance, hours = luck(13), [100.0]
    for _ in range(59):
        hours.append(50.0 + 0.5 * hours[-1] + 4 * chance.normal())
    return pd.DataFrame({"month": np.arange(60), "hours": hours})


TRIAL = {"outcome": "hours", "treated": "on"}
PANEL = {"outcome": "hours", "unit": "district", "time": "week"}
VALUE: Callable[[Any], float] = lambda found: found.value           # noqa: E731
USES: dict[str, Use] = {
    "difference_in_means": Use(trial, TRIAL, {}, VALUE),
    "randomisation_test": Use(trial, {**TRIAL, "cluster": "group"}, {"draws": 200}, lambda found: found.statistic),
    "did": Use(rollout, {**PANEL, "treated": "under"}, {}, VALUE),
    "staggered_did": Use(rollout, {**PANEL, "start": "first"}, {}, VALUE),
    "event_study": Use(rollout, {**PANEL, "start": "first"}, {"method": "imputation"}, lambda found: found[0].value),
    "rd": Use(threshold, {"outcome": "hours", "running": "verified"}, {"cutoff": 100.0},
              lambda found: found.jump.value),
    "rd_density": Use(threshold, {"running": "verified"}, {"cutoff": 100.0}, lambda found: found.statistic),
    "bunching": Use(threshold, {"running": "verified"}, {"cutoff": 100.0, "width": 5.0}, VALUE),
    "iv": Use(trial, {"outcome": "gain", "treatment": "taken", "instruments": "on", "cluster": "group"}, {},
              lambda found: found.effect.value),
    "synthetic_control": Use(one_city, {"outcome": "hours", "unit": "city", "time": "year", "treated": "under"}, {},
                             lambda found: found.effect.value),
    "synthetic_did": Use(one_city, {"outcome": "hours", "unit": "city", "time": "year", "treated": "under"}, {}, VALUE),
    "kaplan_meier": Use(spells, {"duration": "weeks", "event": "left", "by": "on"}, {},
                        lambda found: float(found["survival"].sum())),
    "logrank": Use(spells, {"duration": "weeks", "event": "left", "treated": "on"}, {}, lambda found: found.statistic),
    "cox": Use(spells, {"duration": "weeks", "event": "left", "treated": "on"}, {}, VALUE),
    "rmst": Use(spells, {"duration": "weeks", "event": "left", "treated": "on"}, {"until": 15.0}, VALUE),
    "weighted": Use(selected, TRIAL, {"covariates": ["reason"]}, VALUE),
    "transported": Use(two_places, {**TRIAL, "study": "trial"}, {"covariates": ["student"]}, VALUE),
    "forecast": Use(months, {"outcome": "hours", "time": "month"}, {}, VALUE),
    "causal_forest": Use(trial, TRIAL, {"covariates": ["before"], "trees": 40},
                         lambda found: float(found.effects["effect"].mean())),
    "lee": Use(holes, {"outcome": "share", "treated": "on"}, {}, lambda found: found.high),
    "manski": Use(holes, {"outcome": "share", "treated": "on"}, {"least": 0.0, "most": 1.0}, lambda found: found.high),
    "mediation": Use(trial, {"outcome": "late", "treated": "on", "mediator": "middle"}, {"draws": 100},
                     lambda found: found.total.value),
}


def run(name: str, frame: pd.DataFrame, columns: dict[str, str] | None = None, **more: Any) -> Any:
    """Run an estimator on a frame, with other columns or arguments."""
    use = USES[name]
    return getattr(evaluate, name)(frame, **(use.columns if columns is None else columns), **{**use.more, **more})


def answer(name: str, frame: pd.DataFrame, columns: dict[str, str] | None = None) -> float:
    """Return the number that an estimator gives."""
    return float(USES[name].read(run(name, frame, columns)))
