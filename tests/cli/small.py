"""A small place with every lever, and the command line called inside the test's own process."""

from __future__ import annotations

import io
import shutil
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from unittest.mock import patch

import typer.main

from vsim.cli import main
from vsim.run.run import Run, simulate
from vsim.run.study import Study
from vsim.spec.scenario import Scenario, load_scenario

TOWN = """name: town
title: A small town, synthetic
question: Does the form work?
world: {residents: 600, districts: 4, prefectures: 1, seed: 3, registered_share: 0.5}
start: 2025-09-01
weeks: 20
parameters: {demand.tasks: 20.0, registration.activation: 0.9, participation.taste_mean: 0.0}
policies:
- {lever: stars, values: {thresholds: [2, 5, 10, 20, 40]}}
- {lever: points, values: {price: 2}}
"""
PILOT = """name: town_pilot
title: A small town with an easier ladder, synthetic
extends: town.yaml
policies:
- {lever: stars, values: {thresholds: [2, 5, 10, 20, 40]}}
- {lever: points, values: {price: 2}}
- {lever: stars, start_week: 4, districts: [D01, D02], values: {thresholds: [1, 2, 3, 4, 5]}}
- {lever: training_gate, start_week: 4, districts: [D01, D02], values: {gated_share: 0.3, seats: 20, uptake: 0.2}}
"""


command_of = cache(typer.main.get_command)          # the tree of commands is the same at every call: built once


@dataclass(frozen=True, slots=True)
class Said:
    """What a command left: its exit code and what it wrote."""

    code: int
    out: str
    err: str


def vsim(*words: str | Path) -> Said:
    """Run one command line in this process."""
    out, err = io.StringIO(), io.StringIO()
    code: object = 0
    with redirect_stdout(out), redirect_stderr(err), patch.object(typer.main, "get_command", command_of):
        try:
            main.run([str(word) for word in words])
        except SystemExit as leaving:
            code = leaving.code or 0
    assert isinstance(code, int)
    return Said(code, out.getvalue(), err.getvalue())


def write_town(folder: Path) -> tuple[Path, Path]:
    """Write the two scenario files, that of the town and that of its pilot."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = folder / "town.yaml", folder / "town_pilot.yaml"
    for path, text in zip(paths, (TOWN, PILOT), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


@cache
def scenarios() -> tuple[Scenario, Scenario]:
    """Return the town and its pilot."""
    folder = Path(mkdtemp())
    try:
        base, pilot = write_town(folder)
        return load_scenario(base), load_scenario(pilot)
    finally:
        shutil.rmtree(folder)


@cache
def town_run(seed: int = 1) -> Run:
    """Return one run of the pilot town: stars, points and courses all happen in it."""
    return simulate(scenarios()[1], seed)


@cache
def town_study() -> Study:
    """Return a small study: the town and its pilot, three replicates."""
    from vsim.run.compare import compare

    return compare(*scenarios(), replicates=3, seed=1)


def bytes_of(folder: Path) -> Mapping[str, bytes]:
    """Return every file of a folder by its path inside."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
