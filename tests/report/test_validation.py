"""The validation report: every target listed once, the share a count, misses printed, the folder written whole."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from vsim.errors import DataError, UsageError
from vsim.report.figures_validation import beside_ranges, shown
from vsim.report.style import use_style
from vsim.report.validation import DATA, PAGE, Validation, as_data, write_report
from vsim.report.validation_table import summary_line
from vsim.run.validate import Check, presets, targets_of
from vsim.spec.targets import load_targets, target

MISSED = {"E1": 0.65, "B9": 0.16}


@cache
def report() -> Validation:
    """Return a report that cost nothing: every simulated value is the published one, but for two misses."""
    checks = {}
    for preset in presets():
        found = []
        for item in targets_of(preset):
            value = MISSED.get(item.id, item.value if item.value is not None else 0.5)
            found.append(Check(item, value, 0.01, value - 0.02, value + 0.02, 3))
        checks[preset] = found
    return Validation(checks, 3, 1)


def test_every_row_of_the_list_stands_once_with_a_value_or_a_reason() -> None:
    rows = as_data(report())["rows"]
    names = [row["target"] for row in rows if not row["target"].endswith("*")]
    assert sorted(names) == sorted(load_targets())
    assert all((row["simulated"] is None) == bool(row["reason"]) for row in rows)


def test_the_share_is_the_count_of_its_rows() -> None:
    data = as_data(report())
    ranged = [row for row in data["rows"] if row["simulated"] is not None and row["low"] is not None]
    inside = [row for row in ranged if row["low"] <= row["simulated"] <= row["high"]]
    assert (data["inside"], data["ranged"]) == (len(inside), len(ranged))
    assert data["share_inside"] == len(inside) / len(ranged)
    assert {row["target"] for row in ranged} - {row["target"] for row in inside} == set(MISSED)
    assert data["core_missed"] == ["E1"]
    assert f"{len(inside)} of {len(ranged)}" in summary_line(report())


def test_numbers_have_the_digits_that_their_error_allows() -> None:
    words = shown(Check(target("E1"), 0.6531, 0.0084, 0.63, 0.68, 5), ascii_only=True)
    assert (words.published, words.range, words.simulated, words.miss) == (
        "0.85", "0.83 to 0.87", "0.6531 (0.0084)", "8.8",
    )
    assert shown(Check(target("F2a"), 0.29, 0.0, 0.29, 0.29, 1)).miss == ""


def test_a_chart_shows_what_has_a_range_and_says_so() -> None:
    with use_style("en"):
        chart = beside_ranges("cn_mobilised", report().checks["cn_mobilised"])
        assert "10 of 11" in chart.alt
        with pytest.raises(DataError, match="campus has 0 targets"):
            beside_ranges("campus", report().checks["campus"])


@pytest.mark.slow
def test_the_report_is_written_whole_in_both_languages_and_not_over_another(tmp_path: Path) -> None:
    part = Validation({name: report().checks[name] for name in ("cn_mobilised", "campus")}, 3, 1)
    folder = write_report(part, tmp_path / "validation")
    assert {path.name for path in folder.iterdir()} == {PAGE, DATA, "cn_mobilised.en.png", "cn_mobilised.zh_CN.png"}
    page = (folder / PAGE).read_text(encoding="utf-8")
    assert all(f">{name}<" in page or f"{name}</" in page for name in load_targets())
    assert json.loads((folder / DATA).read_text(encoding="utf-8"))["listed"] == len(load_targets())
    with pytest.raises(UsageError, match="exists already"):
        write_report(part, folder)
    write_report(part, folder, force=True)
