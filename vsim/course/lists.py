"""Lists that people keep in spreadsheet programs, read from CSV: any usual encoding, separator and name of a column.

A list is a grid of texts with the number of each row; somewhere near its top stands the row that names the columns.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from vsim.course.claims import folded
from vsim.errors import UsageError, did_you_mean, listing
from vsim.spec.loading import UTF8, read_text, shown
from vsim.spec.plain_yaml import one_line

LARGEST = 5_000_000                 # bytes of a CSV file: a hundred for each of fifty thousand people
MOST_ROWS = 20_000
LONGEST = 20_000                    # characters of one cell; the limit of `csv` itself is set anew by other libraries
HIGHEST = 10                        # rows in which the names of the columns are looked for
SEPARATORS = ("\t", ";", ",", "，")
UTF16 = (b"\xff\xfe", b"\xfe\xff")
MARK = b"\xef\xbb\xbf"              # spreadsheet programs on Windows know UTF-8 by it

Grid = list[tuple[int, list[str]]]  # number of the row, and its cells
Names = Mapping[str, Sequence[str]]  # what each column may be called; the first is the one that messages name


@dataclass(frozen=True, slots=True)
class Table:
    """A list whose columns are known.

    Attributes
    ----------
    where : str
        The file, for messages.
    head : int
        Number of the row that names the columns.
    columns : dict of str to int
        Place of each column that is understood.
    rows : list of (int, dict of str to str)
        Number of each row that holds anything, and its cells by column.
    passed : tuple of str
        Columns that nothing is known of.
    """

    where: str
    head: int
    columns: dict[str, int]
    rows: list[tuple[int, dict[str, str]]]
    passed: tuple[str, ...] = ()


def read_grid(path: Path) -> Grid:
    """Return the cells of a CSV file: UTF-8 with or without mark, GB18030, or UTF-16 with mark.

    Raises
    ------
    UsageError
        When the file is missing, too large, no text or no CSV.
    """
    sixteen = False
    with suppress(OSError):                                                 # read_text says what is wrong with it
        if path.is_file():
            with path.open("rb") as stream:
                sixteen = stream.read(2) in UTF16
    text = read_text(path, LARGEST, ("utf-16",) if sixteen else (UTF8, "gb18030"))
    top = next((line for line in text.splitlines() if any(sign in line for sign in SEPARATORS)), "")
    separator = next((sign for sign in SEPARATORS if sign in top), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    grid: Grid = []
    number = 1
    try:
        for row in reader:
            if any(len(cell) > LONGEST for cell in row):
                raise UsageError(f"{shown(path)}:{number}: has a cell of more than {LONGEST:,} characters. "
                                 "Is a quotation mark left open?")
            grid.append((number, [plain(cell) for cell in row]))
            number = reader.line_num + 1
            if len(grid) > MOST_ROWS:
                raise UsageError(f"{shown(path)}: has more than {MOST_ROWS:,} lines. Is it the right file?")
    except csv.Error as error:
        raise UsageError(f"{shown(path)}:{number}: is not valid CSV ({one_line(str(error))}). Save it anew.") from None
    return grid


def plain(cell: str) -> str:
    r"""Return the text of a cell without blanks around it, line breaks in it, or the trick that keeps leading zeros.

    >>> plain(' Li\n Ming '), plain('="0012"')
    ('Li Ming', '0012')
    """
    text = " ".join("".join(letter if letter.isprintable() else " " for letter in cell).split())
    return text[2:-1] if len(text) > 2 and text.startswith('="') and text.endswith('"') else text


def table_of(grid: Grid, where: str, names: Names, needed: Iterable[str]) -> Table:
    """Return a grid as rows by column.

    Parameters
    ----------
    grid : list
    where : str
        The file, for messages.
    names : mapping of str to sequence of str
        What each column may be called.
    needed : iterable of str
        Columns without which the list says nothing.

    Raises
    ------
    UsageError
        When no row near the top names the columns that are needed, or one is named twice.
    """
    known = {folded(name): column for column, some in names.items() for name in (column, *some)}
    filled = [row for row in grid if any(row[1])]
    needed = tuple(needed)
    for number, cells in filled[:HIGHEST]:
        meant = [known.get(folded(cell).rstrip("*:")) for cell in cells]
        if not set(needed) <= set(meant):
            continue
        columns: dict[str, int] = {}
        for place, column in enumerate(meant):
            if column in columns:
                raise UsageError(f"{where}:{number}: the columns '{cells[columns[column]]}' and '{cells[place]}' both "
                                 f"mean {column}; allowed one of them. Take the other out, or call it something else.")
            if column is not None:
                columns[column] = place
        passed = tuple(one_line(cell) for cell, column in zip(cells, meant, strict=True) if cell and column is None)
        below = [(at, {column: row[place] if place < len(row) else "" for column, place in columns.items()})
                 for at, row in filled if at > number]
        return Table(where, number, columns, below, passed)
    raise _headless(filled, where, names, needed, known)


def _headless(filled: Grid, where: str, names: Names, needed: tuple[str, ...], known: Mapping[str, str]) -> UsageError:
    """Return the error of a list in which no row names its columns."""
    allowed = "; ".join(f"{column} ({listing(names[column], 4)})" if names[column] else column for column in needed)
    if not filled:
        return UsageError(f"{where}: is empty; allowed a first line with the columns {allowed}.")
    number, cells = filled[0]
    near = next((hint for cell in cells if cell and (hint := did_you_mean(cell, known))), "")
    found = one_line(", ".join(cell for cell in cells if cell)) or "none"
    return UsageError(f"{where}:{number}: the columns are {found}; allowed {allowed}.{near} "
                      "Name the columns in the first line.")


def list_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows as a CSV file that spreadsheet programs read in any language: UTF-8 with mark."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return MARK + out.getvalue().encode()
