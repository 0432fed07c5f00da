"""One thing that is wrong with a data package: where, which value, which rule, and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from vsim.i18n import t
from vsim.spec.plain_yaml import one_line


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault of a data package.

    `table` is a table's name or, for faults outside tables, the file's path; `row` counts as a spreadsheet
    does (the header is row 1) and is None for a fault of the whole file.
    """

    table: str
    row: int | None
    column: str
    value: str
    rule: str
    message: str

    def __str__(self) -> str:
        """Return the fault as one line: table, row, column, message."""
        place = self.table if self.row is None else f"{self.table}:{self.row}"
        return f"{place}: {self.message} [{self.rule}]"


def problem(
    rule: str, table: str, value: object = "", column: str = "", row: int | None = None, allowed: str = "",
) -> Problem:
    """Return a fault with the message of its rule in the language in use.

    Parameters
    ----------
    rule : str
        A key of `rules()`.
    table, column, row
        Where it is.
    value : object
        What was found; shown on one line of at most 60 characters.
    allowed : str
        What the dictionary allows, in words.
    """
    shown = one_line(value)
    name = column or table
    message = rules()[rule].format(name=name, value=shown, allowed=allowed)
    return Problem(table, row, column, shown, rule, message)


def rules() -> dict[str, str]:
    """Return every rule with its message, in the language in use."""
    return {**_file_rules(), **_table_rules(), **_cell_rules()}


def _file_rules() -> dict[str, str]:
    return {
        "missing-package": t("{name} is no data package; allowed a folder with datapackage.json. Name it."),
        "descriptor": t("{name} cannot be used ({value}); allowed a Data Package in JSON. Write it again."),
        "schema": t("{name} is described as {value}; allowed what the dictionary says. Write it again."),
        "path": t("{name} points to {value}; allowed a file inside the package. Do not use it."),
        "link": t("{name} is a link; allowed a plain file. Copy the file itself into the package."),
        "missing-file": t("{name} is missing. Copy the whole package again."),
        "unknown-file": t("{name} does not belong to a data package. Move it out of the folder."),
        "unknown-table": t("{name} is in no dictionary; allowed {allowed}. Take it out or add a dictionary."),
        "checksum": t("{name} differs from its checksum ({value}). It was changed or cut; copy it again."),
        "bom-twin": t("{name} differs from its table. Make the copies for spreadsheets again."),
        "truth-leak": t("{value} is truth outside truth/. Take it out before anybody gets the package."),
        "identity-number": t("{name} holds {value}, which looks like an identity number. Take it out."),
        "telephone": t("{name} holds {value}, which looks like a telephone number. Take it out."),
    }


def _table_rules() -> dict[str, str]:
    return {
        "unreadable": t("{name} cannot be read ({value}). Check the file and its permissions."),
        "huge-file": t("{name} has {value} bytes; allowed at most {allowed}. Is it the right file?"),
        "empty-file": t("{name} is empty; allowed a header and rows. Copy it again."),
        "encoding": t("{name} is not UTF-8 ({value}). Save it as UTF-8."),
        "bom": t("{name} begins with a byte-order mark; allowed plain UTF-8. Save it as UTF-8 without BOM."),
        "line-ends": t("{name} has line ends of Windows or old Mac; allowed LF. Save it with LF."),
        "nul": t("{name} holds NUL bytes; allowed text. Is it the right file?"),
        "truncated": t("{name} ends in the middle of a line. It was cut; copy it again."),
        "not-csv": t("{name} is no table in CSV ({value}). Is it the right file?"),
        "row-width": t("the row has {value} cells; allowed {allowed}. Look for a missing or a spare comma."),
        "missing-column": t("column {name} is missing; allowed {allowed}. Put the column back."),
        "extra-column": t("column {value} is in no dictionary; allowed {allowed}. Take it out."),
        "duplicate-column": t("column {name} stands twice. Keep one of the two."),
        "column-order": t("the columns stand in the order {value}; allowed {allowed}. Put them in order."),
        "more": t("{name}: {value} more faults of the same kind."),
    }


def _cell_rules() -> dict[str, str]:
    return {
        "required": t("{name} is empty; allowed a value in every row. Fill it in or take the row out."),
        "type": t("{name} is {value}; allowed {allowed}. Correct it."),
        "date": t("{name} is {value}; allowed a day that exists, as 2026-03-05. Correct it."),
        "leading-zeros": t("{name} is {value}; zeros in front were lost or added. Keep codes as text."),
        "enum": t("{name} is {value}; allowed {allowed}. Correct it."),
        "minimum": t("{name} is {value}; allowed {allowed} or more. Correct it."),
        "maximum": t("{name} is {value}; allowed {allowed} or less. Correct it."),
        "unique": t("{name} is {value} in more than one row; allowed once. Take one out."),
        "primary-key": t("{name} is {value} in more than one row; the key must be unique. Take one out."),
        "foreign-key": t("{name} is {value}, which is not in {allowed}. Correct it or add the row."),
        "huge-cell": t("{name} has a cell of {value} characters; allowed at most {allowed}. Correct it."),
        "control": t("{name} is {value} and holds control characters; allowed printed text. Correct it."),
        "formula": t("{name} is {value}, which a spreadsheet would run as a formula. Correct it."),
    }
