"""The example for JupyterHub: it can be read by Python, and its hook unpacks a handout once, wherever links lead."""

from __future__ import annotations

import os
import pwd
import runpy
from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from vsim.course.folder import hub_example, init_course
from vsim.course.handout import zip_bytes

UNIT = "foundation-01-small"


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    course = init_course(tmp_path / "c")
    (course.root / "handouts" / UNIT).mkdir()
    handout = zip_bytes({f"{UNIT}/a.ipynb": b"{}", f"{UNIT}/d/x": b"1"})
    (course.root / "handouts" / UNIT / "ada.zip").write_bytes(handout)
    (tmp_path / "home").mkdir()
    account = SimpleNamespace(pw_uid=os.getuid(), pw_gid=os.getgid(), pw_dir=str(tmp_path / "home"))
    monkeypatch.setattr(pwd, "getpwnam", {"Ada": account, "bo": account}.__getitem__)
    parts: dict[str, SimpleNamespace] = defaultdict(SimpleNamespace)

    class Parts:
        def __getattr__(self, name: str) -> SimpleNamespace:
            return parts[name]

    found = runpy.run_path(str(hub_example(course)), {"get_config": Parts})
    assert found["COURSE"] == course.root
    return {**found, "parts": parts, "home": tmp_path / "home"}


def spawner(name: str) -> SimpleNamespace:
    return SimpleNamespace(user=SimpleNamespace(name=name))


def test_a_learner_finds_the_own_handout_and_nobody_elses(config: dict[str, Any]) -> None:
    hook = config["parts"]["Spawner"].pre_spawn_hook
    hook(spawner("bo"))
    assert list(config["home"].iterdir()) == []
    hook(spawner("Ada"))
    assert (config["home"] / UNIT / "d" / "x").read_text() == "1"


def test_what_a_learner_has_written_is_never_written_over(config: dict[str, Any], tmp_path: Path) -> None:
    hook = config["parts"]["Spawner"].pre_spawn_hook
    (tmp_path / "elsewhere").mkdir()
    (config["home"] / UNIT).symlink_to(tmp_path / "elsewhere")
    hook(spawner("Ada"))
    assert list((tmp_path / "elsewhere").iterdir()) == []
    (config["home"] / UNIT).unlink()
    hook(spawner("Ada"))
    (config["home"] / UNIT / "a.ipynb").write_text("my work")
    hook(spawner("Ada"))
    assert (config["home"] / UNIT / "a.ipynb").read_text() == "my work"
