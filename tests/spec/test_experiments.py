"""The declaration of experiments: complete, its sources and cards exist; wrong rows are refused with their line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from vsim.errors import UsageError
from vsim.spec import experiments as declared
from vsim.spec.cards import load_cards
from vsim.spec.experiments import FILE, experiment, load_experiments
from vsim.spec.loading import PACKAGE
from vsim.spec.sources import load_sources
from vsim.spec.targets import load_targets

ROWS = load_experiments()
ASKED = {"G2", "G3", "G7", "G8", "G9", "G10", "G11", "G12", "G14", "G15", "G17", "G25", "G27", "G30", "G31", "G35",
         "women", "asked"}


def test_the_mechanism_set_and_the_table_of_effects_are_all_there() -> None:
    assert ASKED - set(ROWS) == set()


@pytest.mark.parametrize("name", ROWS)
def test_a_row_names_sources_cards_and_says_where_its_base_rate_is_from(name: str) -> None:
    row = ROWS[name]
    assert row.source_keys
    assert set(row.source_keys) <= set(load_sources())
    assert row.base is None or row.base_source
    assert row.card == "" or row.card in load_cards()
    assert set(row.parameters) <= set(load_cards())
    assert row.how
    if not row.card:
        assert row.note.startswith("no card")


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.target])
def test_a_row_has_the_numbers_of_its_target(name: str) -> None:
    row, target = ROWS[name], load_targets()[ROWS[name].target]
    if target.value is None or row.id == "G31":               # a range in words; a level, of which the fall is asked
        return
    assert (row.effect, row.low, row.high) == pytest.approx((target.value, target.low, target.high))


def test_the_ends_of_an_interval_belong_to_it_at_the_digits_of_the_publication() -> None:
    row = ROWS["G14"]
    assert [row.holds(effect) for effect in (2.94, 2.96, 8.04, 8.06)] == [False, True, True, False]


def test_an_unknown_experiment_is_answered_with_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"experiment is 'G144'; .*G14"):
        experiment("G144")


@pytest.mark.parametrize(("changes", "told"), [
    ({"colour": "red"}, "colour is an unknown key"), ({"unit": "points"}, "unit is points; allowed pp"),
    ({"effect": 9.0}, "effect is 9; allowed 3 to 8"), ({"search": [1, 1]}, "search holds no two numbers"),
    ({"source": "nobody1900: x"}, "names nobody1900"), ({"card": "points.push"}, "names points.push"),
    ({"low": "three"}, "low is three; allowed a number"), ({"how": None}, "has no how"),
])
def test_a_wrong_row_is_refused_with_file_and_line(
    changes: dict[str, Any], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = yaml.safe_load((PACKAGE / FILE).read_text(encoding="utf-8"))
    rows = {"_world": whole["_world"], "G14": {**whole["G14"], **changes}}
    (tmp_path / FILE).write_text(yaml.safe_dump(rows, sort_keys=False), encoding="utf-8")
    monkeypatch.setattr(declared, "PACKAGE", tmp_path)
    load_experiments.cache_clear()
    try:
        with pytest.raises(UsageError, match=told) as caught:
            load_experiments()
        assert f"{FILE}:" in str(caught.value)
    finally:
        load_experiments.cache_clear()
