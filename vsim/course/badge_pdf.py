"""A badge inside the PDF that shows it: as an attachment, appended so that every byte of the page stays as it was.

The page is drawn first, its checksum is signed with the badge, and the badge is appended as an incremental update
(ISO 32000 section 7.5.6). A reader of the file finds the update word for word as `attached` would write it, and the
page before it with the checksum that was signed; so there is no byte in the file that somebody else could have chosen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from vsim.course.badge_jws import COMPACT, LARGEST
from vsim.errors import DataError

NAME = "badge.jwt"
MARK = b"%vsim-badge "
HEAD = b"%PDF-"
TRIES = 20                   # places in a changed file at which a badge is looked for
CATALOG = re.compile(rb"\n1 0 obj\n<<([^\n]{0,2000})>>\nendobj\n")
TRAILER = re.compile(rb"\ntrailer\n<< /Size (\d{1,9})([^\n]{0,2000}) >>\nstartxref\n(\d{1,12})\n%%EOF\n\Z")
BADGE = re.compile(COMPACT.pattern.encode())


@dataclass(frozen=True, slots=True)
class Pdf:
    """A PDF taken apart: the page as it was signed, the badge in it, and whether the two are put together as they were.

    Attributes
    ----------
    page : bytes
        Empty when the file has been changed.
    badge : str
        "" when there is none.
    whole : bool
    """

    page: bytes
    badge: str
    whole: bool


def attached(page: bytes, badge: str) -> bytes:
    """Return a PDF with a badge as its attachment; the first bytes are the page's own.

    Raises
    ------
    DataError
        When the page was not drawn by vsim.
    """
    catalog, trailer = CATALOG.search(page), TRAILER.search(page)
    if catalog is None or trailer is None:
        raise DataError("certificate: the page is no PDF of vsim. Draw it again.")
    size, start = int(trailer[1]), len(page)
    text = badge.encode("ascii")
    objects = {
        1: b"<<%b /Names << /EmbeddedFiles << /Names [(%b) %d 0 R] >> >> /AF [%d 0 R] >>" % (
            catalog[1].rstrip(), NAME.encode(), size + 1, size + 1),
        size: b"<< /Type /EmbeddedFile /Subtype /application#2Fvc+jwt /Length %d >>\nstream\n%b\nendstream" % (
            len(text), text),
        size + 1: b"<< /Type /Filespec /F (%b) /UF (%b) /Desc (Open Badge 3.0) /AFRelationship /Source "
                  b"/EF << /F %d 0 R >> >>" % (NAME.encode(), NAME.encode(), size),
    }
    out = bytearray(b"%b%d\n" % (MARK, start))
    places = {}
    for key, body in objects.items():
        places[key] = start + len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (key, body)
    at = start + len(out)
    out += b"xref\n0 2\n0000000000 65535 f \n%010d 00000 n \n%d 2\n%010d 00000 n \n%010d 00000 n \n" % (
        places[1], size, places[size], places[size + 1])
    out += b"trailer\n<< /Size %d%b /Prev %b >>\nstartxref\n%d\n%%%%EOF\n" % (size + 2, trailer[2], trailer[3], at)
    return page + bytes(out)


def taken_apart(raw: bytes) -> Pdf:
    """Return a PDF taken apart; of one that somebody has changed, the badge if it can still be found."""
    at = raw.rfind(MARK)
    badge = _badge_after(raw, max(at, 0))
    if at > 0 and raw[at + len(MARK) : at + len(MARK) + 12].partition(b"\n")[0] == b"%d" % at:
        try:
            if attached(raw[:at], badge) == raw:
                return Pdf(raw[:at], badge, True)
        except DataError:
            pass
    return Pdf(b"", badge, False)


def _badge_after(raw: bytes, place: int) -> str:
    """Return the first badge at or after a place, else the first anywhere; "" when there is none."""
    for begin in (place, 0):
        at = raw.find(b"eyJ", begin)
        for _ in range(TRIES):
            if at < 0:
                break
            found = BADGE.match(raw, at, at + LARGEST)
            if found is not None:
                return found[0].decode("ascii")
            at = raw.find(b"eyJ", at + 1)
    return ""
