"""The desk of gifts: people and firms who give, matches, and deductions (clauses VII.1.e, VII.1.f).

Whether somebody gives follows from trust in the district the week before, from a match and from a campaign; how much,
from the after-tax price of giving, to first order in the elasticity. Gifts are made without any policy, too.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vsim.office.desk import Desk, Float, Papers
from vsim.office.funded import districts_of
from vsim.office.relief import FIRM, settle
from vsim.rng import Stream
from vsim.spec.units import ADULT, FEN, MONTH, PER_THOUSAND, YEAR

LEVER, PERSON = "donations", "person"
MOST = 1 << 16                # firms that a district may have: the entity of their draws; full trust
WHEN, GIVES, SIZE, BOUND, CLAIMS, MEANS = range(6)
FIRMS = 16                    # added to the number of a draw for a firm
TERMS = ["donation_no", "donor_type", "donor", "fen", "restricted", "match_fen", "claimed", "deducted_fen",
         "carried_fen", "relief_fen"]


def work(desk: Desk) -> Papers:
    """Return tables donations and tax_carry, and the money given, matched and forgone."""
    gifts, carry = settle(desk, _sized(desk, _given(desk)))
    code, week = gifts["district"], gifts["week"]
    papers = Papers({"donations": districts_of(gifts[["week", "district", *TERMS]]), "tax_carry": carry})
    papers.pay("gift", "donors", "organisations", code, week, gifts["fen"] / FEN)
    papers.pay("match", "sponsors", "organisations", code, week, gifts["match_fen"] / FEN)
    papers.pay("tax_relief", "government", "donors", code, week, gifts["relief_fen"] / FEN)
    papers.pay("tax_relief", "government", "donors", carry["district"], carry["week"], carry["relief_fen"] / FEN)
    grid = desk.raw["districts"][["district", "residents"]].merge(
        pd.DataFrame({"week": np.arange(desk.weeks)}), how="cross")
    campaign = desk.force.value(LEVER, "campaign", grid["district"], grid["week"]) / PER_THOUSAND / YEAR
    papers.pay("campaign", "government", "suppliers", grid["district"], grid["week"], campaign * grid["residents"])
    return papers


def _given(desk: Desk) -> pd.DataFrame:
    """Return who gives in which week: at most once in four weeks, in a week of the donor's own."""
    value = desk.value
    people = desk.raw["people"]
    adults = people.loc[people["age"] >= ADULT, ["person", "district"]].rename(columns={"person": "entity"})
    places = desk.raw["districts"].reset_index(drop=True)
    count = np.floor(places["residents"] * value["donations.firms"] / PER_THOUSAND).astype(np.int64)
    firms = places.loc[np.repeat(places.index.to_numpy(), count), ["district"]]
    number = firms.groupby("district").cumcount()
    firms = firms.assign(entity=firms.index.to_numpy() * MOST + number.to_numpy(),
                         donor="F-" + firms["district"] + "-" + (number + 1).astype(str))
    parts = []
    for kind, donors, chance in ((PERSON, adults.assign(donor=""), value["donations.gives"]),
                                 (FIRM, firms, value["donations.firm_gives"])):
        for first in range(0, desk.weeks, MONTH):
            word = [desk.uniform(Stream.DONATION, donors["entity"], first, item + FIRMS * (kind == FIRM))
                    for item in (WHEN, GIVES)]
            week = first + np.floor(MONTH * word[0]).astype(np.int64)
            kept = (week < desk.weeks) & (word[1] < chance * _pull(desk, donors["district"], week))
            parts.append(donors[kept].assign(week=week[kept], donor_type=kind))
    rows = pd.concat(parts).astype({"entity": "int64"})
    rows = rows.sort_values(["week", "donor_type", "entity"], kind="stable").reset_index(drop=True)
    return rows.assign(donation_no=np.arange(1, len(rows) + 1))


def _pull(desk: Desk, codes: pd.Series, weeks: np.ndarray) -> Float:
    """Return the factor of match, campaign and trust on the chance to give."""
    value = desk.value
    match, campaign = (desk.force.value(LEVER, name, codes, weeks) for name in ("match_rate", "campaign"))
    trust = desk.raw["weekly"].pivot_table(index="district", columns="week", values="trust", sort=True)
    before = trust.to_numpy()[trust.index.get_indexer(pd.Index(codes)), np.clip(weeks, 1, desk.weeks) - 1] / MOST
    asked = value["donations.ask_most"] * campaign / (campaign + value["donations.ask_half"])
    trusted = np.maximum(1 + value["donations.trust_pull"] * (before - 0.5), 0)
    pull: Float = (1 + value["donations.match_pull"] * np.minimum(match, 1)) * (1 + asked) * trusted
    return pull


def _skewed(mean: Float, word: Float, power: float) -> Float:
    """Return draws of a given mean: an even draw to a whole power, multiplied out so that it is exact everywhere."""
    out = np.asarray(mean * (1 + power), dtype=np.float64)
    for _ in range(int(power)):
        out = out * word
    return out


def _sized(desk: Desk, rows: pd.DataFrame) -> pd.DataFrame:
    """Return gifts with their size, match and purpose, the donor's means and cap, and whether it claims."""
    value, code, week = desk.value, rows["district"], rows["week"]
    firm = (rows["donor_type"] == FIRM).to_numpy()
    more = FIRMS * firm
    size, bound = (desk.uniform(Stream.DONATION, rows["entity"], week, item + more) for item in (SIZE, BOUND))
    claims, means = (desk.uniform(Stream.DONATION, rows["entity"], 0, item + more) for item in (CLAIMS, MEANS))
    yuan = _skewed(np.where(firm, value["donations.firm_gift"], value["donations.gift"]), size,
                   value["donations.gift_skew"])
    means = _skewed(np.where(firm, value["tax.profit"], value["tax.income"]), means, value["tax.means_skew"])
    personal, of_firm, carry = (desk.force.value("tax", name, code, week)
                                for name in ("cap_personal", "cap_firm", "carry_years"))
    cap = np.where(firm, of_firm, personal) * means
    rate = np.where(firm, value["tax.rate_firm"], value["tax.rate_personal"])
    claimed = desk.force.on("tax", code, week) & (claims < value["tax.claims"])
    cheaper = rate * (claimed & ((yuan <= cap) | firm & (carry >= 1)))
    fen = np.rint(FEN * yuan * (1 - value["tax.elasticity"] * cheaper)).astype(np.int64)
    match = desk.force.value(LEVER, "match_rate", code, week)
    return rows.assign(
        fen=fen, match_fen=np.rint(fen * match).astype(np.int64), restricted=bound < value["donations.restricted"],
        claimed=claimed, means=means, cap_fen=np.rint(FEN * cap).astype(np.int64), rate=rate, carry_years=carry)
