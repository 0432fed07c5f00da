"""How vsim's charts look: one font, one colour-blind-safe palette, one set of sizes, one language at a time.

`use_style` is a context manager: it sets matplotlib's settings and the language of messages, and puts both
back. No colour carries a meaning alone: every series has a line style, a marker and a hatch of its own too.
The colours are those of Okabe and Ito (2008, "Color Universal Design"), darkened where pale on white.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final, Literal

from vsim.errors import UsageError
from vsim.i18n import known_language, language
from vsim.report.fonts import register
from vsim.report.words import speaking

Size = Literal["wide", "narrow"]
WIDTH: Final[dict[Size, float]] = {"wide": 7.2, "narrow": 4.0}
POINTS: Final = 9.0

INK: Final = "#111827"
GREY: Final = "#5B6472"
PALE: Final = "#D5DAE1"
PAPER: Final = "#FFFFFF"
BLUE: Final = "#0072B2"
VERMILION: Final = "#D55E00"
PURPLE: Final = "#C77CA8"
DIVERGING: Final = ("#8C4A00", "#E3A869", "#F7F7F5", "#7FB2DA", "#00508C")


@dataclass(frozen=True, slots=True)
class Series:
    """How one series is drawn wherever it appears.

    Attributes
    ----------
    colour : str
        A hexadecimal colour with a contrast of at least 3 to 1 on white.
    line, marker, hatch : str
        Matplotlib's codes; they differ between any two series, so that colour is never needed.
    """

    colour: str
    line: Literal["-", "--", "-.", ":"]
    marker: str
    hatch: str


SERIES: Final[dict[str, Series]] = {
    "base": Series(GREY, "--", "o", ""),
    "pilot": Series(BLUE, "-", "s", "////"),
    "true": Series(INK, "-", "D", "xxxx"),
    "recorded": Series(VERMILION, "-.", "^", "\\\\\\\\"),
    "verified": Series(PURPLE, ":", "v", "---"),
}

_size: ContextVar[Size] = ContextVar("vsim_chart_size", default="wide")


def luminance(rgb: tuple[float, float, float]) -> float:
    """Return the relative luminance of an sRGB colour, 0 (black) to 1 (white), as WCAG 2 defines it."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def chart_size() -> Size:
    """Return the size for which charts are drawn now: wide (pages, slides, print) or narrow (telephones)."""
    return _size.get()


def _settings() -> Any:
    """Return matplotlib's settings, independent of the language."""
    return {
        "font.family": [register(), "DejaVu Sans"],
        "font.size": POINTS,
        "axes.unicode_minus": True,
        "axes.edgecolor": GREY,
        "axes.labelcolor": INK,
        "axes.labelsize": POINTS,
        "axes.linewidth": 0.7,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "axes.grid": True,
        "axes.grid.axis": "y",
        "axes.formatter.limits": (-4, 7),
        "axes.formatter.use_mathtext": False,
        "grid.color": PALE,
        "grid.linewidth": 0.6,
        "text.color": INK,
        "text.usetex": False,
        "xtick.color": GREY,
        "ytick.color": GREY,
        "xtick.labelcolor": INK,
        "ytick.labelcolor": INK,
        "xtick.labelsize": POINTS,
        "ytick.labelsize": POINTS,
        "xtick.major.size": 3.0,
        "ytick.major.size": 0.0,
        "lines.linewidth": 1.7,
        "lines.markersize": 4.5,
        "hatch.linewidth": 0.6,
        "legend.frameon": False,
        "legend.fontsize": POINTS,
        "figure.facecolor": PAPER,
        "axes.facecolor": PAPER,
        "savefig.facecolor": PAPER,
        "figure.dpi": 110,
        "savefig.dpi": 200,
        "savefig.bbox": "standard",
        "svg.hashsalt": "vsim",
        "svg.fonttype": "path",
        "path.simplify": True,
    }


@contextmanager
def use_style(lang: str | None = None, size: Size = "wide") -> Iterator[None]:
    """Draw in vsim's style, in one language; afterwards every setting and the language are as before.

    Parameters
    ----------
    lang : {"en", "zh_CN"}, optional
        Language of labels, numbers and dates; the current one when not given.
    size : {"wide", "narrow"}
        The width that charts are drawn for.

    Raises
    ------
    UsageError
        For a language or size that vsim does not have.
    """
    import matplotlib as mpl

    wanted = language() if lang is None else known_language(lang, "use_style: lang")
    if size not in WIDTH:
        raise UsageError(f"use_style: size is '{size}'; allowed {', '.join(WIDTH)}.")
    token = _size.set(size)
    try:
        with speaking(wanted), mpl.rc_context(_settings()):
            yield
    finally:
        _size.reset(token)
