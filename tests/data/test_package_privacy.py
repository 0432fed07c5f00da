"""Identity and telephone numbers are found in any dress; what only looks a little like them is left alone."""

from __future__ import annotations

import random

import pytest

from vsim.report.package_privacy import check_digit, identity_numbers, masked, telephone_numbers

FIRST = "110105" + "19491231" + "002"
MOBILE = "139" + "1234" + "5678"


def test_the_check_digit_of_the_standard_s_own_example_is_right() -> None:
    assert check_digit(FIRST) == "X"


@pytest.mark.parametrize("text", [
    FIRST + "X", FIRST + "x", f"号码{FIRST}X。", f"id{FIRST}X", f"{FIRST[:6]} {FIRST[6:14]} {FIRST[14:]}X",
    f"{FIRST[:6]}-{FIRST[6:14]}-{FIRST[14:]}X", "".join(chr(ord(c) + 0xFEE0) for c in FIRST) + "X",
])
def test_an_identity_number_is_found(text: str) -> None:
    assert len(identity_numbers(text)) == 1


@pytest.mark.parametrize("text", [
    FIRST + "7", FIRST, "1" + FIRST + "X", FIRST + "1X", "V-00AF31", "2025-03-05",
])
def test_other_numbers_are_no_identity_number(text: str) -> None:
    assert identity_numbers(text) == []


@pytest.mark.parametrize("text", [
    MOBILE, f"+86{MOBILE}", f"+86 {MOBILE}", f"电话{MOBILE}。", f"{MOBILE[:3]}-{MOBILE[3:7]}-{MOBILE[7:]}",
    f"{MOBILE[:3]} {MOBILE[3:7]} {MOBILE[7:]}", "010-" + "12345678", "(0731) " + "2345678",
    "400-" + "820-" + "8820",
    "".join(chr(ord(c) + 0xFEE0) for c in MOBILE),
])
def test_a_telephone_number_is_found(text: str) -> None:
    assert len(telephone_numbers(text)) == 1


@pytest.mark.parametrize("text", [
    "12" + MOBILE[2:], MOBILE[:-1], MOBILE + "0", "0." + MOBILE, "2025-03-05", "2024-11-24 - 2025-01-01",
    "V-1391234", "100000", "1e+15", "P01 2012",
])
def test_other_numbers_are_no_telephone_number(text: str) -> None:
    assert telephone_numbers(text) == []


def test_one_in_eleven_random_numbers_would_pass_as_identity_numbers() -> None:
    draw = random.Random(1)
    hits = sum(bool(identity_numbers(f"{draw.randrange(10**17, 10**18)}")) for _ in range(20_000))
    assert 20_000 * 0.07 < hits < 20_000 * 0.11


def test_a_masked_number_cannot_be_read() -> None:
    assert MOBILE not in masked(MOBILE)
    assert masked(MOBILE) == "139******78"
