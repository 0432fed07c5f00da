"""Formulas of the prose as pictures inside the page: drawn by matplotlib, so that no script need be fetched for them.

What matplotlib's small TeX does not know stays as it was written, set as code.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape

UNITS = 100                                                  # units of the drawing in one em
CURVES = {1: "M", 2: "L", 3: "Q", 4: "C"}                    # matplotlib's codes of a path
CLOSE = 79
ALIASES = {"le": "leq", "ge": "geq", "ne": "neq", "to": "rightarrow", "lvert": "vert", "rvert": "vert"}


@cache
def formula_html(tex: str, block: bool = False) -> str:
    """Return a formula as HTML that needs nothing from outside; on a line of its own when `block`."""
    plain = " ".join(tex.split())
    inner = _drawing(plain.replace("\\frac", "\\dfrac") if block else plain)
    inner = inner or f'<code class="formula">{escape(plain, quote=False)}</code>'
    return f'<span class="formula-block">{inner}</span>' if block else inner


def _drawing(written: str) -> str | None:
    """Return the formula as SVG, None when it cannot be drawn; letters outside ASCII are not tried."""
    if not written.isascii() or not written:
        return None
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath, text_to_path

    tex = re.sub(r"\\([a-z]+)", lambda word: "\\" + ALIASES.get(word[1], word[1]), written)
    font = FontProperties(size=UNITS, math_fontfamily="dejavusans")
    try:
        width, height, depth = text_to_path.get_text_width_height_descent(f"${tex}$", font, ismath=True)
        path = TextPath((0, 0), f"${tex}$", prop=font)
    except (ValueError, RuntimeError, KeyError):
        return None
    drawn: list[str] = []
    for points, code in path.iter_segments(curves=True, simplify=False):
        if code == CLOSE:
            drawn.append("Z")
        else:
            pairs = zip(points[::2], points[1::2], strict=True)
            drawn.append(CURVES[int(code)] + " ".join(f"{x:.1f},{-y:.1f}" for x, y in pairs))
    box = f"0 {depth - height:.1f} {width:.1f} {height:.1f}"
    style = f"height:{height / UNITS:.3f}em;width:{width / UNITS:.3f}em;vertical-align:{-depth / UNITS:.3f}em"
    return (f'<svg class="formula" role="img" aria-label="{escape(written)}" viewBox="{box}" style="{style}">'
            f'<path d="{"".join(drawn)}"></path></svg>')
