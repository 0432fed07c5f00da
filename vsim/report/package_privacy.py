"""Looks for what must never stand in published data: identity and telephone numbers, or their look-alikes.

An identity number is 18 digits whose last is the check digit of GB 11643 (ISO 7064, MOD 11-2); a telephone
number is a Chinese mobile number or a number with an area code. All of vsim's data are synthetic: a hit is
either a real number that slipped in or one that could be taken for one, and both are wrong.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from vsim.report.package_problem import Problem, problem

IDENTITY = re.compile(r"(?<![0-9])[0-9]{6}[ -]?[0-9]{8}[ -]?[0-9]{3}[0-9Xx](?![0-9])")
TELEPHONE = re.compile(
    r"(?<![0-9.])(?:\+?86[ -]?)?1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}(?![0-9])"
    r"|(?<![0-9])\(?0[0-9]{2,3}\)?[ -][0-9]{7,8}(?![0-9])"
    r"|(?<![0-9])400-[0-9]{3,4}-[0-9]{3,4}(?![0-9])"
)
SEED = re.compile(r"(\bseed\b[\"']?\s*[:=]\s*)[0-9]+")     # a seed may look like anything
CODED = re.compile(r"\b(?=[0-9A-Fa-f]*[A-Fa-f])[0-9A-Fa-f]{32,}\b")     # checksums
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"


def check_digit(digits: str) -> str:
    """Return the eighteenth character of an identity number from its first seventeen digits.

    >>> check_digit("00000000000000000")
    '1'
    """
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=True))
    return CHECK_DIGITS[total % 11]


def identity_numbers(text: str) -> list[str]:
    """Return every run of 18 characters in `text` that passes the check digit of an identity number."""
    found = []
    for match in IDENTITY.finditer(unicodedata.normalize("NFKC", text)):
        digits = re.sub("[ -]", "", match.group()).upper()
        if check_digit(digits[:17]) == digits[17]:
            found.append(match.group())
    return found


def telephone_numbers(text: str) -> list[str]:
    """Return every part of `text` that has the shape of a Chinese telephone number."""
    return [match.group() for match in TELEPHONE.finditer(unicodedata.normalize("NFKC", text))]


def private_cells(table: str, column: str, values: list[str], most: int) -> list[Problem]:
    """Return a fault for each cell of a column that holds an identity or telephone number.

    Parameters
    ----------
    table, column : str
    values : list of str
        Cells from row 2 on.
    most : int
        Faults to name of each kind.
    """
    distinct = list(dict.fromkeys(values))
    text = "\n".join(distinct)
    if not identity_numbers(text) and not telephone_numbers(text):
        return []
    found: dict[str, list[Problem]] = {"identity-number": [], "telephone": []}
    bad = {value: _kinds(value) for value in distinct}
    for row, value in enumerate(values, start=2):
        for rule, number in bad[value]:
            if len(found[rule]) < most:
                found[rule].append(problem(rule, table, masked(number), column, row))
    return [each for kind in found.values() for each in kind]


def private_text(name: str, text: str, most: int) -> list[Problem]:
    """Return a fault for each identity or telephone number in a file of text other than a table."""
    found: list[Problem] = []
    plain = CODED.sub("", SEED.sub(r"\1", text))
    if not identity_numbers(plain) and not telephone_numbers(plain):
        return found
    for line, words in enumerate(plain.split("\n"), start=1):
        for rule, number in _kinds(words):
            found.append(problem(rule, name, masked(number), "", line))
            if len(found) >= most:
                return found
    return found


def _kinds(value: str) -> Iterable[tuple[str, str]]:
    identities = identity_numbers(value)
    yield from (("identity-number", number) for number in identities)
    rest = value
    for number in identities:
        rest = rest.replace(number, "")
    yield from (("telephone", number) for number in telephone_numbers(rest))


def masked(number: str) -> str:
    """Return a number with its middle hidden, so that a report of the fault does not repeat it."""
    return number[:3] + "*" * max(len(number) - 5, 1) + number[-2:]
