"""vsim notebook: builds, runs, exports and updates; what lacks is said, and failures leave with 1 or 2."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.small import vsim
from tests.course.samples import code, town, translate, written
from vsim.course.catalogues import update

NAME = "management/01-small-town"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with the sample lesson, in which the commands are run."""
    town(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_build_writes_both_editions_below_the_working_folder_and_says_so(here: Path) -> None:
    said = vsim("notebook", "build")
    assert (said.code, said.out) == (0, "")
    built = sorted(path.relative_to(here / "build").as_posix() for path in (here / "build").rglob("*.ipynb"))
    assert built == [f"notebooks/{lang}/{NAME}.ipynb" for lang in ("en", "zh_CN")]
    assert said.err.count("Written:") == 2


def test_build_takes_a_language_and_a_folder(here: Path) -> None:
    assert vsim("notebook", "build", NAME, "--lang", "zh_CN", "--out", here / "out", "--quiet").code == 0
    assert [path.name for path in (here / "out").iterdir() if path.is_dir()] == ["zh_CN"]


def test_build_lists_what_lacks_and_only_a_strict_build_fails(here: Path) -> None:
    source = written(here, "# A title\n")
    update(source)
    translate(source, {"Do it": "去做"})
    for strict, exit_code in (((), 0), (("--strict",), 1)):
        said = vsim("notebook", "build", "01-x", *strict)
        assert said.code == exit_code
        assert re.search(r"01-x\.md:\d+: no translation: A title", said.out)
        assert "1 entries" in said.err
    assert vsim("notebook", "build", NAME, "--strict").code == 0


def test_a_changed_notebook_is_kept(here: Path) -> None:
    assert vsim("notebook", "build", NAME, "--lang", "en").code == 0
    notebook = here / "build" / "notebooks" / "en" / f"{NAME}.ipynb"
    notebook.write_text(notebook.read_text(encoding="utf-8").replace("600", "700"), encoding="utf-8")
    assert "01-small-town-kept-1.ipynb" in vsim("notebook", "build", NAME, "--lang", "en").err.replace("\n", "")


def test_update_writes_and_check_only_looks(here: Path) -> None:
    source = written(here, "# A title\n")
    said = vsim("notebook", "update", "01-x", "--check")
    assert said.code == 1
    assert "not in the catalogue: A title" in said.out
    assert not source.catalogue.exists()
    said = vsim("notebook", "update", "01-x")
    assert said.code == 0
    assert "no translation: A title" in said.out
    assert source.catalogue.exists()
    assert vsim("notebook", "update", NAME, "--check").code == 0


@pytest.mark.parametrize(("words", "message"), [
    (("build", "management/01-smal-town"), "Did you mean 'management/01-small-town'?"),
    (("build", NAME, "--lang", "fr"), "allowed en, zh_CN"),
    (("export", NAME, "-o", "page.pdf"), "allowed a name that ends in .ipynb or .html"),
    (("export", NAME, "-o", "page.ipynb"), "allowed a name that ends in .html"),
    (("export", "gone.ipynb", "-o", "page.html"), "no such file"),
    (("run", NAME, "-o", "there.html"), "exists already"),
    (("run", NAME, "-o", "notebooks"), "allowed a name that ends in"),
    (("run", NAME, "-p", "resident=5"), "Did you mean 'residents'?"),
    (("run", NAME, "-p", "residents=five"), "allowed a whole number like its default 600"),
])
@pytest.mark.slow
def test_what_is_not_possible_is_refused_with_the_next_step(here: Path, words: tuple[str, ...], message: str) -> None:
    (here / "there.html").write_text("mine")
    said = vsim("notebook", *words)
    assert said.code == 2
    assert message in said.err
    assert said.err.count("\n") == 1
    assert (here / "there.html").read_text() == "mine"


@pytest.mark.slow
def test_run_writes_a_notebook_or_a_page_with_the_parameters(here: Path) -> None:
    said = vsim("notebook", "run", NAME, "-p", "residents=800", "-p", "quiet=true", "--lang", "zh_CN")
    assert said.code == 0, said.err
    ran = json.loads((here / "build" / "notebooks" / "runs" / "zh_CN" / f"{NAME}.ipynb").read_text(encoding="utf-8"))
    assert ran["metadata"]["vsim"]["parameters"] == {"residents": 800, "quiet": True}
    assert vsim("notebook", "run", NAME, "-o", "brief.html", "--quiet", "--lang", "en").err == ""
    page = (here / "brief.html").read_text(encoding="utf-8")
    assert '<html lang="en">' in page
    assert "data:image/png;base64," in page
    assert "data:font/woff;base64," in page


@pytest.mark.slow
def test_a_run_that_fails_names_the_cell_and_keeps_what_ran(here: Path) -> None:
    written(here, "## Rates\n\n" + code("print('so far')") + "\n" + code("1 / 0"))
    said = vsim("notebook", "run", "01-x", "-o", "out.ipynb", "--quiet")
    assert said.code == 1
    assert said.err == ('vsim: 01-x: stopped in cell rates-3 under "Rates": ZeroDivisionError: division by zero. '
                        "What ran until then is in out.ipynb.\n")
    text = (here / "out.ipynb").read_text(encoding="utf-8")
    assert "so far" in text
    assert "This run stopped" in text


@pytest.mark.slow
def test_export_takes_a_lesson_or_a_notebook_file(here: Path) -> None:
    assert vsim("notebook", "export", NAME, "-o", "a.html", "--lang", "zh_CN", "--quiet").code == 0
    assert '<html lang="zh-CN">' in (here / "a.html").read_text(encoding="utf-8")
    assert vsim("notebook", "build", NAME, "--lang", "zh_CN", "--quiet").code == 0
    built = here / "build" / "notebooks" / "zh_CN" / f"{NAME}.ipynb"
    assert vsim("notebook", "export", built, "-o", "b.html", "--quiet").code == 0
    assert (here / "a.html").read_bytes() == (here / "b.html").read_bytes()
    assert vsim("notebook", "export", built, "-o", "b.html").code == 2
    assert vsim("notebook", "export", built, "-o", "b.html", "--force", "--quiet").code == 0
