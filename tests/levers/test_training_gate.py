"""The training gate: more gated tasks, more seats; without seats it shuts people out."""

from __future__ import annotations

import numpy as np
import pytest

from tests.engine_worlds import SEED, START, alone, town
from vsim.levers.base import Span
from vsim.levers.training_gate import TrainingGate
from vsim.run.compare import compare
from vsim.world.metrics import A

VALUES = {"gated_share": 0.5, "seats": 1.5, "uptake": 0.25, "cost_per_seat": 60.0}


def test_the_gate_edits_its_three_tables() -> None:
    edits = {edit.table: edit for edit in TrainingGate.edits(VALUES, {}, Span(START, 24, 24))}
    assert set(edits) == {"gated", "seats", "uptake"}
    assert edits["gated"].value == 32768
    assert edits["uptake"].value == 1 << 30
    assert (edits["seats"].value, edits["seats"].per_thousand) == (1536, True)


def test_seats_are_for_a_thousand_residents_of_the_district() -> None:
    scenario = town({"training.seats": 0.0}, residents=3000, districts=3, policies=(TrainingGate(seats=2.0),))
    settled = alone(scenario)[1]
    for i in range(3):
        unit = alone(scenario, i)[0]
        seats = settled.weekly.seats[i, settled.warmup :]
        assert seats == pytest.approx(2 * 1024 * unit.district.residents / 1000, abs=1.1)


def test_a_seat_costs_whether_taken_or_not() -> None:
    assert TrainingGate.cost(VALUES, {"course_seats": 10}) == 600.0


def test_a_gate_with_seats_trains_and_a_gate_without_shuts_out() -> None:
    base = town({"training.gated_share": 0.0, "training.seats": 0.0})
    shut = compare(base, base.with_levers(TrainingGate(gated_share=0.9, seats=0.0)), replicates=3, seed=SEED)
    assert shut.effect("attendances").high < 0
    assert shut.effect("trained").value == 0
    ample = TrainingGate(gated_share=0.9, seats=50.0, uptake=0.5)
    served = compare(base, base.with_levers(ample), replicates=3, seed=SEED)
    assert served.effect("trained").low > 0
    assert served.effect("attendances").value > shut.effect("attendances").value


def test_gating_changes_who_may_take_a_task_and_not_which_tasks_arise() -> None:
    base = town()
    study = compare(base, base.with_levers(TrainingGate(gated_share=0.8)), replicates=1, seed=SEED)
    for metric in (A.ARISEN, A.POSTED, A.SEATS):
        assert np.array_equal(study.tasks[0][..., metric], study.tasks[1][..., metric])
    assert (study.tasks[1][..., A.GATED] >= study.tasks[0][..., A.GATED]).all()
