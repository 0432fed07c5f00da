"""vsim course init, roster and calendar: from a list to a folder with people and dates, in both languages."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.small import vsim
from vsim.course.folder import open_course


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tmp_path = tmp_path_factory.mktemp("made")
    (tmp_path / "list.csv").write_text("学号,姓名,手机\n0012,李明,1\n0013,[red]Ann,2\n", encoding="gb18030")
    said = vsim("course", "init", tmp_path / "c", "--learners", tmp_path / "list.csv", "--cohort", "First",
                "--starts", "2099-01-05", "--tier", "foundation")
    assert (said.code, said.out) == (0, "")
    assert "list.csv: passed over 手机" in said.err
    return tmp_path / "c"


@pytest.fixture
def course(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "c"))


def test_init_writes_people_settings_and_a_proposal_of_dates(course: Path) -> None:
    made = open_course(course)
    assert (made.settings.tier, made.settings.cohort, list(made.learners)) == ("foundation", "First", ["0012", "0013"])
    lines = (course / "calendar.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[:2] == ["unit,due", "foundation-01-registers-and-rates,2099-01-12 18:00"]
    assert {"calendar.html", "calendar.ics", "extensions.csv"} <= {path.name for path in course.iterdir()}


@pytest.mark.parametrize(("words", "told"), [
    (("--tier", "fundation"), "--tier is 'fundation'; allowed foundation, practitioner, leader. Did you mean"),
    (("--starts", "monday"), "--starts: due is 'monday'; allowed a date"),
    (("--cohort", "x" * 81), "cohort is"),
    (("--learners", "none.xlsx"), "none.xlsx: no such file"),
])
def test_a_wrong_option_leaves_no_folder(tmp_path: Path, words: tuple[str, str], told: str) -> None:
    said = vsim("course", "init", tmp_path / "c", *words)
    assert said.code == 2
    assert told in said.err
    assert not (tmp_path / "c").exists()


def test_init_says_what_is_in_the_past_and_takes_the_language_of_the_call(tmp_path: Path) -> None:
    assert "began in the past" in vsim("course", "init", tmp_path / "a", "--starts", "2020-01-06").err
    said = vsim("course", "init", tmp_path / "b", "--tier", "leader", "--lang", "zh_CN")
    assert said.code == 0
    made = open_course(tmp_path / "b")
    assert (made.settings.tier, made.settings.language) == ("leader", "zh_CN")


def test_the_roster_is_shown_looked_at_and_changed(course: Path, tmp_path: Path) -> None:
    shown = vsim("course", "roster", "-C", course)
    assert "0012" in shown.out
    assert "[red]Ann" in shown.out
    rows = json.loads(vsim("course", "roster", "-C", course, "--json").out)
    assert [row["learner"] for row in rows] == ["0012", "0013"]
    (tmp_path / "new.csv").write_text("id,name\n0012,李明\n0014,Bo\n0013,Ann\n", encoding="utf-8")
    (course / "submitted" / "0012" / "u").mkdir(parents=True)
    before = (course / "learners.csv").read_bytes()
    dry = vsim("course", "roster", tmp_path / "new.csv", "-C", course, "--dry-run")
    assert (dry.code, "1 added, 1 changed, 0 gone, 1 unchanged." in dry.out) == (0, True)
    assert "Nothing was written." in dry.err
    assert (course / "learners.csv").read_bytes() == before
    (tmp_path / "new.csv").write_text("id\n0014\n", encoding="utf-8")
    told = json.loads(vsim("course", "roster", tmp_path / "new.csv", "-C", course, "--json").out)
    assert told["gone"] == [{"learner": "0012", "work": True, "removed": False},
                            {"learner": "0013", "work": False, "removed": False}]
    assert list(open_course(course).learners) == ["0014", "0012", "0013"]
    removed = vsim("course", "roster", tmp_path / "new.csv", "-C", course, "--remove", "--lang", "zh_CN")
    assert "作业保留" in removed.out
    assert list(open_course(course).learners) == ["0014"]
    assert (course / "submitted" / "0012" / "u").is_dir()


def test_a_wrong_list_is_one_line_and_exit_code_2(course: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("id\na b\n", encoding="utf-8")
    said = vsim("course", "roster", tmp_path / "bad.csv", "-C", course, "--json")
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert "bad.csv:2: learner id is 'a b'" in said.err


def test_the_calendar_is_shown_and_what_nobody_knows_is_told(course: Path) -> None:
    (course / "calendar.csv").write_text("unit,due\nfoundation-99-x,2026-12-01\n", encoding="utf-8")
    (course / "extensions.csv").write_text("learner,unit,due\nzed,foundation-99-x,2026-12-09\n", encoding="utf-8")
    said = vsim("course", "calendar", "-C", course)
    assert (said.code, "2026-12-01 23:59" in said.out) == (0, True)
    assert "calendar.csv names foundation-99-x" in " ".join(said.err.split())
    assert "extensions.csv names zed" in said.err
    found = json.loads(vsim("course", "calendar", "-C", course, "--json").out)
    assert found["units"][0]["due"] == "2026-12-01T23:59:00+08:00"
    assert found["extensions"][0]["learner"] == "zed"
