"""What may be committed: text sources only, no pointer out of the tree, no file whose checksum does not hold."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from tests.house.repo import ROOT, files, texts

SUMS = sorted(ROOT.glob("datasets/*/**/SHA256SUMS")) + sorted(ROOT.glob("vsim/assets/*/SHA256SUMS"))
LARGEST = 12 * 2**20
RESERVED = {"con", "prn", "aux", "nul", *(f"com{i}" for i in range(1, 10)), *(f"lpt{i}" for i in range(1, 10))}
POINTERS = {
    "a folder beside the repository": r"\.\./+shared\b",
    "a note that is not in the repository": r"\b(?:blueprint|evidence|engine|learning|grading|estimation|domain)\.md\b",
    "a path of one machine": r"(?<![\w.~-])/(?:work|root|home|tmp|Users|opt)/\w",
    "the host of a package index": r"\bpypi\.\w|pythonhosted\.\w|\bnpmjs\.\w|\bdeb\.debian\.\w|\banaconda\.\w",
}


def pointers(text: str) -> list[str]:
    return [what for what, pattern in POINTERS.items() if re.search(pattern, text)]


def sums(path: Path) -> dict[str, str]:
    """Return name -> SHA-256 of a SHA256SUMS file, as `sha256sum --check` reads it."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return {line[66:]: line[:64] for line in lines if re.fullmatch(r"[0-9a-f]{64} [ *]\S.*", line)}


def faults(path: Path) -> list[str]:
    """Return what does not agree with a SHA256SUMS file."""
    known = sums(path)
    found = [] if known else ["no checksum"]
    for name, sha in known.items():
        file = path.parent / name
        if not file.is_file():
            found.append(f"{name} is missing")
        elif hashlib.sha256(file.read_bytes()).hexdigest() != sha:
            found.append(f"{name} differs")
    return found


def test_no_notebook_is_committed() -> None:
    assert [name for name in files() if name.endswith(".ipynb")] == []


def test_no_build_product_is_committed() -> None:
    built = re.compile(r"(^|/)(build|dist|\.venv|__pycache__|\.ipynb_checkpoints)/|\.(pyc|whl|log|tmp|db)$")
    assert [name for name in files() if built.search(name)] == []


@pytest.mark.parametrize("path", SUMS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_checksum_holds(path: Path) -> None:
    assert faults(path) == []


def test_every_data_set_lists_the_checksum_of_every_file_it_publishes() -> None:
    folders = [path.parent for path in ROOT.glob("datasets/*/recipe.yaml")]
    assert folders
    for folder in folders:
        listed = {
            (path.parent / name).relative_to(folder).as_posix()
            for path in folder.rglob("SHA256SUMS") for name in sums(path)
        }
        prefix = folder.relative_to(ROOT).as_posix() + "/"
        published = {name.removeprefix(prefix) for name in files() if name.startswith(prefix)}
        published = {name for name in published if Path(name).suffix in {".csv", ".gz", ".json", ".parquet"}}
        assert published
        assert published - listed == set(), folder.name


def test_a_changed_or_missing_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"x\n1\n")
    (tmp_path / "SHA256SUMS").write_text(f"{hashlib.sha256(bytes([120, 10, 49, 10])).hexdigest()}  a.csv\n")
    assert faults(tmp_path / "SHA256SUMS") == []
    (tmp_path / "a.csv").write_bytes(b"x\r\n1\r\n")
    assert faults(tmp_path / "SHA256SUMS") == ["a.csv differs"]
    (tmp_path / "a.csv").unlink()
    assert faults(tmp_path / "SHA256SUMS") == ["a.csv is missing"]


def test_no_text_points_out_of_the_repository() -> None:
    found = [f"{name}: {what}" for name, text in texts().items() for what in pointers(text)]
    attacks = "tests/course/hostile.py: a path of one machine"          # what hostile code looks for on any machine
    assert [line for line in found if not line.startswith("tests/house/test_files.py") and line != attacks] == []


@pytest.mark.parametrize("parts", [
    ("see ..", "/shared", "/notes"), ("open(", "'/ho", "me/someone/x')"), ("cd /wo", "rk/main"), ("in /t", "mp/x"),
    ("as evi", "dence.md 3.2 says"), ("--index-url https://py", "pi.org/simple"), ("C = '/Us", "ers/li/data'"),
])
def test_each_kind_of_pointer_is_found(parts: tuple[str, ...]) -> None:
    assert len(pointers("".join(parts))) == 1


def test_ordinary_text_is_no_pointer() -> None:
    assert pointers("a/work/b work/home and/or tmp_path ~/tmp https://example.org/home/x build/tmp/") == []


def test_text_is_utf8_without_mark_and_with_plain_line_ends() -> None:
    assert [name for name, text in texts().items() if text.startswith("\ufeff") ] == []
    assert [name for name, text in texts().items() if "\r" in text] == []


def test_names_of_files_work_on_every_system() -> None:
    seen: dict[str, str] = {}
    for name in files():
        assert len(name) < 140, name
        assert re.fullmatch(r"[\w./+-]+", name, re.ASCII), name
        assert not {part.partition(".")[0].lower() for part in name.split("/")} & RESERVED, name
        assert seen.setdefault(name.lower(), name) == name, "differs by case only"


def test_no_file_is_huge() -> None:
    assert [name for name in files() if (ROOT / name).stat().st_size > LARGEST] == []
