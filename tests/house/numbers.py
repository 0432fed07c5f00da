"""Finds numbers in code that belong on a card.

Behaviour is a number with a unit, a range and a source, so it stands on a card. What may stand in the code of a
process, kernel or lever is structure: 0, 1 and -1; places and widths (inside `[...]` and beside `<<` and `>>`); powers
of two and masks as operands of integer arithmetic (fixed point, packing) and in `range`, `int64`, `uint64`; large ones
anywhere; and what `structure.yaml` lists with its reason. No fraction at all, save 0.0, 0.5, 1.0.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house.repo import parsed

SMALL = {0, 1, -1}
FRACTIONS = {0.0, 0.5, 1.0}
SHIFTS = (ast.LShift, ast.RShift)
ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv, ast.Mod, ast.BitAnd, ast.BitOr, ast.BitXor)
BITWISE = (ast.BitAnd, ast.BitOr, ast.BitXor)
WORDS = {"range", "int64", "uint64", "uint32"}
LARGE = 255


def fits(value: int, operator: ast.operator) -> bool:
    """Return whether a number is 2**k beside integer arithmetic, or a mask 2**k - 1 beside a bitwise operator."""
    return (isinstance(operator, ARITHMETIC) and power(value)) or (isinstance(operator, BITWISE) and power(value + 1))


def power(value: int) -> bool:
    """Return whether a number is 2**k."""
    return value > 0 and value & (value - 1) == 0


def unplaced(text: str) -> Iterator[tuple[int, str, float]]:
    """Yield (line, name of the module constant or "", value) of every number that is no structure by its place."""
    for top in parsed(text).body:
        parts: list[tuple[str, ast.AST]] = [("", top)]
        if isinstance(top, ast.Assign) and isinstance(top.targets[0], ast.Name):
            parts = [(top.targets[0].id, top.value)]
        elif isinstance(top, ast.AnnAssign) and isinstance(top.target, ast.Name) and top.value is not None:
            parts = [(top.target.id, top.value)]
        elif isinstance(top, ast.Assign) and isinstance(top.targets[0], ast.Tuple) and isinstance(top.value, ast.Tuple):
            names = [target.id if isinstance(target, ast.Name) else "" for target in top.targets[0].elts]
            parts = list(zip(names, top.value.elts, strict=False))
        for name, node in parts:
            for line, value in numbers_in(node, None):
                yield line, name if name.isupper() else "", value


def numbers_in(node: ast.AST, place: ast.AST | None) -> Iterator[tuple[int, float]]:
    """Yield the numbers below a node, with the line of each, that their place does not excuse."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, bool) or not isinstance(node.value, int | float | complex):
            return
        if not excused(node.value, place):
            yield node.lineno, node.value if not isinstance(node.value, complex) else node.value.real
        return
    for child in ast.iter_child_nodes(node):
        inner: ast.AST | None = place if isinstance(place, ast.Subscript) else None
        if isinstance(node, ast.Subscript) and child is node.slice:
            inner = node
        elif isinstance(node, ast.BinOp | ast.AugAssign | ast.Call):
            inner = inner or node
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Invert):
            inner = place
        yield from numbers_in(child, inner)


def excused(value: complex, place: ast.AST | None) -> bool:
    """Return whether a number is structure: by being 0, 1 or -1, or by the place it stands in."""
    if isinstance(value, float):
        return value in FRACTIONS
    if not isinstance(value, int):
        return False
    if value in SMALL or isinstance(place, ast.Subscript):
        return True
    if value >= LARGE and (power(value) or power(value + 1)):
        return True
    if isinstance(place, ast.Call):
        called = place.func.attr if isinstance(place.func, ast.Attribute) else getattr(place.func, "id", "")
        return called in WORDS and power(value)
    if isinstance(place, ast.BinOp | ast.AugAssign):
        return isinstance(place.op, SHIFTS) or fits(value, place.op)
    return False
