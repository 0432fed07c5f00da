"""Certifying killed twenty times at random moments, as a power cut would: it goes on, and ledger and files agree."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.course.certified import marked_course, page
from tests.course.folders import compiled
from tests.house.repo import ROOT
from vsim.course.badge_keys import public_keys
from vsim.course.certify import FOLDER, PDF, certify, intact
from vsim.course.certify_ledger import register_of
from vsim.course.certify_verify import Trust, verify

pytestmark = pytest.mark.slow
KILLS, PEOPLE = 20, 60
KILLER = """
import os, random, signal, sys, time
from pathlib import Path
from tests.course.certified import page
from vsim.course.certify import certify
from vsim.course.folder import open_course
import vsim.course.standing

course, kills = open_course(Path(sys.argv[1])), int(sys.argv[2])
luck = random.Random(7)
certify(course, page, learners=list(course.learners)[:1], dry_run=True)
began = time.monotonic()
certify(course, page, learners=list(course.learners)[:6])
each = (time.monotonic() - began) / 6
left = 0
for number in range(kills):
    child = os.fork()
    if not child:
        certify(course, page)
        os._exit(0)
    time.sleep(luck.uniform(0, 8) * each)
    os.kill(child, signal.SIGKILL)
    left += os.WIFSIGNALED(os.waitpid(child, 0)[1])
print(left)
"""


def test_killed_at_twenty_random_moments_it_goes_on(tmp_path: Path) -> None:
    names = [f"p{number:02d}" for number in range(PEOPLE)]
    cast = "learner,name\n" + "".join(f"{name},N {name}\n" for name in names)
    course = marked_course(tmp_path, dict.fromkeys(names, 0.8), cast=cast)
    done = subprocess.run([sys.executable, "-c", KILLER, str(course.root), str(KILLS)], cwd=ROOT, env=compiled(),
                          capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) >= KILLS // 2, "too few were killed while at work"
    midway = register_of(course)
    rows = certify(course, page)
    assert {row.status for row in rows} <= {"certified", "restored", "unchanged"}
    held = register_of(course)
    assert [row["learner"] for row in sorted(held.issued.values(), key=lambda row: str(row["learner"]))] == names
    assert {key: held.issued[key]["badge"] for key in midway.issued} == {
        key: row["badge"] for key, row in midway.issued.items()}
    assert sorted(path.name for path in course.place(FOLDER).iterdir()) == sorted(held.issued)
    trust = Trust(public_keys(course))
    for key, row in held.issued.items():
        assert intact(course.place(FOLDER, key), row["files"])
        assert verify(course.place(FOLDER, key, PDF).read_bytes(), trust).says == "valid"
    assert {row.status for row in certify(course, page)} == {"unchanged"}
