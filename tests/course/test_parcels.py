"""Whatever is dropped, notebooks are found in it, nothing else is opened, and whatever is wrong is one fault."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import time
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.course.broken import HOSTILE, gbk_zip, odd_member, raw, solved, zipped
from vsim.course import parcels
from vsim.course.archives import Budget, members
from vsim.course.faults import Fault, fault, messages, shown
from vsim.course.parcels import Parcel, unpack
from vsim.i18n import set_language

NOW = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
FILE = raw(solved())
CARD = b'{"learner": "ada"}'


def opened(path: Path) -> list[Parcel | Fault]:
    return list(unpack(path, NOW))


def dropped(folder: Path, name: str, content: bytes) -> list[Parcel | Fault]:
    (folder / name).write_bytes(content)
    return opened(folder / name)


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_or_broken_thing_is_a_fault_and_never_a_notebook(kind: str, tmp_path: Path) -> None:
    make, codes = HOSTILE[kind]
    path = make(tmp_path)
    start = time.perf_counter()
    found = opened(path)
    assert time.perf_counter() - start < 3
    assert [thing.code if isinstance(thing, Fault) else "taken" for thing in found] == codes
    assert all(thing.name and len(thing.name) <= 120 for thing in found)


@pytest.mark.parametrize("name", [
    "x.ipynb", "x (1).ipynb", "x.ipynb.txt", "x.json", "x.txt", "x", "志愿.IPYNB", "x.ipynb.crdownload", ".ipynb",
])
def test_a_notebook_under_any_name_is_found(name: str, tmp_path: Path) -> None:
    assert dropped(tmp_path, name, FILE) == [Parcel(name, FILE, {}, NOW, hashlib.sha256(FILE).hexdigest())]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "gb18030"])
def test_a_notebook_in_another_encoding_is_found_under_another_name(encoding: str, tmp_path: Path) -> None:
    assert isinstance(dropped(tmp_path, "x.txt", raw(solved(), encoding))[0], Parcel)


def test_the_time_of_arrival_is_the_collectors_own(tmp_path: Path) -> None:
    (tmp_path / "x.ipynb").write_bytes(FILE)
    os.utime(tmp_path / "x.ipynb", (1, 1))
    (tmp_path / "timestamp.txt").write_text("1999-01-01 00:00:00 UTC")
    assert [thing.arrived for thing in opened(tmp_path) if isinstance(thing, Parcel)] == [NOW]


def test_a_handout_that_comes_back_whole_gives_its_notebook_and_its_card(tmp_path: Path) -> None:
    files = {
        "unit/x.ipynb": FILE, "unit/learner.json": CARD, "unit/unit.json": b'{"cells": 1}', "unit/data/a.csv": b"1",
        "unit/.ipynb_checkpoints/x-checkpoint.ipynb": FILE, "__MACOSX/unit/._x.ipynb": b"\0\5", "unit/.DS_Store": b"\0",
    }
    packed = dropped(tmp_path, "x.zip", zipped(files))
    for name, content in files.items():
        (tmp_path / "folder" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "folder" / name).write_bytes(content)
    for found, name in ((packed, "x.zip/unit/x.ipynb"), (opened(tmp_path / "folder"), "folder/unit/x.ipynb")):
        assert [(thing.name, thing.raw, dict(thing.beside)) for thing in found if isinstance(thing, Parcel)] == [
            (name, FILE, {"learner.json": CARD})]
        assert len(found) == 1


def test_a_card_of_another_folder_or_a_huge_one_is_not_beside(tmp_path: Path) -> None:
    found = dropped(tmp_path, "x.zip", zipped({
        "a/x.ipynb": FILE, "b/learner.json": CARD, "c/x.ipynb": FILE, "c/learner.json": b" " * 20_000,
    }, zipfile.ZIP_STORED))
    assert [dict(thing.beside) for thing in found if isinstance(thing, Parcel)] == [{}, {}]


def test_zip_files_are_opened_one_deep_also_inside_a_folder(tmp_path: Path) -> None:
    inner = zipped({"x.ipynb": FILE})
    packed = dropped(tmp_path, "x.zip", zipped({"inner.zip": inner}))
    assert [thing.name for thing in packed if isinstance(thing, Parcel)] == ["x.zip/inner.zip/x.ipynb"]
    found = opened(tmp_path)
    assert [thing.name for thing in found] == [f"{tmp_path.name}/x.zip/inner.zip/x.ipynb"]


def test_one_bad_member_does_not_take_the_others_along(tmp_path: Path) -> None:
    bad = odd_member("../x.ipynb", FILE)
    found = dropped(tmp_path, "x.zip", zipped({
        "a.ipynb": FILE, "b.zip": bad, "c.zip": b"PK\x03\x04broken", "d.ipynb": b"", "e.ipynb": bytes(2**21),
    }))
    assert {thing.name: thing.code if isinstance(thing, Fault) else "taken" for thing in found} == {
        "x.zip/e.ipynb": "bomb", "x.zip/a.ipynb": "taken", "x.zip/b.zip/../x.ipynb": "member-name",
        "x.zip/c.zip": "bad-archive", "x.zip/d.ipynb": "empty"}


def test_a_folder_gives_its_sound_files_beside_faults(tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_bytes(FILE)
    (tmp_path / "b.ipynb").symlink_to(tmp_path / "a.ipynb")
    os.mkfifo(tmp_path / "c.ipynb")
    (tmp_path / "d.ipynb").mkdir()
    (tmp_path / "e.pdf").write_bytes(b"%PDF")
    found = opened(tmp_path)
    assert [thing.code if isinstance(thing, Fault) else "taken" for thing in found] == [
        "symlink", "special", "folder-name", "taken"]


@pytest.mark.parametrize("name", ["志愿作业.ipynb", "第一单元/作业.ipynb"])
def test_names_of_members_in_gbk_are_read(name: str, tmp_path: Path) -> None:
    found = dropped(tmp_path, "x.zip", gbk_zip(name, FILE))
    assert [thing.name for thing in found if isinstance(thing, Parcel)] == [f"x.zip/{name}"]


def test_what_is_not_wanted_is_never_unpacked(tmp_path: Path) -> None:
    found = dropped(tmp_path, "x.zip", zipped({"x.ipynb": FILE, "data.csv": bytes(30 * 2**20)}))
    assert [type(thing) for thing in found] == [Parcel]


def test_a_member_that_unpacks_to_more_than_it_says_is_stopped(tmp_path: Path) -> None:
    honest = zipped({"x.ipynb": b"{" + b"ab" * 500_000})
    at = honest.index(b"PK\x01\x02") + 24
    lying = honest[:at] + (100).to_bytes(4, "little") + honest[at + 4:]
    assert [thing.code for thing in dropped(tmp_path, "x.zip", lying) if isinstance(thing, Fault)] == ["bad-archive"]


def test_many_large_members_are_too_much_together(tmp_path: Path) -> None:
    budget = Budget(left=100)
    found = list(members("x.zip", zipped({f"{n}.ipynb": b"{}" * 20 for n in range(4)}), lambda path: True, budget))
    assert [thing.code if isinstance(thing, Fault) else "read" for thing in found] == [
        "read", "read", "too-big-unpacked", "too-big-unpacked"]


@pytest.mark.parametrize(("number", "code"), [
    (errno.EACCES, "no-permission"), (errno.ENOENT, "gone"), (errno.ELOOP, "symlink"), (errno.EIO, "cannot-read"),
])
def test_a_file_that_the_system_refuses_is_a_fault(
    number: int, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(path: object, flags: int) -> int:
        raise OSError(number, os.strerror(number))

    (tmp_path / "x.ipynb").write_bytes(FILE)
    monkeypatch.setattr(parcels.os, "open", refuse)
    assert [thing.code for thing in opened(tmp_path) if isinstance(thing, Fault)] == [code]


def test_a_file_exchanged_for_a_link_while_it_is_opened_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "secret").write_bytes(FILE)
    (tmp_path / "x.ipynb").symlink_to(tmp_path / "secret")
    real = os.stat
    monkeypatch.setattr(Path, "lstat", lambda path: real(path))           # as if it had been a file a moment ago
    assert [thing.code for thing in opened(tmp_path / "x.ipynb") if isinstance(thing, Fault)] == ["symlink"]


def test_rubbish_of_the_system_is_passed_over(tmp_path: Path) -> None:
    assert dropped(tmp_path, ".DS_Store", b"\0") == []
    assert dropped(tmp_path, "._x.ipynb", b"\0") == []


def test_every_fault_has_a_plain_message_and_a_name_on_one_line() -> None:
    for code in messages():
        found = fault("a\nb\u202e" + "x" * 500, code, "why {x}\n")
        assert "\n" not in found.name + found.message
        assert found.message[-1] == "."
    assert len(shown("x" * 10_000)) <= 120
    set_language("zh_CN")
    assert fault("x", "symlink").message


@given(st.binary(max_size=400))
@examples(max_examples=50)
def test_any_bytes_in_an_archive_are_faults_or_notebooks(noise: bytes) -> None:
    sound = zipped({"x.ipynb": FILE[:200], "learner.json": CARD})
    for content in (b"PK\x03\x04" + noise, sound[: len(noise)] + noise, noise[:50] + sound, sound + noise,
                    sound[:-40] + noise[:4] + sound[-36:]):
        for thing in parcels._alone("x.zip", content, NOW, Budget()):
            assert isinstance(thing, Parcel | Fault)


def test_a_card_is_json_that_the_intake_reads(tmp_path: Path) -> None:
    found = dropped(tmp_path, "x.zip", zipped({"x.ipynb": FILE, "learner.json": CARD}))
    assert isinstance(found[0], Parcel)
    assert json.loads(found[0].beside["learner.json"]) == {"learner": "ada"}
