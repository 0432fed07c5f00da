"""What a table's dictionary says: DICTIONARY.md in two languages for people, Table Schema for programs."""

from __future__ import annotations

import gettext
from collections.abc import Collection, Iterable
from datetime import date
from functools import cache
from typing import Any

from vsim.i18n import DOMAIN, FOLDER
from vsim.spec.tables import Column, Table

TABLE_SCHEMA = "https://datapackage.org/profiles/2.0/tableschema.json"


@cache
def _chinese_catalogue() -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, FOLDER, ["zh_CN"], fallback=True)


def chinese(message: str) -> str:
    """Return a message in Chinese whatever the language in use, or as it stands without a translation."""
    return _chinese_catalogue().gettext(message) if message else ""


def english(message: str) -> str:
    """Return a message as it stands; under the name `t` it marks words written in both languages at once."""
    return message


t = english


def both(message: str) -> str:
    """Return a message as "English / Chinese", or once when there is no translation."""
    other = chinese(message)
    return message if other == message else f"{message} / {other}"


def table_schema(table: Table, present: Collection[str]) -> dict[str, Any]:
    """Return the Table Schema (Data Package v2) of a table.

    Parameters
    ----------
    table : Table
    present : collection of str
        Tables of the same package: only keys that point to these are written, since a key cannot leave its
        package.

    Source: https://datapackage.org/standard/table-schema/
    """
    schema: dict[str, Any] = {
        "$schema": TABLE_SCHEMA,
        "fields": [_field(column) for column in table.columns],
        "missingValues": [""],
        "primaryKey": list(table.primary_key),
    }
    keys = []
    for column in table.columns:
        other, _, name = (column.foreign_key or "").partition(".")
        if other in present:
            keys.append({"fields": [column.name], "reference": {"resource": other, "fields": [name]}})
    if keys:
        schema["foreignKeys"] = keys
    return schema


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name, "type": column.type, "title": column.label, "description": column.description,
    }
    if column.type == "date":
        field["format"] = "default"
    if column.type == "boolean":
        field["trueValues"], field["falseValues"] = ["true"], ["false"]
    if column.unit:
        field["unit"] = column.unit
    if column.sensitive:
        field["sensitive"] = True
    if column.enum and column.enum_labels:
        field["categories"] = [{"value": code, "label": column.enum_labels[code]} for code in column.enum]
    constraints = _constraints(column)
    return {**field, "constraints": constraints} if constraints else field


def _constraints(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    if column.required:
        constraints["required"] = True
    if column.unique:
        constraints["unique"] = True
    for name, bound in (("minimum", column.minimum), ("maximum", column.maximum)):
        if bound is not None:
            constraints[name] = bound.isoformat() if isinstance(bound, date) else bound
    if column.enum:
        constraints["enum"] = list(column.enum)
    return constraints


def dictionary_markdown(tables: Iterable[Table], title: str) -> str:
    """Return DICTIONARY.md: every table and column in English and Chinese.

    Parameters
    ----------
    tables : iterable of Table
        In the order in which they are to stand.
    title : str
        Title of the data set in English; "SYNTHETIC 合成数据" stands before it.
    """
    chosen = list(tables)
    lines = [f"# SYNTHETIC 合成数据: {title} - {both(t('Dictionary'))}", ""]
    lines += [f"- [`{table.name}`](#{table.name}) {both(table.title)}" for table in chosen]
    for table in chosen:
        lines += ["", *_table_lines(table)]
    return "\n".join(lines) + "\n"


def _table_lines(table: Table) -> list[str]:
    lines = [f'<a id="{table.name}"></a>', "", f"## {table.name}: {both(table.title)}", ""]
    lines += [table.description, "", *_chinese_line(table.description)]
    lines += [f"- {both(t('Key'))}: {', '.join(f'`{name}`' for name in table.primary_key)}"]
    if table.source:
        lines += [f"- {both(t('Source'))}: {table.source}"]
    heads = (
        t("Column"), t("Label"), t("Type"), t("Unit"), t("Allowed"), t("What it says and how it can err"),
    )
    lines += ["", _row([both(head) for head in heads]), _row(["---"] * len(heads))]
    return lines + [_row(_column_cells(column)) for column in table.columns]


def _chinese_line(message: str) -> list[str]:
    other = chinese(message)
    return [] if other == message else [other, ""]


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _column_cells(column: Column) -> list[str]:
    description = column.description
    other = chinese(description)
    words = description if other == description else f"{description}<br>{other}"
    if column.sensitive:
        words += f"<br>**{both(t('Personal data'))}**"
    return [f"`{column.name}`", both(column.label), both(_types()[column.type]), both(column.unit or ""),
            _allowed(column), words]


def _types() -> dict[str, str]:
    return {
        "string": t("text"), "integer": t("whole number"), "number": t("number"),
        "boolean": t("true or false"), "date": t("date"),
    }


def _allowed(column: Column) -> str:
    parts = [both(t("required"))] if column.required else [both(t("may be empty"))]
    if column.unique:
        parts.append(both(t("unique")))
    for code in column.enum or ():
        label = column.enum_labels.get(code)
        parts.append(f"`{code}` {both(label)}" if label else f"`{code}`")
    if column.minimum is not None or column.maximum is not None:
        low = "" if column.minimum is None else str(column.minimum)
        high = "" if column.maximum is None else str(column.maximum)
        parts.append(f"{low} - {high}" if low and high else (f"≥ {low}" if low else f"≤ {high}"))
    if column.foreign_key:
        parts.append(f"→ `{column.foreign_key}`")
    return "<br>".join(parts)
