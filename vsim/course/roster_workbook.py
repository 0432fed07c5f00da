"""One sheet of a workbook (xlsx) as a grid of texts, with what cannot be read of a cell noted beside it.

The file may come from anybody: its size is looked at before it is opened, and it is read as a stream, so that neither a
bomb nor a merged range of a million rows takes memory. What a number means as an id is decided here, because only the
cell's format knows of leading zeros.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from vsim.course.lists import MOST_ROWS, Grid, plain
from vsim.errors import UsageError, did_you_mean, listing
from vsim.spec.loading import shown
from vsim.spec.plain_yaml import one_line

LARGEST = 10_000_000                # bytes of the file
LARGEST_OPEN = 40_000_000           # and of all that is packed in it
MOST_MEMBERS = 1_000
WIDEST = 60                         # columns that are looked at
EXACT = 10**15                      # from here on spreadsheet programs round whole numbers
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
WORKBOOK = "xl/workbook.xml"
ZEROS = re.compile(r"0{2,}")
DRESSED = re.compile(r'["\\]|0{2,}|0-|-0')
RANGE = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on one sheet.

    Attributes
    ----------
    grid : list
        Rows with their numbers, as `vsim.course.lists` reads them.
    title : str
    sheets : tuple of str
        The titles of all sheets that are shown.
    faults : dict of (int, int) to str
        By row and place of the column (from 0): why the cell is no plain text or number.
    numbers : dict of (int, int) to str
        Cells that hold a number without a format that shows leading zeros; "" or why it is no id.
    merged : tuple of (str, int, int, int, int)
        Merged ranges: name, first and last row, first and last place of a column.
    hidden : tuple of int
        Rows that are not shown and hold something.
    """

    grid: Grid
    title: str
    sheets: tuple[str, ...]
    faults: dict[tuple[int, int], str] = field(default_factory=dict)
    numbers: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: tuple[tuple[str, int, int, int, int], ...] = ()
    hidden: tuple[int, ...] = ()


def is_workbook(path: Path) -> bool:
    """Return whether a file is a workbook by what it holds, whatever it is called.

    Raises
    ------
    UsageError
        When it is one that cannot be read: of an old format, with a password, or of another program.
    """
    name = shown(path)
    if not path.is_file():
        return False                                                        # a pipe would be waited for
    try:
        with path.open("rb") as stream:
            top = stream.read(2_000)
            if top.startswith(OLE):
                locked = "EncryptedPackage".encode("utf-16-le") in top + stream.read(LARGEST)
                raise UsageError(f"{name}: {'is protected with a password' if locked else OLD}")
    except OSError:
        return False                                                        # whoever reads it as text says why
    if re.match(rb"\s*<(!doctype|html|table|meta|\?xml)", top.removeprefix(b"\xef\xbb\xbf"), re.IGNORECASE):
        raise UsageError(f"{name}: is a web page with a table, as some systems export it; allowed xlsx or CSV. Open it "
                         "in a spreadsheet program and save it as xlsx.")
    return top.startswith(ZIP)


OLD = "is a workbook of the old format (xls or et); allowed xlsx or CSV. Open it and save it as xlsx."


def read_sheet(path: Path, sheet: str | None = None) -> Sheet:
    """Return one sheet of a workbook: the one that is named, else the first that is shown.

    Parameters
    ----------
    path : Path
    sheet : str, optional
        Its title.

    Raises
    ------
    UsageError
        When the file is too large, broken, no workbook, or has no such sheet.
    """
    name = shown(path)
    raw = _checked(path, name)
    from openpyxl import load_workbook  # type: ignore[import-untyped]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")                                     # of features that say nothing of a list
        try:
            book = load_workbook(io.BytesIO(raw), read_only=True, keep_links=False)
            found = _chosen(book, sheet, name)
            with book._archive.open(found._worksheet_path) as stream:
                last, hidden, merged = _shape(stream, name)
            return _cells(found, last, hidden, merged, _titles(book))
        except UsageError:
            raise
        except Exception as error:  # noqa: BLE001 - the file may be anything
            raise UsageError(f"{name}: cannot be read as a workbook ({type(error).__name__}: {one_line(str(error))}). "
                             "Open it in a spreadsheet program and save it anew, or as CSV.") from None


def _checked(path: Path, name: str) -> bytes:
    """Return the bytes of a workbook that is small enough, packed and unpacked."""
    with path.open("rb") as stream:
        raw = stream.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise UsageError(f"{name}: is too large; allowed {LARGEST:,} bytes. Keep the sheet with the list alone.")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError):
        raise UsageError(f"{name}: is broken or half copied. Copy it again.") from None
    names = {member.filename for member in members}
    if "xl/workbook.bin" in names:
        raise UsageError(f"{name}: is a binary workbook (xlsb); allowed xlsx or CSV. Open it and save it as xlsx.")
    if WORKBOOK not in names:
        raise UsageError(f"{name}: is an archive, but no workbook (xlsx); allowed xlsx or CSV. Is it the right file?")
    if any(member.flag_bits & 1 for member in members):
        raise UsageError(f"{name}: is protected with a password. Save it without one.")
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > LARGEST_OPEN:
        raise UsageError(f"{name}: unpacks to more than {LARGEST_OPEN:,} bytes or {MOST_MEMBERS:,} parts. Keep the "
                         "sheet with the list alone.")
    return raw


