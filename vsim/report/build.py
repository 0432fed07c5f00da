"""Build folders from runs: a run with its registers, a study with its effects, a data set from its recipe."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from vsim.errors import DataError, UsageError
from vsim.report.package import write_package
from vsim.report.package_descriptor import NAME
from vsim.report.package_folder import check_target, whole_folder
from vsim.report.package_layout import CHECKSUMS, DESCRIPTOR, RECIPE, TRUTH
from vsim.report.recipe import Recipe, read_recipe
from vsim.report.truth_tables import EFFECTS, cohorts, effects_truth, rollout_truth
from vsim.run.compare import compare
from vsim.run.record import registers, truth
from vsim.run.run import MODEL_VERSION, Run, simulate
from vsim.run.study import Study
from vsim.run.take import take
from vsim.spec.plain_yaml import one_line
from vsim.spec.scenario import load_scenario

__all__ = ["EFFECTS", "Recipe", "build_dataset", "effects_truth", "manifest", "pack", "read_recipe", "remake",
           "short_name", "write_run", "write_study"]

VERSION = "0.1.0"             # of the data sets
LICENCES = (
    {"name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0 International",
     "path": "https://creativecommons.org/licenses/by/4.0/"},
)
SOURCES = ({"title": "vsim, a simulator of volunteer service; synthetic, no real person, place or organisation"},)


def check_free(folder: Path, force: bool) -> None:
    """Refuse a target that must not be written over, before any work is done."""
    check_outside(folder)
    check_target(folder, force, DESCRIPTOR if (folder / DESCRIPTOR).exists() else "manifest.json")


def check_outside(folder: Path) -> None:
    """Refuse the folder that the caller stands in: a whole folder is put in its place, and it would be gone."""
    here, target = Path.cwd(), folder.resolve()
    if here == target or target in here.parents:
        raise UsageError(f"{folder}: is the folder that you stand in; allowed another. Name a folder, or leave it.")


def build_dataset(recipe: Recipe, folder: Path, *, force: bool = False) -> Path:
    """Simulate and write a data set from its recipe; the same recipe gives the same bytes."""
    check_outside(folder)
    check_target(folder, force, DESCRIPTOR)
    if not NAME.fullmatch(recipe.name):
        raise UsageError(f"data set: name is '{one_line(recipe.name)}'; allowed a-z, 0-9, '.', '_', '-'. "
                         "Give the folder such a name.")
    base = load_scenario(recipe.scenario)
    shown = load_scenario(recipe.pilot) if recipe.pilot else base
    run = simulate(shown, recipe.seed)
    seen, hidden = take(run, tables=recipe.tables, office=recipe.office, platforms=recipe.platforms)
    if recipe.pilot:
        study = compare(base, shown, replicates=recipe.replicates, seed=recipe.seed)
        hidden["effects_truth"] = effects_truth(study)
        if len(cohorts(study)) > 1:
            hidden["rollout_truth"] = rollout_truth(study)
    return write_package(
        folder, seen, hidden, name=recipe.name, title=recipe.title or shown.title or recipe.name,
        version=VERSION, scenario_hash=shown.hash, seed=recipe.seed, model_version=MODEL_VERSION, licences=LICENCES,
        sources=SOURCES, recipe=recipe.plain(), about=recipe.about, force=force,
    )


def remake(recipe: Recipe, folder: Path, *, write: bool = True) -> list[str]:
    """Make a data set again and return the files that differ from those in the folder; write it when asked to."""
    import tempfile

    with tempfile.TemporaryDirectory() as scratch:
        fresh = build_dataset(recipe, Path(scratch) / recipe.name)
        new = {p.relative_to(fresh).as_posix(): p.read_bytes() for p in sorted(fresh.rglob("*")) if p.is_file()}
        old = {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
    differing = sorted(name for name in new.keys() | old.keys() if new.get(name) != old.get(name))
    known = set(new)
    if set(old) - {RECIPE}:                  # a folder with a recipe alone is a data set that is yet to be made
        known |= set(listed(folder)) | set(listed(folder, TRUTH) if (folder / TRUTH).is_dir() else ())
    strangers = sorted(old.keys() - known)
    if strangers and write:
        raise DataError(f"{folder}: holds files that are not of the data set, {strangers[0]} among {len(strangers)}; "
                        "remaking would remove them. Move them away.")
    if differing and write:
        with whole_folder(folder) as partial:
            for name, content in new.items():
                (partial / name).parent.mkdir(parents=True, exist_ok=True)
                (partial / name).write_bytes(content)
    return differing


def write_run(run: Run, folder: Path, *, source: str | None = None, force: bool = False) -> Path:
    """Write the registers of a run and its truth as a data package; `source` is the name or file of its scenario."""
    name = short_name(run.scenario.name)
    return write_package(
        folder, registers(run), truth(run), name=name,
        title=run.scenario.title or run.scenario.name, version=VERSION, scenario_hash=run.scenario.hash, seed=run.seed,
        model_version=MODEL_VERSION, licences=LICENCES, sources=SOURCES,
        recipe={"name": name, "scenario": source or run.scenario.name, "seed": run.seed, "replicates": 2},
        force=force,
    )


def short_name(name: str) -> str:
    """Return a name as data sets bear it: small letters, digits and hyphens.

    >>> short_name("My_City")
    'my-city'
    """
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "run"


def write_study(study: Study, keys: Sequence[str], folder: Path, *, force: bool = False) -> Path:
    """Write a study: effects in all, by district and subgroup, weekly series, and a manifest that says where they came
    from.
    """
    check_target(folder, force, "manifest.json")
    with whole_folder(folder) as partial:
        study.effects(keys).to_csv(partial / "effects.csv", index=False, lineterminator="\n")
        study.effects(keys, by="district").to_csv(partial / "effects_by_district.csv", index=False, lineterminator="\n")
        for key in keys:
            study.weekly(key).to_csv(partial / f"weekly_{key}.csv", index=False, lineterminator="\n")
        (partial / "manifest.json").write_text(json.dumps(manifest(study), indent=2) + "\n", encoding="utf-8")
    return folder


def manifest(study: Study) -> Mapping[str, Any]:
    """Return what a study is a function of."""
    return {
        "base": study.base.name, "base_hash": study.base.hash, "pilot": study.pilot.name,
        "pilot_hash": study.pilot.hash, "seed": study.seed, "replicates": study.replicates,
        "model_version": MODEL_VERSION, "first_week": study.first_week, "pilot_districts": list(study.pilot_districts),
    }


def listed(folder: Path, half: str = "") -> list[str]:
    """Return the files of a data set, or of its `truth`, as its list of checksums has them, that list too."""
    sums = folder / half / CHECKSUMS
    if not sums.is_file():
        raise DataError(f"{folder}: {CHECKSUMS} is missing in {half or 'it'}; a data set lists its files. Remake it.")
    names = [line.split(maxsplit=1)[1] for line in sums.read_text(encoding="utf-8").splitlines() if line.strip()]
    prefix = f"{half}/" if half else ""
    return sorted(prefix + name for name in [*names, CHECKSUMS] if half or not name.startswith(f"{TRUTH}/"))


def pack(folder: Path, target: Path, *, with_truth: bool = False, force: bool = False) -> Path:
    """Write a data set as a zip file: the same files give the same bytes; no truth unless asked for."""
    if not (folder / DESCRIPTOR).is_file():
        raise UsageError(f"{folder}: has no {DESCRIPTOR}; allowed the folder of a data set. Name one.")
    if target.is_dir() or folder.resolve() in target.resolve().parents:
        raise UsageError(f"{target}: is a folder or stands in the data set; allowed a file outside. Choose another.")
    if target.exists() and not force:
        raise UsageError(f"{target}: exists already; allowed a new file. Choose another name or use --force.")
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.partial")
    try:
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in [*listed(folder), *(listed(folder, TRUTH) if with_truth else ())]:
                path = folder / name
                entry = zipfile.ZipInfo(f"{folder.resolve().name}/{name}", date_time=(1980, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, path.read_bytes())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return target
