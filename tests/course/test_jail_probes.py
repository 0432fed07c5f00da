"""A hostile program in every jail that the machine can run, as root and as an ordinary user: what holds is a table."""

from __future__ import annotations

import json
import os
from functools import cache

import pytest

from tests.course.ordinary import as_user
from vsim.course import jail, jail_probes
from vsim.course.jail import Tier, probed
from vsim.course.jail_probes import Probe, probe

USERS = ("root", "user") if hasattr(os, "geteuid") and os.geteuid() == 0 else ("user",)
PROGRAM = """
import json
from vsim.course.jail_probes import probe
print(json.dumps([[one.name, one.held, one.got] for one in probe("{tier}")]))
"""
WEAK = {"socket-path", "remove-input", "disk", "disk-temporary", "user", "spaces", "left-segment"}
OPEN: dict[tuple[str, str], set[str]] = {
    ("bwrap", "root"): set(), ("bwrap", "user"): {"memory-parent"},     # its first process, which has no more rights
    ("unshare", "root"): set(), ("unshare", "user"): set(),
    ("landlock", "root"): WEAK | {"forks"}, ("landlock", "user"): WEAK,
}
MOST = 200


@cache
def tried(tier: Tier, user: str) -> dict[str, Probe]:
    """Return what each attempt got, from one start of the jail."""
    if user == USERS[0]:
        return {one.name: one for one in probe(tier)}
    done = as_user(PROGRAM.format(tier=tier))
    assert done.returncode == 0, done.stderr[-600:]
    return {name: Probe(name, held, got) for name, held, got in json.loads(done.stdout)}


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("tier", [pytest.param("bwrap", marks=pytest.mark.needs("jail")),
                                  pytest.param("unshare", marks=pytest.mark.needs("jail_unshare"))])
def test_every_wall_of_a_jail_holds_but_those_that_are_known_not_to(tier: Tier, user: str) -> None:
    found = tried(tier, user)
    assert len(found) > 60
    assert {name: one.got[:MOST] for name, one in found.items() if not one.held}.keys() == OPEN[tier, user]
    assert found["read-people"].got == "1"                     # the list of one user that is made for the jail
    assert found["disk"].got == found["disk-temporary"].got == "24"
    assert 20 < int(found["forks"].got) < jail_probes.SMALL.processes
    assert found["kill-all"].held


@pytest.mark.needs("jail_unshare")
@pytest.mark.parametrize("user", USERS)
def test_without_a_jail_landlock_holds_files_network_and_signals_and_not_the_rest(user: str) -> None:
    assert {name for name, one in tried("landlock", user).items() if not one.held} == OPEN["landlock", user]


@pytest.mark.needs("jail")
def test_a_jail_with_its_walls_taken_away_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oracle of the probes: an attempt that is always called held would tell nothing."""
    whole = jail.command

    def weakened(*arguments: object) -> list[str]:
        line = whole(*arguments)                                # type: ignore[arg-type]
        at = line.index("--seccomp")
        line = line[:at] + line[at + 2:]
        line = [word for word in line if word not in ("--unshare-net", "--unshare-ipc")]
        line = [word for word in line if not word.startswith(("--fsize", "--nproc", "--as=", "--nofile"))]
        where = line.index("--remount-ro")
        return [*line[:where], "--bind", "/tmp", "/tmp", *line[where:]]

    monkeypatch.setattr(jail_probes, "command", weakened)      # in the place of the jail's
    found = {one.name for one in probe("bwrap") if not one.held}
    assert {"tcp-host", "udp-host", "socket-abstract", "spaces", "filter", "left-segment", "file-size", "unshare-user",
            "memory", "forks", "files-open", "disk-temporary"} <= found


@pytest.mark.needs("jail", "jail_unshare")
def test_the_stronger_jail_is_taken_where_both_are_there() -> None:
    from vsim.course.jail import require, tier

    assert probed("bwrap").way is not None
    assert tier() == require() == require(least="bwrap") == "bwrap"
