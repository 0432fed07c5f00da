"""course.yaml: what is written for a new course is read back as it was."""

from __future__ import annotations

import pytest
import yaml

from vsim.course.settings import Settings, settings_text


@pytest.mark.parametrize("given", [
    {"name": "2026", "utc_offset": "-10:30", "cohort": "no"}, {"name": "c", "cohort": "2026 秋 #1: \"first\""},
    {"name": "c", "counts": "last", "late_per_day": 0.1, "weak": True, "units": ["a b"]},
])
def test_every_value_comes_back(given: dict[str, object]) -> None:
    settings = Settings.model_validate(given)
    assert Settings(**yaml.safe_load(settings_text(settings))) == settings


def test_each_line_says_what_it_allows() -> None:
    lines = settings_text(Settings(name="c")).splitlines()[1:]
    assert [line.partition(":")[0] for line in lines] == list(Settings.model_fields)
    assert all("    # " in line for line in lines)
