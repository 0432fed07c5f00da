"""The Chinese catalogue is complete, fresh, compiled, and made the same way every time."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from vsim.i18n import FOLDER
from vsim.spec import catalogue, messages
from vsim.spec.cards import load_cards
from vsim.spec.loading import PACKAGE
from vsim.spec.message_calls import in_source
from vsim.spec.messages import collect, placeholders, problems
from vsim.spec.tables import load_tables

COMMITTED = FOLDER / "zh_CN" / "LC_MESSAGES"


@cache
def found() -> dict[str, list[str]]:
    """Return every message of the package, collected once; it must not be changed."""
    return collect()


def texts() -> dict[str, str]:
    """Return the committed translations."""
    return {str(message.id): str(message.string) for message in catalogue.read() if message.id}


def test_nothing_is_missing_fuzzy_stale_or_uncompiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "collect", found)
    assert problems() == []


def test_the_compiled_catalogue_is_what_babel_makes_of_the_text() -> None:
    assert (COMMITTED / "vsim.mo").read_bytes() == catalogue.mo_bytes(catalogue.read())


@pytest.mark.slow
def test_making_the_catalogue_again_changes_no_byte(tmp_path: Path) -> None:
    for name in ("vsim.po", "vsim.mo"):
        shutil.copy(COMMITTED / name, tmp_path / name)
    catalogue.update(found(), tmp_path)
    for name in ("vsim.po", "vsim.mo"):
        assert (tmp_path / name).read_bytes() == (COMMITTED / name).read_bytes(), name


def test_the_catalogue_holds_no_date_machine_or_tool() -> None:
    text = (COMMITTED / "vsim.po").read_text(encoding="utf-8")
    for word in ("POT-Creation-Date", "PO-Revision-Date", "Generated-By", str(PACKAGE.parent)):
        assert word not in text


def test_every_translation_of_words_is_chinese() -> None:
    for message, text in texts().items():
        if re.search(r"[A-Za-z]{2,}", re.sub(r"\{[^}]*\}", "", message)):
            assert re.search(r"[\u4e00-\u9fff]", text), message


def test_no_translation_mixes_half_width_commas_between_chinese_characters() -> None:
    wrong = [text for text in texts().values() if re.search(r"[\u4e00-\u9fff][,;:?!][\u4e00-\u9fff]", text)]
    assert wrong == []


def test_labels_of_cards_tables_and_levers_are_messages() -> None:
    assert {card.label for card in load_cards().values()} <= set(found())
    assert {column.label for table in load_tables().values() for column in table.columns} <= set(found())
    assert "Star rating of volunteers" in found()
    assert found()["Star rating of volunteers"][0].startswith("vsim/")


def test_words_in_code_are_found_whatever_their_form() -> None:
    source = """
t("plain")
t("joined "
  "text")
both("two" if x else "three", {"n": t("nested")})
i18n.t("dotted")
Indicator("key", "A label", "a unit", "rate", "hours")
Indicator(key="key", label="By name", unit="by name unit")
t(name)
other("not a message")
"""
    assert sorted(in_source(source)) == sorted(
        ["plain", "joined text", "two", "three", "nested", "dotted", "A label", "a unit", "By name", "by name unit"]
    )


@pytest.mark.parametrize(("source", "expected"), [
    ("for head in ('a', 'b'):\n    table.add(t(head))", ["a", "b"]),
    ("for head, text in (('a', x), ('b', y)):\n    show(t(head), text)", ["a", "b"]),
    ("rows = [t(head) for head in ['a', 'b']]", ["a", "b"]),
    ("for head in names:\n    t(head)", []),
    ("for head in ('a',):\n    pass\nt(head)", []),
    ("HELP: dict[str, str] = {'k': 'a'}\ndef f(x):\n    return t(HELP[x])", ["a"]),
    ("with_unit('a', unit)", ["a"]),
    ("GROUPS = {'key': ('a', 'b'), 'other': ('c',)}", ["a", "b", "c"]),
    ("t(5)", []),
])
def test_tables_of_words_are_followed(source: str, expected: list[str]) -> None:
    assert list(in_source(source)) == expected


def test_a_message_of_code_is_never_an_f_string() -> None:
    for path in PACKAGE.rglob("*.py"):
        assert not re.search(r"(?<![\w.])(t|both)\(\s*f[\"']", path.read_text(encoding="utf-8")), path


def test_braces_are_compared_by_name() -> None:
    assert placeholders("{n:,} of {total} {{kept}}") == {"n", "total"}
    assert placeholders("a { that never closes") == set()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An own catalogue for two messages, the first translated."""
    monkeypatch.setattr(messages, "collect", lambda: {"{n} weeks of service": ["a.py"], "Stars": ["b.py"]})
    catalogue.update(messages.collect(), tmp_path)
    fill(tmp_path, "{n} weeks of service", "服务 {n} 周")
    return tmp_path


