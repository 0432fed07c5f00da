"""The tables of several platforms as they stand in a data set: each in its own words, and what these mean.

The dictionary of a platform's table follows from the common schema and from how the platform writes it, so no column
is described twice. The names of the tables are `<platform>_volunteers` and `<platform>_records`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from vsim.errors import UsageError, did_you_mean, listing
from vsim.observe.platforms import PLATFORMS, Platforms, dictionaries, schemas
from vsim.spec.plain_yaml import one_line
from vsim.spec.tables import Column, Table

if TYPE_CHECKING:
    import pandas as pd

COMMON = {"volunteers": "platform_volunteers", "records": "platform_records"}
MAPPINGS = ("platform_columns", "platform_codes")
HOUR_UNITS = {4: "quarter hours", 60: "minutes"}


def t(message: str) -> str:
    """Return a message as it stands: the call marks it for translation."""
    return message


TITLES = {
    "platform_a_volunteers": t("Accounts of volunteers on platform A"),
    "platform_a_records": t("Service records on platform A"),
    "platform_b_volunteers": t("Accounts of volunteers on platform B"),
    "platform_b_records": t("Service records on platform B"),
    "platform_c_volunteers": t("Accounts of volunteers on platform C"),
    "platform_c_records": t("Service records on platform C"),
}


@cache
def native_tables() -> Mapping[str, Table]:
    """Return the dictionary of every table as a platform writes it, by name."""
    return {
        f"{platform}_{kind}": _native(f"{platform}_{kind}", dictionaries()[COMMON[kind]], schema)
        for platform, tables in schemas().items() for kind, schema in tables.items()
    }


def _native(name: str, common: Table, schema: Mapping[str, Mapping[str, Any]]) -> Table:
    columns = tuple(_column(common.column(one), how) for one, how in schema.items())
    words = t("One row for each account or record of this platform, in its own columns, codes, units and dates.")
    return Table(
        name=name, title=TITLES[name], label=TITLES[name], source=common.source, columns=columns, description=words,
        primary_key=tuple(str(schema[key]["column"]) for key in common.primary_key),
    )


def _column(common: Column, how: Mapping[str, Any]) -> Column:
    """Return how a column of the common schema is described where a platform writes it in its own way."""
    column = replace(common, name=str(how["column"]))
    if "codes" in how:
        codes = {str(how["codes"][code]): label for code, label in common.enum_labels.items()}
        return replace(column, type="string", enum=tuple(codes), enum_labels=codes)
    if "format" in how:
        return replace(column, type="string")
    if "per_hour" in how:
        return replace(column, type="integer", unit=HOUR_UNITS[how["per_hour"]], minimum=1, maximum=None)
    return column


def chosen(names: Sequence[str]) -> tuple[str, ...]:
    """Return the platforms that are asked for, in their order.

    Raises
    ------
    UsageError
        When one does not exist; the nearest is named.
    """
    for name in names:
        if name not in PLATFORMS:
            raise UsageError(f"platforms: '{one_line(name)}' is no platform; allowed {listing(PLATFORMS)}."
                             f"{did_you_mean(name, PLATFORMS)}")
    return tuple(name for name in PLATFORMS if name in names)


def packed(apart: Platforms, names: Sequence[str]) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Return the tables of the platforms that are asked for, with the two mappings, and the truth of their numbers."""
    own = chosen(names)
    tables = {f"{name}_{kind}": frame for name in own for kind, frame in apart.tables[name].items()}
    truth = apart.links_truth[apart.links_truth["platform"].isin(own)].reset_index(drop=True)
    return tables | mappings(own), truth


def mappings(names: Sequence[str]) -> dict[str, pd.DataFrame]:
    """Return `platform_columns` and `platform_codes`: what the words of the platforms mean in the common schema."""
    import pandas as pd

    columns: list[tuple[Any, ...]] = []
    codes: list[tuple[Any, ...]] = []
    for platform in names:
        for kind, schema in schemas()[platform].items():
            for common, how in schema.items():
                place = platform, f"{platform}_{kind}", how["column"]
                columns.append((*place, common, how.get("format"), how.get("per_hour")))
                codes += [(*place, code, meaning) for meaning, code in how.get("codes", {}).items()]
    out = {}
    for name, rows in zip(MAPPINGS, (columns, codes), strict=True):
        out[name] = pd.DataFrame(rows, columns=list(dictionaries()[name].names))
    return out


def renumbered(frame: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Return a table of an office with the numbers of the platforms in place of those of the one register.

    An activity bears the number of its own platform; its volunteer the account there. Without an activity it is the
    first account of the person in the order of the platforms. What stands on none of the platforms is left out.
    """
    out = frame.copy()
    place = links[links["kind"] == "activity"].drop_duplicates("register_id").set_index("register_id")
    where = None
    if "activity_id" in out.columns:
        where = out["activity_id"].map(place["platform"])
        out["activity_id"] = out["activity_id"].map(place["platform_id"])
    if "volunteer_id" in out.columns:
        people = links[links["kind"] == "volunteer"].sort_values(["register_id", "platform"])
        first = people.drop_duplicates("register_id").set_index("register_id")["platform_id"]
        numbers = out["volunteer_id"].map(first)
        if where is not None:
            there = people.set_index(["register_id", "platform"])["platform_id"].to_dict()
            pairs = zip(out["volunteer_id"], where, numbers, strict=True)
            out["volunteer_id"] = [there.get((one, platform), other) for one, platform, other in pairs]
        else:
            out["volunteer_id"] = numbers
    some = [name for name in ("volunteer_id", "activity_id") if name in out.columns]
    lost = out[some].isna() & frame[some].notna()
    kept = out[~lost.any(axis=1)]
    return kept.reset_index(drop=True)
