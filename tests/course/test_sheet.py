"""The sheet of options: letters with their texts, and names of their own only where nothing else is asked."""

from __future__ import annotations

from vsim.course import Choice
from vsim.course.sheet import options_sheet
from vsim.course.words import Words

TASK = {"id": "q6", "title": "First and last"}
DISTRICT, SENTENCE = Choice("top", ("D01", "D02"), lettered=False), Choice("claim", ("first is best", "it may be luck"))


def test_codes_of_districts_are_not_listed_beside_sentences_with_letters() -> None:
    sheet = options_sheet(TASK, [DISTRICT, SENTENCE], Words("en", {}))
    assert [(line.word, line.text) for line in sheet.lines] == [("A", "first is best"), ("B", "it may be luck")]
    assert sheet.letter("it may be luck") == "B"


def test_options_that_name_themselves_are_listed_where_nothing_has_a_letter() -> None:
    sheet = options_sheet(TASK, [DISTRICT], Words("en", {}))
    assert [line.word for line in sheet.lines] == ["D01", "D02"]
