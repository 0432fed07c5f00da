"""The font: what it covers, what it is called, its licence, and the small part of it that a page carries."""

from __future__ import annotations

import csv
import importlib.util
import io
from pathlib import Path
from types import ModuleType

import pytest
from fontTools.ttLib import TTFont

import vsim
from vsim.report import fonts

FOLDER = fonts.FONT_FILE.parent


def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_subset", FOLDER / "make_subset.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_font_is_small_and_stands_with_its_licence() -> None:
    assert 1_500_000 < fonts.FONT_FILE.stat().st_size < 1_750_000
    licence = (FOLDER / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1 - 26 February 2007" in licence
    assert "Copyright 2014-2021 Adobe" in licence
    assert 'FONT SOFTWARE IS PROVIDED "AS IS"' in licence
    readme = (FOLDER / "README.txt").read_text(encoding="utf-8")
    assert f"{len(fonts.coverage()):,} characters" in readme


def test_the_font_bears_our_name_and_keeps_its_makers() -> None:
    with TTFont(fonts.FONT_FILE) as font:
        names = {record.nameID: str(record) for record in font["name"].names}
        inside = font["CFF "].cff
        assert inside.fontNames == ["VSimSansSC-Regular"]
        assert inside.topDictIndex[0].FamilyName == "VSim Sans SC"
    assert (names[1], names[4], names[6]) == ("VSim Sans SC", "VSim Sans SC", "VSimSansSC-Regular")
    assert "Adobe" in names[0]
    assert "SIL Open Font License, Version 1.1" in names[13]
    assert 7 not in names  # Noto is a trademark
    assert all("Noto" not in words for number, words in names.items() if number != 3)


def test_every_character_that_may_be_needed_is_there() -> None:
    gb2312 = {
        character
        for high in range(0xB0, 0xF8)
        for low in range(0xA1, 0xFF)
        for character in bytes((high, low)).decode("gb2312", errors="ignore")
    }
    assert len(gb2312) == 6763
    assert fonts.missing("".join(gb2312)) == ""
    assert fonts.missing("①②③≥≤±℃−×·–—…‰≈→★“”‘’《》、。，；：？！（）％éüñÅ½²³") == ""
    assert fonts.missing("".join(maker().faker_characters())) == ""


def test_the_words_of_the_policy_text_can_be_set() -> None:
    with (Path(vsim.__file__).parent / "clauses.csv").open(encoding="utf-8", newline="") as file:
        words = {character for row in csv.reader(file) for cell in row for character in cell}
    assert fonts.missing("".join(words)) == ""


def test_what_is_missing_is_named() -> None:
    assert fonts.missing("时长 \U0001f600 hours\n") == "\U0001f600"


@pytest.mark.parametrize("text", ["服务时长 hours −0.5", "A", ""])
def test_a_page_carries_the_letters_it_shows_and_no_others(text: str) -> None:
    with TTFont(io.BytesIO(fonts.web_font(text))) as font:
        assert set(font.getBestCmap()) == {ord(character) for character in text} | {0x20}
        assert font.flavor == "woff"
        assert "SIL Open Font License" in font["name"].getDebugName(13)


def test_the_letters_of_a_page_depend_on_nothing_but_the_letters() -> None:
    assert fonts.web_font("时长ab") == fonts.web_font("ba长时时")


def test_the_font_is_registered_once_for_this_process_only() -> None:
    from matplotlib import font_manager

    assert fonts.register() == fonts.register() == "VSim Sans SC"
    entries = [entry for entry in font_manager.fontManager.ttflist if entry.name == "VSim Sans SC"]
    assert [Path(entry.fname) for entry in entries] == [fonts.FONT_FILE]
    assert entries[0].weight == 400


def test_a_wheel_with_another_font_is_refused(tmp_path: Path) -> None:
    import zipfile

    wheel = tmp_path / "other.whl"
    module = maker()
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(module.FONT_IN_WHEEL, b"another font")
        archive.writestr(module.LICENCE_IN_WHEEL, b"another licence")
    with pytest.raises(SystemExit, match="sha256"):
        module.make(wheel, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["other.whl"]
