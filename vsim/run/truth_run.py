"""Runs of the truth engine: every arm under the same luck, summed by who people are in the roll-out.

A district is run once under arm "0" and left at each week in which another arm parts from it; arms that read the same
tables there are one run. What is kept of a replicate are whole numbers: sums of outcomes by stratum (cohort, contacts
who are covered, district) and window, and what single flipped residents did.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from typing import Literal, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from vsim.errors import UsageError, did_you_mean
from vsim.rng import Stream, draw, stream_key
from vsim.run.district import Engine
from vsim.run.run import default_threads
from vsim.run.settle import Settled
from vsim.run.truth_arms import EVERYBODY, NEVER, NOBODY, ROLLOUT, Arms, Bool, fork_of
from vsim.run.truth_people import OUTCOMES, Int, Mark, Windows, follow, outcomes, stops
from vsim.world.city import Unit
from vsim.world.state import UNREGISTERED
from vsim.world.ties import DEGREE

Among = Literal["residents", "register"]
Road = tuple[str | None, int | None]
Job = TypeVar("Job")
Found = TypeVar("Found")
AMONG = ("residents", "register")
FLIP = 1                      # number of the draw that picks whom to flip


class Stratum(NamedTuple):
    """Residents who are alike in the roll-out."""

    district: int             # position
    cohort: int               # week in which they are first covered, or NEVER
    contacts: int             # of their six contacts, how many are ever covered
    eligible: bool            # whether the full roll-out covers them


@dataclass(frozen=True, slots=True)
class Flips:
    """Single residents whose cover was flipped; arrays of shape (flips,), outcomes (flips, windows, outcomes).

    `rollout` is arm "z", `flipped` the same with this resident flipped, `nobody` and `everybody` arms "0" and "1".
    """

    replicate: Int
    district: Int
    person: Int
    covered: Bool
    weight: NDArray[np.float64]       # residents of the district for each one that was flipped
    rollout: Int
    flipped: Int
    nobody: Int
    everybody: Int


@dataclass(frozen=True, slots=True)
class Sums:
    """What all arms came to.

    Attributes
    ----------
    strata : tuple of Stratum
    counts : ndarray of int64, shape (replicates, strata)
        Residents of the population.
    sums : dict of str to ndarray of int64, shape (replicates, strata, windows, outcomes)
    flips : Flips or None
    """

    strata: tuple[Stratum, ...]
    counts: Int
    sums: dict[str, Int]
    flips: Flips | None


class _Place(NamedTuple):
    """What one district came to in one replicate."""

    counts: Int
    sums: dict[str, Int]
    flips: tuple[Int, Bool, float, Int, Int, Int, Int] | None


def contacts_covered(unit: Unit, cohort: Int) -> Int:
    """Return how many contacts of each resident are ever covered, shape (n,), 0 to 6."""
    other = unit.ties != np.arange(unit.people.ids.size)[:, None]
    return np.asarray((other & (cohort[unit.ties] != NEVER)).sum(axis=1), dtype=np.int64)


def run_arms(
    arms: Arms, windows: Windows, *, replicates: int, seed: int, first: int = 0, among: Among = "residents",
    flips: int = 0, per_run: int = 1, engine: Engine = "kernels", threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Sums:
    """Run all arms and return the sums.

    Parameters
    ----------
    arms, windows :
        From `arms_of`, and the windows of outcomes.
    replicates, first : int
        Lucks `first`, `first + 1`, ...
    among : {"residents", "register"}
        All residents, or those on the register before week 0, which no arm can change.
    flips : int
        Eligible residents to flip in each district and replicate, drawn by key.
    per_run : int
        How many of them are flipped in one run; one at a time is exact.
    """
    check(among, replicates, flips, per_run)
    strata, labels = _strata(arms)
    roads = [roads_of(arms.settled, unit) for unit in arms.city]
    jobs = [(r, place) for r in range(replicates) for place in range(len(arms.city))]
    counts = np.zeros((replicates, len(strata)), dtype=np.int64)
    shape = (replicates, len(strata), windows.count, len(OUTCOMES))
    sums = {name: np.zeros(shape, dtype=np.int64) for name in arms.settled}
    seen: list[tuple[int, int, _Place]] = []

    def one(job: tuple[int, int]) -> tuple[int, int, _Place]:
        r, place = job
        key = stream_key(seed, first + r)
        return r, place, _district(arms, windows, place, key, roads[place], labels[place], len(strata), among, flips,
                                   per_run, engine)

    for r, place, found in side_by_side(one, jobs, threads, progress):
        counts[r] += found.counts
        for name, part in found.sums.items():
            sums[name][r] += part
        if found.flips is not None:
            seen.append((r, place, found))
    return Sums(strata, counts, sums, _flips(seen) if seen else None)


def side_by_side(
    one: Callable[[Job], Found], jobs: Sequence[Job], threads: int | None, progress: Callable[[int, int], None] | None
) -> Iterator[Found]:
    """Yield what a function finds in each job, in their order; the first runs here, where Ctrl-C stops compiling."""
    with ThreadPoolExecutor(max_workers=threads or default_threads()) as pool:
        for done, found in enumerate(chain([one(jobs[0])], pool.map(one, jobs[1:])), start=1):
            yield found
            if progress is not None:
                progress(done, len(jobs))


def check(among: str, replicates: int, flips: int, per_run: int) -> None:
    """Refuse what makes no run."""
    if among not in AMONG:
        raise UsageError(f"truth: among is '{among}'; allowed {', '.join(AMONG)}.{did_you_mean(among, AMONG)}")
    for name, value, least in (("replicates", replicates, 1), ("flips", flips, 0), ("per_run", per_run, 1)):
        if value < least:
            raise UsageError(f"truth: {name} is {value}; allowed {least} or more.")


def _strata(arms: Arms) -> tuple[tuple[Stratum, ...], list[Int]]:
    """Return the strata that occur, and the number of the stratum of each resident by district."""
    found: dict[Stratum, int] = {}
    labels = []
    for place, (unit, cohort, eligible) in enumerate(zip(arms.city, arms.cohort, arms.eligible, strict=True)):
        contacts = contacts_covered(unit, cohort)
        code = (cohort + 1) * (2 * DEGREE + 2) + contacts * 2 + eligible
        _, where, inverse = np.unique(code, return_index=True, return_inverse=True)
        numbers = np.array([
            found.setdefault(Stratum(place, int(cohort[i]), int(contacts[i]), bool(eligible[i])), len(found))
            for i in where.tolist()
        ])
        labels.append(numbers[inverse])
    return tuple(found), labels


def _district(
    arms: Arms, windows: Windows, place: int, key: tuple[int, int], roads: dict[str, Road], labels: Int, strata: int,
    among: Among, flips: int, per_run: int, engine: Engine,
) -> _Place:
    unit = arms.city[place]
    ends, marks = ends_of(arms.settled, windows, unit, key, roads, arms.start, engine)
    people = population(marks[0], among)
    made: dict[int, Int] = {}
    sums = {}
    for name, end in ends.items():
        if id(end) not in made:
            made[id(end)] = outcomes(unit, end, windows)
        out = np.zeros((strata, windows.count, len(OUTCOMES)), dtype=np.int64)
        np.add.at(out, labels[people], made[id(end)][people])
        sums[name] = out
    counts = np.bincount(labels[people], minlength=strata)
    if not flips:
        return _Place(counts, sums, None)
    pool = np.flatnonzero(people & arms.eligible[place])
    chosen = to_flip(unit, key, pool, flips)
    if not chosen.size:
        return _Place(counts, sums, None)
    own, nobody, everybody = (made[id(ends[name])] for name in (ROLLOUT, NOBODY, EVERYBODY))
    before = max(week for week in marks if week <= arms.start)         # until then every arm is arm "0"
    flipped = np.zeros((chosen.size, *own.shape[1:]), dtype=np.int64)
    for begin in range(0, chosen.size, per_run):
        some = chosen[begin : begin + per_run]
        arm = arms.flipped(place, some)
        end = follow(unit, arm, key, windows, marks[before], windows.weeks, engine)
        flipped[begin : begin + per_run] = outcomes(unit, end, windows)[some]
    return _Place(counts, sums, (
        chosen, arms.cohort[place][chosen] != NEVER, pool.size / chosen.size, own[chosen], flipped, nobody[chosen],
        everybody[chosen],
    ))


def population(start: Mark, among: Among) -> Bool:
    """Return who is counted, from a district before week 0: everybody, or those on the register, shape (n,)."""
    status = start.progress.state.status
    return np.asarray(status != UNREGISTERED) if among == "register" else np.ones(status.size, dtype=np.bool_)


def to_flip(unit: Unit, key: tuple[int, int], pool: Int, flips: int) -> Int:
    """Return the positions of residents of a pool who are flipped, drawn by key, ascending."""
    word = draw(key, Stream.SAMPLE, unit.people.ids[pool], 0, FLIP)[0]
    return np.sort(pool[np.argsort(word, kind="stable")[:flips]])


def ends_of(
    settled: Mapping[str, Settled], windows: Windows, unit: Unit, key: tuple[int, int], roads: Mapping[str, Road],
    start: int, engine: Engine,
) -> tuple[dict[str, Mark], dict[int, Mark]]:
    """Return the end of every arm in one district, and arm "0" before the weeks in which others part from it.

    `start` is a further week before which arm "0" is kept; week 0 is one always.
    """
    weeks = {0, min(start, windows.weeks), *(week for _, week in roads.values() if week is not None)}
    marks = stops(unit, settled[NOBODY], key, windows, weeks, engine)
    ends: dict[str, Mark] = {}
    for name, (like, week) in roads.items():
        if like is not None:
            ends[name] = ends[like]
        elif week is None:
            ends[name] = marks[windows.weeks]
        else:
            ends[name] = follow(unit, settled[name], key, windows, marks[week], windows.weeks, engine)
    return ends, marks


def roads_of(settled: Mapping[str, Settled], unit: Unit) -> dict[str, Road]:
    """Return for each arm the earlier arm that reads the same in a district, or the week in which it leaves arm "0".

    Arm "0" comes first.
    """
    roads: dict[str, Road] = {}
    for name, arm in settled.items():
        like = next((other for other in roads if fork_of(settled[other], arm, unit) is None), None)
        roads[name] = like, None if like is not None or name == NOBODY else fork_of(settled[NOBODY], arm, unit)
    return roads


def _flips(seen: list[tuple[int, int, _Place]]) -> Flips:
    parts = [(r, place, found.flips) for r, place, found in seen if found.flips is not None]
    sizes = [flip[0].size for _, _, flip in parts]
    columns = list(zip(*(flip for _, _, flip in parts), strict=True))
    return Flips(
        np.repeat([r for r, _, _ in parts], sizes), np.repeat([place for _, place, _ in parts], sizes),
        np.concatenate(columns[0]), np.concatenate(columns[1]), np.repeat(np.array(columns[2]), sizes),
        *(np.concatenate(column) for column in columns[3:]),
    )
