"""`vsim lab` in headless Chromium: a lesson and a handed-out unit, in both languages, from opening to Run All.

Each language has a server of its own, with the lesson and the unit side by side, as a learner's folder is.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.servers import Heard, Server, Starting, enter, shoot, tofu
from tests.browser.test_page import browser as browser  # noqa: PLC0414 (a fixture is used by its name)
from tests.course.folders import UNIT, command, new_course

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.needs("notebooks")]

LESSON = "management/01-registers-and-rates"
LANGUAGES = ("en", "zh_CN")
RUN = {"en": "Run", "zh_CN": "运行"}
CODES = {"en": "en", "zh_CN": "zh-CN"}
WRONG = ("application/vnd.jupyter.error", "application/vnd.jupyter.stderr")
READY = """() => document.querySelectorAll('.jp-Notebook .jp-Cell').length > 10
  && !document.querySelector('.jp-Spinner')
  && /Idle|空闲/.test(document.querySelector('#jp-main-statusbar')?.innerText)"""
DONE = """() => {
  const prompts = [...document.querySelectorAll('.jp-CodeCell .jp-InputArea-prompt')].map(e => e.textContent);
  const idle = document.querySelector('.jp-Notebook-ExecutionIndicator')?.dataset.status === 'idle';
  return idle && prompts.some(text => /[0-9]/.test(text)) && !prompts.some(text => text.includes('*'));
}"""


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Server]]:
    """Start a server for each language, side by side, on a folder with the lesson and a unit."""
    starting = {}
    for lang in LANGUAGES:
        base = tmp_path_factory.mktemp(f"lab-{lang}")
        course = new_course(base / "day-class", {"mei": "Mei"}, lang)
        place = base / "my work"
        command(base, "notebook", "build", LESSON, "--lang", lang, "--out", base / "built", "-q")
        shutil.copytree(base / "built" / lang, place)
        shutil.unpack_archive(course / "handouts" / UNIT / "mei.zip", place)
        starting[lang] = Starting(base / "server", str(place), "--lang", lang)
    try:
        yield {lang: server.ready() for lang, server in starting.items()}
    finally:
        seconds = [server.stop() for server in starting.values()]
    assert max(seconds) < 15, "Ctrl-C did not end the server"


def opened(browser: Browser, server: Server, lang: str, path: str) -> tuple[Page, Heard]:
    tab, heard = enter(browser, server, f"/lab/tree/{path}?reset", CODES[lang])
    tab.wait_for_function(READY, timeout=60_000)
    return tab, heard


def ran(tab: Page, lang: str) -> None:
    """Choose Run All Cells in the menu, and wait until everything has run."""
    tab.click(f".lm-MenuBar-itemLabel:text-is('{RUN[lang]}')")
    tab.locator("li[data-command='runmenu:run-all']").click()
    tab.wait_for_timeout(300)
    tab.wait_for_function(DONE, timeout=90_000)


def undisturbed(tab: Page, lang: str) -> None:
    """Nothing has popped up, the menus speak the language, and nothing of nbgrader's panels is there."""
    assert tab.locator(".jp-Dialog, .Toastify__toast").count() == 0
    menus = [item.inner_text() for item in tab.locator(".lm-MenuBar-itemLabel").all()]
    assert menus[:3] == (["File", "Edit", "View"] if lang == "en" else ["文件", "编辑", "查看"])
    assert "Nbgrader" not in menus
    titles = [item.get_attribute("title") or "" for item in tab.locator(".lm-TabBar-tab").all()]
    assert not any("assignment" in title.lower() for title in titles)
    assert "cm-lineWrapping" in (tab.locator(".jp-CodeCell .cm-content").first.get_attribute("class") or "")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", ["lesson", "unit"])
def test_a_notebook_opens_undisturbed_and_runs_from_top_to_bottom(
    browser: Browser, servers: dict[str, Server], lang: str, kind: str
) -> None:
    path = f"{LESSON}.ipynb" if kind == "lesson" else f"{UNIT}/{UNIT}.ipynb"
    tab, heard = opened(browser, servers[lang], lang, path)
    shoot(tab, f"lab-{kind}-{lang}")
    ran(tab, lang)
    tab.locator(".jp-WindowedPanel-outer").first.evaluate("panel => { panel.scrollTop = 1200; }")
    tab.wait_for_timeout(300)
    shoot(tab, f"lab-{kind}-{lang}-run")
    undisturbed(tab, lang)  # the news used to come a little later
    wrong = [
        output.inner_text()
        for mime in WRONG
        for output in tab.locator(f".jp-OutputArea-output[data-mime-type='{mime}']").all()
    ]
    assert wrong == []
    assert tab.locator(".jp-OutputArea-output").count() > 3
    assert tofu(tab) == ""
    assert (heard.outside, heard.errors) == ([], [])
    if kind == "unit":  # the card at the top comes from the kernel
        assert ("学员" if lang == "zh_CN" else "Learner") in tab.inner_text(".jp-Notebook")


def test_nothing_is_written_into_the_home_folder(servers: dict[str, Server]) -> None:
    for server in servers.values():
        found = {path.name for path in server.home.iterdir()}
        assert not found & {".jupyter", ".ipython", ".local", ".npm"}, found
    assert os.environ["HOME"] not in {str(server.home) for server in servers.values()}
