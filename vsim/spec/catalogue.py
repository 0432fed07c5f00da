"""The Chinese catalogue as files: reading, updating and compiling it with Babel (needed by developers only).

Files are the same bytes for the same messages: no dates, no line numbers, no version of a tool.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from vsim.errors import UsageError
from vsim.i18n import DOMAIN, FOLDER
from vsim.spec.loading import read_text

LANGUAGE = "zh_CN"
COMMENT = """# Simplified Chinese catalogue of vsim: the glossary and every word that a reader sees.
# Written by `make messages`; translate here, then run it again to compile."""
HEADERS = [
    ("Project-Id-Version", "vsim"),
    ("Language", LANGUAGE),
    ("MIME-Version", "1.0"),
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Transfer-Encoding", "8bit"),
]


class Plain(Catalog):
    """A catalogue whose header holds nothing that changes from day to day."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The header, always the same."""
        return HEADERS


def po_path(folder: Path | None = None) -> Path:
    """Return the path of the text catalogue; `folder` stands in for the package's own."""
    return (folder or FOLDER / LANGUAGE / "LC_MESSAGES") / f"{DOMAIN}.po"


def read(folder: Path | None = None) -> Plain:
    """Return the catalogue in a folder (an empty one when there is no file yet)."""
    path = po_path(folder)
    book = Plain(locale=LANGUAGE, header_comment=COMMENT, fuzzy=False)
    if not path.exists():
        return book
    try:
        known = read_po(io.StringIO(read_text(path)), locale=LANGUAGE, abort_invalid=True)
    except Exception as error:
        raise UsageError(f"{path.name}: is no valid catalogue ({error}). Correct the line.") from error
    for message in known:
        if message.id:
            book[message.id] = message
    book.obsolete.update(known.obsolete)
    return book


def update(messages: Mapping[str, list[str]], folder: Path | None = None) -> Plain:
    """Write the catalogue for these messages, and return it.

    New messages are added without a translation, those that left are kept as obsolete, and those that changed
    a little bring their old translation along, marked fuzzy.
    """
    template = Plain(locale=LANGUAGE, fuzzy=False)
    for message, places in messages.items():
        template.add(message, locations=[(place, 0) for place in places])
    book = read(folder)
    book.update(template)
    for name in messages:
        entry, wanted = book.get(name), template.get(name)
        if entry is not None and wanted is not None:
            entry.locations = wanted.locations
    path = po_path(folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(po_bytes(book))
    path.with_suffix(".mo").write_bytes(mo_bytes(read(folder)))
    return book


def po_bytes(book: Plain) -> bytes:
    """Return the text catalogue, sorted, without line numbers."""
    out = io.BytesIO()
    write_po(out, book, width=0, sort_output=True, include_lineno=False, include_previous=True)
    return out.getvalue()


def mo_bytes(book: Plain) -> bytes:
    """Return the compiled catalogue; fuzzy messages are left out."""
    out = io.BytesIO()
    write_mo(out, book)
    return out.getvalue()


def is_compiled(book: Plain, folder: Path | None = None) -> bool:
    """Return whether the compiled file beside the text catalogue holds exactly what the text does."""
    path = po_path(folder).with_suffix(".mo")
    return path.exists() and path.read_bytes() == mo_bytes(book)
