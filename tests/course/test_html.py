"""A notebook as a page: one file, no request, in either language, readable without a mouse or eyes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests.course.samples import LESSON, UNIT
from vsim.course.editions import generate_notebook
from vsim.course.html import page, read_notebook
from vsim.course.source import read_source
from vsim.errors import UsageError
from vsim.report.fonts import font_face

pytestmark = pytest.mark.slow

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
LOADS = re.compile(r"""(?:src|href|data|action)\s*=\s*["']?\s*(?:https?:)?//|url\(\s*["']?(?:https?:)?//|@import""")


def shown(*cells: object, lang: str = "en") -> str:
    return page(new_notebook(cells=list(cells), metadata={"vsim": {"lang": lang}}))


def said(mime: str, content: str, tags: tuple[str, ...] = ()) -> object:
    output = new_output("display_data", {mime: content, "text/plain": "plain"})
    return new_code_cell("x", outputs=[output], metadata={"tags": list(tags)})


@pytest.mark.parametrize(("lang", "code", "title"), [
    ("en", "en", "Who serves in a small town"), ("zh_CN", "zh-CN", "小镇上谁在服务"),
])
def test_the_page_has_its_language_title_and_letters_and_asks_for_nothing(lang: str, code: str, title: str) -> None:
    html = page(generate_notebook(read_source(LESSON), lang), font_face)
    assert f'<html lang="{code}">' in html
    assert f"<title>{title}</title>" in html
    assert "default-src 'none'" in html
    assert "data:font/woff;base64," in html
    assert not LOADS.search(html)
    assert "<script" not in html


def test_the_same_notebook_gives_the_same_page() -> None:
    made = generate_notebook(read_source(UNIT), "zh_CN")
    assert page(made, font_face) == page(made, font_face)


def test_the_font_holds_the_letters_of_the_page_and_is_asked_once() -> None:
    asked: list[str] = []
    html = page(generate_notebook(read_source(LESSON), "zh_CN"), lambda text: asked.append(text) or "/* the rule */")
    assert len(asked) == 1
    assert "/* the rule */" in html
    assert {"镇", "登", "residents"[0]} <= set(asked[0])


def test_what_a_cell_puts_out_cannot_load_or_run_anything() -> None:
    bad = ('<script src="https://example.org/x.js"></script><link rel="stylesheet" href="//example.org/x.css">'
           '<iframe src="https://example.org"></iframe><img src="https://example.org/p.png" alt="a chart">'
           '<meta http-equiv="refresh" content="0;url=https://example.org">kept')
    html = shown(said("text/html", bad), said("application/javascript", "fetch('https://example.org')"),
                 new_markdown_cell(bad))
    assert not LOADS.search(html)
    assert "fetch(" not in html
    assert html.count("[a chart]") == 2
    assert html.count("kept") == 2


def test_every_picture_has_words() -> None:
    cells = (new_markdown_cell("## Hours"), said("image/png", PIXEL), said("image/svg+xml", "<svg></svg>"))
    html = shown(*cells, lang="zh")
    assert html.count("<img") == 2
    assert [words.endswith("Hours") for words in re.findall('alt="([^"]*)"', html)] == [True, True]
    own = new_output("display_data", {"image/png": PIXEL}, metadata={"image/png": {"alt": "A map"}})
    assert 'alt="A map"' in shown(new_code_cell("x", outputs=[own]))


def test_a_picture_beside_the_lesson_is_put_into_the_page_and_no_other_file_is(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a b.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'></svg>")
    (tmp_path / "out.svg").write_text("<svg></svg>")
    (tmp_path / "in" / "secret.txt").write_text("secret")
    prose = "![map](a%20b.svg) ![other](../out.svg) ![text](secret.txt) ![gone](gone.png)"
    html = page(new_notebook(cells=[new_markdown_cell(prose)]), folder=tmp_path / "in")
    assert html.count("data:image/svg+xml;base64,") == 1
    for words in ("[other]", "[text]", "[gone]"):
        assert words in html


def test_tables_have_headers_and_headings_can_be_linked_to() -> None:
    prose = "## The register says\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n[up](#The-register-says)"
    html = shown(new_markdown_cell(prose))
    assert html.count('<th scope="col"') == 2
    assert 'id="The-register-says"' in html
    assert '<div class="scroll" tabindex="0"><table>' in html


def test_details_hold_what_stands_between_their_tags() -> None:
    html = shown(new_markdown_cell("<details>\n<summary>Answer</summary>\n\nIt is **two**.\n\n</details>\n\nafter"))
    inside = html[html.index("<details>"):html.index("</details>")]
    assert "<strong>two</strong>" in inside
    assert "after" not in inside


def test_tags_hide_code_and_output_as_in_jupyter() -> None:
    tags = {"seen": "remove-input", "away": "remove-output", "folded": "hide-input", "none": "remove-cell"}
    html = shown(*(said("text/html", f"<p>{words}</p>", (tag,)) for words, tag in tags.items()))
    assert "seen" in html
    assert "away" not in html
    assert "none</p>" not in html
    assert "<summary>Show the code</summary>" in html


def test_streams_errors_and_colours_are_shown_as_text() -> None:
    error = new_output("error", ename="E", evalue="<b>", traceback=["\x1b[31mE\x1b[0m: <b>"])
    html = shown(new_code_cell("1 / 0", outputs=[new_output("stream", name="stderr", text="a < b"), error]))
    assert "a &lt; b" in html
    assert '<span class="ansi-red-fg">E</span>: &lt;b&gt;' in html


def test_a_file_that_is_no_notebook_is_refused(tmp_path: Path) -> None:
    for name, content in (("a.ipynb", "words"), ("b.ipynb", '{"a": 1}'), ("c.ipynb", "[]")):
        (tmp_path / name).write_text(content)
        with pytest.raises(UsageError, match="is no notebook"):
            read_notebook(tmp_path / name)
    with pytest.raises(UsageError, match="no such file"):
        read_notebook(tmp_path / "d.ipynb")
