"""Showing and publicising: posts are heard while they are new (clause V.2.b6).

Evidence: media and campaigns show a burst and a decay, weakly. Awareness fades by half-lives when the posts end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import exp32, log_of, share16, units
from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Publicity(Lever):
    """Publicity: posts a week and the quality of their stories."""

    name: ClassVar[str] = "publicity"

    posts: float | None = None
    story: float | None = None
    cost_per_post: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return further awareness, one number for each week from the start on."""
        posts, half = values["posts"], cards["publicity.posts_half"]
        heard = share16(cards["publicity.heard"] * values["story"] * posts / (posts + half))
        slow = log_of(1 << 17) - log_of(1 << 16)               # ln 2
        after = [max(week + 1 - span.weeks, 0) for week in range(span.left)]
        gone = [slow * weeks * 1024 // units(cards["publicity.half_life"]) for weeks in after]
        return [Edit("heard", tuple(heard * int(exp32(-fade)) >> 32 for fade in gone))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: posts, dearer where the stories are better."""
        return float(values["cost_per_post"] * values["story"]) * float(counts["station_posts.posts.sum"])
