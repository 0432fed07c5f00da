"""One batch of districts of a large run: to the edge of an epoch, or to the end and into files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from vsim.rng import stream_key
from vsim.run.district import Progress, advance, begin
from vsim.run.making import make_unit
from vsim.run.nation_base import Reuse
from vsim.run.nation_feedback import METRICS, Int, totals
from vsim.run.nation_files import arrow_table, write_table
from vsim.run.nation_folder import file_of, run_id, write_epoch_note, write_note
from vsim.run.nation_people import volunteer_table
from vsim.run.nation_progress import Kept, load, progress_file, restored, save
from vsim.run.nation_tables import kept, record_tables, weekly_table
from vsim.run.run import feed
from vsim.run.settle import Settled, fixed_of, settle
from vsim.spec.policy import ScheduledPolicy
from vsim.spec.scenario import Scenario
from vsim.world.city import Unit
from vsim.world.metrics import M
from vsim.world.places import District


@dataclass(frozen=True, slots=True)
class Nation:
    """A scenario with its districts and what is in force where: what every district is run from."""

    scenario: Scenario
    seed: int
    districts: tuple[District, ...]
    policies: tuple[ScheduledPolicy, ...]

    def settled(self, district: District) -> tuple[Unit, Settled]:
        """Return one district and the tables that it is run with."""
        unit = make_unit(self.scenario.world, district, self.scenario.warmup_weeks, fixed_of(self.scenario).values)
        return unit, settle(self.scenario, [unit], policies=list(self.policies))

    def run(self, district: District) -> tuple[Unit, Settled, Progress]:
        """Return one district, the tables it was run with, and what it came to."""
        unit, settled = self.settled(district)
        return unit, settled, advance(unit, settled, self.key, begin(unit, settled), settled.weeks)

    @property
    def key(self) -> tuple[int, int]:
        """The key of the luck of the run."""
        return stream_key(self.seed, 0)

    @property
    def world_key(self) -> tuple[int, int]:
        """The key of the people and places."""
        return stream_key(self.scenario.world.seed)

    def tables(self, unit: Unit, settled: Settled, end: Progress, mine: Any, records: str) -> dict[str, Any]:
        """Return the tables of one district: rows of the people in `mine`; with all records those of tasks too."""
        out: dict[str, Any] = {"weekly": weekly_table(unit, end, settled)}
        if records != "none":
            out["volunteers"] = volunteer_table(unit, end, mine, self.world_key, self.scenario.world.districts)
            out |= record_tables(unit, end, mine, every=records == "all")
        return out


@dataclass(frozen=True, slots=True)
class Batch:
    """Districts of one file.

    Attributes
    ----------
    number : int
        Of the file.
    districts : sequence of District
    out : Path
    plan : mapping
        From `vsim.run.nation_folder.read_plan`.
    inputs : sequence of str
        Of each district the mark of what it is run from.
    known : mapping of str to Reuse
        Districts of another run that read the same.
    """

    number: int
    districts: Sequence[District]
    out: Path
    plan: dict[str, Any]
    inputs: Sequence[str]
    known: Mapping[str, Reuse] = field(default_factory=dict)

    def to_edge(self, nation: Nation, epoch: int) -> None:
        """Run to the edge of an epoch; keep how far the districts have come, and note what they came to."""
        edges = self.plan["edges"]
        first, edge = edges[epoch - 1] if epoch else 0, edges[epoch]
        starts = self._starts(epoch, first)
        sums: Int = np.zeros((edge - first, len(METRICS)), dtype=np.int64)

        def each() -> Iterator[Progress]:
            for place, district in enumerate(self.districts):
                unit, settled = nation.settled(district)
                end = advance(unit, settled, nation.key, _start(unit, settled, starts, place, first), edge)
                np.add(sums, totals(end, settled, first), out=sums)
                yield end

        save(progress_file(self.out, epoch, self.number), each())
        write_epoch_note(self.out, epoch, self.number, self.plan, sums)
        self._forget(epoch)

    def to_end(self, nation: Nation) -> None:
        """Run to the last week, write the tables and then the note."""
        last = len(self.plan["edges"]) - 1
        first = self.plan["edges"][last - 1] if last else 0
        starts = self._starts(last, first)
        found = []
        for place, (district, mark) in enumerate(zip(self.districts, self.inputs, strict=True)):
            found.append(_again(self.known[mark]) if mark in self.known else
                         self._run(nation, district, starts, place, first))
        names = list(found[0].tables)
        whole = {name: arrow_table([one.tables[name] for one in found]) for name in names}
        write_note(self.out, self.number, {
            "run": run_id(self.plan), "districts": [district.code for district in self.districts],
            "checksums": [one.checksum for one in found], "inputs": list(self.inputs),
            "residents": sum(district.residents for district in self.districts),
            "attendances": [one.attended for one in found], "attended": sum(one.attended for one in found),
            "rows": {name: table.num_rows for name, table in whole.items()},
            "parts": {name: [_rows(one.tables[name]) for one in found] for name in names},
            "size": {name: write_table(table, file_of(self.out, name, self.number)) for name, table in whole.items()},
        })
        self._forget(last)

    def _run(self, nation: Nation, district: District, starts: list[Kept] | None, place: int, first: int) -> Found:
        unit, settled = nation.settled(district)
        end = advance(unit, settled, nation.key, _start(unit, settled, starts, place, first), settled.weeks)
        digest = hashlib.sha256()
        feed(digest, end)
        records = self.plan["records"]
        mine = kept(unit.people.ids, nation.world_key, records)
        attended = int(end.counts.people[settled.warmup :, :, M.ATTENDED].sum())
        return Found(nation.tables(unit, settled, end, mine, records), digest.hexdigest(), attended)

    def _starts(self, epoch: int, week: int) -> list[Kept] | None:
        """Return what was kept at the edge before an epoch, or None where the districts begin at their first week."""
        return load(progress_file(self.out, epoch - 1, self.number), len(self.districts), week) if epoch else None

    def _forget(self, epoch: int) -> None:
        for before in range(epoch):
            progress_file(self.out, before, self.number).unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Found:
    """What one district came to: its tables, its checksum and its attendances."""

    tables: dict[str, Any]
    checksum: str
    attended: int


def _again(known: Reuse) -> Found:
    return Found(known.tables(), known.note["checksums"][known.place], known.note["attendances"][known.place])


def _start(unit: Unit, settled: Settled, starts: list[Kept] | None, place: int, week: int) -> Progress:
    """Return a district where it was left, or before its first week: a schedule says the same of weeks gone by."""
    fresh = begin(unit, settled)
    return fresh if starts is None else restored(starts[place], fresh, week)


def _rows(table: Any) -> int:
    return table.num_rows if hasattr(table, "num_rows") else len(next(iter(table.values())))
