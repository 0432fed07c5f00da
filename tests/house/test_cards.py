"""Rule 3, the declarations: every card is complete, cited and read by code; every key in code has its card."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.house.repo import PACKAGE, parsed, sources
from vsim.spec.cards import Card, card_files, load_cards, read_cards, source_keys
from vsim.spec.clauses import load_clauses
from vsim.spec.loading import read_yaml
from vsim.spec.sources import load_sources

GOOD = """
habit_weight:
  label: Pull of habit
  unit: logit
  default: 0.5
  range: [0, 2]
  evidence: assumption
  why: a test writes it
"""


@cache
def strings() -> dict[str, set[str]]:
    """Return the text constants of each module, docstrings included."""
    return {
        name: {node.value for node in ast.walk(parsed(text)) if isinstance(node, ast.Constant)
               and isinstance(node.value, str)}
        for name, text in sources().items()
    }


@cache
def begun() -> set[str]:
    """Return the beginnings of keys that code completes, such as "demand.peak_" of f"demand.peak_{month}"."""
    joined = (
        node.values[0] for text in sources().values() for node in ast.walk(parsed(text))
        if isinstance(node, ast.JoinedStr) and len(node.values) > 1
    )
    texts = {str(part.value) for part in joined if isinstance(part, ast.Constant)}
    return {text for text in texts if re.fullmatch(r"[a-z_]+\.[a-z0-9_]*", text)}


@cache
def said() -> set[str]:
    """Return the text constants of all modules."""
    return set[str]().union(*strings().values())


def is_read(card: Card) -> bool:
    """Return whether code reads a card: by its key anywhere, by its name in its lever, or as an office asks for it."""
    stem, name = card.key.split(".", 1)
    return (
        card.key in said()
        or any(card.key.startswith(beginning) for beginning in begun())
        or (card.path.startswith("vsim/levers/") and name in strings().get(f"levers/{stem}.py", set()))
        or any({stem, name} <= found for module, found in strings().items() if module.startswith("office/"))
    )


def test_there_are_cards_in_every_room_that_has_behaviour() -> None:
    assert {Path(card.path).parent.name for card in load_cards().values()} >= {"world", "process", "levers"}
    assert sorted({card.path for card in load_cards().values()}) == sorted(
        f"vsim/{path.relative_to(PACKAGE).as_posix()}" for path in card_files()
    )


def test_every_card_says_label_unit_range_and_evidence() -> None:
    for card in load_cards().values():
        assert card.label, card.key
        assert card.unit, card.key
        assert card.low < card.high or card.default == card.low, card.key
        assert not card.label.endswith("."), card.key


def test_every_card_cites_a_known_source_or_says_why_it_has_none() -> None:
    known = load_sources()
    for card in load_cards().values():
        if card.evidence == "assumption":
            assert len((card.why or "").split()) >= 2, f"{card.key}: why"
        else:
            assert source_keys(card.source), f"{card.key}: source"
        assert set(source_keys(card.source)) <= set(known), f"{card.key}: {card.source}"


def test_every_clause_on_a_card_exists() -> None:
    clauses = load_clauses()
    assert {card.key: card.clause for card in load_cards().values() if card.clause not in {None, *clauses}} == {}


def test_every_card_is_read_by_code() -> None:
    assert [card.key for card in load_cards().values() if not is_read(card)] == []


def test_every_parameter_key_in_code_has_its_card() -> None:
    cards = load_cards()
    stems = {key.partition(".")[0] for key in cards}
    used = {
        (module, text)
        for module, found in strings().items()
        if module.partition("/")[0] in {"world", "process", "levers", "run", "observe", "office"}
        for text in found
        if re.fullmatch(r"[a-z_]+\.[a-z0-9_]+", text) and text.partition(".")[0] in stems
        and text.rpartition(".")[2] not in {"rows", "sum", "mean"}                           # a measure of a table
    }
    assert used, "no module reads a card"
    assert sorted((module, text) for module, text in used if text not in cards and text not in begun()) == []
    ours = {text for text in begun() if text.partition(".")[0] in stems}
    assert {text for text in ours if not any(key.startswith(text) for key in cards)} == set()


@pytest.mark.parametrize(("old", "new"), [
    ("  unit: logit\n", ""),
    ("  label: Pull of habit\n", ""),
    ("  range: [0, 2]\n", ""),
    ("default: 0.5", "default: 3.0"),
    ("  why: a test writes it\n", ""),
    ("evidence: assumption", "evidence: measured"),
    ("evidence: assumption", "evidence: hearsay"),
])
def test_an_incomplete_card_is_refused(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "habit.yaml"
    path.write_text(GOOD, encoding="utf-8")
    (card,) = read_cards(read_yaml(path))
    assert card.key == "habit.habit_weight"
    assert old in GOOD
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(Exception, match="habit_weight"):
        read_cards(read_yaml(path))
