"""CONTRIBUTING.md is enough: the lever that it prints is added to a copy of the tree, and the tests of levers hold."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.repo import ROOT, files

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
STEM, CLAUSE = "welcome", "IV.2.d"


def block(path: str) -> str:
    """Return the code that CONTRIBUTING.md prints below a path."""
    found = re.search(rf"File {re.escape(path)}:\n\n```\w+\n(.*?)```", TEXT, flags=re.DOTALL)
    assert found is not None, path
    return found[1]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the tree with the lever added: one stem, one row, as CONTRIBUTING.md says."""
    root = tmp_path_factory.mktemp("tree")
    for name in files():
        if name.startswith(("vsim/", "tests/")) or name == "pyproject.toml":
            target = root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target)
    for suffix in ("py", "yaml"):
        path = f"vsim/levers/{STEM}.{suffix}"
        assert not (root / path).exists()
        (root / path).write_text(block(path), encoding="utf-8")
    replace(root / "vsim/levers/__init__.py", "STEMS = (\n", f'STEMS = (\n    "{STEM}",\n')
    row = next(line for line in (root / "vsim/clauses.csv").read_text(encoding="utf-8").splitlines()
               if line.startswith(f"{CLAUSE},"))
    replace(root / "vsim/clauses.csv", row, row.replace(",recruitment,", f",recruitment; {STEM},"))
    return root


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (path.name, old)
    assert new != old
    path.write_text(text.replace(old, new), encoding="utf-8")


def run(tree: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONUTF8": "1", "COLUMNS": "200"}
    return subprocess.run([sys.executable, *words], cwd=tree, env=environment, capture_output=True, text=True,
                          check=False, encoding="utf-8")


@pytest.mark.slow
def test_the_tests_of_all_levers_hold_for_the_new_one(tree: Path) -> None:
    done = run(tree, "-m", "pytest", "-q", "-k", STEM,
               "tests/levers/test_levers.py", "tests/levers/test_values.py", "tests/levers/test_effects.py",
               "tests/levers/test_effects_too.py")
    assert done.returncode == 0, done.stdout[-3000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None
    assert int(passed[1]) > 20


@pytest.mark.slow
def test_the_new_lever_is_on_the_public_face_and_in_the_register(tree: Path) -> None:
    code = (f"import vsim; from vsim.spec.clauses import clause; "
            f"print(vsim.Welcome(called=0.2).policy().values, clause('{CLAUSE}').levers)")
    done = run(tree, "-c", code)
    assert done.returncode == 0, done.stderr
    assert "{'called': 0.2}" in done.stdout
    assert STEM in done.stdout
