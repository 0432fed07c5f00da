"""Every chart of vsim: functions of plain tables that return a `Chart`. Nothing else in vsim draws.

One chart in one language, for a file or a notebook::

    with use_style("zh_CN"):
        chart = figures.two_worlds(study.weekly(name), "Verified hours", "h a week", policy_start=day)
    figures.save(chart, "two-worlds.png")

Both languages and both sizes, for a page::

    charts = figures.draw(lambda: figures.forest_indicators(study.effects(names)))
"""

from vsim.report.figures_answer import hangs_on, worth_it
from vsim.report.figures_chart import Chart, ChartSet, draw
from vsim.report.figures_effects import beside_truth, forest_groups, forest_indicators
from vsim.report.figures_file import inline_svg, save
from vsim.report.figures_places import district_map, tile_layout
from vsim.report.figures_spread import hours_distribution
from vsim.report.figures_time import register_and_truth, two_worlds, weekly_effect
from vsim.report.figures_tournament import tournament
from vsim.report.figures_worth import cost_effectiveness

__all__ = [
    "Chart",
    "ChartSet",
    "beside_truth",
    "cost_effectiveness",
    "district_map",
    "draw",
    "forest_groups",
    "forest_indicators",
    "hangs_on",
    "hours_distribution",
    "inline_svg",
    "register_and_truth",
    "save",
    "tile_layout",
    "tournament",
    "two_worlds",
    "weekly_effect",
    "worth_it",
]
