"""A nation: a world too large for memory, run district by district and written as it goes.

Districts share nothing but the scenario, so each is made from keys, run, written and dropped. A batch of districts is
one file of each table; its note in `notes/`, written last, says that the batch is there and what it came to. A run that
was killed goes on with the batches that have no note. Neither threads nor the size of batches change a value.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from vsim.errors import UsageError
from vsim.kernels.build import write_whole
from vsim.rng import stream_key
from vsim.run.district import Progress, advance, begin
from vsim.run.nation_tables import RECORDS, Table, joined, kept, record_tables, weekly_table, write_table
from vsim.run.run import MODEL_VERSION, default_threads, feed
from vsim.run.settle import Settled, in_force, settle
from vsim.spec.policy import ScheduledPolicy
from vsim.spec.scenario import Scenario
from vsim.world.city import Unit, districts_of, unit_of
from vsim.world.metrics import M
from vsim.world.places import District

PLAN, NOTES = "nation.json", "notes"
BATCH = 8                     # districts of a file


@dataclass(frozen=True, slots=True)
class Nation:
    """A scenario with its districts and what is in force where: what every district is run from."""

    scenario: Scenario
    seed: int
    districts: tuple[District, ...]
    policies: tuple[ScheduledPolicy, ...]

    def run(self, district: District) -> tuple[Unit, Settled, Progress]:
        """Return one district, the tables it was run with, and what it came to."""
        world, warmup = self.scenario.world, self.scenario.warmup_weeks
        unit = unit_of(world, district, warmup, self.scenario.values)
        settled = settle(self.scenario, [unit], policies=list(self.policies))
        key = stream_key(self.seed, 0)
        return unit, settled, advance(unit, settled, key, begin(unit, settled), settled.weeks)


def nation_of(scenario: Scenario, seed: int = 1) -> Nation:
    """Return the plan of a large run: roll-outs are resolved over all districts, people are not made yet."""
    districts = districts_of(scenario.world, scenario.values)
    return Nation(scenario, seed, tuple(districts), tuple(in_force(scenario, districts)))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a large run came to.

    Attributes
    ----------
    checksum : str
        SHA-256 over the districts in order: counts, states and books of each.
    districts, residents, attended : int
        Districts run, their residents, and attendances in the weeks of the run.
    rows, size : mapping of str to int
        Rows and bytes of each table.
    """

    checksum: str
    districts: int
    residents: int
    attended: int
    rows: dict[str, int]
    size: dict[str, int]


def run_nation(
    scenario: Scenario, out: Path, *, seed: int = 1, records: str = "sample", counties: int | None = None,
    batch: int = BATCH, threads: int | None = None, progress: Callable[[int, int], None] | None = None,
) -> Outcome:
    """Run a world district by district into a folder, or go on where a run of the same was stopped.

    Parameters
    ----------
    scenario : Scenario
    out : Path
        A folder: new, empty, or that of the same run. `weekly/`, `services/` and the other tables hold Parquet files
        that pandas, Polars and DuckDB read together.
    seed : int
        The luck of the run.
    records : {"all", "sample", "none"}
        Whose records are written: everybody's, those of a hundredth of volunteers, or nobody's. Counts always are.
    counties : int, optional
        Only the first so many districts; each is what it is in the whole.
    batch : int
        Districts of a file.
    threads : int, optional
        Batches run side by side. Default: the processors available.
    progress : callable, optional
        Called with (districts done, districts in all).

    Raises
    ------
    UsageError
        When the folder holds something else, or an argument is not allowed.
    """
    if records not in RECORDS:
        raise UsageError(f"nation: records is '{records}'; allowed {', '.join(RECORDS)}.")
    nation = nation_of(scenario, seed)
    many = len(nation.districts) if counties is None else counties
    if not 1 <= many <= len(nation.districts):
        raise UsageError(f"nation: counties is {many}; allowed 1 to {len(nation.districts)}.")
    if batch < 1:
        raise UsageError(f"nation: batch is {batch}; allowed 1 or more.")
    _claim(out, {
        "scenario": scenario.canonical(), "scenario_hash": scenario.hash, "seed": seed, "records": records,
        "counties": many, "batch": batch, "model_version": MODEL_VERSION,
    })
    batches = [nation.districts[a : min(a + batch, many)] for a in range(0, many, batch)]
    left = [number for number in range(len(batches)) if _note(out, number) is None]
    done = sum(len(part) for number, part in enumerate(batches) if number not in set(left))

    def one(number: int) -> int:
        _run_batch(nation, batches[number], number, out, records)
        return number

    if progress is not None:
        progress(done, many)
    with ThreadPoolExecutor(max_workers=threads or default_threads()) as pool:
        try:
            for number in chain((one(n) for n in left[:1]), pool.map(one, left[1:])):       # compiled in this thread
                done += len(batches[number])
                if progress is not None:
                    progress(done, many)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return outcome(out)


