"""What a handout may hold: tables of an agency and its offices, never the truth; and they come back as given."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from vsim.course.handout import check_tables, read_tables, table_bytes
from vsim.errors import DataError

VENUES = pd.DataFrame({
    "week": [3, 7], "date": pd.to_datetime(["2025-01-27", "2025-02-24"]).astype("datetime64[s]"),
    "district": ["D01"] * 2, "station_id": ["S0014"] * 2,
    "kind": ["museum"] * 2, "has_station": [True, False], "guides": [0, 2]})


def test_a_table_of_an_office_is_handed_out_and_comes_back_in_its_types(tmp_path: Path) -> None:
    check_tables({"venues": VENUES})
    (tmp_path / "venues.csv").write_bytes(table_bytes(VENUES))
    pd.testing.assert_frame_equal(read_tables(tmp_path)["venues"], VENUES, check_dtype=False)


@pytest.mark.parametrize(("name", "column"), [
    ("people_truth", "exited"), ("ratings_truth", "true_stars"), ("no_such_table", "stars"),
    ("venues", "true_new_guides"),
])
def test_the_truth_and_what_no_dictionary_knows_stay_with_the_trainer(name: str, column: str) -> None:
    with pytest.raises(DataError, match="not for learners"):
        check_tables({name: pd.DataFrame({column: [1]})})
