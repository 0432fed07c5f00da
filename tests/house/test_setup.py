"""`make setup`: done once, then silent and offline; begun again when interrupted; clear when Python is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.repo import ROOT

pytestmark = pytest.mark.slow

# A Python that knows how to make an environment, and an environment whose pip only writes down what it was asked.
FAKE = """#!{python}
import os, pathlib, sys
arguments = sys.argv[1:]
with open({log!r}, "a") as log:
    log.write(" ".join(arguments) + "\\n")
if arguments[:2] == ["-m", "venv"]:
    folder = pathlib.Path(arguments[2]) / "bin"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "python").write_text(pathlib.Path(__file__).read_text())
    (folder / "python").chmod(0o755)
if arguments[:1] == ["--version"]:
    print("Python 3.11.0")
if "--require-hashes" in arguments and os.environ.get("KILL"):
    os.kill(os.getppid(), int(os.environ["KILL"]))
if "--require-hashes" in arguments and os.environ.get("FAIL"):
    sys.exit(1)
if arguments[:1] == ["-c"] and os.environ.get("OLD"):
    sys.exit(1)
if arguments[:1] == ["-"]:
    sys.argv = arguments
    exec(sys.stdin.read())
"""


class Clone:
    """A small clone with the real Makefile and scripts, and a Python that installs nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "clone"
        self.log = folder / "log"
        self.python = folder / "python3.11"
        (self.folder / ".ci").mkdir(parents=True)
        for name in ("Makefile", ".ci/setup-venv", "requirements.lock", "pyproject.toml"):
            shutil.copy(ROOT / name, self.folder / name)
        self.python.write_text(FAKE.format(python=sys.executable, log=str(self.log)))
        self.python.chmod(0o755)

    def setup(self, **variables: str) -> subprocess.CompletedProcess[str]:
        self.log.write_text("")
        return subprocess.run(
            ["make", "-s", "setup", f"PYTHON={self.python}"], cwd=self.folder, capture_output=True, text=True,
            env={**os.environ, "MAKEFLAGS": "", "MAKELEVEL": "0", **variables}, timeout=60,
        )

    def asked(self) -> list[str]:
        """Return what pip was asked to install."""
        return [line for line in self.log.read_text().splitlines() if " install " in f" {line} "]


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


def test_setup_installs_the_lock_with_hashes_and_then_the_package_without_dependencies(clone: Clone) -> None:
    assert clone.setup().returncode == 0
    lock, package = clone.asked()
    assert "--require-hashes -r requirements.lock" in lock
    assert "--no-deps --no-build-isolation -e ." in package
    assert not any(word in lock + package for word in ("index", "find-links", "http"))


def test_a_second_setup_asks_pip_for_nothing_and_says_nothing(clone: Clone) -> None:
    clone.setup()
    for name in ("requirements.lock", "pyproject.toml"):
        (clone.folder / name).touch()                       # as a checkout does
    again = clone.setup()
    assert (again.returncode, clone.asked(), again.stdout) == (0, [], "")


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_a_changed_list_is_installed_in_place(clone: Clone, name: str) -> None:
    clone.setup()
    (clone.folder / ".venv" / "kept").touch()
    with (clone.folder / name).open("a") as stream:
        stream.write("# changed\n")
    assert clone.setup().returncode == 0
    assert len(clone.asked()) == 2
    assert (clone.folder / ".venv" / "kept").exists()


@pytest.mark.parametrize("signal", ["2", "15", "9"])
def test_an_interrupted_setup_is_begun_again_from_nothing(clone: Clone, signal: str) -> None:
    assert clone.setup(KILL=signal).returncode != 0
    assert not (clone.folder / ".venv" / ".ready").exists()
    (clone.folder / ".venv" / "half").touch()
    assert clone.setup().returncode == 0
    assert len(clone.asked()) == 2
    assert not (clone.folder / ".venv" / "half").exists()
    assert (clone.folder / ".venv" / ".ready").exists()


def test_without_a_network_setup_says_what_to_do_and_keeps_what_was_there(clone: Clone) -> None:
    clone.setup()
    (clone.folder / ".venv" / "kept").touch()
    with (clone.folder / "requirements.lock").open("a") as stream:
        stream.write("# changed\n")
    failed = clone.setup(FAIL="1")
    assert failed.returncode != 0
    assert "Check the network" in failed.stderr
    assert clone.setup().returncode == 0
    assert (clone.folder / ".venv" / "kept").exists()


def test_a_moved_clone_is_mended_without_a_new_environment(clone: Clone) -> None:
    clone.setup()
    script = clone.folder / ".venv" / "bin" / "vsim"
    script.write_text(f"#!{clone.folder.resolve()}/.venv/bin/python\n")
    moved = clone.folder.with_name("moved")
    clone.folder.rename(moved)
    clone.folder = moved
    assert clone.setup().returncode == 0
    assert (moved / ".venv" / "bin" / "vsim").read_text() == f"#!{moved.resolve()}/.venv/bin/python\n"


def test_an_unsuitable_python_is_refused_by_name(clone: Clone) -> None:
    refused = clone.setup(OLD="1")
    assert refused.returncode != 0
    assert f"PYTHON={clone.python} is not Python 3.11, 3.12 or 3.13" in refused.stderr


def test_no_python_at_all_is_said_in_words(tmp_path: Path) -> None:
    clone = Clone(tmp_path)
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("sh", "cat", "cksum", "dirname", "grep"):
        (tools / name).symlink_to(shutil.which(name) or name)
    done = subprocess.run(
        [clone.folder / ".ci" / "setup-venv"], env={"PATH": str(tools)}, capture_output=True, text=True, timeout=60,
    )
    assert done.returncode == 1
    assert "no Python 3.11, 3.12 or 3.13" in done.stderr
    assert "make PYTHON=" in done.stderr
