"""Lessons run through papermill: parameters arrive, failures are named, nothing is left behind, runs repeat."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.course.samples import LESSON, code, written
from vsim.course.editions import notebook_bytes
from vsim.course.running import Outcome, run
from vsim.course.source import read_source
from vsim.errors import UsageError

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
SEEN = """import os, sys
print(sys.executable)
print(os.environ["VSIM_LANG"], os.environ["IPYTHONDIR"])
print(sorted(os.listdir(".")), weeks)"""

ALONE = """import sys
from pathlib import Path
from vsim.course.running import run
from vsim.course.source import read_source
print(run(read_source(Path(sys.argv[1])), scratch=Path(sys.argv[2])).failure)"""


def outputs(outcome: Outcome, cell: str) -> str:
    """Return what a cell printed."""
    (found,) = (item for item in outcome.notebook.cells if item.id == cell)
    return "".join(output.get("text", "") for output in found.outputs)


@pytest.fixture(scope="module")
def chinese() -> Outcome:
    return run(read_source(LESSON), ["residents=1000", "season=春"], "zh")


def test_parameters_arrive_and_the_prose_is_chinese(chinese: Outcome) -> None:
    assert chinese.failure is None
    assert outputs(chinese, "what-the-register-says-4") == "250\n"
    assert chinese.notebook.cells[0].source.startswith("# 小镇上谁在服务")
    assert chinese.notebook.metadata["vsim"]["parameters"] == {"residents": 1000, "season": "春"}
    assert [cell.id for cell in chinese.notebook.cells][3] == "injected-parameters"


def test_a_run_repeated_gives_the_same_notebook_without_times_or_paths(chinese: Outcome) -> None:
    again = run(read_source(LESSON), ["residents=1000", "season=春"], "zh_CN")
    assert notebook_bytes(again.notebook) == notebook_bytes(chinese.notebook)
    text = notebook_bytes(again.notebook).decode()
    for word in ("papermill", "start_time", "iopub", "vsim-run-"):
        assert word not in text


def test_the_kernel_is_this_python_in_a_folder_that_holds_the_lesson_only(tmp_path: Path) -> None:
    source = written(tmp_path, code(SEEN))
    moves: list[tuple[int, int]] = []
    outcome = run(source, ["weeks=7"], "zh_CN", progress=lambda done, total: moves.append((done, total)))
    python, spoken, files = outputs(outcome, "01-x-2").splitlines()
    assert Path(python).samefile(sys.executable)
    assert spoken.startswith("zh_CN ")
    assert not Path(spoken.removeprefix("zh_CN ")).exists()             # gone with the run
    assert files == "['01-x.ipynb', '01-x.json'] 7"
    assert moves == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_a_cell_that_fails_is_named_with_its_heading_and_the_rest_is_kept(tmp_path: Path) -> None:
    cells = "\n".join(code(body) for body in ("print('before')", "weeks / 0", "1"))
    outcome = run(written(tmp_path, f"## The `rate`\n\n{cells}"))
    assert str(outcome.failure) == 'cell the-rate-3 under "The `rate`": ZeroDivisionError: division by zero'
    assert outputs(outcome, "the-rate-2") == "before\n"
    note, *cells = outcome.notebook.cells
    assert "**This run stopped** in the cell `the-rate-3`: `ZeroDivisionError: division by zero`" in note.source
    assert [cell.id for cell in cells] == ["01-x-1", "the-rate-1", "the-rate-2", "the-rate-3", "the-rate-4"]
    assert cells[-1].outputs == []


def test_a_python_that_dies_is_a_failure_like_another(tmp_path: Path) -> None:
    outcome = run(written(tmp_path, code("import os\nos._exit(1)") + "\n" + code("2")))
    assert outcome.failure is not None
    assert (outcome.failure.cell, outcome.failure.error[:10]) == ("01-x-2", "DeadKernel")


def test_an_error_that_the_lesson_means_to_show_is_no_failure(tmp_path: Path) -> None:
    outcome = run(written(tmp_path, code("1 / 0", "tags: [raises-exception]") + "\n" + code("print('after')")))
    assert outcome.failure is None
    assert outputs(outcome, "01-x-3") == "after\n"


def test_a_run_that_is_stopped_leaves_no_kernel_and_no_file(tmp_path: Path) -> None:
    written(tmp_path, code("from pathlib import Path\nPath(started).touch()\nimport time\ntime.sleep(60)"))
    mark = tmp_path / "started"
    words = ["notebook", "run", "01-x", "-p", f"started={mark}", "-o", "out.ipynb", "--quiet"]
    path = tmp_path / "notebooks" / "management" / "01-x.md"
    path.write_text(path.read_text().replace("weeks = 4  # weeks", 'started = ""'))
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "vsim.cli.main", *words], cwd=tmp_path, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "TMPDIR": str(temporary), "PYTHONPATH": str(ROOT)},
    )
    for _ in range(600):
        if mark.exists():
            break
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (130, "vsim: stopped; nothing half-written is left.\n")
    assert not (tmp_path / "out.ipynb").exists()
    assert list(temporary.iterdir()) == []


def test_claims_are_run_when_asked_for(tmp_path: Path) -> None:
    source = written(tmp_path, code("assert weeks == 5", "tags: [claim]"))
    assert run(source).failure is None
    failure = run(source, claims=True).failure
    assert failure is not None
    assert failure.error == "AssertionError"


def test_an_unknown_parameter_is_refused_before_anything_runs(tmp_path: Path) -> None:
    moved: list[int] = []
    with pytest.raises(UsageError, match="Did you mean 'weeks'"):
        run(written(tmp_path, ""), ["week=3"], progress=lambda done, _total: moved.append(done))
    assert moved == []


def test_nothing_is_left_in_the_home_folder_and_installed_kernels_do_not_matter(tmp_path: Path) -> None:
    home, scratch = tmp_path / "home", tmp_path / "scratch"
    kernel = home / ".local" / "share" / "jupyter" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text('{"argv": ["false"], "display_name": "x", "language": "python"}')
    before = sorted(home.rglob("*"))
    source = written(tmp_path, code("import matplotlib.pyplot as plt\nplt.plot([1, 2]);"))
    named = ("XDG_", "JUPYTER", "IPYTHON", "MPL")
    ours = {name: value for name, value in os.environ.items() if not name.startswith(named)}
    done = subprocess.run(
        [sys.executable, "-c", ALONE, str(source.path), str(scratch)],
        env={**ours, "HOME": str(home)}, capture_output=True, text=True, timeout=120, check=False,
    )
    assert (done.stdout, done.stderr) == ("None\n", "")
    assert sorted(home.rglob("*")) == before
    assert list((scratch / "matplotlib").iterdir())
