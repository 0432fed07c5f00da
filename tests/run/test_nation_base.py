"""A finished run as base: districts that read the same are taken over, the others run; equal to a full run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine_worlds import town
from tests.run.test_nation import DISTRICTS, WORLD, made, same
from tests.run.test_nation_feedback import RULED
from vsim.errors import UsageError
from vsim.levers.points import Points
from vsim.levers.stars import Stars
from vsim.run import nation_batch
from vsim.run.nation import outcome, read
from vsim.spec.policy import Policy, Rollout
from vsim.spec.scenario import Scenario

pytestmark = pytest.mark.slow
ROLLOUT = Policy(lever="publicity", values={"posts": 6}, start_week=5,
                 rollout=Rollout(order="random", share=0.4, batch=1, every=3))


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("base") / "run"
    made(folder)
    return folder


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that fills with the districts that are run."""
    seen: list[str] = []
    advance = nation_batch.advance

    def noted(unit: object, *rest: object) -> object:
        seen.append(unit.district.code)                                            # type: ignore[attr-defined]
        return advance(unit, *rest)                                                # type: ignore[arg-type]

    monkeypatch.setattr(nation_batch, "advance", noted)
    return seen


@pytest.mark.parametrize(("added", "touched"), [
    ((Stars(thresholds=[1, 2], start_week=9, districts=["D02"]),), {"D02"}),
    ((Points(per_hour=9.0, start_week=12, districts=["D03", "D07"]), Stars(thresholds=[4], districts=["D04"])),
     {"D03", "D04", "D07"}),
    ((ROLLOUT,), None),
    ((), set()),
])
def test_only_districts_that_a_policy_touches_run_again(
    base: Path, tmp_path: Path, ran: list[str], added: tuple[object, ...], touched: set[str] | None
) -> None:
    arm = WORLD.with_levers(*added) if added else WORLD                            # type: ignore[arg-type]
    quick = made(tmp_path / "quick", arm, base=base, threads=1)
    again = sorted(ran)
    ran.clear()
    full = made(tmp_path / "full", arm, threads=1)
    assert sorted(ran) == list(WORLD.districts)
    if touched is None:                            # drawn: as many as the roll-out says, and something happens there
        assert len(again) == 3
        assert full.checksum != outcome(base).checksum
    else:
        assert again == sorted(touched)
        assert (full.checksum == outcome(base).checksum) == (not touched)
    assert quick.checksum == full.checksum
    assert (quick.rows, quick.attended) == (full.rows, full.attended)
    for name in full.rows:
        same(read(tmp_path / "quick", name), read(tmp_path / "full", name))


def test_files_need_not_be_cut_alike(base: Path, tmp_path: Path, ran: list[str]) -> None:
    arm = WORLD.with_levers(Stars(thresholds=[1, 2], start_week=9, districts=["D05"]))
    quick = made(tmp_path / "quick", arm, base=base, batch=2, counties=6, threads=2)
    assert ran == ["D05"]
    assert quick.checksum == made(tmp_path / "full", arm, batch=4, counties=6).checksum
    for name in quick.rows:
        same(read(tmp_path / "quick", name), read(tmp_path / "full", name))


@pytest.mark.parametrize("other", ["seed", "weeks", "parameter", "records", "residents"])
def test_what_reads_otherwise_everywhere_is_run_everywhere(
    base: Path, tmp_path: Path, ran: list[str], other: str
) -> None:
    how: dict[str, object] = {"seed": 8} if other == "seed" else {"records": "none"} if other == "records" else {}
    scenario: Scenario = WORLD
    if other == "weeks":
        scenario = WORLD.for_weeks(23)
    elif other == "parameter":
        scenario = WORLD.with_values({"participation.habit_weight": 1.0})
    elif other == "residents":
        scenario = town(residents=2107, districts=DISTRICTS, policies=tuple(WORLD.policies))
    made(tmp_path / "run", scenario, base=base, **how)
    assert sorted(ran) == list(WORLD.districts)


def test_a_base_that_is_none_is_refused(base: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no run"):
        made(tmp_path / "run", base=tmp_path / "nowhere")
    with pytest.raises(UsageError, match="base stands beside epoch"):
        made(tmp_path / "run", base=base, epoch=3)
    made(tmp_path / "ruled", RULED, records="none")
    with pytest.raises(UsageError, match="a run with feedback"):
        made(tmp_path / "run", base=tmp_path / "ruled")
    made(tmp_path / "half")
    (tmp_path / "half" / "notes" / "batch-0001.json").unlink()
    with pytest.raises(UsageError, match=r"batch 1 of 3 is missing"):
        made(tmp_path / "run", base=tmp_path / "half")
    assert not (tmp_path / "run").exists()
