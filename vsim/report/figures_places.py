"""The tile map: districts of the fictional region as tiles, a block a prefecture, coloured by effect."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import numpy as np

from vsim.errors import DataError
from vsim.i18n import t
from vsim.report.figures_chart import Chart, canvas, finished, inside, plain_number, records
from vsim.report.numbers import number
from vsim.report.style import DIVERGING, GREY, INK, PAPER, chart_size, luminance

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

TILE_COLUMNS = 4


def tile_layout(districts: pd.DataFrame) -> pd.DataFrame:
    """Return a place on a grid of tiles for each district, a block a prefecture.

    Parameters
    ----------
    districts : DataFrame
        district, prefecture; the order of rows is the order of tiles.

    Returns
    -------
    DataFrame
        district, prefecture, col, row (integers from 0; row 0 is the top).
    """
    import pandas as pd

    blocks = list(districts.groupby("prefecture", sort=False))
    across = math.ceil(math.sqrt(len(blocks)))
    pieces, top = [], 0
    for start in range(0, len(blocks), across):
        strip = blocks[start : start + across]
        for place, (_, block) in enumerate(strip):
            order = np.arange(len(block))
            cells = {"col": place * TILE_COLUMNS + order % TILE_COLUMNS, "row": top + order // TILE_COLUMNS}
            pieces.append(block[["district", "prefecture"]].assign(**cells))
        top += max(-(-len(block) // TILE_COLUMNS) for _, block in strip)
    return pd.concat(pieces, ignore_index=True)


def _spread(layout: pd.DataFrame) -> pd.DataFrame:
    """Move the prefectures' blocks apart, so that each can bear its name."""
    corner = layout.groupby("prefecture")[["col", "row"]].transform("min")
    gaps = corner.rank(method="dense") - 1
    return layout.assign(x=layout["col"] + 0.45 * gaps["col"], y=layout["row"] + 0.75 * gaps["row"])


def district_map(effects: pd.DataFrame, layout: pd.DataFrame, *, pilot: Collection[str] = ()) -> Chart:
    """Map one indicator's effect by district, a tile a district, pilot districts outlined.

    Parameters
    ----------
    effects : DataFrame
        district, label, unit, value, low, high; one row a district, one indicator.
    layout : DataFrame
        district, prefecture, col, row: where each tile stands (`tile_layout` makes one).
    pilot : collection of str
        Codes of the districts where the policy applies.
    """
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import LinearSegmentedColormap, Normalize

    first = records(effects, "district", "label", "unit", "value", "low", "high")[0]
    records(layout, "district", "prefecture", "col", "row")
    if effects["district"].duplicated().any():
        raise DataError("district_map: a district comes twice; needed once. Choose one indicator first.")
    tiles = _spread(layout).merge(effects, on="district", how="left")
    if tiles["value"].isna().all():
        raise DataError("district_map: no district of the effects is in the layout; needed the same codes.")
    label, unit = first["label"], first["unit"]
    limit = float(np.nanmax(np.abs(tiles["value"]))) or 1.0
    colours = ScalarMappable(Normalize(-limit, limit), LinearSegmentedColormap.from_list("vsim", DIVERGING))
    across, down = float(tiles["x"].max()) + 1, float(tiles["y"].max()) + 1.4
    title = t("Effect of the policy on {label}, district by district").format(label=inside(label))
    figure = canvas(title, (6.6 if chart_size() == "wide" else 3.7) / across * (down - 0.1) + 0.75, _keys())
    axes = figure.add_subplot()
    decimals = max(0, math.ceil(math.log10(25 / limit)))  # a step is at most a 25th of the widest effect
    for tile in records(tiles, "district", "value"):
        shade = colours.to_rgba(tile["value"]) if math.isfinite(tile["value"]) else PAPER
        _tile(axes, tile, shade, _shown(tile["value"], decimals), tile["district"] in pilot)
    for name, block in tiles.groupby("prefecture", sort=False):
        corner = block["x"].min() + 0.05, block["y"].min() - 0.08
        axes.text(*corner, t(str(name)), va="bottom", color=GREY, fontsize=8.5)
    axes.set_xlim(0, across)
    axes.set_ylim(down - 0.4, -0.32)
    axes.set_aspect("equal")
    axes.axis("off")
    shape: dict[str, Any] = {"orientation": "horizontal", "shrink": 0.62, "aspect": 34, "pad": 0.02}
    bar = figure.colorbar(colours, ax=axes, format=plain_number, **shape)
    bar.ax.spines["outline"].set_visible(False)
    bar.set_label(t("Difference, pilot minus base ({unit})").format(unit=t(unit)))
    inner = tiles["district"].isin(list(pilot))
    means = [float(tiles.loc[where, "value"].mean()) for where in (inner, ~inner)]
    alt = t(
        "Tile map of {districts} districts, effect on {label} in {unit}: mean {inside} in the {n} pilot "
        "districts and {outside} elsewhere; the interval excludes zero in {sure} districts."
    ).format(
        districts=len(tiles),
        label=inside(label),
        unit=t(unit),
        n=int(inner.sum()),
        inside=number(means[0], decimals, signed=True),
        outside=number(means[1], decimals, signed=True),
        sure=int(((tiles["low"] > 0) | (tiles["high"] < 0)).sum()),
    )
    caption = t("A fictional region: tiles stand for districts and have no real shape or place.")
    return finished("district-map", figure, title, alt, caption)


def _shown(value: float, decimals: int) -> str:
    """Return a tile's number; a bare 0 where the two worlds do not differ at all."""
    return "0" if value == 0 else number(value, decimals, signed=True)


def _keys() -> list[tuple[Artist, str]]:
    """Return the map's legend."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    return [
        (Patch(facecolor=PAPER, edgecolor=INK, linewidth=2.0), t("Pilot district")),
        (Line2D([], [], linestyle="none", marker="o", markersize=4, color=INK), t("Interval excludes zero")),
    ]


def _tile(axes: Axes, tile: dict[str, Any], shade: Any, shown: str, pilot: bool) -> None:
    """Draw one district: its colour, code and effect, a frame if it is a pilot, a dot if zero is excluded."""
    from matplotlib.colors import to_rgb
    from matplotlib.patches import Rectangle

    wide, x, y = chart_size() == "wide", tile["x"], tile["y"]
    ink = PAPER if luminance(to_rgb(shade)) < 0.22 else INK
    edge, line = (INK, 2.0) if pilot else (GREY, 0.4)
    axes.add_patch(
        Rectangle((x + 0.04, y + 0.04), 0.92, 0.92, facecolor=shade, edgecolor=edge, linewidth=line)
    )
    if tile["low"] > 0 or tile["high"] < 0:
        axes.plot(x + 0.85, y + 0.16, marker="o", markersize=3.2 if wide else 2.4, color=ink)
    for words, height in ((tile["district"], 0.36), (shown, 0.68)):
        size = 8.5 if wide else 7.0
        axes.text(x + 0.5, y + height, words, ha="center", va="center", fontsize=size, color=ink)
