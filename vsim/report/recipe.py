"""The recipe of a data set: scenario, seed and what is taken of the run, in the file `recipe.yaml` beside the data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from vsim.errors import DataError, did_you_mean
from vsim.report.package_layout import RECIPE
from vsim.spec.loading import read_yaml
from vsim.spec.plain_yaml import one_line

NUMBERS, LISTS = ("seed", "replicates"), ("tables", "office", "platforms")
NEEDED = ("name", "scenario", "seed", "replicates")
LANGUAGES = ("en", "zh_CN")


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a data set is made: the registers are those of the pilot when there is one, and its twin gives the truth.

    Attributes
    ----------
    name, scenario, pilot, seed, replicates, title :
        What the data set is called and made from.
    tables, office, platforms : tuple of str
        What is taken of the run (`vsim.run.take`): registers (none means all), tables of offices, platforms.
    about : tuple of mappings
        Paragraphs of README.md, each in both languages (keys en, zh_CN).
    """

    name: str
    scenario: str
    pilot: str | None
    seed: int
    replicates: int
    title: str = ""
    tables: tuple[str, ...] = ()
    office: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    about: tuple[Mapping[str, str], ...] = ()

    def plain(self) -> dict[str, Any]:
        """Return what the file holds: fields that say nothing are left out."""
        return {key: value for key, value in asdict(self).items() if value not in (None, "", ())}


def read_recipe(folder: Path) -> Recipe:
    """Return the recipe of a data set.

    Raises
    ------
    DataError
        When the folder has none, or it lacks or adds a key.
    """
    path = folder / RECIPE
    if not path.is_file():
        raise DataError(f"{folder}: {RECIPE} is missing; a data set is remade from it. Name the folder of a data set.")
    fields = {key: value for key, value in read_yaml(path).data.items() if value is not None}
    known = {field: fields.pop(field) for field in list(fields) if field in Recipe.__dataclass_fields__}
    if fields:
        key = next(iter(fields))
        raise DataError(f"{path}: unknown key '{key}'.{did_you_mean(key, Recipe.__dataclass_fields__)}")
    missing = [name for name in NEEDED if name not in known]
    if missing:
        raise DataError(f"{path}: {missing[0]} is missing; needed {', '.join(NEEDED)}. Add it.")
    for name, value in known.items():
        allowed = _wrong(name, value)
        if allowed:
            raise DataError(f"{path}: {name} is {one_line(value)}; allowed {allowed}. Correct it.")
    lists = {name: tuple(known[name]) for name in (*LISTS, "about") if name in known}
    return Recipe(**{"pilot": None, **known, **lists})


def _wrong(name: str, value: object) -> str | None:
    """Return what is allowed where a value of the file cannot be used, else None."""
    if name in LISTS:
        good = isinstance(value, list) and all(isinstance(item, str) for item in value)
        return None if good else "a list of names"
    if name == "about":
        good = isinstance(value, list) and all(_in_both(item) for item in value)
        return None if good else f"a list of paragraphs, each with {' and '.join(LANGUAGES)}"
    kind = int if name in NUMBERS else str
    good = isinstance(value, kind) and not isinstance(value, bool)
    return None if good else ("a whole number" if kind is int else "text")


def _in_both(item: object) -> bool:
    return isinstance(item, dict) and set(item) == set(LANGUAGES) and all(isinstance(v, str) for v in item.values())
