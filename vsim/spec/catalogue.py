"""Chinese catalogues as files: reading, updating and compiling them with Babel.

vsim's own words stand in `vsim.po`; a lesson or a unit has a catalogue of its own beside its source. Files are
the same bytes for the same messages: no dates, no line numbers, no version of a tool.
"""

from __future__ import annotations

import io
from collections.abc import Container, Mapping, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import denormalize, read_po, write_po

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
    """Return the catalogue of vsim's own words in a folder (an empty one when there is no file yet)."""
    return read_file(po_path(folder))


def read_file(path: Path, comment: str = COMMENT) -> Plain:
    """Return the catalogue in a .po file (an empty one when there is no file yet); `comment` heads it.

    Raises
    ------
    UsageError
        When the file is no valid catalogue.
    """
    book = Plain(locale=LANGUAGE, header_comment=comment, fuzzy=False)
    if not path.exists():
        return book
    text = read_text(path)
    try:
        known = read_po(io.StringIO(text), locale=LANGUAGE, abort_invalid=True)
    except Exception as error:
        raise UsageError(f"{path.name}: is no valid catalogue ({error}). Correct the line.") from error
    before = _previous(text)
    for message in known:
        if message.id:
            book[message.id] = message
            message.previous_id = [before[message.id]] if message.fuzzy and message.id in before else []
    book.obsolete.update(known.obsolete)
    return book


def _previous(text: str) -> dict[str, str]:
    """Return the previous texts (`#| msgid`) by message, which Babel writes but does not read back."""
    found: dict[str, str] = {}
    old: list[str] = []
    new: list[str] = []
    for line in text.splitlines():
        if line.startswith("#| "):
            old.append(line[3:].removeprefix("msgid "))
        elif line.startswith("msgid ") or (new and line.startswith('"')):
            new.append(line.removeprefix("msgid "))
        elif line.startswith("msgstr"):
            if old:
                found[denormalize("\n".join(new))] = denormalize("\n".join(old))
            old, new = [], []
    return found


def merge(
    book: Plain, messages: Mapping[str, Sequence[str]], notes: Mapping[str, Sequence[str]] | None = None
) -> None:
    """Bring a catalogue in step with messages, given with the files that they stand in, in their order.

    New messages come without a translation, those that left are kept as obsolete (and taken back when they
    return), and those that changed a little bring their old translation along, marked fuzzy, with the previous
    text. `notes` are remarks for the translator.
    """
    template = Plain(locale=LANGUAGE, fuzzy=False)
    for message, places in messages.items():
        template.add(message, locations=[(place, 0) for place in places], auto_comments=(notes or {}).get(message, ()))
    for message in messages:
        back = book.obsolete.get(message)
        if book.get(message) is None and back is not None and back.string:
            book[message] = book.obsolete.pop(message)
    before = {entry.id: entry.previous_id for entry in book if entry.fuzzy}
    book.update(template)
    for name in messages:
        entry, wanted = book.get(name), template.get(name)
        if entry is not None and wanted is not None:
            entry.locations = wanted.locations
            entry.previous_id = entry.previous_id or (before.get(name) or [] if entry.fuzzy else [])


def update(messages: Mapping[str, Sequence[str]], folder: Path | None = None) -> Plain:
    """Write the catalogue of vsim's own words for these messages, compile it, and return it."""
    book = read(folder)
    merge(book, messages)
    path = po_path(folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(po_bytes(book))
    path.with_suffix(".mo").write_bytes(mo_bytes(read(folder)))
    return book


def translated(entry: Message) -> str:
    """Return the translation of an entry, "" when there is none or when it is fuzzy."""
    text = entry.string if isinstance(entry.string, str) else ""
    return "" if entry.fuzzy else text


def po_bytes(book: Plain, in_order: bool = False, prose: Container[str] = ()) -> bytes:
    """Return the text catalogue without line numbers, sorted unless `in_order`.

    The messages in `prose` are plain sentences: a per cent sign or a brace in them is no placeholder.
    """
    for message in book:
        if message.id in prose:
            message.flags -= {"python-format", "python-brace-format"}
    out = io.BytesIO()
    write_po(out, book, width=0, sort_output=not in_order, include_lineno=False, include_previous=True)
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
