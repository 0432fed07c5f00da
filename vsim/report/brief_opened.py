"""The folder of a brief, opened: its question, its tables, the row that it is about."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vsim.errors import UsageError, listing
from vsim.report.brief_files import BASE, DATA, PILOT, PROVENANCE, QUESTION
from vsim.run.question_told import KEY, RUNS
from vsim.spec.scenario import Scenario, load_scenario

if TYPE_CHECKING:
    import pandas as pd

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Opened:
    """The folder of a brief."""

    folder: Path

    @cached_property
    def question(self) -> dict[str, Any]:
        """What was asked, as `question.json` has it."""
        found: dict[str, Any] = json.loads((self.folder / QUESTION).read_text(encoding="utf-8"))
        return found

    @cached_property
    def provenance(self) -> dict[str, Any]:
        """What the brief follows from."""
        found: dict[str, Any] = json.loads((self.folder / PROVENANCE).read_text(encoding="utf-8"))
        return found

    @cached_property
    def scenarios(self) -> tuple[Scenario, Scenario]:
        """Base and pilot."""
        return load_scenario(self.folder / BASE), load_scenario(self.folder / PILOT)

    @property
    def names(self) -> list[str]:
        """The tables that there are."""
        return sorted(path.stem for path in (self.folder / DATA).glob("*.csv"))

    def has(self, name: str) -> bool:
        """Return whether the answer has a table: not every question has every part."""
        return name in self.names

    def frame(self, name: str) -> pd.DataFrame:
        """Return a table.

        Raises
        ------
        UsageError
            When the brief has none of that name.
        """
        import pandas as pd

        if not self.has(name):
            raise UsageError(f"brief: '{name}' is no table of this brief; allowed {listing(self.names)}.")
        keep = {KEY: str, RUNS: str, "parameter": str, "end": str}
        frame = pd.read_csv(self.folder / DATA / f"{name}.csv", dtype=keep, keep_default_na=True)
        return frame.fillna({name: "" for name in ("parameter", "end", "unit") if name in frame})

    @property
    def estimand(self) -> str:
        """The effect that the brief is about: where the policy holds, or over all when it holds everywhere."""
        return "att" if "att" in set(self.frame("effects")["estimand"]) else "total"

    @property
    def main(self) -> Row:
        """The row of the main effect."""
        return self.row("effects", f"{self.question['outcome']}.{self.estimand}")

    def row(self, name: str, key: str) -> Row:
        """Return a row of a table."""
        frame = self.frame(name)
        return {str(k): v for k, v in frame[frame[KEY] == key].iloc[0].items()}
