"""Plants faults in a package: changes one file and, unless told otherwise, makes its checksums hold again."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from vsim.report.check import check_package


def half(path: Path) -> Path:
    """Return the package that a file belongs to: the folder with its descriptor."""
    return next(folder for folder in path.parents if (folder / "datapackage.json").is_file())


def stamp(root: Path) -> None:
    """Write descriptor and checksums again, as a careful forger would."""
    path = root / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    for resource in package["resources"]:
        raw = (root / resource["path"]).read_bytes()
        resource["bytes"], resource["hash"] = len(raw), "sha256:" + hashlib.sha256(raw).hexdigest()
    path.write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n", encoding="utf-8", newline="\n")
    names = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    names = [name for name in names if name != "SHA256SUMS" and not name.startswith("truth/")]
    lines = [f"{hashlib.sha256((root / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (root / "SHA256SUMS").write_text("".join(lines), encoding="utf-8", newline="\n")


def put(path: Path, content: bytes) -> None:
    """Write a file and make the checksums hold."""
    path.write_bytes(content)
    stamp(half(path))


def replace(path: Path, old: str, new: str) -> None:
    """Change the first place where `old` stands; it must be there."""
    raw = path.read_bytes()
    assert old.encode() in raw, f"{old} is not in {path.name}"
    put(path, raw.replace(old.encode(), new.encode(), 1))


def cell(path: Path, row: int, column: str, value: str) -> None:
    """Change one cell; rows count as in a spreadsheet, and no cell may hold a comma."""
    lines = path.read_text(encoding="utf-8").split("\n")
    cells = lines[row - 1].split(",")
    cells[lines[0].split(",").index(column)] = value
    lines[row - 1] = ",".join(cells)
    put(path, "\n".join(lines).encode())


def rules(folder: Path) -> set[str]:
    """Return the rules that a package breaks."""
    return {fault.rule for fault in check_package(folder)}


def standard(folder: Path) -> set[str]:
    """Return the kinds of fault that frictionless finds."""
    from frictionless import validate

    report = validate(str(folder / "datapackage.json"))
    return {str(kind) for (kind,) in report.flatten(["type"])}
