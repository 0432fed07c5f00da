"""The desk of gifts: who gives more, what is matched, deducted and carried."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.office.money_desk import BEGIN, WEEKS, WHERE, paid, sound, written
from vsim.office.accounts import faults

GIVING = (("donations.gives", 0.1), ("donations.firms", 50.0), ("donations.firm_gives", 0.3))
CLAIMS = (*GIVING, ("tax.claims", 1.0), ("tax.means_skew", 0.0), ("tax.profit", 20000.0))


def ours(table: pd.DataFrame) -> pd.DataFrame:
    return table[(table["district"] == WHERE) & (table["week"] >= BEGIN)]


def test_gifts_are_made_without_any_policy() -> None:
    seen = sound("donations", more=GIVING)
    assert set(seen["donor_type"]) == {"person", "firm"}
    assert (seen["match"] == 0).all()
    assert not seen["claimed"].any()
    assert paid(written(more=GIVING), "gift") == pytest.approx(100 * seen["yuan"].sum())


def test_a_match_is_paid_and_brings_donors() -> None:
    off, on = written(more=GIVING), written("donations", GIVING, match_rate=1.0, campaign=0.0, disclosure=0.0)
    gifts = ours(on["donations"])
    assert len(gifts) > len(ours(off["donations"]))
    assert (gifts["match_fen"] == gifts["fen"]).all()
    assert paid(on, "match") == gifts["fen"].sum()


def test_the_mean_gift_is_that_of_the_card() -> None:
    gifts = written(more=GIVING)["donations"]
    people = gifts[gifts["donor_type"] == "person"]["fen"]
    assert people.mean() == pytest.approx(5000, rel=4 * people.std() / people.mean() / len(people) ** 0.5)


def test_the_campaign_is_paid() -> None:
    on = written("donations", GIVING, campaign=26000.0)
    residents = on["districts"].set_index("district")["residents"][WHERE]
    assert paid(on, "campaign") == pytest.approx(50 * residents * (WEEKS - BEGIN), rel=1e-6)


def test_relief_is_the_rate_of_what_is_deducted() -> None:
    seen = sound("donations", "tax", CLAIMS)
    firms = seen[(seen["donor_type"] == "firm") & seen["claimed"]]
    assert firms["relief"].to_numpy() == pytest.approx((0.25 * firms["deducted"]).to_numpy(), abs=0.01)
    first_year = firms[firms["week"] < 52].groupby("donor")["deducted"].sum()
    assert first_year.max() == pytest.approx(0.12 * 20000)
    assert (firms["deducted"] + firms["carried"] - firms["yuan"]).abs().max() < 0.01


def test_what_is_carried_is_used_left_or_lapsed() -> None:
    seen = sound("tax_carry", "tax", CLAIMS)
    assert len(seen) > 0
    assert (seen["carried"] - seen["used"] - seen["lapsed"] - seen["left"]).abs().max() < 0.01
    assert (seen["used"] <= 0.12 * 20000 + 0.01).all()
    without = written("tax", CLAIMS, carry_years=0)
    assert len(without["tax_carry"]) == 0
    assert (without["donations"]["carried_fen"] == 0).all()


def test_a_lower_price_makes_gifts_larger_by_the_elasticity() -> None:
    off, on = (ours(t["donations"]) for t in (written(more=CLAIMS), written("tax", CLAIMS)))
    assert len(off) == len(on)
    firm = (on["donor_type"] == "firm").to_numpy()
    ratio = on["fen"].to_numpy()[firm] / off["fen"].to_numpy()[firm].clip(min=1)
    assert sorted(ratio)[len(ratio) // 2] == pytest.approx(1 + 1.1 * 0.25, rel=1e-3)
    assert faults(written("tax", CLAIMS)["money"]) == []
