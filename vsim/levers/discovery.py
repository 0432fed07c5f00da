"""Finding needs with data: a list of communities for outreach, from a model or from past requests (clause V.3.a2).

How much contacts find, and what a model adds, are assumptions. A limit of fairness divides part of the contacts by
residents instead of by score; that it costs anything is off by default.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import share16
from vsim.levers.base import Edit, Lever, Span, Values
from vsim.spec.units import PER_THOUSAND


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery(Lever):
    """Discovery of needs: a model or not, contacts, the part divided evenly, and its costs."""

    name: ClassVar[str] = "discovery"

    model: float | None = None
    contacts: float | None = None
    fair_share: float | None = None
    cost_per_contact: float | None = None
    model_cost: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the share of hidden needs that is found besides."""
        aimed = 1.0 + cards["discovery.model_lift"] * values["model"]
        spared = 1.0 - cards["discovery.fair_loss"] * values["fair_share"]
        good, half = values["contacts"] * aimed * spared, cards["discovery.contacts_half"]
        return [Edit("found", share16(cards["discovery.found_most"] * good / (good + half)))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: contacts made, and the model."""
        kept = values["model_cost"] * values["model"] * counts["residents"] / PER_THOUSAND * counts["years"]
        return float(values["cost_per_contact"] * counts["need_scores.contacts.sum"] + kept)
