"""A data hub: the tables of several platforms in one schema, one row a person, one row a service, and what disagreed.

The hub knows nothing of the truth. It takes links from whoever made them; where linked accounts differ it keeps the
value of the platform that stands first in the order of priority, and writes down each value that it did not keep.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from vsim.errors import DataError, UsageError, did_you_mean, listing
from vsim.observe.platforms import PLATFORMS, Schema, dictionaries, schemas
from vsim.spec.plain_yaml import one_line

if TYPE_CHECKING:
    import pandas as pd

Rule = Literal["none", "same", "day"]
KEY = "platform_volunteer_id"
SAID = ("hours", "verify_state")               # what two records of one service may disagree in
TABLES = {"volunteers": "platform_volunteers", "records": "platform_records"}


@dataclass(frozen=True, slots=True)
class Hub:
    """What the hub has: one row a person, one row a service, `hub_conflicts`, and the hub number of each account."""

    volunteers: pd.DataFrame
    records: pd.DataFrame
    conflicts: pd.DataFrame
    hub_ids: pd.Series


def to_common(
    tables: Mapping[str, Mapping[str, pd.DataFrame]], mapping: Mapping[str, Schema] | None = None
) -> dict[str, pd.DataFrame]:
    """Return `platform_volunteers` and `platform_records`: all platforms in the common schema.

    Parameters
    ----------
    tables : mapping of platform to its tables `volunteers` and `records`
        As each platform writes them.
    mapping : mapping of platform to schema, optional
        How each writes what; default `vsim.observe.platforms.schemas()`.

    Raises
    ------
    DataError
        When a platform lacks a column, or has a code or date that its schema does not know.
    """
    import pandas as pd

    known = schemas() if mapping is None else mapping
    out = {}
    for kind, name in TABLES.items():
        columns = list(dictionaries()[name].names)
        parts = []
        for platform, own in tables.items():
            if platform not in known:
                raise UsageError(f"hub: unknown platform '{one_line(platform)}'; allowed {listing(known)}."
                                 f"{did_you_mean(platform, known)}")
            part = _common(own[kind], known[platform][kind], f"{platform} {kind}").assign(platform=platform)
            parts.append(part.reindex(columns=columns).astype(object))
        whole = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns, dtype=object)
        out[name] = _typed(whole.sort_values(dictionaries()[name].primary_key[0], ignore_index=True), name)
    return out


def _common(frame: pd.DataFrame, schema: Mapping[str, Mapping[str, Any]], where: str) -> pd.DataFrame:
    import pandas as pd

    out = {}
    for name, how in schema.items():
        column = how["column"]
        if column not in frame.columns:
            raise DataError(f"{where}: has no column '{column}'; allowed {listing(frame.columns, 12)}. "
                            "Correct the mapping.")
        cells = frame[column]
        if "codes" in how:
            back = {code: value for value, code in how["codes"].items()}
            wrong = set(cells.dropna()) - set(back)
            if wrong:
                raise DataError(f"{where}: {column} is {one_line(min(map(str, wrong)))}; allowed {listing(back)}. "
                                "Correct the mapping or the platform.")
            cells = cells.map(back)
        elif "format" in how:
            try:
                cells = pd.to_datetime(cells, format=how["format"])
            except ValueError as error:
                why = one_line(str(error))
                raise DataError(f"{where}: {column} holds no dates such as {how['format']} ({why}).") from None
        elif "per_hour" in how:
            cells = cells / how["per_hour"]
        out[name] = cells.astype(object).where(cells.notna(), None)
    return pd.DataFrame(out)


def _typed(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    import pandas as pd

    kinds = {"integer": np.int64, "number": np.float64}
    for column in dictionaries()[name].columns:
        if column.type == "date":
            frame[column.name] = pd.to_datetime(frame[column.name])
        elif column.type in kinds:
            frame[column.name] = frame[column.name].astype(kinds[column.type])
    return frame


def hub_numbers(ids: Iterable[str], pairs: pd.DataFrame) -> pd.Series:
    """Return the hub number of each account: accounts that are linked, also by way of others, share one."""
    import pandas as pd

    above = {one: one for one in sorted(ids)}

    def top(one: str) -> str:
        while above[one] != one:
            above[one] = above[above[one]]
            one = above[one]
        return one

    for one, two in zip(pairs["left"], pairs["right"], strict=True):
        if one not in above or two not in above:
            raise DataError(f"hub: the link {one_line(one)} - {one_line(two)} names an account that no platform has.")
        low, high = sorted((top(one), top(two)))
        above[high] = low
    roots = [top(one) for one in above]
    codes, _ = pd.factorize(np.array(roots, dtype=object), sort=True)
    width = max(4, len(str(len(roots))))
    return pd.Series([f"H{code + 1:0{width}d}" for code in codes], index=list(above), dtype=object)


def merge(
    tables: Mapping[str, Mapping[str, pd.DataFrame]], pairs: pd.DataFrame, *,
    mapping: Mapping[str, Schema] | None = None, dedupe: Rule = "same", priority: Sequence[str] = PLATFORMS,
) -> Hub:
    """Return one book of several platforms.

    Parameters
    ----------
    tables, mapping
        See `to_common`.
    pairs : DataFrame
        Links between accounts, columns left and right, as from `vsim.observe.linkage.link`.
    dedupe : {"none", "same", "day"}
        What counts as one service. "same": the same person, day and hours on two platforms, or the same shift twice on
        one; "day": the same person and day on two platforms whatever the hours, which also takes away the second
        service of somebody who truly served twice.
    priority : sequence of platforms
        Whose value and record stays where two differ, the first before the others; all platforms are named.
    """
    if dedupe not in get_args(Rule):
        raise UsageError(f"hub: dedupe is {one_line(dedupe)}; allowed {', '.join(get_args(Rule))}.")
    if sorted(priority) != sorted(set(priority)) or set(tables) - set(priority):
        raise UsageError(f"hub: priority is {listing(priority)}; allowed each of {listing(tables)} once.")
    common = to_common(tables, mapping)
    numbers = hub_numbers(common["platform_volunteers"][KEY], pairs)
    rank = {name: place for place, name in enumerate(priority)}
    people, first = _people(common["platform_volunteers"], numbers, rank)
    records, second = _records(common["platform_records"], numbers, rank, dedupe)
    return Hub(people, records, _conflicts([*first, *second]), numbers)


def _ranked(frame: pd.DataFrame, numbers: pd.Series, rank: Mapping[str, int]) -> pd.DataFrame:
    return frame.assign(hub_id=frame[KEY].map(numbers), rank=frame["platform"].map(rank))


def _people(
    frame: pd.DataFrame, numbers: pd.Series, rank: Mapping[str, int]
) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Return one row a person and the values that were not kept; the earliest registration always counts."""
    ranked = _ranked(frame, numbers, rank).sort_values(["hub_id", "rank", KEY], ignore_index=True)
    groups = ranked.groupby("hub_id", sort=True)
    fields = [name for name in frame.columns if name not in ("platform", KEY, "registered_on")]
    people = groups[fields].first().astype({"birth_year": np.int64})
    people["registered_on"] = groups["registered_on"].min()
    people["platforms"] = groups["platform"].nunique()
    faults = []
    for name in fields:
        said = ranked[ranked[name].notna()]
        faults.append(_faults("volunteer", name, said, said.drop_duplicates("hub_id"), ["hub_id"]))
    return people.reset_index(), faults


