"""Handing out behind a gate: who has not passed the tier before gets nothing, is named, and may be let through."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.course.certified import NEXT, mark, marked_course
from vsim.course import ledger
from vsim.course.gate import gates
from vsim.course.release import release
from vsim.errors import UsageError

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning",
                                                           "ignore::sqlalchemy.exc.SAWarning")]


def test_a_unit_of_a_closed_tier_goes_to_those_only_to_whom_it_is_open(tmp_path: Path) -> None:
    course = marked_course(tmp_path, {"ada": 0.9, "bo": 0.3})
    bank = tmp_path / "bank"
    shutil.copytree(bank / "foundation" / "01-small", bank / "practitioner" / "04-next")
    path = bank / "practitioner" / "04-next" / "assignment.md"
    text = path.read_text(encoding="utf-8").replace("foundation-01-small", NEXT)
    path.write_text(text.replace("tier: foundation", "tier: practitioner"), encoding="utf-8")

    def out() -> list[str]:
        return sorted(found.stem for found in course.place("handouts", NEXT).glob("*.zip"))

    made = release(course, NEXT)
    assert (made.handouts, set(made.closed), out()) == (("ada",), {"bo", "mei"}, ["ada"])
    assert "30 %" in made.closed["bo"]
    mark(course, "bo", 0.8, attempt=2)
    made = release(course, NEXT)
    assert (made.handouts, set(made.closed), out()) == (("bo",), {"mei"}, ["ada", "bo"])
    with pytest.raises(UsageError, match="the reason is"):
        release(course, NEXT, despite=" ")
    assert out() == ["ada", "bo"]
    made = release(course, NEXT, despite="passed elsewhere last year")
    assert (made.handouts, dict(made.closed), out()) == (("mei",), {}, ["ada", "bo", "mei"])
    rows = [row for row in ledger.rows(course.root) if row["kind"] == "waiver"]
    assert [(row["learner"], row["tier"], row["reason"]) for row in rows] == [
        ("mei", "practitioner", "passed elsewhere last year")]
    assert "passed elsewhere last year" in gates(course).of("mei")[1].why
