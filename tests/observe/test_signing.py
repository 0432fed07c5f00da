"""Keys and tokens: reproducible from a seed, private on disk, and no token but the signed one is opened."""

from __future__ import annotations

import base64
import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsim.errors import DataError, UsageError
from vsim.observe.signing import (
    LARGEST,
    canonical,
    decoded,
    encoded,
    new_key,
    new_secret,
    open_token,
    public_key,
    read_key,
    sign,
    thumbprint,
    write_key,
)

pytestmark = pytest.mark.slow

KEY, OTHER = new_key(1), new_key(2)
TOKEN = sign({"hours": 12.5, "who": "V-1"}, KEY)


def put(
    header: dict[str, Any] | None = None, payload: dict[str, Any] | bytes | None = None, signature: str = ""
) -> str:
    """Return the token with parts put in place of its own."""
    parts = TOKEN.split(".")
    if header is not None:
        parts[0] = encoded(canonical(header))
    if payload is not None:
        parts[1] = encoded(payload if isinstance(payload, bytes) else canonical(payload))
    return ".".join([*parts[:2], signature or parts[2]])


def fault(token: object) -> str:
    opened = open_token(token, [public_key(KEY)])
    assert bool(opened.payload) == (opened.fault == "")
    return opened.fault


def test_a_seed_gives_the_same_key_and_the_system_another_each_time() -> None:
    assert public_key(new_key(1)) == public_key(KEY) != public_key(OTHER)
    assert public_key(new_key()) != public_key(new_key())
    assert new_secret(1) == new_secret(1) != new_secret(2)
    assert len(new_secret()) == len(new_secret(1)) == 32
    assert new_secret() != new_secret()


def test_a_token_is_the_same_each_time_and_opens_under_its_key_only() -> None:
    assert sign({"who": "V-1", "hours": 12.5}, KEY) == TOKEN
    assert open_token(TOKEN, [public_key(KEY)]).payload == {"hours": 12.5, "who": "V-1"}
    assert open_token(TOKEN, [public_key(OTHER), public_key(KEY)]).fault == ""
    assert open_token(TOKEN, [public_key(OTHER)]).fault == "wrong_key"
    assert open_token(TOKEN, []).fault == "wrong_key"


