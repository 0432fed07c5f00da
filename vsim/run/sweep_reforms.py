"""What each named reform does to a hamlet under one luck: a table of integers that stands beside its file.

A row is a weekly count of `vsim.world.metrics`, summed over the weeks and districts of the run, without the reform and
with it from week 13 on. The tables change when the model does, and only then.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from vsim.run.run import COLUMNS, TASK_COLUMNS, simulate
from vsim.run.sweep_files import write_bytes
from vsim.run.sweep_work import cities
from vsim.spec.loading import read_csv
from vsim.spec.reforms import FOLDER, load_reforms, reform
from vsim.spec.scenario import Scenario, load_scenario

HAMLET = FOLDER / "hamlet"
SEED, START = 1, 13
HEAD = ("count", "without", "with")
Rows = list[tuple[str, int, int]]


@cache
def hamlet() -> Scenario:
    """Return the baseline of the expected tables."""
    return load_scenario(HAMLET / "hamlet.yaml")


def expected_path(name: str) -> Path:
    """Return the file of the expected table of a reform."""
    return HAMLET / f"{name}.csv"


def outcome(name: str) -> Rows:
    """Return what a reform does to the hamlet: (count, without, with) for every weekly count."""
    without, with_it = _sums(hamlet()), _sums(reform(name).on(hamlet(), start_week=START))
    return [(key, without[key], with_it[key]) for key in without]


def _sums(scenario: Scenario) -> dict[str, int]:
    run = simulate(scenario, SEED, engine="kernels", threads=1, city=cities.of(scenario))
    people, tasks = run.people.sum(axis=(0, 1, 2)), run.tasks.sum(axis=(0, 1))
    return dict(zip((*COLUMNS, *TASK_COLUMNS), map(int, (*people, *tasks)), strict=True))


def expected(name: str) -> Rows:
    """Return the table that stands beside a reform.

    Raises
    ------
    UsageError
        When there is none; `vsim run reforms --remake` writes it.
    """
    rows = read_csv(expected_path(name), HEAD)
    return [(row["count"], int(row["without"]), int(row["with"])) for row in rows]


def differences(name: str) -> list[str]:
    """Return in plain lines where a reform does not do what stands beside it; none when it does."""
    known, found = {row[0]: row[1:] for row in expected(name)}, {row[0]: row[1:] for row in outcome(name)}
    return [f"{name}: {key} is {found.get(key)}; expected {known.get(key)}" for key in [*found, *(known.keys() - found)]
            if found.get(key) != known.get(key)]


def remake(names: Iterable[str] | None = None) -> list[str]:
    """Write the expected tables again; return the reforms whose table has changed."""
    changed = []
    for name in names or load_reforms():
        lines = [",".join(HEAD), *(f"{key},{without},{with_it}" for key, without, with_it in outcome(name))]
        raw = ("\n".join(lines) + "\n").encode()
        path = expected_path(name)
        if not path.exists() or path.read_bytes() != raw:
            write_bytes(path, raw)
            changed.append(name)
    return changed
