"""Cells that no spreadsheet program takes for a formula, and CSV in the encodings that offices read.

What learners and rosters say ends in tables that a trainer opens by a double click. A text that begins like a formula,
whatever blanks or full-width signs it hides behind, gets an apostrophe before it.
"""

from __future__ import annotations

import csv
import io
import re
import string
import unicodedata
from collections.abc import Sequence
from typing import Any

from vsim.errors import DataError, UsageError, listing

FORMULA = ("=", "+", "-", "@")
BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")          # ends of lines, tabs and the like
UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"      # signs of no width
SIGNS = r"=+\-@\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b"       # plain, full-width and small
INSIDE = re.compile(rf"(;)(?=[\s{UNSEEN}]*[{SIGNS}])")
ENCODINGS = {"utf-8": "utf-8-sig", "gb18030": "gb18030", "gbk": "gbk"}
DIGITS = 10


def risky(text: str) -> bool:
    """Return whether a spreadsheet program may take a text for a formula.

    >>> [risky(text) for text in ("=1", " =1", "\uff1d1", "1=1", "\u200b@x", "")]
    [True, True, True, False, True, False]
    """
    plain = unicodedata.normalize("NFKC", text).lstrip(f"{string.whitespace}{UNSEEN}\x00\x85\u2028\u2029")
    return plain.startswith(FORMULA) or text.startswith(("\t", "\r", "\n"))


def guarded(value: object) -> str:
    """Return a cell that no spreadsheet program takes for a formula; numbers stay as they are.

    Ends of lines and tabs become blanks. A separator of another country's CSV, followed by a sign of a formula, is kept
    apart from it as well.
    """
    if isinstance(value, int | float):
        return f"{value:.{DIGITS}g}"
    text = "" if value is None else INSIDE.sub(r"\1'", BREAKS.sub(" ", str(value)))
    return f"'{text}" if risky(text) else text


def csv_bytes(head: Sequence[str], lines: Sequence[Sequence[Any]], encoding: str = "utf-8") -> bytes:
    """Return a CSV file, its cells guarded.

    Parameters
    ----------
    head : sequence of str
    lines : sequence of sequences
        Texts, numbers, or None for an empty cell.
    encoding : {"utf-8", "gb18030", "gbk"}
        UTF-8 bears a mark by which spreadsheet programs know it; the others are for old ones on Chinese Windows.

    Raises
    ------
    UsageError
        When the encoding is none of these.
    DataError
        When a character does not fit; the line is named.
    """
    if encoding not in ENCODINGS:
        raise UsageError(f"--encoding is '{encoding[:40]}'; allowed {listing(ENCODINGS)}.")
    parts = []
    for number, line in enumerate([head, *lines], start=1):
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerow([guarded(cell) for cell in line])
        try:
            parts.append(out.getvalue().encode("utf-8" if encoding == "utf-8" else encoding))
        except UnicodeEncodeError as error:
            sign = error.object[error.start]
            told = f"'{sign}' (U+{ord(sign):04X})" if sign.isprintable() else f"U+{ord(sign):04X}"
            other = "gb18030 or utf-8" if encoding == "gbk" else "--form xlsx, or correct the roster"
            raise DataError(
                f"line {number}: the character {told} does not fit into {encoding}. Take {other}."
            ) from None
    return (b"\xef\xbb\xbf" if encoding == "utf-8" else b"") + b"".join(parts)
