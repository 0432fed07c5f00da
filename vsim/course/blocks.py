"""Markdown cut into what a translator translates, and put together again.

One message is a paragraph, a heading, a point of a list, a cell of a table, or the words between HTML tags such
as `<summary>`; marks (`##`, `-`, `|`, tags), code and formulas stand between the messages and stay as they are. A
list or a table is therefore never half broken by its translation, and lines can be wrapped anew without touching
the catalogue: a message is one line, save where the author breaks it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

Sort = Literal["heading", "paragraph", "point", "quote", "cell", "html"]
BLOCK_TAGS = ("address|article|aside|blockquote|br|caption|center|dd|details|div|dl|dt|fieldset|figcaption|figure|"
              "footer|h[1-6]|header|hr|li|main|nav|ol|p|section|summary|table|tbody|td|tfoot|th|thead|tr|ul")
SPLIT = re.compile(rf"(<!--.*?-->|</?(?:{BLOCK_TAGS})(?:\s[^<>]*)?/?>)", re.DOTALL | re.IGNORECASE)
VERBATIM = re.compile(r"\s*<(script|style|pre|textarea|svg)\b", re.IGNORECASE)
CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
FORMULA = re.compile(r"(?<![\\$])(?:\$\$.+?\$\$|\$(?=\S)(?:[^$\\]|\\.)+?(?<=\S)\$(?![\d$]))", re.DOTALL)
TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--.*?-->", re.DOTALL)
ALT = re.compile(r"""\b(?:alt|title)\s*=\s*(["'])(.+?)\1""", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of Markdown: words to translate, or what stands between them.

    Attributes
    ----------
    text : str
        The piece as it stands in the source; all pieces of a text, joined, are the text.
    message : str
        What a translator sees, "" for a piece that is not translated.
    sort : str
        What kind of block it is, "" for a piece that is not translated.
    prefix : str
        What a further line of the piece must begin with: the marks of the quotes and lists around it.
    """

    text: str
    message: str = ""
    sort: Sort | Literal[""] = ""
    prefix: str = ""


Span = tuple[int, int, Sort, str]


def split(text: str) -> tuple[Block, ...]:
    r"""Return the pieces of a Markdown text; joined they are the text, letter for letter.

    Examples
    --------
    >>> [block.message or block.text for block in split("## Rates\n\n- one\n- two")]
    ['## ', 'Rates', '\n\n- ', 'one', '\n- ', 'two']
    """
    pieces: list[Block] = []
    last = 0
    for start, end, sort, prefix in _spans(text):
        message = one_line(text[start:end], prefix)
        if start < last or not has_words(message):
            continue
        if start > last:
            pieces.append(Block(text[last:start]))
        pieces.append(Block(text[start:end], message, sort, prefix))
        last = end
    if last < len(text):
        pieces.append(Block(text[last:]))
    return tuple(pieces)


def join(blocks: tuple[Block, ...], translations: Mapping[str, str] | None = None) -> str:
    """Return the text of some pieces; a message without a translation stays as it is in the source."""
    known = translations or {}
    return "".join(_placed(block, known.get(block.message, "")) if block.message else block.text for block in blocks)


def _placed(block: Block, translation: str) -> str:
    if not translation:
        return block.text
    if block.sort in ("heading", "cell"):
        translation = " ".join(translation.split())
    if block.sort == "cell":
        translation = re.sub(r"(?<!\\)\|", r"\\|", translation)
    return translation.replace("\n", f"\n{block.prefix}")


def one_line(text: str, prefix: str = "") -> str:
    r"""Return a piece as one line; a break that the author wrote (two spaces or a backslash) stays.

    >>> one_line("people who are\n  registered  \nand serve")
    'people who are registered  \nand serve'
    """
    marks = re.compile(r"[ \t>]*") if ">" in prefix else re.compile(r"[ \t]*")
    lines = text.split("\n")
    lines = [lines[0], *(line[marks.match(line).end():] for line in lines[1:])]  # type: ignore[union-attr]
    out = ""
    for line in lines[:-1]:
        if line.endswith("  "):
            out += f"{line.rstrip()}  \n"
        elif re.search(r"(?<!\\)(?:\\\\)*\\$", line):
            out += f"{line}\n"
        else:
            out += f"{line.rstrip()} "
    return (out + lines[-1]).strip()


def has_words(message: str) -> bool:
    """Return whether there is anything to translate: a letter outside code, formulas and tags, or an alt text."""
    words = FORMULA.sub(" ", CODE.sub(" ", message))
    words = TAG.sub(lambda tag: " ".join(found[1] for found in ALT.findall(tag[0])), words)
    return any(letter.isalpha() for letter in re.sub(r"https?://\S+", " ", words))


def kept(message: str) -> tuple[str, ...]:
    """Return what a translation must keep as it is: code, formulas, tags and addresses, sorted.

    The address of a heading (`#name`) follows the heading's own words, so it may change.

    >>> kept("Run `vsim demo`, see [the list](list.md)")
    ('(list.md)', '`vsim demo`')
    """
    found = [match[0] for match in CODE.finditer(message)]
    rest = CODE.sub(" ", message)
    found += [match[0] for match in FORMULA.finditer(rest)]
    rest = FORMULA.sub(" ", rest)
    found += [ALT.sub("", match[0]) for match in TAG.finditer(rest)]
    found += re.findall(r"(?<=\])\([^()\s#][^()\s]*\)", rest)
    return tuple(sorted(found))


def loose(message: str) -> bool:
    """Return whether marks of emphasis stand open, so that readers would see them as asterisks.

    In Chinese this happens where `**` closes between a full stop or comma and a character.

    >>> loose("**多少？**每个"), loose("**多少**？每个")
    (True, False)
    """
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").parseInline(message)[0].children or []
    return any(token.type == "text" and ("**" in token.content or "](" in token.content) for token in tokens)


def shape(text: str) -> tuple[str, ...]:
    """Return which blocks a Markdown text is made of, nested as they are, whatever its words."""
    return tuple(f"{token.type}{token.tag}" for token in _parser().parse(text) if token.type != "inline")


@cache
def _parser() -> MarkdownIt:
    """Return the parser that jupytext reads cells with, blocks only."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table").disable("inline", True)


def _spans(text: str) -> Iterator[Span]:
    """Yield start, end, sort and prefix of every message, in order."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    around: list[str] = []
    cursor = 0                                              # how far a row of a table has been read
    for token in _parser().parse(text):
        if token.nesting:
            around.append(token.type) if token.nesting > 0 else around.pop()
            cursor = starts[token.map[0]] if token.type == "tr_open" and token.map else cursor
        elif token.map is None or not token.content.strip():
            continue
        elif token.type == "inline" and around[-1] in ("th_open", "td_open"):
            words = token.content.replace("|", "\\|")
            begin = text.find(words, max(cursor, starts[token.map[0]]), starts[token.map[1]])
            if begin >= 0:
                cursor = begin + len(words)
                yield begin, cursor, "cell", ""
        elif token.type == "inline":
            yield _inline_span(text, starts, token, around)
        elif token.type == "html_block" and not VERBATIM.match(token.content):
            yield from _html_spans(text, starts[token.map[0]], min(starts[token.map[1]], len(text)))


def _inline_span(text: str, starts: list[int], token: Token, around: list[str]) -> Span:
    """Return where the words of a heading, a paragraph or a point stand, without the marks around them."""
    assert token.map is not None
    lines = token.content.split("\n")
    begin = _where(text, starts[token.map[0]], lines[0])
    end = begin + len(lines[0])
    if len(lines) > 1:
        end = _where(text, starts[token.map[0] + len(lines) - 1], lines[-1]) + len(lines[-1])
    head = text[text.rfind("\n", 0, begin) + 1:begin]
    prefix = "".join(mark if mark in ">\t" else " " for mark in head)
    if around[-1] == "heading_open":
        return begin, end, "heading", prefix
    sort: Sort = "point" if "list_item_open" in around else "quote" if "blockquote_open" in around else "paragraph"
    return begin, end, sort, prefix


def _html_spans(text: str, begin: int, end: int) -> Iterator[Span]:
    """Yield the words between the tags of a block of HTML."""
    place = begin
    for turn, piece in enumerate(SPLIT.split(text[begin:end])):
        if turn % 2 == 0 and piece.strip(" \t\n>"):
            lead = len(piece) - len(piece.lstrip(" \t\n>"))
            yield place + lead, place + len(piece.rstrip()), "html", ""
        place += len(piece)


def _where(text: str, start: int, content: str) -> int:
    """Return where the words of a line begin: they end the line, but for spaces and the closing marks of a heading."""
    stop = text.find("\n", start)
    line = text[start:] if stop < 0 else text[start:stop]
    rest = line.rstrip(" \t")
    if not rest.endswith(content):
        rest = rest.rstrip("#").rstrip(" \t")
    return start + (len(rest) - len(content) if rest.endswith(content) else max(line.rfind(content), 0))