def _records(
    frame: pd.DataFrame, numbers: pd.Series, rank: Mapping[str, int], dedupe: Rule
) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Return one row a service and the values of the rows that were not kept."""
    order = ["hub_id", "date", "rank", "recorded_on", "platform_record_id"]
    ranked = _ranked(frame, numbers, rank).sort_values(order, ignore_index=True)
    faults: list[pd.DataFrame] = []
    if dedupe != "none":
        shift = ["hub_id", "platform_activity_id", "date"]
        again = ranked.duplicated(shift)
        faults += [_faults("record", name, ranked[again], ranked[~again], shift) for name in SAID]
        ranked = ranked[~again]
        keys = ["hub_id", "date"] if dedupe == "day" else ["hub_id", "date", "hours"]
        stays = ranked["rank"] == ranked.groupby(keys)["rank"].transform("min")
        first = ranked[stays].drop_duplicates(keys)
        faults += [_faults("record", name, ranked[~stays], first, keys) for name in SAID]
        ranked = ranked[stays]
    columns = ["hub_id", *(name for name in frame.columns if name != KEY)]
    return ranked[columns].reset_index(drop=True), faults


def _faults(kind: str, name: str, others: pd.DataFrame, kept: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return a row for each of `others` whose value differs from that of the kept row with the same keys."""
    import pandas as pd

    values = kept.assign(kept_from=kept["platform"], kept_value=kept[name])[
        list(dict.fromkeys([*keys, "kept_from", "kept_value"]))
    ]
    both = others.merge(values, on=keys, how="inner")
    both = both[both[name] != both["kept_value"]]
    return pd.DataFrame({
        "hub_id": both["hub_id"], "kind": kind, "column_name": name, "kept_from": both["kept_from"],
        "kept_value": both["kept_value"].map(str), "other_from": both["platform"], "other_value": both[name].map(str),
    })


def _conflicts(faults: list[pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd

    whole = pd.concat(faults).sort_values(
        ["kind", "hub_id", "column_name"], ascending=[False, True, True], kind="stable", ignore_index=True
    )
    width = max(4, len(str(len(whole))))
    whole.insert(0, "conflict_id", [f"Z{place + 1:0{width}d}" for place in range(len(whole))])
    return whole
