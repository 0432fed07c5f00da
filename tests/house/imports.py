"""Which module imports which, read from the text alone: a second opinion beside import-linter.

It sees what a linter of import statements may miss: imports inside functions, under TYPE_CHECKING, relative ones, and
`importlib.import_module("vsim...")`.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path

from tests.house.repo import parsed

Graph = dict[str, set[str]]


def modules_of(package: Path) -> dict[str, Path]:
    """Return the modules of a package by dotted name; a folder is named by its `__init__`."""
    out = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        if "assets" not in parts:
            out[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return out


def imports_of(name: str, path: Path, known: Mapping[str, Path]) -> set[str]:
    """Return the modules of `known` that one module imports, wherever in it the import stands."""
    found: set[str] = set()
    home = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(parsed(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = home.split(".")[: len(home.split(".")) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            for alias in node.names:
                full = f"{base}.{alias.name}"
                found.add(full if full in known else base)
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in {"import_module", "__import__"} and isinstance(node.args[0].value, str):
                found.add(node.args[0].value)
    return {module for module in found if module in known and module != name}


def graph_of(package: Path) -> Graph:
    """Return who imports whom in a package; the package's own face is left out (it may name everything)."""
    known = modules_of(package)
    return {name: imports_of(name, path, known) for name, path in known.items() if name != package.name}


def floor_of(module: str, floors: list[list[str]]) -> tuple[int, str]:
    """Return the height of a module's room (0 is the ground) and the room; -1 when no floor names it."""
    room = module.split(".")[1]
    for height, rooms in enumerate(reversed(floors)):
        if room in rooms:
            return height, room
    return -1, room


def uphill(graph: Graph, floors: list[list[str]]) -> list[str]:
    """Return each import that runs uphill, sideways between rooms, through the package's face, or from no floor."""
    wrong = []
    for importer, imported in graph.items():
        here, room = floor_of(importer, floors)
        if here < 0:
            wrong.append(f"{importer} stands on no floor")
        for other in imported:
            if "." not in other:
                wrong.append(f"{importer} imports the package's own face")
                continue
            there, its_room = floor_of(other, floors)
            if room != its_room and there >= here:
                wrong.append(f"{importer} (floor {here + 1}) imports {other} (floor {there + 1})")
    return sorted(wrong)


def circles(graph: Graph) -> list[list[str]]:
    """Return groups of modules that import each other in a circle (Tarjan's strongly connected components)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in sorted(graph.get(node, ())):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            group = [stack.pop()]
            while group[-1] != node:
                group.append(stack.pop())
            if len(group) > 1:
                found.append(sorted(group))

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return found
