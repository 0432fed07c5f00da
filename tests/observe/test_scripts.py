"""Names in other signs: what can be brought back is brought back, and nothing changes unless a card says so."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.observe.books import platform_of, registers
from vsim.observe.hub import to_common
from vsim.observe.platforms import split
from vsim.observe.scripts import FORMS, _pairs, garbled, spaced, traditional, written
from vsim.spec.cards import load_cards

NAMES = ["张伟", "李芳", "欧阳建华", "王小明", "王"]
NONE = dict.fromkeys((f"scripts.{form}" for form in FORMS), 0.0)


def test_a_name_read_in_the_wrong_encoding_comes_back_where_no_byte_was_lost() -> None:
    for name in NAMES:
        wrong = garbled(name)
        assert wrong != name
        assert wrong.isprintable()
        back = wrong.encode("gbk", errors="ignore").decode("utf-8", errors="ignore")
        assert (back == name) == (len(name) % 2 == 0)


def test_traditional_and_spaced_names_can_be_undone() -> None:
    simple = {other: chr(code) for code, other in _pairs().items()}
    assert len(simple) == len(_pairs())
    for name in NAMES:
        assert "".join(simple.get(sign, sign) for sign in traditional(name)) == name
        assert spaced(name).replace(" ", "") == name
    assert traditional("张伟") == "張偉"


def test_every_listed_character_changes_and_is_encoded_in_both_forms() -> None:
    assert all(chr(code) != other for code, other in _pairs().items())
    assert all(len(f"{chr(code)}{other}".encode("gbk")) == 4 for code, other in _pairs().items())


@pytest.mark.parametrize(("form", "change"), [("traditional", traditional), ("spaced", spaced), ("garbled", garbled)])
def test_only_those_who_may_be_touched_are_and_at_the_rate_of_the_card(form: str, change: object) -> None:
    words = [np.arange(len(NAMES), dtype=np.uint32)] * 3
    hit = np.array([True, False, True, True, True])
    assert written(NAMES, words, hit, NONE) == NAMES
    found = written(NAMES, words, hit, {**NONE, f"scripts.{form}": 1.0})
    assert callable(change)
    assert found == [change(name) if may else name for name, may in zip(NAMES, hit, strict=True)]


def test_the_cards_are_off_until_a_scenario_sets_them() -> None:
    cards = {key: card for key, card in load_cards().items() if key.startswith("scripts.")}
    assert set(cards) == set(NONE)
    assert all(card.default == 0 for card in cards.values())


def test_platforms_write_names_in_other_signs_but_for_the_first() -> None:
    plain = to_common(split(registers(), platform_of(), seed=1).tables)["platform_volunteers"]
    dirty = to_common(split(registers(), platform_of(), seed=1, parameters={"scripts.spaced": 1.0}).tables)
    both = plain.merge(dirty["platform_volunteers"], on=["platform", "platform_volunteer_id"])
    first = both["platform"] == "platform_a"
    assert (both.loc[first, "name_x"] == both.loc[first, "name_y"]).all()
    assert (both.loc[~first, "name_y"] == both.loc[~first, "name_x"].map(spaced)).all()
    pd.testing.assert_series_equal(both["birth_year_x"], both["birth_year_y"], check_names=False)
