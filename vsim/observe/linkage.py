"""Record linkage without a common number: which accounts on different platforms are one person.

A plain baseline: only pairs that share a block are compared; each field that agrees or differs adds its weight of
evidence log2(m / u), where m is how often it does so for one person and u for two; the share of links among all pairs
is found by repeating (EM); each account is linked at most once to each other platform, the likeliest first.
Source: Fellegi and Sunter (1969), A theory for record linkage
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vsim.errors import UsageError
from vsim.spec.cards import values

if TYPE_CHECKING:
    import pandas as pd

BLOCKS = (("name",), ("birth_year", "district"))
KEY = "platform_volunteer_id"
TURNS = 100                                   # of EM; it settles after some ten
SHIFTS = 5                                    # how often each name is laid beside another by chance

Floats = NDArray[np.float64]


class Scores(NamedTuple):
    """How good links are: the share of links found that are right, of right ones that are found, and both in one."""

    precision: float
    recall: float
    f1: float
    found: int
    true: int
    right: int


def candidate_pairs(volunteers: pd.DataFrame, blocks: Sequence[Sequence[str]] = BLOCKS) -> pd.DataFrame:
    """Return the pairs of accounts on different platforms that agree in all columns of at least one block.

    Parameters
    ----------
    volunteers : DataFrame
        The table `platform_volunteers`.
    blocks : sequence of sequences of columns
        Coarser blocks miss fewer links and compare more pairs.

    Returns
    -------
    DataFrame
        left, right: positions of rows, each pair once.
    """
    import pandas as pd

    most = values()["linkage.most_pairs"]
    rows = volunteers.reset_index(drop=True).assign(row=np.arange(len(volunteers)))
    found = [np.zeros((0, 2), dtype=np.int64)]
    for block in blocks:
        keys = list(block)
        known = rows.dropna(subset=keys)
        sizes = known.groupby(keys).size() if len(known) else pd.Series(dtype=np.int64)
        if (sizes.astype(np.float64) ** 2).sum() > most:
            raise UsageError(f"linkage: block {', '.join(keys)} gives more than {most:,.0f} pairs. Add a column to it.")
        both = known[[*keys, "platform", "row"]].merge(known[[*keys, "platform", "row"]], on=keys)
        both = both[both["platform_x"] < both["platform_y"]]
        found.append(both[["row_x", "row_y"]].to_numpy(dtype=np.int64))
    pairs = np.unique(np.concatenate(found), axis=0)
    return pd.DataFrame(pairs, columns=["left", "right"])


def near_names(one: str, other: str) -> bool:
    """Return whether two different names are one slip apart: a character changed, left out, or two swapped.

    >>> near_names("张伟", "章伟"), near_names("张小明", "张小"), near_names("张伟", "李芳")
    (True, True, False)
    """
    if len(one) == len(other):
        changes = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
        return len(changes) == 1 or (len(changes) == 2 and changes[0] == changes[1][::-1])
    short, long = sorted((one, other), key=len)
    return len(long) - len(short) == 1 and any(long[:place] + long[place + 1:] == short for place in range(len(long)))


def near_years(one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return for each pair whether two different years are one apart or have their last two digits swapped."""
    turned = one // 100 * 100 + one % 10 * 10 + one // 10 % 10
    near: NDArray[np.bool_] = (np.abs(one - other) == 1) | ((turned == other) & (one != other))
    return near


