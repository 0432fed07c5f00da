"""What the notebook of a brief shows: the tables of a brief's folder as people read them, its charts, its sentences.

Everything comes from the files of the folder. A row ends with the first letters of the set of runs behind it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from vsim.errors import UsageError, listing
from vsim.evaluate.indicators import indicator
from vsim.i18n import t
from vsim.report import figures
from vsim.report.brief_files import DATA, NUMBERS, QUESTION
from vsim.report.brief_opened import Opened, Row
from vsim.report.brief_words import (
    NAMES,
    UNITS,
    answer_words,
    hangs_words,
    price_words,
    question_words,
    recorded_words,
    register_words,
)
from vsim.report.figures_answer import hangs_on, worth_it
from vsim.report.figures_chart import Chart, records
from vsim.report.numbers import number, places
from vsim.report.style import use_style
from vsim.run.question_answer import WATCHED
from vsim.run.question_told import KEY, RUNS

if TYPE_CHECKING:
    pass

SHORT = 8                     # letters of a set of runs that a table shows

@dataclass(frozen=True, slots=True)
class Shown:
    """A table as text and as HTML: heads and rows in the language in force."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __repr__(self) -> str:
        return "\n".join("\t".join(row) for row in (self.heads, *self.rows))

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(text)}</th>" for text in self.heads)
        body = "".join("<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>" for row in self.rows)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


@dataclass(frozen=True, slots=True)
class Words:
    """Sentences, as Markdown."""

    text: str

    def __repr__(self) -> str:
        return self.text

    def _repr_markdown_(self) -> str:
        return self.text


