"""The generated module: named by its content, written whole or not at all, built by several at once or after a kill."""

from __future__ import annotations

import ast
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.house.repo import ROOT
from vsim.kernels import build
from vsim.rng import Stream

SMALL = (
    "import numpy as np; from vsim.kernels.build import kernels\n"
    "made, out, zero = kernels('people'), np.empty((4, 1), np.uint32), np.zeros(1, np.int64)\n"
    "made.draw_words(np.uint64(0), np.uint64(0), 0, zero, zero, zero, out); print(out[0, 0], made.__file__)"
)
ANSWER = str(0x6627E8D5)           # the first of the known answers of Random123 for Philox4x32-10
FAMILIES = tuple(build.FAMILIES)
STEMS = tuple((family, stem) for family in FAMILIES for stem in build.FAMILIES[family].stems)
every_family = pytest.mark.parametrize("family", FAMILIES)


def python(code: str, cache: Path, temporary: Path | None = None) -> subprocess.Popen[str]:
    environment = {**os.environ, "VSIM_CACHE": str(cache), "PYTHONPATH": str(ROOT)}
    if temporary is not None:
        environment |= {name: str(temporary) for name in ("TMPDIR", "TEMP", "TMP")}
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                            env=environment, cwd=ROOT)


def answer(process: subprocess.Popen[str]) -> tuple[str, Path]:
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    number, path = out.split(maxsplit=1)
    return number, Path(path.strip())


def functions(source: str) -> list[str]:
    return [node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]


def stem_source(stem: str) -> str:
    return (ROOT / "vsim" / "kernels" / f"{stem}.py").read_text(encoding="utf-8")


# ---- the text ------------------------------------------------------------------------------------


def test_every_stem_on_disk_is_joined_in_one_family() -> None:
    assert sorted(stem for _, stem in STEMS) == build.stems_on_disk()


@every_family
def test_the_joined_source_holds_every_function_of_every_stem_once_and_compiled(family: str) -> None:
    joined = ast.parse(build.joined_source(family))
    found = [node for node in joined.body if isinstance(node, ast.FunctionDef)]
    expected = [name for stem in build.FAMILIES[family].stems for name in functions(stem_source(stem))]
    assert [node.name for node in found] == expected
    assert len(set(expected)) == len(expected), "two stems define one name"
    for node in found:
        (decorator,) = node.decorator_list
        assert ast.unparse(decorator).startswith("njit(")
        assert "nogil=True" in ast.unparse(decorator)
    entries = [node for node in found if node.name in build.FAMILIES[family].entries]
    assert {node.name for node in entries} == set(build.FAMILIES[family].entries)
    for node in entries:
        assert ast.unparse(node.decorator_list[0]).startswith("njit(cache=True, nogil=True")


@every_family
def test_the_joined_source_imports_no_stem_and_stands_alone(family: str) -> None:
    joined = ast.parse(build.joined_source(family))
    modules = [node.module or "" for node in joined.body if isinstance(node, ast.ImportFrom)]
    assert not [module for module in modules if module.startswith("vsim.kernels")]
    first = next(i for i, node in enumerate(joined.body) if not isinstance(node, ast.Import | ast.ImportFrom))
    assert all(not isinstance(node, ast.Import | ast.ImportFrom) for node in joined.body[first:])
    compile(joined, "joined", "exec")


@every_family
def test_a_stem_uses_only_what_earlier_stems_of_its_family_define(family: str) -> None:
    defined: set[str] = set()
    stems = build.FAMILIES[family].stems
    for stem in stems:
        for node in ast.parse(stem_source(stem)).body:
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("vsim.kernels"):
                assert (node.module or "").rpartition(".")[2] in stems[: stems.index(stem)]
                assert all(alias.asname is None for alias in node.names), "an alias is lost when stems are joined"
                assert {alias.name for alias in node.names} <= defined
        defined |= set(functions(stem_source(stem)))
        defined |= assigned(stem)


def assigned(stem: str) -> set[str]:
    """Return the constants that a stem defines."""
    return {
        leaf.id for node in ast.parse(stem_source(stem)).body if isinstance(node, ast.Assign)
        for target in node.targets for leaf in ast.walk(target) if isinstance(leaf, ast.Name)
    }


@every_family
def test_no_two_stems_of_a_family_define_one_constant(family: str) -> None:
    names = [name for stem in build.FAMILIES[family].stems for name in assigned(stem)]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(("family", "stem"), STEMS)
