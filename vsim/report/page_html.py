"""The parts of a page as HTML: every text twice, once a language; the style sheet shows the chosen one.

Words of one side carry the class `t`; words without it (numbers, codes, quoted clauses) show on both.
"""

from __future__ import annotations

import re
from html import escape

from vsim.report.figures_chart import ChartSet
from vsim.report.figures_file import inline_svg
from vsim.report.page_content import (
    Block,
    Commands,
    Door,
    Doors,
    Heading,
    KeyFigure,
    Note,
    Points,
    Quoted,
    Section,
    Table,
    Text,
)
from vsim.report.words import Bilingual

SIDES = (("en", "en"), ("zh_CN", "zh-CN"))
OUTSIDE = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
MARKS = re.compile(r"`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\(([^)\s]+)\)")


def inline(text: str) -> str:
    """Return a text as HTML: escaped, with `code`, **strong** and [links](address) marked up.

    Examples
    --------
    >>> inline("a < b, see `vsim demo` in [part 2](#made)")
    'a &lt; b, see <code>vsim demo</code> in <a href="#made">part 2</a>'
    """
    pieces, last = [], 0
    for found in MARKS.finditer(text):
        pieces.append(escape(text[last : found.start()], quote=False))
        code, strong, words, address = found.groups()
        if code is not None:
            pieces.append(f"<code>{escape(code, quote=False)}</code>")
        elif strong is not None:
            pieces.append(f"<strong>{escape(strong, quote=False)}</strong>")
        else:
            pieces.append(f'<a href="{escape(address)}">{escape(words, quote=False)}</a>')
        last = found.end()
    return "".join([*pieces, escape(text[last:], quote=False)])


def text_html(text: Text | Quoted, tag: str = "span", only: str | None = None) -> str:
    """Return a text as HTML, once for each language, or for the one in `only`."""
    if isinstance(text, Quoted):
        return f'<{tag} lang="{text.lang}">{inline(text.text)}</{tag}>'
    if isinstance(text, str):
        return inline(text) if tag == "span" else f"<{tag}>{inline(text)}</{tag}>"
    if only is not None:
        return f'<{tag} lang="{dict(SIDES)[only]}">{inline(text.get(only))}</{tag}>'
    return "".join(f'<{tag} class="t" lang="{code}">{inline(text.get(side))}</{tag}>' for side, code in SIDES)


def table_html(table: Table, only: str | None = None) -> str:
    """Return a table with its caption, column and row headings, and note."""
    head = "".join(
        f'<th scope="col"{_kind(table, place)}>{text_html(cell, only=only)}</th>'
        for place, cell in enumerate(table.head)
    )
    body = "".join(f"<tr>{_row_html(table, row, only)}</tr>" for row in table.rows)
    note = f'<div class="table-note">{text_html(table.note, "p", only)}</div>' if table.note else ""
    caption = text_html(table.caption, only=only)
    return (
        f'<div class="table-block"><table><caption>{caption}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table>{note}</div>"
    )


def _kind(table: Table, place: int) -> str:
    """Return the class of a numeric column."""
    return ' class="number"' if place in table.numeric else ""


def _row_html(table: Table, row: tuple[Text | Quoted, ...], only: str | None) -> str:
    """Return a row; each cell repeats its column's heading for narrow screens, where columns are stacked."""
    first = f'<th scope="row">{text_html(row[0], only=only)}</th>'
    rest = []
    for place, (heading, cell) in enumerate(zip(table.head[1:], row[1:], strict=True), start=1):
        label = f'<span class="cell-label" aria-hidden="true">{text_html(heading, only=only)}</span>'
        value = f'<span class="cell-value">{text_html(cell, only=only)}</span>'
        rest.append(f"<td{_kind(table, place)}>{label}{value}</td>")
    return first + "".join(rest)


def chart_html(charts: ChartSet) -> str:
    """Return a chart in both languages and both sizes, each with its alternative text, and its caption."""
    sides = []
    for side, code in SIDES:
        pictures = "".join(inline_svg(charts.get(side, size)) for size in ("wide", "narrow"))
        caption = inline(charts.get(side, "wide").caption)
        sides.append(f'<div class="t" lang="{code}">{pictures}<p class="caption">{caption}</p></div>')
    return f'<figure id="chart-{escape(charts.key)}">{"".join(sides)}</figure>'


def block_html(block: Block) -> str:
    """Return any block of a section."""
    if isinstance(block, Bilingual):
        return text_html(block, "p")
    if isinstance(block, Heading):
        return f"<h3>{text_html(block.text)}</h3>"
    if isinstance(block, Points):
        tag = "ol" if block.numbered else "ul"
        return f"<{tag}>{''.join(f'<li>{text_html(item)}</li>' for item in block.items)}</{tag}>"
    if isinstance(block, Note):
        return f'<aside class="note">{text_html(block.text, "p")}</aside>'
    if isinstance(block, Commands):
        return _code_html("\n".join(block.lines))
    if isinstance(block, Table):
        return table_html(block)
    if isinstance(block, Doors):
        return f'<ul class="doors">{"".join(_door_html(door) for door in block.doors)}</ul>'
    return chart_html(block)


def _code_html(lines: str) -> str:
    """Return lines to type; a long line can be scrolled to with the keyboard."""
    return f'<pre tabindex="0"><code>{escape(lines, quote=False)}</code></pre>'


def _door_html(door: Door) -> str:
    """Return one door: its name, what is behind it, and how to open it."""
    name = text_html(door.name)
    title = f'<a href="{escape(door.address)}">{name}</a>' if door.address else name
    command = _code_html(door.command) if door.command else ""
    return f"<li><h3>{title}</h3>{text_html(door.text, 'p')}{command}</li>"


def key_figure_html(figure: KeyFigure) -> str:
    """Return a key figure."""
    parts = {
        "label": figure.label,
        "value": figure.value,
        "interval": figure.interval,
        "detail": figure.detail,
    }
    lines = (f'<p class="key-{name}">{text_html(text)}</p>' for name, text in parts.items())
    return f"<li>{''.join(lines)}</li>"


def section_html(section: Section, number: int) -> str:
    """Return a section with its heading and number."""
    blocks = "\n".join(block_html(block) for block in section.blocks)
    heading = f'<h2><span class="number-mark">{number}</span>{text_html(section.heading)}</h2>'
    return f'<section id="{escape(section.key)}">\n{heading}\n{blocks}\n</section>'
