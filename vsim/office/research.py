"""Research: studies that a budget buys, with their error and bias, and the data sets that they publish (clause VI.1.b).

Each study has a true effect fixed in advance. Where the treated are drawn by lot the estimate errs by chance alone;
where they choose themselves it is biased as well. A register of studies shows neither truth nor bias.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vsim.exact import normal16
from vsim.office.desk import Desk, Float, Papers
from vsim.office.waves import grid_of
from vsim.rng import Stream
from vsim.spec.units import FEN, YEAR

if TYPE_CHECKING:
    import pandas as pd

TOPICS = ("recruitment", "retention", "training", "matching", "recognition", "information")
EFFECT, BIAS, ERROR, LOT, OPEN, TOPIC = range(6)               # draws of a study


def work(desk: Desk) -> Papers:
    """Return tables studies and open_datasets, and pay the studies."""
    studies = _studies(desk)
    share = desk.force.value("research", "open_data", studies["district"], studies["week"])
    given = desk.uniform(Stream.RESEARCH, studies["key"], studies["week"], OPEN) < share
    studies["data_open"] = given
    papers = Papers({
        "studies": studies.drop(columns="key"),
        "open_datasets": studies.loc[given, ["week", "district", "study_id", "topic"]].assign(
            records=studies.loc[given, "persons"]).reset_index(drop=True),
    })
    papers.pay("studies", "district", "researchers", studies["district"], studies["week"], studies["cost_fen"] / FEN)
    return papers


def _studies(desk: Desk) -> pd.DataFrame:
    """Return one row a study: they end evenly over the year, and a budget is shared among them."""
    value = desk.value
    number = round(value["research_desk.per_year"])
    grid = grid_of(desk, YEAR // number, last=True)
    budget = desk.force.value("research", "budget", grid["district"], grid["week"]) / number
    persons = np.floor((budget - value["research_desk.fixed_cost"]) / value["research_desk.person_cost"])
    rows = grid.assign(persons=persons)[persons >= value["research_desk.least"]].reset_index(drop=True)
    rows["persons"] = rows["persons"].astype(np.int64)
    share = desk.force.value("research", "randomised", rows["district"], rows["week"])
    lot = desk.uniform(Stream.RESEARCH, rows["key"], rows["week"], LOT) < share
    true = value["research_desk.effect_mean"] + value["research_desk.effect_sd"] * _normal(desk, rows, EFFECT)
    bias = value["research_desk.bias_mean"] + value["research_desk.bias_sd"] * _normal(desk, rows, BIAS)
    bias = np.where(lot, 0.0, bias)
    se = 2 * np.sqrt(1.0 / rows["persons"].to_numpy())        # two equal arms, an outcome of variance one
    topic = (desk.uniform(Stream.RESEARCH, rows["key"], rows["week"], TOPIC) * len(TOPICS)).astype(np.int64)
    cost = value["research_desk.fixed_cost"] + value["research_desk.person_cost"] * rows["persons"].to_numpy()
    return rows.assign(
        study_id=np.array([f"E-{code}-{week:04d}" for code, week in zip(rows["district"], rows["week"], strict=True)],
                          dtype=np.str_),
        topic=np.array(TOPICS)[topic], design=np.where(lot, "randomised", "compared"),
        effect=np.round(true + bias + se * _normal(desk, rows, ERROR), 4), se=np.round(se, 4),
        cost_fen=np.rint(FEN * cost).astype(np.int64), true_effect=true, true_bias=bias)


def _normal(desk: Desk, rows: pd.DataFrame, item: int) -> Float:
    """Return a standard normal number for each study."""
    words = desk.words(Stream.RESEARCH, rows["key"], rows["week"], item)
    return np.asarray(normal16(words), dtype=np.float64) / 65536
