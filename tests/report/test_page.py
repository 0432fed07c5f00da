"""The page: whole in itself, in both languages, well formed, readable without sight, colour or network."""

from __future__ import annotations

import base64
import io
import itertools
import re
from collections import Counter
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from matplotlib.colors import to_rgb

from tests.report.pages import study
from vsim.errors import DataError, UsageError
from vsim.report import page
from vsim.report.page_content import Commands, PageContent, Points, Section, Table
from vsim.report.page_html import inline, table_html
from vsim.report.style import luminance
from vsim.report.words import Bilingual

pytestmark = pytest.mark.slow

VOID = {"meta", "link", "input", "img", "br", "hr"}
CSS = (Path(page.__file__).resolve().parents[1] / "assets" / "page" / "page.css").read_text(encoding="utf-8")


@cache
def content() -> PageContent:
    return study(["forest_groups"], ["beside_truth"])


@cache
def html() -> str:
    return page.build(content())


class Reader(HTMLParser):
    """Read a page strictly: every element is closed in its turn."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), tag
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append((tag, dict(attrs)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, tag
        assert self.open[-1][0] == tag, (self.open[-1][0], tag)
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and self.open[-1][0] not in ("style", "script"):
            side = next((str(attrs["lang"]) for _, attrs in reversed(self.open) if attrs.get("lang")), "")
            self.words.append((side, data.strip()))


@cache
def read() -> Reader:
    reader = Reader()
    reader.feed(html())
    reader.close()
    return reader


def attributes(name: str) -> list[str]:
    return [value for _, attrs in read().seen for key, value in attrs.items() if key == name and value]


@pytest.mark.slow
def test_the_page_is_well_formed_and_its_ids_are_its_own() -> None:
    assert read().open == []
    doubled = [name for name, count in Counter(attributes("id")).items() if count > 1]
    assert doubled == []
    places = {
        address[1:] for address in attributes("href") + attributes("xlink:href") if address.startswith("#")
    }
    assert places <= set(attributes("id"))


def test_nothing_is_fetched_from_outside() -> None:
    tags = Counter(tag for tag, _ in read().seen)
    assert tags["iframe"] == tags["object"] == tags["embed"] == tags["video"] == 0
    addresses = attributes("src") + attributes("href") + attributes("xlink:href") + attributes("srcset")
    assert [address for address in addresses if not address.startswith(("#", "data:"))] == []
    urls = re.findall(r"url\(([^)]*)\)", html())
    assert [url for url in urls if not url.strip("\"'").startswith(("data:", "#"))] == []
    assert "@import" not in html()
    policy = next(
        str(attrs["content"])
        for tag, attrs in read().seen
        if attrs.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none'")
    assert "http" not in policy


def test_both_languages_say_everything() -> None:
    sides = Counter(str(attrs["lang"]) for _, attrs in read().seen if attrs.get("class") == "t")
    assert sides["en"] == sides["zh-CN"] > 60
    assert {attrs.get("lang") for tag, attrs in read().seen if tag == "html"} == {"en"}
    english = "".join(words for side, words in read().words if side == "en")
    assert re.findall("[\u4e00-\u9fff]+", english) == []
    untranslated = [
        words
        for side, words in read().words
        if side == "zh-CN" and not re.search("[\u4e00-\u9fff\\d]", words)
    ]
    assert [
        words for words in untranslated if re.search(r"[A-Za-z]{3}", words) and not words.startswith("vsim")
    ] == []


def test_headings_come_in_order() -> None:
    levels = [int(tag[1]) for tag, _ in read().seen if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in itertools.pairwise(levels))
    assert levels.count(2) == len(content().sections) == 6


def test_every_table_has_a_caption_and_headings_with_scope() -> None:
    tables = [tag for tag, _ in read().seen if tag == "table"]
    captions = [tag for tag, _ in read().seen if tag == "caption"]
    assert len(tables) == len(captions) == 4
    assert {attrs.get("scope") for tag, attrs in read().seen if tag == "th"} == {"col", "row"}


def test_every_chart_can_be_heard() -> None:
    charts = [attrs for tag, attrs in read().seen if tag == "svg"]
    assert len(charts) == 2 * 4
    assert all(attrs["role"] == "img" and len(str(attrs["aria-label"])) > 40 for attrs in charts)
    chinese = [
        label
        for label in (str(attrs["aria-label"]) for attrs in charts)
        if re.search("[\u4e00-\u9fff]", label)
    ]
    assert len(chinese) == 4


def test_the_page_carries_every_letter_it_shows() -> None:
    font = re.search(r"data:font/woff;base64,([A-Za-z0-9+/=]+)", html())
    assert font is not None
    with TTFont(io.BytesIO(base64.b64decode(font[1]))) as letters:
        has = set(letters.getBestCmap())
    shown = {character for _, words in read().words for character in words if character.isprintable()}
    assert {character for character in shown if ord(character) not in has} == set()
    assert "志" in shown
    assert len(has) < 1200


def test_the_language_switch_is_two_named_buttons_that_work_without_a_script() -> None:
    picks = [attrs for tag, attrs in read().seen if tag == "input"]
    labels = {attrs["for"] for tag, attrs in read().seen if tag == "label"}
    assert [attrs["type"] for attrs in picks] == ["radio", "radio"]
    assert {attrs["id"] for attrs in picks} == labels
    assert "#lang-en:checked ~ .page .t:lang(zh)" in CSS


def contrast(one: str, other: str) -> float:
    a, b = sorted((luminance(to_rgb(one)), luminance(to_rgb(other))), reverse=True)
    return (a + 0.05) / (b + 0.05)


def test_words_are_dark_enough_on_every_ground() -> None:
    colours = dict(re.findall(r"--(ink|soft|accent|paper|tint):\s*(#[0-9a-f]{6})", CSS))
    assert set(colours) == {"ink", "soft", "accent", "paper", "tint"}
    pairs = [(word, ground) for word in ("ink", "soft", "accent") for ground in ("paper", "tint")]
    assert {
        pair: contrast(colours[pair[0]], colours[pair[1]])
        for pair in pairs
        if contrast(colours[pair[0]], colours[pair[1]]) < 4.5
    } == {}
    assert contrast(colours["paper"], colours["ink"]) > 4.5


@pytest.mark.slow
def test_a_page_is_written_whole_the_same_each_time_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    target = page.write(content(), tmp_path / "new" / "index.html")
    assert target.read_text(encoding="utf-8") == html()
    assert [path.name for path in target.parent.iterdir()] == ["index.html"]
    assert b"\r" not in target.read_bytes()


def test_a_page_that_cannot_be_built_leaves_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "index.html"
    target.write_text("old", encoding="utf-8")
    broken = replace(content(), lead=Bilingual("see [there](https://example.org/x)", "见"))
    with pytest.raises(DataError, match=r"https://example\.org/x"):
        page.write(broken, target)
    assert target.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]


@pytest.mark.parametrize(
    "address", ["//example.org/a.js", "HTTPS://example.org", "javascript:alert(1)", "file:///etc/passwd"]
)
def test_no_address_leads_out_of_the_page(address: str) -> None:
    small = PageContent(Bilingual("a", "甲"), Bilingual(f"[x]({address})", "乙"), ())
    with pytest.raises(DataError, match="allowed places in the page"):
        page.build(small)


@pytest.mark.parametrize(("keys", "says"), [(("a", "a"), "2 times"), (("A b",), "allowed small letters")])
def test_a_section_whose_name_is_no_address_is_refused(keys: tuple[str, ...], says: str) -> None:
    sections = [Section(key, Bilingual("x", "某"), ()) for key in keys]
    with pytest.raises(UsageError, match=says):
        page.build(PageContent(Bilingual("x", "某"), Bilingual("y", "某"), sections))


def test_words_from_outside_are_shown_and_not_obeyed() -> None:
    nasty = "<script>alert('x')</script> & $title ${font} \"q\""
    text = Bilingual(nasty, nasty)
    table = Table(text, (text, "b"), ((nasty, text),), note=text)
    section = Section("x", text, (text, Points((text,)), Commands((nasty,)), table))
    built = page.build(PageContent(text, text, (section,)))
    assert "<script>alert" not in built
    assert "$title ${font}" in built
    reader = Reader()
    reader.feed(built)
    assert reader.open == []


def test_marks_in_texts_are_few_and_safe() -> None:
    assert (
        inline("**a** `b<c` [d](#e) f*g") == '<strong>a</strong> <code>b&lt;c</code> <a href="#e">d</a> f*g'
    )
    assert "<a" not in inline("[d] (#e)")


def test_a_table_whose_rows_do_not_fit_is_not_printed_askew() -> None:
    with pytest.raises(ValueError, match="argument 2 is"):
        table_html(Table(Bilingual("x", "某"), ("a", "b", "c"), (("1", "2"),)))
