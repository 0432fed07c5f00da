"""Packing: which name of the stems is found at which place of the arrays that the kernels are given.

The stems keep the names (`params.fit`, `weekly.base[pos, c]`, `state.habit[i]`); `Names` writes the places into the
joined module. The arrays themselves are made by `vsim.kernels.layout`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from vsim.exact import tables
from vsim.world.bodies import Bodies, Sites
from vsim.world.metrics import A, M
from vsim.world.settings import Params
from vsim.world.state import State
from vsim.world.weekly import PERSONAL, Weekly

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
