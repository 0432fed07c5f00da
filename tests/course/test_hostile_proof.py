"""Evidence of the slow lane about hostile submissions: it is there, it is not stale, and nobody gained or was lost."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from tests.course.hostile import CATALOGUE, HONEST

ROOT = Path(__file__).resolve().parents[2]
PROOF = ROOT / "proofs" / "hostile-submissions.json"
REFRESH = "python -m pytest -m prove tests/course/test_hostile.py"
TESTS = ("broken", "hostile", "stock", "test_hostile")
LINKS = (
    "answers", "archives", "chain", "claims", "cleaning", "collecting", "desk", "execute", "grader", "grading",
    "grading_pool", "intake", "jail", "jail_call", "jail_command", "jail_filter", "jail_landlock", "jail_mounts",
    "jail_start", "jail_unshare", "jail_view", "kernel_cell", "kernel_enter", "kernel_fork", "kernel_launch",
    "kernel_line", "kernel_main", "kernel_outputs", "kernel_provisioner", "kernel_watch", "kernel_zygote", "ledger",
    "ledger_index", "loose", "marking", "marks", "parcels", "payload", "rebuild", "replies", "seats", "tasks",
)


def depends_on() -> str:
    """Return the hash of all files that the comparison depends on: the chain of marking, the unit, the catalogue."""
    unit = ROOT / "curriculum" / "foundation" / "01-registers-and-rates"
    files = [*(ROOT / "vsim" / "course" / f"{name}.py" for name in LINKS),
             *(ROOT / "tests" / "course" / f"{name}.py" for name in TESTS), unit / "assignment.md", unit / "checks.py"]
    sums = [f"{path.relative_to(ROOT).as_posix()} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in files]
    return hashlib.sha256("\n".join(sums).encode()).hexdigest()


def proof() -> dict[str, Any]:
    assert PROOF.is_file(), f"{PROOF.name} is missing: run `{REFRESH}`"
    found: dict[str, Any] = json.loads(PROOF.read_text(encoding="utf-8"))
    return found


def test_the_evidence_is_not_stale() -> None:
    assert proof()["depends_on"] == depends_on(), f"proofs/{PROOF.name} is stale: run `{REFRESH}`"


def test_every_submission_of_the_catalogue_is_in_the_evidence() -> None:
    assert set(proof()["submissions"]) == {one.name for one in (*CATALOGUE, *HONEST)}


def test_vsim_graded_all_that_could_be_taken_and_nobody_gained_or_lost() -> None:
    for one in (*CATALOGUE, *HONEST):
        row = proof()["submissions"][one.name]
        assert row["vsim"]["state"] == ("marked" if one.points is not None else one.status), one.name
        assert row["vsim"]["points"] == row["deserved"] == sum(one.points or (0.0,)), one.name


def test_stock_nbgrader_was_given_the_same_and_marks_honest_learners_alike() -> None:
    found = proof()["submissions"]
    assert {name for name, row in found.items() if row["stock"]} == {
        one.name for one in (*CATALOGUE, *HONEST) if one.stock}
    for name in ("honest-model", "honest-blank"):
        assert found[name]["stock"]["points"] == found[name]["vsim"]["points"]
