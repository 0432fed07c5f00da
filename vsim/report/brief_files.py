"""The folder of a brief: its tables as a Data Package with citation, the question so that it can be asked again.

`data/<table>.csv` and `datapackage.json` describe every column; `numbers.json` holds the sets of runs that the rows
name; `base.yaml`, `pilot.yaml` and `question.json` are the question. With the run store beside them every number can be
worked out again: `vsim run trace`.
"""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import yaml

from vsim.errors import DataError, UsageError
from vsim.run.question import Question
from vsim.run.question_answer import Answer
from vsim.run.question_told import KEY, RUNS
from vsim.run.run import MODEL_VERSION
from vsim.run.sweep_files import csv_of, versions
from vsim.spec.loading import shown
from vsim.spec.scenario import Scenario, load_scenario

if TYPE_CHECKING:
    import pandas as pd

QUESTION, NUMBERS, DESCRIPTOR, PROVENANCE = "question.json", "numbers.json", "datapackage.json", "provenance.json"
BASE, PILOT, DATA = "base.yaml", "pilot.yaml", "data"
ASKED = ("outcome", "replicates", "tries", "seed", "level")
COLUMNS = {
    KEY: "name of the row", RUNS: "SHA-256 of the sorted keys of the runs behind the row; numbers.json lists them",
    "indicator": "key of the indicator", "label": "indicator in words", "unit": "unit of value, se, low, high",
    "scope": "who is counted", "base": "mean in the world without the policy", "pilot": "mean in the world with it",
    "value": "effect or estimate", "se": "standard error", "low": "lower end of the interval",
    "high": "upper end of the interval", "level": "probability of the interval", "n": "independent lucks",
    "estimand": "total, att or spillover", "group": "subgroup", "by": "what subgroups are split by",
    "district": "code of the district", "reached": "whether the policy reaches the district", "what": "what is told",
    "worth": "yuan that an extra true hour is worth", "share": "share of lucks in which the policy is worth its cost",
    "truth": "mean true effect", "bias": "mean estimate less mean truth", "bias_se": "Monte Carlo error of the bias",
    "covers": "share of intervals that hold the truth of their luck", "verdict": "Goodhart's check in a word",
    "parameter": "key of the number that was moved", "end": "low or high", "at": "value it was moved to",
    "usual": "its value in the answer", "after": "whether the policy has begun",
    "date": "Monday of the first of four weeks",
    "base_low": "lower end, base", "base_high": "upper end, base", "pilot_low": "lower end, pilot",
    "pilot_high": "upper end, pilot", "effect": "pilot less base", "effect_low": "lower end, effect",
    "effect_high": "upper end, effect",
}
PACKAGES = ("vsim", "numpy", "numba", "pandas", "matplotlib", "papermill")


def package_files(answer: Answer, tables: dict[str, pd.DataFrame], seconds: float) -> dict[str, bytes]:
    """Return the files of a brief that hold data, by their path in its folder.

    Parameters
    ----------
    answer : Answer
    tables : dict of str to DataFrame
        Those of the answer, and more, each with `row` and `runs`.
    seconds : float
        How long the work took.
    """
    question = answer.question
    files = {f"{DATA}/{name}.csv": csv_of(table) for name, table in tables.items()}
    files[NUMBERS] = json_bytes({"sets": {name: list(keys) for name, keys in sorted(answer.sets.items())}})
    files[QUESTION] = json_bytes({
        **{name: getattr(question, name) for name in ASKED}, "more": list(question.more), "question": question.text,
        "base_hash": question.base.hash, "pilot_hash": question.pilot.hash, "model_version": MODEL_VERSION,
    })
    files[BASE], files[PILOT] = (scenario_yaml(one) for one in (question.base, question.pilot))
    files[PROVENANCE] = json_bytes(provenance(question, seconds))
    files[DESCRIPTOR] = json_bytes(descriptor(question, tables, files))
    files["CITATION.cff"] = citation(question).encode()
    sums = [f"{hashlib.sha256(files[path]).hexdigest()}  {path}\n" for path in sorted(files)]
    files["SHA256SUMS"] = "".join(sums).encode("ascii")
    return files