def outcome(out: Path) -> Outcome:
    """Return what a finished run in a folder came to.

    Raises
    ------
    UsageError
        When the folder holds no run, or one that is not finished.
    """
    plan = read_plan(out)
    many, size = plan["counties"], plan["batch"]
    notes = [_note(out, number) for number in range(-(-many // size))]
    found = [note for note in notes if note is not None]
    if len(found) < len(notes):
        raise UsageError(f"nation: {out} holds {len(found)} of {len(notes)} batches. Run it again to go on.")
    digest = hashlib.sha256("".join(chain.from_iterable(note["checksums"] for note in found)).encode())
    return Outcome(
        digest.hexdigest(), many, sum(note["residents"] for note in found), sum(note["attended"] for note in found),
        {name: sum(note["rows"][name] for note in found) for name in found[0]["rows"]},
        {name: sum(note["size"][name] for note in found) for name in found[0]["size"]},
    )


def replay(nation: Nation, volunteer: int) -> dict[str, Table]:
    """Return the whole history of one resident from the keys: the rows that a run with all records would write.

    Parameters
    ----------
    volunteer : int
        Id of the resident.

    Raises
    ------
    UsageError
        When nobody has this id.
    """
    last = nation.districts[-1]
    if not 0 <= volunteer < last.first_id + last.residents:
        raise UsageError(f"replay: volunteer is {volunteer}; allowed 0 to {last.first_id + last.residents - 1}.")
    firsts = np.array([district.first_id for district in nation.districts])
    unit, _, end = nation.run(nation.districts[int(np.searchsorted(firsts, volunteer, side="right")) - 1])
    return record_tables(unit, end, unit.people.ids == volunteer, every=False)


def read_plan(out: Path) -> dict[str, Any]:
    """Return what the run in a folder is a function of."""
    try:
        found: dict[str, Any] = json.loads((out / PLAN).read_text(encoding="utf-8"))
        return {**found, "counties": int(found["counties"]), "batch": int(found["batch"])}
    except (OSError, ValueError, KeyError, TypeError):
        raise UsageError(f"nation: {out} holds no run ({PLAN} is missing or spoilt). Name the folder of one.") from None


def _claim(out: Path, plan: dict[str, Any]) -> None:
    """Make the folder that of this run, or make sure that it already is; sweep what a killed run left half written."""
    if (out / PLAN).exists():
        other = read_plan(out)
        for name, value in json.loads(json.dumps(plan, default=str)).items():
            if other.get(name) != value and name != "scenario":
                raise UsageError(f"nation: {out} holds a run with {name} {other.get(name)}, not {value}. "
                                 "Name another folder.")
    elif out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(f"nation: {out} is not empty and holds no run. Name another folder.")
    else:
        out.mkdir(parents=True, exist_ok=True)
        write_whole(out / PLAN, json.dumps(plan, indent=2, sort_keys=True, default=str) + "\n")
    for rest in out.glob("*/*.part"):
        rest.unlink(missing_ok=True)


def _file(out: Path, name: str, number: int) -> Path:
    return out / name / f"batch-{number:04d}.parquet"


def _note(out: Path, number: int) -> dict[str, Any] | None:
    """Return the note of a batch when it is whole and its files are there as it says, else None."""
    try:
        note: dict[str, Any] = json.loads((out / NOTES / f"batch-{number:04d}.json").read_text(encoding="utf-8"))
        whole = all(_file(out, name, number).stat().st_size == size for name, size in note["size"].items())
        return note if whole and {"checksums", "residents", "attended", "rows"} <= set(note) else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _each(nation: Nation, part: Sequence[District], records: str) -> Iterator[tuple[dict[str, Table], str, int]]:
    """Yield of each district its tables, its checksum and its attendances."""
    key = stream_key(nation.scenario.world.seed)
    for district in part:
        unit, settled, end = nation.run(district)
        tables = {"weekly": weekly_table(unit, end, settled)}
        if records != "none":
            tables |= record_tables(unit, end, kept(unit.people.ids, key, records), every=records == "all")
        digest = hashlib.sha256()
        feed(digest, end)
        yield tables, digest.hexdigest(), int(end.counts.people[settled.warmup :, :, M.ATTENDED].sum())


def _run_batch(nation: Nation, part: Sequence[District], number: int, out: Path, records: str) -> None:
    found = list(_each(nation, part, records))
    tables = joined([one[0] for one in found])
    size = {name: write_table(table, _file(out, name, number)) for name, table in tables.items()}
    note = {
        "districts": [district.code for district in part], "checksums": [one[1] for one in found],
        "residents": sum(district.residents for district in part), "attended": sum(one[2] for one in found),
        "rows": {name: int(next(iter(table.values())).size) for name, table in tables.items()}, "size": size,
    }
    write_whole(out / NOTES / f"batch-{number:04d}.json", json.dumps(note, indent=2) + "\n")
