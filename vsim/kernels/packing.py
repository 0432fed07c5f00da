"""Packing: what the kernels are given, in few arrays, so that they compile in seconds and not in minutes.

A compiled function takes a named tuple apart at every call, so one of eighty arrays makes each function eighty arrays
wide. The scalars of the model and the tables of a district are therefore handed over as three arrays. The stems keep
the names (`params.fit`, `weekly.base[pos, c]`); `Names` writes the places into the joined module. People, sources and
organisations are reduced to the fields that a kernel reads.
"""

from __future__ import annotations

import ast
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vsim.world.metrics import A, M
from vsim.world.organisations import Organisations, Sources
from vsim.world.people import People
from vsim.world.settings import Params
from vsim.world.weekly import PERSONAL, Weekly

Int = NDArray[np.int64]
LISTS, TOPS = 3, 14
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


class Source(NamedTuple):
    """The fields of `Sources` that kernels read."""

    ids: Any
    organisation: Any
    field: Any
    rate: Any
    recurring: Any
    risk: Any
    skill: Any


class Host(NamedTuple):
    """The fields of `Organisations` that kernels read."""

    leaders: Any
    quality: Any


class Agenda(NamedTuple):
    """Room for the agenda of one district (`vsim.kernels.agenda`); three lists: status, taking part, courses."""

    planes: Any               # (3, n, 8) uint64, leading bits of the weekly uniforms of a block, across
    chain: Any                # (3, n) int32, the next on the same list, or -1
    back: Any                 # (3, n) int32, the one before, or -1 for the first
    listed: Any               # (3, n) uint8, 1 + the week of the block on whose list they stand, or 0
    heads: Any                # (3, 64) int32, the first on the list of each week
    wide: Any                 # (n,) uint64, weeks in which one may take part when asked, a bit each
    called: Any               # (n,) int32, who is asked this week
    tops: Any                 # (classes, 14), largest values of the tables over a block
    now: Any                  # (classes, 2), of one week
    touched: Any              # (n,) int16, the last week that habit and fatigue know of


def empty_agenda(residents: int, classes: int) -> Agenda:
    """Return room for the agenda of a district; the kernels fill it."""
    return Agenda(
        planes=np.empty((LISTS, residents, 8), np.uint64), chain=np.empty((LISTS, residents), np.int32),
        back=np.empty((LISTS, residents), np.int32), listed=np.empty((LISTS, residents), np.uint8),
        heads=np.empty((LISTS, 64), np.int32), wide=np.empty(residents, np.uint64),
        called=np.empty(residents, np.int32), tops=np.empty((classes, TOPS), np.int64),
        now=np.empty((classes, 2), np.int64), touched=np.empty(residents, np.int16),
    )


def pack(rows: Weekly) -> Packed:
    """Return the tables of one district in two arrays."""
    return Packed(
        np.ascontiguousarray(np.stack([getattr(rows, name) for name in PERSONAL], axis=1)),
        np.ascontiguousarray(np.stack([getattr(rows, name) for name in AREA], axis=1)),
    )


def lean(people: People, sources: Sources, organisations: Organisations) -> tuple[Person, Source, Host]:
    """Return people, sources and organisations with the fields that kernels read."""
    return (
        Person(*(getattr(people, name) for name in Person._fields)),
        Source(*(getattr(sources, name) for name in Source._fields)),
        Host(*(getattr(organisations, name) for name in Host._fields)),
    )


class Names(ast.NodeTransformer):
    """Write places for names: params.fit -> params[8], weekly.base[pos, c] -> weekly.persons[pos, 0, c]."""

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """Rewrite the cell of a table."""
        table = node.value
        if not (isinstance(table, ast.Attribute) and isinstance(table.value, ast.Name) and table.value.id == "weekly"):
            return self.generic_visit(node)
        keys = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
        array, place = _place(table.attr)
        keys.insert(1, ast.Constant(place))
        value = ast.Attribute(ast.Name("weekly", ast.Load()), array, ast.Load())
        return ast.Subscript(value, ast.Tuple([self.visit(key) for key in keys], ast.Load()), node.ctx)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """Rewrite a scalar of the model, the number of a metric, or a whole table of persons."""
        if isinstance(node.value, ast.Name) and node.value.id in METRICS:
            return ast.Constant(int(METRICS[node.value.id][node.attr]))
        if isinstance(node.value, ast.Name) and node.value.id == "params":
            place = Params._fields.index(node.attr)
            return ast.Subscript(ast.Name("params", ast.Load()), ast.Constant(place), ast.Load())
        if isinstance(node.value, ast.Name) and node.value.id == "weekly":
            array, place = _place(node.attr)
            whole = ast.Tuple([ast.Slice(), ast.Constant(place)], ast.Load())
            value = ast.Attribute(ast.Name("weekly", ast.Load()), array, ast.Load())
            return ast.Subscript(value, whole, ast.Load())
        return self.generic_visit(node)


def _place(table: str) -> tuple[str, int]:
    """Return the array that holds a table, and its place there."""
    return ("persons", PERSONAL.index(table)) if table in PERSONAL else ("area", AREA.index(table))
