"""vsim indicators: the catalogue, one card, and values on a folder, a run and a large run, in both languages."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.cli.small import town_run, vsim, write_town
from vsim.report.build import write_run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The registers of a run with its truth apart."""
    return write_run(town_run(), tmp_path_factory.mktemp("kpi") / "town")


def test_the_catalogue_is_listed_in_both_languages() -> None:
    english, chinese = vsim("indicators", "list"), vsim("indicators", "list", "--lang", "zh_CN")
    assert (english.code, english.err) == (0, "")
    assert "fill_rate" in english.out
    assert "places taken" in english.out
    assert "名额报满率" in chinese.out
    rows = json.loads(vsim("indicators", "list", "--json").out)
    assert {row["number"] for row in rows} == set(range(1, 54))
    assert all(row["clause"] and row["source"] for row in rows)
    assert len(json.loads(vsim("indicators", "list", "--number", "11", "--json").out)) == 3


def test_a_card_says_what_it_needs_or_what_answers_it() -> None:
    said = vsim("indicators", "show", "fill_rate")
    for word in ("Formula: places taken / places offered", "Tables: activities, attendance", "people_needed", "V.2.b4"):
        assert word in " ".join(said.out.split())
    assert "vsim.evaluate.bunching" in vsim("indicators", "show", "star_bunching").out
    wrong = vsim("indicators", "show", "fil_rate")
    assert (wrong.code, wrong.out) == (2, "")
    assert "Did you mean 'fill_rate'" in wrong.err


@pytest.mark.slow
def test_a_folder_is_read_and_told_beside_its_truth(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "values.csv"
    said = vsim("indicators", "compute", folder, "--truth", "--json", "--quiet", "--out", out)
    assert (said.code, said.err) == (0, "")
    rows = {row["key"]: row for row in json.loads(said.out)}
    active = rows["active_rate"]
    assert active["numerator"] / active["denominator"] == pytest.approx(active["value"])
    assert active["error"] == pytest.approx(active["value"] - active["true"])
    assert active["true"] > active["value"]               # some service is never recorded
    assert rows["star_share"]["true"] is None
    assert rows["hours_inflation"]["value"] > 0
    assert pd.read_csv(out)["key"].tolist() == list(rows)
    again = vsim("indicators", "compute", folder, "--out", out)
    assert (again.code, "exists already" in again.err) == (2, True)


def test_groups_periods_and_windows(folder: Path) -> None:
    said = vsim("indicators", "compute", folder, "--keys", "star_share,active_rate", "--by", "district", "--json")
    rows = json.loads(said.out)
    assert [row["district"] for row in rows if row["key"] == "star_share"] == ["D01", "D02", "D03", "D04"]
    shown = vsim("indicators", "compute", folder, "--keys", "active_rate", "--period", "month", "--lang", "zh_CN")
    assert "2025-09-01" in shown.out
    assert "活跃率" in shown.out
    one = json.loads(vsim("indicators", "compute", folder, "--keys", "active_rate", "--from", "2025-09-01", "--until",
                          "2025-09-29", "--json").out)[0]
    month = json.loads(vsim("indicators", "compute", folder, "--keys", "active_rate", "--period", "month",
                            "--json").out)[0]
    assert (one["value"], one["denominator"]) == (month["value"], month["denominator"])


@pytest.mark.slow
def test_a_scenario_is_run_with_its_offices(tmp_path: Path) -> None:
    town, _ = write_town(tmp_path)
    rows = {row["key"]: row for row in json.loads(vsim("indicators", "compute", town, "--json").out)}
    assert rows["fill_rate"]["denominator"] > 0
    assert rows["turnover"]["value"] is not None


@pytest.mark.slow
def test_a_large_run_is_read_without_being_loaded(tmp_path: Path) -> None:
    from tests.engine_worlds import town as lively
    from vsim.run.nation import run_nation

    run_nation(lively(), tmp_path / "run", seed=1, records="all")
    told = json.loads(vsim("indicators", "compute", tmp_path / "run", "--json").out)
    loaded = json.loads(vsim("indicators", "compute", tmp_path / "run", "--keys", "no_show,fill_rate", "--from",
                             "2001-01-01", "--json").out)
    values = {row["key"]: row["value"] for row in told}
    assert {row["key"]: row["value"] for row in loaded} == {key: values[key] for key in ("no_show", "fill_rate")}


@pytest.mark.parametrize(("words", "said"), [
    (("--keys", ","), "--keys is empty"), (("--from", "spring"), "--from is 'spring'"),
    (("--period", "decade"), "period is 'decade'"), (("--level", "95"), "level is 95"),
])
def test_what_makes_no_sense_is_refused(folder: Path, words: tuple[str, ...], said: str) -> None:
    found = vsim("indicators", "compute", folder, *words)
    assert found.code == 2
    assert said in found.err


def test_a_folder_without_tables_is_refused(tmp_path: Path) -> None:
    assert "holds no table" in vsim("indicators", "compute", tmp_path).err
    (tmp_path / "volunteers.csv").write_bytes(b"")
    rows = json.loads(vsim("indicators", "compute", tmp_path, "--keys", "star_share", "--json").out)
    assert rows[0]["value"] is None
    assert "cannot be read as a table" in rows[0]["reason"]
