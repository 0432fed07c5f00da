"""`vsim lab`: what it would start, for whom, in which language, and that nobody's work is built over."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.cli.small import vsim
from tests.house.repo import ROOT
from vsim.cli.lab import worked_in
from vsim.course.writing import write_built

SETTINGS = ROOT / "curriculum" / "jupyter"
pytestmark = pytest.mark.needs("notebooks")


def planned(*words: str | Path) -> tuple[dict[str, str], str]:
    """Return the environment and the command line of a dry run."""
    said = vsim("lab", *words, "--dry-run")
    assert said.code == 0, said.err
    lines = said.out.splitlines()
    return dict(line.split("=", 1) for line in lines if not line.startswith(("cd ", sys.executable))), lines[-1]


def handout(folder: Path, lang: str) -> Path:
    folder.mkdir()
    notebook = {"cells": [], "metadata": {"vsim": {"lang": lang}}, "nbformat": 4, "nbformat_minor": 5}
    (folder / "unit one.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return folder


def test_it_opens_the_first_lesson_for_learners_in_the_language_asked_for() -> None:
    environment, command = planned("--lang", "zh", "--no-browser", "--port", "9999")
    folders = environment["JUPYTER_CONFIG_PATH"].split(":")
    assert folders[:3] == [str(SETTINGS / "learner"), str(SETTINGS / "zh_CN"), str(SETTINGS)]
    assert environment["VSIM_LANG"] == environment["LANG_UI"] == "zh_CN"
    assert "--LabApp.default_url=/lab/tree/management/01-registers-and-rates.ipynb" in command
    assert "--no-browser" in command
    assert "--ServerApp.port=9999" in command
    assert "token" not in command


def test_nothing_goes_into_the_home_folder_unless_the_user_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR"):
        monkeypatch.delenv(name, raising=False)
    environment, _ = planned()
    own = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")
    assert all(environment[name].startswith(str(ROOT / "build" / "lab")) for name in own)
    monkeypatch.setenv("JUPYTER_DATA_DIR", "/elsewhere")
    assert "JUPYTER_DATA_DIR" not in planned()[0]


@pytest.mark.parametrize(("more", "wanted"), [((), "zh_CN"), (("--lang", "en"), "en")])
def test_a_handout_is_opened_in_its_own_language(tmp_path: Path, more: tuple[str, ...], wanted: str) -> None:
    environment, command = planned(handout(tmp_path / "hand out", "zh_CN"), *more)
    assert environment["VSIM_LANG"] == wanted
    assert "/lab/tree/unit%20one.ipynb" in command


def test_a_course_is_opened_in_its_language_with_formgrader(tmp_path: Path) -> None:
    assert vsim("course", "init", tmp_path / "class", "-q", "--lang", "zh_CN").code == 0
    environment, command = planned("--course", tmp_path / "class")
    assert environment["JUPYTER_CONFIG_PATH"].startswith(str(SETTINGS / "trainer"))
    assert environment["VSIM_LANG"] == "zh_CN"
    assert f"--ServerApp.root_dir={tmp_path / 'class'}" in command


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("management/99-none",), "is no lesson"),
        (("--course", "{empty}"), "is no course folder"),
        (("{empty}",), "holds no notebook"),
        (("x", "--course", "{empty}"), "allowed one of them"),
    ],
)
def test_what_cannot_be_opened_is_said_in_a_line(tmp_path: Path, words: tuple[str, ...], part: str) -> None:
    said = vsim("lab", *(word.format(empty=tmp_path) for word in words), "--dry-run")
    assert said.code == 2
    assert part in said.err
    assert len(said.err.splitlines()) == 1


def test_a_lesson_that_somebody_works_in_is_not_built_over(tmp_path: Path) -> None:
    write_built(tmp_path, {"en/management/01.ipynb": b"{}"})
    notebook = tmp_path / "en" / "management" / "01.ipynb"
    assert not worked_in(notebook, tmp_path)
    assert not worked_in(notebook.with_name("02.ipynb"), tmp_path)
    notebook.write_bytes(b'{"cells": [1]}')
    assert worked_in(notebook, tmp_path)


def test_the_settings_keep_jupyterlab_quiet_and_hide_the_panels_of_trainers() -> None:
    def read(*parts: str) -> dict[str, dict[str, object]]:
        found: dict[str, dict[str, object]] = json.loads(SETTINGS.joinpath(*parts).read_text(encoding="utf-8"))
        return found

    common = read("labconfig", "default_setting_overrides.json")
    assert common["@jupyterlab/apputils-extension:notification"] == {"checkForUpdates": False, "fetchNews": "false"}
    hidden = read("learner", "labconfig", "page_config.json")["disabledExtensions"]
    assert {"@jupyter/nbgrader:formgrader", "@jupyter/nbgrader:create-assignment", "@jupyter/nbgrader:menu"} <= set(
        hidden
    )
    assert "@jupyter/nbgrader:formgrader" not in read("trainer", "labconfig", "page_config.json")["disabledExtensions"]
    for lang in ("en", "zh_CN"):
        overrides = read(lang, "labconfig", "default_setting_overrides.json")
        assert overrides["@jupyterlab/translation-extension:plugin"] == {"locale": lang}
