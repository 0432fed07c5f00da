"""The policy table: numbers of a row share their digits, columns stay aligned, nothing goes unsaid."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser

import pandas as pd
import pytest
from rich.cells import cell_len
from rich.console import Console

from tests.report.material import by_district, by_group, effects
from vsim.errors import DataError
from vsim.report.policy_table import html_table, page_table, policy_rows, rich_table
from vsim.report.words import Bilingual, speaking


def printed(frame: pd.DataFrame, lang: str, width: int, by: str | None = None) -> list[str]:
    with speaking(lang):
        console = Console(width=width, file=io.StringIO(), force_terminal=False, legacy_windows=False)
        console.print(rich_table(frame, by=by))
        assert isinstance(console.file, io.StringIO)
        return console.file.getvalue().splitlines()


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
@pytest.mark.parametrize("width", [80, 100, 140])
def test_columns_end_at_the_same_cell_although_chinese_is_wide(lang: str, width: int) -> None:
    lines = printed(effects(), lang, width)
    assert max(cell_len(line) for line in lines) <= width
    rows = [line.rstrip() for line in lines if re.search(r"\d\]\s+[\d.]+\s*$", line)]
    assert len(rows) == len(effects())
    assert len({cell_len(row) for row in rows}) == 1  # the error's last digit
    assert len({cell_len(row[: row.index("]")]) for row in rows}) == 1  # the interval's bracket


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_every_number_is_whole_on_a_narrow_terminal(lang: str) -> None:
    text = "\n".join(printed(effects(), lang, 80))
    for row in policy_rows(effects(), ascii_only=True):
        assert f"{row.effect} {row.interval}" in text
        assert row.base in text
        assert row.error in text
    assert "…" not in text


def test_a_row_shows_one_place_for_all_its_numbers() -> None:
    row = policy_rows(effects())[0]
    assert (row.base, row.pilot, row.effect, row.interval) == ("4.21", "4.63", "+0.42", "[0.30, 0.54]")
    assert row.error == "0.055"
    large = policy_rows(effects())[4]
    assert (large.base, large.effect, large.interval) == ("43,834", "+4,500", "[3,200, 5,700]")


def test_an_effect_whose_sign_is_open_is_known_as_such() -> None:
    assert [row.crosses_zero for row in policy_rows(effects())] == [
        False,
        False,
        False,
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "en",
            (
                "spill-over included",
                "95 %",
                "20 replicates",
                "Monte Carlo error: the standard error",
                "minus base",
            ),
        ),
        ("zh_CN", ("含溢出", "95%", "20", "重复", "蒙特卡洛误差：效应的标准误", "减基准世界")),
    ],
)
def test_the_note_says_estimand_level_replicates_and_error(lang: str, words: tuple[str, ...]) -> None:
    text = " ".join(" ".join(printed(effects(), lang, 200)).split())
    assert [word for word in words if word not in text] == []


def test_estimand_and_level_are_read_from_the_table_unless_given() -> None:
    frame = effects().assign(estimand="att", level=0.9)
    assert "where the policy applies" in " ".join(printed(frame, "en", 200))
    assert "90 % interval" in " ".join(printed(frame, "en", 200))
    note = page_table(frame, estimand="spillover", level=0.5).note
    assert note is not None
    assert "does not apply" in note.en
    assert "50 %" in note.en


def test_denominator_and_window_stand_with_the_unit_when_they_are_given() -> None:
    frame = effects().assign(denominator="registered volunteers", window="52 weeks")
    assert policy_rows(frame)[3].unit == "persons; registered volunteers; 52 weeks"


@pytest.mark.parametrize(
    ("frame", "by", "english", "chinese"),
    [
        (by_district(), "district", "District", "区县"),
        (by_group(), "age", "Age", "年龄"),
    ],
)
def test_a_split_table_names_its_parts(frame: pd.DataFrame, by: str, english: str, chinese: str) -> None:
    table = page_table(frame, by=by)
    assert table.head[1] == Bilingual(english, chinese)
    assert len(table.rows) == len(frame)
    assert all(len(row) == len(table.head) for row in table.rows)


class Cells(HTMLParser):
    """Collect the tags of a table."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize(
    ("lang", "code", "word"), [("en", "en", "Base world"), ("zh_CN", "zh-CN", "基准世界")]
)
def test_the_html_table_has_headings_with_scope_and_one_language(lang: str, code: str, word: str) -> None:
    with speaking(lang):
        html = html_table(effects())
    parser = Cells()
    parser.feed(html)
    scopes = [attributes.get("scope") for tag, attributes in parser.tags if tag == "th"]
    assert scopes.count("col") == 7
    assert scopes.count("row") == len(effects())
    assert {attributes["lang"] for _, attributes in parser.tags if "lang" in attributes} == {code}
    assert [tag for tag, _ in parser.tags].count("caption") == 1
    assert word in html


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (effects().drop(columns="se"), "needed se too"),
        (effects().head(0), "0 rows"),
    ],
)
def test_a_table_that_lacks_something_is_refused_in_words(frame: pd.DataFrame, says: str) -> None:
    with pytest.raises(DataError, match=says):
        policy_rows(frame)


def test_markup_in_a_label_is_shown_and_not_obeyed() -> None:
    frame = effects().assign(label="[bold]hours[/bold] <b>")
    assert "[bold]hours[/bold]" in " ".join(printed(frame, "en", 200))
    assert "&lt;b&gt;" in html_table(frame)
