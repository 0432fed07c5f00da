"""Verifying a certificate or passport, offline: valid, forged (which part), revoked, unknown key, or no certificate.

What vouches for what: the signature for the badge; the badge, through a checksum, for every byte of the page that shows
it; the reader's list of keys for the issuer. A printed sheet vouches for nothing: its number leads to the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from vsim.course.badge import Badge, badge_of, page_sum
from vsim.course.badge_html import taken_out
from vsim.course.badge_jws import LARGEST, ForgedError, NoStatementError, Statement, loaded, opened, peeked
from vsim.course.badge_keys import PublicKey
from vsim.course.badge_pdf import HEAD, taken_apart
from vsim.course.certify_revoked import RevokedList
from vsim.errors import UsageError
from vsim.spec.loading import shown

Says = Literal["valid", "forged", "revoked", "unknown key", "not a certificate"]
BIGGEST = 20_000_000         # bytes of a file
AHEAD = timedelta(days=1)    # by which the clock of an issuer may be wrong
MOST = 6                     # changed values that are named


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said of a file.

    Attributes
    ----------
    says : str
    part : str
        Which part is forged: header, payload, issuer, signature, date, page, or readable text.
    why : str
        In English; for a revoked one the reason that the issuer gave.
    when : str
        When it was revoked.
    badge : Badge or None
        What it says, when its signature holds.
    key : PublicKey or None
        The key that signed.
    bound : bool
        Whether the file is a page, and each byte of it is vouched for.
    changed : tuple of str
        Values of a forgery beside those that were issued, where the issuer's own copy is at hand.
    """

    says: Says
    part: str = ""
    why: str = ""
    when: str = ""
    badge: Badge | None = None
    key: PublicKey | None = None
    bound: bool = False
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Carried:
    """A statement as a file carries it: the text, the page signed with it, and what is wrong with the carrier."""

    text: str
    page: bytes | None = None
    fault: str = ""
    part: str = "page"


@dataclass(frozen=True)
class Trust:
    """What a reader knows: keys, what was revoked, and the issuer's own copy of a badge by number."""

    keys: Sequence[PublicKey]
    revoked: RevokedList = field(default_factory=lambda: RevokedList({}))
    copy: Callable[[str], str] = lambda _id: ""


def read_bytes(path: Path) -> bytes:
    """Return a file, at most a byte more than is allowed.

    Raises
    ------
    UsageError
        When there is none.
    """
    if not path.is_file():
        raise UsageError(f"{shown(path)}: no such file. Name the certificate's PDF, or its badge.")
    with path.open("rb") as stream:
        return stream.read(BIGGEST + 1)


def verify(raw: bytes, trust: Trust) -> Verdict:
    """Return what is to be said of the bytes of a file; whatever they are, it answers.

    Parameters
    ----------
    raw : bytes
        A PDF, a page, a badge as JWT, or the JSON around it.
    trust : Trust
    """
    try:
        carried = carrier(raw)
        statement = opened(carried.text)
        badge = badge_of(statement)
    except NoStatementError as error:
        return Verdict("not a certificate", why=str(error))
    except ForgedError as error:
        return Verdict("forged", error.part, error.text, changed=_changes(carried.text, trust))
    known = [key for key in trust.keys if key.raw == statement.key.raw]
    holds = Verdict("valid", badge=badge, key=statement.key, bound=carried.page is not None)
    if carried.fault or (carried.page is not None and page_sum(carried.page) != badge.page):
        return replace(holds, says="forged", part=carried.part, why=carried.fault or "is not the page that was signed",
                       bound=False)
    if not known:
        return replace(holds, says="unknown key")
    issued, retired = datetime.fromisoformat(badge.issued), known[-1].retired
    if issued > datetime.now(UTC) + AHEAD:
        return replace(holds, says="forged", part="date", why="lies in the future")
    if retired and issued > datetime.fromisoformat(retired):
        return replace(holds, says="forged", part="date", why=f"is after {retired}, when the key was retired")
    if badge.id in trust.revoked.by_id:
        revoked = trust.revoked.by_id[badge.id]
        return replace(holds, says="revoked", why=revoked.why, when=revoked.when)
    return holds


def carrier(raw: bytes) -> Carried:
    """Return the statement that a file carries, by what the file is and not by its name.

    Raises
    ------
    NoStatementError
        When it carries none.
    """
    if len(raw) > BIGGEST:
        raise NoStatementError(f"more than {BIGGEST:,} bytes")
    if raw.startswith(HEAD):
        pdf = taken_apart(raw)
        if not pdf.badge:
            raise NoStatementError("a PDF without a badge in it")
        fault = "" if pdf.whole else "was changed after it was issued, or saved anew by another program"
        return Carried(pdf.badge, pdf.page if pdf.whole else None, fault)
    try:
        text = raw.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise NoStatementError("neither a PDF nor text") from None
    if text[:1] == "<":
        badge, page = taken_out(raw)
        if not badge:
            raise NoStatementError("a page without a badge in it")
        return Carried(badge, page)
    return _readable(text) if text[:1] == "{" else Carried(text)


def _readable(text: str) -> Carried:
    """Return the statement in JSON that shows beside it what it says; the two must agree."""
    if len(text) > 2 * LARGEST:
        raise NoStatementError(f"more than {2 * LARGEST:,} letters")
    try:
        found = loaded(text)
    except ValueError:
        raise NoStatementError("no JSON") from None
    badge = found.get("jwt") if isinstance(found, dict) else None
    if not isinstance(badge, str):
        raise NoStatementError("JSON without a signed badge under \"jwt\"")
    same = sorted(found) == ["credential", "jwt"] and found["credential"] == peeked(badge)
    return Carried(badge, None, "" if same else "does not say what was signed", "readable text")


def _changes(text: str, trust: Trust) -> tuple[str, ...]:
    """Return what a forgery says beside what was issued, where the issuer's own copy is at hand."""
    forged = peeked(text)
    key = re.sub(r"^urn:uuid:", "", str(forged.get("id", "")))
    issued = peeked(trust.copy(key)) if re.fullmatch(r"[0-9a-f-]{36}", key) else {}
    if not issued:
        return ()
    before, after = dict(_leaves(issued)), dict(_leaves(forged))
    places = [place for place in {**before, **after} if before.get(place) != after.get(place)]
    return tuple(f"{place}: {ascii(after.get(place))[:80]} (issued: {ascii(before.get(place))[:80]})"
                 for place in places[:MOST])


def _leaves(value: Any, place: str = "") -> list[tuple[str, Any]]:
    """Return every plain value in a statement with its place."""
    if isinstance(value, Mapping):
        return [leaf for key, item in value.items() for leaf in _leaves(item, f"{place}.{key}".removeprefix("."))]
    if isinstance(value, list):
        return [leaf for at, item in enumerate(value) for leaf in _leaves(item, f"{place}[{at}]")]
    return [(place, value)]


def statement_of(raw: bytes) -> Statement:
    """Return the statement that a file carries, its signature checked.

    Raises
    ------
    NoStatementError, ForgedError
        As `badge_jws.opened`.
    """
    return opened(carrier(raw).text)
