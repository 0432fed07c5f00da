"""Build the kernels: join the stems into one module named by the hash of its text, and let numba compile it once.

numba's own cache looks at the time stamp of one file: it does not see that a helper in another file has changed, and
it never hits for functions made inside functions. One generated module per content avoids both: the name changes with
the text, the constants and the versions, so a stale kernel cannot be loaded. Files are written to a temporary name
and renamed, so two processes may build at the same time and a killed one leaves nothing half-written.

There are two families of stems: the weeks, and the people who stand before them. Each is a module of its own, so that
a change in one does not compile the other.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import inspect
import os
import platform
import sys
import tempfile
import threading
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import vsim.kernels as room
from vsim.kernels.packing import Names

STEMS = (
    "arithmetic", "draws", "agenda", "demand", "ceilings", "registration", "retention", "participation", "choice",
    "matching", "service", "recording", "belonging", "stars", "points", "credits", "training", "organisations",
    "attendance", "recognition", "turnover", "stocks", "records", "week",
)
PEOPLE = ("words", "needs", "residents", "ties", "standing")
CONSTANTS = ("rng", "world/state", "world/ledgers", "world/metrics", "world/bodies")
MAKERS = frozenset({"empty", "zeros", "ones", "full", "arange", "array", "copy", "sort", "argsort", "astype"})
ENTRY, OPEN = "run_weeks", ("arithmetic", "draws", "agenda")     # what Python may call
INLINE = frozenset({"philox"})         # put into their callers before LLVM sees them, so that loops of draws vectorise
_lock = threading.Lock()
_loaded: dict[str, ModuleType] = {}


class Family(NamedTuple):
    """Stems that are joined into one module."""

    stems: tuple[str, ...]
    constants: tuple[str, ...]        # files below vsim/, without .py, whose constants the stems read
    entries: tuple[str, ...]          # functions that Python calls; the first is compiled last
    opened: tuple[str, ...] = ()      # stems all of whose functions Python may call
    placed: bool = False              # whether names become places (`vsim.kernels.packing`)


FAMILIES = {
    "weeks": Family(STEMS, CONSTANTS, (ENTRY,), OPEN, placed=True),
    "people": Family(
        PEOPLE, ("rng", "spec/groups", "world/communities", "world/organisations", "world/people", "world/sources",
                 "world/state", "world/ties"),
        ("make_standing", "register_chances", "make_ties", "make_people", "make_sources", "make_organisations",
         "draw_words"),
    ),
}


def cache_folder() -> Path:
    """Return the folder of generated kernels: VSIM_CACHE, else XDG_CACHE_HOME or the platform's own, /vsim."""
    if os.environ.get("VSIM_CACHE"):
        return Path(os.environ["VSIM_CACHE"])
    if platform.system() == "Windows":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "vsim" / "cache"
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "vsim"


def joined_source(family: str = "weeks") -> str:
    """Return the text of one module: every stem without its imports of other stems, each function decorated.

    Names of scalars and tables become their places in arrays (`vsim.kernels.packing`).
    """
    here = Path(__file__).parent
    imports: dict[str, None] = {"from numba import njit": None}
    bodies = []
    trees = {stem: ast.parse((here / f"{stem}.py").read_text(encoding="utf-8")) for stem in FAMILIES[family].stems}
    owners = counted_in(trees.values())
    for stem, tree in trees.items():
        lines = []
        for node in tree.body:
            if isinstance(node, ast.ImportFrom) and node.module == "__future__":
                continue
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("vsim.kernels"):
                continue
            if isinstance(node, ast.Import | ast.ImportFrom):
                imports[ast.unparse(node)] = None
                continue
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                continue
            if isinstance(node, ast.FunctionDef):
                lines.append(_decorator(family, stem, node.name, node.name in owners))
            if FAMILIES[family].placed:
                node = Names().visit(node)
            lines.append(ast.unparse(ast.fix_missing_locations(node)))
        bodies.append("\n\n".join(lines))
    return "\n".join(imports) + "\n\n" + "\n\n".join(bodies) + "\n"


def counted_in(trees: Iterable[ast.Module]) -> set[str]:
    """Return the functions that make arrays, or call one that does.

    In all others numba need not count references to arrays. It would count those of every array of a named tuple at
    every call, atomically, which took more than half of the time of a week.
    """
    calls = {
        node.name: {_called(call) for call in ast.walk(node) if isinstance(call, ast.Call)}
        for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)
    }
    found = {name for name, called in calls.items() if called & MAKERS}
    while more := {name for name, called in calls.items() if called & found} - found:
        found |= more
    return found


def _called(call: ast.Call) -> str:
    """Return the name of what is called: "sort" of `np.sort(x)` and of `x.sort()`."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _decorator(family: str, stem: str, name: str, counted: bool) -> str:
    """Return the decorator of a function: most are called by compiled code only and need no way in from Python."""
    counting = "" if counted else ", _nrt=False"
    if name in INLINE:
        return f"@njit(nogil=True, inline='always'{counting})"
    if name in FAMILIES[family].entries or stem in FAMILIES[family].opened:
        return f"@njit(cache=True, nogil=True{counting})"
    return f"@njit(nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True{counting})"


def module_name(source: str, family: str = "weeks") -> str:
    """Return vk_<hash>: of the text, of the files whose constants it reads, and of the versions that compile it."""
    import llvmlite
    import numba
    import numpy as np

    root = Path(__file__).parent.parent
    digest = hashlib.sha256(source.encode())
    for name in FAMILIES[family].constants:
        digest.update((root / f"{name}.py").read_bytes())
    digest.update(f"{numba.__version__} {llvmlite.__version__} {np.__version__} {sys.version}".encode())
    return f"vk_{digest.hexdigest()[:20]}"


def write_whole(path: Path, text: str) -> None:
    """Write a file so that it is either whole or not there, whoever is killed or writes at the same time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def is_compiled(path: Path, entry: str = ENTRY) -> bool:
    """Return whether numba has kept what it compiled of a generated module."""
    return any((path.parent / "__pycache__").glob(f"{path.stem}.{entry}-*.nbi"))


def is_loaded(family: str = "weeks") -> bool:
    """Return whether this process has a family of kernels at hand."""
    return family in _loaded


def kernels(family: str = "weeks") -> ModuleType:
    """Return the module of a family of compiled kernels, made on first use (some 20 seconds, then from the cache)."""
    found = _loaded.get(family)
    if found is not None:
        return found
    with _lock:
        if family in _loaded:
            return _loaded[family]
        source = joined_source(family)
        name = module_name(source, family)
        folder = cache_folder()
        path = folder / f"{name}.py"
        try:
            if not path.exists():
                write_whole(path, source)
        except OSError:
            folder = Path(tempfile.gettempdir()) / f"vsim-{os.getuid() if hasattr(os, 'getuid') else 'user'}"
            path = folder / f"{name}.py"
            write_whole(path, source)
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        if room.waiting is not None and not is_compiled(path, FAMILIES[family].entries[0]):
            room.waiting()
        sys.modules[name] = module        # before it runs: numba's cache looks the module up by name
        spec.loader.exec_module(module)
        _loaded[family] = module
        return module


def stems_on_disk() -> list[str]:
    """Return the kernel files that hold functions to compile, by name (for the house test)."""
    here = Path(inspect.getfile(kernels)).parent
    return sorted(p.stem for p in here.glob("*.py") if p.stem not in {"__init__", "build", "layout", "packing"})
