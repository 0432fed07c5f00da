"""An exported lesson in headless Chromium: silent, in one language, in its own letters, on a desk and a telephone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.test_page import ARGUMENTS, SHOTS, WIDTHS, visit
from tests.course.samples import LESSON
from vsim.course.html import page
from vsim.course.running import run
from vsim.course.source import read_source
from vsim.report.fonts import font_face

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LANGUAGES = {"en": "en", "zh_CN": "zh-CN"}
MONO = {"DejaVu Sans Mono", "Liberation Mono"}
SEEN = """() => {
  const shown = [...document.querySelectorAll('.page *')].filter(e => e.getClientRects().length);
  const free = shown.filter(e => !e.closest('pre, svg, .scroll, .formula-block'));
  return {
    lang: document.documentElement.lang, title: document.title, heading: document.querySelector('h1').innerText,
    width: document.documentElement.scrollWidth,
    overflow: free.filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.tagName),
    silent: [...document.querySelectorAll('img')].filter(e => !e.alt).length,
    broken: [...document.images].filter(e => !e.naturalWidth).length,
    formulas: [...document.querySelectorAll('svg.formula')].map(e => e.getBoundingClientRect().height),
    target: document.getElementById(decodeURIComponent(document.querySelector('a').hash.slice(1)))?.tagName,
  };
}"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The sample lesson, run and exported in both languages."""
    made = {}
    for lang in LANGUAGES:
        outcome = run(read_source(LESSON), ["residents=700"], lang)
        assert outcome.failure is None
        made[lang] = tmp_path_factory.mktemp("lesson") / f"{lang}.html"
        made[lang].write_text(page(outcome.notebook, font_face), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    from vsim.cli.doctor import chromium

    with sync_playwright() as player:
        opened = player.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.mark.parametrize("place", WIDTHS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_fits_is_silent_and_speaks_one_language(
    browser: Browser, pages: dict[str, Path], lang: str, place: str
) -> None:
    tab, noise = visit(browser, pages[lang].as_uri(), WIDTHS[place])
    tab.evaluate("document.fonts.ready")
    seen = tab.evaluate(SEEN)
    SHOTS.mkdir(parents=True, exist_ok=True)
    tab.screenshot(path=str(SHOTS / f"lesson-{lang}-{place}.png"), full_page=True)
    assert noise == []
    assert (seen["lang"], seen["title"]) == (LANGUAGES[lang], seen["heading"])
    assert seen["width"] <= WIDTHS[place]
    assert seen["overflow"] == []
    assert (seen["silent"], seen["broken"]) == (0, 0)
    assert len(seen["formulas"]) == 2
    assert min(seen["formulas"]) > 8
    assert seen["target"] == "H2"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_letter_comes_from_the_page_or_is_code_so_none_is_a_box(
    browser: Browser, pages: dict[str, Path], lang: str
) -> None:
    tab, _ = visit(browser, pages[lang].as_uri(), 1200)
    tab.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true; })")
    session = tab.context.new_cdp_session(tab)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument", {"depth": -1})["root"]["nodeId"]
    for selector in ("h1", "h2", "p", "li", "td", "th", "summary", "pre", "footer", ".mark"):
        nodes = session.send("DOM.querySelectorAll", {"nodeId": root, "selector": selector})["nodeIds"]
        assert nodes, selector
        fonts = [font for node in nodes
                 for font in session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]]
        assert {font["familyName"] for font in fonts if not font["isCustomFont"]} <= MONO, selector


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_prints(browser: Browser, pages: dict[str, Path], lang: str) -> None:
    tab, _ = visit(browser, pages[lang].as_uri(), 1200)
    assert len(tab.pdf(path=str(SHOTS / f"lesson-{lang}.pdf"), format="A4")) > 20_000


def test_what_a_cell_puts_out_is_not_run_or_fetched(browser: Browser, tmp_path: Path) -> None:
    from nbformat.v4 import new_code_cell, new_notebook, new_output

    bad = ('<p onclick="1" id="x">words</p><img src=x onerror="document.title = \'changed\'">'
           '<style>@import url("https://example.org/x.css"); p { background: url(https://example.org/y.png) }</style>'
           '<svg><image href="https://example.org/z.png"/></svg><video src="https://example.org/v.mp4"></video>')
    cell = new_code_cell("x", outputs=[new_output("display_data", {"text/html": bad})])
    path = tmp_path / "bad.html"
    path.write_text(page(new_notebook(cells=[cell])), encoding="utf-8")
    tab, noise = visit(browser, path.as_uri(), 1200)
    assert [line for line in noise if line.startswith("http")] == []
    assert tab.title() == "Notebook"
