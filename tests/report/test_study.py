"""The report of a study: what it tells agrees with the study and the register, in both languages, and asks nobody."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pytest

from tests.cli.small import scenarios, town_run, town_study
from vsim.report import figures, page
from vsim.report import study as report
from vsim.report.index import comparison_words
from vsim.report.study import MAIN, TABLE, clause_lines, comparisons, hours_series, page_of, register_by_district, tell
from vsim.report.words import Bilingual
from vsim.run.record import registers

START, CUT, END = date(2025, 9, 1), date(2025, 9, 29), date(2026, 1, 19)
pytestmark = pytest.mark.slow          # sixteen charts are drawn once
HAN = re.compile(r"[\u4e00-\u9fff]")


@cache
def seen() -> dict[str, pd.DataFrame]:
    return registers(town_run())


@cache
def told() -> report.Told:
    return tell(town_study(), town_run(), seen())


@cache
def html() -> str:
    return page.build(page_of(
        town_study(), told(), question=Bilingual("Does the form work?", "表格可用吗？"),
        title=Bilingual("A ladder", "阶梯"), lead=Bilingual("A small town.", "一个小镇。"), commands=("vsim demo",),
    ))


def test_the_policy_starts_where_the_worlds_part() -> None:
    assert town_study().first_week == 4
    assert town_study().pilot_districts == ("D01", "D02")


def test_the_register_is_read_as_an_agency_would_every_row_counted() -> None:
    """The same by plain loops over the rows, second copies and drafts included."""
    frame = register_by_district(seen(), CUT, END).set_index("district")
    home = dict(zip(seen()["volunteers"]["volunteer_id"], seen()["volunteers"]["district"], strict=True))
    records = seen()["service_records"]
    days = pd.to_datetime(records["date"]).dt.date
    begin = min(days)
    for code in ("D01", "D02", "D03", "D04"):
        for column, low, high in (("before", begin, CUT), ("after", CUT, END)):
            hours = sum(row.hours for row, day in zip(records.itertuples(), days, strict=True)
                        if home[row.volunteer_id] == code and low <= day < high)
            middle = pd.Timestamp(low) + (pd.Timestamp(high) - pd.Timestamp(low)) / 2
            people = sum(row.district == code and pd.Timestamp(row.registered_on) < middle
                         for row in seen()["volunteers"].itertuples())
            assert frame.loc[code, column] == pytest.approx(hours / people / ((high - low).days / 364)), (code, column)


def test_the_comparisons_have_one_row_of_truth_and_three_of_the_register() -> None:
    table = comparisons(town_study(), seen(), CUT)
    assert table["kind"].tolist() == ["truth", "naive", "naive", "naive"]
    truth = town_study().effect(MAIN, "att")
    assert table.loc[0, ["value", "low", "high"]].tolist() == [truth.value, truth.low, truth.high]
    assert set(table["label"]) == {words.en for words in comparison_words().values()}
    frame = register_by_district(seen(), CUT, END)
    pilot = frame["district"].isin(["D01", "D02"])
    change = frame["after"] - frame["before"]
    expected = [change[pilot].mean(), frame.loc[pilot, "after"].mean() - frame.loc[~pilot, "after"].mean(),
                change[pilot].mean() - change[~pilot].mean()]
    assert table["value"][1:].tolist() == pytest.approx(expected)


def test_the_tables_of_the_report_are_the_study() -> None:
    effects = told().effects.set_index("indicator")
    assert list(effects.index) == list(TABLE)
    for key in TABLE:
        estimate = town_study().effect(key, "att")
        assert effects.loc[key, "value"] == pytest.approx(estimate.value, nan_ok=True)
    assert told().policy_start == CUT
    assert told().comparisons.equals(comparisons(town_study(), seen(), CUT))


def test_weekly_hours_of_the_charts_are_those_of_the_run() -> None:
    weekly = town_run().weekly("all")
    series = hours_series(town_run())
    assert series["true"].sum() == weekly["hours"].sum() / 4
    assert series["recorded"].sum() == (weekly["recorded_hours"] + weekly["copied_hours"]).sum() / 4
    assert series["verified"].sum() == weekly["verified_hours"].sum() / 4
    assert series["date"].iloc[0] == pd.Timestamp(START)


def test_hours_of_a_year_have_one_number_for_each_registered_volunteer() -> None:
    hours = report.yearly_hours(town_run())
    assert hours.size == len(seen()["volunteers"])
    assert hours.sum() == town_run().weekly("all")["hours"].sum() / 4      # twenty weeks lie inside one year
    assert (hours >= 0).all()


def test_clauses_of_the_report_are_what_the_pilot_adds() -> None:
    lines = clause_lines(town_study().base, town_study().pilot)
    text = repr(lines)
    assert "VII.3.b" in text
    assert "VII.3.c" not in text                   # points run in both worlds
    assert all(HAN.search(repr(line)) for line in lines)


def test_the_page_of_a_small_study_builds_in_both_languages_and_asks_nobody() -> None:
    text = html()
    assert not re.findall(r"""(?:src|href|action|data-src)\s*=\s*["']?\s*(?:https?:)?//""", text)
    assert not re.findall(r"url\(\s*[\"']?(?:https?:)?//", text)
    assert "@import" not in text
    visible = re.sub(r"<(style|script)\b.*?</\1>", " ", text, flags=re.DOTALL)
    for lang, words in (("en", "True effect"), ("zh", "真实效应")):
        assert f'lang="{lang}' in visible
        assert words in visible
    for scenario in scenarios():
        assert scenario.hash[:12] in visible


def test_the_page_says_no_number_that_does_not_exist() -> None:
    """Twenty weeks know no yearly share: the row says so in words, and no "nan" is left anywhere."""
    visible = re.sub(r"<[^>]*>", " ", re.sub(r"<(style|script|svg)\b.*?</\1>", " ", html(), flags=re.DOTALL))
    assert np.isnan(told().effects.set_index("indicator").loc["served_share_year", "value"])
    assert not re.search(r"\b(nan|inf|None)\b", visible)


def test_every_chart_is_drawn_in_both_languages_and_both_forms() -> None:
    assert set(told().charts) == {"worlds", "effect", "indicators", "groups", "map", "beside", "register", "spread"}
    for name, chart in told().charts.items():
        for lang in ("en", "zh_CN"):
            assert chart.get(lang, "wide") is not None, name


def test_charts_are_saved_in_both_languages(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("charts")
    monkeypatch.setattr(figures, "save", lambda _figure, path: path)      # the drawing itself is tested elsewhere
    paths = report.save_charts(told(), folder)
    assert [path.name for path in paths] == [f"{name}.{lang}.png" for name in told().charts for lang in ("en", "zh_CN")]
