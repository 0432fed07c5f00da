"""The folder of a large run: stopped, spoilt, shared or another's, it ends as an undisturbed run or is refused."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from tests.engine_worlds import SEED, town
from tests.run.test_nation import DISTRICTS, WORLD, made
from vsim.errors import UsageError
from vsim.run import nation_folder
from vsim.run.nation import Outcome, Step, outcome
from vsim.run.nation_folder import LOCK, NOTES, PLAN, locked

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
KILL = signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Outcome]:
    folder = tmp_path_factory.mktemp("nation") / "run"
    return folder, made(folder)


@pytest.fixture
def copy(first: tuple[Path, Outcome], tmp_path: Path) -> Path:
    """Return a copy of a finished run that may be spoilt."""
    return Path(shutil.copytree(first[0], tmp_path / "run"))


MADE = ("from tests.run.test_nation import made; from pathlib import Path; import sys, json; "
        "made(Path(sys.argv[1]), **json.loads(sys.argv[2]))")


def started(folder: Path, code: str = MADE, **how: object) -> subprocess.Popen[bytes]:
    """Return a process that runs into a folder."""
    return subprocess.Popen([sys.executable, "-c", code, str(folder), json.dumps(how)], cwd=ROOT,
                            stderr=subprocess.DEVNULL)


def test_killed_three_times_at_random_it_comes_to_one_checksum(first: tuple[Path, Outcome], tmp_path: Path) -> None:
    """Three sizes of batches, one and two threads, with and without epochs; each killed at three random moments."""
    rng, stopped = np.random.default_rng(11), 0
    for number, how in enumerate(({"batch": 1, "threads": 2}, {"batch": 3, "threads": 1, "epoch": 7},
                                  {"batch": DISTRICTS, "threads": 2, "epoch": 5})):
        folder = tmp_path / str(number)
        for _ in range(3):
            running = started(folder, **how)
            seen = len(list(folder.glob("notes/**/*.json")))
            while running.poll() is None and len(list(folder.glob("notes/**/*.json"))) == seen:
                time.sleep(0.002)
            time.sleep(float(rng.uniform(0, 0.05)))
            running.send_signal(KILL)
            stopped += running.wait() != 0
        assert made(folder, **how).checksum == first[1].checksum, how
        assert not list(folder.glob("**/*.part"))
        assert not list(folder.glob("progress/*/*.bin")), "what was kept between epochs is removed when used"
    assert stopped >= 3, "hardly a run was killed: the test tells nothing"


def test_two_processes_do_not_write_to_one_folder(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    with locked(folder):
        running = subprocess.run([sys.executable, "-c", MADE, str(folder), "{}"], cwd=ROOT, capture_output=True,
                                 text=True, check=False)
        assert running.returncode != 0
        assert "another run is writing to" in running.stderr
        assert not (folder / PLAN).exists()
        with pytest.raises(UsageError, match=r"\(process \d+\)\. Wait for it"):
            made(folder)
    (folder / LOCK).write_text("999999\n", encoding="utf-8")
    assert made(folder).districts == DISTRICTS, "a lock that nobody holds is none"


@pytest.mark.parametrize("free", [True, False])
def test_the_lock_on_windows_is_one_byte_behind_what_others_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: bool
) -> None:
    asked: list[tuple[int, int, int]] = []

    def locking(handle: int, mode: int, count: int) -> None:
        asked.append((os.lseek(handle, 0, os.SEEK_CUR), mode, count))
        if not free:
            raise PermissionError

    monkeypatch.setattr(nation_folder.sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "msvcrt", SimpleNamespace(locking=locking, LK_NBLCK=2))
    if free:
        with locked(tmp_path):
            assert (tmp_path / LOCK).read_text(encoding="utf-8") == f"{os.getpid()}\n"
    else:
        (tmp_path / LOCK).write_text("4321\n", encoding="utf-8")
        with pytest.raises(UsageError, match=r"\(process 4321\)"), locked(tmp_path):
            pass
        assert (tmp_path / LOCK).read_text(encoding="utf-8") == "4321\n"
    assert asked == [(nation_folder.FAR, 2, 1)]


@pytest.mark.parametrize("spoil", ["note", "file", "cut", "nonsense", "part", "other", "short", "list", "less"])
def test_it_goes_on_where_something_is_missing_or_spoilt(
    first: tuple[Path, Outcome], copy: Path, spoil: str
) -> None:
    note, file = copy / NOTES / "batch-0001.json", copy / "services" / "batch-0001.parquet"
    kept_bytes, others = file.read_bytes(), (copy / "services" / "batch-0000.parquet").stat().st_mtime_ns
    text = note.read_text(encoding="utf-8")
    if spoil == "note":
        note.unlink()
    elif spoil == "file":
        file.unlink()
    elif spoil == "cut":
        file.write_bytes(kept_bytes[:100])
    elif spoil == "nonsense":
        note.write_text("[1, 2", encoding="utf-8")
    elif spoil == "part":
        note.unlink()
        (copy / "services" / "batch-0001.part").write_bytes(b"half")
    elif spoil == "other":
        note.write_text(text.replace(json.loads(text)["run"], "0" * 16), encoding="utf-8")
    elif spoil == "short":
        note.write_text(text[: len(text) // 2], encoding="utf-8")
    elif spoil == "list":
        note.write_text(json.dumps({**json.loads(text), "checksums": ["x"]}), encoding="utf-8")
    else:
        plain = json.loads(text)
        note.write_text(json.dumps({**plain, "rows": {**plain["rows"], "services": 1}}), encoding="utf-8")
    with pytest.raises(UsageError, match="2 of 3 batches"):
        outcome(copy)
    assert made(copy) == first[1]
    assert file.read_bytes() == kept_bytes
    assert not list(copy.glob("*/*.part"))
    assert (copy / "services" / "batch-0000.parquet").stat().st_mtime_ns == others, "what was there is not made again"


@pytest.mark.parametrize(("how", "words"), [
    ({"seed": SEED + 1}, "with seed"), ({"records": "none"}, "with records all"), ({"batch": 2}, "with batch 3"),
    ({"counties": 2}, "with counties"), ({"epoch": 5}, "with edges"),
    ({"scenario": town(residents=2200, districts=DISTRICTS)}, "scenario_hash"),
])
def test_a_folder_of_another_run_is_refused(first: tuple[Path, Outcome], how: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        made(first[0], **how)                                                      # type: ignore[arg-type]
    assert outcome(first[0]) == first[1], "and left as it was"


@pytest.mark.parametrize("plan", ["", "[]", "{}", '{"counties": 7, "batch": 0, "edges": [24]}', '{"counties": "x"}',
                                  '{"counties": 7, "batch": 3, "edges": [24, 12]}', "\ufffd" * 3])
def test_a_plan_that_is_none_is_refused_and_not_written_over(tmp_path: Path, plan: str) -> None:
    (tmp_path / PLAN).write_text(plan, encoding="utf-8")
    for ask in (lambda: made(tmp_path), lambda: outcome(tmp_path)):
        with pytest.raises(UsageError, match="missing or spoilt"):
            ask()
    assert (tmp_path / PLAN).read_text(encoding="utf-8") == plan
    assert [path.name for path in tmp_path.iterdir()] == [PLAN]


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    for place in (tmp_path, tmp_path / "mine.txt"):
        with pytest.raises(UsageError, match="not empty and holds no run"):
            made(place)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    with pytest.raises(UsageError, match="holds no run"):
        outcome(tmp_path)


def test_it_says_how_far_it_is_in_resident_weeks(tmp_path: Path) -> None:
    steps: list[Step] = []
    made(tmp_path / "run", epoch=10, progress=steps.append, threads=1)
    whole = 2100 * (WORLD.weeks + WORLD.warmup_weeks)
    assert (steps[0], steps[-1]) == (Step(0, whole, 0, DISTRICTS), Step(whole, whole, DISTRICTS, DISTRICTS))
    assert [step.done for step in steps] == sorted({step.done for step in steps})
    assert len(steps) == 1 + 3 * 3, "three batches in three epochs"
    again: list[Step] = []
    made(tmp_path / "run", epoch=10, progress=again.append)
    assert again == [Step(whole, whole, DISTRICTS, DISTRICTS)]