def evidence(
    volunteers: pd.DataFrame, pairs: pd.DataFrame, parameters: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """Return the weights of evidence of each pair, in bits: one column a field, above 0 where it speaks for a link.

    A name that many bear says less than a rare one: its chance to agree is its share among all names.
    """
    import pandas as pd

    cards = values(parameters)
    equal_m, near_m = cards["linkage.name_equal"], cards["linkage.name_near"]
    left, right = (volunteers.iloc[pairs[side]].reset_index(drop=True) for side in ("left", "right"))
    weights: dict[str, Floats] = {}
    names = volunteers["name"]
    share = left["name"].map(names.value_counts(normalize=True)).to_numpy(dtype=np.float64)
    same = (left["name"] == right["name"]).to_numpy()
    near = np.array([not equal and near_names(a, b)
                     for equal, a, b in zip(same, left["name"], right["name"], strict=True)], dtype=bool)
    chance = _near_by_chance(volunteers)
    rest = max(1 - equal_m - near_m, 1 / len(names)) if len(names) else 1.0
    agree = float((names.value_counts(normalize=True) ** 2).sum())
    weights["name"] = np.select(
        [same, near], [np.log2(equal_m / share), np.full(len(left), np.log2(near_m / chance))],
        np.log2(rest / max(1 - agree - chance, 0.5)),
    )
    years = volunteers["birth_year"].value_counts(normalize=True)
    grid = years.index.to_numpy(dtype=np.int64)
    both = np.outer(years.to_numpy(), years.to_numpy())
    equal_u = float(np.trace(both)) or 1.0
    near_u = float(both[near_years(grid[:, None], grid[None, :])].sum()) or equal_u
    one, two = left["birth_year"].to_numpy(dtype=np.int64), right["birth_year"].to_numpy(dtype=np.int64)
    equal_m, near_m = cards["linkage.birth_equal"], cards["linkage.birth_near"]
    rest = max(1 - equal_m - near_m, 1 / len(names)) if len(names) else 1.0
    weights["birth_year"] = np.select(
        [one == two, near_years(one, two)], [np.log2(equal_m / equal_u), np.log2(near_m / near_u)],
        np.log2(rest / max(1 - equal_u - near_u, 1 / len(years) if len(years) else 1.0)),
    )
    for field in ("sex", "district", "education"):
        weights[field] = _plain(volunteers[field], left[field], right[field], cards[f"linkage.{field}_equal"])
    return pd.DataFrame(weights)


def _near_by_chance(volunteers: pd.DataFrame) -> float:
    """Return how often the names of two different people are one slip apart, from names laid side by side."""
    names = volunteers.sort_values(KEY)["name"].drop_duplicates().tolist()
    beside = (zip(names, names[shift:], strict=False) for shift in range(1, SHIFTS + 1))
    laid = [near_names(one, other) for laid_by in beside for one, other in laid_by]
    return (sum(laid) + 0.5) / (len(laid) + 1)


def _plain(cells: pd.Series, left: pd.Series, right: pd.Series, m: float) -> Floats:
    """Return the weights of a field that agrees or differs; a missing value says nothing."""
    u = float((cells.value_counts(normalize=True) ** 2).sum())
    if not 0 < u < 1:
        return np.zeros(len(left))
    said = (left.notna() & right.notna()).to_numpy()
    agreed = (left == right).to_numpy(dtype=bool, na_value=False)
    weight: Floats = np.where(said, np.where(agreed, np.log2(m / u), np.log2((1 - m) / (1 - u))), 0.0)
    return weight


def link(
    volunteers: pd.DataFrame, *, threshold: float = 0.5, blocks: Sequence[Sequence[str]] = BLOCKS,
    parameters: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Return the links between accounts on different platforms.

    Parameters
    ----------
    volunteers : DataFrame
        The table `platform_volunteers` (all platforms, common schema).
    threshold : float
        Least probability of a link, 0 to 1; a higher one gives fewer and safer links.
    blocks, parameters
        See `candidate_pairs`; cards such as `{"linkage.name_near": 0.1}`.

    Returns
    -------
    DataFrame
        left, right (numbers on the platforms), score (bits), probability; the likeliest first.
    """
    import pandas as pd

    pairs = candidate_pairs(volunteers, blocks)
    score = evidence(volunteers, pairs, parameters).sum(axis=1).to_numpy(dtype=np.float64)
    sizes = volunteers["platform"].value_counts().to_numpy()
    every = float(sum(int(one) * int(two) for one, two in combinations(sizes, 2)))
    probability = _probabilities(score, every, float(len(volunteers)))
    keys = volunteers[KEY].to_numpy()
    found = pd.DataFrame({
        "left": keys[pairs["left"]], "right": keys[pairs["right"]], "score": score, "probability": probability,
    })
    platforms = volunteers["platform"].to_numpy()
    found["left_on"], found["right_on"] = platforms[pairs["left"]], platforms[pairs["right"]]
    found = found[found["probability"] >= threshold]
    found = found.sort_values(["score", "left", "right"], ascending=[False, True, True], ignore_index=True)
    used: set[tuple[str, str]] = set()
    kept = []
    for row in found.itertuples():
        ends = {(str(row.left), str(row.right_on)), (str(row.right), str(row.left_on))}
        kept.append(not ends & used)
        used |= ends if kept[-1] else set()
    return found.loc[np.array(kept, dtype=bool), ["left", "right", "score", "probability"]].reset_index(drop=True)


def _probabilities(score: Floats, every: float, people: float) -> Floats:
    """Return the probability of a link of each pair, from its score and the share of links among `every` pair (EM)."""
    share = 0.5 * people / max(every, 1.0) / 2
    odds = np.exp2(np.clip(score, -60, 60))
    probability: Floats = np.zeros(len(score))
    for _ in range(TURNS):
        bounded = min(max(share, 1 / max(every, 2.0)), 0.5)
        probability = bounded * odds / (bounded * odds + 1 - bounded)
        share = float(probability.sum()) / max(every, 1.0)
    return probability


def true_pairs(truth: pd.DataFrame) -> set[tuple[str, str]]:
    """Return every pair of accounts that are one person, from `links_truth`."""
    people = truth[truth["kind"] == "volunteer"] if "kind" in truth.columns else truth
    groups = people.groupby("register_id")["platform_id"]
    return {pair for _, group in groups for pair in combinations(sorted(group), 2)}


def pairwise_f1(pairs: pd.DataFrame, truth: pd.DataFrame) -> Scores:
    """Return how good links are against the truth; `pairs` needs left and right, `truth` is `links_truth`."""
    found = {tuple(sorted((str(one), str(two)))) for one, two in zip(pairs["left"], pairs["right"], strict=True)}
    true = true_pairs(truth)
    right = len(found & true)
    precision = right / len(found) if found else float(not true)
    recall = right / len(true) if true else float(not found)
    both = precision + recall
    return Scores(precision, recall, 2 * precision * recall / both if both else 0.0, len(found), len(true), right)
