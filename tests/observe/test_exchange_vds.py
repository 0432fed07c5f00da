"""Postings in the Volunteering Data Standard: written, read back, and every fault of a posting named."""

from __future__ import annotations

import copy
import json
from functools import cache
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.observe.books import registers
from vsim.errors import DataError, UsageError
from vsim.observe import exchange_vds
from vsim.observe.exchange_vds import check_vds, postings, read_vds, vds_bytes, vds_document
from vsim.observe.vds_check import CELLS, VOCABULARY
from vsim.report.package_privacy import private_text


@cache
def document() -> dict[str, Any]:
    return vds_document(postings(registers()))


def changed(*path: str | int, value: Any) -> dict[str, Any]:
    """Return the document with one value put in, or taken out where the value is None."""
    whole = copy.deepcopy(document())
    place: Any = whole
    for key in path[:-1]:
        place = place[key]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return whole


def test_three_lines_write_a_document_without_fault() -> None:
    tables = postings(registers())
    raw = vds_bytes(vds_document(tables))
    assert check_vds(json.loads(raw)) == []


def test_what_was_written_is_read_back_cell_by_cell() -> None:
    tables = postings(registers())
    again = read_vds(vds_bytes(vds_document(tables)))
    assert set(again) == set(tables)
    for name, frame in tables.items():
        pd.testing.assert_frame_equal(again[name], frame)
    assert vds_bytes(vds_document(again)) == vds_bytes(document())


def test_the_same_registers_in_another_order_give_the_same_bytes() -> None:
    turned = {name: frame.iloc[::-1] for name, frame in registers().items()}
    assert vds_bytes(vds_document(postings(turned))) == vds_bytes(document())


def test_every_posted_shift_is_in_the_cell_of_its_slot_at_its_station() -> None:
    sessions = postings(registers())["sessions"]
    told = {(row.activity, row.name, cell) for row in sessions.itertuples(index=False) for cell in row.time}
    shifts = registers()["activities"].merge(
        registers()["stations"][["station_id", "name"]].rename(columns={"name": "station"}), on="station_id",
    )
    for row in shifts.itertuples():
        activity = (f"{exchange_vds.BASE}activity/{row.org_id}-{row.service_field}-{row.mode}-"
                    f"{'trained' if row.gated else 'open'}")
        assert (activity, row.station, CELLS[row.start_slot]) in told
    assert len(told) <= len(shifts)


def test_the_dates_of_a_posting_span_its_shifts_and_their_lead() -> None:
    activities = postings(registers())["activities"]
    shifts = registers()["activities"]
    first = (shifts["date"] - pd.to_timedelta(shifts["lead_days"], unit="D")).min()
    assert activities["publishStart"].min() == str(first.date())
    assert activities["publishEnd"].max() == str(shifts["date"].max().date())


def test_the_context_is_inside_and_no_address_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def no_network(*args: object, **kwargs: object) -> None:
        raise AssertionError("the network was asked for")

    monkeypatch.setattr(socket, "socket", no_network)
    assert isinstance(document()["@context"], dict)
    read_vds(vds_bytes(document()))


def test_a_posting_names_no_person_and_no_number_of_one() -> None:
    text = vds_bytes(document()).decode()
    assert private_text("postings", text, 5) == []
    assert not any(number in text for number in registers()["volunteers"]["volunteer_id"])


def test_the_youngest_age_is_a_card() -> None:
    assert set(postings(registers())["roles"]["minimumAge"]) == {14}
    older = postings(registers(), {"exchange_vds.minimum_age": 18.0})
    assert set(older["roles"]["minimumAge"]) == {18}
    with pytest.raises(UsageError, match="minimum_age"):
        postings(registers(), {"exchange_vds.minimum_age": 99.0})


def test_registers_without_shifts_give_organisations_without_activities() -> None:
    empty = {**registers(), "activities": registers()["activities"].iloc[:0]}
    again = read_vds(vds_bytes(vds_document(postings(empty))))
    assert len(again["organisations"]) == 9
    assert [len(again[name]) for name in ("activities", "roles", "sessions")] == [0, 0, 0]


