"""A plain PDF of one page with text that can be selected, in vsim's own font: the same bytes for the same page.

Written by hand because a certificate is signed by its bytes: nothing in it may depend on the day or on a library that
compresses. The font is cut to the glyphs in use (`fonts`), with a table that turns glyphs back into text.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from importlib import import_module
from itertools import groupby
from typing import TYPE_CHECKING, Any

from vsim.report.fonts import FONT_FILE

if TYPE_CHECKING:
    from vsim.report.certificate_letters import Outlines

WIDTH, HEIGHT = 595.28, 841.89          # A4 in points
HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
LAYOUT = {"GSUB", "GPOS", "GDEF", "BASE"}
BLOCK = 100                             # entries in a block of a table of glyphs


class Face:
    """The font cut to the letters of a page.

    Parameters
    ----------
    letters : str
        Every letter that the page shows.
    others : Outlines, optional
        Draws the letters that the font lacks.
    """

    def __init__(self, letters: str, others: Outlines | None = None) -> None:
        self.others = others
        subset = import_module("fontTools.subset")
        options = subset.Options()
        options.layout_features, options.name_IDs = [], []
        options.notdef_outline, options.recalc_timestamp = True, False
        font = import_module("fontTools.ttLib").TTFont(FONT_FILE, recalcTimestamp=False, recalcBBoxes=False)
        for tag in LAYOUT & set(font.keys()):                 # not used here, and slow to be cut
            del font[tag]
        worker = subset.Subsetter(options)
        worker.populate(unicodes=sorted({ord(letter) for letter in letters} | {0x20}))
        worker.subset(font)
        self.program = bytes(font["CFF "].compile(font))
        top = font["CFF "].cff.topDictIndex[0]
        order = font.getGlyphOrder()
        numbers = {name: int(name[3:]) if hasattr(top, "ROS") and name.startswith("cid") else place
                   for place, name in enumerate(order)}
        scale = 1000 / font["head"].unitsPerEm
        glyphs = {code: name for code, name in font.getBestCmap().items() if chr(code) in letters or code == 0x20}
        self.codes = {chr(code): numbers[name] for code, name in glyphs.items()}
        self.widths = {numbers[name]: font["hmtx"][name][0] * scale for name in order}
        self.box = [round(value * scale) for value in top.FontBBox]
        self.ascent, self.descent = round(font["hhea"].ascent * scale), round(font["hhea"].descent * scale)

    def width(self, text: str, size: float) -> float:
        """Return how wide a text is, in points."""
        return sum(self.advance(letter) for letter in text) * size / 1000

    def advance(self, letter: str) -> float:
        """Return how wide a letter is, in thousandths of its size."""
        if self.is_drawn(letter):
            assert self.others is not None
            return self.others.width(letter)
        return float(self.widths[self.codes.get(letter, 0)])

    def is_drawn(self, letter: str) -> bool:
        """Return whether a letter is an outline of another font."""
        return self.others is not None and letter not in self.codes

    def coded(self, text: str) -> str:
        """Return a text as the codes of its glyphs, in hexadecimal."""
        return "".join(f"{self.codes.get(letter, 0):04X}" for letter in text)

    def to_unicode(self) -> bytes:
        """Return the table that turns glyphs back into letters, so that text can be selected and read aloud."""
        pairs = sorted((code, letter) for letter, code in self.codes.items())
        lines = ["/CIDInit /ProcSet findresource begin", "12 dict begin", "begincmap",
                 "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
                 "/CMapName /Adobe-Identity-UCS def", "/CMapType 2 def",
                 "1 begincodespacerange", "<0000> <FFFF>", "endcodespacerange"]
        for begin in range(0, len(pairs), BLOCK):
            some = pairs[begin : begin + BLOCK]
            lines.append(f"{len(some)} beginbfchar")
            lines += [f"<{code:04X}> <{letter.encode('utf-16-be').hex().upper()}>" for code, letter in some]
            lines.append("endbfchar")
        lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
        return "\n".join(lines).encode("ascii")


class Sheet:
    """A page on which text, lines and boxes are put; the origin is below on the left, lengths are points."""

    def __init__(self, face: Face) -> None:
        self.face = face
        self.drawn: list[str] = []

    def text(self, x: float, y: float, text: str, size: float, colour: str, *, align: str = "left",
             spread: float = 0.0) -> float:
        """Put a line of text and return its width; `align` is left, middle or right, `spread` parts the letters."""
        width = self.face.width(text, size) + spread * max(len(text) - 1, 0)
        x -= {"left": 0.0, "middle": width / 2, "right": width}[align]
        for drawn, group in groupby(text, self.face.is_drawn):
            run = "".join(group)
            if drawn:
                x = self._outlines(x, y, run, size, colour, spread)
                continue
            self.drawn.append(f"BT /F1 {size:.2f} Tf {_rgb(colour)} rg {spread:.2f} Tc {x:.2f} {y:.2f} Td "
                              f"<{self.face.coded(run)}> Tj ET")
            x += self.face.width(run, size) + spread * len(run)
        return width

    def _outlines(self, x: float, y: float, run: str, size: float, colour: str, spread: float) -> float:
        """Draw letters of another font and return where they end."""
        assert self.face.others is not None
        self.drawn.append(f"{_rgb(colour)} rg")
        for letter in run:
            self.drawn.append(self.face.others.drawn(letter, x, y, size))
            x += self.face.width(letter, size) + spread
        return x

    def line(self, x0: float, y0: float, x1: float, y1: float, colour: str, width: float = 0.6) -> None:
        """Draw a line."""
        self.drawn.append(f"{_rgb(colour)} RG {width:.2f} w {x0:.2f} {y0:.2f} m {x1:.2f} {y1:.2f} l S")

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """Fill a box."""
        self.drawn.append(f"{_rgb(colour)} rg {x:.2f} {y:.2f} {width:.2f} {height:.2f} re f")

    def wrapped(self, text: str, size: float, width: float) -> list[str]:
        """Return a text in lines no wider than `width`, broken as each language breaks."""
        from vsim.report.words import NO_STARTERS, PIECES

        lines, now = [], ""
        for piece in PIECES.findall(text):
            if self.face.width(now + piece.rstrip(), size) <= width or not now.strip() or piece[0] in NO_STARTERS:
                now += piece
            else:
                lines.append(now.strip())
                now = piece.lstrip()
        return [*lines, now.strip()] if now.strip() else lines


def _rgb(colour: str) -> str:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return " ".join(f"{part:.4f}" for part in parts)


def _said(text: str) -> bytes:
    """Return a text string of a PDF: UTF-16 with its mark, in hexadecimal."""
    return b"<FEFF%b>" % text.encode("utf-16-be").hex().upper().encode()


def _stream(content: bytes, more: str = "") -> bytes:
    return b"<< /Length %d%b >>\nstream\n%b\nendstream" % (len(content), more.encode(), content)


def pdf_bytes(sheet: Sheet, about: Mapping[str, str], lang: str, made: datetime) -> bytes:
    """Return a page as a PDF.

    Parameters
    ----------
    sheet : Sheet
    about : mapping of str to str
        Title, Author, Subject.
    lang : str
        Language of the text, such as "zh-CN".
    made : datetime
        Aware; written as the day of creation.
    """
    face = sheet.face
    name = "VSIMSC+VSimSansSC-Regular"
    widths = " ".join(f"{code} [{round(width)}]" for code, width in sorted(face.widths.items()))
    info = b" ".join(b"/%b %b" % (key.encode(), _said(text)) for key, text in about.items())
    stamp = made.strftime("D:%Y%m%d%H%M%SZ").encode()
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (%b) /ViewerPreferences << /DisplayDocTitle true >> >>" % lang.encode(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>".encode(),
        _stream("\n".join(sheet.drawn).encode("ascii")),
        f"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H /DescendantFonts [6 0 R] "
        "/ToUnicode 9 0 R >>".encode(),
        f"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /{name} /CIDSystemInfo << /Registry (Adobe) "
        f"/Ordering (Identity) /Supplement 0 >> /FontDescriptor 7 0 R /DW 1000 /W [{widths}] >>".encode(),
        f"<< /Type /FontDescriptor /FontName /{name} /Flags 4 /FontBBox [{' '.join(map(str, face.box))}] "
        f"/ItalicAngle 0 /Ascent {face.ascent} /Descent {face.descent} /CapHeight 733 /StemV 80 /FontFile3 8 0 R >>"
        .encode(),
        _stream(face.program, " /Subtype /CIDFontType0C"),
        _stream(face.to_unicode()),
        b"<< %b /Producer (vsim) /CreationDate (%b) /ModDate (%b) >>" % (info, stamp, stamp),
    ]
    return _file(objects)


def _file(objects: list[Any]) -> bytes:
    """Return the objects as a file with its table of places; the first is the catalogue, the last the facts."""
    out = bytearray(HEAD)
    places = []
    for key, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (key, body)
    at = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, len(objects), at)
    return bytes(out)
