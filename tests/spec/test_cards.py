"""Cards: complete or refused; values are defaults with overrides, in range and by name."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from vsim.errors import UsageError
from vsim.spec.cards import Card, check_value, load_cards, read_cards, source_keys, values
from vsim.spec.loading import parse_yaml

GOOD = """pull:
  label: Pull of a point
  unit: logit
  default: 0.2
  range: [0, 0.5]
  evidence: measured
  source: 'gallus2017: table 2'
  clause: VII.3.c
steps:
  label: Steps
  unit: h
  default: [10, 20, 30]
  range: [1, 100]
  list: true
  ascending: true
  length: [1, 5]
  evidence: assumption
  why: a local rule
weeks:
  label: How long
  unit: weeks
  default: 4
  range: [0, 26]
  integer: true
  behaviour: true
  evidence: calibrated
  source: pioneers2022
"""


def cards(text: str = GOOD) -> dict[str, Card]:
    return {card.name: card for card in read_cards(parse_yaml(text, Path("points.yaml")))}


def test_a_card_keeps_what_its_file_says() -> None:
    pull = cards()["pull"]
    assert (pull.key, pull.label, pull.unit, pull.default) == ("points.pull", "Pull of a point", "logit", 0.2)
    assert (pull.low, pull.high, pull.evidence, pull.clause) == (0.0, 0.5, "measured", "VII.3.c")
    assert pull.source_keys == ("gallus2017",)
    assert pull.path == "points.yaml"
    assert not pull.is_list
    assert cards()["weeks"].behaviour


def test_a_list_keeps_its_order_and_bounds() -> None:
    steps = cards()["steps"]
    assert steps.default == (10.0, 20.0, 30.0)
    assert steps.problem([5, 6]) is None
    assert steps.problem((5, 6.5)) is None
    for wrong in ([20, 10], [10, 10], [], [1, 2, 3, 4, 5, 6], [0.5, 2], [1, math.nan], 10, "10", [1, "2"], [True]):
        assert steps.problem(wrong), wrong
    assert steps.allowed() == "ascending list of 1 to 5 numbers, each 1 to 100 h"


@pytest.mark.parametrize("value", [0.6, -0.1, math.nan, math.inf, "0.2", None, True, [0.2], 10**400])
def test_a_number_out_of_range_or_of_another_kind_is_refused(value: object) -> None:
    assert "allowed 0 to 0.5 logit" in str(cards()["pull"].problem(value))


def test_whole_numbers_are_asked_for_where_the_card_says_so() -> None:
    assert cards()["weeks"].problem(4.0) is None
    assert "allowed whole numbers 0 to 26 weeks" in str(cards()["weeks"].problem(4.5))


@pytest.mark.parametrize(("old", "new", "words"), [
    ("  unit: logit\n", "", "card pull: unit is missing"),
    ("  label: Pull of a point\n", "", "label is missing"),
    ("  label: Pull of a point\n", "  label: ''\n  lable: x\n", "unknown key 'lable'. Did you mean 'label'?"),
    ("default: 0.2", "default: 0.7", "points.yaml:4: card pull: default is 0.7; allowed 0 to 0.5 logit"),
    ("default: 0.2", "default: .nan", "default is nan"),
    ("default: 0.2", "default: high", "default is high"),
    ("default: 0.2", "default: [0.2]", "default is [0.2]"),
    ("range: [0, 0.5]", "range: [0.5, 0]", "range is [0.5, 0]"),
    ("range: [0, 0.5]", "range: [0, .inf]", "range is [0, inf]"),
    ("range: [0, 0.5]", "range: 5", "range is 5"),
    ("evidence: measured", "evidence: hearsay", "evidence is hearsay; allowed measured, calibrated, assumption"),
    ("  source: 'gallus2017: table 2'\n", "", "source is missing"),
    ("  why: a local rule\n", "", "card steps: why is missing"),
    ("length: [1, 5]", "length: [0, 5]", "length is [0, 5]"),
    ("length: [1, 5]", "length: 5", "length is 5"),
    ("default: [10, 20, 30]", "default: [10, 5]", "default is [10, 5]; allowed ascending"),
])
def test_an_incomplete_card_is_refused_with_its_name(old: str, new: str, words: str) -> None:
    assert old in GOOD
    with pytest.raises(UsageError) as error:
        cards(GOOD.replace(old, new))
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_a_card_that_is_no_mapping_is_refused() -> None:
    with pytest.raises(UsageError, match=r"points\.yaml:1: card pull: is 5"):
        cards("pull: 5")


def test_sources_are_found_among_their_places() -> None:
    assert source_keys("a2000: 1, 2; b2001; c2002: more: here") == ("a2000", "b2001", "c2002")
    assert source_keys("a2000: first; only a remark") == ("a2000",)
    assert source_keys(None) == ()


def test_values_are_defaults_with_overrides() -> None:
    known = load_cards()
    numbers = {key: card for key, card in known.items() if not card.is_list}
    assert values() == {key: card.default for key, card in numbers.items()}
    key = next(iter(numbers))
    changed = values({key: known[key].high})
    assert changed[key] == known[key].high
    assert {name: changed[name] for name in numbers if name != key} == {
        name: values()[name] for name in numbers if name != key
    }


def test_the_values_of_one_call_are_not_those_of_the_next() -> None:
    first = values()
    first[next(iter(first))] = 1e9
    assert values() != first


def test_an_unknown_parameter_is_refused_with_the_nearest_name() -> None:
    key = next(key for key, card in load_cards().items() if not card.is_list)
    with pytest.raises(UsageError, match=f"Did you mean '{key}'"):
        values({f"{key}x": 1.0})
    with pytest.raises(UsageError, match="unknown key"):
        check_value("stars.thresholds", 100.0)
    with pytest.raises(UsageError, match="unknown key"):
        values({"no such thing at all": 1.0})


def test_a_parameter_out_of_range_is_refused_with_its_range() -> None:
    card = next(card for card in load_cards().values() if not card.is_list)
    with pytest.raises(UsageError) as error:
        values({card.key: card.high + 1})
    assert card.allowed() in str(error.value)


def test_cards_cannot_be_changed_by_a_reader() -> None:
    with pytest.raises(TypeError):
        load_cards()["x"] = None  # type: ignore[index]