def provenance(question: Question, seconds: float) -> dict[str, Any]:
    """Return what the brief follows from, and the circumstances of its making."""
    return {
        "model_version": MODEL_VERSION, "base": question.base.name, "base_hash": question.base.hash,
        "pilot": question.pilot.name, "pilot_hash": question.pilot.hash, "seed": question.seed,
        "replicates": question.replicates, "tries": question.tries, "drivers": question.drivers,
        "made_on": datetime.now(UTC).date().isoformat(),
        "seconds": round(seconds, 1), "python": platform.python_version(),
        "platform": sys.platform, "packages": versions(PACKAGES),
    }


def descriptor(question: Question, tables: dict[str, pd.DataFrame], files: dict[str, bytes]) -> dict[str, Any]:
    """Return the descriptor of the tables (Data Package, version 2)."""
    resources = []
    for name, table in tables.items():
        raw = files[f"{DATA}/{name}.csv"]
        resources.append({
            "name": name.replace("_", "-"), "path": f"{DATA}/{name}.csv", "type": "table", "format": "csv",
            "mediatype": "text/csv", "encoding": "utf-8", "bytes": len(raw),
            "hash": f"sha256:{hashlib.sha256(raw).hexdigest()}",
            "schema": {"primaryKey": [KEY], "missingValues": [""], "fields": [
                {"name": str(column), "type": _type(table[column]),
                 "description": COLUMNS.get(str(column), str(column))} for column in table.columns]},
        })
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json", "name": f"brief-{question.pilot.name}"
        .replace("_", "-").lower(), "title": question.pilot.title or question.pilot.name,
        "description": f"{question.text} Synthetic data, made by vsim; no person in them is real.",
        "version": MODEL_VERSION, "licenses": [{"name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0"}],
        "sources": [{"title": "vsim, simulated volunteer ecosystems"}], "resources": resources,
    }


def _type(column: pd.Series) -> str:
    kind = column.dtype.kind
    return {"b": "boolean", "i": "integer", "u": "integer", "f": "number", "M": "date"}.get(kind, "string")


def citation(question: Question) -> str:
    """Return how to cite the brief (Citation File Format 1.2)."""
    told = {
        "cff-version": "1.2.0", "type": "dataset",
        "title": f"{question.pilot.title or question.pilot.name}: a policy brief on synthetic data",
        "message": "Cite the brief with the hashes of its scenarios; they and the seed give every number again.",
        "authors": [{"name": "vsim"}], "version": MODEL_VERSION,
        "identifiers": [{"type": "other", "value": one.hash, "description": f"hash of scenario {one.name}"}
                        for one in (question.base, question.pilot)],
    }
    return yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=100)


def scenario_yaml(scenario: Scenario) -> bytes:
    """Return a scenario in one file that extends no other; it has the same hash."""
    told = scenario.model_dump(mode="json", exclude_none=True, exclude={"extends"})
    return yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=100).encode()


def json_bytes(value: Any) -> bytes:
    """Return JSON as the bytes of its file; what is no number is null."""
    return (json.dumps(plain(value), ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def plain(value: Any) -> Any:
    """Return a value as JSON knows it."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value


def read_question(folder: Path) -> Question:
    """Return the question of a brief.

    Raises
    ------
    UsageError
        When the folder holds no brief.
    DataError
        When a scenario is not the one that the brief was made from.
    """
    path = folder / QUESTION
    if not path.is_file():
        raise UsageError(f"{shown(folder)}: holds no brief ({QUESTION} is missing). Name the folder that "
                         "`vsim run brief` wrote.")
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        base, pilot = load_scenario(folder / BASE), load_scenario(folder / PILOT)
        question = Question(base, pilot, more=tuple(told["more"]), **{name: told[name] for name in ASKED})
        hashes = told["base_hash"], told["pilot_hash"], told["model_version"]
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"{shown(path)}: cannot be read ({error}). Make the brief again.") from None
    if hashes != (base.hash, pilot.hash, MODEL_VERSION):
        raise DataError(f"{shown(folder)}: scenarios or model are not those of the brief (hash {base.hash[:12]} and "
                        f"{pilot.hash[:12]}, model {MODEL_VERSION}; made with {hashes[0][:12]}, {hashes[1][:12]}, "
                        f"{hashes[2]}). Make the brief again.")
    return question
