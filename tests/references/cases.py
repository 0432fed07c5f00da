"""Our side of the published results: each case reads data that a package ships and returns value and standard error."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from vsim import evaluate
from vsim.spec.estimate import Estimate

Answer = tuple[float, float | None]
CASES: dict[str, Callable[[], Answer]] = {}


def case(function: Callable[[], Estimate | float]) -> Callable[[], Estimate | float]:
    """Enter a case under its name."""

    def run() -> Answer:
        found = function()
        return (found.value, found.se) if isinstance(found, Estimate) else (float(found), None)

    CASES[function.__name__] = run
    return function


def shipped(package: str, *parts: str) -> Path:
    """Return the path of a file inside an installed package."""
    from importlib.util import find_spec

    found = find_spec(package)
    assert found is not None, package
    assert found.origin is not None
    return Path(found.origin).parent.joinpath(*parts)


@cache
def causal(name: str) -> pd.DataFrame:
    from importlib import import_module

    return import_module(f"causaldata.{name}").load_pandas().data


@cache
def senate() -> pd.DataFrame:
    return pd.read_csv(shipped("rdrobust", "data", "rdrobust_RDsenate.csv"))


@cache
def prop99() -> pd.DataFrame:
    return pd.read_csv(shipped("synthdid", "data", "california_prop99.csv"), sep=";")


@cache
def minimum_wage() -> pd.DataFrame:
    from moderndid import load_mpdta

    found = load_mpdta()
    frame = found if isinstance(found, pd.DataFrame) else found.to_pandas()
    first = frame["first.treat"].astype(float)
    return frame.assign(start=first.where(first > 0))


@case
def nsw_experiment() -> Estimate:
    return evaluate.difference_in_means(causal("nsw_mixtape"), outcome="re78", treated="treat")


@case
def lmb_close_elections() -> Estimate:
    frame = causal("close_elections_lmb")
    near = frame[frame["lagdemvoteshare"].between(0.48, 0.52)]
    return evaluate.difference_in_means(near, outcome="score", treated="lagdemocrat", cluster="id")


@case
def organ_donations() -> Estimate:
    frame = causal("organ_donations")
    under = (frame["State"] == "California") & frame["Quarter"].isin(["Q32011", "Q42011", "Q12012"])
    return evaluate.did(frame.assign(under=under), outcome="Rate", unit="State", time="Quarter", treated="under")


PACKS = {"outcome": "PacksPerCapita", "unit": "State", "time": "Year", "treated": "treated"}


@case
def prop99_did() -> Estimate:
    return evaluate.did(prop99(), **PACKS)


@case
def prop99_synthetic_control() -> Estimate:
    return evaluate.synthetic_control(prop99(), **PACKS).effect


@case
def prop99_synthetic_did() -> Estimate:
    return evaluate.synthetic_did(prop99(), **PACKS)


COUNTIES = {"outcome": "lemp", "unit": "countyreal", "time": "year", "start": "start", "control": "never"}


@case
def minimum_wage_simple() -> Estimate:
    return evaluate.staggered_did(minimum_wage(), **COUNTIES)


@case
def minimum_wage_after_two_years() -> Estimate:
    return evaluate.event_study(minimum_wage(), **COUNTIES)[2]


@cache
def senate_jump() -> Estimate:
    frame = senate().dropna(subset=["vote", "margin"])
    return evaluate.rd(frame, outcome="vote", running="margin", cutoff=0).jump


@case
def senate_incumbency() -> float:
    return senate_jump().value


@case
def senate_incumbency_low() -> float:
    return senate_jump().low


@case
def senate_density() -> float:
    return evaluate.rd_density(senate().dropna(subset=["margin"]), running="margin", cutoff=0).statistic


@case
def schooling_card() -> Estimate:
    from linearmodels.datasets import card

    controls = ["exper", "expersq", "black", "smsa", "south", "smsa66", *(f"reg66{k}" for k in range(1, 9))]
    frame = card.load().dropna(subset=["lwage", "educ", "nearc4", *controls])
    return evaluate.iv(frame, outcome="lwage", treatment="educ", instruments="nearc4", covariates=controls).effect


@case
def schooling_mroz() -> Estimate:
    from linearmodels.datasets import mroz

    frame = mroz.load().dropna(subset=["lwage"])
    return evaluate.iv(frame, outcome="lwage", treatment="educ", instruments=["motheduc", "fatheduc"],
                       covariates=["exper", "expersq"]).effect


@case
def rossi_recidivism() -> Estimate:
    from lifelines.datasets import load_rossi

    return evaluate.cox(load_rossi(), duration="week", event="arrest", treated="fin",
                        covariates=["age", "race", "wexp", "mar", "paro", "prio"])


@case
def heart_transplant() -> Estimate:
    from lifelines.datasets import load_stanford_heart_transplants

    return evaluate.cox(load_stanford_heart_transplants(), duration="stop", event="event", treated="transplant",
                        covariates=["age", "year", "surgery"], entry="start")


@cache
def lung() -> pd.DataFrame:
    from lifelines.datasets import load_lung

    frame = load_lung()
    return frame.assign(dead=frame["status"] == frame["status"].max(), male=frame["sex"] == 1)


@case
def lung_logrank() -> float:
    return evaluate.logrank(lung(), duration="time", event="dead", treated="male").statistic


@case
def lung_one_year() -> float:
    curve = evaluate.kaplan_meier(lung(), duration="time", event="dead")
    return float(curve.loc[curve["time"] <= 365, "survival"].iloc[-1])


@cache
def smokers() -> pd.DataFrame:
    frame = causal("nhefs_complete")
    numbers = ["age", "smokeintensity", "smokeyrs", "wt71"]
    made = frame[["wt82_71", "qsmk", "sex", "race", *numbers]].astype(float)
    squares = (made[numbers] ** 2).add_suffix("_squared")
    groups = pd.get_dummies(frame[["education", "exercise", "active"]].astype(str), drop_first=True, dtype=float)
    return pd.concat([made, squares, groups], axis=1)


@case
def smoking_and_weight() -> Estimate:
    frame = smokers()
    seen = [name for name in frame.columns if name not in {"wt82_71", "qsmk"}]
    return evaluate.weighted(frame, outcome="wt82_71", treated="qsmk", covariates=seen, method="ipw")


@case
def smoking_unadjusted() -> Estimate:
    return evaluate.difference_in_means(smokers(), outcome="wt82_71", treated="qsmk")


def same(ours: float, published: float, digits: int) -> bool:
    """Return whether a number is the published one at its digits."""
    return bool(np.isclose(round(ours, digits), published, rtol=0, atol=0.5001 * 10.0 ** -(digits + 3)))
