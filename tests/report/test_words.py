"""Texts in two languages: both are kept, lines break where each language allows it."""

from __future__ import annotations

import pytest

from vsim.i18n import language, set_language
from vsim.report.words import Bilingual, balance, both, cells, in_both, speaking, wrap


def test_both_speaks_each_language_once_and_then_as_before() -> None:
    set_language("zh_CN")
    said = both("Base world")
    assert said.en == "Base world"
    assert said.get("zh_CN") == "基准世界"
    assert language() == "zh_CN"


def test_values_are_put_in_and_may_be_bilingual_themselves() -> None:
    unit = Bilingual("hours", "小时")
    said = both("{unit}, interval {interval}", {"unit": unit, "interval": "[1, 2]"})
    assert said.en == "hours, interval [1, 2]"
    assert said.zh.startswith("小时")


def test_the_former_language_comes_back_after_an_error() -> None:
    set_language("en")
    with pytest.raises(ValueError, match="oops"), speaking("zh_CN"):
        raise ValueError("oops")
    assert language() == "en"
    assert in_both(language) == Bilingual("en", "zh_CN")


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("True hours a week", 10, ["True hours", "a week"]),
        ("每周真实服务时长", 8, ["每周真实", "服务时长"]),
        ("服务时长（小时）", 13, ["服务时长（小", "时）"]),
        ("真实时长，小时", 8, ["真实时长，", "小时"]),
        ("vsim 模拟器", 7, ["vsim 模", "拟器"]),
        ("short", 80, ["short"]),
        ("an-unbreakable-word", 5, ["an-unbreakable-word"]),
        ("", 10, [""]),
    ],
)
def test_lines_break_at_words_and_between_characters_but_not_before_a_stop(
    text: str, width: int, lines: list[str]
) -> None:
    assert wrap(text, width).splitlines() == ([] if lines == [""] else lines)


@pytest.mark.parametrize(
    "text",
    ["政策对每名注册志愿者的真实时长的效应：分区县", "True effect of the policy, indicator by indicator"],
)
def test_a_title_of_two_lines_leaves_no_word_alone(text: str) -> None:
    first, second = balance(text, 42).splitlines()
    assert abs(cells(first) - cells(second)) <= 10
    assert balance("short", 42) == "short"


def test_a_chinese_character_is_two_cells_wide() -> None:
    assert cells("时长 h") == 6
    assert cells("（）") == 4
