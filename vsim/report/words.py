"""Words in two languages: a text that holds both, and how wide a text of either is.

A page holds both languages at once, so its texts are `Bilingual`; a chart or a terminal table is in one
language at a time and asks `t` for its words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from unicodedata import east_asian_width

from vsim.i18n import language, set_language, t

NO_STARTERS: Final = "，。；：、）》”！？％%,.;:)]"
PIECES: Final = re.compile(r"[^\s\u2e80-\uffef]+|\s+|[\u2e80-\uffef]")


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A text in both languages of vsim.

    Attributes
    ----------
    en, zh : str
    """

    en: str
    zh: str

    def get(self, lang: str) -> str:
        """Return the text in "en" or "zh_CN"."""
        return self.zh if lang == "zh_CN" else self.en


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """Speak one language inside the block, and the former one after it."""
    before = language()
    if lang == before:
        yield
        return
    set_language(lang)
    try:
        yield
    finally:
        set_language(before)


def in_both(say: Callable[[], str]) -> Bilingual:
    """Return what a function says in each language."""
    with speaking("en"):
        english = say()
    with speaking("zh_CN"):
        return Bilingual(english, say())


def both(message: str, values: Mapping[str, object] | None = None) -> Bilingual:
    """Return an English message in both languages, with values put into its braces.

    Values may be `Bilingual` themselves. Messages inside `both("...")` are found by the message extractor.
    """

    def say() -> str:
        if not values:
            return t(message)
        lang = language()
        chosen = {
            name: value.get(lang) if isinstance(value, Bilingual) else value for name, value in values.items()
        }
        return t(message).format(**chosen)

    return in_both(say)


def cells(text: str) -> int:
    """Return the width of a text in half-width cells: a Chinese character takes two.

    Examples
    --------
    >>> cells("hours"), cells("时长")
    (5, 4)
    """
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def balance(text: str, width: int) -> str:
    """Break a text into as few lines as `wrap` does, of nearly equal length, so that no word is left alone.

    Examples
    --------
    >>> balance("Hours are spread unequally over registered volunteers", 47).splitlines()
    ['Hours are spread unequally', 'over registered volunteers']
    """
    lines = wrap(text, width).count("\n")
    least = -(-cells(text) // (lines + 1))
    tried = (wrap(text, narrower) for narrower in range(least, width + 1))
    return next((broken for broken in tried if broken.count("\n") == lines), wrap(text, width))


def wrap(text: str, width: int) -> str:
    """Break a text of either language into lines of at most `width` cells.

    Examples
    --------
    >>> wrap("True hours a week", 10).splitlines()
    ['True hours', 'a week']
    >>> wrap("每周真实服务时长", 8).splitlines()
    ['每周真实', '服务时长']
    """
    lines, line = [], ""
    for piece in PIECES.findall(text.strip()):
        if line and cells(line + piece.rstrip()) > width and piece not in NO_STARTERS:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return "\n".join([*lines, line.rstrip()])
