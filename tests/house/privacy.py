"""Finds text that could be somebody's: identity numbers whose check digit holds, and dialable numbers."""

from __future__ import annotations

import re

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK = "10X98765432"
IDENTITY = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])")
MOBILE = re.compile(r"(?<![0-9A-Za-z.])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![0-9A-Za-z])")
LANDLINE = re.compile(r"(?<![0-9A-Za-z.])0\d{2,3}-\d{7,8}(?![0-9A-Za-z])")


def check_digit(first17: str) -> str:
    """Return the eighteenth character of an identity number (GB 11643, ISO 7064 MOD 11-2)."""
    return CHECK[sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True)) % 11]


def personal(text: str) -> list[str]:
    """Return every string of a text that has the shape of an identity or telephone number."""
    identities = [found for found in IDENTITY.findall(text) if check_digit(found[:17]) == found[17].upper()]
    return identities + [match.group() for match in (*MOBILE.finditer(text), *LANDLINE.finditer(text))]
