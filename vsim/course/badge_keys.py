"""The keys with which a course signs certificates: Ed25519, made once, the private one readable by its owner only.

`issuer.key` is the private key; `issuer.json` lists the public ones (a JWK Set, RFC 7517) and is what a verifier is
given. When a key is changed, the old public key stays in the list with the day on which it was retired, so that what
it signed before still holds; the old private key is gone. Who had the old private key could write an earlier day into a
forgery: when it leaked, revoke what it signed and certify again.
"""

from __future__ import annotations

import hmac
import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from vsim.course.folder import Course
from vsim.course.writing import write_whole
from vsim.errors import DataError, UsageError
from vsim.spec.loading import read_text, shown

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PRIVATE, PUBLIC, LOCK = "issuer.key", "issuer.json", ".issuer.lock"
SIZE = 32                    # bytes of a key
LARGEST = 200_000            # bytes of a list of keys
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
MULTICODEC = b"\xed\x01"     # an Ed25519 public key, in did:key


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key of an issuer.

    Attributes
    ----------
    raw : bytes
        32 bytes.
    retired : str
        When it stopped signing (UTC, ISO); "" while it signs.
    """

    raw: bytes
    retired: str = ""

    @property
    def jwk(self) -> dict[str, str]:
        """The key as a JSON Web Key (RFC 8037)."""
        return {"kty": "OKP", "crv": "Ed25519", "x": encoded(self.raw)}

    @property
    def did(self) -> str:
        """The key as a did:key identifier: who has the key has its name, with no register to ask."""
        return f"did:key:z{_base58(MULTICODEC + self.raw)}"

    @property
    def fingerprint(self) -> str:
        """Sixteen letters by which people compare keys, in groups of four: "3F2A 90C1 ..."."""
        digest = sha256(self.raw).hexdigest()[:16].upper()
        return " ".join(digest[place : place + 4] for place in range(0, 16, 4))

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Return whether a signature of a message was made with this key's private half."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class Issuer:
    """Who signs: the private key with its public half."""

    private: Ed25519PrivateKey
    public: PublicKey

    def sign(self, message: bytes) -> bytes:
        """Return the signature of a message, 64 bytes, always the same for the same message."""
        return self.private.sign(message)


def encoded(raw: bytes) -> str:
    """Return bytes as base64url without padding (RFC 7515)."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def decoded(text: str) -> bytes:
    """Return the bytes behind base64url text that is written in the one right way.

    Raises
    ------
    ValueError
        When it is not: padding, other letters, or bits to spare.
    """
    raw = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    if encoded(raw) != text:
        raise ValueError("no plain base64url")
    return raw


def _base58(raw: bytes) -> str:
    number, text = int.from_bytes(raw, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        text = BASE58[rest] + text
    return text


def keyed(course: Course, *parts: str) -> bytes:
    """Return 32 bytes that only this course can work out, the same for the same parts."""
    return hmac.new(course.secret, "\x1f".join(("certificate", course.name, *parts)).encode(), sha256).digest()


def issuer_of(course: Course) -> Issuer:
    """Return the issuer of a course; its key pair is made the first time.

    Raises
    ------
    DataError
        When the private key is gone although the public one is there, or the two do not belong together.
    """
    with FileLock(course.place(LOCK)):                                 # two commands at once make one key
        return _issuer(course)


def _issuer(course: Course) -> Issuer:
    path = course.place(PRIVATE)
    if not path.exists():
        known = public_keys(course)
        if any(not key.retired for key in known):
            raise DataError(f"{path}: not found, but {PUBLIC} names a key in use. Put the file back from a copy of the "
                            "course, or make a new key: vsim course issuer --new-key")
        return _new(course, known)
    issuer = _read(path)
    known = public_keys(course)
    same = [key for key in known if key.raw == issuer.public.raw]
    if same and same[-1].retired:                                      # stopped while the key was being changed
        path.unlink()
        return _new(course, known)
    if not same and any(not key.retired for key in known):
        raise DataError(f"{path}: is not the private half of the key in {PUBLIC}. Put both files back from a copy of "
                        "the course.")
    if not same:                                                       # stopped between the two files
        _write_public(course, [*known, issuer.public])
    return issuer


def _read(path: Path) -> Issuer:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    try:
        raw = bytes.fromhex(path.read_text(encoding="ascii").strip())
        private = Ed25519PrivateKey.from_private_bytes(raw)
    except (OSError, ValueError):
        raise DataError(f"{path}: is no key of {SIZE} bytes. Put the file back from a copy of the course.") from None
    return Issuer(private, PublicKey(private.public_key().public_bytes_raw()))


def _new(course: Course, known: list[PublicKey]) -> Issuer:
    """Make a key pair: the private file first, whole; a run that stops after it goes on with that key."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    path = course.place(PRIVATE)
    raw = Ed25519PrivateKey.generate().private_bytes_raw()
    partial = path.with_name(f".{path.name}.partial-{os.getpid()}")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(raw.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    partial.rename(path)
    issuer = _read(path)
    _write_public(course, [*known, issuer.public])
    return issuer


def renew(course: Course) -> Issuer:
    """Retire the key in use and make another; what the old one signed still holds.

    Returns
    -------
    Issuer
        With the new key.
    """
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with FileLock(course.place(LOCK)):
        known = [PublicKey(key.raw, key.retired or now) for key in public_keys(course)]
        _write_public(course, known)
        course.place(PRIVATE).unlink(missing_ok=True)
        return _new(course, known)


def public_keys(course: Course) -> list[PublicKey]:
    """Return the public keys of a course, the first made first; none before anything was certified."""
    path = course.place(PUBLIC)
    return read_public(path) if path.is_file() else []


def public_bytes(name: str, keys: list[PublicKey]) -> bytes:
    """Return a list of public keys as the bytes of its file."""
    rows: list[Mapping[str, Any]] = [
        {**key.jwk, "use": "sig", "alg": "EdDSA", "kid": key.did, "retired": key.retired or None} for key in keys]
    return (json.dumps({"issuer": name, "keys": rows}, ensure_ascii=False, indent=1) + "\n").encode()


def _write_public(course: Course, keys: list[PublicKey]) -> None:
    write_whole({course.place(PUBLIC): public_bytes(course.name, keys)})


def read_public(path: Path) -> list[PublicKey]:
    """Return the public keys in a file: a JWK Set as a course exports it, or one JWK.

    Raises
    ------
    UsageError
        When the file is missing or holds no such key.
    """
    text = read_text(path, LARGEST)
    try:
        found = json.loads(text)
        rows = found.get("keys", [found])
        keys = [_public(row) for row in rows]
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        keys = []
    if not keys:
        raise UsageError(f"{shown(path)}: holds no public key; allowed the file {PUBLIC} of the course that issued. "
                         "Ask the issuer for it: vsim course issuer --out FILE")
    return keys


def _public(row: Mapping[str, Any]) -> PublicKey:
    if row["kty"] != "OKP" or row["crv"] != "Ed25519" or "d" in row:
        raise ValueError("another kind of key")
    raw = decoded(row["x"])
    if len(raw) != SIZE:
        raise ValueError("another length")
    return PublicKey(raw, str(row.get("retired") or ""))