ORG = ("graph", 0)
ACT = (*ORG, "activity", 0)
FAULTS = [
    (("@context",), None, "has no @context"),
    ((*ORG, "name"), None, "graph[0]: has no name"),
    ((*ORG, "id"), "not an address", "graph[0].id"),
    ((*ORG, "type"), "Charity", "allowed Organisation"),
    ((*ACT, "title"), "", "has no title"),
    ((*ACT, "titel"), "x", "Did you mean 'title'?"),
    ((*ACT, "publishEnd"), "2020-01-01", "before publishStart"),
    ((*ACT, "publishStart"), "1.9.2025", "allowed a date"),
    ((*ACT, "publishStart"), "2025-02-30", "allowed a date"),
    ((*ACT, "requiresEmergencyParticipation"), "no", "true or false"),
    ((*ACT, "session"), [], "has no session"),
    ((*ACT, "role", 0, "minimumAge"), "fourteen", "whole years"),
    ((*ACT, "role", 0, "minimumAge"), -1, "whole years"),
    ((*ACT, "role", 0, "maximumAge"), 3, "below minimumAge"),
    ((*ACT, "role", 0), "volunteer", "an object of class Role"),
    ((*ACT, "session", 0, "time", 0), VOCABULARY + "MondayNight", "one of 21 cells"),
    ((*ACT, "session", 0, "time", 0), "MondayMornin", "Did you mean 'MondayMorning'?"),
    ((*ACT, "session", 0, "time", 0), {"beginning": "18:00", "end": "09:00"}, "not after its beginning"),
    ((*ACT, "session", 0, "time", 0), {"beginning": "9 o'clock", "end": "12:00"}, "allowed a time"),
    ((*ACT, "session", 0, "time"), None, "has no time"),
    ((*ACT, "session", 0, "location"), {"type": "Location"}, "has no location"),
    ((*ACT, "session", 0, "location"), {"latitude": 99.0}, "90 degrees"),
    ((*ORG, "cause"), ["health"], "addresses of terms"),
    ((*ORG, "activity", 1, "id"), None, "has no id"),
    (("graph",), [], "has no organisation"),
]


@pytest.mark.parametrize(("path", "value", "words"), FAULTS)
def test_each_fault_is_named_with_its_place(path: tuple[str | int, ...], value: Any, words: str) -> None:
    found = check_vds(changed(*path, value=value))
    if value == {"type": "Location"}:
        assert any("says no place" in fault for fault in found)
    else:
        assert any(words in fault for fault in found), found


def test_an_id_that_stands_twice_is_named() -> None:
    first = document()["graph"][0]["activity"][0]["id"]
    (fault,) = check_vds(changed(*ORG, "activity", 1, "id", value=first))
    assert "an id of its own" in fault


def test_other_forms_of_the_standard_are_understood() -> None:
    one = copy.deepcopy(document()["graph"][0])
    assert check_vds([one]) == []
    assert check_vds({**one, "@context": "https://api.volunteeringdata.io/context/v1"}) == []
    one["activity"] = one["activity"][0]                                 # one thing is the same as a list of it
    one["activity"]["session"][0]["time"] = "volunteering:MondayMorning"
    one["activity"]["session"][0]["location"]["volunteering:name"] = "a term by its short form"
    one["activity"]["vsim:note"] = "a term of another vocabulary is left alone"
    assert check_vds([one]) == []


@pytest.mark.parametrize("raw", [b"{", "", b"\xff\xfe", "[" * 100_000, "null", '"text"', "[[]]", "7"])
def test_no_text_breaks_the_reader(raw: bytes | str) -> None:
    with pytest.raises(DataError, match="posting"):
        read_vds(raw)


def test_a_huge_document_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange_vds, "LARGEST", 1000)
    with pytest.raises(DataError, match="in parts"):
        read_vds(vds_bytes(document()))


def test_a_file_of_nothing_but_faults_gives_a_bounded_list() -> None:
    assert 1000 <= len(check_vds([1] * 5000)) <= 1001


trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["id", "type", "name", "activity", "role", "session", "time", "location", "graph", "minimumAge",
                         "publishStart", "cause", "latitude", "end"]) | st.text(max_size=5), inner, max_size=4,
    ), max_leaves=20,
)


@given(trees)
def test_the_checker_answers_on_any_tree(tree: Any) -> None:
    assert all(isinstance(fault, str) and "\n" not in fault for fault in check_vds(tree))


def test_the_registers_of_a_run_go_the_same_way() -> None:
    from tests.cli.small import town_run
    from vsim.run.record import registers as of_run

    tables = postings(of_run(town_run()))
    again = read_vds(vds_bytes(vds_document(tables)))
    for kind, frame in tables.items():
        pd.testing.assert_frame_equal(again[kind], frame)
