"""The page of a policy study, part by part: question, clauses, truth, what the register says, how made.

Each function returns one section, from plain tables and words; `study_page` puts them in order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from vsim.report.figures_calendar import say_date
from vsim.report.figures_chart import ChartSet, records
from vsim.report.numbers import interval, number, places
from vsim.report.page_content import (
    Commands,
    Door,
    Doors,
    Heading,
    KeyFigure,
    Note,
    PageContent,
    Quoted,
    Section,
    Table,
)
from vsim.report.policy_table import page_table
from vsim.report.words import Bilingual, both, in_both

if TYPE_CHECKING:
    import pandas as pd

    from vsim.report.page_content import Block, Text


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A clause that the policy carries out: its id, its words, and the lever with the values set here."""

    clause_id: str
    zh: str
    en: str
    lever: Bilingual
    values: Bilingual


@dataclass(frozen=True, slots=True)
class Provenance:
    """What makes a study repeatable: hashes, seed, sizes, the Monday of week 0, the model."""

    base_hash: str
    pilot_hash: str
    seed: int
    replicates: int
    weeks: int
    residents: int
    districts: int
    start: date
    model_version: str


def question_section(question: Bilingual, made: Provenance) -> Section:
    """Return the question, and how two worlds answer it."""
    size = {
        "residents": f"{made.residents:,}",
        "districts": made.districts,
        "weeks": made.weeks,
        "date": in_both(lambda: say_date(made.start)),
        "n": made.replicates,
    }
    blocks = (
        question,
        both(
            "To answer it, vsim grows the same city twice: once without the policy, the base world, and once "
            "with it, the pilot world. Both hold the same people, who meet the same luck week by week; they "
            "part only where the policy reaches somebody. So the difference between them is the effect "
            "itself, and not a guess at it."
        ),
        both(
            "The city is fictional: {residents} residents in {districts} districts of Yunchuan, followed for "
            "{weeks} weeks from {date}. The pair of worlds was grown {n} times, with other luck each time.",
            size,
        ),
    )
    return Section("question", both("The question"), blocks)


def clauses_section(clauses: Sequence[ClauseLine]) -> Section:
    """Return the clauses that the policy carries out, in the original and in English, with their levers."""
    rows = tuple(
        (line.clause_id, Quoted(line.zh), Quoted(line.en, "en"), line.lever, line.values) for line in clauses
    )
    table = Table(
        caption=both("Clauses that the policy carries out"),
        head=(
            both("Clause"),
            both("Chinese original"),
            both("In English"),
            both("Lever"),
            both("Set in this study"),
        ),
        rows=rows,
    )
    intro = both(
        "The policy acts on these sentences of the Opinions on improving the volunteer-service system in the "
        "new era (2024). Each has a lever in the model, and each lever says which people and districts it "
        "reaches."
    )
    return Section("policy", both("What the policy says"), (intro, table))


def truth_section(effects: pd.DataFrame, charts: Sequence[ChartSet], made: Provenance) -> Section:
    """Return the true effects: the policy table, then the charts, then what the intervals do not cover."""
    blocks: list[Block] = [
        both(
            "Every number here compares a world with its twin. The table gives each indicator in its unit, "
            "over the people and the window that the unit names."
        ),
        page_table(effects),
        *charts,
        Note(
            both(
                "The intervals say how well {n} replicates measure the effect inside the model. They do not "
                "say whether the model is right for a real city: every assumption stands on a card with its "
                "range and source, see `vsim parameters`.",
                {"n": made.replicates},
            )
        ),
    ]
    return Section("truth", both("What truly happened"), blocks)


