"""Environments of peers: pinned versions, made on demand, and a failure that is told."""

from __future__ import annotations

import re
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from benchmarks import environments
from benchmarks.side_by_side import HEAD, QUICK, WIDTH
from benchmarks.worker import VSIM


def test_every_peer_of_the_plans_has_pins_of_one_version_each() -> None:
    peers = {name for plan in (HEAD, WIDTH, QUICK) for case in plan for name in case[3]} - {*VSIM, "numpy"}
    assert peers == {"mesa", "agentpy", "starsim", "polars"}
    for peer in (*peers, "matching"):
        wanted = environments.pins(peer)
        assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][0-9A-Za-z.]*", pin) for pin in wanted), peer
        names = [pin.partition("==")[0].lower().replace("_", "-") for pin in wanted]
        assert len(names) == len(set(names))
        assert names[0] == (peer if peer != "matching" else "ortools")


def test_a_peer_that_is_here_in_the_pinned_version_needs_no_environment(tmp_path: Path) -> None:
    (tmp_path / "numpy.txt").write_text(f"# pins\nnumpy=={version('numpy')}\n", encoding="utf-8")
    found = environments.environment("numpy", tmp_path, tmp_path / "made")
    assert found.python == sys.executable
    assert not (tmp_path / "made").exists()
    assert not environments.is_here("numpy==0.1")
    assert not environments.is_here("no-such-package-here==1.0")


@pytest.mark.slow        # makes an environment with pip
def test_what_pip_cannot_install_is_told_and_tried_again(tmp_path: Path) -> None:
    (tmp_path / "peer.txt").write_text("./there-is-no-such-folder\n", encoding="utf-8")
    found = environments.environment("peer", tmp_path, tmp_path / "made")
    assert found.python is None
    assert "pip could not fetch what benchmarks/peers/peer.txt pins" in found.reason
    assert "there-is-no-such-folder" in found.reason
    assert not (tmp_path / "made" / "peer" / ".ready").exists()


@pytest.mark.slow
def test_an_environment_is_made_once_and_again_when_its_pins_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pins = tmp_path / "peer.txt"
    pins.write_text("# nothing but Python\n./package\n", encoding="utf-8")
    package = tmp_path / "package"
    package.mkdir()
    (package / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbackend-path = ["."]\nbuild-backend = "backend"\n', encoding="utf-8"
    )
    (package / "backend.py").write_text(BACKEND, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    first = environments.environment("peer", tmp_path, tmp_path / "made")
    assert first.python is not None, first.reason
    stamp = tmp_path / "made" / "peer" / ".ready"
    made = stamp.stat().st_mtime_ns
    assert environments.environment("peer", tmp_path, tmp_path / "made") == first
    assert stamp.stat().st_mtime_ns == made
    pins.write_text("# nothing\n./package\n./package\n", encoding="utf-8")
    assert environments.environment("peer", tmp_path, tmp_path / "made").python == first.python
    assert stamp.stat().st_mtime_ns != made


BACKEND = '''
import pathlib, zipfile


def build_wheel(folder, config_settings=None, metadata_directory=None):
    name = "peer-1.0-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(folder) / name, "w") as wheel:
        wheel.writestr("peer.py", "")
        wheel.writestr("peer-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: peer\\nVersion: 1.0\\n")
        about = "Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
        wheel.writestr("peer-1.0.dist-info/WHEEL", about)
        wheel.writestr("peer-1.0.dist-info/RECORD", "peer.py,,\\n")
    return name
'''
