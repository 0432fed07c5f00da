"""Teams: people who served together form teams, by interest or not (clause IV.2.i).

Peer support has the backing of a review (Einolf 2018); how much less members leave stands on belonging.team_exit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import threshold32
from vsim.levers.base import Edit, Lever, Span, Values
from vsim.spec.units import FEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Teams(Lever):
    """Chance to join, matching by interest, smallest team and starting grant."""

    name: ClassVar[str] = "teams"

    chance: float | None = None
    interest_matching: float | None = None
    min_size: float | None = None
    start_grant: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the edits of team."""
        gain = cards["teams.match_gain"] if values["interest_matching"] >= 1 else 0.0
        return [Edit("team", threshold32(min(values["chance"] * (1 + gain), 1.0)))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: starting grants."""
        return float(counts["teams.grant_fen.sum"]) / FEN
