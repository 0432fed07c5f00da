"""One page that needs nothing but itself: both languages, charts, styles and the letters it is set in.

`build` returns the page as text; `write` puts it on disk in one step, so that a page is there whole or not at
all. The page makes no request: its own Content-Security-Policy forbids it, and a test looks.
"""

from __future__ import annotations

import os
import re
from functools import cache
from html import escape, unescape
from pathlib import Path
from string import Template

from vsim.errors import DataError, UsageError
from vsim.report.fonts import font_face
from vsim.report.page_content import PageContent
from vsim.report.page_html import OUTSIDE, key_figure_html, section_html, text_html

FOLDER = Path(__file__).resolve().parents[1] / "assets" / "page"
KEY = re.compile(r"^[a-z][a-z0-9-]*$")


@cache
def _asset(name: str) -> str:
    """Return one of the page's own files: its frame, style or script."""
    return (FOLDER / name).read_text(encoding="utf-8")


def _visible(html: str) -> str:
    """Return the characters that a page shows."""
    without_code = re.sub(r"<(style|script)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]*>", " ", without_code))


def _check(content: PageContent) -> None:
    """Refuse sections whose names cannot be addresses, or come twice."""
    keys = [section.key for section in content.sections]
    for key in keys:
        if not KEY.match(key):
            raise UsageError(f"page: section key is '{key}'; allowed small letters, digits and hyphens.")
        if keys.count(key) > 1:
            raise UsageError(f"page: section key '{key}' comes {keys.count(key)} times; allowed once.")


def build(content: PageContent) -> str:
    """Return a page as one self-contained HTML document.

    Parameters
    ----------
    content : PageContent

    Raises
    ------
    UsageError
        When two sections bear one key, or a key is no address.
    DataError
        When a text would make the page fetch something from outside.
    """
    _check(content)
    contents = "".join(
        f'<li><a href="#{section.key}">{text_html(section.heading)}</a></li>' for section in content.sections
    )
    figures = "".join(key_figure_html(figure) for figure in content.key_figures)
    body = "\n".join(section_html(section, place) for place, section in enumerate(content.sections, start=1))
    title = content.title
    parts = {
        "title": escape(title.en),
        "title_en": escape(title.en),
        "title_zh": escape(title.zh),
        "heading": text_html(title),
        "lead": text_html(content.lead, "p"),
        "key_figures": f'<ul class="key-figures">{figures}</ul>' if figures else "",
        "contents": contents,
        "sections": body,
        "foot": text_html(content.foot, "p") if content.foot else "",
    }
    frame = Template(_asset("page.html"))
    draft = frame.substitute(parts, style="", script="", font="")
    outside = [
        address for address in re.findall(r'\b(?:src|href)="([^"]*)"', draft) if OUTSIDE.match(address)
    ]
    foreign = [address for address in outside if not address.startswith("data:")]
    if foreign:
        raise DataError(
            f"page: address is '{foreign[0]}'; allowed places in the page and relative addresses."
        )
    parts |= {"style": _asset("page.css"), "script": _asset("page.js"), "font": font_face(_visible(draft))}
    return frame.substitute(parts)


def write(content: PageContent, path: str | Path) -> Path:
    """Write a page in one step and return its path."""
    target = Path(path)
    page = build(content)
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        beside.write_text(page, encoding="utf-8", newline="\n")
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
    return target
