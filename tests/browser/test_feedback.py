"""The feedback page in headless Chromium: both languages, on a desk, on a telephone and on paper."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.servers import shoot, tofu, visit
from tests.browser.test_page import WIDTHS
from tests.browser.test_page import browser as browser  # noqa: PLC0414 (a fixture is used by its name)
from tests.course.marked import marked
from vsim.course.feedback import FeedbackExporter

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.needs("notebooks")]

CODES = {"en": "en", "zh_CN": "zh-CN"}
SEEN = """() => {
  const wide = [...document.querySelectorAll('.page *')].filter(e => !e.closest('pre, .scroll, svg')
    && e.getClientRects().length && e.getBoundingClientRect().right > innerWidth + 1);
  const bright = text => { const [r, g, b] = text.match(/[0-9.]+/g).slice(0, 3).map(v => v / 255)
    .map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b; };
  const ground = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
    if (!c.endsWith(', 0)')) return c; } return 'rgb(255, 255, 255)'; };
  const faint = [...document.querySelectorAll('.page *')].filter(e => e.getClientRects().length
    && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())).filter(e => {
      const [a, b] = [bright(getComputedStyle(e).color), bright(ground(e))].sort((x, y) => y - x);
      return (a + .05) / (b + .05) < 4.5; });
  return {lang: document.documentElement.lang, width: document.documentElement.scrollWidth,
    wide: wide.map(e => e.outerHTML.slice(0, 90)), faint: faint.map(e => e.outerHTML.slice(0, 90)),
    levels: [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => +h.tagName[1]),
    heads: [...document.querySelectorAll('th')].every(h => h.scope),
    ids: [...document.querySelectorAll('[id]')].map(e => e.id),
    links: [...document.querySelectorAll('a[href^="#"]')].map(a => decodeURIComponent(a.getAttribute('href').slice(1))),
    faces: document.fonts.size, pictures: [...document.images].every(i => i.alt && i.complete && i.naturalWidth)};
}"""


@pytest.fixture(scope="module", params=CODES)
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    html, _ = FeedbackExporter(dress="vsim.report.fonts.font_face").from_notebook_node(marked(request.param))
    path = tmp_path_factory.mktemp("feedback") / "page.html"
    path.write_text(html, encoding="utf-8")
    return request.param, path


@pytest.mark.parametrize("place", WIDTHS)
def test_the_page_fits_is_silent_and_can_be_read_by_everybody(
    browser: Browser, written: tuple[str, Path], place: str
) -> None:
    lang, path = written
    tab, heard = visit(browser, path.as_uri(), CODES[lang], WIDTHS[place])
    tab.evaluate("document.fonts.ready")
    seen = tab.evaluate(SEEN)
    shoot(tab, f"feedback-{lang}-{place}", full=True)
    assert (heard.outside, heard.errors) == ([], [])
    assert (seen["lang"], seen["faces"]) == (CODES[lang], 1 if lang == "en" else 2)      # a shared cut, and the rest
    assert seen["width"] <= WIDTHS[place]
    assert (seen["wide"], seen["faint"]) == ([], [])
    assert seen["levels"][0] == 1
    assert seen["levels"].count(1) == 1
    assert all(after <= before + 1 for before, after in zip(seen["levels"], seen["levels"][1:], strict=False))
    assert (seen["heads"], seen["pictures"]) == (True, True)
    assert len(seen["ids"]) == len(set(seen["ids"]))
    assert set(seen["links"]) <= set(seen["ids"])
    assert tofu(tab) == ""


def test_its_letters_come_with_it(browser: Browser, written: tuple[str, Path]) -> None:
    tab, _ = visit(browser, written[1].as_uri())
    session = tab.context.new_cdp_session(tab)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument", {"depth": -1})["root"]["nodeId"]
    for selector in ("h1", "h2", "dd", "td", "caption", ".outcome p", ".answer .prose p", "footer p"):
        nodes = session.send("DOM.querySelectorAll", {"nodeId": root, "selector": selector})["nodeIds"]
        fonts = [
            font for node in nodes for font in session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        ]
        assert fonts, selector
        assert all(font["isCustomFont"] for font in fonts), selector


def test_it_goes_onto_paper_whole(browser: Browser, written: tuple[str, Path]) -> None:
    lang, path = written
    tab, _ = visit(browser, path.as_uri())
    tab.emulate_media(media="print")
    shown = tab.inner_text("main")
    assert re.search(r"\b2\b.*\b8\b", shown)
    assert len(tab.pdf(path=str(path.with_suffix(".pdf")), format="A4")) > 10_000
    shoot(tab, f"feedback-{lang}-paper", full=True)
