"""What a page says, before it is HTML: sections of blocks, every text in both languages.

A section is a heading and any run of blocks, so that later pages (a lesson, a report) use the same parts.
In texts, `code`, **strong** and [words](#place) are understood; everything else is plain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from vsim.report.words import Bilingual

if TYPE_CHECKING:
    from vsim.report.figures_chart import ChartSet

Text: TypeAlias = Bilingual | str
"""A text in both languages, or one that is the same in both (a number, a code)."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words that stay in their own language on both sides, such as a clause of the policy text."""

    text: str
    lang: str = "zh-CN"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section (level 3)."""

    text: Bilingual


@dataclass(frozen=True, slots=True)
class Points:
    """A list."""

    items: tuple[Bilingual, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A remark set apart from the text."""

    text: Bilingual


@dataclass(frozen=True, slots=True)
class Commands:
    """Lines to type, the same in both languages."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption; the first cell of a row is its heading.

    Attributes
    ----------
    caption : Bilingual
    head : tuple of Text
    rows : tuple of rows of Text or Quoted, each as long as `head`
    numeric : frozenset of int
        Columns set flush right.
    note : Bilingual, optional
        What a reader must know to read the numbers, under the table.
    """

    caption: Bilingual
    head: tuple[Text, ...]
    rows: tuple[tuple[Text | Quoted, ...], ...]
    numeric: frozenset[int] = frozenset()
    note: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class Door:
    """Where to go next: a name, what is behind it, and a command or a relative address."""

    name: Bilingual
    text: Bilingual
    command: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Doors:
    """Several doors, side by side where there is room."""

    doors: tuple[Door, ...]


Block: TypeAlias = "Bilingual | Heading | Points | Note | Commands | Table | Doors | ChartSet"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page.

    Attributes
    ----------
    key : str
        Short name, the section's address inside the page.
    heading : Bilingual
    blocks : sequence of Block
        Paragraphs (`Bilingual`), headings, lists, notes, commands, tables, doors and charts, in order.
    """

    key: str
    heading: Bilingual
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A number that carries the page: what it is, the number with its interval, its unit and meaning."""

    label: Bilingual
    value: Text
    interval: Text
    detail: Bilingual


@dataclass(frozen=True, slots=True)
class PageContent:
    """A whole page.

    Attributes
    ----------
    title : Bilingual
        Also the document's title.
    lead : Bilingual
        One or two sentences under the title.
    sections : sequence of Section
    key_figures : sequence of KeyFigure
    foot : Bilingual, optional
        Last line: licence, what the data are.
    """

    title: Bilingual
    lead: Bilingual
    sections: Sequence[Section]
    key_figures: Sequence[KeyFigure] = ()
    foot: Bilingual | None = None
