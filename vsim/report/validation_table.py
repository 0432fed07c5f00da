"""The validation report on a terminal: one table a preset, one of what is not computed, one line in the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vsim.i18n import t
from vsim.report.figures_validation import shown
from vsim.report.validation import USED, Validation, why
from vsim.run.validate import CORE, Check

if TYPE_CHECKING:
    from rich.table import Table


def _table(title: str) -> Table:
    from rich.table import Table

    return Table(title=title, title_justify="left")


def preset_table(preset: str, checks: Sequence[Check]) -> Table:
    """Return the targets of one preset beside simulated values."""
    table = _table(t("Targets and simulated values of {preset}").format(preset=preset))
    table.add_column(t("Target"), no_wrap=True)
    table.add_column(t("What it is, source"), ratio=1, overflow="fold")
    for head in ("Published", "Range", "Simulated (Monte Carlo error)", "Miss"):
        table.add_column(t(head), justify="right", overflow="fold")
    table.add_column(t("Inside?"), overflow="fold")
    for check in checks:
        words, sources = shown(check, ascii_only=True), ", ".join(check.target.source_keys)
        inside = t("yes" if check.holds else "no") if check.ranged else "-"
        table.add_row(check.target.id, f"{t(check.target.quantity)} ({sources}; {t(USED[check.target.use])})",
                      words.published or "-", words.range or "-", words.simulated, words.miss, inside)
    return table


def left_table(report: Validation) -> Table:
    """Return the targets that have no simulated value, with the reason."""
    table = _table(t("Targets that no preset computes, and why"))
    for head in ("Target", "What it is, source", "Published", "Why it is not computed"):
        table.add_column(t(head), overflow="fold")
    for target in report.left():
        what = f"{t(target.quantity)} ({', '.join(target.source_keys)})"
        table.add_row(target.id, what, target.text or "-", why(target))
    return table


def summary_line(report: Validation) -> str:
    """Return how many targets hold, in one line; a miss is told in halves of the width of the range."""
    total = report.summary
    percent = f"{100 * total.share:.0f}" if total.ranged else "-"
    words = t("{inside} of {ranged} targets with a range hold ({percent} %); core targets: {met} of {core}")
    line = words.format(inside=total.inside, ranged=total.ranged, percent=percent, core=len(CORE),
                        met=len(CORE) - len(total.core_missed))
    missed = t("; missed or not run: {names}").format(names=", ".join(total.core_missed)) if total.core_missed else ""
    return f"{line}{missed}. {t('Miss: how far outside the range, in halves of its width.')}"
