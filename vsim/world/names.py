"""Names for display: people, organisations, stations and districts of the fictional region Yunchuan (云川).

Nothing in the model depends on a name. Surnames and given names come from Faker's zh_CN lists, frozen with
the version that they were read from into `vsim/assets/names/zh_CN.json`; places, organisations and stations
are invented, and pairs of characters that begin the name of a real place are left out. Every pick is by
integers from keyed words, so the same words give the same names on any machine.

`python -m vsim.world.names --freeze` reads Faker's lists again into the file.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vsim.errors import UsageError, did_you_mean

ASSET = Path(__file__).resolve().parent.parent / "assets" / "names" / "zh_CN.json"
SURNAME_UNIT = 1000                     # Faker's weights have at most three decimals
STRIDE = 1009                           # a prime: neighbours in the list of places share no character
DIRECTIONS = ("东", "西", "南", "北")

Words = NDArray[np.uint32]


class PlaceName(NamedTuple):
    """A code outside every official list, and the invented Chinese name that is shown with it."""

    code: str
    name: str


@cache
def _asset() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(ASSET.read_text(encoding="utf-8"))
    return loaded


@cache
def surnames() -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Return the surnames and their cumulative integer weights, shape (s,)."""
    weights: dict[str, int] = _asset()["faker"]["surnames"]
    return tuple(weights), np.cumsum(np.array(list(weights.values()), dtype=np.int64))


