"""What is said about a data set as a whole, and its `datapackage.json` (Data Package version 2)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vsim.errors import UsageError
from vsim.report.dictionary import table_schema
from vsim.report.package_layout import PACKAGE_PROFILE, RESOURCE_PROFILE, TRUTH, data_path
from vsim.spec.tables import Table

NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class About:
    """What is said about a data set as a whole."""

    name: str
    title: str
    version: str
    scenario_hash: str
    seed: int
    model_version: str
    licences: tuple[Mapping[str, str], ...]
    sources: tuple[Mapping[str, str], ...]


def check_about(about: About) -> None:
    """Refuse what cannot be said about a data set.

    Raises
    ------
    UsageError
        When a name, hash, seed, licence or source cannot be used.
    """
    if not NAME.fullmatch(about.name):
        raise UsageError(f"name is '{about.name}'; allowed a-z, 0-9, '.', '_', '-'. Rename it.")
    if not HASH.fullmatch(about.scenario_hash):
        raise UsageError(f"scenario_hash is '{about.scenario_hash}'; allowed 64 hexadecimal digits. "
                         "Use Scenario.hash.")
    if isinstance(about.seed, bool) or about.seed < 0:
        raise UsageError(f"seed is {about.seed}; allowed 0 or more. Choose another seed.")
    words = {"title": about.title, "version": about.version, "model_version": about.model_version}
    for field, text in words.items():
        if not text.strip() or not text.isprintable():
            raise UsageError(f"{field} is {text!r}; allowed one line of text. Fill it in.")
    for licence in about.licences:
        if not {"name", "path"} & set(licence):
            raise UsageError(f"licences: {dict(licence)} has no name or path. Add one, or both.")
    if not about.licences:
        raise UsageError("licences: is empty; allowed at least one. Published data name their licence.")
    for source in about.sources:
        if "title" not in source:
            raise UsageError(f"sources: {dict(source)} has no title. Add a title.")


def facts(about: About) -> dict[str, str]:
    """Return what README.md says about how the data were made."""
    return {
        "name": about.name, "version": about.version, "model_version": about.model_version,
        "scenario_hash": about.scenario_hash, "seed": str(about.seed),
        "licences": "; ".join(licence.get("title") or licence.get("name") or licence["path"]
                              for licence in about.licences),
    }


def descriptor(
    about: About, title: str, tables: Sequence[Table], data: Mapping[str, bytes], truth: bool,
) -> dict[str, Any]:
    """Return `datapackage.json` as plain values.

    Parameters
    ----------
    about : About
    title : str
        Title of this half of the data.
    tables : sequence of Table
    data : mapping of table name to the bytes of its file
    truth : bool
        Whether this is the package of the truth.

    Source: https://datapackage.org/standard/data-package/
    """
    present = [table.name for table in tables]
    return {
        "$schema": PACKAGE_PROFILE,
        "name": f"{about.name}-{TRUTH}" if truth else about.name,
        "title": f"SYNTHETIC 合成数据: {title}",
        "description": "Synthetic data from the simulator vsim; no person, organisation or place is real.",
        "version": about.version,
        "licenses": [dict(licence) for licence in about.licences],
        "sources": [dict(source) for source in about.sources],
        "vsim": {
            "synthetic": True, "truth": truth, "scenario_hash": about.scenario_hash, "seed": about.seed,
            "model_version": about.model_version,
        },
        "resources": [_resource(table, data[table.name], present) for table in tables],
    }


def _resource(table: Table, content: bytes, present: Sequence[str]) -> dict[str, Any]:
    return {
        "$schema": RESOURCE_PROFILE,
        "name": table.name,
        "type": "table",
        "path": data_path(table.name),
        "title": table.title,
        "description": table.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": table_schema(table, present),
    }
