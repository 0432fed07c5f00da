"""Markdown cut into messages and joined again: nothing is lost, and marks, code and tags stay as they are."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from vsim.course.blocks import has_words, join, kept, shape, split

EVERYTHING = """# Counting *honestly* #

A paragraph that
goes on, with `code` and a [link](page.md).

Another title
-------------

- one point
  on two lines
- another
  1. deeper, with\\
     a break
  2. last

> quoted words
> on two lines
>
> - and a point

| Measure | Value |
| :-- | --: |
| Registered \\| active | 42 |
| `hours` | hours |

```python
# not translated
```

    nor is this

<details>
<summary>Show the <b>answer</b></summary>

The answer is $x$.

</details>

<!-- a remark of the author -->

![A map of stations](map.png)

<img src="map.png" alt="A map">

$$
y = f(x)
$$
"""
MESSAGES = [
    "Counting *honestly*", "A paragraph that goes on, with `code` and a [link](page.md).", "Another title",
    "one point on two lines", "another", "deeper, with\\\na break", "last", "quoted words on two lines", "and a point",
    "Measure", "Value", "Registered \\| active", "hours", "Show the <b>answer</b>", "The answer is $x$.",
    "![A map of stations](map.png)", '<img src="map.png" alt="A map">',
]
PIECES = st.sampled_from([
    "words", "a", "**b**", "`c`", "\n", "\n\n", "- ", "* ", "1. ", "> ", "# ", "## ", "  ", "\t", "    ", "|", " | ",
    "\n---\n", "\n| a | b |\n| - | - |\n| c | d |\n", "```\n", "~~~", "<details>\n", "<summary>s</summary>",
    "\n</details>\n", "<!--", "-->", "\\", "  \n", "===\n", "$x$", "$$\n", "[l](u)", "![a](b)", "服务", "+ ", "\u00a0",
    "&amp;", "<b>", "</b>", "#", "\u2028",
])
TEXTS = st.one_of(st.lists(PIECES, max_size=25).map("".join), st.text(max_size=80))


def messages(text: str) -> list[str]:
    return [block.message for block in split(text) if block.message]


def test_every_kind_of_block_is_one_message_and_nothing_else_is() -> None:
    assert messages(EVERYTHING) == MESSAGES


def test_each_message_says_what_kind_of_block_it_is() -> None:
    sorts = {block.message: block.sort for block in split(EVERYTHING) if block.message}
    assert sorts["Counting *honestly*"] == sorts["Another title"] == "heading"
    assert sorts["another"] == sorts["and a point"] == "point"
    assert sorts["quoted words on two lines"] == "quote"
    assert (sorts["Measure"], sorts["Show the <b>answer</b>"]) == ("cell", "html")


@given(TEXTS)
@example(EVERYTHING)
@settings(max_examples=250)
def test_the_pieces_joined_untranslated_are_the_text(text: str) -> None:
    assert join(split(text)) == text
    assert "".join(block.text for block in split(text)) == text


@given(TEXTS)
@settings(max_examples=100)
def test_cutting_is_the_same_every_time_and_a_message_is_never_blank(text: str) -> None:
    assert split(text) == split(text)
    assert all(has_words(message) and message == message.strip() for message in messages(text))


def test_a_translation_takes_the_place_of_the_words_and_leaves_the_marks() -> None:
    chinese = dict.fromkeys(MESSAGES, "译文") | {MESSAGES[-1]: '<img src="map.png" alt="地图">'}
    translated = join(split(EVERYTHING), chinese)
    assert shape(translated) == shape(EVERYTHING)
    assert "# 译文 #" in translated
    assert "  1. 译文\n  2. 译文" in translated
    assert "| 译文 | 译文 |\n| :-- | --: |\n| 译文 | 42 |" in translated
    assert "<summary>译文</summary>" in translated
    assert "# not translated" in translated


def test_a_break_in_a_translation_keeps_the_marks_of_quotes_and_lists() -> None:
    text = "> - one\n>   two\n"
    assert join(split(text), {"one two": "一\\\n二"}) == "> - 一\\\n>   二\n"
    assert shape(join(split(text), {"one two": "一\\\n二"})) == shape(text)


def test_a_bar_in_a_translated_cell_does_not_open_another() -> None:
    table = "| a | b |\n| - | - |\n"
    assert join(split(table), {"a": "甲|乙"}) == "| 甲\\|乙 | b |\n| - | - |\n"


def test_wrapping_a_paragraph_anew_changes_no_message() -> None:
    for text in ("people who\nserve on\nSundays", "people who serve\non Sundays", "people who serve on Sundays"):
        assert messages(text) == ["people who serve on Sundays"]


@pytest.mark.parametrize("text", [
    "42 %", "`hours`", "$x + y$", "---", "<br>", "https://example.org/page", "2024-03-05", "```\nwords\n```",
])
def test_what_has_no_words_is_no_message(text: str) -> None:
    assert messages(text) == []


@pytest.mark.parametrize(("text", "expected"), [
    ("Run `vsim demo` now", ("`vsim demo`",)),
    ("see [this](a.md) and [that](b.md)", ("(a.md)", "(b.md)")),
    ("the rate $r$", ("$r$",)),
    ("<b>bold</b>", ("</b>", "<b>")),
    ("costs $5 or $6", ()),
    ('<img src="a.png" alt="Words">', ('<img src="a.png" >',)),
])
def test_what_a_translation_must_keep_is_named(text: str, expected: tuple[str, ...]) -> None:
    assert kept(text) == expected


def test_words_in_a_script_or_a_picture_are_left_alone() -> None:
    assert messages("<script>\nlet words = 1\n</script>") == []
    assert messages("<svg>\n<text>words</text>\n</svg>") == []


def test_a_translation_with_as_many_words_on_a_line_changes_no_shape() -> None:
    for sample in ("- a\n- b\n", "1. a\n\n   b\n", "> a\n\n- b\n  - c\n"):
        upper = {message: message.upper() for message in messages(sample)}
        assert shape(join(split(sample), upper)) == shape(sample)
        assert re.sub("[A-Z]", "", join(split(sample), upper)) == re.sub("[a-z]", "", sample)
