"""`import vsim` is light and without side effects; no module keeps a stateful generator."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.repo import PACKAGE, ROOT, parsed, sources

pytestmark = pytest.mark.slow

HEAVY = {"numba", "llvmlite", "pandas", "matplotlib", "pyarrow", "faker", "scipy", "IPython", "typer", "rich"}
STATEFUL = {"random", "secrets"}
CALLS = {"urandom", "uuid1", "uuid4", "getrandbits"}
SECRET = "course/keys.py"          # the secret key of a course is the one thing that nobody may draw again
SEEDED = "evaluate/luck.py"          # libraries of statistics ask for a generator; it is made from a seed, in one place


def after(code: str) -> dict[str, object]:
    """Return what a fresh interpreter reports after `code`, which fills `out`."""
    done = subprocess.run(
        [sys.executable, "-c", f"import json, sys\nout = {{}}\n{code}\nprint(json.dumps(out))"],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def stateful(text: str) -> list[int]:
    """Return the lines that use a generator whose state lives outside the draw's key."""
    lines = []
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.Import):
            names = {alias.name for alias in node.names}
            wrong = "numpy.random" in names or bool({name.partition(".")[0] for name in names} & STATEFUL)
        elif isinstance(node, ast.ImportFrom):
            wrong = (node.module or "").partition(".")[0] in STATEFUL or (node.module or "") == "numpy.random" or (
                node.module == "numpy" and any(alias.name == "random" for alias in node.names)
            )
        elif isinstance(node, ast.Attribute):
            wrong = node.attr in CALLS or (
                node.attr == "random" and isinstance(node.value, ast.Name) and node.value.id in {"np", "numpy"}
            )
        else:
            wrong = False
        if wrong:
            lines.append(node.lineno)
    return lines


def test_import_vsim_loads_nothing_heavy_and_touches_nothing() -> None:
    code = (
        "import os\nbefore = dict(os.environ)\nimport vsim\nout['environment'] = dict(os.environ) == before\n"
        "out['modules'] = sorted({name.partition('.')[0] for name in sys.modules})"
    )
    out = after(code)
    assert isinstance(out["modules"], list)
    assert "vsim" in out["modules"]
    assert set(out["modules"]) & HEAVY == set()
    assert out["environment"] is True


def test_the_first_run_of_a_small_world_compiles_nothing() -> None:
    out = after(
        "import vsim\nrun = vsim.simulate(vsim.scenario('toy'), seed=1)\n"
        "out['residents'] = run.scenario.world.residents\n"
        "out['modules'] = sorted({name.partition('.')[0] for name in sys.modules})"
    )
    assert out["residents"] == 10_000
    assert isinstance(out["modules"], list)
    assert set(out["modules"]) & HEAVY == set()


def test_the_help_of_the_command_line_loads_no_model() -> None:
    out = after(
        "import typer, vsim.cli.main\nroot = typer.main.get_command(vsim.cli.main.app)\n"
        "out['told'] = root.list_commands(None)\n"
        "out['modules'] = sorted({name.partition('.')[0] for name in sys.modules})\n"
        "out['parts'] = sorted({name for name in sys.modules if name.startswith('vsim.')})"
    )
    assert isinstance(out["modules"], list)
    assert set(out["modules"]) & (HEAVY - {"typer", "rich"} | {"numpy", "yaml", "pydantic"}) == set()
    assert isinstance(out["parts"], list)
    assert not any(name.startswith(("vsim.spec", "vsim.run", "vsim.report", "vsim.levers")) for name in out["parts"])
    assert set(out["parts"]) & {"vsim.cli.course", "vsim.cli.run", "vsim.cli.data"} == set()
    assert isinstance(out["told"], list)
    assert {"course", "run", "data"} <= set(out["told"])


def test_every_name_of_the_public_face_is_there() -> None:
    out = after("import vsim\nout['absent'] = [name for name in dir(vsim) if getattr(vsim, name, None) is None]")
    assert out["absent"] == []


def test_no_public_function_bears_the_name_of_a_package_folder() -> None:
    folders = sorted(path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists())
    code = f"import vsim\nout['taken'] = [n for n in {folders!r} if not isinstance(getattr(vsim, n, sys), type(sys))]"
    assert after(code)["taken"] == []


def test_no_module_draws_from_a_stateful_generator() -> None:
    drawn = {name: lines for name, text in sources().items() if (lines := stateful(text))}
    assert len(drawn.pop(SECRET)) == 1
    assert set(drawn.pop(SEEDED)) != set()
    assert drawn == {}


@pytest.mark.parametrize("code", [
    "import random", "from random import choice", "import numpy as np\nx = np.random.default_rng(1)",
    "from numpy.random import Generator", "from numpy import random", "import numpy.random as r", "import secrets",
    "import os\nx = os.urandom(4)", "import uuid\nx = uuid.uuid4()",
])
def test_a_stateful_generator_is_found(code: str) -> None:
    assert stateful(code) != []


def test_no_module_writes_or_computes_much_on_import(tmp_path: Path) -> None:
    out = after(
        "import pathlib, vsim.spec.cards, vsim.spec.scenario, vsim.errors, vsim.i18n, vsim.rng\n"
        "out['modules'] = sorted({name.partition('.')[0] for name in sys.modules})"
    )
    assert isinstance(out["modules"], list)
    assert set(out["modules"]) & (HEAVY - {"typer", "rich"}) == set()
