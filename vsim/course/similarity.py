"""Code that two learners of a class share and the class does not: fingerprints of tokens, winnowed.

Source: S. Schleimer, D. Wilkerson, A. Aiken (2003), Winnowing: local algorithms for document fingerprinting, SIGMOD.
Any run of 12 tokens that two answers share is found (5 tokens in a fingerprint, the least of each 8 is kept). What the
release holds is taken out first, and what more than a quarter of the class holds: it is the task, or the usual way.
Names that the release does not know are one token, so that renaming hides nothing; so are numbers and texts.
A list for a person to judge: short answers are alike by themselves, and nothing here is ever scored.
"""

from __future__ import annotations

import builtins
import io
import keyword
import tokenize
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations

GRAM, WINDOW = 5, 8           # tokens in a fingerprint; neighbours of which one is kept
COMMON = 0.25                 # share of the class from which a fingerprint is the usual way
RARE = 20                     # learners that share a fingerprint, above which it makes no pair by itself
LEAST = 4                     # fingerprints that a pair shares
ALIKE = 0.6                   # of the smaller answer's fingerprints
MOST = 50                     # pairs that are listed
LONGEST = 50_000              # characters of a cell that are read
DULL = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER,
        tokenize.ENCODING)
Cells = Mapping[str, str]
Marks = frozenset[int]


@dataclass(frozen=True, slots=True)
class Alike:
    """Learners whose code is alike where the class is not.

    Attributes
    ----------
    learners : tuple of str
        Two, or more where their fingerprints are all the same.
    shared, smaller : int
        Fingerprints that they share, and those of the smaller answer.
    cells : tuple of str
        Grade ids of the cells that hold what they share.
    """

    learners: tuple[str, ...]
    shared: int
    smaller: int
    cells: tuple[str, ...]

    @property
    def share(self) -> float:
        """What part of the smaller answer they share."""
        return self.shared / self.smaller


def tokens(text: str, known: frozenset[str]) -> list[str]:
    """Return the tokens of code, without comments and layout; unknown names, numbers and texts each as one sign.

    Parameters
    ----------
    text : str
        Code that somebody wrote; what Python cannot read ends the list early.
    known : frozenset of str
        Names that are kept: those of the release.
    """
    found: list[str] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text[:LONGEST]).readline):
            if token.type in DULL:
                continue
            word = token.string
            if token.type == tokenize.NAME:
                word = word if word in known or keyword.iskeyword(word) or hasattr(builtins, word) else "v"
                word = word if not found or found[-1] != "." else token.string      # attributes are of a library
            elif token.type == tokenize.NUMBER:
                word = "0"
            elif token.type == tokenize.STRING:
                word = "''"
            found.append(word)
    except (tokenize.TokenError, SyntaxError, ValueError):
        pass
    return found


def fingerprints(words: Sequence[str], gram: int = GRAM, window: int = WINDOW) -> Marks:
    """Return the winnowed fingerprints of a list of tokens: of each window of neighbours the least."""
    hashes = [int.from_bytes(blake2b("\x1f".join(words[at : at + gram]).encode(), digest_size=8).digest())
              for at in range(len(words) - gram + 1)]
    if len(hashes) <= window:
        return frozenset([min(hashes)] if hashes else [])
    return frozenset(min(hashes[at : at + window]) for at in range(len(hashes) - window + 1))


def names_in(cells: Iterable[str]) -> frozenset[str]:
    """Return every name that stands in some code."""
    found: set[str] = set()
    for text in cells:
        try:
            found |= {token.string for token in tokenize.generate_tokens(io.StringIO(text[:LONGEST]).readline)
                      if token.type == tokenize.NAME}
        except (tokenize.TokenError, SyntaxError, ValueError):
            continue
    return frozenset(found)


def alike(answers: Mapping[str, Cells], release: Cells) -> list[Alike]:
    """Return the learners whose code is alike where the class is not, the most alike first.

    Parameters
    ----------
    answers : mapping of str to mapping of str to str
        Code by grade id, by learner.
    release : mapping of str to str
        Code as it was handed out, by grade id.

    The work grows with the number of learners, not of pairs: only fingerprints that few share make pairs.
    """
    known = names_in(release.values())
    given = frozenset[int]().union(*(fingerprints(tokens(text, known)) for text in release.values()))
    marks = {who: {cell: fingerprints(tokens(text, known)) - given for cell, text in cells.items()}
             for who, cells in answers.items()}
    whole = {who: frozenset[int]().union(*cells.values()) for who, cells in marks.items()}
    holders = Counter(mark for mine in whole.values() for mark in mine)
    usual = max(3.0, COMMON * len(whole))
    own = {who: frozenset(mark for mark in mine if holders[mark] <= usual) for who, mine in whole.items()}
    found = _same(own)
    told = {who for group in found for who in group}
    shared: Counter[tuple[str, str]] = Counter()
    by_mark: dict[int, list[str]] = {}
    for who, mine in own.items():
        for mark in mine:
            by_mark.setdefault(mark, []).append(who)
    for some in by_mark.values():
        if 2 <= len(some) <= RARE:
            shared.update(combinations(some, 2))
    pairs = [pair for pair in shared if not (pair[0] in told and pair[1] in told and own[pair[0]] == own[pair[1]])]
    listed = [_alike(group, own, marks) for group in (*found, *pairs)]
    good = [one for one in listed if one.shared >= LEAST and one.share >= ALIKE]
    return sorted(good, key=lambda one: (-one.shared * one.share, one.learners))[:MOST]


def _same(own: Mapping[str, Marks]) -> list[tuple[str, ...]]:
    """Return the groups of learners whose fingerprints are all the same."""
    groups: dict[Marks, list[str]] = {}
    for who, mine in own.items():
        if len(mine) >= LEAST:
            groups.setdefault(mine, []).append(who)
    return [tuple(group) for group in groups.values() if len(group) > 1]


def _alike(
    group: tuple[str, ...], own: Mapping[str, Marks], marks: Mapping[str, Mapping[str, Marks]]
) -> Alike:
    one, other = group[:2]
    both = own[one] & own[other]
    cells = tuple(cell for cell, mine in marks[one].items() if mine & both)
    return Alike(group, len(both), min(len(own[one]), len(own[other])), cells)
