"""Signed statements: one right way to write them, and every other refused."""

from __future__ import annotations

import hmac
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.course.small_course import small_course
from vsim.course.badge_jws import ForgedError, NoStatementError, opened, plain_bytes, signed
from vsim.course.badge_keys import (
    PRIVATE,
    PUBLIC,
    Issuer,
    PublicKey,
    encoded,
    issuer_of,
    public_keys,
    read_public,
    renew,
)
from vsim.errors import DataError, UsageError

SEED = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")     # RFC 8032, 7.1, test 1
KEY = Ed25519PrivateKey.from_private_bytes(SEED)
ISSUER = Issuer(KEY, PublicKey(KEY.public_key().public_bytes_raw()))
SAID = {"name": "王小梅", "n": 1, "list": [1, {"deep": True}]}


def jws(header: Any, payload: Any = SAID, key: Ed25519PrivateKey = KEY) -> str:
    """Return a statement as a forger could write it: any header, any payload, signed with any key."""
    parts = [part if isinstance(part, bytes) else plain_bytes(part) for part in (header, payload)]
    message = ".".join(map(encoded, parts))
    return f"{message}.{encoded(key.sign(message.encode()))}"


HEADER = {"alg": "EdDSA", "jwk": ISSUER.public.jwk, "typ": "JWT"}


def test_a_statement_is_read_back_and_the_same_each_time() -> None:
    text = signed(ISSUER, SAID)
    assert text == signed(ISSUER, dict(reversed(SAID.items()))) == jws(HEADER)
    found = opened(text)
    assert (dict(found.payload), found.key) == (SAID, ISSUER.public)


def test_a_key_has_the_thumb_marks_that_the_standards_give_it() -> None:
    assert ISSUER.public.raw.hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"    # RFC 8032
    assert ISSUER.public.jwk["x"] == "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"                           # RFC 8037
    assert ISSUER.public.did == "did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw"


@pytest.mark.parametrize("place", range(0, 200, 7))
def test_no_letter_can_be_changed(place: int) -> None:
    text = signed(ISSUER, SAID)
    at = place * len(text) // 200
    other = "A" if text[at] != "A" else "B"
    with pytest.raises((ForgedError, NoStatementError)):
        opened(text[:at] + other + text[at + 1 :])


OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
SWAPPED = {**HEADER, "jwk": PublicKey(OTHER.public_key().public_bytes_raw()).jwk}
MAC = ".".join(map(encoded, (plain_bytes({**HEADER, "alg": "HS256"}), plain_bytes(SAID))))
HOSTILE = {
    "alg none": jws({**HEADER, "alg": "none"}),
    "alg none, unsigned": jws({**HEADER, "alg": "none"}).rpartition(".")[0] + ".",
    "the public key as the key of a MAC": f"{MAC}.{encoded(hmac.digest(ISSUER.public.raw, MAC.encode(), sha256))}",
    "another algorithm": jws({**HEADER, "alg": "RS256"}),
    "alg in other letters": jws({**HEADER, "alg": "eddsa"}),
    "a look-alike of alg": jws({"\u0430lg": "EdDSA", "jwk": HEADER["jwk"], "typ": "JWT"}),
    "a critical header": jws({**HEADER, "crit": ["b64"], "b64": False}),
    "a key by address": jws({"alg": "EdDSA", "kid": "https://example.org/key", "typ": "JWT"}),
    "a private key in it": jws({**HEADER, "jwk": {**ISSUER.public.jwk, "d": encoded(SEED)}}),
    "another curve": jws({**HEADER, "jwk": {**ISSUER.public.jwk, "crv": "X25519"}}),
    "a short key": jws({**HEADER, "jwk": {**ISSUER.public.jwk, "x": "AAAA"}}),
    "a key that is a number": jws({**HEADER, "jwk": {**ISSUER.public.jwk, "x": 7}}),
    "a key of small order": jws({**HEADER, "jwk": {**ISSUER.public.jwk, "x": encoded(b"\x01" + bytes(31))}}),
    "another's key beside this signature": signed(ISSUER, SAID).replace(
        encoded(plain_bytes(HEADER)), encoded(plain_bytes(SWAPPED))),
    "a key twice": jws(json.dumps(HEADER)[:-1].encode() + b', "alg": "EdDSA"}'),
    "a header that is a list": jws([HEADER]),
    "a payload that is a list": jws(HEADER, [1]),
    "a payload twice the same key": jws(HEADER, b'{"id": 1, "id": 2}'),
    "NaN": jws(HEADER, b'{"n": NaN}'),
    "no UTF-8": jws(HEADER, b'{"n": "\xff"}'),
    "deep": jws(HEADER, b'{"n":' + b"[" * 5000 + b"]" * 5000 + b"}"),
    "deep, but read": jws(HEADER, b'{"n":' + b"[" * 40 + b"]" * 40 + b"}"),
    "a huge number": jws(HEADER, b'{"n":' + b"9" * 6000 + b"}"),
    "padding": signed(ISSUER, SAID) + "=",
    "spare bits": signed(ISSUER, SAID)[:-1] + chr(ord(signed(ISSUER, SAID)[-1]) + 1),
    "another part": signed(ISSUER, SAID) + ".AA",
    "cut off": signed(ISSUER, SAID)[:-20],
    "cut off in the middle": signed(ISSUER, SAID)[:100],
    "full-width letters": signed(ISSUER, SAID).replace("e", "\uff45", 1),
    "empty": "",
    "dots": "..",
    "huge": "A" * 1_000_001,
    "huge parts": ".".join(["A" * 500_000] * 2) + ".A",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_forgers_statement_is_refused(name: str) -> None:
    with pytest.raises((ForgedError, NoStatementError)):
        opened(HOSTILE[name])


def test_a_course_makes_its_key_once_and_keeps_it_to_its_owner(tmp_path: Path) -> None:
    course = small_course(tmp_path)
    first, again = issuer_of(course), issuer_of(course)
    assert first.public == again.public == public_keys(course)[0]
    assert course.place(PRIVATE).stat().st_mode & 0o777 == 0o600
    assert course.place(PRIVATE).read_text() not in course.place(PUBLIC).read_text()
    course.place(PUBLIC).unlink()                              # killed between the two files
    assert issuer_of(course).public == first.public
    assert [key.raw for key in public_keys(course)] == [first.public.raw]


def test_a_lost_or_a_strange_private_key_is_named_and_no_other_is_made_in_silence(tmp_path: Path) -> None:
    course = small_course(tmp_path)
    issuer_of(course)
    kept = course.place(PRIVATE).read_bytes()
    course.place(PRIVATE).unlink()
    with pytest.raises(DataError, match="--new-key"):
        issuer_of(course)
    course.place(PRIVATE).write_text(SEED.hex())
    with pytest.raises(DataError, match="not the private half"):
        issuer_of(course)
    course.place(PRIVATE).write_text("nonsense")
    with pytest.raises(DataError, match="no key"):
        issuer_of(course)
    course.place(PRIVATE).write_bytes(kept)
    assert issuer_of(course).public == public_keys(course)[0]


def test_a_key_is_retired_and_its_public_half_stays(tmp_path: Path) -> None:
    course = small_course(tmp_path)
    old = issuer_of(course)
    kept = course.place(PRIVATE).read_bytes()
    new = renew(course)
    assert new.public.raw != old.public.raw
    assert [(key.raw, bool(key.retired)) for key in read_public(course.place(PUBLIC))] == [
        (old.public.raw, True), (new.public.raw, False)]
    course.place(PRIVATE).write_bytes(kept)                    # killed after the old key was retired
    third = issuer_of(course)
    assert third.public.raw != old.public.raw


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"keys": []}', '{"keys": [{"kty": "RSA"}]}', "nonsense", "[" * 9000,
                                  '{"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "AAAA"}]}'])
def test_a_file_without_keys_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "issuer.json"
    path.write_text(text)
    with pytest.raises(UsageError, match="holds no public key"):
        read_public(path)
