"""The work tree as the house tests read it: which files are the project's, which modules there are."""

from __future__ import annotations

import ast
import subprocess
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "vsim"
ROOMS = ("cli", "report", "run", "process", "kernels", "office", "levers", "world", "observe", "evaluate", "spec")


@cache
def files() -> tuple[str, ...]:
    """Return the project's files: what git keeps, and what it would keep after `git add --all`."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, check=True, capture_output=True, text=True, encoding="utf-8",
    ).stdout.split("\0")
    return tuple(sorted({name for name in listed if name and (ROOT / name).is_file()}))


@cache
def texts() -> dict[str, str]:
    """Return the project's text files by path, tables of data left out; a file with a zero byte is not text."""
    out = {}
    for name in files():
        if name.startswith("datasets/") and name.endswith(".csv"):
            continue
        raw = (ROOT / name).read_bytes()
        if b"\0" not in raw:
            out[name] = raw.decode("utf-8")
    return out


@cache
def parsed(text: str) -> ast.Module:
    """Return the syntax tree of a module's text, made once for all tests of the house; it must not be changed."""
    return ast.parse(text)


@cache
def sources(*rooms: str) -> dict[str, str]:
    """Return the Python files of the package, or of some of its rooms, by path relative to `vsim/`."""
    wanted = rooms or ("",)
    return {
        path.relative_to(PACKAGE).as_posix(): path.read_text(encoding="utf-8")
        for room in wanted
        for path in sorted((PACKAGE / room).rglob("*.py"))
        if "assets" not in path.relative_to(PACKAGE).parts
    }


@cache
def pyproject() -> dict[str, Any]:
    """Return pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
