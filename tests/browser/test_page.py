"""The page in headless Chromium, in both languages, on a desk and on a telephone: looked at, not only read.

Screenshots are left in build/browser/ for a person to look at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.report.pages import study
from vsim.report import page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SHOTS = Path(__file__).resolve().parents[2] / "build" / "browser"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]
WIDTHS = {"desk": 1200, "telephone": 390}
SEEN = """() => {
  const shown = [...document.querySelectorAll('.page *')].filter(e => e.getClientRects().length);
  const charts = [...document.querySelectorAll('svg.chart')].filter(e => e.getClientRects().length);
  const words = charts.flatMap(c => [...c.querySelectorAll('text')]);
  const free = shown.filter(e => !e.closest('pre, svg, thead'));
  const wide = free.filter(e => e.getBoundingClientRect().right > innerWidth + 1);
  return {
    lang: document.documentElement.lang, title: document.title, width: document.documentElement.scrollWidth,
    charts: charts.map(c => c.getAttribute('class')), overflow: wide.map(e => e.tagName + '.' + e.className),
    heading: document.querySelector('h1').innerText, words: document.querySelector('.page').innerText,
    font: document.fonts.check('16px "VSim Sans SC"', '志愿服务 hours'), faces: document.fonts.size,
    least: Math.min(...words.map(text => text.getBoundingClientRect().height)),
  };
}"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    content = study(
        (
            "two_worlds",
            "weekly_effect",
            "forest_indicators",
            "forest_groups",
            "district_map",
            "hours_distribution",
        ),
        ("beside_truth", "register_and_truth"),
    )
    return page.write(content, tmp_path_factory.mktemp("page") / "index.html")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    from vsim.cli.doctor import chromium

    with sync_playwright() as player:
        opened = player.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield opened
        opened.close()


def visit(
    browser: Browser, address: str, width: int, locale: str = "en-GB", script: bool = True
) -> tuple[Page, list[str]]:
    """Open an address and return the page, with everything that it asked for or complained about."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, locale=locale, java_script_enabled=script
    )
    tab = context.new_page()
    noise: list[str] = []
    tab.on(
        "request",
        lambda request: noise.append(request.url) if not request.url.startswith(("file:", "data:")) else None,
    )
    tab.on("console", lambda message: noise.append(message.text))
    tab.on("pageerror", lambda error: noise.append(str(error)))
    tab.goto(address)
    return tab, noise


@pytest.mark.parametrize("place", WIDTHS)
@pytest.mark.parametrize(("lang", "code"), [("en", "en"), ("zh", "zh-CN")])
def test_the_page_fits_is_silent_and_speaks_one_language(
    browser: Browser, built: Path, lang: str, code: str, place: str
) -> None:
    width = WIDTHS[place]
    tab, noise = visit(browser, f"{built.as_uri()}?lang={lang}", width)
    tab.evaluate("document.fonts.ready")
    seen = tab.evaluate(SEEN)
    SHOTS.mkdir(parents=True, exist_ok=True)
    tab.screenshot(path=str(SHOTS / f"page-{lang}-{place}.png"), full_page=True)
    assert noise == []
    assert seen["width"] <= width
    assert seen["overflow"] == []
    assert (seen["lang"], seen["title"]) == (code, seen["heading"])
    assert bool(re.search("[\u4e00-\u9fff]", seen["heading"])) == (lang == "zh")
    assert seen["charts"] == [f"chart {'wide' if place == 'desk' else 'narrow'}"] * 8
    assert seen["font"]
    assert seen["faces"] == 1
    assert seen["least"] > 8  # the smallest words of a chart, in pixels


def test_the_letters_come_from_the_page_and_not_from_the_machine(browser: Browser, built: Path) -> None:
    tab, _ = visit(browser, f"{built.as_uri()}?lang=zh", 1200)
    session = tab.context.new_cdp_session(tab)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument", {"depth": -1})["root"]["nodeId"]
    for selector in ("h1", ".lead", "table", "svg.chart.wide", ".caption", "footer"):
        nodes = session.send("DOM.querySelectorAll", {"nodeId": root, "selector": selector})["nodeIds"]
        fonts = [
            font
            for node in nodes
            for font in session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        ]
        foreign = {font["familyName"] for font in fonts if not font["isCustomFont"]}
        assert foreign <= {"DejaVu Sans Mono", "Liberation Mono"}, selector


@pytest.mark.parametrize(("locale", "code"), [("zh-CN", "zh-CN"), ("en-GB", "en"), ("fr-FR", "en")])
def test_without_a_wish_the_page_speaks_the_language_of_the_browser(
    browser: Browser, built: Path, locale: str, code: str
) -> None:
    tab, noise = visit(browser, built.as_uri(), 1200, locale)
    assert tab.evaluate("document.documentElement.lang") == code
    assert noise == []


def test_the_language_is_changed_with_the_keyboard(browser: Browser, built: Path) -> None:
    tab, _ = visit(browser, f"{built.as_uri()}?lang=en", 1200)
    tab.keyboard.press("Tab")
    tab.keyboard.press("ArrowRight")
    assert tab.evaluate("document.documentElement.lang") == "zh-CN"
    assert tab.inner_text("h1") == tab.title()


def test_the_switch_works_without_a_script(browser: Browser, built: Path) -> None:
    tab, _ = visit(browser, built.as_uri(), 1200, script=False)
    assert "synthetic data" in tab.inner_text("h1")
    tab.click("label[for=lang-zh]")
    assert "合成数据" in tab.inner_text("h1")
    assert "synthetic" not in tab.inner_text("h1")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_table_or_chart_is_lost_on_paper(browser: Browser, built: Path, lang: str) -> None:
    tab, _ = visit(browser, f"{built.as_uri()}?lang={lang}", 1200)
    tab.emulate_media(media="print")
    seen = tab.evaluate(SEEN)
    assert seen["charts"] == ["chart wide"] * 8
    assert tab.locator("label:visible").count() == 0
    SHOTS.mkdir(parents=True, exist_ok=True)
    assert len(tab.pdf(path=str(SHOTS / f"page-{lang}.pdf"), format="A4")) > 50_000
