"""Time bank: hours served are stored, and spent on help by somebody who wanted to serve anyway (clause VII.3.d).

No causal effect of time credits on service has been found; Chinese accounts were hoarded for years (timebankpress2015).
What a credit adds to the wish to serve is therefore an assumption: its pull times the share that people come to spend.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import threshold32, units
from vsim.levers.base import Edit, Lever, Span, Values
from vsim.spec.units import HOUR, QUARTER, QUARTERS


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeBank(Lever):
    """Time bank: what an hour earns, who may spend, what is given away or lapses, and what stands behind it.

    `cap` 0 is none. `vsim.scheme("nanjing")` holds the rules of a real one: `vsim.TimeBank(**vsim.scheme("nanjing"))`.
    """

    name: ClassVar[str] = "time_bank"

    credit_per_hour: float | None = None
    cap: float | None = None
    redeem_age: float | None = None
    kin: float | None = None
    seed: float | None = None
    expiry: float | None = None
    limit: float | None = None
    hour_cost: float | None = None
    hour_value: float | None = None
    reserve: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the edits of all tables of time credits; also those of nothing, where an earlier policy had them."""
        redeem = cards["time_bank.redeem"]
        edits = [
            Edit("credit_hour", units(values["credit_per_hour"])),
            Edit("credit_logit", units(cards["time_bank.pull"] * values["credit_per_hour"] * redeem)),
            Edit("credit_cap", round(HOUR * values["cap"])),
            Edit("credit_limit", round(HOUR * values["limit"])),
            Edit("credit_need", threshold32(cards["time_bank.need"] * redeem)),
            Edit("credit_age", round(values["redeem_age"])),
            Edit("credit_kin", round(values["kin"])),
            Edit("credit_seed", 0), Edit("credit_expire", 0),
        ]
        if values["seed"] > 0:
            quarters = tuple(range(0, span.weeks, QUARTER))
            edits.append(Edit("credit_seed", round(HOUR * values["seed"] / QUARTERS), only=quarters))
        if values["expiry"] >= 1:
            edits.append(Edit("credit_expire", 1, only=span.weeks_with(12, 31)))
        return edits

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: arranging the hours spent, and what is set aside for hours issued.

        Hours issued are earned by service or seeded: those earned by helping are those that somebody spent.
        """
        spent = float(counts["credit_spent"])
        issued = max(float(counts["credit_earned"]) + float(counts["credit_seeded"]) - spent, 0.0)
        yuan = values["hour_cost"] * spent + values["reserve"] * values["hour_value"] * issued
        return float(yuan) / HOUR
