"""Records of a run: the books of all districts as plain tables of integers, truth and all.

These raw tables are the hand-over to `vsim.observe`, which makes of them what an agency sees, and the truth apart.
Ids are dense integers of the region, weeks count from the first week of the run, hours are quarter hours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vsim.observe import registers as seen
from vsim.observe.truth import truth_tables
from vsim.rng import Stream, draw, stream_key
from vsim.run.run import Run
from vsim.world.city import Unit
from vsim.world.ledgers import Book
from vsim.world.names import district_names, org_names, person_names, prefecture_names, station_names
from vsim.world.people import DEGREE, FEMALE, PARTY, STUDENT
from vsim.world.state import LAPSED, NEVER, UNREGISTERED

if TYPE_CHECKING:
    import pandas as pd

LEGAL_FORMS = (
    "unregistered", "filed", "party_or_state_unit", "school", "firm", "institution", "association", "foundation",
)
KINDS = ("community_complex", "station", "party_service_centre", "social_work_station", "point", "library")


def raw_tables(run: Run) -> dict[str, pd.DataFrame]:
    """Return the raw tables of a run: places, organisations, people, tasks, placements, courses, stars, points.

    Columns that only the simulator can know begin with "true_".
    """
    return {
        "districts": _districts(run), "stations": _stations(run), "organisations": _organisations(run),
        "people": _people(run), "tasks": _tasks(run), "placements": _placements(run),
        "courses": _book(run, Book.COURSES, ("week", "person", "passed")),
        "stars": _book(run, Book.STARS, ("week", "person", "star", "verified")),
        "points": _book(run, Book.POINTS, ("week", "person", "kind", "points", "balance")),
    }


def _frame(parts: list[dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({name: np.concatenate([np.asarray(part[name]) for part in parts]) for name in parts[0]})


def _districts(run: Run) -> pd.DataFrame:
    import pandas as pd

    units = [u.district for u in run.city]
    ratio = run.scenario.values["places.population_per_resident"]
    prefectures = prefecture_names(run.scenario.world.prefectures)
    return pd.DataFrame({
        "district": [d.code for d in units], "name": [place.name for place in district_names(len(units))],
        "prefecture": [prefectures[d.prefecture].code for d in units], "residents": [d.residents for d in units],
        "population": [round(d.residents * ratio) for d in units], "area_km2": [(d.side / 100) ** 2 for d in units],
        "column": [d.column for d in units], "row": [d.row for d in units],
    })


def _words(run: Run, count: int, offset: int) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Return two words for names and one for a date, each its own."""
    key = stream_key(run.scenario.world.seed)
    a, b, c, _ = draw(key, Stream.NAME, np.arange(count), offset)
    return np.stack([a, b], axis=1), c.astype(np.int64)


def _stations(run: Run) -> pd.DataFrame:
    frame = _frame([{
        "district": np.full(u.stations.x.size, u.district.code), "x": u.stations.x, "y": u.stations.y,
    } for u in run.city])
    words, date_word = _words(run, len(frame), 1)
    frame["kind"] = [KINDS[w % len(KINDS)] for w in words[:, 1].tolist()]
    places = dict(zip(_codes(run), [p.name for p in district_names(len(run.city))], strict=True))
    frame["name"] = station_names(words, [places[d] for d in frame["district"]], frame["kind"].tolist())
    frame["opened"] = -(date_word * 1500 >> 32)
    return frame


def _codes(run: Run) -> list[str]:
    return [u.district.code for u in run.city]


def _organisations(run: Run) -> pd.DataFrame:
    frame = _frame([{
        "district": np.full(u.organisations.weight.size, u.district.code), "field": u.organisations.field,
        "true_weight": u.organisations.weight, "true_quality": u.organisations.quality / 65536,
    } for u in run.city])
    words, date_word = _words(run, len(frame), 2)
    frame["legal_form"] = [LEGAL_FORMS[(w * w >> 32) * len(LEGAL_FORMS) >> 32] for w in words[:, 1].tolist()]
    places = dict(zip(_codes(run), [p.name for p in district_names(len(run.city))], strict=True))
    frame["name"] = org_names(words, [places[d] for d in frame["district"]], frame["legal_form"].tolist())
    frame["founded"] = run.scenario.start.year - (date_word * 25 >> 32)
    return frame


