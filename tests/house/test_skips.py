"""A test is skipped only for a capability that `vsim doctor` names, and never when CI=true."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.repo import ROOT

DOCTOR = "def capabilities():\n    return {'chromium': False, 'cjk_font': True, 'git': True}\n"
TESTS = """
import pytest

def test_plain(): pass

@pytest.mark.needs("git")
def test_met(): pass

@pytest.mark.needs("chromium")
def test_lacking(): pass

@pytest.mark.browser
def test_page(): pass

@pytest.mark.needs("oracle")
def test_unknown(): pass

def test_moody(): pytest.skip("not today")

@pytest.mark.skip(reason="later")
def test_later(): pass

@pytest.mark.parametrize("x", [])
def test_empty(x): pass

@pytest.mark.xfail(reason="known")
def test_known(): assert False
"""
SAME = {
    "test_plain": "PASSED", "test_met": "PASSED", "test_unknown": "ERROR", "test_moody": "FAILED",
    "test_later": "ERROR", "test_empty": "ERROR", "test_known": "XFAIL", "test_two.py": "ERROR",
}


@pytest.mark.slow
@pytest.mark.parametrize(("ci", "lacking"), [("", "SKIPPED"), ("true", "ERROR")])
def test_only_a_lacking_capability_skips_and_ci_skips_nothing(tmp_path: Path, ci: str, lacking: str) -> None:
    conftest = (ROOT / "tests" / "conftest.py").read_text(encoding="utf-8")
    written = {
        "tests/conftest.py": conftest, "tests/test_one.py": TESTS,
        "tests/test_two.py": "import pytest\npytest.importorskip('no_such_module')\n",
        "vsim/__init__.py": "", "vsim/i18n.py": "def set_language(lang): pass\n", "vsim/cli/__init__.py": "",
        "vsim/cli/doctor.py": DOCTOR,
        "pytest.ini": "[pytest]\npythonpath = .\nmarkers =\n    browser: x\n    needs(capability): x\n",
    }
    for name, text in written.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", "--continue-on-collection-errors", "tests"],
        cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", env={**os.environ, "CI": ci}, timeout=120,
    )
    lines = [line.split() for line in done.stdout.splitlines()]
    outcomes = {
        line[0].partition("::")[2].partition("[")[0]: line[1]
        for line in lines if len(line) > 1 and "::" in line[0] and line[1].isupper()
    }
    outcomes |= {Path(line[1]).name: "ERROR" for line in lines if line[:1] == ["ERROR"] and line[1].endswith(".py")}
    assert outcomes == {**SAME, "test_lacking": lacking, "test_page": lacking}
