"""Rival structures: seven of them, each one mechanism off by values that its cards allow; wrong files are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from vsim.errors import UsageError
from vsim.run.calibrate import FREE
from vsim.spec import structures
from vsim.spec.cards import load_cards
from vsim.spec.loading import parse_yaml
from vsim.spec.structures import load_structures, structure

SEVEN = ("base", "no_habit", "no_taste", "no_frailty", "no_dropout", "no_peers", "no_fatigue")


def test_there_are_the_seven_structures_the_whole_model_first() -> None:
    assert tuple(load_structures()) == SEVEN
    assert dict(structure("base").off) == {}
    assert all(one.off for name, one in load_structures().items() if name != "base")
    assert len({tuple(sorted(one.off.items())) for one in load_structures().values()}) == len(SEVEN)


@pytest.mark.parametrize("name", SEVEN)
def test_a_structure_differs_from_every_preset_only_in_what_it_switches_off(name: str) -> None:
    cards = load_cards()
    one = structure(name)
    assert [key for key, value in one.off.items() if not cards[key].low <= value <= cards[key].high] == []
    for free in FREE.values():
        left = one.left(free)
        assert left
        assert set(left) == set(free) - set(one.off) - set(one.unused)
    assert structure("base").left(FREE["cn_mobilised"]) == FREE["cn_mobilised"]


def test_an_unknown_structure_is_named_with_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"structure is 'no_habits'.*no_habit"):
        structure("no_habits")


@pytest.mark.parametrize(("text", "told"), [
    ("x: 3", "x is 3"),
    ("x: {label: a}", "has no off"),
    ("x: {label: a, off: {}, of: 1}", "unknown key 'of'"),
    ("x: {label: a, off: 3}", "off is 3"),
    ("x: {label: a, off: {participation.habit: 0}}", "participation.habit_weight"),
    ("x: {label: a, off: {participation.habit_weight: 99}}", "is 99"),
    ("x: {label: a, off: {}, unused: [retention.habit]}", "retention.habit_rate"),
])
def test_a_wrong_entry_is_refused_with_its_place(text: str, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        structures._read(parse_yaml(text, Path("structures.yaml")), "x")
    assert told in str(caught.value)
    assert "structures.yaml" in str(caught.value)
