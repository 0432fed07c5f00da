"""Runs that share a history are byte for byte those that are run alone, whatever part of it they share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.run.choosing import by_hand, every, study
from vsim.run import policy_shared
from vsim.run.district import advance
from vsim.run.policy_shared import Shared, bytes_of
from vsim.run.run import simulate
from vsim.spec.policy import Policy, Rollout
from vsim.spec.scenario import Scenario

LUCKS = [(1, 0), (5, 3)]


def arms(folder: Path) -> dict[str, Scenario]:
    """Return the town under mixes, in some districts, late, early, for some people, and with another parameter."""
    loaded = study(folder)
    base = loaded.arms["base"]
    late = Policy(lever="points", start_week=15, districts=["D03"], values={"price": 3})
    found = {"+".join(some): base.with_policies(by_hand(some, loaded)) for some in every()[:7]}
    return {"base": base, **found, "late": base.with_levers(late),
            "some": base.with_levers(Policy(lever="skills", start_week=3, groups=["students"])),
            "lot": base.with_levers(Policy(lever="shifts", start_week=8, rollout=Rollout(order="random", number=2))),
            "other": base.with_values({"participation.habit_weight": 1.0})}


@pytest.mark.slow
def test_every_run_is_the_one_that_is_run_alone(tmp_path: Path) -> None:
    some = arms(tmp_path)
    shared = Shared(some["base"], [some["gate"], some["late"]])
    for name, scenario in some.items():
        arm = shared.arm(scenario)
        for luck in LUCKS:
            alone = simulate(scenario, luck[0], replicate=luck[1], engine="kernels")
            assert shared.run(arm, luck).checksum == alone.checksum, (name, luck)
    assert shared.arm(some["some"]).settled is None
    assert shared.arm(some["other"]).settled is None
    assert shared.arm(some["late"]).forks == (None, None, 15, None)


def test_history_is_run_once_and_no_more_is_kept_than_there_is_room_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    some, run, plain = arms(tmp_path), [], advance

    def counted(unit: object, settled: object, key: object, progress: object, until: int) -> object:
        run.append(max(until - progress.week, 0))  # type: ignore[attr-defined]
        return plain(unit, settled, key, progress, until)  # type: ignore[arg-type]

    monkeypatch.setattr(policy_shared, "advance", counted)
    base, gate = some["base"], some["gate"]
    shared = Shared(base, [gate])
    assert shared._first == [4, 4, 4, 4]
    shared.run(shared.arm(base), (1, 0))
    assert sum(run) == 4 * 20
    run.clear()
    shared.run(shared.arm(gate), (1, 0))
    assert sum(run) == 4 * 16
    monkeypatch.setattr(policy_shared, "ROOM", 0)
    none = Shared(base, [gate])
    run.clear()
    assert none.run(none.arm(gate), (1, 0)).checksum == shared.run(shared.arm(gate), (1, 0)).checksum
    assert none._kept == {}
    assert sum(run) == 4 * 20 + 4 * 16
    assert shared._bytes == sum(bytes_of(kept) for kept in shared._kept.values()) > 0


def test_an_arm_that_begins_before_what_is_kept_is_right_and_so_is_what_comes_after(tmp_path: Path) -> None:
    some = arms(tmp_path)
    shared = Shared(some["base"], [some["late"]])
    for name in ("late", "gate", "late", "base"):
        assert shared.run(shared.arm(some[name]), (1, 0)).checksum == simulate(some[name], 1, engine="kernels").checksum
