"""Checks the files of a data package: which are there, which should be, and whether their checksums hold."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from vsim.report.package_layout import CHECKSUMS, DATA, FIXED, TRUTH, TWINS
from vsim.report.package_problem import Problem, problem
from vsim.report.package_reading import read_bytes

LINE = re.compile(r"([0-9a-f]{64}) [ *](.+)")
TABLE_FILE = re.compile(rf"(?:{TRUTH}/)?(?:{DATA}|{TWINS})/[A-Za-z0-9_]+\.csv")
DEEPEST = 3                             # truth/data/<table>.csv


def check_files(root: Path) -> list[Problem]:
    """Return the faults of the files themselves: strangers, links, missing files, wrong checksums."""
    names, found = _walk(root)
    halves = ["", f"{TRUTH}/"] if (root / TRUTH).is_dir() else [""]
    own = {f"{half}{name}" for half in halves for name in (*FIXED, CHECKSUMS)}
    for name in names:
        if name not in own and not TABLE_FILE.fullmatch(name):
            found.append(problem("unknown-file", name))
    for half in halves:
        listed, faults = _checksums(root, half)
        found += faults
        mine = {name for name in names if name.startswith(f"{TRUTH}/") == bool(half)}
        loose = mine - set(listed) - {f"{half}{CHECKSUMS}"}
        loose = {name for name in loose if name in own or TABLE_FILE.fullmatch(name)}
        found += [problem("unknown-file", name) for name in sorted(loose)]
        found += [problem("missing-file", name) for name in sorted(set(listed) - mine)]
        found += [fault for name in sorted(mine & set(listed)) for fault in _sum(root, name, listed[name])]
        needed = {f"{half}{name}" for name in (*FIXED, CHECKSUMS)} - mine - set(listed)
        found += [problem("missing-file", name) for name in sorted(needed)]
    return found


def _walk(root: Path) -> tuple[list[str], list[Problem]]:
    """Return the plain files under the root, paths with "/", and a fault for each link or strange thing."""
    names: list[str] = []
    found: list[Problem] = []
    for place, folders, files in os.walk(root, followlinks=False):
        here = Path(place)
        depth = len(here.relative_to(root).parts)
        for name in sorted(folders) + sorted(files):
            path = here / name
            shown = path.relative_to(root).as_posix()
            if path.is_symlink():
                found.append(problem("link", shown))
            elif path.is_file():
                names.append(shown)
            elif not path.is_dir() or depth >= DEEPEST - 1:
                found.append(problem("unknown-file", shown))
        folders[:] = sorted(name for name in folders if depth < DEEPEST - 1)
    return sorted(names), found


def _checksums(root: Path, half: str) -> tuple[dict[str, str], list[Problem]]:
    name = f"{half}{CHECKSUMS}"
    path = root / name
    if path.is_symlink() or not path.is_file():
        return {}, []
    raw, found = read_bytes(path, name)
    listed: dict[str, str] = {}
    for row, line in enumerate((raw or b"").decode("utf-8", "replace").splitlines(), start=1):
        match = LINE.fullmatch(line)
        if match is None:
            found.append(problem("checksum", name, line, row=row))
        elif ".." in match[2].split("/") or match[2].startswith("/") or "\\" in match[2]:
            found.append(problem("path", name, match[2], row=row))
        else:
            listed[f"{half}{match[2]}"] = match[1]
    return listed, found


def _sum(root: Path, name: str, expected: str) -> list[Problem]:
    raw, found = read_bytes(root / name, name)
    actual = hashlib.sha256(raw).hexdigest() if raw is not None else expected
    return found if actual == expected else [*found, problem("checksum", name, f"{actual[:12]}...")]
