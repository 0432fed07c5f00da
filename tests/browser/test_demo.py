"""The demonstration's own page in headless Chromium, as `make demo` writes it: both languages, no noise, no tofu."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.test_page import SEEN, SHOTS, WIDTHS, visit
from tests.browser.test_page import browser as browser  # noqa: PLC0414 (a fixture is used by its name)
from vsim.cli.demo import demo

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CHARTS = 8


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "demo"
    demo(out=folder, replicates=2, seed=1, quiet=True, lang="en")
    return folder


@pytest.mark.parametrize("place", WIDTHS)
@pytest.mark.parametrize(("lang", "code"), [("en", "en"), ("zh", "zh-CN")])
def test_the_demonstration_shows_every_chart_in_both_languages(
    browser: Browser, written: Path, lang: str, code: str, place: str
) -> None:
    tab, noise = visit(browser, f"{(written / 'index.html').as_uri()}?lang={lang}", WIDTHS[place])
    tab.evaluate("document.fonts.ready")
    seen = tab.evaluate(SEEN)
    SHOTS.mkdir(parents=True, exist_ok=True)
    tab.screenshot(path=str(SHOTS / f"demo-{lang}-{place}.png"), full_page=True)
    assert noise == []
    assert seen["width"] <= WIDTHS[place]
    assert seen["lang"] == code
    assert len(seen["charts"]) == CHARTS
    assert seen["font"]
    assert ("合成数据" if lang == "zh" else "synthetic data") in seen["heading"]
    if lang == "zh":
        words = "\n".join(line for line in seen["words"].splitlines() if not line.startswith("vsim "))
        english = re.search(r"[A-Za-z]{4,}( [A-Za-z]{3,}){4,}", words)
        assert english is None, "an English sentence is left on the Chinese page"


def test_the_demonstration_leaves_a_data_set_and_charts_beside_the_page(written: Path) -> None:
    from vsim.report.check import check_package

    assert check_package(written / "data") == []
    names = {path.name for path in (written / "charts").iterdir()}
    assert names == {f"{key}.{lang}.png" for lang in ("en", "zh_CN") for key in (
        "worlds", "effect", "indicators", "groups", "map", "beside", "register", "spread")}
