"""vsim run tournament: its table in both languages, its JSON, its file, its exit code."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.cli.small import vsim
from vsim.run import tournament, tournament_proof

PROOFS = Path(__file__).resolve().parents[2] / "proofs"


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> list[tournament.Row]:
    """The rows of the proof, given back instead of an hour of play."""
    rows = tournament_proof.read_proof(PROOFS)[1]
    monkeypatch.setattr(tournament, "play", lambda *_, **__: rows)
    return rows


def test_the_table_names_every_estimator_with_its_verdict_in_both_languages(played: list[tournament.Row]) -> None:
    english, chinese = vsim("run", "tournament", "--quiet"), vsim("run", "tournament", "--quiet", "--lang", "zh_CN")
    assert (english.code, english.err) == (0, "")
    for word in ("imputation", "Coverage, %", "as predicted", "shown only", "What would an offer to everybody do?"):
        assert word in english.out
    assert len(re.findall(r"  holds  ", english.out)) == sum(row.holds for row in played)
    for word in ("覆盖率", "如预期", "仅供对照", "不成立"):
        assert word in chinese.out


def test_a_row_that_is_not_as_its_design_says_gives_1(played: list[tournament.Row]) -> None:
    number = next(k for k, row in enumerate(played) if row.named and row.holds)
    played[number] = replace(played[number], score=replace(played[number].score, coverage=0.5))
    said = vsim("run", "tournament", "--quiet", "--json")
    assert said.code == 1
    told: list[dict[str, Any]] = json.loads(said.out)
    assert [row["verdict"] for row in told].count("covers too little") == 1
    assert len(told) == len(played)


@pytest.mark.slow
def test_the_file_is_written_and_reads_back(played: list[tournament.Row], tmp_path: Path) -> None:
    said = vsim("run", "tournament", "--quiet", "--seeds", "400", "--out", str(tmp_path / "new"))
    assert (said.code, said.err) == (0, "")
    assert tournament_proof.read_proof(tmp_path / "new")[1] == played


def test_an_unknown_design_is_refused_with_the_nearest() -> None:
    said = vsim("run", "tournament", "rollouts")
    assert (said.code, said.out) == (2, "")
    assert "Did you mean 'rollout'" in said.err
