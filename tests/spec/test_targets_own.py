"""Targets of one's own: what a file may say, in which encodings, and every way in which it is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from vsim.errors import UsageError
from vsim.spec.targets_own import read_aims

UNITS = {"hours_per_record": "h", "active_share_year": "share", "gini_participations": "Gini, 0 to 1"}
HEAD = "name,value,sd,unit,source\n"
ROW = "hours_per_record,3.1,0.1,h,宁波 2022\n"


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "targets.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_file_is_read_in_the_encodings_that_a_spreadsheet_writes(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    (aim,) = read_aims(written(tmp_path, (HEAD + ROW).replace(",", separator), encoding), UNITS)
    assert (aim.name, aim.value, aim.sd, aim.unit, aim.source) == ("hours_per_record", 3.1, 0.1, "h", "宁波 2022")
    assert (aim.weight, aim.row) == (1.0, 2)


def test_an_interval_stands_for_a_standard_error_and_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    text = ("source,weight,name,low,high,sd,value,unit\r\nA,0,active_share_year,0.2,0.4,,0.3,Share\r\n"
            ",,,,,,,\r\nB,2,hours_per_record,,,0.5,3,h\r\n")
    one, other = read_aims(written(tmp_path, text), UNITS)
    assert one.sd == pytest.approx(0.2 / 3.919928)
    assert (one.weight, one.unit, other.weight, other.sd, other.row) == (0.0, "share", 2.0, 0.5, 4)


@pytest.mark.parametrize(("text", "said"), [
    ("", "is empty"),
    ("\n\n", "is empty"),
    (HEAD, "holds no target"),
    ("name,value,sd,unit\n", "row 1: column 'source' is missing"),
    ("name,value,unit,source\n", "row 1: column 'sd' is missing"),
    ("name,value,low,unit,source\n", "row 1: column 'sd' is missing"),
    ("name,valeu,sd,unit,source\n", "column 'valeu' is unknown"),
    ("name,valeu,sd,unit,source\n", "Did you mean 'value'"),
    ("name,value,sd,unit,source,sd\n", "column 'sd' stands twice"),
    (HEAD + "hours_per_recrd,3,0.1,h,A\n", "row 2, column name: is 'hours_per_recrd'"),
    (HEAD + "hours_per_recrd,3,0.1,h,A\n", "Did you mean 'hours_per_record'"),
    (HEAD + "hours_per_record,3,0.1,minutes,A\n", "column unit: is 'minutes'; allowed 'h'"),
    (HEAD + "hours_per_record,three,0.1,h,A\n", "row 2, column value: is 'three'"),
    (HEAD + "hours_per_record,NaN,0.1,h,A\n", "column value: is 'NaN'; allowed a finite number"),
    (HEAD + "hours_per_record,inf,0.1,h,A\n", "column value: is 'inf'"),
    (HEAD + "hours_per_record,,0.1,h,A\n", "column value: is empty"),
    (HEAD + "hours_per_record,3,,h,A\n", "column sd: is empty"),
    (HEAD + "hours_per_record,3,nan,h,A\n", "column sd: is 'nan'"),
    (HEAD + "hours_per_record,3,-0.1,h,A\n", "column sd: is -0.1; allowed above 0"),
    (HEAD + "hours_per_record,3,0,h,A\n", "column sd: is 0; allowed above 0"),
    (HEAD + "hours_per_record,3,0.1,h,\n", "column source: is empty"),
    (HEAD + ROW + "active_share_year,1,1,share,A\n" + ROW, "row 4, column name: 'hours_per_record' stands in row 2"),
    (HEAD + "hours_per_record,3,0.1,h,A, B\n", "row 2: has 6 fields; allowed 5"),
    (HEAD + 'hours_per_record,3,0.1,h,"A\n', "is not valid CSV"),
    ("name,value,low,high,unit,source\nhours_per_record,3,4,5,h,A\n", "column low: is 4 with high 5"),
    ("name,value,low,high,unit,source\nhours_per_record,3,3,3,h,A\n", "column low: is 3 with high 3"),
    ("name,value,low,high,unit,source\nhours_per_record,3,2,,h,A\n", "column low: is given by low"),
    ("name,value,sd,low,high,unit,source\nhours_per_record,3,1,2,4,h,A\n", "column sd: is given by sd, low, high"),
    ("name,value,sd,unit,source,weight\nhours_per_record,3,1,h,A,-1\n", "column weight: is -1"),
    ("name,value,sd,unit,source,weight\nhours_per_record,3,1,h,A,0\n", "column weight: is 0 in every row"),
])
def test_what_is_wrong_is_refused_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_aims(written(tmp_path, text), UNITS)
    assert said in str(caught.value)
    assert "targets.csv" in str(caught.value)


@pytest.mark.parametrize("raw", [
    (HEAD + ROW).encode("utf-16"),
    (HEAD + ROW).encode() + b"\xff\xff",
    (HEAD + ROW).encode() + b"\0",
])
def test_what_is_no_text_is_refused(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "targets.csv"
    path.write_bytes(raw)
    with pytest.raises(UsageError, match=r"targets\.csv.*(is not UTF-8 or GB18030 text|holds binary data)"):
        read_aims(path, UNITS)


def test_no_file_is_no_targets(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        read_aims(tmp_path / "none.csv", UNITS)
