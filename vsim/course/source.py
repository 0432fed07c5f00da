"""Reading the source of a lesson or unit: MyST text as jupytext writes it, checked so that no later step stumbles."""

from __future__ import annotations

import pickle
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from vsim.course.grade_cells import grade_metadata
from vsim.course.syllabus import Syllabus, read_front_matter
from vsim.errors import UsageError, did_you_mean, listing
from vsim.spec.loading import read_text, shown
from vsim.spec.plain_yaml import one_line

Kind = Literal["lesson", "unit"]
UNIT_FILE = "assignment.md"
METADATA = ("nbgrader", "tags", "editable", "deletable", "slideshow", "jupyter", "collapsed", "scrolled")
PARAMETERS, CLAIM = "parameters", "claim"
TAGS = (PARAMETERS, CLAIM, "hide-input", "hide-output", "remove-input", "remove-output", "remove-cell",
        "raises-exception", "skip-execution")
PYTHON = ("", "python", "python3", "ipython", "ipython3")
HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)
FENCED = re.compile(r"^ {0,3}(`{3,}|~{3,}).*?(?:^ {0,3}\1|\Z)", re.MULTILINE | re.DOTALL)
SLUG = 48                                                       # letters of a heading that a cell id takes over


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a source: its kind, its text, its metadata, an id that stays, and the line where its text begins."""

    kind: Literal["markdown", "code"]
    source: str
    metadata: Mapping[str, Any]
    id: str
    line: int

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags of the cell."""
        return tuple(self.metadata.get("tags", ()))

    @property
    def grade_id(self) -> str | None:
        """The id that nbgrader knows the cell by, or None."""
        found: str | None = self.metadata.get("nbgrader", {}).get("grade_id")
        return found


@dataclass(frozen=True, slots=True)
class Source:
    """A lesson or unit as its author wrote it."""

    path: Path
    kind: Kind
    syllabus: Syllabus
    cells: tuple[Cell, ...]

    @property
    def stem(self) -> str:
        """The name of the lesson's files; of a unit its id."""
        return self.path.stem if self.kind == "lesson" else self.syllabus.id

    @property
    def checks(self) -> Path:
        """The path of the checks beside the source, whether it is there or not."""
        return self.path.with_suffix(".py") if self.kind == "lesson" else self.path.with_name("checks.py")

    @property
    def rubric(self) -> Path:
        """The path of a unit's rubric for the person who marks, whether it is there or not."""
        return self.path.with_name("rubric.md")

    @property
    def notes(self) -> Path:
        """The path of a unit's notes for the trainer, whether they are there or not."""
        return self.path.with_name("notes.md")

    @property
    def catalogue(self) -> Path:
        """The path of the Chinese catalogue beside the source, whether it is there or not."""
        return self.path.with_name(f"{self.path.stem}.zh_CN.po")

    def where(self, cell: Cell) -> str:
        """Return "file:line" of a cell."""
        return f"{shown(self.path)}:{cell.line}"


def read_source(path: Path) -> Source:
    """Return the source in a file: a unit when it is called assignment.md, else a lesson.

    Windows line ends and a byte-order mark are accepted.

    Raises
    ------
    UsageError
        One line with file and line for whatever is wrong.
    """
    return parse_source(read_text(path), path, "unit" if path.name == UNIT_FILE else "lesson")


