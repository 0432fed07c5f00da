"""Tables of platforms in a data set: dictionaries that follow from the schema, mappings, and numbers of platforms."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from tests.observe.books import platform_of, registers
from vsim.errors import UsageError
from vsim.observe.hub import to_common
from vsim.observe.platform_tables import COMMON, chosen, mappings, native_tables, packed, renumbered
from vsim.observe.platforms import PLATFORMS, Platforms, dictionaries, schemas, split
from vsim.report.package_tables import leaks, package_tables, truth_columns
from vsim.report.package_write import csv_bytes
from vsim.spec.tables import load_tables


@cache
def apart() -> Platforms:
    return split(registers(), platform_of(), seed=1)


def test_every_platform_table_can_be_written_by_its_dictionary() -> None:
    tables, _ = packed(apart(), PLATFORMS)
    for name, frame in tables.items():
        table = package_tables()[name]
        assert csv_bytes(frame, table).count(b"\n") == len(frame) + 1
        assert not frame.duplicated(list(table.primary_key)).any()
        for column in table.columns:
            cells = frame[column.name].dropna()
            assert set(cells) <= set(column.enum or cells), column.name
            assert column.minimum is None or cells.min() >= column.minimum, column.name


def test_native_dictionaries_say_what_the_common_ones_say() -> None:
    for platform, kinds in schemas().items():
        for kind, schema in kinds.items():
            table, common = native_tables()[f"{platform}_{kind}"], dictionaries()[COMMON[kind]]
            for one, how in schema.items():
                mine, theirs = table.column(how["column"]), common.column(one)
                assert (mine.label, mine.description, mine.sensitive) == (
                    theirs.label, theirs.description, theirs.sensitive)
                assert list(mine.enum_labels.values()) == list(theirs.enum_labels.values())
                assert mine.type not in {"integer", "number"} or mine.unit


def test_the_mappings_alone_bring_the_tables_into_the_common_schema() -> None:
    """A reader with the two mapping tables and no vsim gets what the hub gets."""
    tables, _ = packed(apart(), PLATFORMS)
    columns, codes = tables["platform_columns"], tables["platform_codes"]
    common = to_common(apart().tables)
    for kind, name in COMMON.items():
        parts = []
        for platform in PLATFORMS:
            frame, out = tables[f"{platform}_{kind}"], {}
            for row in columns[columns["table_name"] == f"{platform}_{kind}"].itertuples():
                cells = frame[str(row.column_name)]
                own = codes[(codes["table_name"] == row.table_name) & (codes["column_name"] == row.column_name)]
                if len(own):
                    cells = cells.map(own.set_index("code")["common_code"])
                elif isinstance(row.date_format, str):
                    cells = pd.to_datetime(cells, format=row.date_format)
                elif row.per_hour == row.per_hour and row.per_hour is not None:
                    cells = cells / row.per_hour
                out[str(row.common_name)] = cells
            parts.append(pd.DataFrame(out).assign(platform=platform))
        whole = pd.concat(parts).reindex(columns=list(dictionaries()[name].names))
        whole = whole.sort_values(dictionaries()[name].primary_key[0], ignore_index=True)
        for column in whole.columns:
            left, right = whole[column], common[name][column]
            assert ((left == right) | (left.isna() & right.isna())).all(), column


def test_no_number_of_the_one_register_is_left_in_a_table_of_an_office() -> None:
    _, links = packed(apart(), PLATFORMS)
    records = registers()["service_records"]
    office = records[["volunteer_id", "activity_id", "hours"]].drop_duplicates(["volunteer_id", "activity_id"])
    found = renumbered(office, links)
    assert len(found) == len(office)
    back = links.set_index("platform_id")["register_id"]
    assert (found["volunteer_id"].map(back).to_numpy() == office["volunteer_id"].to_numpy()).all()
    assert (found["activity_id"].map(back).to_numpy() == office["activity_id"].to_numpy()).all()
    assert (found["volunteer_id"].str[0] == found["activity_id"].str[0]).mean() > 0.9     # both of one platform
    assert not set(found["volunteer_id"]) & set(registers()["volunteers"]["volunteer_id"])


def test_people_without_an_activity_bear_their_first_account_and_strangers_are_left_out() -> None:
    _, links = packed(apart(), PLATFORMS)
    people = registers()["volunteers"][["volunteer_id"]]
    found = renumbered(pd.concat([people, pd.DataFrame({"volunteer_id": ["V-NOBODY", None]})]), links)
    assert len(found) == len(people) + 1
    accounts = links[links["kind"] == "volunteer"]
    assert set(found["volunteer_id"].dropna()) == set(accounts.groupby("register_id")["platform_id"].min())


def test_some_platforms_can_be_taken_and_an_unknown_one_is_refused() -> None:
    tables, links = packed(apart(), ["platform_c", "platform_a"])
    assert list(tables)[:2] == ["platform_a_volunteers", "platform_a_records"]
    assert set(links["platform"]) == {"platform_a", "platform_c"} == set(tables["platform_columns"]["platform"])
    assert chosen([]) == ()
    with pytest.raises(UsageError, match="Did you mean 'platform_b'"):
        chosen(["platfrom_b"])
    assert set(mappings(PLATFORMS)) == {"platform_columns", "platform_codes"}


def test_all_dictionaries_are_known_once_and_the_registers_stand_first() -> None:
    assert list(package_tables())[: len(load_tables())] == list(load_tables())
    assert {"links_truth", "rollout_truth", "mobile_visits", "platform_b_records"} <= set(package_tables())
    assert {"register_id", "true_hours", "since_week"} <= truth_columns()
    assert leaks(package_tables()["indicators"], ["value", "true_hours"]) == ["true_hours"]
    assert leaks(None, ["value", "district"]) == ["value"]
