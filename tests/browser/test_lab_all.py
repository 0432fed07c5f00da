"""Every lesson and every unit in JupyterLab, in both languages, from opening to Run All: the slow evidence.

`test_lab.py` does the same for one lesson and one unit with each run of the tests.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.servers import Server, Starting, shoot, tofu
from tests.browser.test_lab import LANGUAGES, WRONG, opened, ran, undisturbed
from tests.browser.test_page import browser as browser  # noqa: PLC0414 (a fixture is used by its name)
from tests.course.folders import command
from tests.curriculum.test_coverage import LESSONS, UNITS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.prove, pytest.mark.needs("notebooks")]
IDS = {unit: unit.replace("/", "-") for unit in UNITS}
NOTEBOOKS = {**{name: f"{name}.ipynb" for name in LESSONS}, **{unit: f"{one}/{one}.ipynb" for unit, one in IDS.items()}}


@pytest.fixture(scope="module", params=LANGUAGES)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Server]]:
    """Start a server on a folder with all lessons, and all units as they were handed out to one learner."""
    lang = request.param
    base = tmp_path_factory.mktemp(f"all-{lang}")
    (base / "list.csv").write_text("learner,name\nmei,Mei\n", encoding="utf-8")
    command(base, "course", "init", base / "course", "--learners", base / "list.csv", "--lang", lang, "-q")
    command(base, "notebook", "build", *LESSONS, "--lang", lang, "--out", base / "built", "-q")
    place = base / "work"
    shutil.copytree(base / "built" / lang, place)
    for unit, one in IDS.items():
        command(base, "course", "release", unit, "-C", base / "course", "-q")
        shutil.unpack_archive(base / "course" / "handouts" / one / "mei.zip", place)
    starting = Starting(base / "server", str(place), "--lang", lang)
    try:
        yield lang, starting.ready()
    finally:
        starting.stop()


@pytest.mark.parametrize("name", sorted(NOTEBOOKS))
def test_a_notebook_runs_in_jupyterlab_without_an_error(
    browser: Browser, server: tuple[str, Server], name: str
) -> None:
    lang, running = server
    tab, heard = opened(browser, running, lang, NOTEBOOKS[name])
    ran(tab, lang)
    panel = tab.locator(".jp-WindowedPanel-outer").first
    height = panel.evaluate("panel => panel.scrollHeight")
    seen = set()
    for number, top in enumerate(range(0, height, 700)):
        panel.evaluate(f"panel => {{ panel.scrollTop = {top}; }}")
        tab.wait_for_timeout(150)
        if number % 3 == 1:
            shoot(tab, f"all-{name.replace('/', '-')}-{lang}-{number:02d}")
        seen |= {output.inner_text()[:300] for mime in WRONG
                 for output in tab.locator(f".jp-OutputArea-output[data-mime-type='{mime}']").all()}
        assert tofu(tab) == ""
    assert seen == set()
    undisturbed(tab, lang)
    assert (heard.outside, heard.errors) == ([], [])
    tab.close()
