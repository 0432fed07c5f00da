"""Three platforms that share no number: the register of volunteers and records as each platform has it.

A record stands on the platform of its organisation. Who has served on two platforms is in both, under two numbers,
and the second account was typed again: names are misspelt, years of birth wrong, sex is left out, people have moved.
Each platform has its own names of columns, codes and units; the file of cards beside this one says what they mean. The
truth of who is who stands apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vsim.errors import UsageError
from vsim.exact import threshold32
from vsim.observe.registers import opaque
from vsim.observe.scripts import written
from vsim.rng import Stream, draw, stream_key
from vsim.spec.cards import values
from vsim.spec.loading import read_yaml
from vsim.spec.plain_yaml import one_line
from vsim.spec.tables import Table, load_platform_tables

if TYPE_CHECKING:
    import pandas as pd

HERE = Path(__file__)
PLATFORMS = ("platform_a", "platform_b", "platform_c")
LETTERS = "ABC"
APART = 1 << 20                   # weeks of no run: keeps these draws apart from those of the registers
OLDEST = 1900
LEAST_AGE = 10                    # a year of birth that makes a volunteer younger is refused by every form

Schema = dict[str, dict[str, dict[str, Any]]]
Words = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Platforms:
    """What each platform has: `tables[platform]["volunteers" | "records"]`, and apart from it `links_truth`."""

    tables: Mapping[str, Mapping[str, pd.DataFrame]]
    links_truth: pd.DataFrame


@cache
def schemas() -> dict[str, Schema]:
    """Return platform -> table -> common column -> how the platform writes it (column, codes, format, per_hour)."""
    found: dict[str, Schema] = read_yaml(HERE.with_suffix(".yaml")).data["_schemas"]
    return found


@cache
def dictionaries() -> dict[str, Table]:
    """Return the dictionaries of the tables made here and in the hub; `registers` does not fill them."""
    return dict(load_platform_tables())


@cache
def _confused() -> dict[str, str]:
    pairs = read_yaml(HERE.with_suffix(".yaml")).data["_confused"]["pairs"]
    return {**{pair[1]: pair[0] for pair in pairs}, **{pair[0]: pair[1] for pair in pairs}}


def split(
    seen: Mapping[str, pd.DataFrame], platform_of: pd.Series | None = None, *, seed: int,
    parameters: Mapping[str, float] | None = None,
) -> Platforms:
    """Return what each platform has of some registers.

    Parameters
    ----------
    seen : mapping of table name to DataFrame
        Registers with `volunteers`, `organisations`, `activities` and `service_records`.
    platform_of : Series of 0, 1 or 2 by org_id, optional
        The platform that each organisation uses; default the column `platform` of the organisations.
    seed : int
        Seed of the run; the same seed gives the same errors and numbers.
    parameters : mapping of card to value, optional
        Such as `{"platforms.typo": 0.2}`.
    """
    import pandas as pd

    where = _platform_of(seen, platform_of)
    rates = values(parameters)
    records = _placed(seen, where, seed, rates["platforms.copy_elsewhere"])
    accounts = _accounts(seen, where, records, seed, rates["platforms.second_account"])
    accounts = _mistyped(accounts, seed, rates)
    tables, links = {}, []
    for number, name in enumerate(PLATFORMS):
        mine = accounts[accounts["platform"] == number].sort_values("volunteer_id", ignore_index=True)
        mine["platform_volunteer_id"] = _numbers(f"{LETTERS[number]}-", np.arange(len(mine)), seed, number, 0)
        own = records[records["platform"] == number].sort_values("record_id", ignore_index=True)
        own["platform_record_id"] = _numbers(f"{LETTERS[number]}R-", np.arange(len(own)), seed, number, 1)
        codes, _ = pd.factorize(own["activity_id"], sort=True)
        own["platform_activity_id"] = _numbers(f"{LETTERS[number]}T-", codes, seed, number, 2)
        own["platform_volunteer_id"] = own["volunteer_id"].map(mine.set_index("volunteer_id")["platform_volunteer_id"])
        both = {"volunteers": mine, "records": own}
        shifts = own.drop_duplicates("platform_activity_id")[["platform_activity_id", "activity_id"]]
        tables[name] = {
            kind: to_native(frame.sort_values(f"platform_{kind[:-1]}_id", ignore_index=True), schemas()[name][kind])
            for kind, frame in both.items()
        }
        links += [
            pd.DataFrame({"platform": name, "kind": kind, "platform_id": frame[f"platform_{kind}_id"],
                          "register_id": frame[f"{kind}_id"]})
            for kind, frame in (("volunteer", mine), ("record", own), ("activity", shifts))
        ]
    truth = pd.concat(links).sort_values(["kind", "platform_id"], ignore_index=True)
    return Platforms(tables, truth)


def _platform_of(seen: Mapping[str, pd.DataFrame], platform_of: pd.Series | None) -> pd.Series:
    organisations = seen["organisations"]
    if platform_of is None:
        if "platform" not in organisations.columns:
            raise UsageError("platforms: organisations have no column platform; allowed a Series of 0, 1 or 2 by "
                             "org_id. Give platform_of.")
        platform_of = organisations.set_index("org_id")["platform"]
    found = platform_of.reindex(organisations["org_id"])
    wrong = found[~found.isin(range(len(PLATFORMS)))]
    if len(wrong):
        raise UsageError(f"platforms: platform of organisation {one_line(wrong.index[0])} is "
                         f"{one_line(wrong.iloc[0])}; allowed 0, 1 or 2 for every organisation.")
    return found.astype(np.int64).sort_index()


def _entities(ids: pd.Series) -> NDArray[np.int64]:
    """Return a number for each id that depends on nothing but the id, so no draw depends on the order of rows."""
    return np.array([int.from_bytes(sha256(str(one).encode()).digest()[:4], "big") for one in ids], dtype=np.int64)


def _draws(ids: pd.Series, seed: int, week: Any, item: int) -> tuple[Words, Words, Words, Words]:
    return draw(stream_key(seed), Stream.RELEASE, _entities(ids), APART + np.asarray(week, dtype=np.int64), item)


def _numbers(prefix: str, places: NDArray[np.int64], seed: int, platform: int, kind: int) -> list[str]:
    """Return a number for each place; platforms and kinds (people, records, activities) share none."""
    return opaque(prefix, places + (kind << 32), seed + ((platform + 1) << 40))


def _placed(seen: Mapping[str, pd.DataFrame], where: pd.Series, seed: int, elsewhere: float) -> pd.DataFrame:
    """Return the records with the platform that each stands on; some second entries stand on another one."""
    records = seen["service_records"].sort_values(["recorded_on", "record_id"], ignore_index=True)
    org = records["activity_id"].map(seen["activities"].set_index("activity_id")["org_id"])
    home = org.map(where).to_numpy(dtype=np.int64)
    again = records.duplicated(["volunteer_id", "activity_id"]).to_numpy()
    words = _draws(records["record_id"], seed, 0, 1)
    moved = again & (words[0] < threshold32(elsewhere))
    other = (home + 1 + words[1].astype(np.int64) % 2) % len(PLATFORMS)
    return records.assign(platform=np.where(moved, other, home))


def _accounts(
    seen: Mapping[str, pd.DataFrame], where: pd.Series, records: pd.DataFrame, seed: int, second: float
) -> pd.DataFrame:
    """Return one row for each volunteer and platform; `first` marks the account that was opened first."""
    import pandas as pd

    people = seen["volunteers"]
    served = records.drop_duplicates(["volunteer_id", "platform"])[["volunteer_id", "platform", "date"]]
    words = _draws(people["volunteer_id"], seed, 1, 2)
    drawn = where.to_numpy()[words[0].astype(np.int64) % max(len(where), 1)] if len(where) else np.zeros(len(people))
    start = people["volunteer_id"].map(records.drop_duplicates("volunteer_id").set_index("volunteer_id")["platform"])
    first = start.fillna(pd.Series(drawn, index=people.index)).astype(np.int64)
    more = words[1] < threshold32(second)
    other = (first.to_numpy() + 1 + words[2].astype(np.int64) % 2) % len(PLATFORMS)
    ids = people["volunteer_id"]
    rows = pd.concat([
        pd.DataFrame({"volunteer_id": ids, "platform": first}), served,
        pd.DataFrame({"volunteer_id": ids[more], "platform": other[more]}),
    ])
    rows["date"] = rows.groupby(["volunteer_id", "platform"])["date"].transform("min")
    rows = rows.drop_duplicates(["volunteer_id", "platform"])
    rows = rows[rows["volunteer_id"].isin(ids)].reset_index(drop=True)
    rows["first"] = rows["platform"] == rows["volunteer_id"].map(pd.Series(first.to_numpy(), index=ids))
    columns = ["volunteer_id", "name", "sex", "birth_year", "education", "district", "registered_on"]
    return rows.merge(people[columns], on="volunteer_id", how="left")


def _mistyped(accounts: pd.DataFrame, seed: int, rates: Mapping[str, float]) -> pd.DataFrame:
    """Return the accounts with the errors of those that were not the first."""
    import pandas as pd

    out = accounts.copy()
    what = _draws(out["volunteer_id"], seed, 2 + out["platform"].to_numpy(), 3)
    how = _draws(out["volunteer_id"], seed, 2 + out["platform"].to_numpy(), 4)
    later = ~out["first"].to_numpy()
    errors = zip(("typo", "birth_swap", "sex_missing", "moved"), what, strict=True)
    hit = {name: later & (word < threshold32(rates[f"platforms.{name}"])) for name, word in errors}
    out["sex"] = out["sex"].astype(object).where(~hit["sex_missing"], None)
    pairs = zip(out["name"], hit["typo"], how[0], strict=True)
    out["name"] = [misspelt(name, int(word)) if wrong else name for name, wrong, word in pairs]
    signs = _draws(out["volunteer_id"], seed, 2 + out["platform"].to_numpy(), 5)[:3]
    out["name"] = written(out["name"].tolist(), signs, out["platform"].to_numpy() > 0, rates)
    latest = pd.to_datetime(out["registered_on"]).dt.year - LEAST_AGE
    years = zip(out["birth_year"], hit["birth_swap"], latest, strict=True)
    out["birth_year"] = [swapped(int(year), int(most)) if wrong else int(year) for year, wrong, most in years]
    districts = sorted(out["district"].dropna().unique())
    place = {name: index for index, name in enumerate(districts)}
    if len(districts) > 1:
        step = 1 + how[1].astype(np.int64) % (len(districts) - 1)
        other = np.array(districts, dtype=object)[(out["district"].map(place).to_numpy() + step) % len(districts)]
        out["district"] = np.where(hit["moved"], other, out["district"])
    opened = pd.to_datetime(out["date"]).fillna(pd.to_datetime(out["registered_on"]))
    out["registered_on"] = pd.to_datetime(out["registered_on"]).where(~later, opened)
    return out


def misspelt(name: str, word: int) -> str:
    """Return a name as somebody mistypes it: a character taken for another, one left out, or the last two swapped."""
    begin = word % max(len(name), 1)
    for place in (*range(begin, len(name)), *range(begin)):
        if name[place] in _confused():
            return name[:place] + _confused()[name[place]] + name[place + 1:]
    if len(name) > 2 and word & 1 << 31:
        return name[:-1]
    return name[:-2] + name[-2:][::-1]


def swapped(year: int, most: int) -> int:
    """Return a year with its last two digits swapped, or the year before where no form would take that."""
    other = year // 100 * 100 + year % 10 * 10 + year // 10 % 10
    return other if other != year and OLDEST <= other <= most else year - 1


def to_native(frame: pd.DataFrame, schema: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """Return a table of the common schema as one platform writes it."""
    import pandas as pd

    out = {}
    for name, how in schema.items():
        cells = frame[name]
        if "codes" in how:
            cells = cells.map(how["codes"]).astype(object)
        elif "format" in how:
            cells = pd.to_datetime(cells).dt.strftime(how["format"])
        elif "per_hour" in how:
            cells = (cells * how["per_hour"]).round().astype(np.int64)
        out[how["column"]] = cells.to_numpy()
    return pd.DataFrame(out)
