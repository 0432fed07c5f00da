"""Districts of a finished run that need not be run again: those that read the same as here.

What a district reads is its place in the world, the calendar, the numbers of the cards, the luck, and the policies that
cover it. Two runs in which all this is equal have equal rows of it, whatever is different elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vsim.errors import UsageError
from vsim.kernels.build import FAMILIES, kernels
from vsim.run.nation_folder import Note, file_of, note_of, read_plan
from vsim.run.run import MODEL_VERSION
from vsim.spec.policy import ScheduledPolicy
from vsim.spec.scenario import Scenario
from vsim.world.places import District

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Reuse:
    """One district of a finished run: in which batch it is, and as which of it."""

    folder: Path
    number: int
    place: int
    note: Note

    def tables(self) -> dict[str, pa.Table]:
        """Return its rows of every table."""
        out = {}
        for name, parts in self.note["parts"].items():
            whole = _table(file_of(self.folder, name, self.number), self.note["size"][name])
            out[name] = whole.slice(sum(parts[: self.place]), parts[self.place])
        return out


@lru_cache(maxsize=40)
def _table(path: Path, size: int) -> pa.Table:
    """Return a table of a batch; several districts are taken of one file."""
    import pyarrow.parquet as pq

    return pq.read_table(path, partitioning=None)


def inputs_of(
    scenario: Scenario, seed: int, records: str, districts: Sequence[District], policies: Sequence[ScheduledPolicy]
) -> list[str]:
    """Return of each district a mark of everything that it is run from: equal marks, equal rows."""
    plain = scenario.canonical()
    common = {name: plain[name] for name in ("format", "world", "start", "weeks", "warmup_weeks", "parameters")}
    common |= {"seed": seed, "records": records, "model": MODEL_VERSION}
    common |= {"kernels": [kernels(family).__name__ for family in FAMILIES]}
    first = hashlib.sha256(json.dumps(common, sort_keys=True).encode())
    told = [(frozenset(policy.districts), _without_places(policy)) for policy in policies]
    out = []
    for district in districts:
        own = first.copy()
        own.update(json.dumps([asdict(district), [text for where, text in told if district.code in where]]).encode())
        out.append(own.hexdigest()[:32])
    return out


def _without_places(policy: ScheduledPolicy) -> str:
    plain: dict[str, Any] = policy.to_dict()
    plain.pop("districts")
    return json.dumps(plain, sort_keys=True)


def reusable(base: Path) -> Mapping[str, Reuse]:
    """Return the districts of a finished run by the mark of what they were run from.

    Raises
    ------
    UsageError
        When the folder holds no finished run, or one with feedback, whose policies move everywhere.
    """
    plan = read_plan(base)
    if plan["feedback"]:
        raise UsageError(f"nation: {base} holds a run with feedback; allowed as --base is one without, since feedback "
                         "reaches every district. Run without --base.")
    out: dict[str, Reuse] = {}
    batches = -(-plan["counties"] // plan["batch"])
    for number in range(batches):
        note = note_of(base, number, plan)
        if note is None:
            raise UsageError(f"nation: {base} holds no finished run (batch {number} of {batches} is missing or "
                             "spoilt). Run it to its end first.")
        out |= {mark: Reuse(base, number, place, note) for place, mark in enumerate(note["inputs"])}
    return out
