"""Letters that vsim's font lacks, drawn as outlines from another font: rare letters of people's names above all.

The letter is a drawing with its text beside it, so that it can still be selected and read aloud. Which font serves is
named by the trainer or looked for on the machine; only these letters then depend on the machine.
"""

from __future__ import annotations

import io
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from vsim.errors import UsageError
from vsim.report.fonts import missing

LIKELY = ("noto", "sourcehan", "cjk", "yahei", "msyh", "simsun", "simhei", "pingfang", "song", "hei", "kai")
TRIED = 400                  # fonts of a machine that are looked into


class Outlines:
    """Glyphs of a font as drawings.

    Parameters
    ----------
    path : Path
        TTF, OTF or the first face of a TTC file.

    Raises
    ------
    UsageError
        When the file is no font.
    """

    def __init__(self, path: Path) -> None:
        library = import_module("fontTools.ttLib")
        try:
            font = library.TTFont(io.BytesIO(path.read_bytes()), lazy=True, fontNumber=0)
            self.names: dict[int, str] = font.getBestCmap()
            self.glyphs: Any = font.getGlyphSet()
            self.scale = 1000 / int(font["head"].unitsPerEm)
        except (library.TTLibError, OSError, KeyError, AssertionError, TypeError):
            raise UsageError(f"{path}: is no font; allowed a TTF, OTF or TTC file. Name another: --font FILE") from None

    def lacks(self, letters: str) -> str:
        """Return the letters that this font does not have either."""
        return "".join(letter for letter in letters if ord(letter) not in self.names)

    def width(self, letter: str) -> float:
        """Return how wide a letter is, in thousandths of its size."""
        return float(self.glyphs[self.names[ord(letter)]].width) * self.scale

    def drawn(self, letter: str, x: float, y: float, size: float) -> str:
        """Return a letter as a path of a PDF, filled, with its text beside it."""
        pen = _pen(self.glyphs)
        self.glyphs[self.names[ord(letter)]].draw(pen)
        scale = size * self.scale / 1000
        text = letter.encode("utf-16-be").hex().upper()
        return (f"/Span << /ActualText <FEFF{text}> >> BDC q {scale:.6f} 0 0 {scale:.6f} {x:.2f} {y:.2f} cm "
                f"{' '.join(pen.path)} f Q EMC")


def _pen(glyphs: Any) -> Any:
    """Return a pen that writes down what is drawn with it, in the words of a PDF."""

    class Pen(import_module("fontTools.pens.basePen").BasePen):  # type: ignore[misc]
        """Writes moves, lines and curves."""

        def __init__(self) -> None:
            super().__init__(glyphs)
            self.path: list[str] = []

        def _moveTo(self, pt: Any) -> None:  # noqa: N802
            self.path.append(f"{pt[0]:.1f} {pt[1]:.1f} m")

        def _lineTo(self, pt: Any) -> None:  # noqa: N802
            self.path.append(f"{pt[0]:.1f} {pt[1]:.1f} l")

        def _curveToOne(self, pt1: Any, pt2: Any, pt3: Any) -> None:  # noqa: N802
            self.path.append(" ".join(f"{value:.1f}" for point in (pt1, pt2, pt3) for value in point) + " c")

        def _closePath(self) -> None:  # noqa: N802
            self.path.append("h")

    return Pen()


def outlines_for(letters: str, font: Path | None = None) -> Outlines | None:
    """Return a font with the letters that vsim's own lacks; None when it lacks none.

    Parameters
    ----------
    letters : str
        Every letter of a page.
    font : Path, optional
        The font to take; by default the first of the machine that has them all.

    Raises
    ------
    UsageError
        When the font that is named lacks one, or the machine has none.
    """
    lacking = missing(letters)
    if not lacking:
        return None
    if font is not None:
        found = Outlines(font)
        if left := found.lacks(lacking):
            raise UsageError(f"{font}: has no {left}; allowed a font with {lacking}. Name another: --font FILE")
        return found
    path = _of_machine(lacking)
    if path is None:
        raise UsageError(f"no font of this machine has {lacking}; allowed a TTF, OTF or TTC file with these letters. "
                         "Name one: --font FILE")
    return Outlines(path)


@lru_cache(maxsize=64)
def _of_machine(letters: str) -> Path | None:
    """Return the first font of the machine with all these letters, likely ones first."""
    from matplotlib.font_manager import findSystemFonts

    def rank(name: str) -> tuple[bool, str]:
        return not any(word in Path(name).name.lower() for word in LIKELY), name

    for name in sorted(findSystemFonts(), key=rank)[:TRIED]:
        try:
            if not Outlines(Path(name)).lacks(letters):
                return Path(name)
        except UsageError:
            continue
    return None
