"""Small made-up frames that follow every dictionary, for the tests of data packages."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from vsim.report.package import write_package
from vsim.world.names import district_names, org_names, person_names, station_names

START = date(2025, 1, 6)
VOLUNTEERS, ACTIVITIES, RECORDS = 12, 9, 30
ABOUT: dict[str, Any] = {
    "name": "smalltown", "title": "Small town", "version": "1.0.0", "scenario_hash": "0f" * 32, "seed": 7,
    "model_version": "0.1.0",
    "licences": [{"name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0",
                  "path": "https://creativecommons.org/licenses/by/4.0/"}],
    "sources": [{"title": "vsim, scenario smalltown"}],
    "recipe": {"command": "vsim data remake smalltown", "scenario": "smalltown", "seed": 7},
}


def words(count: int, salt: int) -> np.ndarray:
    return np.random.default_rng(salt).integers(0, 2**32, (count, 2), dtype=np.uint32)


def ids(letter: str, count: int, start: int = 0) -> list[str]:
    return [f"{letter}-{(start + i) * 2654435761 % 2**32:08X}" for i in range(count)]


def day(n: int) -> date:
    return START + timedelta(days=n)


def frames() -> dict[str, pd.DataFrame]:
    """Return one frame for each table that an agency sees."""
    districts = district_names(3)
    places = [place.name for place in districts]
    codes = [place.code for place in districts]
    kinds, forms = ["station", "point", "museum"], ["association", "filed", "school"]
    volunteers, activities, records = ids("V", VOLUNTEERS), ids("A", ACTIVITIES), ids("S", RECORDS)
    n = np.arange
    return {
        "districts": pd.DataFrame({
            "district": codes, "name": places, "prefecture": ["P01", "P01", "P02"],
            "population": [1500, 1800, 900],
            "residents": [1200, 1400, 700], "area_km2": [4.0, 4.5, 3.25],
        }),
        "stations": pd.DataFrame({
            "station_id": ["007", "018", "129"], "name": station_names(words(3, 1), places, kinds),
            "district": codes, "kind": kinds, "x_km": [0.5, 1.25, 0.01], "y_km": [1.0, 0.75, 1.99],
            "opened_on": [date(2019, 3, 5)] * 3,
        }),
        "organisations": pd.DataFrame({
            "org_id": ids("O", 3), "name": org_names(words(3, 2), places, forms),
            "district": codes, "legal_form": forms, "service_field": ["health", "culture", "older_people"],
            "size_band": ["small", "large", "medium"], "founded_year": [2012, 2008, 2020],
        }),
        "volunteers": pd.DataFrame({
            "volunteer_id": volunteers,
            "name": person_names(words(VOLUNTEERS, 3), n(VOLUNTEERS) % 2),
            "sex": ["M", "F"] * 6, "birth_year": 1950 + 4 * n(VOLUNTEERS),
            "education": ["primary", "secondary", "college", "degree"] * 3, "student": n(VOLUNTEERS) > 9,
            "party_member": n(VOLUNTEERS) % 5 == 0, "district": codes * 4,
            "registered_on": [day(-40 * i) for i in range(VOLUNTEERS)],
            "status": ["active", "lapsed", "registered"] * 4, "star": n(VOLUNTEERS) % 3,
            "verified_hours_total": 2.5 * n(VOLUNTEERS), "points_balance": 10 * n(VOLUNTEERS),
            "trained_until": [day(400) if i % 3 else None for i in range(VOLUNTEERS)],
        }),
        "activities": pd.DataFrame({
            "activity_id": activities, "date": pd.to_datetime([day(5 * i) for i in range(ACTIVITIES)]),
            "week": [5 * i // 7 for i in range(ACTIVITIES)], "district": codes * 3,
            "station_id": ["007", "018", None] * 3, "org_id": ids("O", 3) * 3,
            "service_field": ["health", "culture", "older_people"] * 3,
            "mode": ["daily", "paired", "menu"] * 3,
            "recurring": [True, False, False] * 3, "gated": [False, False, True] * 3,
            "start_slot": n(ACTIVITIES) * 2, "planned_hours": [3.0, 2.5, 1.25] * 3,
            "people_needed": n(ACTIVITIES) + 1, "lead_days": n(ACTIVITIES),
        }),
        "service_records": pd.DataFrame({
            "record_id": records, "volunteer_id": [volunteers[i % VOLUNTEERS] for i in range(RECORDS)],
            "activity_id": [activities[i % ACTIVITIES] for i in range(RECORDS)],
            "date": [day(5 * (i % ACTIVITIES)) for i in range(RECORDS)],
            "recorded_on": [day(5 * (i % ACTIVITIES) + i) for i in range(RECORDS)],
            "hours": 0.25 + 0.5 * (n(RECORDS) % 6),
            "method": ["qr", "gps", "paper"] * 10, "verify_state": ["verified", "verified", "draft"] * 10,
            "source_system": ["platform_a", "platform_b"] * 15,
        }),
        "training_records": pd.DataFrame({
            "training_id": ids("T", 3), "volunteer_id": volunteers[:3],
            "course": ["basics", "skills", "leaders"],
            "date": [day(1), day(2), day(3)], "hours": [4.0, 8.0, 6.5], "passed": [True, True, False],
            "valid_to": [day(366), None, None],
        }),
        "star_awards": pd.DataFrame({
            "award_id": ids("W", 2), "volunteer_id": volunteers[3:5], "star": [1, 2],
            "awarded_on": [day(30), day(60)], "verified_hours_at_award": [10.5, 21.0],
        }),
        "points_ledger": pd.DataFrame({
            "entry_id": ids("E", 3), "volunteer_id": [volunteers[1]] * 3, "date": [day(7), day(14), day(21)],
            "kind": ["earn", "spend", "expire"], "points": [30, -15, -5], "balance": [30, 15, 10],
        }),
    }


def truth_frames() -> dict[str, pd.DataFrame]:
    """Return one frame for each table of the truth."""
    seen = frames()
    records, volunteers = seen["service_records"], seen["volunteers"]["volunteer_id"].tolist()
    n = np.arange(VOLUNTEERS)
    return {
        "people_truth": pd.DataFrame({
            "resident_key": ids("R", VOLUNTEERS + 2), "volunteer_id": [*volunteers, None, None],
            "registered": [True] * VOLUNTEERS + [False] * 2, "taste": [*(-0.1 * n), 0.5, -0.25],
            "reliability": [*(0.3 * n), 0.0, 1 / 3], "steered": [True, False] * 7,
            "ever_served": [True] * VOLUNTEERS + [False] * 2, "true_hours_total": [*(1.5 * n), 0.0, 0.0],
            "exited": [False, True] * 7,
        }),
        "service_truth": pd.DataFrame({
            "service_key": ids("K", RECORDS + 1), "record_id": [*records["record_id"], None],
            "volunteer_id": [*records["volunteer_id"], volunteers[0]],
            "activity_id": [*records["activity_id"], records["activity_id"][0]],
            "date": [*records["date"], records["date"][0]], "true_hours": [*records["hours"], 1.75],
            "showed_up": True, "sent_home": False, "recorded": [True] * RECORDS + [False],
            "duplicate_of": [records["record_id"][0] if i == 5 else None for i in range(RECORDS + 1)],
            "inflated": False, "rounded": [i % 4 == 0 for i in range(RECORDS + 1)],
        }),
        "effects_truth": pd.DataFrame({
            "indicator": ["hours", "hours"], "estimand": ["total", "att"], "district": ["all", "D01"],
            "value": [0.123456789012, 1e-7], "se": [0.01, 0.02], "low": [0.10, -0.04], "high": [0.14, 0.04],
            "unit": ["h", "h"], "n": [20, 20],
        }),
    }


def package(folder: Path, force: bool = False, bom_twins: bool = False, **changes: pd.DataFrame) -> Path:
    """Write the small package, with some of its frames changed."""
    seen, truth = frames(), truth_frames()
    for name, frame in changes.items():
        (truth if name.endswith("_truth") else seen)[name] = frame
    return write_package(folder, seen, truth, force=force, bom_twins=bom_twins, **ABOUT)
