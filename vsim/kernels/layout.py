"""Layout: what the kernels are given, in few arrays and close together.

A compiled function takes a named tuple apart at every call, so one of eighty arrays makes each function eighty arrays
wide: slow to compile and slow to call. And what one visit to a resident reads should lie on few lines of memory. The
scalars of the model, the tables of a district and what is fixed in it are therefore handed over in a dozen arrays, the
residents in records. `vsim.kernels.packing` says which name is found where.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vsim.exact import tables
from vsim.kernels.packing import AREA, ASIDE, BESIDE, BODY, COARSE, HOST, LOOKUPS, SMALL, SOURCE, WIDE, Person
from vsim.world.bodies import Bodies, Sites
from vsim.world.organisations import Organisations, Sources
from vsim.world.people import People
from vsim.world.settings import Lookups
from vsim.world.state import State
from vsim.world.weekly import PERSONAL, Weekly

Int = NDArray[np.int64]
LISTS, TOPS = 2, 13
SHEET, SPAN = 64, 512         # entries of a sheet of the agenda, residents whose planes are drawn together
PITCH = 8                     # further columns of the planes, so that a resident's do not share a set of the cache
LINE = 64                     # bytes of a line of the processor's memory
VISITED = frozenset({*State._fields, "touched", "looked", "weeks", "reach"})        # the first half of a record


class Packed(NamedTuple):
    """Tables of one district: (t, tables, classes) for persons, (t, tables) for the district."""

    persons: Int
    area: Int


class Agenda(NamedTuple):
    """Room for the agenda of one district (`vsim.kernels.agenda`); two kinds of lists: status and parts."""

    sheets: Any               # (sheets, 64) uint32: leading byte and position of a resident
    after: Any                # (sheets,) int32, the next sheet of the same list or of those that are free, or -1
    spare: Any                # (4,) the first free sheet, whether one was missing, a number that nobody reads, learners
    heads: Any                # (2, 64, 2) int32: the first sheet of the list of each week, entries in it
    planes: Any               # (8, span + 8) uint64, leading bits of the weekly uniforms of some residents
    who: Any                  # (span + 1,) their positions
    ids: Any                  # (span,) uint64, their ids
    wide: Any                 # (64, n / 8) uint8: by week, a bit for each who may take part when asked
    asks: Any                 # (n,) uint8, contacts who served in the week before
    called: Any               # (2 n,) int32, who is asked and may take part this week
    looked: Any               # (n,) uint32, entries of the week
    learners: Any             # (n,) who may ask for a course in the block
    learner_ids: Any          # (n,) uint64
    tops: Any                 # (classes, 13), largest values of the tables over a block
    now: Any                  # (classes, 2), of one week


def empty_agenda(residents: int, classes: int, sheets: int, asks: Any) -> Agenda:
    """Return room for the agenda of a district; the kernels fill it. `asks` is that of the state."""
    return Agenda(
        sheets=np.empty((sheets, SHEET), np.uint32), after=np.empty(sheets, np.int32), spare=np.zeros(4, np.int64),
        heads=np.empty((LISTS, 64, 2), np.int32), planes=np.empty((8, SPAN + PITCH), np.uint64),
        who=np.empty(SPAN + 1, np.int64), ids=np.empty(SPAN, np.uint64),
        wide=np.empty((64, residents // 8 + 1), np.uint8), asks=asks,
        called=np.empty(2 * residents, np.int32), looked=np.empty(residents, np.uint32),
        learners=np.empty(residents, np.int64), learner_ids=np.empty(residents, np.uint64),
        tops=np.empty((classes, TOPS), np.int64), now=np.empty((classes, 2), np.int64),
    )


def first_sheets(residents: int) -> int:
    """Return the sheets that an ordinary district needs; the kernels say when they are too few."""
    return LISTS * 64 + residents * 6 // SHEET


def on_lines(shape: tuple[int, ...], kind: type[np.generic]) -> NDArray[Any]:
    """Return an empty array that begins with a line of memory."""
    size = int(np.prod(shape)) * np.dtype(kind).itemsize
    memory = np.empty(size + LINE, dtype=np.uint8)
    start = -memory.ctypes.data % LINE
    return memory[start : start + size].view(kind).reshape(shape)


def record_of(state: State, people: Person) -> np.dtype[np.void]:
    """Return the type of a resident's record: two lines of memory, with the types of the arrays given."""
    kinds = {name: array.dtype for part in (state, people) for name, array in part._asdict().items()
             if name not in ASIDE}
    kinds |= {name: np.dtype(kind) for name, kind in BESIDE.items()}
    places, end = {}, 0
    for half in (True, False):
        for name in sorted((name for name in kinds if (name in VISITED) == half), key=lambda n: -kinds[n].itemsize):
            places[name] = end
            end += kinds[name].itemsize
        end = -(-end // LINE) * LINE
    return np.dtype({"names": list(places), "formats": [kinds[name] for name in places],
                     "offsets": list(places.values()), "itemsize": end}, align=True)


def empty_records(state: State, people: Person) -> NDArray[np.void]:
    """Return room for the records of the residents of a district, shape (n,), which the kernels fill.

    A visit to a resident reads some thirty small numbers. In arrays of their own each is a line of memory away, and
    every compiled function is handed forty arrays; in a record they are two lines, and one array.
    """
    kind = record_of(state, people)
    return on_lines((people.ids.size * kind.itemsize,), np.uint8).view(kind)


def pack(rows: Weekly) -> Packed:
    """Return the tables of one district in two arrays."""
    return Packed(
        np.ascontiguousarray(np.stack([getattr(rows, name) for name in PERSONAL], axis=1)),
        np.ascontiguousarray(np.stack([getattr(rows, name) for name in AREA], axis=1)),
    )


class Lean(NamedTuple):
    """What is fixed in a district, as kernels read it: a row for each, a column for each field."""

    people: Person
    sources: Int              # (j, fields of SOURCE)
    sites: Int                # (layouts, j, fields of Sites)
    organisations: Int        # (o, fields of HOST)


def lean(people: People, sources: Sources, sites: Sites, organisations: Organisations) -> Lean:
    """Return people, sources, sites and organisations with the fields that kernels read."""
    return Lean(
        Person(*(getattr(people, name) for name in Person._fields)),
        np.stack([getattr(sources, name) for name in SOURCE], axis=-1).astype(np.int64),
        np.stack(sites, axis=-1).astype(np.int64),
        np.stack([getattr(organisations, name) for name in HOST], axis=-1).astype(np.int64),
    )


def pack_bodies(bodies: Bodies) -> tuple[Int, Int]:
    """Return the state of organisations in one array, shape (o, fields), and that of the district, shape (2,)."""
    return np.stack([getattr(bodies, name) for name in BODY], axis=-1), bodies.district.copy()


def unpack_bodies(matrix: Int, town: Int) -> Bodies:
    """Return organisations and district as `pack_bodies` got them."""
    return Bodies._make([*(np.ascontiguousarray(column) for column in matrix.T), town])


class Exact(NamedTuple):
    """The exact tables in three arrays, a row each: whole, in small numbers, and coarse for bounds."""

    wide: Int                 # logistic, hazard, exponential
    small: NDArray[np.int32]  # normal, gumbel, logarithm, log1p
    coarse: Int               # the first two, the largest of each COARSE numbers


@cache
def flat_tables() -> Exact:
    """Return the exact tables in few arrays; rows are filled up with their last number."""
    wide = _rows([getattr(tables(), name) for name in WIDE])
    small = _rows([getattr(tables(), name) for name in SMALL])
    coarse = wide[:2].reshape(2, -1, COARSE).max(axis=2)
    return Exact(wide, small.astype(np.int32), np.ascontiguousarray(coarse))


def flat_lookups(lookups: Lookups) -> NDArray[np.int32]:
    """Return the small tables of the cards in one array: a row for each row of each.

    Raises
    ------
    ValueError
        When a table has another shape than `LOOKUPS` says, or numbers that do not fit; the kernels would misread it.
    """
    rows = []
    for name, shape in LOOKUPS.items():
        table = getattr(lookups, name)
        if table.shape != shape:
            raise ValueError(f"lookups: {name} has shape {table.shape}; the kernels are built for {shape}.")
        if table.min() < -(1 << 31) or table.max() >= 1 << 31:
            raise ValueError(f"lookups: {name} holds {table.min()} to {table.max()}; allowed -2**31 to 2**31 - 1.")
        rows += list(np.atleast_2d(table))
    return _rows(rows).astype(np.int32)


def _rows(rows: list[Int]) -> Int:
    out = np.empty((len(rows), max(row.size for row in rows)), dtype=np.int64)
    for place, row in enumerate(rows):
        out[place, : row.size], out[place, row.size :] = row, row[-1]
    return out
