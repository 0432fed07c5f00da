"""The Chinese catalogue beside a lesson or unit: its messages in the order of the text, and what lacks in it.

A message is a block of the prose, the title, an objective, or words that code or the checks file marks with
`t("...")`. The catalogue of `01-name.md` is `01-name.zh_CN.po`; Babel reads and writes it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from vsim.course.blocks import has_words, kept, loose, shape, split
from vsim.course.source import Source
from vsim.course.writing import write_whole
from vsim.errors import UsageError
from vsim.spec.catalogue import Plain, merge, po_bytes, read_file, translated
from vsim.spec.loading import read_text, shown
from vsim.spec.message_calls import in_source
from vsim.spec.messages import placeholders

NOTES = {
    "title": "title of the lesson or unit", "objective": "objective", "heading": "heading", "paragraph": "paragraph",
    "point": "point of a list", "quote": "quoted", "cell": "cell of a table", "html": "words between HTML tags",
    "word": "words in code; braces such as {n} stay",
}
COMMENT = """# Simplified Chinese of {name}: its prose, and the words in its code and checks.
# Written by `vsim notebook update`; translate here, take away "fuzzy" when a text is right again."""

Wrong = Literal["not in the catalogue", "no translation", "fuzzy", "no longer in the source", "marks differ",
                "braces differ", "blocks differ"]


@dataclass(slots=True)
class Found:
    """Where a message stands in the sources of a lesson: kinds of places, files, and the first line."""

    where: str
    sorts: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    @property
    def prose(self) -> bool:
        """Whether it is text that a reader sees as Markdown, not only words in code."""
        return self.sorts != ["word"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an entry of a catalogue."""

    wrong: Wrong
    message: str
    where: str

    @property
    def stale(self) -> bool:
        """Whether bringing the catalogue up to date has work to do, not only the translator."""
        return self.wrong in ("not in the catalogue", "no longer in the source")

    def __str__(self) -> str:
        text = " ".join(self.message.split())
        return f"{self.where}: {self.wrong}: {text if len(text) <= 70 else text[:67] + '...'}"


@dataclass(frozen=True, slots=True)
class Translations:
    """What can be said in Chinese: by English message, every entry that is neither fuzzy nor faulty."""

    known: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


def messages_of(source: Source) -> dict[str, Found]:
    """Return the messages of a lesson or unit in their order of appearance.

    Raises
    ------
    UsageError
        When a code cell or the checks file is no Python, or puts words together inside `t(...)`.
    """
    found: dict[str, Found] = {}
    for message, sort, file, where in _appearances(source):
        entry = found.setdefault(message, Found(where))
        for known, new in ((entry.sorts, sort), (entry.files, file)):
            if new not in known:
                known.append(new)
    return found


def _appearances(source: Source) -> Iterator[tuple[str, str, str, str]]:
    """Yield every message with its sort, its file, and file:line."""
    file, place = source.path.name, shown(source.path)
    yield source.syllabus.title, "title", file, f"{place}:1"
    for objective in source.syllabus.objectives:
        yield objective, "objective", file, f"{place}:1"
    for cell in source.cells:
        where = source.where(cell)
        if cell.kind == "code":
            yield from ((word, "word", file, where) for word in words_in(cell.source, where))
            continue
        line = cell.line
        for block in split(cell.source):
            if block.message:
                yield block.message, block.sort, file, f"{place}:{line}"
            line += block.text.count("\n")
    for beside in (source.rubric, source.notes):
        if source.kind == "unit" and beside.is_file():
            for block in split(read_text(beside)):
                if block.message:
                    yield block.message, block.sort, beside.name, shown(beside)
    if source.checks.is_file():
        where = shown(source.checks)
        text = read_text(source.checks)
        yield from ((word, "word", source.checks.name, where) for word in words_in(text, where))


def words_in(code: str, where: str) -> list[str]:
    """Return the words that a piece of Python hands to `t` and its kin; lines for IPython (%, !) are passed over."""
    plain = re.sub(r"^([ \t]*)[%!?].*$", r"\1pass", code, flags=re.MULTILINE)
    try:
        tree = ast.parse(plain)
    except SyntaxError as error:
        raise UsageError(f"{where}: the code cannot be read (line {error.lineno} of it: {error.msg}). "
                         "Write a gap for the learner as ..., not as nothing.") from None
    for node in ast.walk(tree):
        name = getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""
        if name == "t" and isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.JoinedStr):
            raise UsageError(f"{where}: t(f\"...\") cannot be translated (line {node.lineno} of the code). "
                             "Write t(\"... {name}\").format(name=...).")
    return [word for word in in_source(plain) if word.strip()]


def read(source: Source) -> Plain:
    """Return the catalogue beside a source (an empty one when there is no file yet)."""
    return read_file(source.catalogue, COMMENT.format(name=source.path.name))


def translations(source: Source) -> Translations:
    """Return what a Chinese edition can say, and what lacks; a faulty entry counts as untranslated."""
    book, messages = read(source), messages_of(source)
    known: dict[str, str] = {}
    faults: list[Fault] = []
    for message, found in messages.items():
        entry = book.get(message)
        text = "" if entry is None else translated(entry)
        wrong = _wrong(entry is not None, bool(entry is not None and entry.fuzzy), message, text, found)
        if wrong is None:
            known[message] = text
        else:
            faults.append(Fault(wrong, message, found.where))
    gone = [str(entry.id) for entry in book if entry.id and entry.id not in messages]
    faults += [Fault("no longer in the source", message, shown(source.catalogue)) for message in gone]
    words = {message: text for message, text in known.items() if "word" in messages[message].sorts}
    return Translations(known, words, tuple(faults))


def _wrong(there: bool, fuzzy: bool, message: str, text: str, found: Found) -> Wrong | None:
    """Return what is wrong with an entry, the first thing only, or None."""
    if not there:
        return "not in the catalogue"
    if not text:
        return "fuzzy" if fuzzy else "no translation"
    if "word" in found.sorts and placeholders(message) != placeholders(text):
        return "braces differ"
    if found.prose and (kept(message) != kept(text) or (loose(text) and not loose(message))):
        return "marks differ"
    plain = not {"html", "cell", "heading"} & set(found.sorts)
    if found.prose and plain and has_words(message) and shape(message) != shape(text):
        return "blocks differ"
    return None


def update(source: Source) -> bool:
    """Bring the catalogue beside a source up to date; return whether its bytes changed.

    Entries stand in the order of the text. New ones have no translation; one that changed keeps its old
    translation, marked fuzzy, with the previous text; one that left is kept at the end as obsolete.
    """
    messages = messages_of(source)
    book = read(source)
    notes = {message: [NOTES[sort] for sort in found.sorts] for message, found in messages.items()}
    merge(book, {message: found.files for message, found in messages.items()}, notes)
    content = po_bytes(book, in_order=True, prose={message for message, found in messages.items() if found.prose})
    path = source.catalogue
    if path.exists() and path.read_bytes() == content:
        return False
    write_whole({path: content})
    return True
