"""A notebook as one HTML page: readable, printable, in either language, and without any request to outside.

nbconvert converts; the template and the style sheet are vsim's own (`vsim/assets/notebook/`). A policy in the head
of the page forbids scripts and requests, so that nothing a cell has put out can break the rule.
"""

from __future__ import annotations

import logging
import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from copy import deepcopy
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from vsim.course.formulas import formula_html
from vsim.course.source import headings
from vsim.course.words import Said, Words, t
from vsim.errors import UsageError
from vsim.i18n import known_language
from vsim.spec.loading import PACKAGE, read_text, shown
from vsim.spec.plain_yaml import one_line

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag
    from nbconvert.exporters import HTMLExporter
    from nbformat import NotebookNode

Dress = Callable[[str], str]
LARGEST = 100_000_000
PRIORITY = ["text/html", "image/svg+xml", "image/png", "image/jpeg", "text/markdown", "text/latex", "text/plain"]
ACTIVE = ["script", "link", "meta", "base", "iframe", "object", "embed", "form"]
LOADING = ("src", "href", "xlink:href", "poster", "data", "background")
FETCHED = re.compile(r"url\(\s*[\"']?(?!data:|#)[^)]*\)", re.IGNORECASE)
IMPORTED = re.compile(r"@import[^;]*;?", re.IGNORECASE)
UNDESCRIBED = "No description has been provided for this image"          # nbconvert's words
OUTSIDE = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
PICTURES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".svg": "image/svg+xml",
            ".gif": "image/gif", ".webp": "image/webp"}
FONTS = "/*fonts*/"


def read_notebook(path: Path) -> NotebookNode:
    """Return the notebook in an .ipynb file.

    Raises
    ------
    UsageError
        When the file is missing or no notebook.
    """
    from nbformat import ValidationError, reads
    from nbformat.reader import NotJSONError

    try:
        notebook: NotebookNode = reads(read_text(path, LARGEST), as_version=4)
    except (NotJSONError, ValidationError, KeyError, AttributeError, TypeError, ValueError) as error:
        raise UsageError(f"{shown(path)}: is no notebook ({one_line(str(error), 80)}). Name an .ipynb file.") from None
    return notebook


def page(notebook: NotebookNode, dress: Dress | None = None, folder: Path | None = None) -> str:
    """Return a notebook as one HTML page, the same text for the same notebook.

    Parameters
    ----------
    notebook : NotebookNode
        Executed or not; its language stands in its metadata (`vsim.lang`), else it is English.
    dress : callable, optional
        Returns the CSS rule that carries the glyphs of a text inside the page; without it the reader's fonts serve.
    folder : Path, optional
        Where pictures that the prose names by a relative path lie; they are put into the page. A picture that
        lies elsewhere, or outside, is replaced by its text.
    """
    notebook = deepcopy(notebook)
    lang = known_language(notebook.metadata.get("vsim", {}).get("lang", "en"))
    describe_figures(notebook, Words(lang))
    exporter = plain_exporter()
    html, _ = exporter.from_notebook_node(notebook, {"page": _frame(notebook, lang)})
    html = calmed(html, folder, Words(lang)(t("Picture without a description")))
    return html.replace(FONTS, dress(letters(html)) if dress is not None else "", 1)


def _frame(notebook: NotebookNode, lang: str) -> dict[str, Any]:
    """Return what stands around the cells: title, language, style sheet, and a few words."""
    words = Words(lang)
    first = next(_headings(notebook), "") or words(t("Notebook"))
    css = read_text(PACKAGE / "assets" / "notebook" / "notebook.css")
    return {
        "lang": {"zh_CN": "zh-CN"}.get(lang, lang), "css": f"{FONTS}\n{css}", "title": re.sub(r"[*_`]", "", first),
        "id": notebook.metadata.get("vsim", {}).get("id", ""),
        "words": {
            "code": words(t("Show the code")), "output": words(t("Show the output")),
            "parameters": words(t("Parameters of this run")),
            "footer": words(t("The numbers come from a simulation: synthetic data. The page holds all that it shows.")),
        },
    }


def _headings(notebook: NotebookNode) -> Iterator[str]:
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            yield from headings(cell.source)


def describe_figures(notebook: NotebookNode, words: Words) -> None:
    """Give every picture that a cell has put out a text for those who do not see it, where it has none."""
    heading, number = "", 0
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            heading = (headings(cell.source) or [heading])[-1]
        for output in cell.get("outputs", ()):
            for mime in (name for name in output.get("data", {}) if name.startswith("image/")):
                number += 1
                meta = output.metadata.setdefault(mime, {})
                said = meta.get("alt") or output.metadata.get("alt") or cell.metadata.get("alt")
                meta["alt"] = said or words(Said(t("Figure {n}: {heading}"),
                                                 {"n": number, "heading": heading}))