@cache
def given_names(female: bool) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Return given names of one sex and their cumulative integer weights, shape (g,).

    One-character names keep the share that the file gives them (18 %); the others are Faker's own pairs and
    pairs put together from Faker's characters, each equally likely within its kind.
    """
    rules, sex = _asset()["people"], "F" if female else "M"
    names = [name for name in _asset()["faker"]["given"][sex] if name not in rules["leave_out"][sex]]
    single = [name for name in names if len(name) == 1]
    pairs = [name for name in names if len(name) == 2]
    opening = list(dict.fromkeys(single + [name[0] for name in pairs]))
    closing = list(dict.fromkeys(single + [name[1] for name in pairs]))
    composed = [a + b for a in opening for b in closing if a != b and a + b not in pairs]
    percent_single: int = rules["one_character_percent"]
    percent_pair: int = rules["faker_pair_percent"][sex]
    percents = (percent_single, percent_pair, 100 - percent_single - percent_pair)
    kinds = (single, pairs, composed)
    each = [1_000_000 * percent // len(kind) for kind, percent in zip(kinds, percents, strict=True)]
    weights = np.repeat(np.array(each, dtype=np.int64), [len(kind) for kind in kinds])
    return tuple(single + pairs + composed), np.cumsum(weights)


def _pick(words: Words, totals: NDArray[np.int64]) -> NDArray[np.int64]:
    targets = (words.astype(np.uint64) * np.uint64(totals[-1]) >> np.uint64(32)).astype(np.int64)
    return np.searchsorted(totals, targets, side="right").astype(np.int64)


def _pairs(words: Words) -> Words:
    array = np.asarray(words, dtype=np.uint32)
    if array.ndim != 2 or array.shape[1] != 2:
        raise UsageError(f"names: shape of words is {array.shape}; allowed (n, 2). Draw two words each.")
    return array


def person_names(words: Words, female: ArrayLike) -> list[str]:
    """Return one full name for each person.

    Parameters
    ----------
    words : ndarray of uint32, shape (n, 2)
        Two keyed words for each person: surname, given name.
    female : array-like of bool or 0/1, shape (n,)

    Source: Faker zh_CN, frozen in vsim/assets/names/zh_CN.json
    """
    drawn = _pairs(words)
    sexes = np.asarray(female, dtype=bool)
    if sexes.shape != drawn.shape[:1]:
        raise UsageError(f"names: shape of female is {sexes.shape}; allowed {drawn.shape[:1]}. One each.")
    family, family_totals = surnames()
    avoid = frozenset(_asset()["people"]["avoid"])
    first = _pick(drawn[:, 0], family_totals)
    result = [""] * len(sexes)
    for sex in (False, True):
        given, totals = given_names(sex)
        rows = np.flatnonzero(sexes == sex)
        for row, position in zip(rows.tolist(), _pick(drawn[rows, 1], totals).tolist(), strict=True):
            surname = family[first[row]]
            while surname + given[position] in avoid:
                position = (position + 1) % len(given)
            result[row] = surname + given[position]
    return result


@cache
def _stems() -> tuple[str, ...]:
    """Return every invented two-character place, in an order that spreads the characters."""
    places = _asset()["places"]
    avoid = frozenset(places["avoid"])
    stems = [a + b for a in places["heads"] for b in places["tails"] if a != b and a + b not in avoid]
    size = len(stems)
    return tuple(stems[position * STRIDE % size] for position in range(size))


def district_names(n: int) -> list[PlaceName]:
    """Return n districts, code "D01" and on with an invented name; the first names do not depend on n.

    Raises
    ------
    UsageError
        When more districts are asked for than there are names.
    """
    stems = _stems()
    most = len(stems) * (1 + len(DIRECTIONS))
    if not 0 <= n <= most:
        raise UsageError(f"names: number of districts is {n}; allowed 0 to {most}. Ask for fewer.")
    width = max(2, len(str(n)))
    result = []
    for i in range(n):
        turn, position = divmod(i, len(stems))
        prefix = DIRECTIONS[turn - 1] if turn else ""
        kind = "县" if i % 3 == 2 else "区"
        result.append(PlaceName(f"D{i + 1:0{width}d}", f"{prefix}{stems[position]}{kind}"))
    return result


def prefecture_names(n: int) -> list[PlaceName]:
    """Return n prefectures, code "P01" and on; names are taken from the other end of the list of places."""
    stems = _stems()
    if not 0 <= n <= len(stems):
        raise UsageError(f"names: number of prefectures is {n}; allowed 0 to {len(stems)}. Ask for fewer.")
    width = max(2, len(str(n)))
    return [PlaceName(f"P{i + 1:0{width}d}", f"{stems[-1 - i]}市") for i in range(n)]


def region_name() -> tuple[str, str]:
    """Return the English and the Chinese name of the fictional region."""
    english, chinese = _asset()["places"]["region"]
    return english, chinese


def _numbered(names: list[str]) -> list[str]:
    """Return the names with a number behind every repeat, so that each is the only one."""
    seen: dict[str, int] = {}
    result = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name}（{seen[name]}）")
    return result


def _known(kinds: Sequence[str], allowed: Sequence[str], what: str) -> None:
    for kind in kinds:
        if kind not in allowed:
            near = did_you_mean(kind, allowed)
            raise UsageError(f"names: {what} is '{kind}'; allowed {', '.join(allowed)}.{near}")


def org_names(words: Words, places: Sequence[str], forms: Sequence[str]) -> list[str]:
    """Return a different name for each organisation.

    Parameters
    ----------
    words : ndarray of uint32, shape (n, 2)
    places : sequence of str, length n
        Chinese name of the district of each.
    forms : sequence of str, length n
        Legal form of each, as in the table of organisations.
    """
    drawn, rules = _pairs(words), _asset()["organisations"]
    _known(sorted(set(forms)), list(rules["forms"]), "legal_form")
    themes: list[str] = rules["themes"]
    names = []
    for (one, two), place, form in zip(drawn.tolist(), places, forms, strict=True):
        patterns: list[str] = rules["forms"][form]
        theme = themes[one * len(themes) >> 32]
        names.append(patterns[two * len(patterns) >> 32].format(place=place, theme=theme))
    return _numbered(names)


def station_names(words: Words, places: Sequence[str], kinds: Sequence[str]) -> list[str]:
    """Return a different name for each station; arguments as for `org_names`, with the kind of station."""
    drawn, rules = _pairs(words), _asset()["stations"]
    _known(sorted(set(kinds)), list(rules["kinds"]), "kind of station")
    communities: list[str] = rules["communities"]
    names = []
    for (one, _), place, kind in zip(drawn.tolist(), places, kinds, strict=True):
        community = communities[one * len(communities) >> 32]
        names.append(rules["kinds"][kind].format(place=place, community=community))
    return _numbered(names)


def community_names(words: Words, places: Sequence[str]) -> list[str]:
    """Return a different name for each community, shape of words (n, 2), with the name of the district of each."""
    rules = _asset()["stations"]
    communities: list[str] = rules["communities"]
    firsts = [communities[one * len(communities) >> 32] for one, _ in _pairs(words).tolist()]
    return _numbered([
        rules["community"].format(place=place, community=name) for place, name in zip(places, firsts, strict=True)
    ])


def faker_lists() -> dict[str, Any]:
    """Return what the installed Faker says: version, surnames with integer weights, given names by sex."""
    from faker import VERSION
    from faker.providers.person.zh_CN import Provider

    return {
        "version": VERSION,
        "licence": "MIT",
        "surnames": {name: round(weight * SURNAME_UNIT) for name, weight in Provider.last_names.items()},
        "given": {"F": list(Provider.first_names_female), "M": list(Provider.first_names_male)},
    }


def frozen_text() -> str:
    """Return the text of the file of names with the installed Faker's lists in it."""
    return json.dumps({**_asset(), "faker": faker_lists()}, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    import sys

    if sys.argv[1:] != ["--freeze"]:
        raise SystemExit("usage: python -m vsim.world.names --freeze")
    ASSET.write_text(frozen_text(), encoding="utf-8", newline="\n")
