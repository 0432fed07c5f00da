"""What was saved comes back byte by byte and grades on; a backup that somebody made, changed or cut makes nothing."""

from __future__ import annotations

import io
import json
import shutil
import stat
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.course.kept import ID, kept_course, marked, tree
from vsim.course import ledger
from vsim.course.backup import FORMAT, LIST, backup
from vsim.course.backup_files import AGAIN, MARK
from vsim.course.backup_restore import restore
from vsim.course.folder import Course
from vsim.course.standing import standings
from vsim.errors import DataError, UsageError, VsimError

Members = dict[str, bytes]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return kept_course(tmp_path_factory.mktemp("kept"))


@pytest.fixture(scope="module")
def once(course: Course) -> Path:
    return backup(course, course.root.parent / "saved.zip").path


@pytest.fixture
def saved(once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(once, tmp_path / "saved.zip"))


def test_everything_comes_back_byte_by_byte(course: Course, saved: Path, tmp_path: Path) -> None:
    found, made = restore(saved, tmp_path / "new" / "课程")
    assert made is not None
    before = {name: content for name, content in tree(course.root).items()
              if name.partition("/")[0] not in AGAIN and ".partial-" not in name and "gradebook.db" not in name}
    after = tree(made.root)
    assert after.pop("gradebook.db")
    assert after == before
    assert found.course == made.name == course.name
    assert made.secret == course.secret
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["课程"]
    assert made.place("handouts").is_dir()


def test_the_course_goes_on_where_it_was(course: Course, saved: Path, tmp_path: Path) -> None:
    _, made = restore(saved, tmp_path / "new")
    assert made is not None
    assert standings(made, made.unit(ID)) == standings(course, course.unit(ID))
    assert ledger.attempt(made.root, ID, "ada", "2" * 64) == 2
    assert ledger.attempt(made.root, ID, "ada", "3" * 64) == 3
    ledger.append(made.root, marked("ada", "3", attempt=3))
    assert ledger.latest(made.root, ID)["ada"]["attempt"] == 3


@pytest.mark.needs("linux")
def test_keys_and_marks_are_for_the_owner_only(saved: Path, tmp_path: Path) -> None:
    restore(saved, tmp_path / "new")
    modes = {name: stat.S_IMODE((tmp_path / "new" / name).stat().st_mode)
             for name in ("secret.key", "issuer.key", "ledger.jsonl")}
    assert set(modes.values()) == {0o600}


def test_a_dry_run_verifies_every_byte_and_writes_nothing(saved: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    found, made = restore(saved, tmp_path / "new", dry_run=True)
    assert made is None
    assert found.size == sum(line["bytes"] for line in found.files.values())
    assert sorted(tmp_path.rglob("*")) == before
    flipped(saved, "learners.csv")
    with pytest.raises(DataError):
        restore(saved, tmp_path / "new", dry_run=True)


def test_a_folder_with_anything_in_it_is_refused_and_an_empty_one_taken(saved: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="not empty"):
        restore(saved, tmp_path / "full")
    assert tree(tmp_path / "full") == {"x": b"mine"}
    (tmp_path / "empty").mkdir()
    assert restore(saved, tmp_path / "empty")[1] is not None


@pytest.mark.parametrize("name", ["nothing.zip", "list.csv", "."])
def test_what_is_no_backup_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "list.csv").write_text("learner\n", encoding="utf-8")
    with pytest.raises(UsageError, match="backup"):
        restore(tmp_path / name, tmp_path / "new")


def flipped(path: Path, member: str) -> None:
    """Change one letter of a member and nothing else, its checksum in the zip file put right."""
    rewritten(path, lambda files: files.update({member: files[member][:-2] + b"?" + files[member][-1:]}), listing=False)


