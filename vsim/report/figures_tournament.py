"""The picture of the tournament: how often intervals hold the truth when assumptions hold, and the bias when not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from vsim.errors import DataError
from vsim.i18n import t
from vsim.report.figures_chart import Chart, canvas, finished, plain_number
from vsim.report.numbers import number
from vsim.report.style import BLUE, GREY, INK, PALE, VERMILION, chart_size
from vsim.report.words import wrap

if TYPE_CHECKING:
    from vsim.run.tournament import Row

LINE, TALL, HEAD = 0.2, 0.32, 0.1        # inches of a row, of one with its name above, and of the gap between designs
TWICE = 1.96                  # Monte Carlo errors to both sides
FAR = 4.0                     # spreads at which a bias is shown at the edge


def tournament(rows: Sequence[Row]) -> Chart:
    """Chart coverage with assumptions on, and bias in spreads of the estimator with them off, by design and estimator.

    Filled: estimators that claim to cover when the assumption holds. Hollow: shown to compare.

    Parameters
    ----------
    rows : sequence of Row
        Both states of every design.
    """
    if not rows:
        raise DataError("tournament: 0 rows; needed one or more. Play a design first.")
    from matplotlib.lines import Line2D

    keys: list[tuple[Any, str]] = [
        (Line2D([], [], color=BLUE, marker="s", linestyle=""), t("claims to cover when the assumption holds")),
        (Line2D([], [], color=BLUE, marker="s", markerfacecolor="white", linestyle=""), t("shown to compare")),
    ]
    lines = list(dict.fromkeys((row.design, row.question, row.estimator) for row in rows))
    state = {(row.design, row.estimator, row.holds): row for row in rows}
    places, top, before = {}, 0.0, ""
    wide = chart_size() == "wide"
    for design, question, estimator in lines:
        top += (LINE if wide else TALL) + (HEAD if design != before else 0.0)
        places[design, question, estimator], before = top, design
    figure = canvas(t("What covers, and what misleads"), top + 1.0, keys)
    left, right = figure.subplots(1, 2, sharey=True, gridspec_kw={"width_ratios": (1, 1)})
    left.axvspan(93, 100, color=PALE, alpha=0.6, zorder=0.5)
    left.axvline(95, color=INK, linewidth=1.0)
    right.axvline(0, color=GREY, linewidth=1.0)
    seen: set[str] = set()
    for (design, question, estimator), place in places.items():
        on, off = state[design, estimator, True], state[design, estimator, False]
        face = {} if on.named else {"markerfacecolor": "white"}
        one = 100 * on.score.coverage
        half = 100 * TWICE * on.score.coverage_se
        left.plot([max(one - half, 0), min(one + half, 100)], [place] * 2, color=BLUE, linewidth=1.2)
        left.plot(one, place, marker="s", color=BLUE, markersize=4.5, **face)
        size = off.score.bias / off.score.spread if off.score.spread > 0 else 0.0
        error = TWICE * off.score.bias_se / off.score.spread if off.score.spread > 0 else 0.0
        shown = max(-FAR, min(FAR, size))
        right.plot([max(size - error, -FAR), min(size + error, FAR)], [place] * 2, color=VERMILION, linewidth=1.2)
        right.plot(shown, place, marker="s" if shown == size else (">" if size > 0 else "<"), color=VERMILION,
                   markersize=4.5, **face)
        name = t(estimator) if design in seen else f"{question}  {t(estimator)}"
        if wide:
            left.text(-0.03, place, name, transform=left.get_yaxis_transform(), ha="right", va="center", fontsize=7.5)
        else:
            left.text(0.0, place - 0.07, name, transform=left.get_yaxis_transform(), ha="left", va="bottom",
                      fontsize=7.0).set_in_layout(False)
        seen.add(design)
    left.set_ylim(top + LINE, 0)
    left.set_xlim(0, 101)
    right.set_xlim(-FAR * 1.06, FAR * 1.06)
    for axes in (left, right):
        axes.set_yticks([])
        axes.grid(False)
        axes.grid(True, axis="x")
        axes.spines["left"].set_visible(False)
        axes.xaxis.set_major_formatter(plain_number)
    room = 34 if wide else 22
    left.set_xlabel(wrap(t("Assumption on: intervals that hold the truth (%)"), room))
    right.set_xlabel(wrap(t("Assumption off: bias (standard deviations of the estimate)"), room))
    named = [row for row in rows if row.named]
    covered = sum(row.good for row in named if row.holds)
    misled = sum(row.good for row in named if not row.holds)
    alt = t("Chart of {n} estimators on {designs} designs over {seeds} seeds. With assumptions on {covered} of {named} "
            "that claim to cover do; with them off {misled} are biased with the predicted sign.").format(
        n=len(lines), designs=len(seen), seeds=number(max(row.score.n for row in rows), 0), covered=covered,
        named=sum(row.holds for row in named), misled=misled)
    caption = t("Grey strip: 93 % and more. Lines: Monte Carlo intervals. Arrows: further out than the axis.")
    return finished("tournament", figure, t("What covers, and what misleads"), alt, caption)
