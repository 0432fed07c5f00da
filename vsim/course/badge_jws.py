"""Signed statements as one line of text (compact JWS, RFC 7515), and reading them as if a forger had written them.

One algorithm, EdDSA with Ed25519 (RFC 8037); the header holds it, the issuer's public key and the type, and nothing
else, as Open Badges 3.0 section 8.2 has it. Nothing in a statement is believed before its signature holds, and its
signature says only that whoever has the key signed it: whose key it is, the reader must know.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vsim.course.badge_keys import SIZE, Issuer, PublicKey, decoded, encoded
from vsim.errors import DataError

ALGORITHM = "EdDSA"
HEADER = ("alg", "jwk", "typ")
JWK = ("kty", "crv", "x")
LARGEST = 1_000_000          # letters of a statement
DEEPEST = 12                 # levels of a statement
COMPACT = re.compile(r"[A-Za-z0-9_-]{2,}\.[A-Za-z0-9_-]{2,}\.[A-Za-z0-9_-]*")


class NoStatementError(DataError):
    """A text that is no signed statement at all: another format, cut off, or too large."""


class ForgedError(DataError):
    """A signed statement of which a part does not fit; `part` names it."""

    def __init__(self, part: str, text: str) -> None:
        super().__init__(f"{part}: {text}")
        self.part = part
        self.text = text


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement whose signature holds.

    Attributes
    ----------
    payload : mapping
        What was signed.
    key : PublicKey
        The key in its header, with which the signature holds.
    text : str
        The statement as it stands.
    """

    payload: Mapping[str, Any]
    key: PublicKey
    text: str


def plain_bytes(value: Mapping[str, Any]) -> bytes:
    """Return JSON with sorted keys and no spaces, the same bytes for the same values."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode()


def signed(issuer: Issuer, payload: Mapping[str, Any]) -> str:
    """Return a statement signed by an issuer, the same text for the same payload."""
    header = {"alg": ALGORITHM, "jwk": issuer.public.jwk, "typ": "JWT"}
    message = f"{encoded(plain_bytes(header))}.{encoded(plain_bytes(payload))}"
    return f"{message}.{encoded(issuer.sign(message.encode('ascii')))}"


def opened(text: str) -> Statement:
    """Return a statement, its signature checked with the key in its own header.

    Raises
    ------
    NoStatementError
        When the text is none.
    ForgedError
        When it looks like one, and a part does not fit.
    """
    text = text.strip()
    if len(text) > LARGEST:
        raise NoStatementError(f"more than {LARGEST:,} letters")
    if not text.isascii() or not COMPACT.fullmatch(text):
        raise NoStatementError("not three parts of base64url with dots between")
    first, second, third = text.split(".")
    key = _key(_object(first, "header"))
    payload = _object(second, "payload")
    try:
        signature = decoded(third)
    except ValueError:
        signature = b""
    if not key.verifies(signature, f"{first}.{second}".encode("ascii")):
        raise ForgedError("signature", "does not belong to this content")
    return Statement(payload, key, text)


def peeked(text: str) -> dict[str, Any]:
    """Return the payload of a statement that nothing vouches for; empty when it cannot be read."""
    parts = text.strip().split(".")
    try:
        return _object(parts[1], "payload") if len(parts) == 3 and len(text) <= LARGEST else {}
    except DataError:
        return {}


def _key(header: Mapping[str, Any]) -> PublicKey:
    """Return the key in a header that holds what is allowed and nothing else."""
    if tuple(sorted(header)) != HEADER or header["typ"] != "JWT":
        raise ForgedError("header", f"holds {', '.join(sorted(map(ascii, header)))}; allowed {', '.join(HEADER)}")
    if header["alg"] != ALGORITHM:
        raise ForgedError("header", f"names the algorithm {ascii(header['alg'])[:40]}; allowed {ALGORITHM}")
    jwk = header["jwk"]
    if not isinstance(jwk, dict) or sorted(jwk) != sorted(JWK) or (jwk["kty"], jwk["crv"]) != ("OKP", "Ed25519"):
        raise ForgedError("header", "holds no public key of the kind Ed25519")
    try:
        raw = decoded(jwk["x"])
    except (ValueError, TypeError, AttributeError):
        raw = b""
    if len(raw) != SIZE:
        raise ForgedError("header", "holds a key of another length")
    return PublicKey(raw)


def _object(part: str, name: str) -> dict[str, Any]:
    """Return the JSON object in a part: no key twice, no number that does not exist, not too deep."""
    try:
        found = loaded(decoded(part).decode("utf-8"))
    except ValueError:
        raise NoStatementError(f"the {name} is no JSON") from None
    if not isinstance(found, dict) or not _shallow(found, DEEPEST):
        raise NoStatementError(f"the {name} is no plain JSON object")
    return found


def loaded(text: str) -> Any:
    """Return what JSON says, if every reader would find the same in it: no key twice, no number that does not exist.

    Raises
    ------
    ValueError
        When it is no such JSON, or nested too deep to be read.
    """
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_refused)
    except RecursionError:
        raise ValueError("nested too deep") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _refused(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _shallow(value: Any, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return True
    inner = value.values() if isinstance(value, dict) else value
    return levels > 0 and all(_shallow(item, levels - 1) for item in inner)
