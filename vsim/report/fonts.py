"""The font that vsim ships: for charts (matplotlib) and, cut to the glyphs in use, for pages.

VSim Sans SC is a subset of Noto Sans SC (`vsim/assets/fonts/README.txt`), so that Chinese is set alike on any
machine, with no font installed and no request made.
"""

from __future__ import annotations

import base64
import io
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path

FAMILY = "VSim Sans SC"
FONT_FILE = Path(__file__).resolve().parents[1] / "assets" / "fonts" / "VSimSansSC-Regular.otf"


@cache
def register() -> str:
    """Make the font known to matplotlib, in this process only, and return its family name."""
    from matplotlib import font_manager

    font_manager.fontManager.addfont(str(FONT_FILE))
    return FAMILY


@cache
def coverage() -> frozenset[int]:
    """Return the code points that the font can show."""
    with import_module("fontTools.ttLib").TTFont(FONT_FILE, lazy=True) as font:
        return frozenset(font.getBestCmap())


def missing(text: str) -> str:
    """Return the visible characters of a text that the font lacks, sorted, each once."""
    lacking = {
        character for character in text if character.isprintable() and ord(character) not in coverage()
    }
    return "".join(sorted(lacking))


def web_font(text: str) -> bytes:
    """Return a WOFF font that holds the glyphs of a text and no others.

    The bytes depend on the characters alone, not on their order, nor on the day.
    """
    subset = import_module("fontTools.subset")
    options = subset.Options()
    options.flavor = "woff"
    options.layout_features = ["kern", "mark", "ccmp"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.recalc_timestamp = False
    options.notdef_outline = True
    font = import_module("fontTools.ttLib").TTFont(FONT_FILE, recalcTimestamp=False)
    worker = subset.Subsetter(options)
    worker.populate(unicodes=sorted({ord(character) for character in text} | {0x20}))
    worker.subset(font)
    font.flavor = "woff"
    buffer = io.BytesIO()
    font.save(buffer, reorderTables=False)
    return buffer.getvalue()


def font_face(text: str) -> str:
    """Return the CSS rule that carries the glyphs of a text inside the page itself."""
    return _face("".join(sorted(set(text))))


@lru_cache(maxsize=32)
def _face(letters: str) -> str:
    data = base64.b64encode(web_font(letters)).decode("ascii")
    return (
        f'@font-face{{font-family:"{FAMILY}";font-style:normal;font-weight:400;font-display:block;'
        f'src:url("data:font/woff;base64,{data}") format("woff")}}'
    )
