"""A command that is stopped half-way leaves what it writes absent, as it was, or complete; the next call succeeds."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.cli.small import bytes_of, vsim, write_town
from vsim.report.check import check_package

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
KILL, INTERRUPT = signal.SIGKILL, signal.SIGINT
pytestmark = [pytest.mark.slow, pytest.mark.needs("linux")]

COMMANDS: Mapping[str, tuple[str, ...]] = {
    "simulate": ("run", "simulate", "{town}", "--out", "{out}"),
    "compare": ("run", "compare", "{town}", "{pilot}", "-r", "2", "--indicators", "hours,left", "--out", "{out}"),
    "build": ("data", "build", "{town}", "--pilot", "{pilot}", "-r", "2", "--out", "{out}"),
    "demo": ("demo", "--no-course", "--replicates", "2", "--out", "{out}"),
}
MOMENTS = [
    ("simulate", "run", 2, KILL), ("simulate", "half", 3, INTERRUPT), ("simulate", "write", 12, KILL),
    ("simulate", "read", 1, INTERRUPT), ("simulate", "rename", 1, KILL), ("compare", "run", 3, INTERRUPT),
    ("compare", "write", 2, KILL), ("compare", "rename", 1, INTERRUPT), ("build", "half", 9, INTERRUPT),
    ("build", "rename", 1, KILL), ("demo", "run", 1, INTERRUPT), ("demo", "half", 4, KILL), ("demo", "rename", 3, KILL),
]



class Children:
    """Commands run in forks of one process that has everything loaded."""

    def __init__(self, folder: Path, process: subprocess.Popen[str]) -> None:
        self.folder, self.process = folder, process
        self.town, self.pilot = write_town(folder / "files")
        self.ask(demo=str(folder / "files"))

    def read(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the process has ended; its last words are in the captured error stream"
        answer: dict[str, Any] = json.loads(line)
        return answer

    def ask(self, **order: Any) -> dict[str, Any]:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return self.read()

    def words(self, command: str, out: Path) -> list[str]:
        return [word.format(town=self.town, pilot=self.pilot, out=out) for word in COMMANDS[command]]

    def run(self, words: list[str], folder: Path, moment: str = "", number: int = 0, sign: int = 0) -> tuple[int, str]:
        """Return exit code and error text of a command, stopped by a signal at a moment when one is named."""
        flag, out, err = (self.folder / name for name in ("flag", "out.txt", "err.txt"))
        flag.unlink(missing_ok=True)
        pid = self.ask(words=words, moment=moment, number=number, folder=str(folder), flag=str(flag), out=str(out),
                       err=str(err))["pid"]
        if moment:
            begun = time.monotonic()
            while not flag.exists():
                assert time.monotonic() - begun < PATIENCE, f"the moment '{moment} {number}' never came"
                time.sleep(0.005)
            os.kill(pid, sign)
        return self.ask(wait=pid)["status"], err.read_text("utf-8")


def put(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files as a command had written them."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


@pytest.fixture(scope="module")
def children(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Children]:
    command = [sys.executable, "-m", "tests.cli.stopping"]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield Children(tmp_path_factory.mktemp("children"), process)


@pytest.fixture(scope="module")
def whole(children: Children, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Mapping[str, bytes]]:
    """What each command writes when nobody stops it."""
    made = {}
    for command in COMMANDS:
        folder = tmp_path_factory.mktemp("whole")
        code, err = children.run([*children.words(command, folder / "made"), "--quiet"], folder)
        assert (code, err) == (0, "")
        made[command] = bytes_of(folder / "made")
        assert made[command]
        assert [item.name for item in folder.iterdir()] == ["made"]
    return made


@pytest.mark.parametrize(("command", "moment", "number", "sign"), MOMENTS, ids=str)
def test_a_stopped_command_leaves_nothing_half_written_and_the_next_call_succeeds(
    children: Children, whole: Mapping[str, Mapping[str, bytes]], tmp_path: Path, command: str, moment: str,
    number: int, sign: int,
) -> None:
    out = tmp_path / "made"
    words = [*children.words(command, out), "--quiet"]
    code, err = children.run(words, tmp_path, moment, number, sign)
    if sign == KILL:
        assert code == -KILL
        assert all(item.name.startswith(".made.partial-") for item in tmp_path.iterdir())
    else:
        assert (code, err) == (130, "vsim: stopped; nothing half-written is left.\n")
        assert list(tmp_path.iterdir()) == []
    assert not out.exists()
    assert children.run(words, tmp_path) == (0, "")
    assert bytes_of(out) == whole[command]


@pytest.mark.parametrize(("moment", "number", "sign"), [
    ("half", 5, INTERRUPT), ("rename", 1, KILL), ("rename", 2, KILL), ("rename", 2, INTERRUPT),
], ids=str)
def test_writing_over_a_data_set_leaves_the_old_one_or_the_new_one(
    children: Children, whole: Mapping[str, Mapping[str, bytes]], tmp_path: Path, moment: str, number: int, sign: int
) -> None:
    out = tmp_path / "made"
    words = [*children.words("simulate", out), "--quiet"]
    put(whole["build"], out)
    old = bytes_of(out)
    children.run([*words, "--force"], tmp_path, moment, number, sign)
    if out.exists():
        assert bytes_of(out) == old
    else:                               # killed between the two renamings: the old one stands beside, whole
        assert (sign, moment, number) == (KILL, "rename", 2)
        assert old in [bytes_of(item) for item in tmp_path.iterdir()]
    if sign == INTERRUPT:
        assert [item.name for item in tmp_path.iterdir()] == ["made"]
    assert children.run([*words, "--force"], tmp_path) == (0, "")
    assert bytes_of(out) == whole["simulate"]


@pytest.mark.parametrize(("moment", "number", "sign"), [("write", 7, INTERRUPT), ("rename", 2, KILL)], ids=str)
def test_a_remake_that_is_stopped_leaves_the_data_set_as_it_was(
    children: Children, whole: Mapping[str, Mapping[str, bytes]], tmp_path: Path, moment: str, number: int, sign: int
) -> None:
    out = tmp_path / "made"
    put(whole["build"], out)
    sound = bytes_of(out)
    (out / "README.md").write_bytes(b"something else\n")
    changed = bytes_of(out)
    children.run(["data", "remake", str(out), "--quiet"], tmp_path, moment, number, sign)
    if moment == "rename" and sign == KILL and not out.exists():
        left = [bytes_of(item) for item in tmp_path.iterdir()]
        assert changed in left
        assert sound in left
        return
    assert bytes_of(out) == changed
    assert children.run(["data", "remake", str(out), "--quiet"], tmp_path) == (0, "")
    assert bytes_of(out) == sound


@pytest.mark.parametrize(("moment", "number", "sign"), [
    ("write", 1, KILL), ("read", 4, INTERRUPT), ("rename", 1, KILL),
], ids=str)
def test_a_zip_file_is_there_whole_or_not_at_all(
    children: Children, whole: Mapping[str, Mapping[str, bytes]], tmp_path: Path, moment: str, number: int, sign: int
) -> None:
    out, target = tmp_path / "made", tmp_path / "made.zip"
    put(whole["simulate"], out)
    words = ["data", "pack", str(out), "--out", str(target), "--quiet"]
    children.run(words, tmp_path, moment, number, sign)
    assert not target.exists()
    if sign == INTERRUPT:
        assert [item.name for item in tmp_path.iterdir()] == ["made"]
    assert children.run(words, tmp_path) == (0, "")
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
    assert sorted(item.name for item in tmp_path.iterdir()) == ["made", "made.zip"]


@pytest.mark.parametrize("sign", [KILL, INTERRUPT], ids=["killed", "interrupted"])
def test_the_program_itself_survives_a_stop_while_it_writes(tmp_path: Path, sign: int) -> None:
    """No fork, no hook: the real program, stopped as soon as the first file of its output is seen."""
    town, _ = write_town(tmp_path / "files")
    place = tmp_path / "place"
    place.mkdir()
    out = place / "made"
    command = [sys.executable, "-m", "vsim.cli.main", "run", "simulate", str(town), "--out", str(out), "--quiet"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    begun = time.monotonic()
    while not any(path.is_file() for path in place.rglob("*")):
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() - begun < 2 * PATIENCE
        time.sleep(0.0005)
    process.send_signal(sign)
    _, err = process.communicate(timeout=PATIENCE)
    assert "Traceback" not in err
    if out.exists():                    # it had just been done
        assert check_package(out) == []
    elif sign == INTERRUPT:
        assert process.returncode == 130
        assert list(place.iterdir()) == []
    said = vsim("run", "simulate", town, "--out", out, "--quiet", "--force")
    assert (said.code, said.err) == (0, "")
    assert check_package(out) == []