def plain_exporter() -> HTMLExporter:
    """Return nbconvert's exporter with vsim's template, formulas drawn, pictures put into the page."""
    from jinja2 import pass_context
    from nbconvert.exporters import HTMLExporter
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
    from traitlets.config import Config

    class Renderer(IPythonRenderer):
        """Renders formulas as pictures and tables that can be scrolled."""

        def block_math(self, body: str) -> str:
            return formula_html(body, True)

        def inline_math(self, body: str) -> str:
            return formula_html(body)

    class Page(HTMLExporter):
        """HTMLExporter whose Markdown needs nothing from outside."""

        @pass_context
        def markdown2html(self, context: Any, source: str) -> str:
            attachments = context.get("cell", {}).get("attachments", {})
            renderer = Renderer(escape=False, attachments=attachments, exclude_anchor_links=True)
            return str(MarkdownWithMath(renderer=renderer).render(source))

    made: HTMLExporter = Page(  # type: ignore[no-untyped-call]
        template_name="notebook", log=_quiet(), extra_template_basedirs=[str(PACKAGE / "assets")],
        config=Config({"NbConvertBase": {"display_data_priority": PRIORITY}}),
    )
    return made


def _quiet() -> logging.Logger:
    """Return a log that says nothing: pictures without words get some here."""
    log = logging.getLogger("vsim.course.html")
    log.setLevel(logging.CRITICAL)
    return log


def calmed(
    html: str, folder: Path | None, silent: str, after: Callable[[BeautifulSoup], None] | None = None
) -> str:
    """Return the page without scripts and outside pictures in its cells; tables get headers and can be scrolled.

    `after` may change the page further before it is written.
    """
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(html, features="html.parser")
    main = soup.main
    assert main is not None
    for tag in main.find_all(ACTIVE):
        tag.decompose()
    for tag in main.find_all(True):
        _still(tag)
    for tag in main.find_all("img"):
        tag["alt"] = silent if tag.get("alt") == UNDESCRIBED else str(tag.get("alt", ""))
        inside = _embedded(str(tag.get("src", "")), folder)
        if inside is None:
            tag.replace_with(f"[{tag['alt']}]")
        else:
            tag["src"] = inside
    for table in main.find_all("table"):
        _dress_table(soup, table)
    for heading in main.find_all(re.compile("^h[1-6]$")):
        heading["id"] = heading.get("id") or "-".join(heading.get_text().split())     # as JupyterLab names it
    for pre in main.find_all("pre"):
        pre["tabindex"] = "0"                               # a long line can be scrolled to with the keyboard
    if after is not None:
        after(soup)
    return str(soup)


def _still(tag: Tag) -> None:
    """Take from a tag what would run or fetch something; the policy of the page forbids it anyway."""
    for name, value in list(tag.attrs.items()):
        loads = name in LOADING and not (tag.name == "a" and name == "href") and tag.name != "img"
        if name.startswith("on") or name == "srcset" or (loads and OUTSIDE.match(str(value))):
            del tag[name]
        elif name == "style":
            tag[name] = FETCHED.sub("none", str(value))
    if tag.name == "style":
        tag.string = FETCHED.sub("none", IMPORTED.sub("", tag.get_text()))


def _embedded(address: str, folder: Path | None) -> str | None:
    """Return a picture as a data address; None when it is not inside the folder."""
    if address.startswith("data:"):
        return address
    mime = PICTURES.get(Path(address).suffix.lower())
    if folder is None or mime is None or OUTSIDE.match(address):
        return None
    path = (folder / unquote(address)).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        return None
    return f"data:{mime};base64,{b64encode(path.read_bytes()).decode('ascii')}"


def _dress_table(soup: BeautifulSoup, table: Tag) -> None:
    for tag in table.select("thead th"):
        tag["scope"] = "col"
    for tag in table.select("tbody th"):
        tag["scope"] = "row"
    del table["border"]
    table.wrap(soup.new_tag("div", attrs={"class": "scroll", "tabindex": "0"}))


def letters(html: str) -> str:
    """Return the letters that a page shows, those of its style sheet and pictures left out."""
    body = html.partition("</head>")[2]
    return unescape(re.sub(r'"data:[^"]*"', "", body))
