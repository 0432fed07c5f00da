"""Every named reform gives the table of integers that stands beside it, by the compiled weeks and by the plain ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from vsim.run import sweep_reforms
from vsim.run.run import COLUMNS, TASK_COLUMNS, simulate
from vsim.run.sweep_reforms import differences, expected, hamlet, remake
from vsim.spec.reforms import FOLDER, load_reforms, reform


@pytest.mark.parametrize("name", load_reforms())
def test_a_reform_gives_what_stands_beside_it(name: str) -> None:
    assert differences(name) == []


@pytest.mark.parametrize("name", load_reforms())
def test_a_reform_moves_something_and_two_do_not_move_the_same(name: str) -> None:
    rows = expected(name)
    assert [row[0] for row in rows] == [*COLUMNS, *TASK_COLUMNS]
    moved = {key: with_it for key, without, with_it in rows if without != with_it}
    assert len(moved) >= 8
    assert all(moved != {k: w for k, o, w in expected(other) if o != w} for other in load_reforms() if other != name)


def test_all_stand_beside_one_hamlet() -> None:
    assert len({tuple(row[1] for row in expected(name)) for name in load_reforms()}) == 1
    assert sorted(path.stem for path in (FOLDER / "hamlet").glob("*.csv")) == sorted(load_reforms())


@pytest.mark.slow
@pytest.mark.parametrize("name", ["stars_ladder", "training_with_induction"])
def test_the_plain_weeks_give_the_same_table(name: str) -> None:
    run = simulate(reform(name).on(hamlet(), start_week=13), 1, engine="oracle")
    found = [*run.people.sum(axis=(0, 1, 2)), *run.tasks.sum(axis=(0, 1))]
    assert found == [row[2] for row in expected(name)]


def test_a_table_that_is_not_what_comes_out_is_named_and_remade(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = sweep_reforms.expected_path("stars_ladder").read_text(encoding="utf-8")
    monkeypatch.setattr(sweep_reforms, "HAMLET", tmp_path)
    hours = next(line for line in kept.splitlines() if line.startswith("hours,"))
    (tmp_path / "stars_ladder.csv").write_text(kept.replace(hours, f"{hours}1"), encoding="utf-8")
    assert [line.partition(" is ")[0] for line in differences("stars_ladder")] == ["stars_ladder: hours"]
    assert remake(["stars_ladder"]) == ["stars_ladder"]
    assert (tmp_path / "stars_ladder.csv").read_text(encoding="utf-8") == kept
    assert remake(["stars_ladder"]) == []