@dataclass(frozen=True)
class Brief(Opened):
    """A brief as it is shown; made by `open_brief`."""

    def effects(self) -> Shown | Words:
        """Return the policy table of the main estimand."""
        frame = self.frame("effects")
        rows = []
        for line in records(frame[frame["estimand"] == self.estimand].dropna(subset=["value"]), "base", "pilot"):
            place = places(line["low"], line["high"], line["value"])
            rows.append((t(line["label"]), t(line["unit"]), number(line["base"], place), number(line["pilot"], place),
                         *_numbers(line), line[RUNS][:SHORT]))
        return Shown((t("Indicator"), t("Unit"), t("Base"), t("Pilot"), t("Effect"), t("Interval"), t("Runs")),
                     tuple(rows))

    def table(self, name: str) -> Shown | Words:
        """Return a table with name, unit, number, interval and runs; words when this question has none."""
        if not self.has(name):
            return Words(t("This question has no such part."))
        rows = []
        for line in records(self.frame(name), "unit"):
            rows.append((NAMES[line["what"]]() if line.get("what") in NAMES else _label(line),
                         UNITS[line["unit"]]() if line["unit"] in UNITS else t(line["unit"]),
                         *_numbers(line), line[RUNS][:SHORT]))
        return Shown((t("What"), t("Unit"), t("Value"), t("Interval"), t("Runs")), tuple(rows))

    def scores(self) -> Shown | Words:
        """Return how the register's comparisons do over all lucks."""
        if not self.has("seen"):
            return Words(t("This question has no such part."))
        rows = []
        for line in records(self.frame("seen").query("what != 'truth'"), "bias"):
            place = places(line["bias"] - 2 * line["bias_se"], line["bias"] + 2 * line["bias_se"], line["bias"])
            rows.append((NAMES[line["what"]](), number(line["bias"], place, signed=True),
                         number(line["bias_se"], place), number(100 * line["covers"], 0), line[RUNS][:SHORT]))
        return Shown((t("Comparison"), t("Bias"), t("Its error"), t("% of intervals that hold the truth"), t("Runs")),
                     tuple(rows))

    def figure(self, name: str) -> Chart | Words:
        """Return a chart by name; words when this question has none."""
        makers: dict[str, tuple[str, Callable[[], Chart]]] = {
            "indicators": ("effects", self._indicators), "weeks": ("weeks", self._weeks),
            "groups": ("groups", self._groups), "seen": ("seen", self._seen), "worth": ("acceptable", self._worth),
            "drivers": ("drivers", self._drivers),
        }
        if name not in makers:
            raise UsageError(f"brief: '{name}' is no chart; allowed {listing(makers)}.")
        needed, make = makers[name]
        if not self.has(needed):
            return Words(t("This question has no such part."))
        with use_style():
            return make()

    def say(self, name: str) -> Words:
        """Return the sentences of a part."""
        makers: dict[str, Callable[[Opened], str]] = {
            "question": question_words, "answer": answer_words, "register": register_words,
            "recorded": recorded_words, "price": price_words, "drivers": hangs_words,
        }
        if name not in makers:
            raise UsageError(f"brief: '{name}' has no words; allowed {listing(makers)}.")
        return Words(makers[name](self))

    def made(self) -> Shown:
        """Return what every number follows from."""
        p = self.provenance
        rows = [(t("Base"), f"{p['base']} {p['base_hash'][:16]}"), (t("Pilot"), f"{p['pilot']} {p['pilot_hash'][:16]}"),
                (t("Seed"), str(p["seed"])), (t("Lucks"), f"{p['replicates']} + {p['tries']}"),
                (t("Model"), p["model_version"]), (t("Made on"), p["made_on"]),
                (t("Seconds of work"), number(p["seconds"], 0)), ("Python", p["python"]),
                *sorted((name, one) for name, one in p["packages"].items())]
        return Shown((t("What"), t("Value")), tuple(rows))

    def sets(self) -> Shown:
        """Return the sets of runs that the rows of the tables name."""
        told = json.loads((self.folder / NUMBERS).read_text(encoding="utf-8"))["sets"]
        rows = [(name[:SHORT], str(len(keys)), f"{keys[0][:16]} …") for name, keys in told.items()]
        return Shown((t("Set"), t("Runs"), t("First key in the run store")), tuple(rows))

    def _indicators(self) -> Chart:
        frame = self.frame("effects")
        rows = frame[(frame["estimand"] == self.estimand) & frame["value"].notna() & (frame["base"] != 0)]
        return figures.forest_indicators(rows, level=self.question["level"])

    def _weeks(self) -> Chart:
        import pandas as pd

        what = indicator(self.question["outcome"])
        frame = self.frame("weeks").assign(date=lambda one: pd.to_datetime(one["date"]))
        start = frame.loc[frame["after"], "date"].min()
        return figures.two_worlds(frame, what.label, what.unit, policy_start=start.date(),
                                  replicates=self.question["replicates"])

    def _groups(self) -> Chart:
        return figures.forest_groups(self.frame("groups"), level=self.question["level"],
                                     note=t("Counted over all districts, those without the policy included."))

    def _seen(self) -> Chart:
        frame = self.frame("seen")
        from vsim.report.index import comparison_words

        words = comparison_words()
        label = [words[key].en for key in frame["what"]]
        kind = ["truth" if key == "truth" else "naive" for key in frame["what"]]
        what = indicator("hours_per_registered")
        return figures.beside_truth(frame.assign(label=label, kind=kind), what.label, what.unit)

    def _worth(self) -> Chart:
        return worth_it(self.frame("acceptable"), price=float(self.row("costs", "price")["value"]))

    def _drivers(self) -> Chart:
        what = indicator(self.question["outcome"])
        return hangs_on(self.frame("drivers"), what.label, what.unit)


def open_brief(folder: str | Path) -> Brief:
    """Return the brief in a folder.

    Raises
    ------
    UsageError
        When there is none.
    """
    path = Path(folder)
    if not (path / DATA).is_dir() or not (path / QUESTION).is_file():
        raise UsageError(f"brief: {path} holds no brief. Name the folder that `vsim run brief` wrote.")
    return Brief(path)


def _label(line: Row) -> str:
    found = line.get("label") or line.get("what") or line[KEY]
    return t(indicator(found).label) if line.get("what") in WATCHED else t(str(found))


def _numbers(line: Row) -> tuple[str, str]:
    place = places(line["low"], line["high"], line["value"])
    if line["low"] != line["low"]:                                       # NaN is unequal to itself
        return number(line["value"], place), ""
    ends = f"[{number(line['low'], place)}, {number(line['high'], place)}]"
    return number(line["value"], place, signed=True), ends
