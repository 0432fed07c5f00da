"""Rule 1: imports run downhill, a lever knows no lever, a process no process, the estimators never see the truth."""

from __future__ import annotations

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.house.imports import Graph, circles, graph_of, uphill
from tests.house.repo import PACKAGE, ROOT, pyproject

HOUSE = [
    ["cli"], ["report"], ["run"], ["process", "kernels", "office"], ["levers"],
    ["world", "observe", "evaluate", "course"],
    ["spec"], ["exact"], ["i18n", "rng"], ["errors"],
]
LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"


def contracts() -> dict[str, dict[str, object]]:
    return {contract["id"]: contract for contract in pyproject()["tool"]["importlinter"]["contracts"]}


@cache
def ours() -> Graph:
    """Return who imports whom in vsim, read once."""
    return graph_of(PACKAGE)


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LINT], cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=120,
    )


def plant(folder: Path, files: dict[str, str]) -> Path:
    """Write a small tree of modules, each folder with its `__init__`."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        for parent in path.relative_to(folder).parents:
            (folder / parent / "__init__.py").touch()
    return folder / "vsim"


def test_the_contracts_name_the_floors_of_the_house() -> None:
    layers = contracts()["floors"]["layers"]
    assert isinstance(layers, list)
    assert [[room.strip(" ()") for room in layer.split("|")] for layer in layers] == HOUSE


def test_every_import_contract_is_kept() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_import_runs_uphill_and_none_in_a_circle() -> None:
    graph = ours()
    assert len(graph) > 20
    assert uphill(graph, HOUSE) == []
    assert circles(graph) == []


def test_estimators_cannot_reach_the_truth_by_any_road() -> None:
    graph = ours()
    reached, road = set(), [name for name in graph if name.startswith("vsim.evaluate")]
    assert road
    while road:
        name = road.pop()
        if name not in reached:
            reached.add(name)
            road.extend(graph.get(name, ()))
    forbidden = {"world", "process", "kernels", "office", "levers", "run", "observe"}
    assert {name for name in reached if name.split(".")[1] in forbidden} == set()


@pytest.mark.parametrize("line", [
    "from vsim.run.simulate import simulate",
    "import vsim.run.simulate",
    "from vsim.run import simulate",
    "from ..run import simulate",
    "def late():\n    from vsim.run.simulate import simulate\n    return simulate",
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import vsim.run.simulate as s",
    "import importlib\nname = importlib.import_module('vsim.run.simulate')",
    "import vsim",
    "from vsim import simulate",
])
def test_an_uphill_import_is_seen_however_it_is_written(tmp_path: Path, line: str) -> None:
    package = plant(tmp_path, {"vsim/run/simulate.py": "simulate = None", "vsim/spec/cards.py": line})
    (wrong,) = uphill(graph_of(package), HOUSE)
    assert wrong.startswith("vsim.spec.cards")


def test_a_sideways_import_between_rooms_and_a_room_on_no_floor_are_seen(tmp_path: Path) -> None:
    package = plant(tmp_path, {
        "vsim/kernels/week.py": "import vsim.process.stars", "vsim/process/stars.py": "", "vsim/attic/box.py": "",
    })
    assert uphill(graph_of(package), HOUSE) == [
        "vsim.attic stands on no floor", "vsim.attic.box stands on no floor",
        "vsim.kernels.week (floor 7) imports vsim.process.stars (floor 7)",
    ]


def test_a_circle_of_imports_is_seen(tmp_path: Path) -> None:
    package = plant(tmp_path, {
        "vsim/spec/a.py": "import vsim.spec.b", "vsim/spec/b.py": "def f():\n    from vsim.spec import c",
        "vsim/spec/c.py": "from vsim.spec.a import x", "vsim/spec/d.py": "import vsim.spec.a",
    })
    assert circles(graph_of(package)) == [["vsim.spec.a", "vsim.spec.b", "vsim.spec.c"]]


SMALL_HOUSE = {
    "vsim/__init__.py": "from vsim.run.simulate import simulate",
    "vsim/errors.py": "", "vsim/rng.py": "import vsim.errors", "vsim/i18n.py": "", "vsim/exact.py": "import vsim.rng",
    "vsim/spec/cards.py": "import vsim.errors\nimport vsim.exact", "vsim/spec/estimate.py": "",
    "vsim/world/people.py": "import vsim.rng", "vsim/observe/registers.py": "", "vsim/course/grade.py": "",
    "vsim/evaluate/did.py": "from vsim.spec.estimate import x",
    "vsim/levers/base.py": "import vsim.spec.cards", "vsim/levers/stars.py": "from vsim.levers.base import Lever",
    "vsim/levers/points.py": "from vsim.levers.base import Lever",
    "vsim/levers/__init__.py": "from vsim.levers.points import Points\nfrom vsim.levers.stars import Stars",
    "vsim/process/stars.py": "import vsim.world.people", "vsim/process/points.py": "", "vsim/kernels/stars.py": "",
    "vsim/office/ratings.py": "", "vsim/run/attendance.py": "import vsim.process.points",
    "vsim/run/simulate.py": "import vsim.process.points\nimport vsim.process.stars\nimport vsim.levers",
    "vsim/report/page.py": "import vsim.run.simulate", "vsim/cli/main.py": "import vsim.report.page",
}


@pytest.mark.slow
@pytest.mark.parametrize(("file", "line", "contract"), [
    ("spec/cards.py", "import vsim.run.simulate", "Imports run downhill"),
    ("course/grade.py", "import vsim.world.people", "Imports run downhill"),
    ("kernels/stars.py", "def f():\n    import vsim.process.stars", "Imports run downhill"),
    ("attic.py", "", "Imports run downhill"),
    ("levers/stars.py", "import vsim.levers.points", "A lever knows no lever"),
    ("levers/stars.py", "import vsim.levers", "A lever knows no lever"),
    ("process/stars.py", "import vsim.process.points", "A process knows no process"),
    ("evaluate/did.py", "import vsim.world.people", "The estimators never see the truth"),
    ("report/page.py", "import vsim.process.stars", "Only the weekly loop names the processes"),
    ("cli/main.py", "import vsim.levers.stars", "Only vsim.levers names the levers"),
    ("spec/estimate.py", "import vsim.spec.other", "No circle of imports between modules of one package"),
])
def test_each_import_contract_can_be_broken(tmp_path: Path, file: str, line: str, contract: str) -> None:
    plant(tmp_path, SMALL_HOUSE)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "vsim" / "spec" / "other.py").write_text("import vsim.spec.estimate")
    done = lint(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    path = tmp_path / "vsim" / file
    path.write_text((path.read_text() if path.exists() else "") + f"\n{line}\n")
    done = lint(tmp_path)
    assert done.returncode != 0
    assert f"{contract} BROKEN" in " ".join(done.stdout.split())
