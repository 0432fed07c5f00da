"""Packing: what the kernels are given, in few arrays, so that they compile in seconds and not in minutes.

A compiled function takes a named tuple apart at every call, so one of eighty arrays makes each function eighty arrays
wide. The scalars of the model and the tables of a district are therefore handed over as three arrays. The stems keep
the names (`params.fit`, `weekly.base[pos, c]`); `Names` writes the places into the joined module. People, sources and
organisations are reduced to the fields that a kernel reads.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vsim.exact import tables
from vsim.world.bodies import Bodies, Sites
from vsim.world.metrics import A, M
from vsim.world.organisations import Organisations, Sources
from vsim.world.people import People
from vsim.world.settings import Lookups, Params
from vsim.world.state import State
from vsim.world.weekly import PERSONAL, Weekly

Int = NDArray[np.int64]
LISTS, TOPS = 2, 13
SHEET, SPAN = 64, 512          # entries of a sheet of the agenda, residents whose planes are drawn together
LINE = 64                     # bytes of a line of the processor's memory
SOURCE = ("ids", "organisation", "field", "rate", "recurring", "risk", "skill")      # fields that kernels read
HOST = ("leaders", "quality")
BODY = tuple(name for name in Bodies._fields if name != "district")
COLUMNS = {"sources": SOURCE, "organisations": HOST, "bodies": BODY, "sites": Sites._fields}
WIDE, SMALL, COARSE = ("logistic", "hazard", "exponential"), ("normal", "gumbel", "logarithm", "log1p"), 16
TABLES = {"wide": WIDE, "small": SMALL, "coarse": ("logistic_most", "hazard_most")}
LOOKUPS: dict[str, tuple[int, ...]] = {
    "extra": (3, 4096), "people": (4096,), "late": (4096,), "added": (4096,), "goal": (65,), "award": (2048,),
    "menu_fit": (2,), "menu_quarter": (4, 5), "honour": (2048,), "risk": (3,), "aware": (14,),
}
METRICS: dict[str, type[M] | type[A]] = {"M": M, "A": A}
AREA = tuple(name for name in Weekly._fields if name not in PERSONAL)


class Packed(NamedTuple):
    """Tables of one district: (t, tables, classes) for persons, (t, tables) for the district."""

    persons: Int
    area: Int


class Person(NamedTuple):
    """The fields of `People` that kernels read."""

    ids: Any
    age: Any
    cell: Any
    quarter: Any
    field: Any
    x: Any
    y: Any
    taste: Any
    intrinsic: Any
    keen: Any
    frailty: Any
    reliability: Any
    steered: Any
    skill: Any
    credential: Any


class Agenda(NamedTuple):
    """Room for the agenda of one district (`vsim.kernels.agenda`); two kinds of lists: status and parts."""

    sheets: Any               # (sheets, 64) uint32: leading byte and position of a resident
    after: Any                # (sheets,) int32, the next sheet of the same list or of those that are free, or -1
    spare: Any                # (4,) the first free sheet, whether one was missing, a number that nobody reads, learners
    heads: Any                # (2, 64, 2) int32: the first sheet of the list of each week, entries in it
    planes: Any               # (8, span) uint64, leading bits of the weekly uniforms of some residents
    who: Any                  # (span,) their positions
    ids: Any                  # (span,) uint64, their ids
    wide: Any                 # (n,) uint64, weeks of the block in which one may take part when asked, a bit each
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
        heads=np.empty((LISTS, 64, 2), np.int32), planes=np.empty((8, SPAN), np.uint64), who=np.empty(SPAN, np.int64),
        ids=np.empty(SPAN, np.uint64), wide=np.empty(residents, np.uint64), asks=asks,
        called=np.empty(2 * residents, np.int32), looked=np.empty(residents, np.uint32),
        learners=np.empty(residents, np.int64), learner_ids=np.empty(residents, np.uint64),
        tops=np.empty((classes, TOPS), np.int64), now=np.empty((classes, 2), np.int64),
    )


def first_sheets(residents: int) -> int:
    """Return the sheets that an ordinary district needs; the kernels say when they are too few."""
    return LISTS * 64 + residents * 6 // SHEET


BESIDE = {                    # what lies beside the state and the person of each resident in their record
    "reach": np.uint8,        # class of persons in the tables of policy
    "join_trait": np.int32,   # 1/1024
    "ready": np.bool_,
    "touched": np.int16,      # the last week that habit and fatigue know of
    "looked": np.int16,       # the last week in which a call was answered
    "weeks": np.uint64,       # weeks of the block noted for taking part, a bit each
    "turns": np.uint64,       # weeks of the block noted for a change of status, a bit each
}
ASIDE = ("asks",)             # fields of the state that stay in an array of their own
RECORD = (*(name for name in State._fields if name not in ASIDE), *Person._fields, *BESIDE)
VISITED = frozenset({*State._fields, "touched", "looked", "weeks", "reach"})        # the first half of a record


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
    return Bodies(*(np.ascontiguousarray(column) for column in matrix.T), district=town)


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


class Names(ast.NodeTransformer):
    """Write places for names: params.fit -> params[8], weekly.base[pos, c] -> weekly.persons[pos, 0, c].

    And likewise state.habit[i] -> state[i].habit, bodies.stage[o] -> bodies[o, 0], tables.hazard[k] -> tables[1, k].
    """

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """Rewrite the cell of a table, of a record or of a row."""
        owner = _owner(node.value)
        if owner is None or owner not in CELLS:
            return self.generic_visit(node)
        assert isinstance(node.value, ast.Attribute)
        name, keys = node.value.attr, list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
        keys = [self.visit(key) for key in keys]
        return CELLS[owner](owner, name, keys, node.ctx)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """Rewrite a scalar of the model, the number of a metric, a whole column, or the length of a table."""
        if node.attr == "size" and _owner(node.value) in LENGTHS:
            assert isinstance(node.value, ast.Attribute)
            return ast.Constant(LENGTHS[str(_owner(node.value))](node.value.attr))
        owner = _owner(node)
        if owner in METRICS:
            return ast.Constant(int(METRICS[owner][node.attr]))
        if owner == "params":
            return _cell(owner, [ast.Constant(Params._fields.index(node.attr))])
        if owner in CELLS:
            return CELLS[owner](owner, node.attr, [], node.ctx)
        return self.generic_visit(node)


def _owner(node: ast.AST) -> str | None:
    """Return "state" of `state.habit`."""
    return node.value.id if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) else None


def _cell(owner: str, keys: list[ast.expr], ctx: ast.expr_context | None = None) -> ast.Subscript:
    place = keys[0] if len(keys) == 1 else ast.Tuple(keys, ast.Load())
    return ast.Subscript(ast.Name(owner, ast.Load()), place, ctx or ast.Load())


def _weekly(owner: str, name: str, keys: list[ast.expr], ctx: ast.expr_context) -> ast.expr:
    array, names = ("persons", PERSONAL) if name in PERSONAL else ("area", AREA)
    place = names.index(name)
    keys = [*keys[:1], ast.Constant(place), *keys[1:]] if keys else [ast.Slice(), ast.Constant(place)]
    table = ast.Attribute(ast.Name(owner, ast.Load()), array, ast.Load())
    return ast.Subscript(table, ast.Tuple(keys, ast.Load()), ctx)


def _record(owner: str, name: str, keys: list[ast.expr], ctx: ast.expr_context) -> ast.expr:
    if name not in RECORD:
        raise ValueError(f"{owner}.{name}: allowed {', '.join(RECORD)}")
    if not keys:
        return _cell(owner, [ast.Constant(name)], ctx)
    if isinstance(keys[0], ast.Slice):
        return ast.Subscript(_cell(owner, [ast.Constant(name)]), keys[0], ctx)
    return ast.Attribute(_cell(owner, keys), name, ctx)


def _column(owner: str, name: str, keys: list[ast.expr], ctx: ast.expr_context) -> ast.expr:
    columns = COLUMNS[owner]
    return _cell(owner, [*(keys or [ast.Slice()]), ast.Constant(columns.index(name))], ctx)


def _table(owner: str, name: str, keys: list[ast.expr], ctx: ast.expr_context) -> ast.expr:
    array, names = next((array, names) for array, names in TABLES.items() if name in names)
    table = ast.Attribute(ast.Name(owner, ast.Load()), array, ast.Load())
    place: list[ast.expr] = [ast.Constant(names.index(name)), *(keys or [ast.Slice()])]
    return ast.Subscript(table, ast.Tuple(place, ast.Load()), ctx)


def _row(owner: str, name: str, keys: list[ast.expr], ctx: ast.expr_context) -> ast.expr:
    first, shape = _of_lookups(name)
    if not keys:
        return _cell(owner, [ast.Constant(first), ast.Slice(None, ast.Constant(shape[-1]))], ctx)
    row: ast.expr = ast.Constant(first)
    if len(shape) == 2:
        row = ast.BinOp(row, ast.Add(), keys[0])
    return _cell(owner, [row, keys[-1]], ctx)


def _of_lookups(name: str) -> tuple[int, tuple[int, ...]]:
    before = list(LOOKUPS)[: list(LOOKUPS).index(name)]
    return sum(LOOKUPS[other][0] if len(LOOKUPS[other]) == 2 else 1 for other in before), LOOKUPS[name]


LENGTHS: dict[str, Callable[[str], int]] = {
    "tables": lambda name: int(getattr(tables(), name).size), "lookups": lambda name: _of_lookups(name)[1][-1],
}
CELLS = {"weekly": _weekly, "state": _record, "people": _record, "bodies": _column, "sources": _column,
         "sites": _column, "organisations": _column, "tables": _table, "lookups": _row}
