"""Indicators of a large run: SQL over files gives the whole numbers that pandas gives from the tables in memory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.engine_worlds import SEED, levers, town
from vsim.errors import DataError, UsageError
from vsim.evaluate.kpi.compute import compute, parts
from vsim.evaluate.kpi.large import QUERIES, compute_large, large
from vsim.evaluate.kpi.nation import nation_tables
from vsim.levers import BY_CLASS
from vsim.run.nation import run_nation

pytestmark = pytest.mark.slow
WORLD = town(residents=1500, districts=5, weeks=60, policies=(*levers(), BY_CLASS["TimeBank"](start_week=0)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("kpi") / "run"
    run_nation(WORLD, where, seed=SEED, records="all", batch=2)
    return where


@pytest.fixture(scope="module")
def tables(folder: Path) -> dict[str, pd.DataFrame]:
    return nation_tables(folder)


@pytest.mark.parametrize("key", QUERIES)
def test_the_query_says_what_pandas_says(key: str, folder: Path, tables: dict[str, pd.DataFrame]) -> None:
    one, other = large(folder, key).reading(), parts(key, tables).reading()
    assert other.reason == ""
    if QUERIES[key].kind in {"share", "total"}:
        assert (one.value, one.n) == (other.value, other.n)
    assert one.value == pytest.approx(other.value, rel=1e-12)
    if QUERIES[key].kind == "share":
        assert (one.numerator, one.denominator) == (other.numerator, other.denominator)
        assert (one.low, one.high) == (other.low, other.high)


@pytest.mark.parametrize("key", [key for key, query in QUERIES.items() if query.kind != "shape"])
def test_district_by_district_too(key: str, folder: Path, tables: dict[str, pd.DataFrame]) -> None:
    one = large(folder, key).grouped("district").set_index("district")["value"]
    other = compute([key], tables, by="district").set_index("district")["value"]
    assert one.index.tolist() == other.index.tolist()
    np.testing.assert_allclose(one.to_numpy(dtype=float), other.to_numpy(dtype=float), rtol=1e-12, atol=1e-12)


def test_threads_change_no_value_and_all_queries_are_answered(folder: Path) -> None:
    one, other = (compute_large(folder, threads=threads) for threads in (1, 2))
    pd.testing.assert_frame_equal(one, other)
    assert one["key"].tolist() == list(QUERIES)
    assert len(compute_large(folder, ["no_show"], by=True)) == 5


def test_what_is_not_there_is_said(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no tables of a large run"):
        large(tmp_path, "no_show")
    with pytest.raises(UsageError, match="Did you mean 'no_show'"):
        large(folder, "no_shows")
    run_nation(town(residents=600, districts=2, weeks=6), tmp_path / "none", seed=1, records="none")
    with pytest.raises(DataError, match="--records all"):
        large(tmp_path / "none", "no_show")
    assert "turnover" in set(compute_large(tmp_path / "none")["key"])
