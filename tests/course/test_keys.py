"""Seeds, tickets and secrets: each learner their own, the same every time, and nothing without the key."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from vsim.course.keys import PUBLIC, learner_id, new_secret, read_secret, seed, ticket, valid_ticket
from vsim.errors import DataError, UsageError


def test_a_seed_is_a_function_of_course_unit_learner_purpose_and_number() -> None:
    base = seed(PUBLIC, "c", "u", "ada", "city")
    assert base == seed(PUBLIC, "c", "u", "ADA ", "city")
    others = {
        seed(PUBLIC, "c2", "u", "ada", "city"), seed(PUBLIC, "c", "u2", "ada", "city"),
        seed(PUBLIC, "c", "u", "bo", "city"), seed(PUBLIC, "c", "u", "ada", "hidden"),
        seed(PUBLIC, "c", "u", "ada", "city", 1), seed(b"secret", "c", "u", "ada", "city"),
    }
    assert len(others) == 6
    assert base not in others
    assert all(0 <= number < 2**63 for number in others)


def test_parts_do_not_run_into_each_other() -> None:
    assert seed(PUBLIC, "ab", "c", "x", "city") != seed(PUBLIC, "a", "bc", "x", "city")


@pytest.mark.parametrize(
    ("text", "found"), [("Ada", "ada"), (" li.wei-2 ", "li.wei-2"), ("ＬＩ", "li"), ("0012", "0012"), ("a\n", "a"),
                        ("connie", "connie"), ("com10", "com10")]
)
def test_a_learner_id_is_understood_kindly(text: str, found: str) -> None:
    assert learner_id(text) == found


@pytest.mark.parametrize("text", ["", ".", "..", "a/b", "a\\b", "李明", "a b", "-x", "x" * 65, "con/..", "a.", "CON",
                                  "nul.txt", "com1", "ＬＰＴ9"])
def test_what_no_folder_can_bear_is_no_learner_id(text: str) -> None:
    with pytest.raises(UsageError, match="learner id"):
        learner_id(text)


def test_a_ticket_is_good_for_one_learner_of_one_unit_of_one_course() -> None:
    key = b"k" * 32
    mine = ticket(key, "c", "u", "ada")
    assert valid_ticket(key, "c", "u", "ada", mine)
    assert valid_ticket(key, "c", "u", "Ada", mine)
    for course, unit, learner, shown in (("c", "u", "bo", mine), ("c", "v", "ada", mine), ("d", "u", "ada", mine),
                                         ("c", "u", "ada", ""), ("c", "u", "ada", "x" * 16), ("c", "u", "ada", "é")):
        assert not valid_ticket(key, course, unit, learner, shown)


def test_a_secret_is_written_once_for_its_owner_only(tmp_path: Path) -> None:
    secret = new_secret(tmp_path)
    assert read_secret(tmp_path) == secret
    assert len(secret) == 32
    if os.name == "posix":
        assert (tmp_path / "secret.key").stat().st_mode & 0o077 == 0
    with pytest.raises(FileExistsError):
        new_secret(tmp_path)


@pytest.mark.parametrize("text", [None, "", "abc", "zz" * 32, "ab" * 31])
def test_a_lost_or_broken_secret_says_what_is_lost(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "secret.key").write_text(text)
    with pytest.raises(DataError, match="tickets"):
        read_secret(tmp_path)
