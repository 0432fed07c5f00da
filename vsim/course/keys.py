"""Seeds, secrets and tickets of a course, all from keyed hashes: the same learner, unit and purpose give the same seed.

The seed of a learner's city comes from a public key, so a learner or a researcher may draw the city again. Hidden
inputs and tickets come from the course's secret key, which never leaves the trainer's folder.
"""

from __future__ import annotations

import hmac
import os
import re
import unicodedata
from hashlib import sha256
from pathlib import Path
from typing import Literal

from vsim.errors import DataError, UsageError

PUBLIC = b"vsim-open-unit"
SECRET_FILE = "secret.key"
SECRET_BYTES = 32
LEARNER = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
PORTS = frozenset(f"{name}{number}" for name in ("com", "lpt") for number in range(1, 10))
DEVICES = PORTS | {"con", "prn", "aux", "nul"}       # names of which Windows makes no file or folder
Purpose = Literal["city", "hidden", "ticket"]


def learner_id(text: str) -> str:
    """Return the id of a learner as it stands in folders: small letters, digits, `.`, `_` and `-`, at most 64.

    Raises
    ------
    UsageError
        When it cannot be made one without guessing.
    """
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    if plain.partition(".")[0] in DEVICES:
        raise UsageError(f"learner id is '{plain[:80]}'; Windows keeps this name for a device and makes no folder of "
                         f"it. Write it otherwise, such as 'l-{plain[:60]}'.")
    if not LEARNER.fullmatch(plain) or plain.endswith("."):
        raise UsageError(
            f"learner id is '{text[:80]}'; allowed 1 to 64 small letters, digits, '.', '_' and '-', "
            "beginning with a letter or digit. Give each learner such an id; the name may be any."
        )
    return plain


def _digest(key: bytes, *parts: object) -> bytes:
    text = "\x1f".join(str(part).strip() for part in parts)
    return hmac.new(key, text.encode(), sha256).digest()


def seed(key: bytes, course: str, unit: str, learner: str, purpose: Purpose, number: int = 0) -> int:
    """Return a seed of 0 to 2**63 - 1.

    Parameters
    ----------
    key : bytes
        `PUBLIC`, or the course's secret.
    course, unit, learner : str
    purpose : {"city", "hidden", "ticket"}
    number : int
        Draw of a city, or attempt.
    """
    return int.from_bytes(_digest(key, course, unit, learner.lower(), purpose, number)[:8], "big") >> 1


def share(key: bytes, *parts: object) -> float:
    """Return a number in [0, 1) that follows from its key and parts alone."""
    return int.from_bytes(_digest(key, *parts)[:7], "big") / 2**56


def ticket(key: bytes, course: str, unit: str, learner: str) -> str:
    """Return the ticket that a handout carries, so that a file without a name still finds its learner: 16 signs."""
    return _digest(key, course, unit, learner.lower(), "ticket").hex()[:16]


def valid_ticket(key: bytes, course: str, unit: str, learner: str, shown: str) -> bool:
    """Return whether a ticket is the learner's own."""
    return hmac.compare_digest(ticket(key, course, unit, learner).encode(), shown.encode("utf-8", "replace"))


def new_secret(folder: Path) -> bytes:
    """Write a new secret key into a course folder, readable by its owner only, and return it."""
    secret = os.urandom(SECRET_BYTES)
    path = folder / SECRET_FILE
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secret.hex() + "\n")
    return secret


def read_secret(folder: Path) -> bytes:
    """Return the secret key of a course folder.

    Raises
    ------
    DataError
        When it is not there or is no key; the message says what is lost and what to do.
    """
    path = folder / SECRET_FILE
    try:
        secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        secret = b""
    if len(secret) != SECRET_BYTES:
        raise DataError(
            f"{path}: is no key of {SECRET_BYTES} bytes. Put the file back from a copy of the course; with a new "
            "one, tickets of handouts that are out no longer hold."
        )
    return secret
