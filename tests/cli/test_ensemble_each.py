"""vsim run ensemble --each: the effect of a policy in every structure, with its interval and what its sign is."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.cli.small import vsim
from tests.run.test_ensemble import PRESET, member
from vsim.run import ensemble
from vsim.run.ensemble import signs, write_proof


def found() -> pd.DataFrame:
    rows = [("base", 1.0, 0.5, 1.5, ""), ("no_fatigue", -2.0, -3.0, -1.0, "C7"), ("no_habit", 0.2, -0.1, 0.5, "")]
    return pd.DataFrame([
        {"indicator": "left", "label": "Volunteers who leave", "unit": "persons per year", "value": value, "low": low,
         "high": high, "structure": name, "misses": misses} for name, value, low, high, misses in rows
    ])


def test_every_structure_is_told_with_its_interval_and_sign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert signs(found()) == ["up", "down", "open"]
    write_proof(PRESET, [member("base"), member("no_fatigue"), member("no_habit")], tmp_path)
    monkeypatch.setattr(ensemble, "effects", lambda *_, **__: found())
    words = ("run", "ensemble", PRESET, "stars", "--proofs", tmp_path, "--quiet")
    plain, each = vsim(*words), vsim(*words, "--each", "--lang", "zh_CN")
    assert (plain.code, each.code) == (0, 0)
    assert "-2.0 [-3.0, -1.0]" not in plain.out
    assert "-2.0 [-3.0, -1.0]" in each.out
    assert each.out.count("下降") >= 1
    assert "未定" in each.out
