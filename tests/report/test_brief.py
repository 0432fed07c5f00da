"""The folder of a brief: everything in it comes from the store, reads in both languages, and can be traced."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from tests.cli.small import PILOT, TOWN
from vsim.errors import DataError, UsageError
from vsim.report import brief_print
from vsim.report.brief import check_folder
from vsim.report.brief_files import package_files, read_question, scenario_yaml
from vsim.report.brief_trace import rows, trace
from vsim.report.brief_view import Brief, Shown, Words, open_brief
from vsim.report.brief_words import NAMES
from vsim.report.figures_chart import Chart
from vsim.report.package_folder import write_files
from vsim.report.words import speaking
from vsim.run.question import Question, run_all, store_of
from vsim.run.question_answer import answer
from vsim.spec.scenario import load_scenario, scenario_names

LANGUAGES = ("en", "zh_CN")
CHARTS = ("indicators", "weeks", "groups", "seen", "worth", "drivers")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("brief")
    for name, text in (("town", TOWN), ("town_pilot", PILOT)):
        (place / f"{name}.yaml").write_text(text, encoding="utf-8")
    question = Question(load_scenario(place / "town.yaml"), load_scenario(place / "town_pilot.yaml"), replicates=3,
                        tries=1, seed=2)
    out = place / "out"
    run_all(question.sweeps(out, jobs=1))
    found = answer(question, store_of(out))
    write_files(out, package_files(found, found.tables, 1.0))
    return out


@pytest.fixture
def brief(made: Path) -> Brief:
    return open_brief(made)


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "copy"
    shutil.copytree(made, place)
    yield place
    shutil.rmtree(place)


@pytest.mark.slow
def test_every_number_is_traced_to_runs_and_comes_out_the_same(made: Path) -> None:
    question, store = read_question(made), store_of(made)
    names = rows(made)
    assert len(names) > 60
    for name in (names[0], "costs/yuan", "seen/did", "drivers/as it is"):
        found = trace(question, made, store, name)
        assert found["same"]
        assert found["keys"]
        assert all((made / "runs" / key).is_dir() for key in found["keys"])
    assert trace(question, made, store, "costs/hours", again=True)["again"]["same"]


@pytest.mark.slow
def test_a_number_that_somebody_changed_is_found_out(copy: Path) -> None:
    path = copy / "data" / "costs.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame.loc[frame["row"] == "hours", "value"] = "99"
    frame.to_csv(path, index=False)
    question = read_question(copy)
    assert not trace(question, copy, store_of(copy), "costs/hours")["same"]
    assert trace(question, copy, store_of(copy), "costs/yuan")["same"]
    with pytest.raises(UsageError, match="Did you mean 'costs/hours'"):
        trace(question, copy, store_of(copy), "costs/hour")


@pytest.mark.slow
def test_a_run_that_is_gone_is_named(copy: Path) -> None:
    key = trace(read_question(copy), copy, store_of(copy), "costs/yuan")["keys"][0]
    shutil.rmtree(copy / "runs" / key)
    with pytest.raises(DataError, match=key[:12]):
        trace(read_question(copy), copy, store_of(copy), "costs/yuan")


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_part_is_shown_in_one_language(brief: Brief, lang: str) -> None:
    with speaking(lang):
        tables = [brief.effects(), brief.scores(), brief.made(), brief.sets(),
                  *(brief.table(name) for name in ("costs", "recorded", "spread"))]
        words = [brief.say(name) for name in ("question", "answer", "register", "recorded", "price", "drivers")]
        charts = [brief.figure(name) for name in CHARTS]
    assert all(isinstance(table, Shown) and table.rows for table in tables)
    assert all(isinstance(chart, Chart) and chart.lang == lang and len(chart.alt) > 40 for chart in charts)
    texts = [word.text for word in words]
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in text) == (lang == "zh_CN") for text in texts[1:])
    heads = [head for table in tables if isinstance(table, Shown) for head in table.heads]
    if lang == "zh_CN":
        assert all(any("\u4e00" <= letter <= "\u9fff" for letter in head) for head in heads)
    assert "nan" not in " ".join(texts)


@pytest.mark.slow
def test_the_sentence_is_the_number_of_the_table(brief: Brief) -> None:
    with speaking("en"):
        text, table = brief.say("answer").text, brief.effects()
        assert isinstance(table, Shown)
    main = next(row for row in table.rows if row[0] == "True hours per registered volunteer")
    assert main[4] in text
    assert main[5] in text
    settled = brief.main["low"] > 0 or brief.main["high"] < 0
    assert ("The sign is settled" in text) == settled


@pytest.mark.slow
def test_the_data_package_says_what_every_column_is(made: Path) -> None:
    told = json.loads((made / "datapackage.json").read_text(encoding="utf-8"))
    for resource in told["resources"]:
        frame = pd.read_csv(made / resource["path"])
        fields = resource["schema"]["fields"]
        assert [field["name"] for field in fields] == list(frame.columns)
        assert all(field["description"] != field["name"] for field in fields)
        assert frame["row"].is_unique
    assert "identifiers" in (made / "CITATION.cff").read_text(encoding="utf-8")
    for line in (made / "SHA256SUMS").read_text().splitlines():
        import hashlib

        total, path = line.split("  ")
        assert hashlib.sha256((made / path).read_bytes()).hexdigest() == total


@pytest.mark.parametrize("name", scenario_names())
def test_a_scenario_is_written_as_one_file_with_the_same_hash(name: str, tmp_path: Path) -> None:
    scenario = load_scenario(name)
    (tmp_path / "one.yaml").write_bytes(scenario_yaml(scenario))
    assert load_scenario(tmp_path / "one.yaml").hash == scenario.hash


@pytest.mark.slow
def test_a_question_that_was_changed_or_broken_is_refused(copy: Path, tmp_path: Path) -> None:
    told = json.loads((copy / "question.json").read_text(encoding="utf-8"))
    (copy / "question.json").write_text(json.dumps({**told, "model_version": "0.0"}), encoding="utf-8")
    with pytest.raises(DataError, match="Make the brief again"):
        read_question(copy)
    (copy / "question.json").write_text('{"outcome": ', encoding="utf-8")
    with pytest.raises(DataError, match="cannot be read"):
        read_question(copy)
    with pytest.raises(UsageError, match="holds no brief"):
        read_question(tmp_path)
    with pytest.raises(UsageError, match="holds no brief"):
        open_brief(tmp_path)
    with pytest.raises(UsageError, match="holds no brief"):
        rows(tmp_path)


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(UsageError, match=r"holds thesis\.txt and no brief"):
        check_folder(tmp_path, force=False)
    check_folder(tmp_path, force=True)
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="is a file"):
        check_folder(tmp_path / "file", force=False)
    (tmp_path / "new" / "runs").mkdir(parents=True)
    check_folder(tmp_path / "new", force=False)


def test_without_a_browser_printing_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brief_print, "browser", lambda: None)
    with pytest.raises(UsageError, match="Chromium, Chrome or Edge"):
        brief_print.print_pdf(tmp_path / "page.html", tmp_path / "page.pdf")


@pytest.mark.slow
def test_a_part_that_a_question_has_not_is_said(brief: Brief, copy: Path) -> None:
    shutil.rmtree(copy / "data")
    (copy / "data").mkdir()
    shutil.copy(brief.folder / "data" / "effects.csv", copy / "data")
    with speaking("en"):
        bare = open_brief(copy)
        assert isinstance(bare.figure("seen"), Words)
        assert isinstance(bare.table("costs"), Words)
        assert "a register allows no comparison" in bare.say("register").text
        assert "--tries 0" in bare.say("drivers").text
    with pytest.raises(UsageError, match="is no table"):
        bare.frame("cost")
    with pytest.raises(UsageError, match="is no chart"):
        bare.figure("pie")
    assert set(NAMES) >= {"truth", "did", "price", "gini", "range"}
