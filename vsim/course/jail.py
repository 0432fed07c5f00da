"""Whether student code can be locked up on this machine, and how well.

There are two jails. "bwrap": bubblewrap makes file systems, network and processes of its own. "unshare": where it is
not installed, util-linux makes the same name spaces and a program of ours does the rest, with Landlock (`jail_start`).
In both, student code has another user (when a trainer is root) or a user name space (for anybody else), no rights,
limits and a filter of calls. `probed` tries the very command that a notebook gets, once in a process, and believes
nothing else. `tier` is the strongest that works.

Where there is no jail, student code is the trainer's own process: `require` refuses that unless it is asked for by
name. Then "landlock" sets what rules a process can set for itself, and "none" only limits. The tier is noted in the
report of every run.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from vsim.course import jail_unshare
from vsim.course.jail_command import SCRATCH, TOOLS, WORK, Bounds, Place, bwrap, environment, found
from vsim.course.jail_filter import handed, program
from vsim.course.jail_view import View, view
from vsim.errors import UsageError
from vsim.i18n import t

Tier = Literal["bwrap", "unshare", "landlock", "none"]
Way = Literal["root", "user"]
Least = Literal["any", "bwrap"]
JAILS: tuple[Tier, ...] = ("bwrap", "unshare")           # the stronger one first
NEEDS: dict[Tier, tuple[str, ...]] = {"bwrap": TOOLS, "unshare": jail_unshare.TOOLS,
                                       "landlock": ("setpriv", "timeout")}
PROBE = "import os, sys; sys.exit(0 if os.getpid() > 1 and not os.path.exists('/sys/class') else 1)"
PATIENCE = 20            # seconds for one probe, on a busy machine too


@dataclass(frozen=True, slots=True)
class Probed:
    """What a try of a jail gave: the way in that works, or why none does."""

    way: Way | None
    why: str


@cache
def seen() -> View:
    """Return what a jail shows of this machine; worked out once in a process."""
    return view()


def command(
    tier: Tier, way: Way, place: Place, bounds: Bounds, argv: Sequence[str], inside: Mapping[str, str],
    calls: int | None = None,
) -> list[str]:
    """Return the whole command of a jail of a tier; for "landlock" that of a kernel in folders of the place.

    Parameters
    ----------
    tier : {"bwrap", "unshare", "landlock"}
    way : {"root", "user"}
        As whom; "landlock" knows no difference.
    place : Place
    bounds : Bounds
    argv : sequence of str
        What runs inside.
    inside : mapping
        All that is set inside.
    calls : int, optional
        An open file with the filter of calls, which bubblewrap wants handed in; the others make their own.
    """
    if tier == "bwrap":
        return bwrap(way, seen(), place, bounds, argv, inside, calls=calls)
    if tier == "unshare":
        return jail_unshare.unshare(way, seen(), place, bounds, argv, inside)
    folders = [place.folder / name for name in ("work", "scratch")]
    return jail_unshare.closed(seen(), place, bounds, argv, inside, work=folders[0], write=folders)


@contextmanager
def filter_file(tier: Tier) -> Iterator[int | None]:
    """Open the filter of calls for a jail that wants it handed in; None where there is none for this machine."""
    code = program(platform.machine()) if tier == "bwrap" else None
    if code is None:
        yield None
        return
    file = handed(code)
    try:
        yield file
    finally:
        os.close(file)


def _try(tier: Tier, way: Way) -> str:
    """Return "" when a Python starts in the jail, else what was said instead."""
    with tempfile.TemporaryDirectory(prefix="vsim-") as folder, filter_file(tier) as calls:
        place = Place(Path(folder))
        place.write_people()
        for name in ("work", "scratch"):
            (place.folder / name).mkdir()
        code = PROBE if tier in JAILS else "pass"
        tried = command(tier, way, place, Bounds(wall=PATIENCE), [sys.executable, "-I", "-S", "-c", code],
                        environment(WORK, Path(SCRATCH)), calls)
        try:
            done = subprocess.run(
                tried, stdin=subprocess.DEVNULL, capture_output=True, timeout=2 * PATIENCE, env={}, check=False,
                start_new_session=True, cwd="/", pass_fds=[] if calls is None else [calls],
            )
        except (OSError, subprocess.SubprocessError) as error:
            return str(error)
    words = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return "" if done.returncode == 0 else (words[-1] if words else f"exit code {done.returncode}")


@cache
def probed(tier: Tier = "bwrap") -> Probed:
    """Try a jail, as root first where the user is root, and return the way that works."""
    if platform.system() != "Linux":
        return Probed(None, f"the jail is for Linux, this is {platform.system()}")
    lacking = [name for name in NEEDS[tier] if found(name) is None]
    if lacking:
        return Probed(None, f"{' and '.join(lacking)} not found")
    ways: tuple[Way, ...] = ("root", "user") if os.geteuid() == 0 and tier in JAILS else ("user",)
    why = ""
    for way in ways:
        why = _try(tier, way)
        if not why:
            return Probed(way, "")
    return Probed(None, f"{'bubblewrap' if tier == 'bwrap' else tier} does not start here: {why}")


def tier() -> Tier:
    """Return the strongest jail that student code can be put into here, or "none"; each is tried once in a process."""
    return next((one for one in JAILS if probed(one).way), "none")


def weak_tier() -> Tier:
    """Return the best that there is without a jail: "landlock" or "none"."""
    return "landlock" if probed("landlock").way else "none"


def weak_warning() -> str:
    """Return what a trainer has to know who lets student code run without a jail."""
    plain = t(
        "No jail: student code runs with your own rights. It can read other submissions and the course folder, change"
        " files and use the network. Grade in this way only what you have read, or on a machine that holds nothing"
        " else."
    )
    if weak_tier() == "none":
        return plain
    return t(
        "No jail: student code runs as a process of yours. Landlock keeps files, network and signals from it as far as"
        " this system knows how, but it can fill the disk and, where you are root, start any number of processes. Grade"
        " in this way only on a machine that can stand that."
    )


def remark(tier: str) -> str:
    """Return what a trainer is told of a mark whose notebook did not run in the strongest jail; "" where it did."""
    words = {"unshare": t("jail without bubblewrap"), "landlock": t("no jail, only Landlock"), "none": t("no jail")}
    return words.get(tier, "")


def named(name: str) -> Tier:
    """Return the tier of a name, or of "weak" the best that there is without a jail; refuse what is not there.

    Raises
    ------
    UsageError
        When the tier does not work on this machine.
    """
    if name in ("none", "weak"):
        return "none" if name == "none" else weak_tier()
    wanted = next((one for one in NEEDS if one == name), None)
    if wanted is None or probed(wanted).way is None or (tier() == "none" and wanted in JAILS):
        why = probed(wanted).why if wanted else f"allowed {', '.join(NEEDS)}"
        raise UsageError(
            f"jail: '{name}' does not work here ({why}); allowed auto for the strongest that does. Install it, or pass"
            " --allow-weak."
        )
    return wanted


def require(allow_weak: bool = False, least: Least = "any") -> Tier:
    """Return the tier in which student code will run, or refuse.

    Parameters
    ----------
    allow_weak : bool
        Run without a jail where there is none; the caller shows `weak_warning`.
    least : {"any", "bwrap"}
        The least that a course demands (`jail` in course.yaml); `allow_weak` does not undo it.

    Raises
    ------
    UsageError
        Where there is no jail and `allow_weak` is not given, or not the one that is demanded.
    """
    best = tier()
    advice = (
        "install bubblewrap 0.8 or newer (Debian, Ubuntu: apt-get install bubblewrap)"
        if platform.system() == "Linux" else "grade on Linux (on Windows: in WSL)"
    )
    if least == "bwrap" and best != "bwrap":
        raise UsageError(
            f"jail: the course demands bubblewrap ({probed().why}), here is {best}; allowed bwrap. {advice[0].upper()}"
            f"{advice[1:]}, or write `jail: any` into course.yaml."
        )
    if best in JAILS:
        return best
    if allow_weak:
        return weak_tier()
    whys = " ; ".join(dict.fromkeys(probed(one).why for one in JAILS))
    raise UsageError(
        f"jail: student code cannot be locked up here ({whys}); {advice},"
        " or pass --allow-weak to run it with your own rights."
    )
