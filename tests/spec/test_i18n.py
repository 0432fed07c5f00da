"""English is the source; the language comes from the caller, then VSIM_LANG, LANG_UI and the locale."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from vsim.errors import UsageError
from vsim.i18n import known_language, language, set_language, t


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("VSIM_LANG", "LANG_UI", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    set_language(None)
    yield
    set_language(None)


def test_english_words_come_back_as_they_stand() -> None:
    set_language("en")
    assert t("Star rating of volunteers") == "Star rating of volunteers"
    assert t("no such message") == "no such message"


def test_chinese_words_come_from_the_catalogue() -> None:
    set_language("zh_CN")
    assert t("Star rating of volunteers") == "志愿者星级认定"
    assert t("no such message") == "no such message"


def test_nothing_is_translated_into_nothing() -> None:
    for lang in ("en", "zh_CN"):
        set_language(lang)
        assert t("") == ""


@pytest.mark.parametrize(("variables", "expected"), [
    ({"VSIM_LANG": "zh_CN", "LANG": "en_GB.UTF-8"}, "zh_CN"),
    ({"VSIM_LANG": "en", "LANG": "zh_CN.UTF-8"}, "en"),
    ({"LANG_UI": "zh", "LANG": "en_GB.UTF-8"}, "zh_CN"),
    ({"VSIM_LANG": "en", "LANG_UI": "zh_CN"}, "en"),
    ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
    ({"LANG": "zh_CN.UTF-8"}, "zh_CN"),
    ({"LANG": "zh-Hans-CN"}, "zh_CN"),
    ({"LANG": "C.UTF-8"}, "en"),
    ({"LANG": "de_DE.UTF-8"}, "en"),
    ({"LANG_UI": "fr"}, "en"),
    ({"VSIM_LANG": ""}, "en"),
])
def test_the_environment_decides_in_order(
    variables: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vsim.i18n._system_locale", lambda: "")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert language() == expected


def test_the_system_locale_decides_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vsim.i18n._system_locale", lambda: "Chinese (Simplified)_China")
    assert language() == "zh_CN"


def test_the_caller_stands_above_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VSIM_LANG", "en")
    set_language("zh-CN")
    assert language() == "zh_CN"
    set_language(None)
    assert language() == "en"


def test_a_language_that_vsim_does_not_speak_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="language is 'fr'; allowed en, zh_CN"):
        set_language("fr")
    assert known_language("EN_us") == "en"
    monkeypatch.setenv("VSIM_LANG", "fr")
    with pytest.raises(UsageError, match="VSIM_LANG is 'fr'"):
        t("hours")
