"""Some offices alone: their tables are those of the whole paperwork, and what cannot be asked is refused."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.engine_worlds import run_of
from vsim.errors import UsageError
from vsim.run.offices import paperwork


def test_offices_that_work_alone_write_what_they_write_beside_all_others() -> None:
    run = run_of("everything")
    whole, some = paperwork(run), paperwork(run, ("status", "stations", "ratings"))
    assert {"status_history", "venues", "ratings"} <= set(some) < set(whole)
    for name, table in some.items():
        pd.testing.assert_frame_equal(table, whole[name])
    assert len(some["ratings"]) > 0


@pytest.mark.parametrize(("offices", "told"), [
    (["rating"], "Did you mean 'ratings'"),
    (["matches"], "needs table .ratings., which an office that is left out writes"),
])
def test_offices_that_cannot_work_are_refused(offices: list[str], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        paperwork(run_of("everything"), offices)
