"""A study of a small town, for the tests of sweeps; run as a program, it sweeps until it is killed."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from tests.cli.small import write_town
from vsim.run.sweep import read, sweep
from vsim.spec.design_study import Loaded

STUDY = """question: How many seats does a training gate need?
base: town.yaml
arms:
  gate:
    policies:
    - {lever: training_gate, start_week: 4, districts: [D01, D02], values: {gated_share: 0.3, seats: 20, uptake: 0.2}}
  ladder: {scenario: town_pilot.yaml}
outcomes: [hours_per_registered, trained, fill_rate]
estimands: [total, att, spillover]
replicates: 3
seeds: [7]
design:
  method: lhs
  points: 4
  factors:
    gate.policies[2].seats: {low: 1, high: 20}
    participation.habit_weight: {low: 0.5, high: 2.0}
"""


def study(folder: Path, text: str = STUDY) -> Loaded:
    """Return the study of a small town, written to a folder."""
    write_town(folder)
    path = folder / "study.yaml"
    path.write_text(text, encoding="utf-8")
    return read(path)


def killed_after(folder: Path, runs: int) -> None:
    """Sweep the study of a folder with processes, and be killed without warning after some runs."""

    def move(done: int, _total: int) -> None:
        if done == runs:
            os.kill(os.getpid(), signal.SIGKILL)

    sweep(folder / "study.yaml", folder / "out", progress=move, jobs=2)


if __name__ == "__main__":
    killed_after(Path(sys.argv[1]), int(sys.argv[2]))
