"""A nation: a world too large for memory, run district by district and written as it goes.

Districts share nothing but the scenario, so each is made from keys, run, written and dropped. A batch of districts is
one file of each table; its note in `notes/`, written last, says that the batch is there and what it came to. A run that
was killed goes on with the batches that have no note. Neither threads nor the size of batches change a value.

At the edges of epochs all districts stop: rules of feedback read what was counted and move numbers of policies. Between
two edges the districts are kept on disk. An edge without a rule changes no value.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from vsim.errors import UsageError, VsimError
from vsim.kernels.build import write_whole
from vsim.run.nation_base import inputs_of, reusable
from vsim.run.nation_batch import Batch, Nation
from vsim.run.nation_feedback import METRICS, Move, check_past, edges_of, edited, moves_at, read_moves, write_moves
from vsim.run.nation_files import MEANING, meaning, read
from vsim.run.nation_folder import check_folder, claim, epoch_note, locked, note_of, read_plan
from vsim.run.nation_tables import RECORDS, Table, record_tables
from vsim.run.run import MODEL_VERSION, default_threads
from vsim.run.settle import in_force
from vsim.spec.plain_yaml import one_line
from vsim.spec.scenario import Scenario
from vsim.world.city import districts_of

__all__ = ["BATCH", "Nation", "Outcome", "Step", "moves_of", "nation_of", "outcome", "read", "replay", "run_nation"]
BATCH = 8                     # districts of a file


@dataclass(frozen=True, slots=True)
class Step:
    """How far a large run is: resident-weeks, run-up included, and districts that are written."""

    done: int
    total: int
    districts: int
    of: int


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
    moves : tuple of Move
        What feedback did at the edges of epochs.
    """

    checksum: str
    districts: int
    residents: int
    attended: int
    rows: dict[str, int]
    size: dict[str, int]
    moves: tuple[Move, ...] = ()


def nation_of(scenario: Scenario, seed: int = 1, moves: Iterable[Move] = ()) -> Nation:
    """Return the plan of a large run: roll-outs are resolved over all districts, people are not made yet.

    Parameters
    ----------
    moves : iterable of Move
        What feedback did in a run of this scenario; policies are as they were after it.
    """
    districts = districts_of(scenario.world, scenario.values)
    return Nation(scenario, seed, tuple(districts), edited(in_force(scenario, districts), list(moves)))


def run_nation(
    scenario: Scenario, out: Path, *, seed: int = 1, records: str = "sample", counties: int | None = None,
    batch: int = BATCH, epoch: int | None = None, base: Path | None = None, threads: int | None = None,
    progress: Callable[[Step], None] | None = None,
) -> Outcome:
    """Run a world district by district into a folder, or go on where a run of the same was stopped.

    Parameters
    ----------
    scenario : Scenario
        Its `feedback` moves policies at edges of epochs, which come every so many weeks as its rules say.
    out : Path
        A folder: new, empty, or that of the same run. `weekly/`, `services/` and the other tables hold Parquet files
        that pandas, Polars and DuckDB read together; `tables.json` says what their columns mean.
    seed : int
        The luck of the run.
    records : {"all", "sample", "none"}
        Whose records are written: everybody's, those of a hundredth of volunteers, or nobody's. Counts always are.
    counties : int, optional
        Only the first so many districts; without feedback each is what it is in the whole.
    batch : int
        Districts of a file.
    epoch : int, optional
        Stop all districts every so many weeks, beside the edges of feedback; changes no value.
    base : Path, optional
        Folder of a finished run; districts that read the same there are taken over and not run.
    threads : int, optional
        Batches run side by side. Default: the processors available.
    progress : callable, optional
        Called with a Step at the start and after each batch.

    Raises
    ------
    UsageError
        When the folder holds something else or another run is writing to it, or an argument is not allowed.
    """
    if records not in RECORDS:
        raise UsageError(f"nation: records is '{records}'; allowed {', '.join(RECORDS)}.")
    nation = nation_of(scenario, seed)
    many = len(nation.districts) if counties is None else counties
    if not 1 <= many <= len(nation.districts):
        raise UsageError(f"nation: counties is {many}; allowed 1 to {len(nation.districts)}.")
    if batch < 1:
        raise UsageError(f"nation: batch is {batch}; allowed 1 or more.")
    edges = edges_of(scenario, epoch)
    if base is not None and len(edges) > 1:
        raise UsageError("nation: base stands beside epoch or feedback; allowed alone. Remove one.")
    known = {} if base is None else reusable(base)
    check_folder(out)
    with locked(out):
        claim(out, {
            "scenario": scenario.canonical(), "scenario_hash": scenario.hash, "seed": seed, "records": records,
            "counties": many, "batch": batch, "edges": edges, "model_version": MODEL_VERSION,
            "feedback": len(scenario.feedback),
        })
        write_whole(out / MEANING, meaning())
        plan = read_plan(out)
        marks = inputs_of(scenario, seed, records, nation.districts[:many], nation.policies)
        batches = [Batch(n, nation.districts[a : a + batch][: many - a], out, plan, marks[a : a + batch], known)
                   for n, a in enumerate(range(0, many, batch))]
        _run(nation, batches, plan, threads, progress)
        return outcome(out)


