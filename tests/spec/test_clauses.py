"""The clause register: 84 mechanisms, each once, each with its Chinese text, and done only where a lever does it."""

from __future__ import annotations

import re

import pytest

from vsim.errors import UsageError
from vsim.spec import clauses as module
from vsim.spec.cards import load_cards
from vsim.spec.clauses import COLUMNS, Clause, clause, load_clauses
from vsim.spec.lever_files import load_levers
from vsim.spec.loading import PACKAGE
from vsim.spec.tables import load_office_tables, load_tables

SECTIONS = {
    "IV.2": 13, "IV.3": 8, "V.1": 8, "V.2": 9, "V.3": 13, "VI.1": 2, "VI.2": 5, "VI.3": 4, "VII.1": 7, "VII.2": 7,
    "VII.3": 8,
}


def test_there_are_84_clauses_in_the_sections_of_the_text() -> None:
    counts: dict[str, int] = {}
    for item in load_clauses().values():
        counts[item.section] = counts.get(item.section, 0) + 1
    assert counts == SECTIONS
    assert sum(counts.values()) == len(load_clauses()) == 84


def test_ids_are_unique_and_in_order() -> None:
    ids = list(load_clauses())
    assert len(set(ids)) == 84
    assert all(re.fullmatch(r"(IV|VI?I?)\.[1-3]\.[a-m][1-6]?", key) for key in ids)
    for section in SECTIONS:
        letters = [key.rpartition(".")[2] for key in ids if key.startswith(section + ".")]
        assert letters == sorted(letters)
        assert letters[0][0] == "a"


def test_every_clause_quotes_the_text_and_says_what_it_becomes() -> None:
    for item in load_clauses().values():
        assert re.search(r"[\u4e00-\u9fff]", item.zh), item.id
        assert not re.search(r"[,;:()]", item.zh), f"{item.id}: punctuation"
        for text in (item.en, item.element, item.lever, item.observed, item.lesson, item.assessment):
            assert len(text) > 8, item.id
            assert not re.search(r"[\u4e00-\u9fff]", text), item.id


def test_chinese_and_english_names_are_unique() -> None:
    assert len({item.zh for item in load_clauses().values()}) == 84
    assert len({item.en for item in load_clauses().values()}) == 84


def test_a_clause_is_done_only_where_a_lever_carries_it() -> None:
    tables = {*load_tables(), *load_office_tables()}
    for item in load_clauses().values():
        assert (item.status == "done") == bool(item.levers), item.id
        if item.status == "done":
            assert set(item.modules) == set(item.levers), item.id
            assert item.data, f"{item.id}: no table in which an agency would see it"
            assert set(item.data) <= tables, item.id
            assert item.effects, f"{item.id}: no effect that a test names"


def test_every_module_of_a_clause_exists() -> None:
    stems = {path.stem for room in ("levers", "process", "world") for path in (PACKAGE / room).glob("*.py")}
    assert {name for item in load_clauses().values() for name in item.modules} <= stems


def test_every_clause_of_a_lever_or_card_is_in_the_register() -> None:
    named = {key for lever in load_levers().values() for key in lever.clauses}
    named |= {card.clause for card in load_cards().values() if card.clause}
    assert named
    assert named <= set(load_clauses())
    assert clause("VII.3.b").levers == ("stars",)


def test_an_unknown_clause_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"clause is 'VII\.3\.z'.*Did you mean 'VII\.3\.[a-h]'\?"):
        clause("VII.3.z")


def read(rows: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch) -> dict[str, Clause]:
    monkeypatch.setattr(module, "read_csv", lambda path, columns: rows)
    return dict(load_clauses.__wrapped__())


def row(**fields: str) -> dict[str, str]:
    return {**dict.fromkeys(COLUMNS, "x"), "module": "", "tables": "", "tier": "leader", "status": "planned", **fields}


def test_a_register_with_a_fault_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(read([row()], monkeypatch)) == ["x"]
    with pytest.raises(UsageError, match="row 3: x stands twice"):
        read([row(), row()], monkeypatch)
    with pytest.raises(UsageError, match="row 2: status is half"):
        read([row(status="half")], monkeypatch)
    with pytest.raises(UsageError, match="row 2: tier is x; allowed foundation"):
        read([row(tier="x")], monkeypatch)
    with pytest.raises(UsageError, match="row 2: lesson is empty"):
        read([row(lesson="")], monkeypatch)
