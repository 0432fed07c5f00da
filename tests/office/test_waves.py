"""What surveys and media share: weeks by district, stocks at rows, samples."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vsim.office.waves import asked, recent, saturated


def test_a_sample_is_those_with_the_smallest_numbers_in_each_district() -> None:
    people = pd.DataFrame({"person": [1, 2, 3, 4], "district": ["D01", "D01", "D01", "D02"]})
    drawn = asked(people, 2, np.array([0.9, 0.1, 0.5, 0.7]))
    assert drawn["person"].tolist() == [2, 3, 4]


def test_half_of_the_response_is_reached_at_the_half() -> None:
    assert saturated(np.array([0.0, 3.0]), 3.0).tolist() == [0.0, 0.5]


def test_the_past_year_ends_with_the_week() -> None:
    served = pd.DataFrame({"week": [-1, 0, 51, 52]})
    assert recent(served, 51)["week"].tolist() == [0, 51]