def fill(folder: Path, message: str, text: str) -> None:
    """Translate a message, as a person would in the file, and compile."""
    path = folder / "vsim.po"
    found = path.read_text(encoding="utf-8")
    assert f'msgid "{message}"' in found
    pattern = f'(msgid "{re.escape(message)}"\\nmsgstr ")[^"]*"'
    path.write_text(re.sub(pattern, lambda match: f'{match[1]}{text}"', found), encoding="utf-8")
    (folder / "vsim.mo").write_bytes(catalogue.mo_bytes(catalogue.read(folder)))


def test_what_is_missing_is_named(folder: Path) -> None:
    assert problems(folder) == ["no translation: Stars (b.py)"]
    fill(folder, "Stars", "星级")
    assert problems(folder) == []


def test_a_new_message_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(folder, "Stars", "星级")
    known = messages.collect()
    monkeypatch.setattr(messages, "collect", lambda: {**known, "Points": ["c.py"]})
    assert problems(folder) == ["not in the catalogue: Points (c.py)"]


def test_a_message_that_changed_keeps_its_translation_as_fuzzy(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(folder, "Stars", "星级")
    monkeypatch.setattr(messages, "collect", lambda: {"{n} weeks of services": ["a.py"], "Stars": ["b.py"]})
    assert problems(folder) == ["not in the catalogue: {n} weeks of services (a.py)",
                                "no longer in vsim: {n} weeks of service"]
    catalogue.update(messages.collect(), folder)
    assert problems(folder) == ["fuzzy: {n} weeks of services"]
    assert "服务 {n} 周" in (folder / "vsim.po").read_text(encoding="utf-8")
    assert "服务 {n} 周".encode() not in (folder / "vsim.mo").read_bytes()


def test_a_message_that_left_is_kept_as_obsolete(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "collect", lambda: {"Something else entirely": ["a.py"]})
    catalogue.update(messages.collect(), folder)
    assert '#~ msgid "{n} weeks of service"' in (folder / "vsim.po").read_text(encoding="utf-8")
    catalogue.update(messages.collect(), folder)
    assert '#~ msgstr "服务 {n} 周"' in (folder / "vsim.po").read_text(encoding="utf-8")


def test_braces_that_differ_are_named(folder: Path) -> None:
    fill(folder, "Stars", "星级")
    fill(folder, "{n} weeks of service", "服务 {m} 周")
    assert problems(folder) == ["braces differ: {n} weeks of service | 服务 {m} 周"]


def test_a_compiled_file_that_is_behind_is_named(folder: Path) -> None:
    fill(folder, "Stars", "星级")
    before = (folder / "vsim.mo").read_bytes()
    fill(folder, "Stars", "星")
    (folder / "vsim.mo").write_bytes(before)
    assert problems(folder) == ["vsim.mo is older than vsim.po"]


@pytest.mark.slow
def test_the_command_checks_and_refuses_other_words() -> None:
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", "vsim.spec.messages", *words], capture_output=True, text=True,
                              check=False, cwd=PACKAGE.parent)

    done = run("--check")
    assert (done.returncode, done.stdout, done.stderr) == (0, "the catalogue is complete\n", "")
    wrong = run("--chek")
    assert wrong.returncode == 2
    assert "allowed --check" in wrong.stderr
