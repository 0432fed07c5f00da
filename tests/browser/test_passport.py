"""The passport's page in headless Chromium: both languages, on a desk and on a telephone, silent, no letter missing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.servers import shoot, tofu, visit
from tests.browser.test_page import WIDTHS
from tests.browser.test_page import browser as browser  # noqa: PLC0414 (a fixture is used by its name)
from tests.course.certified import SECOND, add_unit, mark, marked_course
from vsim.course.passport import PAGE, passport
from vsim.report.passport_page import passport_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.needs("notebooks")]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("passport")
    course = marked_course(root, {"mei": 0.9}, language="zh_CN", issuer="云川志愿服务联合会")
    add_unit(course, SECOND)
    mark(course, "mei", 0.8, SECOND)
    path = root / PAGE
    path.write_bytes(passport(course, "mei", passport_page)[PAGE])
    return path


@pytest.mark.parametrize("place", WIDTHS)
@pytest.mark.parametrize(("lang", "title"), [("en", "Competencies shown"), ("zh", "已展示的能力")])
def test_the_page_fits_is_silent_and_says_who_showed_what(
    browser: Browser, page: Path, place: str, lang: str, title: str
) -> None:
    tab, heard = visit(browser, page.as_uri(), "en", WIDTHS[place])
    tab.check(f"#lang-{lang}", force=True)
    tab.evaluate("document.fonts.ready")
    shoot(tab, f"passport-{lang}-{place}", full=True)
    assert (heard.outside, heard.errors) == ([], [])
    assert tab.evaluate("document.documentElement.scrollWidth") <= WIDTHS[place]
    shown = tab.inner_text("main")
    assert title in shown
    assert "王小梅" in tab.inner_text("h1")
    assert tofu(tab) == ""
