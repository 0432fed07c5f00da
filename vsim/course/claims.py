"""What a handed-in file claims about itself: unit, course, learner and ticket. Without a ticket it proves nothing."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from vsim.course.keys import learner_id
from vsim.errors import UsageError

LONGEST = 100                 # characters of a claim
TICKET = re.compile(r"[!-~]{1,100}")
LARGEST = 16_384              # bytes of a learner.json


@dataclass(frozen=True, slots=True)
class Identity:
    """What a file claims; None where it says nothing that could be meant."""

    unit: str | None = None
    course: str | None = None
    learner: str | None = None
    ticket: str | None = None


def identity_of(found: object) -> Identity:
    """Return the claims of a mapping `{unit, course, learner, ticket}` as short plain strings.

    Parameters
    ----------
    found : object
        Whatever stands where the mapping should: anything else claims nothing.
    """
    if not isinstance(found, dict):
        return Identity()
    learner = _short(found.get("learner"))
    ticket = _short(found.get("ticket"))
    return Identity(
        unit=_short(found.get("unit")),
        course=_short(found.get("course")),
        learner=_learner(learner) if learner else None,
        ticket=ticket if ticket and TICKET.fullmatch(ticket) else None,
    )


def identity_beside(raw: bytes) -> Identity:
    """Return the claims of a `learner.json` that lies beside a notebook."""
    try:
        return identity_of(json.loads(raw[: LARGEST + 1].decode("utf-8-sig")))
    except (ValueError, RecursionError):
        return Identity()


def folded(name: str) -> str:
    """Return a name without what people mix up: case, spaces, full-width letters."""
    plain = unicodedata.normalize("NFKC", name[:200])
    return "".join(plain.split()).casefold()


def kindly(name: str, learners: Collection[str]) -> str | None:
    """Return the one learner whom a name means: exactly, or but for case, spaces and full-width letters; else None."""
    if name in learners:
        return name
    alike = [learner for learner in learners if folded(learner) == folded(name)]
    return alike[0] if len(alike) == 1 else None


def _short(value: object) -> str | None:
    if not isinstance(value, str) or len(value) > LONGEST:
        return None
    text = value.strip()
    return text if text and text.isprintable() else None


def _learner(text: str) -> str | None:
    try:
        return learner_id(text)
    except UsageError:
        return None
