"""The ledger: only ever added to, whole lines or none, readable after a crash, and not silently after an edit."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from vsim.course.ledger import _indexes, append, attempt, latest, rows
from vsim.errors import DataError


def mark(root: Path, learner: str, sha: str, unit: str = "u") -> None:
    append(root, {"kind": "marked", "unit": unit, "learner": learner, "sha256": sha})


def test_rows_come_back_in_order_and_by_unit_and_learner(tmp_path: Path) -> None:
    assert list(rows(tmp_path)) == []
    for learner, unit in (("ada", "u"), ("bo", "u"), ("ada", "v")):
        mark(tmp_path, learner, "1", unit)
    assert [row["learner"] for row in rows(tmp_path)] == ["ada", "bo", "ada"]
    assert len(list(rows(tmp_path, "u"))) == 2
    assert len(list(rows(tmp_path, None, "ada"))) == 2
    assert all(row["time"] for row in rows(tmp_path))


def test_the_latest_row_of_each_learner_stands(tmp_path: Path) -> None:
    mark(tmp_path, "ada", "1")
    mark(tmp_path, "ada", "2")
    append(tmp_path, {"kind": "hand", "unit": "u", "learner": "ada", "marks": {}})
    assert latest(tmp_path, "u")["ada"]["sha256"] == "2"
    assert latest(tmp_path, "u", "hand")["ada"]["marks"] == {}


def test_a_file_that_was_marked_before_keeps_its_attempt(tmp_path: Path) -> None:
    assert attempt(tmp_path, "u", "ada", "x") == 1
    for sha in ("x", "x", "y"):
        mark(tmp_path, "ada", sha)
    assert [attempt(tmp_path, "u", "ada", sha) for sha in ("x", "y", "z")] == [1, 2, 3]
    assert attempt(tmp_path, "u", "bo", "x") == 1


@pytest.mark.parametrize("cut", [1, 5, 20, -2])
def test_a_line_that_a_killed_process_left_half_written_is_passed_over(tmp_path: Path, cut: int) -> None:
    mark(tmp_path, "ada", "1")
    path = tmp_path / "ledger.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole + whole.rstrip(b"\n")[:cut])
    assert len(list(rows(tmp_path))) == 1
    mark(tmp_path, "bo", "2")
    assert [row["learner"] for row in rows(tmp_path)] == ["ada", "bo"]


def test_an_edited_line_is_not_passed_over(tmp_path: Path) -> None:
    mark(tmp_path, "ada", "1")
    path = tmp_path / "ledger.jsonl"
    path.write_text(path.read_text().replace('"ada",', '"ada" ,, '))
    with pytest.raises(DataError, match=r"ledger\.jsonl:1"):
        list(rows(tmp_path))


def test_a_row_that_no_file_can_hold_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="JSON"):
        append(tmp_path, {"x": float("nan")})
    with pytest.raises(DataError, match="too long"):
        append(tmp_path, {"x": "y" * 5_000_000})
    assert not (tmp_path / "ledger.jsonl").exists()


def test_asking_for_each_of_a_class_reads_each_line_a_few_times_and_no_more(tmp_path: Path) -> None:
    lines = [json.dumps({"kind": "marked", "unit": "u", "learner": f"l{n}", "sha256": "1", "pad": "p" * 200})
             for n in range(1000)]
    path = tmp_path / "ledger.jsonl"
    path.write_text("\n".join(lines) + "\n")
    for n in range(1000):
        assert attempt(tmp_path, "u", f"l{n}", "2") == 2
    append(tmp_path, {"kind": "a kind of tomorrow", "unit": "u", "learner": "l7"})
    mark(tmp_path, "l7", "2")
    assert attempt(tmp_path, "u", "l7", "3") == 3
    assert latest(tmp_path, "u", learner="l7")["l7"] == list(rows(tmp_path, "u"))[-1]
    assert _indexes[path].bytes_read < 5 * path.stat().st_size


def test_a_ledger_that_was_put_back_is_read_again(tmp_path: Path) -> None:
    mark(tmp_path, "ada", "1")
    whole = (tmp_path / "ledger.jsonl").read_bytes()
    mark(tmp_path, "ada", "2")
    assert attempt(tmp_path, "u", "ada", "3") == 3
    (tmp_path / "ledger.jsonl").write_bytes(whole)
    assert attempt(tmp_path, "u", "ada", "3") == 2
    (tmp_path / "ledger.jsonl").write_bytes(whole.replace(b'"ada"', b'"bob"') + whole)
    assert attempt(tmp_path, "u", "ada", "3") == 2
    assert attempt(tmp_path, "u", "bob", "3") == 2


@pytest.mark.slow
def test_several_processes_add_at_once_and_no_line_is_lost_or_mixed(tmp_path: Path) -> None:
    code = ("import sys; from pathlib import Path; from vsim.course.ledger import append\n"
            "for n in range(60): "
            "append(Path(sys.argv[1]), {'kind': 'x', 'who': sys.argv[2], 'n': n, 'pad': 'p' * 3000})")
    running = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path), str(who)]) for who in range(4)]
    assert [process.wait(60) for process in running] == [0, 0, 0, 0]
    lines = (tmp_path / "ledger.jsonl").read_text().splitlines()
    found = [json.loads(line) for line in lines]
    wanted = sorted((str(who), n) for who in range(4) for n in range(60))
    assert sorted((row["who"], row["n"]) for row in found) == wanted
