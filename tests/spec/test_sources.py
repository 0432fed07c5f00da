"""Sources: complete entries, plain keys, and a note that says what was seen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from vsim.errors import UsageError
from vsim.spec import sources as module
from vsim.spec.loading import parse_yaml
from vsim.spec.sources import GRADES, load_sources, source

LAWS = {"opinions2024", "regulation685", "cyl2013", "mcaorder67", "mca2012", "mca2015", "gbt40143", "mzt061",
        "pipl2021"}
GOOD = "a2000: {authors: A, title: T, year: 2000, where: W, kind: article, grade: V, note: N}\n"


def test_every_source_is_complete_and_has_a_plain_key() -> None:
    for key, item in load_sources().items():
        assert re.fullmatch(r"[a-z][a-z0-9]*", key)
        assert item.key == key
        for text in (item.authors, item.title, item.year, item.where, item.note):
            assert text.strip(), key
        assert item.grade in GRADES
        assert item.note.endswith("."), key


def test_laws_and_standards_are_among_the_sources() -> None:
    assert set(load_sources()) >= LAWS
    assert {load_sources()[key].kind for key in LAWS} == {"law", "standard"}


def test_what_was_computed_says_so_and_what_was_recalled_too() -> None:
    for item in load_sources().values():
        if item.grade == "C":
            assert re.search(r"computed by us|[Ss]imulated by us", item.note), item.key
        if item.kind == "press":
            assert item.grade in {"V", "R"}, item.key


def test_a_source_reads_as_a_reference() -> None:
    assert str(source("salmon2011")).startswith("John Salmon; Mark Moraes; Ron Dror; David Shaw (2011). Parallel")


def test_an_unknown_source_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"source is 'galus2017'.*Did you mean 'gallus2017'\?"):
        source("galus2017")


@pytest.mark.parametrize(("old", "new", "words"), [
    ("authors: A, ", "", "a2000 has no authors"),
    ("note: N", "note: N, notes: M", "notes is an unknown key. Did you mean 'note'?"),
    ("kind: article", "kind: book", "kind is book; allowed article, law"),
    ("grade: V", "grade: X", "grade is X; allowed V, C, R, A"),
    (GOOD, "a2000: 5\n", "a2000 is 5; allowed keys with values"),
])
def test_an_incomplete_source_is_refused(old: str, new: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(text: str) -> object:
        monkeypatch.setattr(module, "read_yaml", lambda path: parse_yaml(text, Path("sources.yaml")))
        return load_sources.__wrapped__()

    assert read(GOOD)
    assert old in GOOD
    with pytest.raises(UsageError) as error:
        read(GOOD.replace(old, new))
    assert words in str(error.value)
    assert str(error.value).startswith("sources.yaml:1")
