"""How names come to stand in different signs: traditional characters, a space inside, or the wrong encoding.

A name in traditional characters or with a space can be brought back by rule. One that was read in the wrong encoding
(UTF-8 taken for GBK) can be brought back only where no byte was lost: names of two characters and of four.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vsim.exact import threshold32
from vsim.spec.loading import read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FORMS = ("traditional", "spaced", "garbled")
WRONG = "gbk"                 # what a system that expects Chinese in two bytes a sign takes every text for


@cache
def _pairs() -> Mapping[int, str]:
    pairs = read_yaml(Path(__file__).with_suffix(".yaml")).data["_traditional"]["pairs"]
    return str.maketrans({pair[0]: pair[1] for pair in pairs})


def traditional(name: str) -> str:
    """Return a name in traditional characters, as far as they are in the list.

    >>> traditional("张伟")
    '張偉'
    """
    return name.translate(_pairs())


def spaced(name: str) -> str:
    """Return a name with a space after the surname.

    >>> spaced("张伟")
    '张 伟'
    """
    return f"{name[:1]} {name[1:]}" if len(name) > 1 else name


def garbled(name: str) -> str:
    """Return a name as a system shows it that takes its bytes for another encoding.

    >>> garbled("李芳")
    '鏉庤姵'
    """
    wrong = name.encode("utf-8").decode(WRONG, errors="replace").strip()
    return wrong if wrong.isprintable() and wrong else name


def written(
    names: Sequence[str], words: Sequence[NDArray[np.uint32]], hit: NDArray[np.bool_], rates: Mapping[str, float]
) -> list[str]:
    """Return names as their accounts show them.

    Parameters
    ----------
    names : sequence of str
    words : three arrays of 32-bit words, one for each of `FORMS`
    hit : which accounts may be touched at all
    rates : mapping with the cards `scripts.*`
    """
    change: Any = {"traditional": traditional, "spaced": spaced, "garbled": garbled}
    out = list(names)
    for form, word in zip(FORMS, words, strict=True):
        for place in np.flatnonzero(hit & (word < threshold32(rates[f"scripts.{form}"]))):
            out[place] = change[form](out[place])
    return out
