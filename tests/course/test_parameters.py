"""Parameters: what the cell declares is found as papermill finds it, and a wrong name or value is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.course.samples import LESSON, parsed
from vsim.course.editions import generate_notebook, notebook_bytes
from vsim.course.parameters import Parameter, declared, settings
from vsim.course.source import read_source
from vsim.errors import UsageError

KNOWN = {
    "weeks": Parameter("weeks", "52", "length of the run", int),
    "share": Parameter("share", "0.25", "", float),
    "quick": Parameter("quick", "False", "", bool),
    "scenario": Parameter("scenario", '"riverside"', "", str),
    "stars": Parameter("stars", "[10, 20]", "", list),
    "names": Parameter("names", '["a"]', "", list),
    "open": Parameter("open", "None", "", None),
}


@pytest.mark.slow
def test_the_cell_is_read_with_defaults_comments_and_kinds(tmp_path: Path) -> None:
    path = tmp_path / "x.ipynb"
    path.write_bytes(notebook_bytes(generate_notebook(read_source(LESSON))))
    found = declared(path)
    assert list(found) == ["residents", "share", "season", "stars", "quiet"]
    assert found["residents"] == Parameter("residents", "600", "people who live in the town", int)
    assert [row.kind for row in found.values()] == [int, float, str, list, bool]


@pytest.mark.slow
def test_an_annotation_tells_the_kind_and_an_expression_leaves_it_open(tmp_path: Path) -> None:
    source = parsed("")
    cell = source.cells[0]
    made = generate_notebook(source)
    made.cells[0].source = "a: float = 1  # half\nb = 52 * 2\nc = None"
    assert cell.tags == ("parameters",)
    path = tmp_path / "x.ipynb"
    path.write_bytes(notebook_bytes(made))
    assert [row.kind for row in declared(path).values()] == [float, None, None]


@pytest.mark.parametrize(("word", "value"), [
    ("weeks=104", 104), ("weeks = 104", 104), ("share=1", 1.0), ("share=2e-3", 0.002), ("quick=true", True),
    ("scenario=pilot", "pilot"), ("scenario=52", "52"), ("scenario='a b'", "a b"), ("scenario=a=b", "a=b"),
    ("scenario=志愿", "志愿"), ("stars=[1, 2]", [1, 2]), ("stars=[]", []), ("names=[x, y]", ["x", "y"]),
    ("open=anything", "anything"), ("open=3", 3), ("scenario=", ""), ("scenario=yes: no", "yes: no"),
])
def test_values_are_read_as_yaml_reads_them(word: str, value: object) -> None:
    (found,) = settings([word], KNOWN, "x.md").values()
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(("word", "words"), [
    ("week=4", "'week' is not known. Did you mean 'weeks'? Allowed: weeks = 52  (length of the run); share"),
    ("weeks", "has no value; allowed name=value"),
    ("weeks=many", "weeks is 'many'; allowed a whole number like its default 52 (length of the run)."),
    ("weeks=0.5", "allowed a whole number"), ("weeks=true", "allowed a whole number"), ("weeks=", "a whole number"),
    ("share=half", "allowed a number"), ("quick=1", "allowed true or false"), ("quick=yes", "allowed true or false"),
    ("stars=5", "allowed a list"), ("stars=[a]", "allowed a list"), ("stars=[1", "allowed a list"),
])
def test_a_wrong_name_or_value_is_refused_with_what_is_allowed(word: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        settings([word], KNOWN, "x.md")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_parameter_given_twice_is_refused() -> None:
    with pytest.raises(UsageError, match="given twice"):
        settings(["weeks=1", "weeks=2"], KNOWN, "x.md")


def test_a_file_named_here_is_handed_on_with_its_full_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_text("a: 1\n")
    (tmp_path / "pilot").write_text("")
    assert settings(["scenario=mine.yaml"], KNOWN, "x.md") == {"scenario": str(tmp_path / "mine.yaml")}
    assert settings(["scenario=pilot"], KNOWN, "x.md") == {"scenario": "pilot"}