def _titles(book: Any) -> tuple[str, ...]:
    return tuple(str(one.title) for one in book.worksheets if one.sheet_state == "visible")


def _chosen(book: Any, wanted: str | None, name: str) -> Any:
    titles = _titles(book)
    if wanted is None:
        if not titles:
            raise UsageError(f"{name}: shows no sheet. Show the one with the list, and save it.")
        return book[titles[0]]
    known = {str(one.title).strip().casefold(): one for one in book.worksheets}
    if wanted.strip().casefold() not in known:
        raise UsageError(f"{name}: --sheet is {one_line(wanted)!r}; allowed {listing(titles)}."
                         f"{did_you_mean(wanted, titles)}")
    return known[wanted.strip().casefold()]


def _shape(stream: IO[bytes], name: str) -> tuple[int, list[int], list[str]]:
    """Return the last row that holds anything, the rows that are hidden and hold something, and the merged ranges."""
    from openpyxl.xml.functions import iterparse  # type: ignore[import-untyped]

    last, number, hidden, merged = 0, 0, [], []
    for _, element in iterparse(stream):
        tag = element.tag.rpartition("}")[2]
        if tag == "row":
            number = int(element.get("r") or number + 1)
            if any(len(cell) for cell in element):
                last = max(last, number)
                if element.get("hidden") in ("1", "true"):
                    hidden.append(number)
            element.clear()
        elif tag == "mergeCell":
            merged.append(str(element.get("ref")))
    if last > MOST_ROWS:
        raise UsageError(f"{name}: has something in row {last:,}; allowed {MOST_ROWS:,} rows. Is it the right sheet?")
    return last, hidden, merged


def _cells(found: Any, last: int, hidden: list[int], merged: list[str], titles: tuple[str, ...]) -> Sheet:
    from openpyxl.utils import column_index_from_string  # type: ignore[import-untyped]

    sheet = Sheet([], str(found.title), titles, hidden=tuple(hidden), merged=tuple(
        (part[0], int(part[2]), int(part[4]), column_index_from_string(part[1]) - 1,
         column_index_from_string(part[3]) - 1)
        for ref in merged if (part := RANGE.fullmatch(ref))))
    rows = found.iter_rows(min_row=1, max_row=last, min_col=1, max_col=WIDEST) if last else ()
    for number, row in enumerate(rows, start=1):
        texts = []
        for place, cell in enumerate(row):
            text, fault, lost = _read(cell)
            texts.append(text)
            if fault:
                sheet.faults[number, place] = f"the cell {cell.coordinate} {fault}"
            elif lost is not None:
                sheet.numbers[number, place] = f"the cell {cell.coordinate} {lost}" if lost else ""
        sheet.grid.append((number, texts))
    return sheet


def _read(cell: Any) -> tuple[str, str, str | None]:
    """Return a cell as text; why it cannot be read; and for a number without zeros "" or why it is no id."""
    value = cell.value
    if value is None:
        return "", "", None
    if cell.data_type == "f":
        return "=", f"holds a formula; allowed a text or a number. {PASTE}", None
    if cell.data_type == "e":
        return str(value), f"holds the error {one_line(value)}; allowed a text or a number. Correct it.", None
    if isinstance(value, bool):
        return str(value), f"holds {one_line(value)}; allowed a text or a number. Correct it.", None
    if isinstance(value, int | float):
        return _number(value, str(cell.number_format))
    if not isinstance(value, str):
        return str(value), "holds a date or a time; allowed a text or a number. Format the column as text.", None
    return plain(value), "", None


PASTE = "Copy the column and paste it as values."


def _number(value: float, form: str) -> tuple[str, str, str | None]:
    """Return a number as its cell shows it: with the leading zeros of its format, else as it was typed."""
    if value != int(value):
        return f"{value:.15g}", "", "holds a number that is not whole; allowed an id. Format the column as text."
    whole, shape = int(value), form.partition(";")[0].strip()
    if abs(whole) >= EXACT:
        return str(whole), "", ("holds a number of more than 15 digits, which spreadsheet programs round; allowed an "
                                "id as text. Format the column as text and type the ids anew.")
    if whole >= 0 and ZEROS.fullmatch(shape):
        return str(whole).zfill(len(shape)), "", None
    if DRESSED.search(re.sub(r"\.0+", "", shape)):
        return str(whole), "", (f"shows a number in the format {one_line(form)!r}; allowed text, or a format of zeros "
                                "such as 0000. Format the column as text.")
    return str(whole), "", ""
