"""From a number of a brief back to its runs: the keys, the row worked out again, and one run made again."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from vsim.errors import DataError, UsageError, did_you_mean, listing
from vsim.report.brief_files import DATA, NUMBERS, plain
from vsim.run.question import Question
from vsim.run.question_answer import answer
from vsim.run.question_told import KEY, RUNS
from vsim.run.store import Store
from vsim.run.sweep_files import csv_of
from vsim.run.sweep_plan import runs_of
from vsim.run.sweep_work import work


def rows(folder: Path) -> list[str]:
    """Return the names of the rows of a brief, "table/row".

    Raises
    ------
    UsageError
        When the folder holds no brief.
    """
    import pandas as pd

    if not (folder / DATA).is_dir():
        raise UsageError(f"trace: {folder} holds no brief. Name the folder that `vsim run brief` wrote.")
    return [f"{path.stem}/{key}" for path in sorted((folder / DATA).glob("*.csv"))
            for key in pd.read_csv(path, dtype=str, keep_default_na=False)[KEY]]


def trace(question: Question, folder: Path, store: Store, name: str, *, again: bool = False) -> dict[str, Any]:
    """Return a row as the brief has it, the keys of its runs, and whether it comes out the same from the store.

    Parameters
    ----------
    question : Question
        That of the brief.
    folder : Path
        Of the brief.
    store : Store
    name : str
        "table/row".
    again : bool
        Make the first of its runs again too, and compare it with the store.

    Raises
    ------
    UsageError
        When there is no such row.
    DataError
        When a run is missing.
    """
    import pandas as pd

    names = rows(folder)
    if name not in names:
        raise UsageError(f"trace: '{name}' is no row of this brief; allowed {listing(names, 12)}."
                         f"{did_you_mean(name, names)}")
    table, _, key = name.partition("/")
    found = answer(question, store)
    fresh = pd.read_csv(io.BytesIO(csv_of(found.tables[table])), dtype=str, keep_default_na=False)
    kept = pd.read_csv(folder / DATA / f"{table}.csv", dtype=str, keep_default_na=False)
    old, new = (frame[frame[KEY] == key].iloc[0].to_dict() for frame in (kept, fresh))
    sets = json.loads((folder / NUMBERS).read_text(encoding="utf-8"))["sets"]
    keys = sets.get(old[RUNS])
    if keys is None:
        raise DataError(f"trace: the set {old[RUNS][:12]} of '{name}' is not in {NUMBERS}. Make the brief again.")
    out: dict[str, Any] = {"row": plain(old), "keys": keys, "same": old == new}
    if again:
        jobs = {job.key: job for study in question.studies().values() for job in runs_of(study).jobs()}
        job = jobs[keys[0]]
        try:
            store.check(work(job))
            out["again"] = {"key": job.key, "same": True}
        except DataError:
            out["again"] = {"key": job.key, "same": False}
    return out