def _people(run: Run) -> pd.DataFrame:
    def part(u: Unit, end: Any) -> dict[str, Any]:
        p, s = u.people, end.state
        on = s.status != UNREGISTERED
        return {
            "person": p.ids, "district": np.full(p.ids.size, u.district.code), "female": (p.traits & FEMALE) > 0,
            "student": (p.traits & STUDENT) > 0, "party_member": (p.traits & PARTY) > 0,
            "degree": (p.traits & DEGREE) > 0, "age": p.age.astype(np.int64), "registered": on,
            "since": np.where(on, s.since, NEVER), "noted": s.noted.astype(np.int64), "star": s.star.astype(np.int64),
            "verified": s.verified.astype(np.int64), "points": s.points.astype(np.int64),
            "trained": s.trained.astype(np.int64), "true_taste": p.taste / 1024,
            "true_reliability": p.reliability / 1024, "true_steered": p.steered == 1, "true_served": s.served / 4,
            "true_ever": s.last != NEVER, "true_exited": s.status == LAPSED,
        }

    frame = _frame([part(u, end) for u, end in zip(run.city, run.ends, strict=True)])
    frame["name"] = ""
    on = frame["registered"].to_numpy()
    ids = frame.loc[on, "person"].to_numpy()
    a, b, _, _ = draw(stream_key(run.scenario.world.seed), Stream.NAME, ids)
    frame.loc[on, "name"] = person_names(np.stack([a, b], axis=1), frame.loc[on, "female"].to_numpy())
    return frame


def _tasks(run: Run) -> pd.DataFrame:
    offsets, stations, organisations = 0, 0, 0
    parts = []
    for u, end in zip(run.city, run.ends, strict=True):
        book = end.ledgers.tasks[: int(end.ledgers.counts[Book.TASKS])].astype(np.int64)
        source = book[:, 1]
        parts.append({
            "task": offsets + np.arange(book.shape[0]), "district": np.full(book.shape[0], u.district.code),
            "week": book[:, 0], "station": stations + u.sources.station[source],
            "organisation": organisations + u.sources.organisation[source], "field": u.sources.field[source],
            "recurring": u.sources.recurring[source], "seats": book[:, 2], "filled": book[:, 3],
            "true_staffed": book[:, 4], "slot": book[:, 5], "hours_log": book[:, 6], "gated": book[:, 7],
            "lead": book[:, 8],
        })
        offsets += book.shape[0]
        stations += u.stations.x.size
        organisations += u.organisations.weight.size
    return _frame(parts)


def _placements(run: Run) -> pd.DataFrame:
    offset = 0
    parts = []
    for u, end in zip(run.city, run.ends, strict=True):
        book = end.ledgers.placements[: int(end.ledgers.counts[Book.PLACEMENTS])].astype(np.int64)
        parts.append({
            "week": book[:, 0], "person": u.people.ids[book[:, 1]].astype(np.int64), "task": offset + book[:, 2],
            "true_hours": book[:, 3], "entered": book[:, 4], "due": book[:, 5], "flags": book[:, 6],
        })
        offset += int(end.ledgers.counts[Book.TASKS])
    return _frame(parts)


def _book(run: Run, book: Book, names: tuple[str, ...]) -> pd.DataFrame:
    parts = []
    for u, end in zip(run.city, run.ends, strict=True):
        rows = end.ledgers[book][: int(end.ledgers.counts[book])].astype(np.int64)
        part: dict[str, Any] = {name: rows[:, k] for k, name in enumerate(names)}
        part["person"] = u.people.ids[rows[:, 1]].astype(np.int64)
        parts.append(part)
    return _frame(parts)


def registers(run: Run) -> dict[str, pd.DataFrame]:
    """Return what an agency has of a run: tables by name, with missing, late, rounded, doubled and inflated records.

    Columns, units and the ways in which each can err stand in the dictionaries (`vsim/tables`).
    """
    value = run.scenario.values
    return seen.registers(
        raw_tables(run), start=run.scenario.start, weeks=run.settled.weeks, seed=run.seed,
        validity=run.settled.params.course_validity, course_hours=value["training.hours"],
    )


def truth(run: Run) -> dict[str, pd.DataFrame]:
    """Return the truth of a run: who people are and what happened at every seat. Never hand it to learners."""
    return truth_tables(raw_tables(run), start=run.scenario.start, weeks=run.settled.weeks, seed=run.seed)
