"""Mutants of a unit: plausible wrong answers that must lose marks, and equivalents of the model answer that must not.

A file of `mutants/` holds the answers to one task, each under a heading such as

    # %% mutant records-for-active earns 2
    # %% mutant share earns 0 to 1.5
    # %% equivalent numpy
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from vsim.errors import DataError
from vsim.spec.loading import read_text

HEADING = re.compile(r"^# %%(.*)$", re.MULTILINE)
MUTANT = re.compile(r" mutant ([a-z0-9-]+) earns (\d+(?:\.\d+)?)(?: to (\d+(?:\.\d+)?))?\s*")
EQUIVALENT = re.compile(r" equivalent ([a-z0-9-]+)\s*")
FOLDER = "mutants"
LEAST = 5  # mutants of a task that is no choice


@dataclass(frozen=True, slots=True)
class Variant:
    """One answer to one task.

    Attributes
    ----------
    task, name : str
    kind : {"mutant", "equivalent"}
    code : str
        What stands in the answer cell.
    low, high : float
        Points that it must earn; an equivalent earns all, which is written as infinity here.
    """

    task: str
    name: str
    kind: Literal["mutant", "equivalent"]
    code: str
    low: float
    high: float


def read_variants(folder: Path) -> list[Variant]:
    """Return the variants of a unit in order.

    Raises
    ------
    DataError
        When a heading is none of the three forms, or a name comes twice.
    """
    found: list[Variant] = []
    for path in sorted((folder / FOLDER).glob("*.py")):
        pieces = HEADING.split(read_text(path))[1:]
        for heading, code in zip(pieces[::2], pieces[1::2], strict=True):
            found.append(_variant(path, heading, code.strip("\n") + "\n"))
    names = [(item.task, item.name) for item in found]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise DataError(
            f"{folder / FOLDER}: '{twice[0][1]}' of {twice[0][0]} stands twice. Give each variant a name of its own."
        )
    return found


def _variant(path: Path, heading: str, code: str) -> Variant:
    if match := MUTANT.fullmatch(heading):
        low = float(match[2])
        return Variant(path.stem, match[1], "mutant", code, low, float(match[3] or low))
    if match := EQUIVALENT.fullmatch(heading):
        return Variant(path.stem, match[1], "equivalent", code, float("inf"), float("inf"))
    raise DataError(
        f"{path.name}: the heading is '# %%{heading}'; allowed '# %% mutant NAME earns POINTS', with 'to POINTS' "
        "behind it if it depends on the city, or '# %% equivalent NAME'."
    )
