"""YAML and CSV files are read plainly, and whatever is wrong with one is said in one line with file and line."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import pytest

from vsim.errors import UsageError
from vsim.spec.loading import PACKAGE, parse_yaml, read_csv, read_text, read_yaml, shown

HERE = Path("folder/file.yaml")


def said(text: str) -> str:
    with pytest.raises(UsageError) as error:
        parse_yaml(text, HERE)
    message = str(error.value)
    assert message.startswith("folder/file.yaml")
    assert "\n" not in message
    return message


def test_plain_values_mean_what_they_look_like() -> None:
    data = parse_yaml(
        "whole: 1_000\nnumber: 1e3\nhalf: .5\nyes_word: yes\non_word: on\ntrue_word: true\nnothing: ~\n"
        "day: 2025-01-06\nquoted: '5'\nhexadecimal: 0x10\noctal: 010\nsexagesimal: 1:30\ntext: a b\n", HERE,
    ).data
    assert data == {
        "whole": 1000, "number": 1000.0, "half": 0.5, "yes_word": "yes", "on_word": "on", "true_word": True,
        "nothing": None, "day": date(2025, 1, 6), "quoted": "5", "hexadecimal": "0x10", "octal": 10,
        "sexagesimal": "1:30", "text": "a b",
    }
    assert type(data["whole"]) is int
    assert type(data["number"]) is float


def test_numbers_that_are_none_are_read_as_such_for_the_reader_to_refuse() -> None:
    data = parse_yaml("a: .nan\nb: -.inf\nc: inf", HERE).data
    assert math.isnan(data["a"])
    assert data["b"] == -math.inf
    assert data["c"] == math.inf


def test_a_document_knows_the_line_of_each_key() -> None:
    document = parse_yaml("# a note\na: 1\nb:\n  c: 2\n  d: [1,\n    2]\n", HERE)
    assert document.where(("b", "c")) == "folder/file.yaml:4"
    assert document.where(("b", "d", 1)) == "folder/file.yaml:6"
    assert document.where(("b", "missing")) == "folder/file.yaml:3"
    assert document.where(("missing",)) == "folder/file.yaml"


@pytest.mark.parametrize(("text", "words"), [
    ("a: 1\na: 2", "file.yaml:2: the key 'a' stands twice"),
    ("a:\n  b: 1\n  b: 2", "file.yaml:3: the key 'b' stands twice"),
    ("a: &x [1]\nb: *x", "file.yaml:2: the alias *x is not allowed"),
    ("a: {<<: {b: 1}}", "merge key"),
    ("a:\n\t- 1", "file.yaml:2: is not valid YAML (a tab stands where spaces belong"),
    ("a: 1\n---\nb: 2", "file.yaml:2: a second document"),
    ("a: !!python/object/apply:os.system [ls]", "tag"),
    ("a: !secret x", "tag"),
    ("", "is empty"),
    ("# only a note\n", "is empty"),
    ("---\n", "is empty"),
    ("null\n", "holds one value"),
    ("- 1\n- 2", "file.yaml:1: holds a list"),
    ("hello", "file.yaml:1: holds one value"),
    ("? [a, b]\n: 1", "a key is no plain text"),
    ("{{a: 1}: 2}", "a key is no plain text"),
    ("a: b: c", "file.yaml:1: is not valid YAML"),
    ("a: 'open", "is not valid YAML"),
    ("a: [1, 2", "is not valid YAML"),
    ("a: \"\x01\"", "is not valid YAML"),
    ("a: 2025-02-30", "file.yaml:1: the value 2025-02-30 is no date"),
    ("a: " + "9" * 5000, "is no date or number"),
    ("a: " + "[" * 30 + "]" * 30, "nested more than 20 deep"),
    ("[" * 100_000, "file.yaml:1"),
    ("{a: " * 50_000, "nested more than 20 deep"),
])
def test_what_hides_meaning_is_refused(text: str, words: str) -> None:
    assert words in said(text)


def test_a_bomb_of_aliases_is_refused_at_the_first_alias() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    assert "file.yaml:2: the alias *a0" in said("\n".join(lines))


def test_a_message_stays_one_short_line_whatever_the_value() -> None:
    message = said("a: 1\n\"" + "k\\n\\e[31m" * 500 + "\": 2\n\"" + "k\\n\\e[31m" * 500 + "\": 3")
    assert len(message) < 200
    assert "\x1b" not in message


def test_files_may_start_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbfname: \xe4\xba\x91\xe5\xb7\x9d\r\nweeks: 3\r\n")
    assert read_yaml(path).data == {"name": "云川", "weeks": 3}


@pytest.mark.parametrize(("raw", "words"), [
    ("name: 云川".encode("gb18030"), ":1: is not UTF-8 text"),
    ("a: 1\nname: 云川".encode("utf-16"), "is not UTF-8 text"),
    (b"a: 1\nb: \xff\n", ":2: is not UTF-8 text"),
    (b"a: \0\n", "holds binary data"),
    (bytes(range(256)) * 10, "holds"),
    (b"a: " + b"x" * 2_000_000, "is too large; allowed 1,000,000 bytes"),
])
def test_files_that_are_no_text_are_refused(tmp_path: Path, raw: bytes, words: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(raw)
    with pytest.raises(UsageError) as error:
        read_yaml(path)
    assert str(path) in str(error.value)
    assert words in str(error.value) or "is not UTF-8" in str(error.value)


def test_missing_files_and_directories_are_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"gone\.yaml: no such file"):
        read_text(tmp_path / "gone.yaml")
    with pytest.raises(UsageError, match="is a directory"):
        read_text(tmp_path)
    with pytest.raises(UsageError, match="no ordinary file"):
        read_text(Path("/dev/null"))
    with pytest.raises(UsageError, match="no such file"):
        read_text(Path("a\0b.yaml"))
    with pytest.raises(UsageError, match="cannot be read"):
        read_text(Path("x" * 5000))


def test_paths_inside_the_package_are_shown_without_the_machine() -> None:
    assert shown(PACKAGE / "levers" / "stars.yaml") == "vsim/levers/stars.yaml"
    assert shown(Path("elsewhere/a.yaml")) == "elsewhere/a.yaml"


@pytest.mark.parametrize(("text", "words"), [
    ("a,c\n1,2\n", ":1: header is a,c; allowed a,b"),
    ("a,b\n1\n", ":2: has 1 fields; allowed 2"),
    ("a,b\n1,2,3\n", ":2: has 3 fields"),
    ('a,b\n"1,2\n', "is not valid CSV"),
    ("", "header is"),
])
def test_a_wrong_table_of_text_is_refused(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as error:
        read_csv(path, ("a", "b"))
    assert words in str(error.value)


def test_a_table_of_text_is_read_as_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('a,b\n1,"x, y"\n,\n', encoding="utf-8-sig")
    assert read_csv(path, ("a", "b")) == [{"a": "1", "b": "x, y"}, {"a": "", "b": ""}]
