"""What a choice writes: all of it as JSON, its tables as CSV, and the chosen mix as a scenario to run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from vsim.errors import UsageError
from vsim.kernels.build import write_whole
from vsim.run import sweep_files
from vsim.run.look import plain
from vsim.spec.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

    from vsim.run.policy_choose import Choice

CHOICE = "recommendation.json"


def check_free(folder: Path, force: bool, mark: str = CHOICE) -> None:
    """Refuse a folder that holds something, before any work is done.

    Raises
    ------
    UsageError
        When it is a file; or, without `force`, when it is not empty; or, with it, when what it holds has no `mark`.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: is a file; allowed a folder. Name another.")
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not force:
        raise UsageError(f"{folder}: is not empty. Name another folder, or write over it with --force.")
    if not (folder / mark).is_file():
        raise UsageError(f"{folder}: holds no {mark} and is left as it is. Name another folder.")


def write_choice(found: Choice, folder: Path) -> Path:
    """Write `recommendation.json`, `finalists.csv`, `tried.csv` and `chosen.yaml`, each whole; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    told = found.to_dict()
    write_whole(folder / "finalists.csv", csv_of(found.chosen.table))
    write_whole(folder / "tried.csv", csv_of(found.chosen.tried))
    write_whole(folder / "chosen.yaml", scenario_text(found.scenario, found.base, found.study))
    write_whole(folder / CHOICE, json.dumps(told, indent=1, ensure_ascii=False) + "\n")
    return folder


def csv_of(table: pd.DataFrame) -> str:
    """Return a table as CSV, mixes in a line."""
    from vsim.run.policy_choose import name_of

    plain_table = table.assign(mix=table["mix"].map(name_of)) if "mix" in table.columns else table
    return sweep_files.csv_of(plain_table).decode()


def scenario_text(scenario: Scenario, extends: str, study: str) -> str:
    """Return a scenario file that holds a mix: the base that it extends, and every policy in full."""
    fields: dict[str, Any] = {
        "title": f"The mix chosen for {study}, synthetic", "extends": extends,
        "policies": [plain(policy) for policy in scenario.policies],
    }
    text = yaml.safe_dump({key: value for key, value in fields.items() if value}, sort_keys=False, allow_unicode=True,
                          width=120)
    return f"# Chosen by `vsim run choose {study}`.\n{text}"
