"""Releases: pseudonyms that nobody joins without the secret, nobody recognisable, and a report that adds up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.observe.books import registers
from vsim.errors import UsageError
from vsim.observe.disclosure import ALL, smallest_cell
from vsim.observe.release import QUASI, Release, ReleasePolicy, pseudonyms, release
from vsim.observe.signing import new_secret
from vsim.report.package_privacy import private_text

pytestmark = pytest.mark.slow

SECRET = new_secret(1)
DAY = date(2026, 2, 1)
POLICY = ReleasePolicy("Teaching how rates are counted")


def made(
    policy: ReleasePolicy = POLICY, label: str = "2026-H1", secret: bytes = SECRET, on: date = DAY,
    seen: Mapping[str, pd.DataFrame] | None = None,
) -> Release:
    return release(registers() if seen is None else seen, policy, secret=secret, label=label, on=on)


def asked(**settings: Any) -> ReleasePolicy:
    return ReleasePolicy("test", **settings)


def with_people(**columns: Any) -> dict[str, pd.DataFrame]:
    return {**registers(), "volunteers": registers()["volunteers"].assign(**columns)}


def test_three_lines_make_a_release_and_its_report() -> None:
    policy = ReleasePolicy("Teaching how rates are counted")
    out = release(registers(), policy, secret=new_secret(), label="2026-H1", on=DAY)
    assert len(out.report_table()) > 15
    assert out.volunteers.columns.tolist() == ["pseudonym", *policy.keep]


def test_nobody_stands_in_a_cell_below_k_and_the_report_says_so() -> None:
    for k in (2, 5, 20):
        out = made(asked(k=k))
        assert smallest_cell(out.volunteers, QUASI) == out.report["smallest_cell"] >= k
        assert out.report["highest_risk"] == 1 / out.report["smallest_cell"] <= out.report["risk_bound"] == 1 / k
        assert 0 < out.report["mean_risk"] <= out.report["highest_risk"]
        assert out.report["unique_after"] == 0.0 < out.report["unique_before"]
        assert out.report["smallest_cell_before"] == 1


def test_the_records_of_the_report_add_up() -> None:
    for minors in ("drop", "mask", "keep"):
        for age in (0, 18):
            told = made(asked(minors=minors, minor_age=age)).report
            gone = told["minors"] if minors == "drop" else 0
            assert told["records_in"] == told["records_out"] + told["suppressed"] + told["expired"] + gone
            assert told["records_in"] == 400


def test_names_and_numbers_never_leave() -> None:
    out = made()
    people = registers()["volunteers"]
    text = out.volunteers.to_csv() + out.report_table().to_csv()
    assert not any(number in text for number in people["volunteer_id"])
    assert not any(name in text for name in people["name"])
    assert private_text("release", text, 5) == []
    assert "name" in out.report["dropped_columns"]
    for name in ("name", "volunteer_id", "contact", "guardian_id"):
        with pytest.raises(UsageError, match="points to one person"):
            asked(keep=("sex", name), quasi=("sex",))


def test_two_releases_share_no_pseudonym_and_the_secret_joins_them() -> None:
    one, two = made(label="2026-H1"), made(label="2026-H2")
    assert set(one.volunteers["pseudonym"]).isdisjoint(two.volunteers["pseudonym"])
    assert set(one.volunteers["pseudonym"]).isdisjoint(made(secret=new_secret(2)).volunteers["pseudonym"])
    ids = registers()["volunteers"]["volunteer_id"]
    back = [dict(zip(pseudonyms(ids, SECRET, label), ids, strict=True)) for label in ("2026-H1", "2026-H2")]
    joined = [out.volunteers["pseudonym"].map(table) for out, table in zip((one, two), back, strict=True)]
    assert joined[0].notna().all()
    assert set(joined[0]) == set(joined[1])


def test_the_order_of_rows_joins_nothing_either() -> None:
    one, two = made(label="2026-H1"), made(label="2026-H2")
    ids = registers()["volunteers"]["volunteer_id"]
    orders = []
    for out in (one, two):
        table = dict(zip(pseudonyms(ids, SECRET, out.label), ids, strict=True))
        orders.append(out.volunteers["pseudonym"].map(table).tolist())
        assert out.volunteers["pseudonym"].is_monotonic_increasing
    agreeing = sum(a == b for a, b in zip(*orders, strict=True))
    assert agreeing < 10                                    # by chance one or so of some 380
    place = {who: index for index, who in enumerate(orders[0])}
    assert abs(pd.Series([place[who] for who in orders[1]]).corr(pd.Series(range(len(orders[1]))))) < 0.2


def test_no_combination_of_kept_traits_joins_two_releases_one_to_one() -> None:
    one, two = (made(label=label).volunteers.drop(columns="pseudonym") for label in ("2026-H1", "2026-H2"))
    sizes = one.groupby(list(QUASI)).size()
    assert sizes.min() >= 5
    assert (two.groupby(list(QUASI)).size() == sizes).all()


def test_pseudonyms_are_different_opaque_and_the_same_again() -> None:
    ids = [f"V-{number}" for number in range(5000)]
    codes = pseudonyms(ids, SECRET, "a")
    assert len(set(codes)) == 5000
    assert all(re.fullmatch(r"X-[A-Z2-7]{12}", code) for code in codes)
    assert pseudonyms(ids, SECRET, "a") == codes
    assert abs(pd.Series(codes).rank().corr(pd.Series(range(5000)))) < 0.05
    with pytest.raises(UsageError, match="16 or more"):
        pseudonyms(ids, b"short", "a")


def test_true_values_only_become_coarser() -> None:
    out = made()
    ids = registers()["volunteers"]["volunteer_id"]
    back = dict(zip(pseudonyms(ids, SECRET, out.label), ids, strict=True))
    people = registers()["volunteers"].set_index("volunteer_id")
    for row in out.volunteers.itertuples():
        source = people.loc[back[row.pseudonym]]
        low, _, high = str(row.birth_year).partition("-")
        assert row.birth_year == ALL or int(low) <= source["birth_year"] <= int(high or low)
        assert row.status == source["status"]
        assert row.sex in (ALL, source["sex"])


def test_children_are_dropped_masked_or_kept_as_asked() -> None:
    seen = with_people(birth_year=[2014] * 30 + [1980] * 370)
    drop, mask, keep = (made(asked(minors=how), seen=seen) for how in ("drop", "mask", "keep"))
    assert drop.report["minors"] == mask.report["minors"] == 30
    assert drop.report["records_out"] <= 370
    hidden = mask.volunteers[(mask.volunteers.drop(columns="pseudonym") == ALL).all(axis=1)]
    assert len(hidden) == 30
    assert keep.report["minors"] == 0
    few = with_people(birth_year=[2014] * 3 + [1980] * 397)
    assert made(asked(minors="mask"), seen=few).report["suppressed"] >= 3


def test_who_may_not_have_had_the_birthday_counts_as_a_child() -> None:
    seen = with_people(birth_year=[2012] * 100 + [2011] * 100 + [1980] * 200)
    assert made(seen=seen).report["minors"] == 100
    assert made(asked(minor_age=18), seen=seen).report["minors"] == 200


def test_who_has_had_no_entry_for_the_years_of_retention_stays_behind() -> None:
    people = registers()["volunteers"]
    served = set(registers()["service_records"]["volunteer_id"])
    old = people["registered_on"].where(people.index >= 100, pd.Timestamp("2015-01-01"))
    seen = with_people(registered_on=old)
    expired = sum(who not in served for who in people["volunteer_id"][:100])
    assert 0 < expired < 100
    assert made(seen=seen).report["expired"] == expired
    assert made(asked(retention=20), seen=seen).report["expired"] == 0


def test_the_report_names_the_diversity_of_sensitive_columns() -> None:
    kept, quasi = ("sex", "birth_year", "party_member"), ("birth_year", "sex")
    told = made(asked(keep=kept, quasi=quasi, sensitive=("party_member",)))
    assert told.report["l_party_member"] >= 1
    assert 0 <= told.report["told_party_member"] <= 1


@pytest.mark.parametrize(("settings", "words"), [
    ({"minors": "hide"}, "minors is hide"),
    ({"keep": ("sex",), "quasi": ("sex", "birth_year")}, "birth_year is not kept"),
    ({"keep": ("sex",), "sensitive": ("party_member",)}, "party_member is not kept"),
])
def test_a_policy_that_contradicts_itself_is_refused(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        asked(**settings)


def test_purpose_columns_and_numbers_are_checked() -> None:
    with pytest.raises(UsageError, match="purpose is empty"):
        ReleasePolicy(" ")
    with pytest.raises(UsageError, match="Did you mean 'status'"):
        made(asked(keep=("sex", "statsu"), quasi=("sex",)))
    for wrong in ({"k": 0}, {"k": 2.5}, {"most_suppressed": 2}, {"retention": -1}, {"minor_age": 40}):
        with pytest.raises(UsageError, match=str(next(iter(wrong)))):
            made(asked(**wrong))


def test_no_volunteers_make_an_empty_release() -> None:
    empty = {**registers(), "volunteers": registers()["volunteers"].iloc[:0]}
    out = made(seen=empty)
    assert (len(out.volunteers), out.report["records_in"], out.report["highest_risk"]) == (0, 0, 0.0)


@settings(max_examples=15)
@given(
    st.lists(st.tuples(st.integers(1930, 2018), st.sampled_from(["D01", "D02", "D03"]), st.sampled_from(["F", "M"])),
             max_size=50),
    st.integers(1, 8), st.sampled_from(["drop", "mask", "keep"]), st.sampled_from([0.0, 0.1, 1.0]),
)
def test_whoever_registers_no_release_has_a_cell_below_k(
    drawn: list[tuple[int, str, str]], k: int, minors: Any, most: float
) -> None:
    count = len(drawn)
    people = registers()["volunteers"].iloc[:count].assign(
        birth_year=[row[0] for row in drawn], district=[row[1] for row in drawn], sex=[row[2] for row in drawn],
    )
    out = made(asked(k=k, minors=minors, most_suppressed=most), seen={**registers(), "volunteers": people})
    assert not len(out.volunteers) or smallest_cell(out.volunteers, QUASI) >= k
    assert len(out.volunteers) <= count
    assert out.volunteers["pseudonym"].is_unique
    assert set(out.volunteers["pseudonym"]) <= set(pseudonyms(people["volunteer_id"], SECRET, "2026-H1"))


def test_the_registers_of_a_run_go_the_same_way() -> None:
    from tests.cli.small import town_run
    from vsim.run.record import registers as of_run

    out = made(seen=of_run(town_run()), on=date(2026, 1, 31))
    assert smallest_cell(out.volunteers, QUASI) >= 5
    assert len(out.volunteers) > 250
