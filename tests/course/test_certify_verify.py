"""The verifier: what it says of true, forged, revoked, foreign and hostile files, offline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.course.certified import marked_course
from vsim.course.badge_jws import opened, signed
from vsim.course.badge_keys import PUBLIC, PublicKey, issuer_of, public_keys, read_public, renew
from vsim.course.badge_pdf import attached, taken_apart
from vsim.course.certify import BADGE, FOLDER, PDF, READABLE, certify
from vsim.course.certify_ledger import revoke
from vsim.course.certify_revoked import read_list, revoked_here, write_list
from vsim.course.certify_verify import BIGGEST, Trust, Verdict, read_bytes, verify
from vsim.course.folder import Course
from vsim.errors import DataError, UsageError
from vsim.report.certificate import certificate_page


class Issued:
    """Two courses with one certificate each, made once: the second is another issuer."""

    def __init__(self, root: Path) -> None:
        self.here = marked_course(root / "a", {"mei": 0.9}, language="zh_CN")
        self.there = marked_course(root / "b", {"mei": 0.9})
        self.files: dict[str, bytes] = {}
        self.id = ""
        for course in (self.there, self.here):
            self.id = next(row.id for row in certify(course, certificate_page, learners=["mei"]))
            if course is self.there:
                self.foreign = course.place(FOLDER, self.id, PDF).read_bytes()
        self.folder = self.here.place(FOLDER, self.id)
        self.files = {name: (self.folder / name).read_bytes() for name in (PDF, BADGE, READABLE)}
        self.badge = self.files[BADGE].decode().strip()

    @property
    def trust(self) -> Trust:
        copy = {self.id: self.badge}
        return Trust(public_keys(self.here), revoked_here(self.here), lambda key: copy.get(key, ""))


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Issued:
    return Issued(tmp_path_factory.mktemp("issued"))


@pytest.mark.parametrize("name", [PDF, BADGE, READABLE])
def test_what_was_issued_is_valid_in_each_form(issued: Issued, name: str) -> None:
    found = verify(issued.files[name], issued.trust)
    assert (found.says, found.bound) == ("valid", name == PDF)
    assert found.badge is not None
    assert found.badge.id == issued.id
    assert found.key == public_keys(issued.here)[0]


def test_the_page_is_a_pdf_with_chinese_text_and_no_letter_that_the_font_lacks(issued: Issued) -> None:
    page = taken_apart(issued.files[PDF]).page
    assert page.count(b"/MediaBox [0 0 595.28 841.89]") == 1
    assert "王".encode("utf-16-be").hex().upper().encode() in page            # in the table that turns glyphs into text
    assert b"<0000" not in page.partition(b"endstream")[0]                    # no text begins with a missing glyph


def _rows(course: Course) -> list[Any]:
    from vsim.course.certify_ledger import register_of

    return list(register_of(course).issued.values())


@pytest.mark.parametrize("place", [0.1, 0.3, 0.5, 0.62, 0.7, 0.8, 0.9, 0.97, 0.999])
def test_a_pdf_of_which_one_bit_was_changed_is_forged_or_none(issued: Issued, place: float) -> None:
    raw = bytearray(issued.files[PDF])
    raw[int(place * len(raw))] ^= 1
    assert verify(bytes(raw), issued.trust).says in ("forged", "not a certificate")


def test_a_page_with_another_name_around_a_true_badge_is_forged(issued: Issued) -> None:
    facts = {**_rows(issued.here)[0], "name": "王小美"}
    forged = attached(certificate_page(facts, issuer_of(issued.here).public.fingerprint), issued.badge)
    found = verify(forged, issued.trust)
    assert (found.says, found.part, found.bound) == ("forged", "page", False)


@pytest.mark.parametrize("change", [
    lambda raw: raw + b"\n", lambda raw: raw + b"%vsim-badge 7\n", lambda raw: raw[:-9],
    lambda raw: raw.replace(b"%vsim-badge", b"%vsim-budge"), lambda raw: b"%PDF-" + raw,
])
def test_a_pdf_with_anything_added_or_cut_off_is_forged(issued: Issued, change: Any) -> None:
    found = verify(change(issued.files[PDF]), issued.trust)
    assert (found.says, found.part) == ("forged", "page")


def test_values_that_were_changed_are_named_beside_those_that_were_issued(issued: Issued) -> None:
    header, payload, signature = issued.badge.split(".")
    said = dict(opened(issued.badge).payload) | {"name": "Leader"}
    other = signed(issuer_of(issued.there), said)
    mixed = f"{header}.{other.split('.')[1]}.{signature}"
    found = verify(mixed.encode(), issued.trust)
    assert (found.says, found.part) == ("forged", "signature")
    assert any(change.startswith("name: 'Leader'") for change in found.changed)
    assert payload != other.split(".")[1]


def test_a_swapped_key_is_found_out(issued: Issued) -> None:
    said = dict(opened(issued.badge).payload)
    stranger = issuer_of(issued.there)
    found = verify(signed(stranger, said).encode(), issued.trust)
    assert (found.says, found.part) == ("forged", "issuer")
    own = {**said, "iss": stranger.public.did, "issuer": {**said["issuer"], "id": stranger.public.did}}
    assert verify(signed(stranger, own).encode(), issued.trust).says == "unknown key"
    assert verify(issued.foreign, issued.trust).says == "unknown key"
    assert verify(issued.files[PDF], Trust([])).says == "unknown key"


@pytest.mark.parametrize("change", [
    {"jti": "urn:uuid:0"}, {"sub": "x"}, {"nbf": 1}, {"nbf": "now"}, {"validFrom": "2020-01-01T00:00:00Z"}, {"id": 7},
    {"issuer": "someone"}, {"credentialSubject": []}, {"validFrom": "2999-01-01T00:00:00Z", "nbf": 32472144000},
    {"validFrom": "2026-01-01", "nbf": 1767225600},
])
def test_claims_that_contradict_each_other_are_forged_even_when_signed(issued: Issued, change: dict[str, Any]) -> None:
    said = {**opened(issued.badge).payload, **change}
    assert verify(signed(issuer_of(issued.here), said).encode(), issued.trust).says == "forged"


def test_readable_text_that_says_something_else_is_forged(issued: Issued) -> None:
    found = json.loads(issued.files[READABLE])
    found["credential"]["name"] = "Leader"
    verdict = verify(json.dumps(found).encode(), issued.trust)
    assert (verdict.says, verdict.part) == ("forged", "readable text")
    assert verify(json.dumps({**json.loads(issued.files[READABLE]), "more": 1}).encode(), issued.trust).says == "forged"


def test_a_revoked_certificate_says_when_and_why_here_and_elsewhere(tmp_path: Path) -> None:
    issued = Issued(tmp_path)
    kept = write_list(issued.here).read_bytes()
    revoke(issued.here, issued.id, "the work of somebody else")
    path = write_list(issued.here)
    trust = Trust(read_public(issued.here.place(PUBLIC)), read_list(path, public_keys(issued.here)))
    for some in (trust, issued.trust):
        found = verify(issued.files[PDF], some)
        assert (found.says, found.why, bool(found.when)) == ("revoked", "the work of somebody else", True)
    path.write_bytes(kept)
    assert verify(issued.files[PDF], Trust(trust.keys, read_list(path, trust.keys))).says == "valid"      # an old list


@pytest.mark.parametrize("text", ["", "nonsense", "a.b.c"])
def test_a_list_that_nobody_signed_is_not_believed(issued: Issued, tmp_path: Path, text: str) -> None:
    path = tmp_path / "list"
    path.write_text(text)
    with pytest.raises(DataError, match="not believed"):
        read_list(path, public_keys(issued.here))


def test_a_list_of_another_issuer_or_of_another_kind_is_not_believed(issued: Issued, tmp_path: Path) -> None:
    foreign = write_list(issued.there)
    with pytest.raises(DataError, match="you do not know"):
        read_list(foreign, public_keys(issued.here))
    path = tmp_path / "badge"
    path.write_bytes(issued.files[BADGE])
    with pytest.raises(DataError, match="no list"):
        read_list(path, public_keys(issued.here))
    assert verify(foreign.read_bytes(), issued.trust).says == "not a certificate"


def test_what_was_signed_after_a_key_was_retired_is_forged(tmp_path: Path) -> None:
    issued = Issued(tmp_path)
    old = issuer_of(issued.here)
    renew(issued.here)
    assert verify(issued.files[PDF], issued.trust).says == "valid"
    retired = PublicKey(old.public.raw, "2026-01-01T00:00:00+00:00")
    found = verify(issued.files[BADGE], Trust([retired]))
    assert (found.says, found.part) == ("forged", "date")


HOSTILE = {
    "empty": b"", "zeros": bytes(1000), "words": b"certificate", "null": b"null", "a list": b"[]", "a number": b"1",
    "nested": b'{"jwt":' * 3000, "deep": b"[" * 100_000, "no badge": b'{"jwt": 1}', "an empty badge": b'{"jwt": ""}',
    "twice": b'{"jwt": "a", "jwt": "b"}', "a bare PDF": b"%PDF-1.7\n", "a PDF of eyJ": b"%PDF-1.7\n" + b"eyJ" * 200_000,
    "a page": b"<!doctype html><p>valid</p>", "UTF-16": '{"jwt": "a.b.c"}'.encode("utf-16"), "latin": b"\xff\xfe\xfa",
    "a mark of length": b"%PDF-1.7\n%vsim-badge 9\neyJ", "an endless number": b"%PDF-\n%vsim-badge " + b"9" * 9999,
    "huge": b"%PDF-" + bytes(BIGGEST), "a huge line": b"A" * 3_000_000,
    "two places": b'<meta name="openbadgecredential" content="">' * 2,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_it_is_given_it_answers(issued: Issued, name: str) -> None:
    found = verify(HOSTILE[name], issued.trust)
    assert isinstance(found, Verdict)
    assert found.says == "not a certificate"
    assert found.why


def test_a_file_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing", tmp_path):
        with pytest.raises(UsageError, match="no such file"):
            read_bytes(path)
