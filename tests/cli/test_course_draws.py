"""vsim course check --seeds: the spread of a unit's cities, told and as JSON; exit 1 where a truth can be copied."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.small import vsim
from tests.course.small_course import CHECKS, ID, unit_folder
from vsim.course.unit import DRAWS


def test_the_spread_is_told_in_both_languages_and_as_json(tmp_path: Path) -> None:
    unit = unit_folder(tmp_path)
    said = vsim("course", "check", unit, "--seeds", "4", "-C", tmp_path)
    assert said.code == 0
    assert f"4 cities of {ID}" in said.out
    assert "at most" in said.err
    assert "的 4 个城市" in vsim("course", "check", unit, "--seeds", "4", "-C", tmp_path, "--lang", "zh_CN", "-q").out
    found = json.loads(vsim("course", "check", unit, "--seeds", "4", "-C", tmp_path, "--json").out)
    assert (found["unit"], found["seeds"], len(found["redraws"]), found["unfair"]) == (ID, 4, 4, 0)


def test_cities_that_are_all_alike_or_never_fair_are_a_problem(tmp_path: Path) -> None:
    alike = unit_folder(tmp_path / "a", checks=CHECKS.replace("20 + seed % 977", "30"))
    assert vsim("course", "check", alike, "--seeds", "2", "-C", tmp_path, "-q").code == 1
    never = unit_folder(tmp_path / "b", checks=CHECKS.replace("< 25", "< 10_000"))
    said = vsim("course", "check", never, "--seeds", "2", "-C", tmp_path)
    assert said.code == 1
    assert f"Learners without a fair city after {DRAWS} draws: 2." in " ".join(said.err.split())
