"""The files of a matching: a folder that goes on where it stood, a table in CSV for each question, and one report."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vsim.errors import UsageError
from vsim.kernels.build import write_whole
from vsim.run.matching import Matching, Plan
from vsim.run.run import MODEL_VERSION

if TYPE_CHECKING:
    import pandas as pd

STORE, REPORT = "runs", "match.json"
TABLES = ("parameters", "targets", "waves", "draws")


def check_folder(folder: Path, plan: Plan, force: bool) -> None:
    """Refuse a folder that holds another matching, unless it is to be written over.

    Raises
    ------
    UsageError
        The folder is named.
    """
    path = folder / REPORT
    if force or not path.is_file():
        return
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))["hash"]
    except (ValueError, KeyError, TypeError):
        kept = ""
    if kept != plan.hash:
        raise UsageError(f"match: {folder} holds another matching; allowed an empty folder. Name one, or write over it "
                         "with --force.")


def report(matching: Matching) -> dict[str, Any]:
    """Return a matching as plain values, numbers that do not exist as None."""
    found = matching.found
    tables = {name: getattr(matching, name)() for name in TABLES}
    conflicts = {name: far if math.isfinite(far) else None for name, far in matching.conflicts().items()}
    return {
        "hash": matching.plan.hash, "model_version": MODEL_VERSION, "scenario": matching.plan.scenario.hash,
        "ended": matching.matched.ended, "space_left": matching.matched.waves[-1].share,
        "conflicts": conflicts if found is None else {},
        "ridges": [{"one": one, "other": other, "correlation": value} for one, other, value in matching.ridges()],
        "effective": None if found is None else found.effective,
        "drawn_effective": None if found is None else found.drawn_effective,
        "checked": None if found is None else found.checked, "holds": None if found is None else found.holds,
        **{name: _plain(table) for name, table in tables.items()},
    }


def _plain(table: pd.DataFrame) -> Sequence[dict[str, Any]]:
    rows: list[dict[str, Any]] = table.astype(object).where(table.notna(), None).to_dict("records")  # type: ignore[assignment]
    return rows


def write(matching: Matching, folder: Path) -> Path:
    """Write a matching: a CSV for each table, and match.json, which is written last; return the folder."""
    for name in TABLES:
        write_whole(folder / f"{name}.csv", getattr(matching, name)().to_csv(index=False, lineterminator="\n"))
    write_whole(folder / REPORT, json.dumps(report(matching), indent=1, ensure_ascii=False, default=str) + "\n")
    return folder
