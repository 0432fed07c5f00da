"""Links and pictures that a learner can write in Markdown, made harmless where Markdown becomes HTML.

CleanNotebook cleans the HTML in what a learner wrote; a Markdown link such as `[x](javascript:...)` is no HTML before
it is rendered. nbgrader's pages render it with the rights of the trainer, so the rendering itself is cleaned too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

SAFE = ("http", "https", "mailto")
IGNORED = re.compile("[\\x00-\\x20\\x7f-\\xa0\\u200b-\\u200f\\u2028\\u2029\\ufeff]")  # browsers pass over these
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*(?=:)")
ACTIVE = ("script", "link", "meta", "base", "iframe", "object", "embed", "form", "style")
ADDRESSES = ("href", "src", "xlink:href", "action", "formaction", "data", "poster", "background")


def harmless(address: str) -> bool:
    r"""Return whether following an address runs nothing.

    >>> harmless("https://example.org"), harmless("#cell-q1"), harmless("java\tscript:alert(1)")
    (True, True, False)
    """
    scheme = SCHEME.match(IGNORED.sub("", address).lower())
    return scheme is None or scheme[0] in SAFE


def without_bait(soup: BeautifulSoup | Tag) -> None:
    """Take out of parsed HTML what runs or fetches: active tags, handlers, code as links, pictures from elsewhere."""
    for tag in soup.find_all(ACTIVE):
        tag.decompose()
    for tag in soup.find_all(True):
        for name, value in list(tag.attrs.items()):
            leads = name in ADDRESSES and not (tag.name == "img" and name == "src")
            if name.startswith("on") or name == "srcset" or (leads and not harmless(str(value))):
                del tag[name]
    for tag in soup.find_all("img"):
        if not str(tag.get("src", "")).startswith("data:image/"):
            tag.replace_with(f"[{tag.get('alt', '')}]")


def markdown_html(source: str) -> str:
    """Return Markdown as HTML that runs nothing and fetches nothing; nbgrader's pages use it through the settings.

    >>> markdown_html("[here](javascript:alert(1))").strip()
    '<p><a>here</a></p>'
    """
    from bs4 import BeautifulSoup
    from nbconvert.filters.markdown_mistune import markdown2html_mistune

    soup = BeautifulSoup(str(markdown2html_mistune(source)), features="html.parser")
    without_bait(soup)
    return str(soup)
