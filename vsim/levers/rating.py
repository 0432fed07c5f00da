"""Rating and feedback: a prompt to rate, anonymity, and an answer to low ratings (clause V.3.a5).

Feedback raised what episodic volunteers did (Mertins and Walter 2020), but not shown to be by answers to ratings, so
experience does not move by default.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import share16
from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating(Lever):
    """Rating: prompt, anonymity, answers to low ratings, and their costs."""

    name: ClassVar[str] = "rating"

    prompt: float | None = None
    anonymous: float | None = None
    closing: float | None = None
    cost_per_prompt: float | None = None
    cost_per_answer: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the shift of experience from answers to feedback."""
        return [Edit("felt", share16(cards["rating.answer_felt"] * values["closing"]))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: prompts, and answers."""
        prompts = values["cost_per_prompt"] * values["prompt"] * counts["attended"]
        return float(prompts + values["cost_per_answer"] * counts["ratings[answered=True].rows"])
