"""What a data set takes of a run: what its recipe names, and nothing that gives away who is who."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.cli.small import town_run
from vsim.errors import UsageError
from vsim.observe.platforms import PLATFORMS
from vsim.run.offices import paperwork
from vsim.run.record import registers, truth
from vsim.run.take import take

pytestmark = pytest.mark.slow

SAFE = ("districts", "organisations", "stations")


def test_without_words_all_registers_are_taken_and_nothing_else() -> None:
    seen, hidden = take(town_run())
    for found, known in ((seen, registers(town_run())), (hidden, truth(town_run()))):
        assert list(found) == list(known)
        for name, frame in found.items():
            pd.testing.assert_frame_equal(frame, known[name])


def test_registers_and_tables_of_offices_are_taken_by_name() -> None:
    seen, _ = take(town_run(), tables=["districts", "volunteers"], office=["requests", "consents"])
    assert set(seen) == {"districts", "volunteers", "requests", "consents"}
    pd.testing.assert_frame_equal(seen["requests"], paperwork(town_run())["requests"])


def test_platforms_stand_in_place_of_the_register() -> None:
    seen, hidden = take(town_run(), tables=SAFE, office=["consents", "audited_records"], platforms=PLATFORMS)
    assert {*SAFE, "platform_a_records", "platform_columns", "consents"} <= set(seen)
    ids = set(registers(town_run())["volunteers"]["volunteer_id"])
    for name, frame in seen.items():
        for column in frame.columns:
            assert not ids & set(frame[column].dropna().map(str)), f"{name}.{column}"
    links = hidden["links_truth"]
    assert set(links.loc[links["kind"] == "volunteer", "register_id"]) == ids
    assert len(seen["consents"]) == len(paperwork(town_run())["consents"])


@pytest.mark.parametrize(("given", "words"), [
    ({"tables": ["volunters"]}, "Did you mean 'volunteers'"),
    ({"tables": ["people_truth"]}, "is no such table"),
    ({"office": ["request"]}, "Did you mean 'requests'"),
    ({"platforms": ["platform_d"], "tables": SAFE}, "is no platform"),
    ({"platforms": PLATFORMS}, "gives away who is who"),
    ({"platforms": PLATFORMS, "tables": ["activities"]}, "allowed districts, organisations, stations"),
])
def test_what_cannot_be_taken_is_refused(given: dict[str, list[str]], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        take(town_run(), **given)
