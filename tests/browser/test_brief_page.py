"""The page of a brief in headless Chromium: it fits, is silent, and prints to PDF."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.test_notebook_page import browser  # noqa: F401  (a fixture)
from tests.browser.test_page import SHOTS, WIDTHS, visit
from tests.cli.small import PILOT, TOWN
from vsim.report.brief import write_brief
from vsim.report.brief_print import print_pdf
from vsim.run.question import Question, run_all
from vsim.spec.scenario import load_scenario

SEEN = """() => {
  const shown = [...document.querySelectorAll('.page *')].filter(e => e.getClientRects().length);
  const free = shown.filter(e => !e.closest('pre, svg, .scroll'));
  return {
    width: document.documentElement.scrollWidth,
    overflow: free.filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.tagName),
    silent: [...document.querySelectorAll('img')].filter(e => !e.alt).length,
    broken: [...document.images].filter(e => !e.naturalWidth).length,
  };
}"""
pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("page")
    for name, text in (("town", TOWN), ("town_pilot", PILOT)):
        (place / f"{name}.yaml").write_text(text, encoding="utf-8")
    question = Question(load_scenario(place / "town.yaml"), load_scenario(place / "town_pilot.yaml"), replicates=2,
                        tries=1)
    run_all(question.sweeps(place / "out", jobs=1))
    write_brief(question, place / "out", 1.0)
    return place / "out"


@pytest.mark.parametrize("place", WIDTHS)
@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_the_page_of_a_brief_fits_and_is_silent(browser: object, folder: Path, lang: str, place: str) -> None:  # noqa: F811
    tab, noise = visit(browser, (folder / f"brief.{lang}.html").as_uri(), WIDTHS[place])  # type: ignore[arg-type]
    tab.evaluate("document.fonts.ready")
    seen = tab.evaluate(SEEN)
    SHOTS.mkdir(parents=True, exist_ok=True)
    tab.screenshot(path=str(SHOTS / f"brief-{lang}-{place}.png"), full_page=True)
    assert noise == []
    assert seen["width"] <= WIDTHS[place]
    assert seen["overflow"] == []
    assert (seen["silent"], seen["broken"]) == (0, 0)


def test_the_page_prints(folder: Path, tmp_path: Path) -> None:
    made = print_pdf(folder / "brief.zh_CN.html", tmp_path / "brief.pdf").read_bytes()
    assert made.startswith(b"%PDF")
    assert made.rstrip().endswith(b"%%EOF")
    assert len(made) > 100_000