def register_section(comparisons: pd.DataFrame, unit: str, charts: Sequence[ChartSet]) -> Section:
    """Return what comparisons of the register would suggest, beside the truth.

    Parameters
    ----------
    comparisons : DataFrame
        label, value, low, high, kind ("truth" once, "naive" for the others), as for `figures.beside_truth`.
    unit : str
        English message.
    charts : sequence of ChartSet
        `beside_truth` first, then `register_and_truth` if there is one.
    """
    lines = records(comparisons, "label", "value", "low", "high", "kind")
    true_value = next(line["value"] for line in lines if line["kind"] == "truth")
    rows: list[tuple[Text, ...]] = []
    for line in lines:
        decimals = places(line["low"], line["high"], line["value"])
        shown = number(line["value"], decimals, signed=True)
        apart = number(round(line["value"], decimals) - round(true_value, decimals), decimals, signed=True)
        away = "" if line["kind"] == "truth" else apart
        rows.append((both(line["label"]), shown, interval(line["low"], line["high"], decimals), away))
    table = Table(
        caption=both("The same effect, by several roads ({unit})", {"unit": both(unit)}),
        head=(both("Comparison"), both("Effect"), both("Interval"), both("Distance from the truth")),
        rows=tuple(rows),
        numeric=frozenset((1, 2, 3)),
    )
    intro = both(
        "An agency has no twin world. It has a register: rows that were entered, entered late, rounded, "
        "entered twice or never. These are comparisons that the register allows, beside the truth that it "
        "cannot know."
    )
    reasons = both(
        "A comparison of before and after also counts the season and the growth of the register. A "
        "comparison of districts also counts what made them differ before. And a policy that rewards "
        "recorded hours changes what is recorded, not only what is done."
    )
    blocks: list[Block] = [intro, *charts[:1], table, Heading(both("Why they differ")), reasons, *charts[1:]]
    return Section("register", both("What the register alone would suggest"), blocks)


def made_section(made: Provenance, commands: Sequence[str]) -> Section:
    """Return what is needed to make the page again: hashes, seed, versions, commands."""
    rows: tuple[tuple[Text, Text], ...] = (
        (both("Base scenario (hash)"), f"`{made.base_hash[:16]}`"),
        (both("Pilot scenario (hash)"), f"`{made.pilot_hash[:16]}`"),
        (both("Seed"), str(made.seed)),
        (both("Replicates"), str(made.replicates)),
        (both("Model version"), made.model_version),
    )
    table = Table(caption=both("Where the numbers come from"), head=(both("Item"), both("Value")), rows=rows)
    intro = both("The same scenarios, seed and model version give the same numbers on any machine:")
    return Section("made", both("How this was made"), (intro, Commands(tuple(commands)), table))


def next_section(doors: Sequence[Door]) -> Section:
    """Return where to go next."""
    return Section("next", both("Where to go next"), (Doors(tuple(doors)),))


def default_doors() -> tuple[Door, ...]:
    """Return one door for each kind of reader, with a command that works after installing."""
    return (
        Door(
            both("Researcher"),
            both(
                "Change the policy: a scenario is one short file, and every parameter shows its range and "
                "source."
            ),
            "vsim parameters stars",
        ),
        Door(
            both("Trainer"),
            both("See which sentence of the policy text each lever, lesson and assessment covers."),
            "vsim clauses --coverage",
        ),
        Door(
            both("Student"),
            both("Open the data set as an agency sees it, errors included, with its dictionary."),
            "vsim data validate riverside",
        ),
    )


def comparison_words() -> dict[str, Bilingual]:
    """Return the usual comparisons in words; their English is the label that `beside_truth` expects."""
    return {
        "truth": both("Truth: the same people, with and without the policy"),
        "before_after": both("Pilot districts, after against before"),
        "with_without": both("Pilot districts against the others, after the start"),
        "did": both("Difference in differences of the two"),
    }


def headline(label: Bilingual, unit: str, line: dict[str, Any], detail: Bilingual) -> KeyFigure:
    """Return a key figure from a row with value, low and high."""
    decimals = places(line["low"], line["high"], line["value"])
    limits = {"interval": interval(line["low"], line["high"], decimals), "unit": both(unit)}
    shown = number(line["value"], decimals, signed=True)
    return KeyFigure(label, shown, both("{unit}, interval {interval}", limits), detail)


def study_page(
    title: Bilingual, lead: Bilingual, sections: Sequence[Section], key_figures: Sequence[KeyFigure] = ()
) -> PageContent:
    """Return the whole page, with the line that says what the data are."""
    foot = both(
        "All people, organisations and places are invented: synthetic data of the fictional region Yunchuan, "
        "made by vsim. Text and data: CC BY 4.0. Type: VSim Sans SC, SIL Open Font License 1.1."
    )
    return PageContent(title, lead, tuple(sections), tuple(key_figures), foot)
