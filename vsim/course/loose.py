"""Reads a handed-in notebook as loosely as it can be read: whatever the file holds becomes plain cells, or nothing.

The file never meets nbformat: wrong types, old formats, odd encodings, control characters, numbers of a hundred
thousand digits and nesting ten thousand deep are all met here.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MOST_CELLS = 200_000          # cells that are looked at
DEEPEST = 50                  # nesting that is kept of a file too deep to read
LONGEST_ID = 200
MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)
KINDS = ("code", "markdown", "raw")
LOST = "\ufffd"
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
SURROGATE = re.compile("[\ud800-\udfff]")
TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)


@dataclass(frozen=True, slots=True)
class LooseCell:
    """A cell as it was handed in: `source` is None where nothing readable stands, `pictures` means pasted ones."""

    kind: str
    source: str | None
    grade_id: str | None = None
    cell_id: str | None = None
    pictures: bool = False


@dataclass(frozen=True, slots=True)
class Loose:
    """A notebook as it was handed in: its cells, what it claims (the metadata `vsim`), and how it was written."""

    cells: tuple[LooseCell, ...]
    claims: Any
    old: bool
    utf8: bool
    cut: bool


def read(raw: bytes) -> Loose | None:
    """Return the cells of a file, or None when it cannot be read as a notebook at all."""
    for text, encoding in _texts(raw):
        data = _parsed(text)
        items = _items(data)
        if data is None or items is None:
            continue
        cells = tuple(_cell(item) for item in items[:MOST_CELLS] if isinstance(item, dict))
        number = data.get("nbformat")
        old = "worksheets" in data or (isinstance(number, int) and number < 4)
        claims = _dict(data.get("metadata")).get("vsim")
        return Loose(cells, claims, old, encoding == "utf-8", len(items) > MOST_CELLS)
    return None


def clean(text: str) -> str:
    """Return a text with plain line ends and without control characters and halves of characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return SURROGATE.sub(LOST, CONTROL.sub("", text))


def _texts(raw: bytes) -> Iterator[tuple[str, str]]:
    """Yield the text in the encodings that it may have, the most likely first."""
    for mark, name in MARKS:
        if raw.startswith(mark):
            yield raw[len(mark):].decode(name, "replace"), name
            return
    wide = json.detect_encoding(raw)
    if not wide.startswith("utf-8"):
        yield raw.decode(wide, "replace"), wide
    for name in ("utf-8", "gb18030"):
        text = raw.decode(name, "replace")
        lost, foreign = text.count(LOST), len(text) - len(text.encode("ascii", "ignore"))
        if lost * 8 <= foreign - lost or not lost:
            yield text, name if not lost else f"{name}, damaged"
        if name == "utf-8" and not lost:
            return
    yield raw.decode("latin-1"), "latin-1"


def _parsed(text: str) -> dict[str, Any] | None:
    text = text.lstrip("\ufeff \t\r\n\0")
    if not text.startswith("{"):
        return None
    decoder = json.JSONDecoder(strict=False, parse_int=_number, parse_float=lambda digits: 0.0)
    try:
        data, _ = decoder.raw_decode(text)
    except RecursionError:
        try:
            data, _ = decoder.raw_decode(_shallow(text))
        except (ValueError, RecursionError):
            return None
    except ValueError:
        return None
    return data if isinstance(data, dict) else None


def _number(digits: str) -> int:
    return int(digits) if len(digits) < 10 else 0


def _shallow(text: str) -> str:
    """Return JSON text in which everything below the deepest level that is kept has become null."""
    kept: list[str] = []
    depth = start = 0
    for match in TOKEN.finditer(text):
        sign = text[match.start()]
        if sign in "[{":
            depth += 1
            if depth == DEEPEST + 1:
                kept += [text[start:match.start()], "null"]
        elif sign in "]}":
            if depth == DEEPEST + 1:
                start = match.end()
            depth -= 1
    return "".join(kept) + (text[start:] if depth <= DEEPEST else "")


def _items(data: dict[str, Any] | None) -> list[Any] | None:
    """Return the items that should be cells: of a notebook, or of the worksheets of an old one."""
    if data is None:
        return None
    cells = _listed(data.get("cells"))
    sheets = _listed(data.get("worksheets"))
    if cells or sheets is None:
        return cells
    return [item for sheet in sheets if isinstance(sheet, dict) for item in _listed(sheet.get("cells")) or []]


def _listed(value: object) -> list[Any] | None:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else None


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _cell(item: dict[str, Any]) -> LooseCell:
    kind = item.get("cell_type")
    source = _source(item.get("source", item.get("input")))
    if kind == "heading":
        level = item.get("level")
        depth = level if isinstance(level, int) and 1 <= level <= 6 else 1
        kind, source = "markdown", None if source is None else f"{'#' * depth} {source}"
    if kind not in KINDS:
        kind = "code" if "outputs" in item or "input" in item else "raw"
    grade_id = _dict(_dict(item.get("metadata")).get("nbgrader")).get("grade_id")
    return LooseCell(str(kind), source, _id(grade_id), _id(item.get("id")), bool(_dict(item.get("attachments"))))


def _id(value: object) -> str | None:
    return value.strip() if isinstance(value, str) and 0 < len(value.strip()) <= LONGEST_ID else None


def _source(value: object) -> str | None:
    """Return a source as one text; a list of lines without line ends gets them."""
    if isinstance(value, str):
        return clean(value)
    if not isinstance(value, list):
        return None
    lines = [line for line in value if isinstance(line, str)]
    if value and not lines:
        return None
    joint = "" if any(line.endswith(("\n", "\r")) for line in lines[:-1]) else "\n"
    return clean(joint.join(lines))
