"""The proof of the tournament: a table for each design, with the seeds and the hash of what it follows from.

A design is proved by itself, so a new one leaves the others as they are. What it follows from is its module, those it
takes from its neighbours and from the estimators, the model and the libraries.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from vsim.evaluate.scoring import Score
from vsim.kernels.build import write_whole
from vsim.run.designs import DESIGNS
from vsim.run.run import MODEL_VERSION
from vsim.run.tournament import Row

FILE = "tournament.json"
LIBRARIES = ("statsmodels", "linearmodels", "diff-diff")
ROOT = Path(__file__).resolve().parents[2]
TAKEN = re.compile(r"^from (vsim\.(?:run\.designs|evaluate)\.\w+) import", re.MULTILINE)


def depends_on(name: str) -> str:
    """Return the hash of what the table of a design follows from."""
    digest = hashlib.sha256(f"{MODEL_VERSION} {[version(one) for one in LIBRARIES]}".encode())
    for path in _sources(Path(inspect.getfile(DESIGNS[name].draw))):
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def _sources(path: Path) -> list[Path]:
    """Return a module of a design, with the designs it builds on and the estimators that these name."""
    found, left = [], [path]
    while left:
        one = left.pop()
        if one in found:
            continue
        found.append(one)
        if one.parent == path.parent:
            left += [ROOT / f"{module.replace('.', '/')}.py" for module in TAKEN.findall(one.read_text("utf-8"))]
    return sorted(found)


def write_proof(rows: Sequence[Row], seeds: int, folder: Path) -> Path:
    """Write the tables of the designs that were played to tournament.json; those of others stay as they were.

    Parameters
    ----------
    rows : sequence of Row
    seeds : int
        Replications of each design.
    folder : Path
    """
    path = folder / FILE
    designs = _kept(path)
    for name in dict.fromkeys(row.design for row in rows):
        designs[name] = {
            "seeds": seeds, "depends_on": depends_on(name),
            "rows": [{**asdict(row), "verdict": row.verdict} for row in rows if row.design == name],
        }
    told = {"model_version": MODEL_VERSION, "designs": {name: designs[name] for name in DESIGNS if name in designs}}
    write_whole(path, json.dumps(told, indent=1) + "\n")
    return path


def _kept(path: Path) -> dict[str, Any]:
    """Return the designs of a proof of the same model, or none."""
    if not path.exists():
        return {}
    told = json.loads(path.read_text(encoding="utf-8"))
    designs: dict[str, Any] = told.get("designs", {}) if told.get("model_version") == MODEL_VERSION else {}
    return designs


def read_proof(folder: Path) -> tuple[dict[str, Any], list[Row]]:
    """Return a proof as it was written, and the rows of all its designs."""
    told: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
    rows = [Row(**{**{k: v for k, v in row.items() if k != "verdict"}, "score": Score(**row["score"])})
            for one in told["designs"].values() for row in one["rows"]]
    return told, rows
