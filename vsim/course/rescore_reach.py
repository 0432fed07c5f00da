"""What a change of checks.py can reach: the code behind the cities, behind the truth, and behind each task, by digest.

Two checks files whose digests agree give the same cities, the same truths and the same scores, whatever else differs
in them; so only what can have changed is scored or drawn again. The code is read, never guessed at: what looks names up
at run time reaches everything.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path

from vsim.course import answers, checks, forms, keys, marking, payload, tasks, unit, words
from vsim.errors import DataError
from vsim.spec.loading import read_text

Statement = ast.stmt
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
AT_RUN_TIME = {"globals", "locals", "vars", "eval", "exec", "__import__", "importlib", "sys"}
SCORING = (answers, checks, forms, keys, marking, payload, tasks, unit, words)


@dataclass(frozen=True, slots=True)
class Reach:
    """Digests of what is behind the parts of a checks file.

    Attributes
    ----------
    cities : str
        Behind `city`.
    truth : str
        Behind `city`, `truth` and `faults`: together they say which city a learner gets, and what is true of it.
    tasks : mapping of str to str
        Behind each task, by its id.
    """

    cities: str
    truth: str
    tasks: Mapping[str, str]


@dataclass
class _Module:
    """The statements of a module: by the names they bind, and those that may do anything."""

    named: dict[str, list[Statement]] = field(default_factory=dict)
    shared: list[Statement] = field(default_factory=list)
    order: dict[int, int] = field(default_factory=dict)

    def behind(self, names: Iterable[str]) -> list[Statement]:
        """Return the statements that names lead to, in the order of the file."""
        seen: set[str] = set()
        found = {id(one): one for one in self.shared}
        waiting = [*names, *(name for one in self.shared for name in _names(one))]
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            if name in AT_RUN_TIME:
                waiting += self.named
            for one in self.named.get(name, ()):
                found[id(one)] = one
                waiting += _names(one)
        return sorted(found.values(), key=lambda one: self.order[id(one)])


def reach_of(path: Path, ids: Sequence[str]) -> Reach:
    """Return what is behind the parts of a checks file.

    Parameters
    ----------
    path : Path
        A checks file that can be loaded.
    ids : sequence of str
        The ids of its tasks, in their order.

    Raises
    ------
    DataError
        When it is no Python.
    """
    return _reach(read_text(path), path.name, tuple(ids))


@lru_cache(maxsize=16)
def _reach(text: str, name: str, ids: tuple[str, ...]) -> Reach:
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise DataError(f"{name}:{error.lineno}: is no Python ({error.msg}). Correct the line.") from None
    module = _Module()
    for node in ast.walk(tree):
        if isinstance(node, DEFINITIONS) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:]
    for place, one in enumerate(tree.body):
        module.order[id(one)] = place
        bound = _bound(one)
        if bound is None:
            module.shared.append(one)
        for word in bound or ():
            module.named.setdefault(word, []).append(one)
    drawn = ("city", "truth", "faults")
    whole = _digest(module.behind(["TASKS"]))
    each = _elements(module.named.get("TASKS", []), len(ids))
    return Reach(
        _digest(module.behind(drawn[:1])), _digest(module.behind(drawn)),
        {task: _digest([each[place], *module.behind(_names(each[place]))]) if each else whole
         for place, task in enumerate(ids)},
    )


def _elements(statements: Sequence[Statement], wanted: int) -> list[ast.expr]:
    """Return the elements of TASKS, one for each task; none where they cannot be told apart."""
    if len(statements) != 1 or not isinstance(statements[0], ast.Assign | ast.AnnAssign):
        return []
    value = statements[0].value
    if not isinstance(value, ast.Tuple) or len(value.elts) != wanted:
        return []
    return [] if any(isinstance(one, ast.Starred) for one in value.elts) else value.elts


def _bound(one: Statement) -> list[str] | None:
    """Return the names that a statement of a module binds; None when it may do anything else."""
    if isinstance(one, DEFINITIONS):
        return [one.name]
    if isinstance(one, ast.Import):
        return [alias.asname or alias.name.partition(".")[0] for alias in one.names]
    if isinstance(one, ast.ImportFrom):
        names = [alias.asname or alias.name for alias in one.names]
        return [] if one.module == "__future__" else None if "*" in names else names
    if isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant):
        return []
    targets = one.targets if isinstance(one, ast.Assign) else [one.target] if isinstance(one, ast.AnnAssign) else []
    flat = [part for target in targets for part in (target.elts if isinstance(target, ast.Tuple) else [target])]
    names = [part.id for part in flat if isinstance(part, ast.Name)]
    return names if flat and len(names) == len(flat) else None


def _names(node: ast.AST) -> list[str]:
    return sorted({one.id for one in ast.walk(node) if isinstance(one, ast.Name)})


def _digest(nodes: Iterable[ast.AST]) -> str:
    """Return the checksum of code, without comments, docstrings and places."""
    return sha256("\n".join(ast.dump(node) for node in nodes).encode()).hexdigest()


@cache
def scorer() -> str:
    """Return the checksum of vsim's own code that scores, so that a line of the ledger says what scored it."""
    parts = [Path(str(module.__file__)).read_bytes() for module in SCORING]
    return sha256(b"\0".join(parts)).hexdigest()[:16]
