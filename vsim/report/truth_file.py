"""Writes the truth of a study as one file, apart from everything that learners are given.

`truth.json` holds every estimand of every outcome, the table by cohort and week, the tables of spill-over, and what
they are a function of. It goes into a folder of its own: a course, a hand-out, a data package and a folder with
tables are refused, and so is any folder inside one of them.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vsim.errors import UsageError
from vsim.kernels.build import write_whole
from vsim.report.package_layout import DESCRIPTOR
from vsim.run.run import MODEL_VERSION
from vsim.run.truth_arms import NEVER
from vsim.run.truth_cohorts import dynamic, group_time, spillover_by_contacts, spillover_by_share
from vsim.run.truth_effects import ESTIMANDS, LEVEL, Truths
from vsim.run.truth_people import OUTCOMES

if TYPE_CHECKING:
    import pandas as pd

FILE = "truth.json"
MARKS = {
    "course.yaml": "a course", "learners.csv": "a course", "ledger.jsonl": "a course",
    "nbgrader_config.py": "a course", "unit.json": "a hand-out", "learner.json": "a hand-out",
    DESCRIPTOR: "a data package",
}


def check_apart(folder: Path, force: bool) -> None:
    """Refuse a folder from which the truth could be handed out.

    Raises
    ------
    UsageError
        When the folder is no folder, or holds other files than a truth; when it or one above it is a course, a
        hand-out or a data package; when it holds a truth already and `force` is not given.
    """
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise UsageError(f"{folder}: is no folder; allowed a new or empty one. Choose another name.")
    for place in (folder, *folder.resolve().parents):
        for name, what in MARKS.items():
            if (place / name).is_file():
                raise UsageError(f"{folder}: {place} is {what} ({name}); allowed a folder outside of it, since the "
                                 "truth is not handed out. Choose another place.")
    others = sorted(path.name for path in folder.iterdir() if path.name != FILE) if folder.is_dir() else []
    if others:
        raise UsageError(f"{folder}: holds {others[0]}{' and more' if len(others) > 1 else ''}; allowed a folder for "
                         f"{FILE} alone. Choose a new one.")
    if (folder / FILE).exists() and not force:
        raise UsageError(f"{folder}: holds {FILE} already; allowed a new folder. Write over it with --force.")


def write_truth(
    found: Truths, folder: Path, *, outcomes: Sequence[str] | None = None, level: float = LEVEL, force: bool = False
) -> Path:
    """Write the truth of a study to `truth.json` in a folder of its own; return the path.

    Parameters
    ----------
    found : Truths
    folder : Path
        New, or empty, or with a `truth.json` that may be written over (`force`).
    outcomes : sequence of str, optional
        By default all of `vsim.run.truth_people.OUTCOMES`.
    level : float
        Of the intervals.
    force : bool

    Raises
    ------
    UsageError
        When the folder holds, or lies in, what learners are given; see `check_apart`.
    """
    check_apart(folder, force)
    told = truth_of(found, outcomes, level=level)
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / FILE, json.dumps(told, indent=1, allow_nan=False) + "\n")
    return folder / FILE


def truth_of(found: Truths, outcomes: Sequence[str] | None = None, *, level: float = LEVEL) -> dict[str, Any]:
    """Return what `truth.json` holds, as plain values.

    Keys: kind, synthetic, provenance, level, estimands (rows with `outcome`), absent (what was not measured, and why),
    cohorts, dynamic, spillover_by_contacts, spillover_by_share (rows with `outcome`).
    """
    names = list(OUTCOMES) if outcomes is None else list(outcomes)
    estimands: list[dict[str, Any]] = []
    absent: dict[str, str] = {}
    tables: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("cohorts", "dynamic", "spillover_by_contacts", "spillover_by_share")
    }
    for outcome in names:
        for estimand in ESTIMANDS:
            try:
                estimands.append({"outcome": outcome, **found.effect(estimand, outcome, level=level).to_dict()})
            except UsageError as error:
                absent[estimand] = str(error)
        frames = {"spillover_by_contacts": spillover_by_contacts(found, outcome, level=level),
                  "spillover_by_share": spillover_by_share(found, outcome, level=level)}
        if found.arms.cohorts and "att_own" not in absent:
            frames |= {"cohorts": group_time(found, outcome, level=level),
                       "dynamic": dynamic(found, outcome, level=level)}
        for name, frame in frames.items():
            tables[name] += [{"outcome": outcome, **row} for row in _rows(frame)]
    return {"kind": "vsim truth", "synthetic": True, "provenance": provenance(found), "level": level,
            "estimands": estimands, "absent": absent, **tables}


def provenance(found: Truths) -> dict[str, Any]:
    """Return what the truth of a study is a function of: the same values give the same numbers."""
    covered = hashlib.sha256(b"".join(cohort.astype("<i8").tobytes() for cohort in found.arms.cohort))
    scenarios = {"base": found.arms.base, "pilot": found.arms.pilot, "everyone": found.arms.everyone}
    flips = found.sums.flips
    return {
        **{name: {"name": scenario.name, "hash": scenario.hash} for name, scenario in scenarios.items()},
        "covered": {"sha256": covered.hexdigest(),
                    "residents": int(sum((cohort != NEVER).sum() for cohort in found.arms.cohort))},
        "seed": found.seed, "first": found.first, "replicates": found.replicates,
        "window_weeks": found.windows.width, "population": found.among,
        "flipped": 0 if flips is None else int(flips.person.size), "flipped_in_one_run": found.per_run,
        "model_version": MODEL_VERSION, "vsim": version("vsim"),
    }


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as plain values; numbers that do not exist become null."""
    rows: list[dict[str, Any]] = json.loads(frame.to_json(orient="records", double_precision=15))
    return [{key: None if isinstance(item, float) and not math.isfinite(item) else item for key, item in row.items()}
            for row in rows]