def test_constants_come_only_from_files_that_the_name_depends_on(family: str, stem: str) -> None:
    for node in ast.parse(stem_source(stem)).body:
        module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
        if module.startswith("vsim.") and not module.startswith("vsim.kernels"):
            assert module.removeprefix("vsim.").replace(".", "/") in build.FAMILIES[family].constants, f"reads {module}"


def test_the_streams_of_the_kernels_are_those_of_the_plain_form() -> None:
    module = build.kernels()
    shared = [stream for stream in Stream if hasattr(module, stream.name)]
    assert len(shared) >= 12
    assert {stream.name: getattr(module, stream.name) for stream in shared} == {s.name: int(s) for s in shared}
    used = {"STATUS", "STATUS_TAIL", "TAKE_PART", "TAKE_PART_TAIL", "EXTRA", "CHOICE", "MENU", "DEMAND", "SHIFT",
            "SERVICE", "RECORD", "TRAINING", "REDEEM", "TASK", "HONOUR", "CREDIT", "CARE", "INSURED"}
    assert used <= {stream.name for stream in shared}


def test_the_streams_that_people_are_drawn_from_are_those_of_the_plain_form() -> None:
    module = build.kernels("people")
    shared = {stream.name: getattr(module, stream.name) for stream in Stream if hasattr(module, stream.name)}
    assert shared == {name: int(Stream[name]) for name in shared}
    assert set(shared) == {"PERSON", "TASTE", "HOME", "TIES", "HISTORY", "ACTIVATION", "ORGANISATION"}


# ---- the name ------------------------------------------------------------------------------------


@every_family
def test_the_name_changes_with_the_text(family: str) -> None:
    source = build.joined_source(family)
    assert build.module_name(source, family) == build.module_name(source, family)
    assert build.module_name(source, family) != build.module_name(source + "\nX = 1\n", family)
    assert build.module_name(source, family).startswith("vk_")
    assert build.module_name(source, family).isidentifier()


@pytest.mark.parametrize(("family", "constant"), [
    (family, constant) for family in FAMILIES for constant in build.FAMILIES[family].constants
])
def test_the_name_changes_with_the_files_whose_constants_are_compiled_in(
    family: str, constant: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in build.FAMILIES[family].constants:
        target = tmp_path / "vsim" / f"{name}.py"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "vsim" / f"{name}.py", target)
    before = build.module_name("x = 1\n", family)
    monkeypatch.setattr(build, "__file__", str(tmp_path / "vsim" / "kernels" / "build.py"))
    assert build.module_name("x = 1\n", family) == before
    with (tmp_path / "vsim" / f"{constant}.py").open("a", encoding="utf-8") as stream:
        stream.write("NEW = 1\n")
    assert build.module_name("x = 1\n", family) != before


@pytest.mark.slow
def test_a_change_in_one_family_leaves_the_module_of_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "vsim", tmp_path / "vsim", ignore=shutil.ignore_patterns("__pycache__", "assets", "locale"))
    monkeypatch.setattr(build, "__file__", str(tmp_path / "vsim" / "kernels" / "build.py"))

    def names() -> dict[str, str]:
        return {family: build.module_name(build.joined_source(family), family) for family in FAMILIES}

    before = names()
    assert len(set(before.values())) == len(FAMILIES)
    with (tmp_path / "vsim" / "kernels" / "residents.py").open("a", encoding="utf-8") as stream:
        stream.write("\n\ndef one():\n    return 1\n")
    after = names()
    assert {family for family in FAMILIES if after[family] != before[family]} == {"people"}
    with (tmp_path / "vsim" / "kernels" / "week.py").open("a", encoding="utf-8") as stream:
        stream.write("\n\ndef one():\n    return 1\n")
    assert {family for family in FAMILIES if names()[family] != after[family]} == {"weeks"}


def test_the_name_changes_with_the_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    import numba

    before = build.module_name("x = 1\n")
    monkeypatch.setattr(numba, "__version__", "0.0.0")
    assert build.module_name("x = 1\n") != before