def _run(
    nation: Nation, batches: list[Batch], plan: dict[str, Any], threads: int | None,
    progress: Callable[[Step], None] | None,
) -> None:
    """Run all batches from edge to edge; what is noted is not run again."""
    scenario, edges, out = nation.scenario, plan["edges"], batches[0].out
    lengths = np.diff([-scenario.warmup_weeks, *edges]).tolist()
    people = [sum(district.residents for district in each.districts) for each in batches]
    total, moves = sum(people) * sum(lengths), list[Move]()
    work: list[list[int]] = [
        [n for n in range(len(batches)) if epoch_note(out, k, n, plan, len(METRICS)) is None]
        for k in range(len(edges) - 1)
    ] + [[n for n in range(len(batches)) if note_of(out, n, plan) is None]]
    done = total - sum(people[n] * lengths[k] for k, left in enumerate(work) for n in left)
    written = sum(len(each.districts) for each in batches) - sum(len(batches[n].districts) for n in work[-1])

    def tell() -> None:
        if progress is not None:
            progress(Step(done, total, written, plan["counties"]))

    tell()
    with ThreadPoolExecutor(max_workers=threads or default_threads()) as pool:
        for k, left in enumerate(work):
            last, here = k == len(edges) - 1, nation

            def one(n: int, k: int = k, last: bool = last, here: Nation = here) -> int:
                batches[n].to_end(here) if last else batches[n].to_edge(here, k)
                return n

            try:
                for n in _in_turn(pool, one, left):
                    done += people[n] * lengths[k]
                    written += last * len(batches[n].districts)
                    tell()
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
            if not last and scenario.feedback:
                found = moves_at(scenario, nation.policies, edges[k], _counts(batches, plan, k))
                nation = _moved(nation, edges[k], found)
                moves += found
                write_moves(out, moves)


def _in_turn(pool: ThreadPoolExecutor, one: Callable[[int], int], left: list[int]) -> Iterator[int]:
    """Yield batches as they are done; the first is run in this thread and alone, since kernels are compiled by it."""
    if left:
        yield one(left[0])
        yield from pool.map(one, left[1:])


def _counts(batches: list[Batch], plan: dict[str, Any], epoch: int) -> Any:
    """Return the counts of all districts in every week up to the edge of an epoch, shape (weeks, metrics)."""
    weeks = []
    for k in range(epoch + 1):
        parts = [epoch_note(each.out, k, each.number, plan, len(METRICS)) for each in batches]
        whole = [part for part in parts if part is not None]
        if len(whole) < len(parts):
            raise VsimError(f"nation: notes of epoch {k} in {batches[0].out} are gone. Run it again to go on.")
        weeks.append(np.sum(whole, axis=0))
    return np.concatenate(weeks)


def _moved(nation: Nation, week: int, moves: list[Move]) -> Nation:
    """Return the nation with policies as they are from an edge on."""
    after = replace(nation, policies=edited(nation.policies, moves))
    for district in {move.policy: _covered(nation, move) for move in moves if move.after != move.before}.values():
        check_past(nation.settled(district)[1], after.settled(district)[1], week, moves)
    return after


def _covered(nation: Nation, move: Move) -> Any:
    """Return the first district that a moved policy covers."""
    where = {code for policy in nation.policies if policy.lever == move.policy for code in policy.districts}
    return next(district for district in nation.districts if district.code in where)


def outcome(out: Path) -> Outcome:
    """Return what a finished run in a folder came to.

    Raises
    ------
    UsageError
        When the folder holds no run, or one that is not finished.
    """
    plan = read_plan(out)
    notes = [note_of(out, number, plan) for number in range(-(-plan["counties"] // plan["batch"]))]
    found = [note for note in notes if note is not None]
    if len(found) < len(notes):
        raise UsageError(f"nation: {out} holds {len(found)} of {len(notes)} batches. Run it again to go on.")
    digest = hashlib.sha256("".join(chain.from_iterable(note["checksums"] for note in found)).encode())
    return Outcome(
        digest.hexdigest(), plan["counties"], sum(note["residents"] for note in found),
        sum(note["attended"] for note in found),
        {name: sum(note["rows"][name] for note in found) for name in found[0]["rows"]},
        {name: sum(note["size"][name] for note in found) for name in found[0]["size"]},
        tuple(read_moves(out)) if plan["feedback"] and len(plan["edges"]) > 1 else (),
    )


def moves_of(scenario: Scenario, seed: int, run: Path | None) -> tuple[Move, ...]:
    """Return what feedback did in a finished run of a scenario, none where it has no rules.

    Raises
    ------
    UsageError
        When there are rules and no folder is named, or it holds another run or one that is not finished.
    """
    if not scenario.feedback and run is None:
        return ()
    if run is None:
        raise UsageError("replay: the scenario has feedback; allowed with --run, the folder of its run. Name it.")
    plan = read_plan(run)
    for name, value in (("scenario_hash", scenario.hash), ("seed", seed)):
        if plan.get(name) != value:
            raise UsageError(f"replay: {run} holds a run with {name} {one_line(plan.get(name))}, not {value}. Name the "
                             "scenario, weeks and seed of that run.")
    return outcome(run).moves


def replay(nation: Nation, volunteer: int) -> dict[str, Table]:
    """Return the whole history of one resident from the keys: the rows that a run with all records would write.

    Services are numbered anew from 0, since nobody else's are there.

    Parameters
    ----------
    nation : Nation
        From `nation_of`; after a run with feedback, with its moves.
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
    mine = unit.people.ids == volunteer
    return record_tables(unit, end, mine, every=False)
