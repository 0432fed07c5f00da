"""Tables and files of a large run: few bytes, sorted once, described, and readable by others."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from tests.engine_worlds import levers, shown, town
from tests.run.test_nation import DISTRICTS, made
from vsim.errors import UsageError
from vsim.rng import Stream, draw
from vsim.run import nation_tables
from vsim.run.nation import read
from vsim.run.nation_files import MEANING, arrow_table, dictionaries, write_table
from vsim.run.nation_people import all_given, name_numbers
from vsim.run.nation_tables import _in_order, small
from vsim.world.names import person_names, surnames

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables") / "run"
    made(folder, town(residents=2100, districts=DISTRICTS, policies=(*levers(), shown("time_bank", 0, 2))))
    return folder


def test_every_column_of_every_table_is_in_its_dictionary_and_the_other_way_round(whole: Path) -> None:
    told = json.loads((whole / MEANING).read_text(encoding="utf-8"))
    for name, table in dictionaries().items():
        frame = read(whole, name)
        assert len(frame) > 0, f"no rows of {name}: the test tells nothing"
        assert list(frame) == list(table.names) == list(told[name]["columns"])
        kinds = {column: "string" if str(kind) == "category" else "integer" for column, kind in frame.dtypes.items()}
        assert kinds == {column.name: column.type for column in table.columns}
        assert not frame.isna().any().any()
        assert not frame.duplicated(list(table.primary_key)).any(), f"{table.primary_key} is no key of {name}"
    assert set(dictionaries()) == {path.parent.name for path in whole.glob("*/*.parquet")}


def test_keys_to_other_tables_meet_there(whole: Path) -> None:
    keys = [(table.name, column) for table in dictionaries().values() for column in table.columns if column.foreign_key]
    assert keys
    for name, column in keys:
        target, _, where = str(column.foreign_key).partition(".")
        assert set(read(whole, name)[column.name]) <= set(read(whole, target)[where])


def test_books_balance_in_the_files(whole: Path) -> None:
    """The balance of every entry is the one before it and what was booked, and never below the limit."""
    for name, amount in (("points", "points"), ("credits", "quarter_hours")):
        book = read(whole, name).sort_values(["volunteer", "week"], kind="stable")
        before = book.groupby("volunteer")["balance"].shift()
        steps = book["balance"] - before
        known = before.notna()
        assert (steps[known] == book[amount][known]).all(), name
        assert known.sum() > 20
    assert read(whole, "points")["balance"].min() >= 0


def test_a_wide_service_takes_at_most_three_bytes(tmp_path: Path) -> None:
    """Sizes as in a county of the nation: 90,000 residents, 350 tasks a week, services of about one in a hundred."""
    rng = np.random.default_rng(3)
    parts = []
    for district in range(4):
        per_week = 1200
        rows = np.zeros((52 * per_week, 8), dtype=np.int32)
        rows[:, 0] = np.repeat(np.arange(52), per_week)
        rows[:, 1] = rng.integers(0, 90_000, len(rows))
        rows[:, 2] = rows[:, 0] * 350 + rng.integers(0, 350, len(rows))
        came = rng.random(len(rows)) < 0.75
        rows[:, 3] = np.where(came, np.clip(np.exp(rng.normal(2.4, 0.45, len(rows))), 2, 48), 0)
        rows[:, 6] = came * 65
        unit = _Unit(_District(district, district * 90_000))
        number = np.tile(np.arange(350, dtype=np.int32), 52)
        parts.append(nation_tables.service_tables(unit, _in_order(rows), number)["services"])     # type: ignore[arg-type]
    size = write_table(arrow_table(parts), tmp_path / "services" / "batch-0000.parquet")
    assert size / (4 * 52 * 1200) <= 3.0


class _District:
    def __init__(self, index: int, first_id: int) -> None:
        self.index, self.first_id = index, first_id


class _Unit:
    def __init__(self, district: _District) -> None:
        self.district = district


@pytest.mark.parametrize("few", [0, 1 << 30])
@pytest.mark.parametrize("people", [3, 700, 90_000, 30_000_000])
def test_rows_are_sorted_by_week_then_up_and_down_and_else_as_born(
    monkeypatch: pytest.MonkeyPatch, few: int, people: int
) -> None:
    monkeypatch.setattr(nation_tables, "FEW", few)
    rng = np.random.default_rng(people)
    week = np.sort(rng.choice([0, 1, 2, 5, 6, 9], 5000)).astype(np.int32)
    rows = np.stack([week, rng.integers(0, people, 5000), np.arange(5000)], axis=1).astype(np.int32)
    turned = np.where(rows[:, 0] % 2, -rows[:, 1], rows[:, 1])
    assert (_in_order(rows) == rows[np.lexsort((rows[:, 2], turned, rows[:, 0]))]).all()
    assert _in_order(rows[:0]).shape == (0, 3)
    assert (_in_order(rows[:1]) == rows[:1]).all()


def test_names_are_those_of_the_registers_without_the_famous(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = np.arange(60_000, dtype=np.uint32)
    first, second, third, _ = draw((3, 4), Stream.NAME, ids)
    first[:20_000] = first[0]
    second[::7] |= np.uint32(0xFFFF)                  # at the ends of the parts of the guide
    first[::11] &= np.uint32(0xFFFF0000)
    female = third % 2 == 1
    family, given = name_numbers(first, second, female)
    mine = [surnames()[0][a] + all_given()[b] for a, b in zip(family.tolist(), given.tolist(), strict=True)]
    assert mine == person_names(np.stack([first, second], axis=1), female)


def test_a_number_too_large_for_its_column_is_an_error_and_not_another_number(tmp_path: Path) -> None:
    with pytest.raises(OverflowError, match="holds 1 to 40000, which int16 cannot"):
        small(np.array([1, 40_000]), np.int16)
    with pytest.raises(OverflowError, match="holds -129"):
        small(np.array([-129, 3]), np.int8)
    assert small(np.array([], dtype=np.int64), np.int8).size == 0
    assert write_table(arrow_table([{"hours": np.array([], dtype=np.int16)}]), tmp_path / "a" / "b.parquet") > 0


def test_encodings_are_those_that_others_read(whole: Path) -> None:
    """Standard encodings of Parquet 2, no logical type but whole numbers and text, nothing that may be missing."""
    allowed = {"PLAIN", "RLE", "RLE_DICTIONARY", "DELTA_BINARY_PACKED", "BYTE_STREAM_SPLIT"}
    for path in whole.glob("*/*.parquet"):
        file = pq.ParquetFile(path)
        for group in range(file.metadata.num_row_groups):
            for place in range(file.metadata.num_columns):
                column = file.metadata.row_group(group).column(place)
                assert set(column.encodings) <= allowed, (path, column.path_in_schema)
                assert column.compression == "ZSTD"
        assert all(file.schema.column(k).max_definition_level == 0 for k in range(len(file.schema)))


def test_reading_a_table_that_is_not_there_names_the_others(whole: Path) -> None:
    with pytest.raises(UsageError, match=r"has no table 'service'; allowed credits, .* Did you mean 'services'"):
        read(whole, "service")
    assert list(read(whole, "services", ["week", "hours"])) == ["week", "hours"]
    assert isinstance(pd.read_parquet(whole / "services"), pd.DataFrame)
