"""Three platforms: every record on one of them, own names and codes, no number in common, the truth apart."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from tests.observe.books import platform_of, registers
from vsim.errors import UsageError
from vsim.observe.hub import to_common
from vsim.observe.platforms import PLATFORMS, Platforms, dictionaries, misspelt, schemas, split, swapped
from vsim.spec.cards import load_cards
from vsim.spec.tables import load_tables

pytestmark = pytest.mark.slow

CLEAN = {f"platforms.{name}": 0.0 for name in ("second_account", "copy_elsewhere", "typo", "birth_swap", "sex_missing",
                                               "moved")}
FULL = dict.fromkeys(CLEAN, 1.0)


@cache
def made(seed: int = 1, which: str = "default") -> Platforms:
    cards = {"default": None, "clean": CLEAN, "full": FULL}[which]
    return split(registers(), platform_of(), seed=seed, parameters=cards)


@cache
def common(which: str = "default") -> dict[str, pd.DataFrame]:
    return to_common(made(1, which).tables)


def linked(which: str, kind: str) -> pd.DataFrame:
    """Return the common table of accounts or records beside what the register has of them."""
    truth = made(1, which).links_truth
    own = common(which)[f"platform_{kind}s"]
    key = f"platform_{kind}_id"
    table = registers()["volunteers" if kind == "volunteer" else "service_records"]
    told = own.merge(truth[truth["kind"] == kind], left_on=[key, "platform"], right_on=["platform_id", "platform"])
    return told.merge(table, left_on="register_id", right_on=f"{kind}_id", suffixes=("", "_register"))


def test_every_record_stands_on_exactly_one_platform_and_everybody_on_at_least_one() -> None:
    truth = made().links_truth
    records = registers()["service_records"]["record_id"]
    assert sorted(truth.loc[truth["kind"] == "record", "register_id"]) == sorted(records)
    people = truth[truth["kind"] == "volunteer"]
    assert set(people["register_id"]) == set(registers()["volunteers"]["volunteer_id"])
    assert not people.duplicated(["platform", "register_id"]).any()
    assert people["register_id"].duplicated().any()
    assert truth["platform_id"].is_unique


def test_records_keep_day_hours_and_state_and_belong_to_the_right_account() -> None:
    both = linked("default", "record")
    assert len(both) == len(registers()["service_records"])
    for name in ("date", "recorded_on", "hours", "verify_state"):
        assert (both[name] == both[f"{name}_register"]).all(), name
    truth = made().links_truth.set_index("platform_id")["register_id"]
    assert (both["platform_volunteer_id"].map(truth) == both["volunteer_id"]).all()


def test_a_record_stands_on_the_platform_of_its_organisation() -> None:
    both = linked("clean", "record").merge(registers()["activities"][["activity_id", "org_id"]], on="activity_id")
    home = both["org_id"].map(platform_of()).map(dict(enumerate(PLATFORMS)))
    assert (both["platform"] == home).all()
    assert both.groupby("activity_id")["platform_activity_id"].nunique().max() == 1


def test_second_entries_go_elsewhere_at_the_rate_of_the_card() -> None:
    records = registers()["service_records"].sort_values(["recorded_on", "record_id"])
    again = set(records.loc[records.duplicated(["volunteer_id", "activity_id"]), "record_id"])
    both = linked("full", "record").merge(registers()["activities"][["activity_id", "org_id"]], on="activity_id")
    away = both["platform"] != both["org_id"].map(platform_of()).map(dict(enumerate(PLATFORMS)))
    assert again
    assert set(both.loc[away, "register_id"]) == again


def test_without_errors_every_account_says_what_the_register_says() -> None:
    both = linked("clean", "volunteer")
    for name in ("name", "sex", "birth_year", "district"):
        assert (both[name] == both[f"{name}_register"]).all(), name
    asks = both["platform"] != "platform_c"
    assert (both.loc[asks, "education"] == both.loc[asks, "education_register"]).all()
    assert both.loc[~asks, "education"].isna().all()


def test_with_all_errors_only_the_first_account_is_right() -> None:
    both = linked("full", "volunteer")
    right = both["birth_year"] == both["birth_year_register"]
    assert both.groupby("register_id").size().min() >= 2
    assert (right.groupby(both["register_id"]).sum() == 1).all()
    assert (both["sex"].notna() == right).all()
    assert (both["district"] == both["district_register"]).equals(right)
    assert (both["name"] == both["name_register"])[~right].mean() < 0.05            # a name of two equal characters


def test_errors_come_at_the_rates_of_the_cards() -> None:
    rates = {**CLEAN, "platforms.second_account": 1.0, "platforms.typo": 0.3, "platforms.sex_missing": 0.3}
    people = split(registers(), platform_of(), seed=3, parameters=rates)
    accounts = to_common(people.tables)["platform_volunteers"]
    later = len(accounts) - 400
    assert later >= 400
    missing = accounts["sex"].isna().sum() / later
    assert abs(missing - 0.3) < 4 * np.sqrt(0.21 / later)


def test_the_same_seed_gives_the_same_platforms_whatever_the_order_of_rows() -> None:
    turned = {name: frame.iloc[::-1] for name, frame in registers().items()}
    again = split(turned, platform_of(), seed=1)
    for name, tables in made().tables.items():
        for kind, frame in tables.items():
            pd.testing.assert_frame_equal(frame, again.tables[name][kind])
    pd.testing.assert_frame_equal(made().links_truth, again.links_truth)
    assert not made(2).links_truth.equals(made().links_truth)


def test_platforms_share_no_number_and_betray_no_number_of_the_register() -> None:
    numbers = {name: set(made().tables[name]["volunteers"].iloc[:, 0]) for name in PLATFORMS}
    tails = [{number.partition("-")[2] for number in each} for each in numbers.values()]
    for one, two in ((0, 1), (0, 2), (1, 2)):
        assert len(tails[one] & tails[two]) < 3
    register = {number.partition("-")[2] for number in registers()["volunteers"]["volunteer_id"]}
    assert all(len(tail & register) < 3 for tail in tails)
    for name in PLATFORMS:
        for frame in made().tables[name].values():
            assert frame.iloc[:, 0].is_monotonic_increasing
            text = frame.to_csv()
            assert not any(number in text for number in registers()["volunteers"]["volunteer_id"])
            assert not any(f"{number}," in text for number in registers()["service_records"]["record_id"])


def test_each_platform_has_its_own_names_codes_and_units() -> None:
    for name, tables in made().tables.items():
        for kind, frame in tables.items():
            assert list(frame.columns) == [how["column"] for how in schemas()[name][kind].values()]
    heads = [set(made().tables[name]["volunteers"].columns) for name in PLATFORMS]
    assert heads[0].isdisjoint(heads[1])
    assert set(made().tables["platform_b"]["volunteers"]["性别"].dropna()) == {"女", "男"}
    minutes = made().tables["platform_b"]["records"]["分钟"]
    assert minutes.min() >= 15
    assert (minutes % 15 == 0).all()


def test_schemas_cover_the_common_schema_and_its_codes() -> None:
    for name in PLATFORMS:
        for kind, table in (("volunteers", "platform_volunteers"), ("records", "platform_records")):
            columns = {column.name: column for column in dictionaries()[table].columns}
            schema = schemas()[name][kind]
            absent = set(columns) - set(schema) - {"platform"}
            assert all(not columns[column].required for column in absent)
            for column, how in schema.items():
                if columns[column].enum:
                    assert tuple(how["codes"]) == columns[column].enum
                    assert len(set(how["codes"].values())) == len(how["codes"])


def test_the_dictionaries_describe_what_is_made() -> None:
    tables = dictionaries()
    assert set(tables) == {"platform_volunteers", "platform_records", "hub_conflicts", "links_truth",
                           "platform_columns", "platform_codes"}
    assert not set(tables) & set(load_tables())
    frames = {**common(), "links_truth": made().links_truth}
    for name, frame in frames.items():
        assert tuple(frame.columns) == tables[name].names
        assert not frame.duplicated(list(tables[name].primary_key)).any()
        for column in tables[name].columns:
            cells = frame[column.name].dropna()
            assert len(cells) == len(frame) or not column.required, column.name
            assert set(cells) <= set(column.enum or cells), column.name
            assert column.minimum is None or cells.min() >= column.minimum, column.name
            assert column.maximum is None or cells.max() <= column.maximum, column.name
    for table in tables.values():
        assert table.truth == table.name.endswith("_truth")
        assert [column.name for column in table.columns if column.truth and not table.truth] == []
        for column in table.columns:
            assert len(column.description.split()) >= 3, column.name
            assert column.type not in {"integer", "number"} or column.unit, column.name


def test_every_card_of_errors_stands_in_its_file() -> None:
    assert {key for key in load_cards() if key.startswith("platforms.")} == set(CLEAN)


def test_the_column_platform_of_organisations_is_read() -> None:
    organisations = registers()["organisations"]
    with_column = organisations.assign(platform=platform_of().to_numpy())
    again = split({**registers(), "organisations": with_column}, seed=1)
    pd.testing.assert_frame_equal(again.links_truth, made().links_truth)
    if "platform" not in organisations.columns:
        with pytest.raises(UsageError, match="Give platform_of"):
            split(registers(), seed=1)
    for wrong in (platform_of() + 1, platform_of().iloc[1:], platform_of().map(str)):
        with pytest.raises(UsageError, match="allowed 0, 1 or 2"):
            split(registers(), wrong, seed=1)


def test_registers_without_people_or_records_still_have_platforms() -> None:
    nobody = {**registers(), "service_records": registers()["service_records"].iloc[:0]}
    quiet = split(nobody, platform_of(), seed=1, parameters=CLEAN)
    assert (quiet.links_truth["kind"] == "volunteer").all()
    assert len(quiet.links_truth) == 400
    empty = split({**nobody, "volunteers": registers()["volunteers"].iloc[:0]}, platform_of(), seed=1)
    assert len(empty.links_truth) == 0
    assert all(len(frame) == 0 for frame in to_common(empty.tables).values())


@pytest.mark.parametrize("name", ["张伟", "王丽", "李小明", "欧阳修", "乜", "Anna", "司马相如"])
def test_a_misspelt_name_is_another_name_of_nearly_the_same_length(name: str) -> None:
    for word in (0, 1, 2, 3, 1 << 31, (1 << 31) + 5):
        wrong = misspelt(name, word)
        assert abs(len(wrong) - len(name)) <= 1
        assert wrong != name or len(name) == 1


def test_a_swapped_year_is_another_year_that_a_form_would_take() -> None:
    assert swapped(1978, 2005) == 1987
    assert swapped(1988, 2005) == 1987                       # 88 is the same both ways
    assert swapped(1959, 1990) == 1958                       # 1995 would be a child
    assert all(1900 <= swapped(year, 2010) != year for year in range(1930, 2010))


def test_the_registers_of_a_run_go_the_same_way() -> None:
    from tests.cli.small import town_run
    from vsim.run.record import registers as of_run

    seen = of_run(town_run())
    ids = seen["organisations"]["org_id"]
    platforms = split(seen, pd.Series(np.arange(len(ids)) % 3, index=ids), seed=1)
    records = platforms.links_truth.query("kind == 'record'")["register_id"]
    assert sorted(records) == sorted(seen["service_records"]["record_id"])
