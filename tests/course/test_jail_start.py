"""The launcher of the jail without bubblewrap: it starts nothing that is not closed, and all of it ends together."""

from __future__ import annotations

import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.course.test_jail import processes_of
from vsim.course import jail_filter, jail_unshare
from vsim.course.jail import command, seen
from vsim.course.jail_command import SCRATCH, WORK, Bounds, Place, environment, mounts
from vsim.course.jail_mounts import words

ROOT = Path(__file__).resolve().parents[2]
BROKEN = {
    "this kernel has no Landlock": "from vsim.course import jail_landlock as m; m.abi = lambda: 0; ",
    "Landlock's rules of files could not": "from vsim.course import jail_landlock as m; m.restrict = lambda *a: None; ",
    "the filter of calls could not": "from vsim.course import jail_filter as m; m.install = lambda c: None; ",
    "the limit of cpu could not": "from vsim.course import jail_start as m; m._set_limits = lambda c: None; ",
    "giving up capabilities could not": "from vsim.course import jail_start as m; m.bar_capabilities = lambda: None; ",
}


def line(folder: Path, *argv: str) -> list[str]:
    place = Place(folder)
    place.write_people()
    return command("unshare", "user", place, Bounds(wall=60), list(argv), environment(WORK, Path(SCRATCH)))


@pytest.mark.needs("jail_unshare")
@pytest.mark.parametrize("why", BROKEN)
def test_where_a_wall_does_not_stand_no_kernel_is_started(tmp_path: Path, why: str) -> None:
    whole = line(tmp_path, sys.executable, "-I", "-S", "-c", "print('started')")
    at = whole.index(jail_unshare.START)
    whole[at] = jail_unshare.START.replace("from vsim", BROKEN[why] + "from vsim", 1)
    done = subprocess.run(whole, capture_output=True, text=True, timeout=60, check=False, env={}, cwd="/")
    assert why in done.stderr
    assert done.returncode == 125
    assert "started" not in done.stdout


@pytest.mark.needs("jail_unshare")
def test_everything_in_the_jail_ends_with_the_process_that_grades(tmp_path: Path) -> None:
    inside = line(tmp_path, "/bin/sh", "-c", "sleep 765432 & sleep 765432")
    code = f"import subprocess; subprocess.run({inside!r}, start_new_session=True, env={{}}, cwd='/')"
    grading = subprocess.Popen([sys.executable, "-c", code])
    until = time.monotonic() + 30
    while len(processes_of("sleep 765432")) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    assert len(processes_of("sleep 765432")) >= 2
    grading.kill()
    grading.wait()
    until = time.monotonic() + 10
    while processes_of("sleep 765432") and time.monotonic() < until:
        time.sleep(0.05)
    assert processes_of("sleep 765432") == []


@pytest.mark.needs("linux")
def test_the_mounts_of_bubblewrap_are_read_word_for_word_and_no_other(tmp_path: Path) -> None:
    given = mounts(seen(), Place(tmp_path), Bounds())
    read = list(words(given))
    assert [word for name, arguments in read for word in (name, *arguments)] == given
    with pytest.raises(ValueError, match="--bind"):
        list(words(["--bind", "/", "/"]))


@pytest.mark.parametrize("machine", jail_filter.ARCHITECTURES)
def test_every_way_through_a_filter_ends_in_an_answer(machine: str) -> None:
    code = jail_filter.program(machine)
    assert code is not None
    steps = list(struct.iter_unpack("HBBI", code))
    answers = {at for at, (kind, *_) in enumerate(steps) if kind == jail_filter.GIVE}
    for at, (kind, yes, no, _) in enumerate(steps):
        jumps = kind & 0x07 == 0x05
        assert all(place < len(steps) for place in ((at + 1 + yes, at + 1 + no) if jumps else ())), at
    assert len(steps) - 1 in answers
    assert jail_filter.program("riscv64") is None
