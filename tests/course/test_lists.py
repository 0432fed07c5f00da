"""Lists from spreadsheet programs: where the columns are named, what a cell means, what is no list."""

from __future__ import annotations

from pathlib import Path

import pytest

from vsim.course.lists import LONGEST, MOST_ROWS, list_bytes, plain, read_grid, table_of
from vsim.errors import UsageError

NAMES = {"learner": ("学号", "student id"), "name": ("姓名",)}


@pytest.mark.parametrize(("cell", "text"), [
    ("  a\u3000 b\t", "a b"), ('="007"', "007"), ('=""', ''), ("a\r\nb", "a b"), ("\u202eabc", "abc"), ("=1+1", "=1+1"),
])
def test_a_cell_is_one_plain_line(cell: str, text: str) -> None:
    assert plain(cell) == text


@pytest.mark.parametrize("separator", [",", ";", "\t", "，"])
def test_the_names_of_columns_are_found_below_a_title_whatever_separates_them(tmp_path: Path, separator: str) -> None:
    rows = [["第一期学员名单", "", ""], ["", "", ""], ["ＳＴＵＤＥＮＴ  ＩＤ *", "电话", "姓名："],
            ["007", "1", '"李\n明"'], ["8"]]
    path = tmp_path / "l.csv"
    path.write_text("\n".join(separator.join(row) for row in rows), encoding="utf-8")
    table = table_of(read_grid(path), "l.csv", NAMES, ["learner"])
    assert (table.head, table.columns, table.passed) == (3, {"learner": 0, "name": 2}, ("电话",))
    assert table.rows == [(4, {"learner": "007", "name": "李 明"}), (6, {"learner": "8", "name": ""})]


def test_a_list_without_names_of_columns_is_told_what_it_has_and_what_is_allowed(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"^l\.csv:2: the columns are lerner, name; allowed learner "
                                         r"\(学号, student id\)\. Did you mean 'learner'\?"):
        table_of([(1, [""]), (2, ["lerner", "name"]), (3, ["1", "x"])], "l.csv", NAMES, ["learner"])


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    path.write_text("learner\n" + "x\n" * MOST_ROWS, encoding="utf-8")
    with pytest.raises(UsageError, match="more than 20,000 lines"):
        read_grid(path)
    path.write_text("learner\n" + "x" * (LONGEST + 1), encoding="utf-8")
    with pytest.raises(UsageError, match=r"l\.csv:2: has a cell of more than 20,000 characters"):
        read_grid(path)
    path.write_bytes(b"learner\n\xff\xff\x80\n")
    with pytest.raises(UsageError, match=r"l\.csv:2: is not UTF-8 or GB18030 text"):
        read_grid(path)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    rows = [["learner", "name"], ["007", '李, "明"; x']]
    (tmp_path / "l.csv").write_bytes(list_bytes(rows))
    assert [row for _, row in read_grid(tmp_path / "l.csv")] == rows