def test_the_signature_is_that_of_rfc_8037() -> None:
    """The example of appendix A.4: a known key signs a known text."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.from_private_bytes(decoded("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"))
    assert public_key(key)["x"] == "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    assert thumbprint(public_key(key)) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    body = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
    assert encoded(key.sign(body)) == (
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
    )
    header = encoded(b'{"alg":"EdDSA"}')
    signed = f"{header}.{encoded(canonical({'a': 1}))}"
    assert open_token(f"{signed}.{encoded(key.sign(signed.encode()))}", [public_key(key)]).payload == {"a": 1}


def test_a_changed_payload_header_or_signature_is_tampered() -> None:
    assert fault(put(payload={"hours": 99, "who": "V-1"})) == "tampered"
    assert fault(put(signature=encoded(bytes(64)))) == "tampered"
    assert fault(put(signature=encoded(b"short"))) == "tampered"
    assert fault(put(header={"alg": "EdDSA", "typ": "JWT"})) == "tampered"
    assert fault(put(header={"alg": "EdDSA", "jwk": public_key(OTHER)})) == "tampered"


def test_a_swapped_key_inside_the_token_proves_nothing() -> None:
    assert fault(sign({"hours": 99, "who": "V-1"}, OTHER)) == "wrong_key"


@pytest.mark.parametrize("alg", ["none", "None", "HS256", "RS256", "", None, 7, ["EdDSA"]])
def test_another_algorithm_is_refused_whatever_the_signature(alg: object) -> None:
    assert fault(put(header={"alg": alg, "typ": "JWT", "jwk": public_key(KEY)})) == "algorithm"


def test_a_public_key_used_as_a_secret_is_refused() -> None:
    """The old confusion: the attacker signs with HMAC under the public key, which everybody has."""
    import hmac
    from hashlib import sha256

    body = f"{encoded(canonical({'alg': 'HS256', 'typ': 'JWT'}))}.{encoded(canonical({'hours': 99}))}"
    forged = hmac.new(decoded(public_key(KEY)["x"]), body.encode(), sha256).digest()
    assert fault(f"{body}.{encoded(forged)}") == "algorithm"


@pytest.mark.parametrize("extra", ["kid", "jku", "x5u", "crit", "b64", "zip"])
def test_a_header_field_that_leads_elsewhere_is_refused(extra: str) -> None:
    assert fault(put(header={"alg": "EdDSA", "jwk": public_key(KEY), extra: "https://bad.example/"})) == "algorithm"


def nested(depth: int) -> bytes:
    return b'{"a":' * depth + b"1" + b"}" * depth


@pytest.mark.parametrize("token", [
    None, 7, b"bytes", "", "..", "a.b", "a.b.c.d", "a.b.c", "é.é.é", TOKEN + "=", TOKEN + "\n", " " + TOKEN,
    "x" * (LARGEST + 1), "." * 100, put(payload=b"[1]"), put(payload=b"{"), put(payload=b"\xff"),
    put(payload=nested(40)), put(payload=nested(8000)), put(payload=b'{"hours":1,"hours":99}'),
    put(payload=b'{"hours":NaN}'), put(payload=b'{"hours":Infinity}'), put(payload=b'{"hours":' + b"9" * 5000 + b"}"),
], ids=range(23))
def test_what_is_no_token_is_malformed(token: object) -> None:
    assert fault(token) == "malformed"


def test_spare_bits_of_the_signature_do_not_make_a_second_token() -> None:
    signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    last = signs[signs.index(TOKEN[-1]) ^ 1]
    assert base64.urlsafe_b64decode(TOKEN.split(".")[2][:-1] + last + "==") == decoded(TOKEN.split(".")[2])
    assert fault(TOKEN[:-1] + last) == "malformed"


@pytest.mark.parametrize("jwk", [
    {}, {"kty": "OKP"}, {"kty": "RSA", "crv": "Ed25519", "x": public_key(KEY)["x"]},
    {"kty": "OKP", "crv": "X25519", "x": public_key(KEY)["x"]}, {"kty": "OKP", "crv": "Ed25519", "x": "AA"},
    {"kty": "OKP", "crv": "Ed25519", "x": 7}, {**public_key(KEY), "d": "AA"},
    {"kty": "OKP", "crv": "Ed25519", "x": "***"},
])
def test_a_key_that_is_none_opens_nothing(jwk: dict[str, Any]) -> None:
    assert open_token(TOKEN, [jwk]).fault == "wrong_key"
    assert fault(put(header={"alg": "EdDSA", "jwk": jwk}, payload={"hours": 99})) == "tampered"


@given(st.integers(0, len(TOKEN) - 1), st.sampled_from("ABCXYZabcxyz0189-_.= "))
def test_no_token_with_one_sign_changed_is_opened(place: int, sign_put: str) -> None:
    changed = TOKEN[:place] + sign_put + TOKEN[place + 1:]
    assert fault(changed) == "" if changed == TOKEN else fault(changed) in {"malformed", "tampered", "algorithm"}


@given(st.text(max_size=60))
def test_any_text_gets_an_answer(text: str) -> None:
    assert fault(text) in {"malformed", "algorithm", "tampered", "wrong_key"}


def test_the_private_key_is_not_in_the_token() -> None:
    header = json.loads(decoded(TOKEN.split(".")[0]))
    assert header["jwk"] == public_key(KEY)
    assert set(header["jwk"]) == {"kty", "crv", "x"}


def test_a_key_file_is_its_owners_alone_and_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "issuer.pem"
    old = os.umask(0)
    try:
        write_key(KEY, path)
    finally:
        os.umask(old)
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert public_key(read_key(path)) == public_key(KEY)


def test_a_key_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "issuer.pem"
    write_key(KEY, path)
    with pytest.raises(UsageError, match="is there already"):
        write_key(OTHER, path)
    assert public_key(read_key(path)) == public_key(KEY)
    with pytest.raises(UsageError, match="cannot be written"):
        write_key(KEY, tmp_path / "no folder" / "issuer.pem")


@pytest.mark.parametrize("content", [
    b"", b"not a key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
])
def test_a_file_without_a_key_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "issuer.pem"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(DataError, match=r"issuer\.pem: holds no key"):
        read_key(path)


def test_a_key_of_another_kind_and_a_missing_file_are_named(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    path = tmp_path / "issuer.pem"
    path.write_bytes(X25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    path.chmod(0o600)
    with pytest.raises(DataError, match="another kind"):
        read_key(path)
    with pytest.raises(DataError, match="cannot be read"):
        read_key(tmp_path / "none.pem")


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "issuer.pem"
    write_key(KEY, path)
    if os.name == "posix":
        path.chmod(0o644)
        with pytest.raises(DataError, match="chmod 600"):
            read_key(path)


def test_without_the_package_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric.ed25519", None)
    with pytest.raises(UsageError, match=r"vsim\[course\]"):
        new_key(1)
