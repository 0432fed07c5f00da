"""Research: studies that lots make right on average, and that choice makes wrong."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from tests.engine_worlds import START
from vsim.office.desk import Desk, Force
from vsim.office.research import work
from vsim.rng import stream_key
from vsim.spec.cards import load_cards
from vsim.spec.policy import ScheduledPolicy

CODES = tuple(f"D{number:03d}" for number in range(1, 401))


@cache
def studies(budget: float = 100_000, randomised: float = 1.0, open_data: float = 0.5) -> dict[str, pd.DataFrame]:
    """Return what the office writes in a year for 400 districts of one resident each."""
    policy = ScheduledPolicy(lever="research", start_week=0, end_week=52, districts=CODES, values={
        "budget": budget, "randomised": randomised, "open_data": open_data})
    raw = {"districts": pd.DataFrame({"district": CODES}),
           "people": pd.DataFrame({"district": CODES, "person": np.arange(len(CODES))})}
    value = {key: card.default for key, card in load_cards().items()}
    return work(Desk(raw, value, Force([policy], CODES, 52), stream_key(7), START, 52)).tables     # type: ignore[arg-type]


def test_studies_by_lot_are_right_on_average_and_the_others_are_biased() -> None:
    lot, chosen = studies()["studies"], studies(randomised=0.0)["studies"]
    assert len(lot) == len(chosen) == 1600
    assert set(lot["true_bias"]) == {0.0}
    error = lot["effect"] - lot["true_effect"]
    assert error.mean() == pytest.approx(0.0, abs=4 * lot["se"].mean() / 40)
    assert error.std() == pytest.approx(lot["se"].mean(), rel=0.1)
    assert (chosen["effect"] - chosen["true_effect"]).mean() == pytest.approx(0.15, abs=0.02)
    assert lot["true_effect"].equals(chosen["true_effect"])


def test_a_budget_buys_persons_and_too_small_a_one_no_study() -> None:
    rows = studies()["studies"]
    assert set(rows["persons"]) == {(25_000 - 10_000) // 80}
    assert rows["se"].to_numpy() == pytest.approx(2 / np.sqrt(187), abs=1e-4)
    assert len(studies(budget=40_000)["studies"]) == 0


def test_open_data_are_those_of_some_studies() -> None:
    tables = studies()
    assert len(tables["open_datasets"]) == tables["studies"]["data_open"].sum()
    assert len(studies(open_data=0.0)["open_datasets"]) == 0
    assert len(studies(open_data=1.0)["open_datasets"]) == len(tables["studies"])
