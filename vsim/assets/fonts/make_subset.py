"""Make VSimSansSC-Regular.otf: the part of Noto Sans SC that vsim's charts and pages need, renamed.

Run it by hand when the set of characters changes; the font that it writes is committed:

    pip download --no-deps --dest build/font pylopdf-fonts-zh-cn==0.1.1
    python vsim/assets/fonts/make_subset.py build/font/pylopdf_fonts_zh_cn-0.1.1-py3-none-any.whl

The characters are GB2312, Latin with its accents, Greek, the signs of charts and tables, and all that Faker's
zh_CN providers can emit. The licence text is copied out of the same wheel.
"""

from __future__ import annotations

import hashlib
import io
import pkgutil
import sys
import zipfile
from importlib import import_module
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FAMILY = "VSim Sans SC"
POSTSCRIPT_NAME = "VSimSansSC-Regular"
SOURCE_SHA256 = "faa6c9df652116dde789d351359f3d7e5d2285a2b2a1f04a2d7244df706d5ea9"
FONT_IN_WHEEL = "pylopdf_fonts_zh_cn/NotoSansSC-Regular.otf"
LICENCE_IN_WHEEL = "pylopdf_fonts_zh_cn-0.1.1.dist-info/licenses/LICENSE"

BLOCKS = (
    (0x0020, 0x007E),  # Basic Latin
    (0x00A0, 0x017F),  # Latin-1 and Latin Extended-A
    (0x0391, 0x03C9),  # Greek
    (0x2010, 0x203B),  # dashes, quotation marks, ellipsis, per mille, reference mark
    (0x2070, 0x208E),  # raised and lowered digits
    (0x2100, 0x214F),  # letterlike signs: degree Celsius, numero
    (0x2150, 0x218F),  # fractions and Roman numerals
    (0x2190, 0x21FF),  # arrows
    (0x2200, 0x22FF),  # mathematics: minus, almost equal, at least, at most
    (0x2460, 0x24FF),  # circled numbers
    (0x2500, 0x257F),  # box drawing, for the terminal's tables in pages
    (0x25A0, 0x26FF),  # shapes and stars
    (0x3000, 0x303F),  # Chinese punctuation
    (0x3200, 0x33FF),  # enclosed characters and units
    (0xFF00, 0xFFEF),  # full-width forms
)


def faker_characters() -> set[str]:
    """Return all characters in the data of Faker's zh_CN providers: more than they can emit, never less."""
    import faker.providers as providers

    found: set[str] = set()

    def collect(value: object) -> None:
        if isinstance(value, str):
            found.update(value)
        elif isinstance(value, dict):
            for key, item in value.items():
                collect(key)
                collect(item)
        elif isinstance(value, (list, tuple, set, frozenset)):
            for item in value:
                collect(item)

    for package in pkgutil.iter_modules(providers.__path__):
        try:
            provider = import_module(f"faker.providers.{package.name}.zh_CN").Provider
        except ModuleNotFoundError:
            continue
        for name in dir(provider):
            collect(getattr(provider, name, None))
    return found


def wanted_characters() -> set[int]:
    """Return the code points to keep."""
    points = {point for first, last in BLOCKS for point in range(first, last + 1)}
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            points.update(map(ord, bytes((high, low)).decode("gb2312", errors="ignore")))
    points.update(ord(character) for character in faker_characters() if character.isprintable())
    return points


def rename(font: TTFont) -> None:
    """Give the font vsim's own family name and say what it is made from; copyright and licence stay."""
    words = {
        1: FAMILY,
        2: "Regular",
        3: f"{POSTSCRIPT_NAME};subset of Noto Sans SC 2.004",
        4: FAMILY,
        5: "Version 2.004; vsim subset 1",
        6: POSTSCRIPT_NAME,
    }
    table = font["name"]
    kept = {number: table.getDebugName(number) for number in (0, 13, 14)}
    table.names = []
    for number, text in sorted({**words, **kept}.items()):
        if text:
            table.setName(text, number, 3, 1, 0x409)
    top = font["CFF "].cff
    top.fontNames = [POSTSCRIPT_NAME]
    top.topDictIndex[0].FamilyName = FAMILY
    top.topDictIndex[0].FullName = FAMILY
    if hasattr(top.topDictIndex[0], "Notice"):
        top.topDictIndex[0].Notice = str(kept[0])


def make(wheel: Path, folder: Path) -> Path:
    """Write the subset and its licence into `folder` and return the font's path."""
    with zipfile.ZipFile(wheel) as archive:
        source = archive.read(FONT_IN_WHEEL)
        licence = archive.read(LICENCE_IN_WHEEL)
    found = hashlib.sha256(source).hexdigest()
    if found != SOURCE_SHA256:
        raise SystemExit(f"{wheel}: sha256 of {FONT_IN_WHEEL} is {found}; allowed {SOURCE_SHA256}.")
    font = TTFont(io.BytesIO(source), recalcTimestamp=False)
    options = subset.Options()
    options.hinting = False
    options.layout_features = ["kern", "mark", "ccmp"]
    options.name_IDs = ["*"]
    options.drop_tables += ["DSIG", "VORG", "vhea", "vmtx", "BASE"]
    options.notdef_outline = True
    options.recalc_timestamp = False
    worker = subset.Subsetter(options)
    worker.populate(unicodes=sorted(wanted_characters()))
    worker.subset(font)
    rename(font)
    target = folder / f"{POSTSCRIPT_NAME}.otf"
    font.save(target)
    (folder / "OFL.txt").write_bytes(b"Copyright 2014-2021 Adobe (http://www.adobe.com/).\n\n" + licence)
    return target


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    made = make(Path(sys.argv[1]), Path(__file__).parent)
    sys.stdout.write(f"{made.name}: {made.stat().st_size:,} bytes\n")
