"""The catalogue beside a lesson: in the order of the text, kept in step, and honest about what it lacks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.course.samples import LESSON, UNIT, code, parsed, town, translate, written
from vsim.course.catalogues import messages_of, translations, update, words_in
from vsim.course.source import read_source
from vsim.errors import UsageError

BODY = """# A title

People serve **{n}** hours, 50 % of them on Sundays.

- one point
- another point

""" + code('print(lesson.t("{n} weeks of service").format(n=weeks))')


def wrongs(path: Path) -> list[tuple[str, str]]:
    return [(fault.wrong, fault.message) for fault in translations(read_source(path)).faults]


@pytest.mark.parametrize("path", [LESSON, UNIT], ids=["lesson", "unit"])
def test_the_samples_are_completely_translated_and_their_catalogues_fresh(path: Path, tmp_path: Path) -> None:
    source = read_source(town(tmp_path).parents[2] / path.relative_to(LESSON.parents[2]))
    assert translations(source).faults == ()
    assert update(source) is False


def test_messages_stand_in_the_order_of_the_text_title_and_objectives_first() -> None:
    found = list(messages_of(read_source(LESSON)))
    assert found[:3] == [
        "Who serves in a small town", "Name the denominator of a rate", "Compute the active share of a register",
    ]
    assert found.index("What the register says") < found.index("Registered people: {n}") < found.index("Measure")
    assert found[-1] == "Which number is the denominator?"          # from the checks beside the lesson


def test_words_of_code_go_to_the_kernel_and_prose_does_not() -> None:
    said = translations(read_source(LESSON))
    assert said.words == {
        "Registered people: {n}": "登记人数：{n}", "Which number is the denominator?": "哪个数是分母？",
    }
    assert said.known["Measure"] == "指标"


def test_the_file_holds_no_date_line_or_tool_and_prose_is_no_format(tmp_path: Path) -> None:
    source = written(tmp_path, BODY)
    assert update(source)
    text = source.catalogue.read_text(encoding="utf-8")
    for word in ("Date", "Generated", str(tmp_path)):
        assert word not in text
    assert not re.search(r"\.md:\d", text)
    assert text.count("python-brace-format") == 1                   # the words in code, not the sentence
    assert "python-format" not in text
    places = [text.index(words) for words in ("A title", "People serve", "one point", "weeks of service")]
    assert places == sorted(places)


def test_updating_twice_changes_no_byte(tmp_path: Path) -> None:
    source = written(tmp_path, BODY)
    assert update(source)
    before = source.catalogue.read_bytes()
    assert not update(source)
    assert source.catalogue.read_bytes() == before
    assert list(tmp_path.rglob("*partial*")) == []


def test_a_new_catalogue_says_that_everything_lacks_with_file_and_line(tmp_path: Path) -> None:
    source = written(tmp_path, BODY)
    assert {fault.wrong for fault in translations(source).faults} == {"not in the catalogue"}
    update(source)
    faults = translations(source).faults
    assert {fault.wrong for fault in faults} == {"no translation"}
    lines = source.path.read_text(encoding="utf-8").splitlines()
    (point,) = (fault for fault in faults if fault.message == "another point")
    assert lines[int(point.where.rpartition(":")[2]) - 1] == "- another point"


def test_a_changed_text_turns_fuzzy_with_the_previous_one_and_stays_so(tmp_path: Path) -> None:
    source = written(tmp_path, BODY)
    update(source)
    translate(source, {"one point": "第一点", "another point": "另一点"})
    changed = written(tmp_path, BODY.replace("another point", "another points"))
    assert ("no longer in the source", "another point") in wrongs(changed.path)
    for _ in range(2):                                              # the previous text is not lost by a second update
        update(changed)
        text = changed.catalogue.read_text(encoding="utf-8")
        assert '#| msgid "another point"\nmsgid "another points"\nmsgstr "另一点"' in text
    assert ("fuzzy", "another points") in wrongs(changed.path)
    assert "another points" not in translations(changed).known
    translate(changed, {"another points": "另外几点"})
    assert translations(changed).known["another points"] == "另外几点"


def test_a_text_that_left_is_kept_as_obsolete_and_comes_back_translated(tmp_path: Path) -> None:
    source = written(tmp_path, BODY)
    update(source)
    translate(source, {"one point": "第一点"})
    update(written(tmp_path, BODY.replace("- one point\n", "")))
    assert '#~ msgstr "第一点"' in source.catalogue.read_text(encoding="utf-8")
    update(written(tmp_path, BODY))
    assert translations(source).known["one point"] == "第一点"
    assert "#~" not in source.catalogue.read_text(encoding="utf-8")


@pytest.mark.parametrize(("body", "chinese", "wrong"), [
    (code('lesson.t("{n} weeks")'), {"{n} weeks": "{m} 周"}, "braces differ"),
    ("Run `vsim demo` now", {"Run `vsim demo` now": "现在运行 vsim demo"}, "marks differ"),
    ("see [that](b.md)", {"see [that](b.md)": "见[那里](c.md)"}, "marks differ"),
    ("**How many?** Count.", {"**How many?** Count.": "**多少？**数一数。"}, "marks differ"),
    ("Two people", {"Two people": "- 两个人"}, "blocks differ"),
    ("Two people", {"Two people": "一\n\n二"}, "blocks differ"),
])
def test_a_translation_that_would_break_the_page_or_the_code_counts_as_none(
    tmp_path: Path, body: str, chinese: dict[str, str], wrong: str
) -> None:
    source = written(tmp_path, body)
    update(source)
    translate(source, chinese)
    assert wrong in [found for found, message in wrongs(source.path) if message in chinese]
    assert translations(source).known == {}


def test_a_translation_may_name_the_heading_in_its_own_words(tmp_path: Path) -> None:
    source = written(tmp_path, "See [above](#A-title).")
    update(source)
    translate(source, {"See [above](#A-title).": "见[上文](#标题)。"})
    assert translations(source).known == {"See [above](#A-title).": "见[上文](#标题)。"}


def test_a_catalogue_with_a_mistake_is_named(tmp_path: Path) -> None:
    source = written(tmp_path, BODY)
    source.catalogue.write_text('msgid "a"\nmsgstr "b"\nwords in between\n', encoding="utf-8")
    with pytest.raises(UsageError, match=r"01-x\.zh_CN\.po: is no valid catalogue"):
        translations(source)


def test_lines_for_ipython_are_passed_over_and_gaps_understood() -> None:
    assert words_in("%matplotlib inline\n!ls\nx = ...\nlesson.t('a')", "x.md:1") == ["a"]


@pytest.mark.parametrize(("body", "words"), [
    ("x = ", "x.md:1: the code cannot be read"), ('unit.t(f"{n} weeks")', 'Write t("... {name}").format(name=...)'),
])
def test_code_whose_words_cannot_be_found_is_refused(body: str, words: str) -> None:
    with pytest.raises(UsageError, match=r"x\.md:1") as caught:
        words_in(body, "x.md:1")
    assert words in str(caught.value)


def test_a_message_that_stands_twice_is_one_entry_with_both_its_places() -> None:
    found = messages_of(parsed("# A title\n\nA title"))["A title"]
    assert (found.sorts, found.files) == (["title", "heading", "paragraph"], ["01-x.md"])
