"""Feedback: a rule by which a number of a policy follows what was seen, such as a price that follows attendance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from pydantic import Field

from vsim.errors import UsageError, did_you_mean, listing
from vsim.spec.declared import DeclarationError, Declared
from vsim.spec.lever_files import lever_file
from vsim.spec.plain_yaml import one_line
from vsim.spec.policy import Policy

PLACES = 6                    # decimals to which a moved number is rounded
Number = int | float


class Feedback(Declared):
    """A rule of national feedback: every so many weeks a number of a policy moves towards a target.

    `follows` is a weekly count, summed over all districts and the `every` weeks before the edge. Beside a stock in
    `per`, such as registered, it is a rate for 1,000 of them and week; else it is the mean of a week. The number moves
    by `gain` x (`target` - seen) / `target`, stays between `least` and `most` and is rounded to six decimals. A
    negative gain lowers it where too little is seen: a price. It holds from the edge on, wherever the policy does.

    Raises
    ------
    UsageError
        When a field is missing or out of range, or `least` is above `most`.
    """

    kind: ClassVar[str] = "feedback"

    policy: str = Field(description="the lever of one of the policies, such as points")
    parameter: str = Field(description="a value of that policy that is one number, such as price")
    follows: str = Field(pattern=r"^[a-z_]{1,40}$", description="a weekly count, such as attended")
    per: str | None = Field(default=None, pattern=r"^[a-z_]{1,40}$", description="a weekly count, such as registered")
    target: Number = Field(gt=0, description="a number above 0")
    gain: Number = Field(description="a number other than 0, in the unit of the parameter")
    least: Number = Field(description="a number")
    most: Number = Field(description="a number, not below least")
    every: int = Field(default=13, ge=1, le=1040, description="a whole number of weeks, 1 to 1040")

    def model_post_init(self, context: object, /) -> None:
        """Check what goes together."""
        if self.gain == 0:
            raise DeclarationError(self.kind, ("gain",), "is 0; allowed any other number. Remove the rule instead.")
        if self.least > self.most:
            text = f"is {self.most}; allowed {self.least} (least) or more. Swap them?"
            raise DeclarationError(self.kind, ("most",), text)

    def moved(self, before: float, seen: float) -> float:
        """Return the number after an edge at which `seen` was seen; whole where the card asks for whole numbers.

        >>> rule = Feedback(policy="points", parameter="price", follows="attended", target=10, gain=-2, least=1, most=9)
        >>> rule.moved(5.0, 8.0)
        4.6
        """
        target = float(self.target)
        after = before + float(self.gain) * (target - seen) / target
        whole = lever_file(self.policy).cards[self.parameter].integer
        return round(min(max(after, float(self.least)), float(self.most)), 0 if whole else PLACES) + 0.0


def check_feedback(rules: Sequence[Feedback], policies: Sequence[Policy]) -> None:
    """Check that each rule moves one number of one policy, within its card, and that no two move the same.

    Raises
    ------
    UsageError
        When it does not; the place of the rule in the scenario is named.
    """
    levers = [policy.lever for policy in policies]
    for place, rule in enumerate(rules):
        here = ("feedback", place)
        if levers.count(rule.policy) != 1:
            used = sorted({lever for lever in levers if levers.count(lever) == 1})
            text = (f"is '{one_line(rule.policy)}', the lever of {levers.count(rule.policy)} policies; allowed that of "
                    f"exactly one: {listing(used) or 'there is none'}.{did_you_mean(rule.policy, used)}")
            raise DeclarationError("scenario", (*here, "policy"), text)
        cards = {name: card for name, card in lever_file(rule.policy).cards.items() if not card.is_list}
        card = cards.get(rule.parameter)
        if card is None:
            text = (f"is '{one_line(rule.parameter)}'; allowed a value of {rule.policy} that is one number: "
                    f"{listing(cards, 20)}.{did_you_mean(rule.parameter, cards)}")
            raise DeclarationError("scenario", (*here, "parameter"), text)
        for name in ("least", "most"):
            wrong = card.problem(getattr(rule, name))
            if wrong:
                raise DeclarationError("scenario", (*here, name), wrong)
        if any((other.policy, other.parameter) == (rule.policy, rule.parameter) for other in rules[:place]):
            text = f"is '{rule.parameter}' of {rule.policy}, which an earlier rule moves; allowed one rule each."
            raise DeclarationError("scenario", (*here, "parameter"), text)


def refuse_feedback(rules: Sequence[Feedback], what: str) -> None:
    """Refuse a scenario whose policies follow what is seen, where a run cannot follow.

    Raises
    ------
    UsageError
        When there are rules.
    """
    if rules:
        raise UsageError(f"{what}: the scenario has feedback; allowed in `vsim run nation`. Run that, or remove it.")
