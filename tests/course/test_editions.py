"""English and Chinese editions differ in their prose only; two builds give the same bytes; nobody's work is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.course.samples import LESSON, UNIT, code, town, translate, written
from vsim.course.blocks import shape
from vsim.course.catalogues import update
from vsim.course.editions import build, edition_files, generate_notebook, languages, notebook_bytes, sidecar
from vsim.course.source import read_source
from vsim.errors import UsageError

HAN = range(0x4E00, 0xA000)


def chinese(text: str) -> bool:
    return any(ord(letter) in HAN for letter in text)


@pytest.mark.parametrize("path", [LESSON, UNIT], ids=["lesson", "unit"])
def test_both_editions_have_the_same_ids_metadata_and_code_and_other_prose(path: Path) -> None:
    source = read_source(path)
    english, other = (generate_notebook(source, lang) for lang in ("en", "zh_CN"))
    assert len(english.cells) == len(other.cells)
    for one, two in zip(english.cells, other.cells, strict=True):
        assert (one.id, one.cell_type, one.metadata) == (two.id, two.cell_type, two.metadata)
        if one.cell_type == "code":
            assert one.source == two.source
        else:
            assert shape(one.source) == shape(two.source)
            assert chinese(two.source)
            assert not chinese(one.source)


def test_the_english_edition_is_the_source_letter_for_letter() -> None:
    source = read_source(LESSON)
    kept = [cell for cell in source.cells if "claim" not in cell.tags]
    assert [cell.source for cell in generate_notebook(source).cells] == [cell.source for cell in kept]


def test_code_and_formulas_in_the_prose_and_html_stay_in_the_chinese_edition() -> None:
    text = "\n".join(cell.source for cell in generate_notebook(read_source(LESSON), "zh_CN").cells)
    for word in ("<summary>显示答案</summary>", "# code in prose is not translated", r"0 \le \frac{a}{r} \le 1",
                 "| :-- | --: | :-- |", "  1. 有姓名，", "> 没有分母"):
        assert word in text


def test_claims_are_left_out_for_learners_and_kept_for_tests() -> None:
    source = read_source(LESSON)
    learners, tests = generate_notebook(source), generate_notebook(source, claims=True)
    assert "assert" not in notebook_bytes(learners).decode()
    assert [cell.id for cell in tests.cells if cell not in learners.cells] == ["what-the-register-says-5"]


def test_a_notebook_says_what_it_is_and_holds_no_time_or_machine() -> None:
    made = generate_notebook(read_source(LESSON), "zh_CN")
    assert made.metadata["vsim"] == {"format": 1, "id": "management/01-small-town", "lang": "zh_CN"}
    assert made.metadata["kernelspec"]["name"] == "python3"
    assert (made.nbformat, made.nbformat_minor) == (4, 5)
    assert notebook_bytes(made) == notebook_bytes(generate_notebook(read_source(LESSON), "zh"))


def test_nbgrader_s_metadata_pass_through_untouched() -> None:
    made = generate_notebook(read_source(UNIT), "zh_CN")
    found = {cell.id: cell.metadata["nbgrader"] for cell in made.cells if "nbgrader" in cell.metadata}
    assert set(found) == {"intro", "setup", "q1", "q1-tests", "q2"}
    assert all(row["schema_version"] == 3 and row["grade_id"] == name for name, row in found.items())


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*deprecated:Warning")             # of setuptools, which nbgrader imports
def test_nbgrader_accepts_the_notebook_of_a_unit_as_it_is() -> None:
    from nbgrader.nbgraderformat import reads

    for lang in ("en", "zh_CN"):
        made = generate_notebook(read_source(UNIT), lang)
        assert reads(notebook_bytes(made).decode(), as_version=4) == made


def test_the_sidecar_holds_the_words_of_the_code_and_no_more() -> None:
    assert sidecar(read_source(LESSON), "zh_CN") == {
        "format": 1, "kind": "lesson", "id": "management/01-small-town", "lang": "zh_CN", "title": "小镇上谁在服务",
        "minutes": 30,
        "words": {"Registered people: {n}": "登记人数：{n}", "Which number is the denominator?": "哪个数是分母？"},
    }
    assert sidecar(read_source(LESSON))["words"] == {}
    assert sidecar(read_source(UNIT), "zh_CN")["kind"] == "unit"


def test_what_is_not_translated_stands_in_english_and_is_reported(tmp_path: Path) -> None:
    source = written(tmp_path, "# A title\n\n- one\n- two\n")
    update(source)
    translate(source, {"one": "一"})
    built = build(source, "zh_CN", tmp_path / "out")
    assert "# A title\n\n- 一\n- two" in [cell.source for cell in generate_notebook(source, "zh_CN").cells]
    assert [fault.message for fault in built.faults] == ["A title", "Do it", "two"]
    assert build(source, "en", tmp_path / "out").faults == ()


def test_an_edition_is_three_files_under_its_language_and_track(tmp_path: Path) -> None:
    source = read_source(town(tmp_path / "town"))
    for lang in ("en", "zh_CN"):
        assert build(source, lang, tmp_path / "out").notebook == (
            tmp_path / "out" / lang / "management" / "01-small-town.ipynb"
        )
    names = sorted(path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.*"))
    stem = "management/01-small-town"
    files = [f"{lang}/{stem}.{end}" for lang in ("en", "zh_CN") for end in ("ipynb", "json", "py")]
    assert names == [".built.json", *files]
    assert (tmp_path / "out" / "en" / f"{stem}.py").read_bytes() == source.checks.read_bytes()
    assert json.loads((tmp_path / "out" / "zh_CN" / f"{stem}.json").read_text(encoding="utf-8"))["minutes"] == 30


def test_two_builds_give_the_same_bytes_and_the_second_writes_nothing(tmp_path: Path) -> None:
    source = read_source(LESSON)
    assert edition_files(source, "zh_CN") == edition_files(read_source(LESSON), "zh_CN")
    first = build(source, "zh_CN", tmp_path)
    stamp = first.notebook.stat().st_mtime_ns
    again = build(source, "zh_CN", tmp_path)
    assert (again.kept, again.notebook.stat().st_mtime_ns) == ((), stamp)


def test_a_notebook_that_somebody_worked_in_is_put_aside_before_it_is_built_again(tmp_path: Path) -> None:
    source = written(tmp_path, "# A title\n")
    notebook = build(source, "en", tmp_path / "out").notebook
    notebook.write_text(notebook.read_text(encoding="utf-8").replace("A title", "My notes"), encoding="utf-8")
    built = build(written(tmp_path, "# Another title\n"), "en", tmp_path / "out")
    assert [path.name for path in built.kept] == ["01-x-kept-1.ipynb"]
    assert "My notes" in built.kept[0].read_text(encoding="utf-8")
    assert "Another title" in notebook.read_text(encoding="utf-8")
    assert build(written(tmp_path, "# A third\n"), "en", tmp_path / "out").kept == ()


def test_a_build_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = written(tmp_path, "# A title\n")
    built = build(source, "en", tmp_path / "out")
    before = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*.*")}
    written_so_far: list[int] = []

    def full(descriptor: int) -> None:
        written_so_far.append(descriptor)
        if len(written_so_far) == 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("vsim.course.writing.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        build(written_quietly(source.path, "# Another\n"), "en", tmp_path / "out")
    assert {path: path.read_bytes() for path in (tmp_path / "out").rglob("*.*")} == before
    assert built.notebook.exists()


def written_quietly(path: Path, body: str):  # type: ignore[no-untyped-def]
    path.write_text(path.read_text(encoding="utf-8") + body, encoding="utf-8")
    return read_source(path)


def test_cells_of_code_keep_every_letter_in_both_editions(tmp_path: Path) -> None:
    body = 'print("服务")\n\n\n# a comment  \nx = """\n# no heading\n"""'
    source = written(tmp_path, code(body))
    for lang in ("en", "zh_CN"):
        assert generate_notebook(source, lang).cells[-1].source == body


def test_languages_are_named_one_or_all() -> None:
    assert languages("all") == languages(None) == ("en", "zh_CN")
    assert languages("zh") == ("zh_CN",)
    with pytest.raises(UsageError, match="allowed en, zh_CN"):
        languages("fr")
