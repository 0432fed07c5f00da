"""Writes a data set as a Data Package (version 2): what an agency sees, and the truth apart from it.

The folder holds `data/<table>.csv`, `datapackage.json`, `DICTIONARY.md`, `README.md`, `recipe.yaml`,
`SHA256SUMS` and, when asked for, `excel/<table>.csv` with a byte-order mark. `truth/` is a package of its own
with the same parts: leave it out and what remains is what a learner gets. Nothing depends on the clock or the
machine: the same frames give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from vsim.errors import DataError, did_you_mean, listing
from vsim.report.check import check_package
from vsim.report.dictionary import dictionary_markdown
from vsim.report.package_descriptor import About, check_about, descriptor, facts
from vsim.report.package_folder import check_target, whole_folder, write_files
from vsim.report.package_layout import (
    BOM,
    CHECKSUMS,
    DESCRIPTOR,
    DICTIONARY,
    README,
    RECIPE,
    TRUTH,
    data_path,
    twin_path,
)
from vsim.report.package_readme import readme_markdown
from vsim.report.package_tables import leaks, package_tables
from vsim.report.package_write import csv_bytes
from vsim.spec.tables import Table

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 5                               # faults that a refusal names


def write_package(
    folder: str | Path,
    frames: Mapping[str, pd.DataFrame],
    truth_frames: Mapping[str, pd.DataFrame],
    *,
    name: str,
    title: str,
    version: str,
    scenario_hash: str,
    seed: int,
    model_version: str,
    licences: Sequence[Mapping[str, str]],
    sources: Sequence[Mapping[str, str]],
    recipe: Mapping[str, object],
    about: Sequence[Mapping[str, str]] = (),
    bom_twins: bool = False,
    force: bool = False,
) -> Path:
    """Write a data set and return its folder; the folder is either complete or as it was before.

    Parameters
    ----------
    folder : path
        Where the package is to stand.
    frames, truth_frames : mapping of table name to DataFrame
        What an agency sees, and the truth; columns as in the dictionaries of `vsim/tables`. Without truth
        frames there is no `truth/`.
    name, title, version : str
        Short name (lower case), English title, version of the data set.
    scenario_hash, seed, model_version
        What the data were made from.
    licences, sources : sequences of mappings
        `name`, `title` and `path` of each licence; `title` (and `path`) of each source, as the standard asks.
    recipe : mapping
        How to make the data again; written to `recipe.yaml` in the order given.
    about : sequence of mappings
        Paragraphs of README.md in both languages, keys en and zh_CN: what the data are for, and their caveats.
    bom_twins : bool
        Write copies with a byte-order mark too, which spreadsheets open with the right encoding.
    force : bool
        Write over a package that is there.

    Raises
    ------
    UsageError
        When the target is there already, or an argument cannot be used.
    DataError
        When a frame does not follow its dictionary, truth stands outside `truth_frames`, or the finished
        package does not pass `check_package`.
    """
    target = Path(folder)
    check_target(target, force, DESCRIPTOR)
    told = About(name, title, version, scenario_hash, seed, model_version, tuple(licences), tuple(sources))
    check_about(told)
    seen, truth = _tables(frames, truth=False), _tables(truth_frames, truth=True)
    files = _half(told, frames, seen, recipe, bom_twins, about)
    if truth:
        half = _half(told, truth_frames, truth, recipe, bom_twins, None)
        files.update({f"{TRUTH}/{path}": content for path, content in half.items()})
    with whole_folder(target) as partial:
        write_files(partial, files)
        faults = check_package(partial)
        if faults:
            rest = f" and {len(faults) - SHOWN} more" if len(faults) > SHOWN else ""
            words = "; ".join(str(fault) for fault in faults[:SHOWN])
            raise DataError(f"{target}: not written, the data have {len(faults)} faults: {words}{rest}")
    return target


def _tables(frames: Mapping[str, pd.DataFrame], truth: bool) -> list[Table]:
    """Return the dictionaries of the frames in the dictionaries' order, truth and appearance kept apart."""
    known = package_tables()
    for name, frame in frames.items():
        if name not in known:
            raise DataError(f"tables: '{name}' is in no dictionary; allowed {listing(known, 20)}."
                            f"{did_you_mean(name, known)}")
        if known[name].truth and not truth:
            raise DataError(f"tables: '{name}' is truth; allowed only among truth_frames. Move it there.")
        if truth and not known[name].truth:
            raise DataError(f"tables: '{name}' is no truth; allowed only among frames. Move it there.")
        hidden = leaks(known[name], list(map(str, frame.columns)))
        if hidden and not truth:
            raise DataError(f"tables: '{name}' has the truth column '{hidden[0]}'; allowed only among "
                            "truth_frames. Take it out.")
    return [table for name, table in known.items() if name in frames]


def _half(
    about: About, frames: Mapping[str, pd.DataFrame], tables: Sequence[Table], recipe: Mapping[str, object],
    bom_twins: bool, words: Sequence[Mapping[str, str]] | None,
) -> dict[str, bytes]:
    """Return the files of one package, what is seen or (without `words`) the truth, by their path inside it."""
    import yaml

    truth = words is None

    data = {table.name: csv_bytes(frames[table.name], table) for table in tables}
    rows = {table.name: len(frames[table.name]) for table in tables}
    title = f"{about.title}, the truth" if truth else about.title
    recipe_text = yaml.safe_dump(_plain(recipe), allow_unicode=True, sort_keys=False, width=100)
    files = {data_path(name): content for name, content in data.items()}
    if bom_twins:
        files.update({twin_path(name): BOM + content for name, content in data.items()})
    files[DESCRIPTOR] = _json(descriptor(about, title, tables, data, truth))
    files[DICTIONARY] = dictionary_markdown(tables, title).encode("utf-8")
    readme = readme_markdown(title, tables, rows, facts(about), truth=truth, twins=bom_twins, about=words or ())
    files[README] = readme.encode("utf-8")
    files[RECIPE] = recipe_text.encode("utf-8")
    sums = [f"{hashlib.sha256(files[path]).hexdigest()}  {path}\n" for path in sorted(files)]
    files[CHECKSUMS] = "".join(sums).encode("ascii")
    return files


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode("utf-8")


def _plain(value: object) -> object:
    """Return a recipe as plain values that YAML writes the same everywhere."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