def rewritten(path: Path, change: Callable[[Members], Any], *, listing: bool = True,
              named: Callable[[str], zipfile.ZipInfo] = zipfile.ZipInfo) -> None:
    """Write a backup anew as somebody would who knows how; with `listing`, its list agrees with the members again."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    content = json.loads(files.pop(LIST))
    change(files)
    if listing:
        content["files"] = {name: {"sha256": sha256(raw).hexdigest(), "bytes": len(raw)} for name, raw in files.items()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in files.items():
            archive.writestr(named(name), raw)
        archive.writestr(LIST, json.dumps(content))
        archive.comment = MARK


def refused(saved: Path, tmp_path: Path, match: str) -> None:
    before = sorted(tmp_path.iterdir())
    with pytest.raises(VsimError, match=match):
        restore(saved, tmp_path / "new")
    assert sorted(tmp_path.iterdir()) == before, "nothing may be left of a refused backup"


def test_one_changed_letter_is_found(saved: Path, tmp_path: Path) -> None:
    flipped(saved, "ledger.jsonl")
    refused(saved, tmp_path, "not as it was saved")


@pytest.mark.parametrize("change", [
    lambda files: files.pop("secret.key"),
    lambda files: files.update({"more.txt": b"x"}),
    lambda files: files.update({"learners.csv": files["learners.csv"] + b"eve,Eve\n"}),
])
def test_a_member_that_the_list_does_not_know_or_misses_is_found(
    saved: Path, tmp_path: Path, change: Callable[[Members], Any]
) -> None:
    rewritten(saved, change, listing=False)
    refused(saved, tmp_path, "does not agree|is missing")


@pytest.mark.parametrize("name", [
    "../out.txt", "/etc/x", "a/../../x", "C:/x", "a\\..\\x", "./x", "a//x", "inbox/",
])
def test_a_member_that_climbs_out_is_refused(saved: Path, tmp_path: Path, name: str) -> None:
    rewritten(saved, lambda files: files.update({name: b"x"}))
    refused(saved, tmp_path, "none that a backup has")


def test_a_link_is_refused(saved: Path, tmp_path: Path) -> None:
    def as_link(name: str) -> zipfile.ZipInfo:
        entry = zipfile.ZipInfo(name)
        if name == "notes of mine.txt":
            entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        return entry

    rewritten(saved, lambda files: files.update({"notes of mine.txt": b"/etc/passwd"}), named=as_link)
    refused(saved, tmp_path, "symlink")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_comes_twice_is_refused(saved: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(saved, "a") as archive:
        archive.writestr("learners.csv", archive.read("learners.csv"))
    refused(saved, tmp_path, "twice")


@pytest.mark.parametrize("share", [0.02, 0.5, 0.95, 1])
def test_a_backup_that_was_cut_is_refused(saved: Path, tmp_path: Path, share: float) -> None:
    kept = saved.read_bytes()[: -len(MARK) - 8]
    kept = kept[: int(len(kept) * share)]
    saved.write_bytes(kept)
    refused(saved, tmp_path, "no backup")
    saved.write_bytes(kept + MARK)
    refused(saved, tmp_path, "damaged|no backup|does not agree|none that|no list")


def test_a_newer_format_is_refused_by_name(saved: Path, tmp_path: Path) -> None:
    listing(saved, format=FORMAT + 1, vsim="9.9")
    refused(saved, tmp_path, rf"format {FORMAT + 1}, made by vsim 9\.9.*newer vsim")


@pytest.mark.parametrize("more", [{"kind": "x"}, {"format": "1"}, {"format": 0}, {"files": []}, {"files": {"x": 1}}])
def test_a_list_that_is_none_is_refused(saved: Path, tmp_path: Path, more: dict[str, Any]) -> None:
    listing(saved, **more)
    refused(saved, tmp_path, "no backup|does not agree")


def listing(path: Path, **more: Any) -> None:
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files[LIST] = json.dumps({**json.loads(files[LIST]), **more}).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in files.items():
            archive.writestr(name, raw)
        archive.comment = MARK


def test_a_member_larger_than_it_says_is_not_unpacked_to_its_end(saved: Path, tmp_path: Path) -> None:
    """The sizes in the zip file and in the list say 1,000 bytes; packed are fifty million."""
    rewritten(saved, lambda files: files.update({"bomb": b"\0" * 50_000_000}))
    with zipfile.ZipFile(saved) as archive:
        content = json.loads(archive.read(LIST))
    content["files"]["bomb"]["bytes"] = 1000
    listing(saved, **content)
    raw = saved.read_bytes().replace((50_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    saved.write_bytes(raw)
    refused(saved, tmp_path, "not as it was saved|damaged")


def test_more_than_the_disk_holds_is_refused_before_anything_is_written(
    saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=1000))
    refused(saved, tmp_path, "Make room")


def test_settings_that_nothing_reads_make_no_course(saved: Path, tmp_path: Path) -> None:
    rewritten(saved, lambda files: files.update({"course.yaml": b"name: [\n"}))
    refused(saved, tmp_path, "course.yaml")


def test_a_backup_travels_through_memory_and_names_of_any_case(saved: Path, tmp_path: Path) -> None:
    copy = tmp_path / "SAVED (1).ZIP"
    copy.write_bytes(io.BytesIO(saved.read_bytes()).getvalue())
    assert restore(copy, tmp_path / "new")[1] is not None
