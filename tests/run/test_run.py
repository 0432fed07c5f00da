"""A run: counts from week 0, tidy tables that add up, provenance, and a refusal of what it cannot do."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.engine_worlds import SEED, START, city_named, run_of, scenario_of, town
from vsim.errors import UsageError
from vsim.run import district
from vsim.run import run as run_module
from vsim.run.run import COLUMNS, DISTRICT, LOADING, MODEL_VERSION, TASK_COLUMNS, Engines, default_threads, simulate
from vsim.world.metrics import A, M


def test_counts_leave_the_run_up_out() -> None:
    run = run_of("lively")
    assert run.people.shape == (3, 24, 16, len(M))
    assert run.tasks.shape == (3, 24, len(A))
    assert np.array_equal(run.people[1, 0], run.ends[1].counts.people[6])


def test_a_table_by_district_cell_or_week_adds_up_to_the_same() -> None:
    run = run_of("lively")
    for by, rows in (("district", 3 * 24), ("cell", 16 * 24), ("all", 24)):
        frame = run.weekly(by)
        assert len(frame) == rows
        assert list(frame.columns[: 2 if by == "all" else 3]) == ([] if by == "all" else [by]) + ["week", "date"]
        for metric in M:
            assert frame[metric.name.lower()].sum() == run.people[..., metric].sum(), (by, metric.name)
        if by != "cell":
            for area in A:
                assert frame[area.name.lower()].sum() == run.tasks[..., area].sum()


def test_a_row_of_the_table_is_its_district_and_week() -> None:
    run = run_of("lively")
    frame = run.weekly("district").set_index(["district", "week"])
    assert frame.loc[("D02", 7), "hours"] == run.people[1, 7, :, M.HOURS].sum()
    assert frame.loc[("D03", 9), "seats"] == run.tasks[2, 9, A.SEATS]
    assert frame.loc[("D02", 7), "date"] == pd.Timestamp(START) + pd.Timedelta(weeks=7)
    cells = run.weekly("cell").set_index(["cell", "week"])
    assert cells.loc[(5, 3), "registered"] == run.people[:, 3, 5, M.REGISTERED].sum()


def test_provenance_says_what_a_run_is_a_function_of() -> None:
    said = run_of("lively").provenance()
    assert said == {
        "scenario": "lively", "scenario_hash": scenario_of("lively").hash, "seed": SEED, "replicate": 0,
        "model_version": MODEL_VERSION, "checksum": run_of("lively").checksum,
    }


def test_the_checksum_sees_a_single_quarter_hour_anywhere() -> None:
    run = simulate(scenario_of("lively"), SEED, city=city_named("lively"))
    before = run.checksum
    for array in (run.ends[0].state.served, run.ends[1].counts.people, run.ends[2].ledgers.placements):
        array.reshape(-1)[5] += 1
        assert run.checksum != before
        array.reshape(-1)[5] -= 1
    assert run.checksum == before


def test_resident_weeks_and_bytes_are_counted() -> None:
    run = run_of("lively")
    assert run.resident_weeks == 600 * 30
    assert 60 < run.state_bytes_per_resident < 130
    assert default_threads() >= 1


def test_progress_is_told_district_by_district() -> None:
    seen: list[tuple[int, int]] = []
    simulate(scenario_of("lively"), SEED, city=city_named("lively"), progress=lambda *at: seen.append(at))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_an_unknown_split_is_refused() -> None:
    with pytest.raises(UsageError, match="allowed district, cell, all"):
        run_of("lively").weekly("week")


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(UsageError, match="allowed kernels, oracle"):
        simulate(town(residents=100, districts=1, weeks=1, warmup=0), engine="orcale")      # type: ignore[arg-type]


def test_columns_are_the_counts_in_order() -> None:
    assert COLUMNS[M.HOURS] == "hours"
    assert TASK_COLUMNS[A.SEATS] == "seats"


def test_a_district_too_large_for_the_agenda_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(district, "MOST", 100)
    with pytest.raises(UsageError, match=r"residents; allowed 100\. Give the world more districts"):
        simulate(scenario_of("lively"), SEED, city=city_named("lively"))


def test_a_small_run_is_plain_until_so_much_was_spent_as_loading_costs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "is_loaded", lambda: False)
    small, engines = town(), Engines()
    each = (small.weeks + small.warmup_weeks) * (small.world.residents + DISTRICT * small.world.districts)
    chosen = [engines.fitting(small) for _ in range(LOADING // each + 2)]
    assert chosen == ["oracle"] * (LOADING // each) + ["kernels"] * 2
    assert Engines().fitting(town(residents=6000, weeks=1040)) == "kernels"
    monkeypatch.setattr(run_module, "is_loaded", lambda: True)
    assert Engines().fitting(small) == "kernels"


def test_every_engine_gives_the_same_run() -> None:
    small = town(weeks=8)
    assert len({simulate(small, SEED, engine=engine).checksum for engine in ("auto", "kernels", "oracle")}) == 1
