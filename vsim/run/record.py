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
from vsim.run.settle import Settled
from vsim.run.siting import open_stations, station_state
from vsim.world.city import Unit
from vsim.world.ledgers import Book
from vsim.world.names import district_names, org_names, person_names, prefecture_names, station_names
from vsim.world.organisations import LEGAL_FORMS
from vsim.world.people import DEGREE, FEMALE, PARTY, STUDENT
from vsim.world.state import LAPSED, NEVER, UNREGISTERED
from vsim.world.stations import STATION_KINDS

if TYPE_CHECKING:
    import pandas as pd

OPEN_BEFORE = 1500            # days before the run in which a station may have opened


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
        "credits": _book(run, Book.CREDITS, ("week", "person", "kind", "quarter_hours", "balance")),
        "org_events": _events(run),
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
        "kind": np.array(STATION_KINDS)[u.stations.kind], "community": u.stations.community, "level": u.stations.level,
        "parent": u.stations.parent, "haves": u.stations.haves, "hours": u.stations.hours,
        "plan": u.stations.planned, "theme": u.stations.theme, "opens": opening_weeks(u, run.settled),
    } for u in run.city])
    words, date_word = _words(run, len(frame), 1)
    places = dict(zip(_codes(run), [p.name for p in district_names(len(run.city))], strict=True))
    frame["name"] = station_names(words, [places[d] for d in frame["district"]], frame["kind"].tolist())
    frame["opened"] = np.where(frame["plan"] == 0, -(date_word * OPEN_BEFORE >> 32), 7 * frame["opens"])
    return frame


def _codes(run: Run) -> list[str]:
    return [u.district.code for u in run.city]


def _organisations(run: Run) -> pd.DataFrame:
    frame = _frame([{
        "district": np.full(u.organisations.weight.size, u.district.code), "field": u.organisations.field,
        "true_weight": u.organisations.weight, "true_quality": u.organisations.quality / 65536,
        "form": u.organisations.form, "governance": u.organisations.governance, "federated": u.organisations.federated,
        "platform": u.organisations.platform, "leaders": u.organisations.leaders,
        "coordinators": u.organisations.coordinators, "latent": u.organisations.latent, "host": u.organisations.host,
        "stage": end.bodies.stage, "last_form": end.bodies.form, "rules": end.bodies.rules, "cash": end.bodies.cash,
        "true_last_quality": end.bodies.quality / 65536, "regulars": end.bodies.regulars / 256,
    } for u, end in zip(run.city, run.ends, strict=True)])
    words, date_word = _words(run, len(frame), 2)
    frame["legal_form"] = np.array(LEGAL_FORMS)[frame["last_form"]]
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
            "trained": s.trained.astype(np.int64), "credit": s.credit.astype(np.int64),
            "team": s.team.astype(np.int64), "sworn": s.sworn == 1, "honoured": s.honoured.astype(np.int64),
            "first": s.first.astype(np.int64), "groups": p.groups.astype(np.int64), "skill": p.skill.astype(np.int64),
            "credential": p.credential.astype(np.int64), "education": p.education.astype(np.int64),
            "community": p.community.astype(np.int64), "household": p.household.astype(np.int64),
            "employer": p.employer.astype(np.int64), "status": s.status.astype(np.int64), "x": p.x.astype(np.int64),
            "y": p.y.astype(np.int64), "true_satisfaction": s.satisfaction / 65535, "true_taste": p.taste / 1024,
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
            "week": book[:, 0], "station": stations + book[:, 12],
            "organisation": organisations + u.sources.organisation[source], "field": u.sources.field[source],
            "recurring": u.sources.recurring[source], "seats": book[:, 2], "filled": book[:, 3],
            "true_staffed": book[:, 4], "slot": book[:, 5], "hours_log": book[:, 6], "gated": book[:, 7],
            "lead": book[:, 8], "needed": book[:, 9], "online": book[:, 10], "skill": book[:, 11],
            "source": u.sources.ids[source].astype(np.int64),
            "mode": u.sources.mode[source], "field25": u.sources.field25[source], "risk": u.sources.risk[source],
            "beneficiary": u.sources.beneficiary[source],
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


def opening_weeks(unit: Unit, settled: Settled) -> NDArray[np.int64]:
    """Return the first week of the run in which each station is open, shape (s,): -1 for never."""
    index, out = settled.place(unit), np.full(unit.stations.x.size, -1, dtype=np.int64)
    _, first = np.unique(settled.weekly.layout[index, settled.warmup :], return_index=True)
    for week in sorted(first.tolist(), reverse=True):                      # the earliest has the last word
        out[open_stations(unit, station_state(settled.weekly, index, week + settled.warmup))] = week
    return out


def _events(run: Run) -> pd.DataFrame:
    offset, parts = 0, []
    for u, end in zip(run.city, run.ends, strict=True):
        rows = end.ledgers.events[: int(end.ledgers.counts[Book.EVENTS])].astype(np.int64)
        parts.append({
            "week": rows[:, 0], "district": np.full(rows.shape[0], u.district.code),
            "organisation": offset + rows[:, 1], "kind": rows[:, 2], "value": rows[:, 3],
        })
        offset += u.organisations.weight.size
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
