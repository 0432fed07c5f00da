"""Charts as files and as parts of a page: the same chart gives the same bytes, on any day.

A saved file carries its letters as outlines, so it looks alike anywhere. Inside a page letters stay text, set
in the font that the page brings along, so that they can be searched and copied.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

from vsim.errors import UsageError
from vsim.report.figures_chart import Chart, render


def save(chart: Chart, path: str | Path) -> Path:
    """Write a chart as PNG or SVG, the same bytes for the same chart, and return the path.

    Raises
    ------
    UsageError
        For a file name that ends otherwise.
    """
    target = Path(path)
    kind = target.suffix.lower().lstrip(".")
    if kind not in ("png", "svg"):
        raise UsageError(f"save: file name is '{target.name}'; allowed .png and .svg.")
    data = render(chart, "png" if kind == "png" else "svg")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    return target


def inline_svg(chart: Chart) -> str:
    """Return a chart as an SVG element for a page, with ids of its own and its alternative text."""
    body = render(chart, "svg", text=True).decode("utf-8")
    body = body[body.index("<svg") :]
    prefix = f"{chart.key}-{chart.lang[:2]}-{chart.size[0]}-"
    used = set(re.findall(r'(?:url\(#|href="#)([^)"]+)', body))

    def own(found: re.Match[str]) -> str:
        return f' id="{prefix}{found[1]}"' if found[1] in used else ""

    body = re.sub(r' id="([^"]+)"', own, body)
    body = re.sub(r'(url\(#|href="#)', rf"\g<1>{prefix}", body)
    body = re.sub(r"<!--.*?-->\s*|<style\b.*?</style>\s*", "", body, flags=re.DOTALL)
    body = re.sub(r"\s+version=\"1\.1\"", "", body, count=1)
    width, height = (72 * inches for inches in chart.figure.get_size_inches())
    opening = (
        f'<svg class="chart {chart.size}" role="img" aria-label="{escape(chart.alt)}" '
        f'viewBox="0 0 {width:.2f} {height:.2f}" xmlns="http://www.w3.org/2000/svg" '
        'xmlns:xlink="http://www.w3.org/1999/xlink">'
    )
    return re.sub(r"<svg[^>]*>", lambda _: opening, body, count=1).strip()