def parse_source(text: str, path: Path, kind: Kind = "lesson") -> Source:
    """Return the source in a text; `path` is the name used in messages and for the files beside it."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    syllabus = read_front_matter(text, path)
    fallback = _slug(syllabus.id.rpartition("/")[2])
    cells = tuple(_identified(list(_cells(text, path)), fallback or kind, shown(path)))
    source = Source(path, kind, syllabus, cells)
    _check_parameters(source)
    return source


def _cells(text: str, path: Path) -> Iterator[Cell]:
    """Yield the cells that jupytext finds, checked; their ids come later."""
    name, lines = shown(path), text.splitlines()
    for (kind, body, metadata), start in _jupytext(text, name):
        line = start + 1
        while line < len(lines) and not lines[line - 1].strip():
            line += 1
        where = f"{name}:{line}"
        if kind == "raw":
            raise UsageError(f"{where}: is a raw cell; allowed Markdown and code. Make it one of the two.")
        if kind == "code":
            _check_fence(lines, start, where)
        yield Cell(kind, body, _metadata(metadata, kind, where), "", line)


def _jupytext(text: str, name: str) -> list[tuple[tuple[Any, str, Any], int]]:
    """Return kind, text and metadata of each cell, and the line (from 0) after which its text begins."""
    try:
        return _read_cells(text)
    except _unreadable() as error:
        reason = one_line(str(error).strip().partition("\n")[0], 120)
        raise UsageError(f"{name}:{_first_unreadable(text)}: the metadata of the cell cannot be read ({reason}). "
                         "Correct its YAML or JSON; tags are a list.") from None


def _read_cells(text: str) -> list[tuple[tuple[Any, str, Any], int]]:
    found: list[tuple[tuple[Any, str, Any], int]] = pickle.loads(_pickled_cells(text))   # of one's own: new each time
    return found


@lru_cache(maxsize=64)
def _pickled_cells(text: str) -> bytes:
    """Return the cells of a text; graders ask for the same unit again with each submission."""
    from jupytext.myst import myst_to_notebook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")                     # several languages: said later, with file and line
        notebook = myst_to_notebook(text, add_source_map=True)
    cells = [(cell.cell_type, cell.source, cell.metadata) for cell in notebook.cells]
    return pickle.dumps(list(zip(cells, notebook.metadata["source_map"], strict=True)))


def _unreadable() -> tuple[type[Exception], ...]:
    """Return what jupytext and the libraries below it raise for metadata that they cannot read."""
    import yaml
    from jupytext.myst import MystMetadataParsingError
    from nbformat import ValidationError

    return (MystMetadataParsingError, ValidationError, yaml.YAMLError, AttributeError, TypeError, ValueError)


def _first_unreadable(text: str) -> int:
    """Return the line of the first cell that cannot be read, by reading the text up to each."""
    lines = text.splitlines()
    starts = [place for place, line in enumerate(lines) if re.match(r" {0,3}(\+\+\+|`{3,}\{|~{3,}\{)", line)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        try:
            _read_cells("\n".join(lines[:end]))
        except _unreadable():
            return start + 1
    return 1


def _check_fence(lines: list[str], start: int, where: str) -> None:
    """Refuse a code cell of another language, and one that is never closed and so swallows the rest."""
    fence = re.match(r" {0,3}(`{3,}|~{3,})\{code-cell\}[ \t]*(\S*)", lines[start - 1])
    if fence is None:
        raise UsageError(f"{where}: the code cell does not begin with ```{{code-cell}}. Write it so.")
    if fence[2].lower() not in PYTHON:
        raise UsageError(f"{where}: the code cell is in {one_line(fence[2])}; allowed Python.")
    closing = re.compile(rf" {{0,3}}{fence[1][0]}{{{len(fence[1])},}}[ \t]*")
    if not any(closing.fullmatch(line) for line in lines[start:]):
        raise UsageError(f"{where}: the code cell is never closed. End it with {fence[1]}.")


def _metadata(found: Any, kind: str, where: str) -> dict[str, Any]:
    """Return the metadata of a cell, checked and in one order."""
    if not isinstance(found, Mapping):
        raise UsageError(f"{where}: the cell's metadata are {one_line(str(found))}; allowed keys with values.")
    for key in found:
        if key not in METADATA:
            nearest = did_you_mean(str(key), METADATA) or f" Allowed {listing(METADATA)}."
            raise UsageError(f"{where}: the metadata key '{one_line(str(key))}' is not known.{nearest}")
    plain = {key: found[key] for key in METADATA if key in found}
    if "nbgrader" in plain:
        plain["nbgrader"] = grade_metadata(plain["nbgrader"], kind, where)
    if "tags" in plain:
        plain["tags"] = _tags(plain["tags"], where)
    return plain


def _tags(found: Any, where: str) -> list[str]:
    if not isinstance(found, list) or not all(isinstance(tag, str) and tag for tag in found):
        raise UsageError(f"{where}: tags are {one_line(str(found))}; allowed a list of words, such as [claim].")
    for tag in found:
        nearest = "" if tag in TAGS else did_you_mean(tag, TAGS)
        if nearest:                                     # a misspelt `claim` would stay in the learner's copy
            raise UsageError(f"{where}: the tag '{one_line(tag)}' is not known.{nearest}")
    return list(found)


def _identified(cells: list[Cell], fallback: str, place: str) -> Iterator[Cell]:
    """Give every cell its id: the grade_id, else the heading above it and how many cells it has had."""
    taken: dict[str, int] = {}
    for cell in cells:
        name = cell.grade_id
        if name is not None and name in taken:
            raise UsageError(f"{place}:{cell.line}: the grade_id '{name}' stands on line {taken[name]} already. "
                             "Give each cell its own.")
        if name is not None:
            taken[name] = cell.line
    slug, counts = fallback, {fallback: 0}
    for cell in cells:
        above = headings(cell.source) if cell.kind == "markdown" else []
        slug = (_slug(above[0]) or slug) if above else slug
        name = cell.grade_id
        while name is None or (cell.grade_id is None and name in taken):
            counts[slug] = counts.get(slug, 0) + 1
            name = f"{slug}-{counts[slug]}"
        yield Cell(cell.kind, cell.source, cell.metadata, name, cell.line)
        slug = (_slug(above[-1]) or slug) if above else slug


def headings(markdown: str) -> list[str]:
    """Return the words of the headings in a Markdown text, code left out."""
    found: list[str] = HEADING.findall(FENCED.sub("", markdown))
    return found


def _slug(text: str) -> str:
    """Return a heading as a part of a cell id.

    >>> _slug("What the register *says*, and does not")
    'what-the-register-says-and-does-not'
    """
    return re.sub(r"[^a-z0-9]+", "-", text.lower())[:SLUG].strip("-")


def _check_parameters(source: Source) -> None:
    found = [cell for cell in source.cells if PARAMETERS in cell.tags]
    for cell in found:
        if cell.kind != "code":
            raise UsageError(f"{source.where(cell)}: the cell tagged parameters is Markdown; allowed code.")
    if len(found) > 1:
        raise UsageError(f"{source.where(found[1])}: a second cell is tagged parameters, after line {found[0].line}; "
                         "allowed one. Put all parameters in one cell.")
    if not found and source.kind == "lesson":
        raise UsageError(f"{shown(source.path)}: no cell is tagged parameters; a lesson has one. "
                         "Tag the cell that holds the defaults.")
