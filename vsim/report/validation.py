"""The validation report: every target of the list beside the simulation, or with the reason why it is not computed."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from vsim.i18n import t
from vsim.report import figures_file
from vsim.report.figures_chart import ChartSet, draw
from vsim.report.figures_validation import beside_ranges, shown
from vsim.report.package_folder import check_target, whole_folder
from vsim.report.page import write
from vsim.report.page_content import Block, KeyFigure, PageContent, Section, Table
from vsim.report.style import use_style
from vsim.report.words import Bilingual, both, in_both
from vsim.run.reasons import reason
from vsim.run.run import MODEL_VERSION
from vsim.run.validate import CORE, Check, Summary, summary
from vsim.spec.scenario import load_scenario
from vsim.spec.targets import Target, load_targets

PAGE, DATA = "index.html", "validation.json"
USED: Mapping[str, str] = {"fit": "fitted", "held_out": "held out", "none": "beside only"}


@dataclass(frozen=True, slots=True)
class Validation:
    """The checks of every preset, and what they were made with."""

    checks: Mapping[str, Sequence[Check]]
    replicates: int
    seed: int

    def all(self) -> list[Check]:
        """Return the checks of all presets that stand beside a published figure."""
        return [check for checks in self.checks.values() for check in checks if check.target.id in load_targets()]

    @property
    def summary(self) -> Summary:
        """How many targets are held."""
        return summary(self.all())

    def left(self) -> list[Target]:
        """Return the targets that have no simulated value here, in the order of the list."""
        done = {check.target.id for check in self.all()}
        return [target for target in load_targets().values() if target.id not in done]


def why(target: Target) -> str:
    """Return why a target has no simulated value: its preset was not asked for, or what its reason says."""
    return t("Its preset was not run here.") if target.indicator else reason(target)


def rows(report: Validation) -> Iterator[dict[str, Any]]:
    """Yield one record for every target of the list and every value without one; numbers that do not exist are None."""
    for preset, checks in report.checks.items():
        for c in checks:
            yield {
                "preset": preset, "target": c.target.id, "quantity": c.target.quantity, "source": c.target.source,
                "use": c.target.use, "value": c.target.value, "low": c.target.low, "high": c.target.high,
                "simulated": _known(c.value), "se": _known(c.se), "replicates": c.replicates, "holds": c.holds,
                "place": _known(c.place), "miss": _known(c.miss), "reason": None,
            }
    for target in report.left():
        yield {
            "preset": target.preset or None, "target": target.id, "quantity": target.quantity, "source": target.source,
            "use": target.use, "value": target.value, "low": target.low, "high": target.high, "simulated": None,
            "se": None, "replicates": 0, "holds": None, "place": None, "miss": None, "reason": why(target),
        }


def _known(number: float) -> float | None:
    return number if math.isfinite(number) else None


def as_data(report: Validation) -> dict[str, Any]:
    """Return the report as plain data: what the README may quote, and every row."""
    total = report.summary
    return {
        "model_version": MODEL_VERSION, "seed": report.seed, "replicates": report.replicates,
        "inside": total.inside, "ranged": total.ranged, "share_inside": _known(total.share),
        "core": list(CORE), "core_missed": list(total.core_missed), "listed": len(load_targets()),
        "rows": list(rows(report)),
    }


def content(report: Validation, drawn: Mapping[str, ChartSet]) -> PageContent:
    """Return the report as a page in both languages, with the chart of each preset that has one."""
    total = report.summary
    percent = f"{100 * total.share:.0f} %" if total.ranged else "n/a"
    ranged = KeyFigure(
        both("Targets with a range that hold"), percent, f"{total.inside} / {total.ranged}",
        both("Simulated mean of {n} lucks inside the published range.", {"n": report.replicates}),
    )
    met = len(CORE) - len(total.core_missed)
    core = KeyFigure(
        both("Core targets that hold"), f"{met} / {len(CORE)}", ", ".join(total.core_missed),
        both("Missed core targets are named; a participation level counts as one of them."),
    )
    sections = [_preset(preset, checks, drawn.get(preset)) for preset, checks in report.checks.items()]
    return PageContent(
        both("Validation: targets and simulated values"),
        both("Every target of the list stands here, misses included: beside its simulated value, or with the reason "
             "why it has none."),
        [*sections, _left(report)], (ranged, core),
        both("Synthetic worlds, made by vsim, model {version}, seed {seed}.",
             {"version": MODEL_VERSION, "seed": report.seed}),
    )


def charts(report: Validation) -> dict[str, ChartSet]:
    """Return the chart of each preset that has a target with a range."""
    return {
        preset: draw(partial(beside_ranges, preset, checks)) for preset, checks in report.checks.items()
        if any(math.isfinite(check.place) for check in checks)
    }


def _preset(preset: str, checks: Sequence[Check], chart: ChartSet | None) -> Section:
    scenario = load_scenario(preset)
    blocks: list[Block] = [both(scenario.question or scenario.title)]
    if chart is not None:
        blocks.append(chart)
    blocks.append(_table(checks))
    return Section(preset.replace("_", "-"), Bilingual(f"{preset}: {both(scenario.title).en}",
                                                       f"{preset}：{both(scenario.title).zh}"), blocks)


def _table(checks: Sequence[Check]) -> Table:
    head = (both("Target"), both("What it is"), both("Source"), both("Published"), both("Range"),
            both("Simulated (Monte Carlo error)"), both("Miss"), both("Inside?"), both("Use"))
    lines = []
    for c in checks:
        words = shown(c)
        lines.append((
            c.target.id, both(c.target.quantity), ", ".join(c.target.source_keys), words.published, words.range,
            words.simulated, words.miss, _inside(c), _use(c.target),
        ))
    return Table(
        both("Targets beside simulated values"), head, tuple(lines), frozenset({3, 4, 5, 6}),
        both("Miss: how far outside the range, in halves of its width."),
    )


def _inside(check: Check) -> Bilingual:
    if not check.ranged:
        return both("no range")
    return both("yes" if check.holds else "no")


def _use(target: Target) -> Bilingual:
    return both(USED[target.use])


def _left(report: Validation) -> Section:
    head = (both("Target"), both("What it is"), both("Source"), both("Published"), both("Why it is not computed"))
    lines = tuple(
        (target.id, both(target.quantity), ", ".join(target.source_keys), target.text, in_both(partial(why, target)))
        for target in report.left()
    )
    return Section("not-computed", both("Targets without a simulated value"), [
        both("{n} of {all} targets are told of but not computed.", {"n": len(lines), "all": len(load_targets())}),
        Table(both("Targets that no preset computes, and why"), head, lines, frozenset({3})),
    ])


def check_free(folder: Path, force: bool) -> None:
    """Refuse a folder that must not be written over, before any work is done."""
    check_target(folder, force, DATA)


def write_report(report: Validation, folder: Path, *, force: bool = False) -> Path:
    """Write the page, its charts as PNG in both languages, and the data; all of it or nothing."""
    check_free(folder, force)
    drawn = charts(report)
    with whole_folder(folder) as fresh:
        write(content(report, drawn), fresh / PAGE)
        for preset, chart_set in drawn.items():
            for lang in ("en", "zh_CN"):
                with use_style(lang, "wide"):
                    figures_file.save(chart_set.get(lang, "wide"), fresh / f"{preset}.{lang}.png")
        (fresh / DATA).write_text(json.dumps(as_data(report), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return folder
