"""A badge inside a page that shows it: the page is made with an empty place for it, signed, and then filled."""

from __future__ import annotations

import re

from vsim.errors import DataError

BEGIN, END = '<meta name="openbadgecredential" content="', '">'
PLACE = re.compile(rb'<meta name="openbadgecredential" content="([A-Za-z0-9_.-]*)">')


def filled(page: str, badge: str) -> bytes:
    """Return a page with a badge in its place.

    Raises
    ------
    DataError
        When the page has not exactly one empty place.
    """
    empty = BEGIN + END
    if page.count(empty) != 1 or len(PLACE.findall(page.encode())) != 1:
        raise DataError("passport: the page has not one place for its badge. Draw it again.")
    return page.replace(empty, BEGIN + badge + END).encode()


def taken_out(raw: bytes) -> tuple[str, bytes]:
    """Return the badge in a page and the page as it was signed; "" when there is none, or more than one."""
    found = list(PLACE.finditer(raw))
    if len(found) != 1:
        return "", raw
    start, end = found[0].span(1)
    return raw[start:end].decode("ascii"), raw[:start] + raw[end:]