def test_the_cache_folder_follows_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VSIM_CACHE", str(tmp_path / "own"))
    assert build.cache_folder() == tmp_path / "own"
    monkeypatch.delenv("VSIM_CACHE")
    monkeypatch.setattr(build.platform, "system", lambda: "Linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert build.cache_folder() == tmp_path / "xdg" / "vsim"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert build.cache_folder() == Path.home() / ".cache" / "vsim"
    monkeypatch.setattr(build.platform, "system", lambda: "Windows")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    assert build.cache_folder() == tmp_path / "local" / "vsim" / "cache"


# ---- writing -------------------------------------------------------------------------------------


def test_a_file_is_written_whole_into_a_new_folder(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "module.py"
    build.write_whole(path, "x = 1  # 志愿\n")
    assert path.read_text(encoding="utf-8") == "x = 1  # 志愿\n"
    assert [p.name for p in path.parent.iterdir()] == ["module.py"]


@pytest.mark.parametrize("step", ["replace", "fdopen"])
def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "module.py"
    build.write_whole(path, "old\n")

    def fail(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(build.os, step, fail)
    with pytest.raises(OSError, match="disk full"):
        build.write_whole(path, "new\n")
    monkeypatch.undo()
    assert path.read_text() == "old\n"
    assert [p.name for p in tmp_path.iterdir()] == ["module.py"]


def test_a_reader_sees_the_old_file_or_the_new_one_and_never_a_part(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    texts = {"a" * 300_000, "b" * 300_000}
    build.write_whole(path, next(iter(texts)))
    stop, seen = threading.Event(), set()

    def write() -> None:
        while not stop.is_set():
            for text in texts:
                build.write_whole(path, text)

    writer = threading.Thread(target=write)
    writer.start()
    end = time.monotonic() + 0.4
    while time.monotonic() < end:
        seen.add(path.read_text())
    stop.set()
    writer.join()
    assert seen <= texts


@every_family
def test_one_process_builds_once(family: str) -> None:
    module = build.kernels(family)
    assert module is build.kernels(family)
    assert module.__name__ == build.module_name(build.joined_source(family), family)
    assert sys.modules[module.__name__] is module


# ---- several processes ---------------------------------------------------------------------------


@pytest.mark.slow
def test_two_processes_may_build_at_the_same_time(tmp_path: Path) -> None:
    both = [python(SMALL, tmp_path) for _ in range(2)]
    found = [answer(process) for process in both]
    assert [number for number, _ in found] == [ANSWER] * 2
    assert found[0][1] == found[1][1]
    assert list(tmp_path.glob("*.tmp")) == []


@pytest.mark.slow
def test_a_build_killed_while_writing_or_compiling_leaves_nothing_that_breaks_the_next(tmp_path: Path) -> None:
    kill = ("import os, signal, vsim.kernels.build as b\n"
            "b.os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n")
    writing = python(kill + SMALL, tmp_path)
    writing.communicate(timeout=120)
    assert writing.returncode == -signal.SIGKILL
    assert list(tmp_path.glob("*.py")) == []

    compiling = python(SMALL, tmp_path)
    end = time.monotonic() + 60
    while not list(tmp_path.glob("*.py")) and time.monotonic() < end:
        time.sleep(0.02)
    compiling.kill()
    compiling.communicate(timeout=60)
    number, path = answer(python(SMALL, tmp_path))
    assert number == ANSWER
    assert path.read_text(encoding="utf-8") == build.joined_source("people")


@pytest.mark.slow
def test_a_cache_that_cannot_be_written_falls_back_and_is_used_again_by_the_next_process(tmp_path: Path) -> None:
    blocked, temporary = tmp_path / "file", tmp_path / "tmp"
    blocked.write_text("no folder")
    temporary.mkdir()
    number, path = answer(python(SMALL, blocked / "cache", temporary))
    assert number == ANSWER
    assert temporary in path.parents
    compiled = {p.name: p.stat().st_mtime_ns for p in path.parent.rglob("*.nbc")}
    assert compiled
    assert answer(python(SMALL, blocked / "cache", temporary)) == (ANSWER, path)
    again = {p.name: p.stat().st_mtime_ns for p in path.parent.rglob("*.nbc")}
    assert again == compiled, "the next process compiled everything again"


# ---- what it says --------------------------------------------------------------------------------


@pytest.mark.slow
def test_who_waits_for_the_compiler_is_told_once(tmp_path: Path) -> None:
    """The first use says that it compiles, the second finds what was kept; told by a module of one function."""
    small = "from numba import njit\n@njit(cache=True)\ndef run_weeks(x):\n    return x + 1\n"
    code = (
        f"import vsim.kernels as room; from vsim.kernels import build; build.joined_source = lambda family: {small!r}; "
        "room.waiting = lambda: print('waiting'); print(build.kernels().run_weeks(1))"
    )
    said = [
        subprocess.run([sys.executable, "-c", code], env={**os.environ, "VSIM_CACHE": str(tmp_path)}, check=True,
                       capture_output=True, text=True).stdout.split() for _ in range(2)
    ]
    assert said == [["waiting", "2"], ["2"]]
