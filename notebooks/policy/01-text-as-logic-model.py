"""Checks of the lesson "From a sentence to a number": the chain of a package, links of a report, a goal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from vsim.course import Choice, Criterion, Number, Task, marking, t
from vsim.course.marking import Slip

LINKS = ("A", "B", "C", "D")
LINES = {"meetings": 1, "budget": 0, "came": 2, "helped": 3, "paid_hours": 0, "doors": 1}


@dataclass(frozen=True)
class Truth:
    """One year of each world, link by link, and what each policy costs in it."""

    year: pd.DataFrame = field(repr=False)
    price: Mapping[str, float] = field(repr=False)

    def more(self, link: str, world: str = "package") -> float:
        """How much more of a link there is under a policy."""
        return float(self.year.loc[link, world] - self.year.loc[link, "none"])


def truth(tables: Mapping[str, Any]) -> Truth:
    """Return the truth about the worlds of the lesson."""
    return Truth(tables["year"], tables["price"])


def _differing(slips: list[Slip], right: float, apart: float = 0.5) -> list[Slip]:
    """Return the slips that lead to another value than the right one."""
    return [slip for slip in slips if abs(slip.value - right) > apart]


def q1(given: dict[str, float], found: Truth) -> list[Criterion]:
    """Needs found, hours more, and the price of an extra hour."""
    needs, hours = -found.more("hidden"), found.more("received")
    cost, before = found.price["package"], float(found.year.loc["received", "none"])
    each = cost / hours if hours else 0.0
    return [
        marking.number(given, "needs_found", needs, t("Needs that stay hidden no more"), slips=_differing([
            Slip(-needs, "sign-turned", t("The number of hidden needs has fallen, so the found ones are none less all. "
                                          "Turn the sign."), 0.5),
            Slip(float(found.year.loc["hidden", "package"]), "end-not-change", t(
                "These are the needs that still stay hidden. The question is by how many fewer.")),
            Slip(100 * needs / float(found.year.loc["hidden", "none"]), "percent-not-number", t(
                "This is the change in per cent. The question asks for the number."), 0.5),
        ], needs)),
        marking.number(given, "hours_more", hours, t("Hours more for residents"), tolerance=0.5, slips=_differing([
            Slip(float(found.year.loc["received", "package"]), "end-not-change", t(
                "These are all hours with the package. Many of them would have been given without it.")),
            Slip(found.more("attended"), "people-not-hours", t("These are people who came. Take the row of the "
                                                               "hours.")),
            Slip(100 * hours / before, "percent-not-number", t(
                "This is the change in per cent. The question asks for hours."), 0.5),
            Slip(found.more("received", "plan"), "another-world", t(
                "These are the hours of planning together. Take the column of the package.")),
        ], hours)),
        marking.number(given, "yuan_each", each, t("Yuan for each extra hour"), tolerance=0.051, slips=_differing([
            Slip(cost / float(found.year.loc["received", "package"]), "all-hours", t(
                "The price is divided by all hours. Only the extra ones come from the package.")),
            Slip(hours / cost if cost else 0.0, "upside-down", t("These are hours for each yuan. Turn it round.")),
            Slip(2 * each, "two-years", t("This is the price of two years for the hours of one. Both must be of one "
                                          "year.")),
            Slip(cost / found.more("attended") if found.more("attended") else 0.0, "people-not-hours", t(
                "The price is divided by people. The question is about hours.")),
        ], each, 0.051)),
    ]


def q2(given: dict[str, int], _found: Truth) -> list[Criterion]:
    """The link of each line of a report."""
    said = {
        "meetings": (t("Meetings"), {0: t("Money and time go in so that meetings can be held. The meeting itself is "
                                          "done."),
                                     2: t("A meeting is something the office does. What came out of it?"),
                                     3: t("Nobody outside the room is better off for a meeting alone.")}),
        "budget": (t("Money spent"), {1: t("Spending is no doing yet: it pays for what is done."),
                                      2: t("Money is what goes in. It says nothing of what came out."),
                                      3: t("Money is the beginning of the chain, not its end.")}),
        "came": (t("People who came"), {0: t("These people were not put in by the office: they came because of what "
                                             "was "
                                             "done."),
                                        1: t("The office posts and calls. That people came is what came of it."),
                                        3: t("Service was given. Whether anybody is better off is the next link.")}),
        "helped": (t("Help in time"), {0: t("This is what all the rest is for. It is the end of the chain."),
                                       1: t("The office does things so that this happens. It is the end of the chain."),
                                       2: t("Close: but this line speaks of those who needed help, not of the "
                                            "service.")}),
        "paid_hours": (t("Paid hours"), {1: t("Paid hours are put in. What the officer does in them is done."),
                                         2: t("Hours of a paid officer are put in, like money."),
                                         3: t("Hours of a paid officer are put in, like money.")}),
        "doors": (t("Doors"), {0: t("The officer's time is put in. Ringing at doors is what is done with it."),
                               2: t("A door is not a need yet. What came out is what was heard behind it."),
                               3: t("A bell changes nobody's life. What followed?")}),
    }
    return [
        marking.choice(given, name, right, said[name][0], slips=[
            Slip(place, f"{name}-link", reason) for place, reason in said[name][1].items()])
        for name, right in LINES.items()
    ]


def q3(given: dict[str, int], _found: Truth) -> list[Criterion]:
    """Whose number it is when the text gives none."""
    return [marking.choice(given, "definition", 2, t("The sentence for the report"), slips=[
        Slip(0, "figure-in-the-text", t("The text names no figure and no share. Look at the goal once more.")),
        Slip(1, "registered-is-active", t("A register counts names. The goal speaks of taking part.")),
        Slip(3, "cannot-be-measured", t("It can be measured once it is defined. But somebody must define it, and say "
                                        "so.")),
    ])]


COUNT = {"unit": t("needs"), "whole": True}

TASKS = (
    Task("q1", t("The chain of the package"), 3, (
        Number("needs_found", **COUNT), Number("hours_more", unit=t("hours")), Number("yuan_each", unit=t("yuan"))), q1,
        hints=(
            t("Look at step 4 of the worked example: one world less the other, in one row."),
            t("`year.loc[\"hidden\", \"none\"]` is the number of hidden needs without a policy. With the package "
              "there are "
              "fewer: which of the two is taken from which?"),
            t("The price of an extra hour: price[\"package\"] divided by the hours that are there only because of "
              "it.")),
        solution=t(
            "Each number is one world less the other. Fewer needs stay hidden, so the world without the policy stands "
            "first; there are more hours, so the world with it stands first. The price is divided by the extra hours "
            "alone, since all others would have been given anyway."),
        code="needs_found = year.loc[\"hidden\", \"none\"] - year.loc[\"hidden\", \"package\"]\n"
             "hours_more = year.loc[\"received\", \"package\"] - year.loc[\"received\", \"none\"]\n"
             "yuan_each = price[\"package\"] / hours_more"),
    Task("q2", t("Which link is it?"), 3, tuple(Choice(name, LINKS, lettered=False) for name in LINES), q2, hints=(
        t("Ask of each line: could it stand in the report if nobody outside the office had noticed anything? Then it "
          "is "
          "A or B."),
        t("A is what can be bought: money, paid time. B is what is done with it. C is service that was given. D is how "
          "those fare for whom it was given.")),
        solution=t(
            "Money and paid time are put in: A. Meetings and doors are done: B. People who came to a shift came out of "
            "it: C. Help in time is what changes for people: D. The same word, hours, can be A when it is paid and C "
            "when it is given."),
        code="meetings, doors = \"B\", \"B\"\nbudget, paid_hours = \"A\", \"A\"\ncame, helped = \"C\", \"D\""),
    Task("q3", t("A goal without a figure"), 1, (Choice("definition", (
        t("The text asks for a rate of participation of one hundred per cent by 2035."),
        t("The goal is reached when everybody stands in the register."),
        t("We take the residents with at least one service record in 52 weeks, for each 100 residents; the text gives "
          "no "
          "number, so this definition is ours."),
        t("The goal has no figure, so it cannot be reported on."))),), q3, hints=(
        t("Which sentence says something that stands in the text, and which one puts words into it?"),
        t("A good definition has a numerator, a denominator, a window, and a name behind it.")),
        solution=t(
            "C. It has all three parts of a rate, it counts people who took part, and it says that the definition is "
            "the "
            "council's own. Another council may take another one; then the two cannot be compared."),
        code="definition = \"C\""),
)
