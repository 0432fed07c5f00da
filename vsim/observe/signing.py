"""Keys and signatures: Ed25519 keys as files, compact signed tokens (JWT, EdDSA), and the secrets of releases.

A token carries the public key of whoever signed it, which proves nothing by itself: anybody can make a key. It is
checked against keys that the reader already trusts. Source: RFC 7515, 7517, 7519, 7638, 8037
"""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from vsim.errors import DataError, UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

Jwk = dict[str, str]

LARGEST = 65536                # characters of a token that is looked at
DEEPEST = 32                   # objects inside objects; a certificate needs six
SECRET_BITS = 256
PRIVATE_MODE = 0o600
SIGNS = re.compile(r"[A-Za-z0-9_-]+")
INSTALL = "signing: the package cryptography is not installed. Install vsim[course]."


class Opened(NamedTuple):
    """A token that was read.

    `fault` is "" when the signature holds under a trusted key, else what is wrong (malformed, algorithm, wrong_key or
    tampered); the payload is empty then.
    """

    payload: dict[str, Any]
    fault: str
    detail: str


def new_key(seed: int | None = None) -> Ed25519PrivateKey:
    """Return a new key: from the operating system, or for tests and lessons the same one for the same seed."""
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    except ModuleNotFoundError:
        raise UsageError(INSTALL) from None
    if seed is None:
        return Ed25519PrivateKey.generate()
    return Ed25519PrivateKey.from_private_bytes(sha256(f"vsim signing key {int(seed)}".encode()).digest())


def new_secret(seed: int | None = None) -> bytes:
    """Return 32 secret bytes for the pseudonyms of releases: from the operating system, or from a seed for tests."""
    if seed is not None:
        return sha256(f"vsim release secret {int(seed)}".encode()).digest()
    try:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    except ModuleNotFoundError:
        raise UsageError(INSTALL) from None
    return bytes(AESGCM.generate_key(SECRET_BITS))


def public_key(key: Ed25519PrivateKey) -> Jwk:
    """Return the public half of a key as a JSON Web Key."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return {"kty": "OKP", "crv": "Ed25519", "x": encoded(raw)}


def thumbprint(jwk: Mapping[str, str]) -> str:
    """Return the short name of a public key (RFC 7638), to be read aloud or printed on paper."""
    return encoded(sha256(canonical({name: jwk[name] for name in ("crv", "kty", "x")})).digest())


def write_key(key: Ed25519PrivateKey, path: Path) -> None:
    """Write a private key as PKCS 8 PEM, readable by its owner only; a file that is there is never overwritten."""
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_MODE)
    except FileExistsError:
        raise UsageError(f"{path}: is there already. Choose another name; a lost key cannot be made again.") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror}). Check the folder.") from None
    with os.fdopen(handle, "wb") as file:
        file.write(text)


def read_key(path: Path) -> Ed25519PrivateKey:
    """Return the private key of a file.

    Raises
    ------
    DataError
        When others than its owner can read the file (on systems that say so), or it holds no Ed25519 key.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise DataError(f"{path}: others can read this key. Run chmod 600 on it, and think of it as known to them.")
        key = load_pem_private_key(path.read_bytes(), None)
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror}). Check the path.") from None
    except (ValueError, TypeError):
        raise DataError(f"{path}: holds no key that needs no password. Write one with write_key.") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise DataError(f"{path}: holds another kind of key; allowed Ed25519. Write one with write_key.")
    return key


def sign(payload: Mapping[str, Any], key: Ed25519PrivateKey) -> str:
    """Return a compact token of a payload; the same payload and key give the same token."""
    header = {"alg": "EdDSA", "typ": "JWT", "jwk": public_key(key)}
    body = f"{encoded(canonical(header))}.{encoded(canonical(payload))}"
    return f"{body}.{encoded(key.sign(body.encode()))}"


def open_token(token: object, trusted: Iterable[Mapping[str, str]]) -> Opened:
    """Return the payload of a token that one of the trusted keys signed, or what is wrong with it.

    Parameters
    ----------
    token : str
        Whatever somebody handed in.
    trusted : iterable of JSON Web Keys
        Public keys that the reader has from elsewhere; the key inside the token is never trusted.
    """
    if not isinstance(token, str) or len(token) > LARGEST or token.count(".") != 2:
        return Opened({}, "malformed", f"a token is three parts with dots between, at most {LARGEST} characters")
    try:
        first, second, third = token.split(".")
        header, payload, signature = _object(decoded(first)), _object(decoded(second)), decoded(third)
    except ValueError as error:
        return Opened({}, "malformed", str(error))
    if header.get("alg") != "EdDSA" or header.get("typ", "JWT") != "JWT" or not set(header) <= {"alg", "typ", "jwk"}:
        return Opened({}, "algorithm", "only EdDSA is allowed, with the fields alg, typ and jwk in the header")
    body = f"{first}.{second}".encode()
    if any(_holds(jwk, body, signature) for jwk in trusted):
        return Opened(payload, "", "")
    if isinstance(header.get("jwk"), dict) and _holds(header["jwk"], body, signature):
        return Opened({}, "wrong_key", "signed by the key that it carries, which is none of the trusted keys")
    return Opened({}, "tampered", "the signature does not belong to this content")


def _holds(jwk: Mapping[str, Any], body: bytes, signature: bytes) -> bool:
    """Return whether a signature was made over `body` with the private half of a key."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        if jwk.get("kty") != "OKP" or jwk.get("crv") != "Ed25519" or not isinstance(jwk.get("x"), str) or "d" in jwk:
            return False
        Ed25519PublicKey.from_public_bytes(decoded(jwk["x"])).verify(signature, body)
    except (InvalidSignature, ValueError):
        return False
    return True


def canonical(value: Mapping[str, Any]) -> bytes:
    """Return JSON with sorted keys and no spaces: one text for one content."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def encoded(raw: bytes) -> str:
    """Return bytes in the signs of base64url, without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """Return the bytes of base64url text; a text that no encoder writes is refused."""
    if not SIGNS.fullmatch(text):
        raise ValueError("a part holds other signs than those of base64url")
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if encoded(raw) != text:
        raise ValueError("a part has spare bits, so two texts would mean the same")
    return raw


def _object(raw: bytes) -> dict[str, Any]:
    """Return a JSON object; repeated names, numbers that are none, and very deep nesting are refused."""
    try:
        value = json.loads(raw.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number)
    except (RecursionError, UnicodeDecodeError):
        raise ValueError("a part is no JSON object") from None
    if not isinstance(value, dict) or _depth(value) > DEEPEST:
        raise ValueError(f"a part is no JSON object of at most {DEEPEST} levels")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number of JSON")


def _depth(value: Any) -> int:
    """Return how deep lists and objects stand inside each other, without recursion."""
    level, layer = 0, [value]
    while layer and level <= DEEPEST:
        inner = [item.values() if isinstance(item, dict) else item for item in layer if isinstance(item, dict | list)]
        layer = [each for items in inner for each in items]
        level += bool(inner)
    return level
