"""Table dictionaries: every column described once, keys that lead somewhere, truth kept apart."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from vsim.errors import UsageError
from vsim.spec.loading import parse_yaml
from vsim.spec.tables import Table, load_tables, read_table

GOOD = """name: visits
title: Visits
label: Visits
description: One row a visit.
primary_key: [visit_id]
truth: false
columns:
  visit_id: {label: Visit, type: string, description: Number., required: true, unique: true}
  hours: {label: Hours, type: number, description: Length., unit: h, minimum: 0, maximum: 24}
  day: {label: Day, type: date, description: Day., minimum: 2020-01-01}
  kind: {label: Kind, type: string, description: Kind., enum: [a, b], enum_labels: {a: One, b: Two}}
"""


def table(text: str = GOOD) -> Table:
    return read_table(parse_yaml(text, Path("visits.yaml")))


def test_a_table_keeps_its_columns_in_order() -> None:
    assert table().names == ("visit_id", "hours", "day", "kind")
    assert table().primary_key == ("visit_id",)
    hours = table().column("hours")
    assert (hours.type, hours.unit, hours.minimum, hours.maximum, hours.required) == ("number", "h", 0, 24, False)
    assert table().column("kind").enum == ("a", "b")
    assert table().column("kind").enum_labels == {"a": "One", "b": "Two"}
    assert table().column("visit_id").unique


def test_an_unknown_column_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"table visits: has no column 'hour'.*Did you mean 'hours'\?"):
        table().column("hour")


@pytest.mark.parametrize(("old", "new", "words"), [
    ("title: Visits\n", "", "has no title"),
    ("name: visits", "name: other", "visits.yaml:1: name is other; allowed visits"),
    ("primary_key: [visit_id]", "primary_key: [id]", "primary_key is ['id']"),
    ("primary_key: [visit_id]", "primary_key: []", "primary_key is []"),
    ("truth: false", "true: false", "true is an unknown key"),
    ("type: number", "type: float", "columns.hours.type is float; allowed string, integer, number, boolean, date"),
    ("minimum: 0", "minimum: low", "columns.hours.minimum is low"),
    ("minimum: 0", "minimum: 30", "columns.hours.maximum is 24, below minimum 30"),
    ("minimum: 2020-01-01", "minimum: 2020", "columns.day.minimum is 2020"),
    ("enum: [a, b]", "enum: [a, a]", "columns.kind.enum is ['a', 'a']"),
    ("enum: [a, b]", "enum: []", "columns.kind.enum is []"),
    ("enum_labels: {a: One, b: Two}", "enum_labels: {a: One}", "columns.kind.enum_labels does not match enum"),
    ("label: Hours, ", "", "columns.hours has no label"),
    ("unit: h", "units: h", "columns.hours.units is an unknown key"),
])
def test_an_incomplete_dictionary_is_refused(old: str, new: str, words: str) -> None:
    assert old in GOOD
    with pytest.raises(UsageError) as error:
        table(GOOD.replace(old, new))
    assert words in str(error.value)
    assert str(error.value).startswith("visits.yaml")


def test_keys_between_tables_lead_to_a_unique_column() -> None:
    tables = load_tables()
    assert tables
    for each in tables.values():
        for column in each.columns:
            if column.foreign_key:
                name, _, target = column.foreign_key.partition(".")
                assert tables[name].column(target).unique or tables[name].primary_key == (target,)
                assert tables[name].column(target).type == column.type


def test_a_truth_table_is_marked_as_such_and_an_appearance_holds_no_truth() -> None:
    tables = load_tables()
    assert {name for name, each in tables.items() if each.truth} == {n for n in tables if n.endswith("_truth")}
    for each in tables.values():
        assert any(column.truth for column in each.columns) == each.truth, each.name


def test_names_are_plain_and_every_number_has_a_unit() -> None:
    for each in load_tables().values():
        for column in each.columns:
            assert re.fullmatch(r"[a-z][a-z0-9_]*", column.name), column.name
            if column.type == "number":
                assert column.unit, f"{each.name}.{column.name}"


def test_the_tables_of_the_data_set_are_there() -> None:
    assert {"volunteers", "organisations", "stations", "activities", "service_records", "training_records",
            "star_awards", "points_ledger", "people_truth", "service_truth", "effects_truth"} <= set(load_tables())
