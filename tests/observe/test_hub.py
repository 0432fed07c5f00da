"""The data hub: nothing lost without a rule, every value that was not kept written down, wrong mappings named."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

import pandas as pd
import pytest

from tests.observe.books import platform_of, registers
from vsim.errors import DataError, UsageError
from vsim.observe.hub import Hub, hub_numbers, merge, to_common
from vsim.observe.linkage import link, true_pairs
from vsim.observe.platforms import PLATFORMS, Platforms, dictionaries, schemas, split

pytestmark = pytest.mark.slow

NONE = pd.DataFrame({"left": [], "right": []}, dtype=object)


@cache
def platforms() -> Platforms:
    return split(registers(), platform_of(), seed=4)


@cache
def perfect() -> pd.DataFrame:
    return pd.DataFrame(sorted(true_pairs(platforms().links_truth)), columns=["left", "right"])


def merged(pairs: pd.DataFrame | None = None, **options: Any) -> Hub:
    return merge(platforms().tables, perfect() if pairs is None else pairs, **options)


def test_three_lines_merge_the_platforms() -> None:
    accounts = to_common(platforms().tables)["platform_volunteers"]
    hub = merge(platforms().tables, link(accounts), dedupe="same", priority=PLATFORMS)
    assert len(hub.volunteers) < len(accounts)
    assert tuple(hub.conflicts.columns) == dictionaries()["hub_conflicts"].names


def test_with_the_true_links_the_hub_has_one_row_a_volunteer() -> None:
    hub = merged(dedupe="none")
    assert len(hub.volunteers) == len(registers()["volunteers"])
    assert hub.volunteers["hub_id"].is_unique
    assert hub.volunteers["platforms"].max() == 3
    assert hub.records["hours"].sum() == registers()["service_records"]["hours"].sum()
    truth = platforms().links_truth.set_index("platform_id")["register_id"]
    assert hub.hub_ids.groupby(hub.hub_ids.index.map(truth)).nunique().max() == 1


def test_without_links_every_account_stays() -> None:
    hub = merged(NONE)
    accounts = to_common(platforms().tables)["platform_volunteers"]
    assert len(hub.volunteers) == len(accounts)
    assert (hub.conflicts["kind"] == "record").all()


def test_each_rule_takes_away_at_least_what_the_stricter_takes() -> None:
    sizes = [len(merged(dedupe=rule).records) for rule in ("none", "same", "day")]
    assert sizes[0] == len(registers()["service_records"])
    assert sizes[0] > sizes[1] > sizes[2]


def test_the_rules_on_a_day_counted_by_hand() -> None:
    tables = small()
    pairs = pd.DataFrame({"left": ["A-1"], "right": ["B-1"]})
    def hours(rule: Any, priority: tuple[str, ...] = PLATFORMS) -> list[float]:
        return sorted(merge(tables, pairs, dedupe=rule, priority=priority).records["hours"])
    assert hours("none") == [1.0, 2.0, 2.0, 2.0, 3.0]
    assert hours("same") == [1.0, 2.0, 3.0]         # the shift entered twice on A, and its third entry on B
    assert hours("day") == [1.0, 2.0]               # B's 3 hours of that day as well, rightly or not
    assert hours("day", PLATFORMS[::-1]) == [1.0, 2.0, 3.0]
    kept = merge(tables, pairs, dedupe="day").conflicts
    assert kept.loc[kept["kind"] == "record", ["column_name", "kept_value", "other_value"]].to_numpy().tolist() == [
        ["hours", "2.0", "3.0"], ["verify_state", "verified", "draft"], ["verify_state", "verified", "draft"],
    ]


def small() -> dict[str, dict[str, pd.DataFrame]]:
    """Return two platforms: one person on both, one day on which more than one thing was entered."""
    a, b = (schemas()[name] for name in ("platform_a", "platform_b"))
    names = {name: [how["column"] for how in schema["records"].values()] for name, schema in (("a", a), ("b", b))}
    return {
        "platform_a": {
            "volunteers": pd.DataFrame([["A-1", "张伟", "1", 1980, "40", "D01", "2024-05-01"]],
                                       columns=[how["column"] for how in a["volunteers"].values()]),
            "records": pd.DataFrame([
                ["AR-1", "A-1", "AT-1", "2025-09-01", "2025-09-02", 2.0, "1"],
                ["AR-2", "A-1", "AT-1", "2025-09-01", "2025-09-05", 2.0, "0"],
                ["AR-3", "A-1", "AT-2", "2025-09-08", "2025-09-08", 1.0, "1"],
            ], columns=names["a"]),
        },
        "platform_b": {
            "volunteers": pd.DataFrame([["B-1", "章伟", None, 1980, "本科", "D02", "2023/05/01"]],
                                       columns=[how["column"] for how in b["volunteers"].values()]),
            "records": pd.DataFrame([
                ["BR-1", "B-1", "BT-1", "2025/09/01", "2025/09/03", 120, "通过"],
                ["BR-2", "B-1", "BT-2", "2025/09/01", "2025/09/03", 180, "待审"],
            ], columns=names["b"]),
        },
    }


def test_values_follow_the_order_of_priority_and_the_others_are_written_down() -> None:
    pairs = pd.DataFrame({"left": ["A-1"], "right": ["B-1"]})
    for priority, name, sex in ((PLATFORMS, "张伟", "M"), (PLATFORMS[::-1], "章伟", "M")):
        hub = merge(small(), pairs, priority=priority, dedupe="none")
        (row,) = hub.volunteers.to_dict("records")
        assert (row["name"], row["sex"], row["platforms"]) == (name, sex, 2)          # a missing value never wins
        assert str(row["registered_on"].date()) == "2023-05-01"
        assert hub.conflicts["column_name"].tolist() == ["district", "name"]
        said = hub.conflicts.set_index("column_name").loc["name"]
        assert said["kept_value"] == name
        assert said["other_value"] == ("章伟" if name == "张伟" else "张伟")
        assert said["kept_from"] != said["other_from"]


def test_conflicts_follow_their_dictionary() -> None:
    frame = merged(dedupe="day").conflicts
    assert len(frame) > 10
    assert frame["conflict_id"].is_unique
    for column in dictionaries()["hub_conflicts"].columns:
        assert frame[column.name].notna().all()
        assert set(frame[column.name]) <= set(column.enum or frame[column.name])
    assert (frame["kept_value"] != frame["other_value"]).all()


def test_links_join_by_way_of_others() -> None:
    pairs = pd.DataFrame({"left": ["A", "C"], "right": ["B", "B"]})
    numbers = hub_numbers(["D", "C", "B", "A"], pairs)
    assert numbers["A"] == numbers["B"] == numbers["C"] != numbers["D"]
    with pytest.raises(DataError, match="no platform has"):
        hub_numbers(["A"], pairs)


def test_the_hub_is_the_same_whatever_the_order() -> None:
    turned = {name: {kind: frame.iloc[::-1] for kind, frame in tables.items()}
              for name, tables in reversed(platforms().tables.items())}
    again = merge(turned, perfect().iloc[::-1])
    for name in ("volunteers", "records", "conflicts"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(merged(), name))


def test_a_wrong_mapping_is_named() -> None:
    tables = platforms().tables
    lost = copy.deepcopy(schemas())
    lost["platform_a"]["volunteers"]["sex"]["column"] = "sexx"
    with pytest.raises(DataError, match="platform_a volunteers: has no column 'sexx'"):
        to_common(tables, lost)
    codes = copy.deepcopy(schemas())
    codes["platform_b"]["volunteers"]["sex"]["codes"] = {"F": "女"}
    with pytest.raises(DataError, match="性别 is 男; allowed 女"):
        to_common(tables, codes)
    dates = copy.deepcopy(schemas())
    dates["platform_c"]["records"]["date"]["format"] = "%Y-%m-%d"
    with pytest.raises(DataError, match="holds no dates"):
        to_common(tables, dates)
    with pytest.raises(UsageError, match="Did you mean 'platform_a'"):
        to_common({"platform_aa": tables["platform_a"]})


@pytest.mark.parametrize("options", [
    {"dedupe": "hour"}, {"priority": PLATFORMS[:2]}, {"priority": (*PLATFORMS, PLATFORMS[0])},
])
def test_a_rule_or_order_that_is_none_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="allowed"):
        merged(**options)


def test_platforms_without_anybody_merge_to_nothing() -> None:
    empty = {name: {kind: frame.iloc[:0] for kind, frame in tables.items()}
             for name, tables in platforms().tables.items()}
    hub = merge(empty, NONE, dedupe="day")
    assert [len(frame) for frame in (hub.volunteers, hub.records, hub.conflicts)] == [0, 0, 0]
