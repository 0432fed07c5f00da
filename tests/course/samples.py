"""A small lesson and a small unit with every feature, in both languages, and sources put together from strings."""

from __future__ import annotations

import shutil
from pathlib import Path

from vsim.course.source import Kind, Source, parse_source, read_source

SOURCES = Path(__file__).resolve().parent / "sources"
LESSON = SOURCES / "notebooks" / "management" / "01-small-town.md"
UNIT = SOURCES / "unit" / "assignment.md"
SYLLABUS = """  id: management/01-x
  title: A title
  tier: foundation
  track: management
  minutes: 30
  objectives: [Do it]
  competencies: [rates]
  clauses: [VII.3.b]
"""
HEAD = """---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {name: python3, display_name: Python 3}
vsim:
"""
PARAMETERS = "```{code-cell}\n:tags: [parameters]\n\nweeks = 4  # weeks\n```\n"


def text(body: str = "", syllabus: str = SYLLABUS, parameters: str = PARAMETERS) -> str:
    """Return the text of a lesson."""
    return f"{HEAD}{syllabus}---\n\n{parameters}\n{body}"


def parsed(body: str = "", kind: Kind = "lesson", path: Path = Path("01-x.md")) -> Source:
    """Return a lesson or unit made of a body."""
    return parse_source(text(body, parameters=PARAMETERS if kind == "lesson" else ""), path, kind)


def code(body: str, options: str = "") -> str:
    """Return a code cell as text, its options as YAML."""
    head = f"---\n{options}\n---\n" if options else ""
    return f"```{{code-cell}}\n{head}{body}\n```\n"


def town(folder: Path) -> Path:
    """Copy the lesson with its catalogue and checks into a folder; return the path of the copy."""
    shutil.copytree(SOURCES, folder, dirs_exist_ok=True)
    return folder / LESSON.relative_to(SOURCES)


def written(folder: Path, body: str) -> Source:
    """Write a lesson made of a body to notebooks/management/01-x.md in a folder, and return it."""
    path = folder / "notebooks" / "management" / "01-x.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text(body), encoding="utf-8")
    return read_source(path)


def translate(source: Source, chinese: dict[str, str]) -> None:
    """Translate messages in the catalogue of a source, as a person would."""
    from vsim.course.catalogues import messages_of, read
    from vsim.spec.catalogue import po_bytes

    book = read(source)
    for message, words in chinese.items():
        entry = book.get(message)
        assert entry is not None, message
        entry.string = words
        entry.flags.discard("fuzzy")
    prose = {message for message, found in messages_of(source).items() if found.prose}
    source.catalogue.write_bytes(po_bytes(book, in_order=True, prose=prose))
