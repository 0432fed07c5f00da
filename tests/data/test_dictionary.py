"""DICTIONARY.md and the schema say what the dictionaries say, in both languages."""

from __future__ import annotations

import re

import pytest

from vsim.i18n import set_language
from vsim.report.dictionary import both, chinese, dictionary_markdown, table_schema
from vsim.report.package_problem import rules
from vsim.spec.tables import load_tables

TABLES = load_tables()
HAN = re.compile("[一-鿿]")
SAME = {"h", "km", "km²"}               # units that are written alike in both languages


def words() -> set[str]:
    """Return every word of the dictionaries that a person reads."""
    found = {text for table in TABLES.values() for text in (table.title, table.label, table.description)}
    for table in TABLES.values():
        for column in table.columns:
            found |= {column.label, column.description, column.unit or "", *column.enum_labels.values()}
    return found - {""} - SAME


def test_every_word_of_the_dictionaries_has_chinese() -> None:
    assert sorted(word for word in words() if not HAN.search(chinese(word))) == []


def test_every_message_about_a_fault_has_chinese() -> None:
    set_language("en")
    english = rules()
    assert sorted(message for message in english.values() if not HAN.search(chinese(message))) == []
    for message in english.values():
        assert re.findall(r"\{\w+\}", message).sort() == re.findall(r"\{\w+\}", chinese(message)).sort()


@pytest.mark.parametrize("name", TABLES)
def test_the_schema_names_keys_only_inside_the_package(name: str) -> None:
    table = TABLES[name]
    alone = table_schema(table, {name})
    whole = table_schema(table, set(TABLES))
    assert "foreignKeys" not in alone
    keys = {key["fields"][0]: key["reference"] for key in whole.get("foreignKeys", [])}
    assert set(keys) == {column.name for column in table.columns if column.foreign_key}
    for column in table.columns:
        if column.foreign_key:
            other, _, field = column.foreign_key.partition(".")
            assert keys[column.name] == {"resource": other, "fields": [field]}
    assert alone["primaryKey"] == list(table.primary_key)


def test_the_written_dictionary_holds_every_column_label_and_code() -> None:
    text = dictionary_markdown(TABLES.values(), "Everything")
    for table in TABLES.values():
        assert f"## {table.name}: {both(table.title)}" in text
        for column in table.columns:
            assert f"| `{column.name}` | {both(column.label)} |" in text
            assert all(f"`{code}`" in text for code in column.enum or ())
    widths = {len(re.findall(r"(?<!\\)\|", line)) for line in text.splitlines() if line.startswith("|")}
    assert widths == {7}


def test_the_written_dictionary_does_not_depend_on_the_language_in_use() -> None:
    try:
        texts = set()
        for language in ("en", "zh_CN"):
            set_language(language)
            texts.add(dictionary_markdown(TABLES.values(), "Everything"))
    finally:
        set_language(None)
    assert len(texts) == 1
