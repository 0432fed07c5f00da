"""Autonomy: how often volunteers are asked, and whether they may refuse (clause VII.2.f).

Evidence: mandates lower later service in one study and do nothing in another (Helms 2013; Henderson et al. 2007); too
many requests tire people (Manshadi and Rodilitz 2022, form only). The sizes are assumptions on cards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import units
from vsim.levers.base import Edit, Lever, Span, Values
from vsim.spec.units import FEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Autonomy(Lever):
    """Autonomy: requests a week, refusal without penalty, the share called a duty, and the cost of asking how it is."""

    name: ClassVar[str] = "autonomy"

    requests: float | None = None
    refusal_free: float | None = None
    mandatory: float | None = None
    answer_cost: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return what pressure adds to leaving against the usual number of requests, 1/1024 log hazard."""
        eased = 1 - cards["autonomy.relief"] if values["refusal_free"] >= 1 else 1.0
        bearable = cards["autonomy.bearable"]
        beyond = max(values["requests"] - bearable, 0) * eased - max(cards["autonomy.usual"] - bearable, 0)
        push = cards["autonomy.pressure"] * beyond + cards["autonomy.mandate"] * values["mandatory"]
        return [Edit("leave", units(push))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: the survey of pressure; the rule itself costs nothing."""
        return float(counts["money[line=pressure_survey].fen.sum"]) / FEN
