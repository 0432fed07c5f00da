"""Postings in the Volunteering Data Standard: registers to JSON-LD and back.

The standard has organisations, their activities, and in these roles and sessions; a session has a location and some of
21 named cells of the week. It has no class for a volunteer, an hour or a seat, so those stay in the registers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from vsim.errors import DataError
from vsim.observe.vds_check import CELLS, VOCABULARY, as_list, cell_of, check_vds, organisations_of
from vsim.spec.cards import values
from vsim.spec.tables import load_tables

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["check_vds", "postings", "read_vds", "vds_bytes", "vds_document"]

BASE = "https://yunchuan.example/"           # the region is invented, and no address below .example leads anywhere
CAUSES = {
    "older_people": "OlderPeople", "children": "YouthAndChildren", "environment": "Environment", "health": "Health",
    "culture": "ArtsAndCulture", "civility": "Community", "emergency": "DevelopmentEmergencyRelief",
    "outreach": "EducationLanguages",
}
COLUMNS = {
    "organisations": ("id", "name", "cause"),
    "activities": ("id", "organisation", "title", "description", "requiresEmergencyParticipation", "publishStart",
                   "publishEnd"),
    "roles": ("activity", "title", "description", "commitment", "minimumAge", "allowsRemoteParticipation"),
    "sessions": ("activity", "name", "address", "time"),
}
LARGEST = 64 * 2**20                       # bytes of a document that is read at all
CONTEXT: dict[str, Any] = {
    "@version": 1.1,
    "@vocab": VOCABULARY,
    "volunteering": VOCABULARY,
    "dc": "http://purl.org/dc/terms/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "graph": "@graph", "id": "@id", "type": "@type",
    "license": "dc:license", "publisher": "dc:publisher", "conformsTo": {"@id": "dc:conformsTo", "@type": "@id"},
    "cause": {"@type": "@id", "@container": "@set"}, "requirement": {"@type": "@id", "@container": "@set"},
    "time": {"@type": "@id", "@container": "@set"},
    "activity": {"@container": "@set"}, "role": {"@container": "@set"}, "session": {"@container": "@set"},
    "publishStart": {"@type": "xsd:date"}, "publishEnd": {"@type": "xsd:date"},
}

Tables = dict[str, "pd.DataFrame"]
Seen = Mapping[str, "pd.DataFrame"]


def postings(seen: Seen, parameters: Mapping[str, float] | None = None) -> Tables:
    """Return what the standard can carry of some registers, as four flat tables.

    The register has one row for each shift; the standard has activities that come back in the same cells of the week.
    So the shifts of one organisation in one field and mode, with the same rule of training, are one activity.

    Parameters
    ----------
    seen : mapping of table name to DataFrame
        Registers with `organisations`, `activities`, `stations` and `districts`.
    parameters : mapping of card to value, optional
        Such as `{"exchange_vds.minimum_age": 16}`.

    Returns
    -------
    dict of DataFrame
        organisations, activities, roles and sessions with the columns of `COLUMNS`; `time` is a list of cells.
    """
    import pandas as pd

    youngest = int(values(parameters)["exchange_vds.minimum_age"])
    shifts = seen["activities"]
    posted = pd.to_datetime(shifts["date"])
    keys = ["org_id", "service_field", "mode", "gated"]
    gated = np.where(shifts["gated"], "trained", "open")
    parts = (shifts["org_id"], shifts["service_field"], shifts["mode"], pd.Series(gated, index=shifts.index))
    work = shifts.assign(
        activity=[f"{BASE}activity/{'-'.join(map(str, row))}" for row in zip(*parts, strict=True)],
        first=posted - pd.to_timedelta(shifts["lead_days"], unit="D"), last=posted,
    )
    heads = work.groupby("activity", sort=True).agg(
        **{key: (key, "first") for key in keys}, first=("first", "min"), last=("last", "max"),
        hours=("planned_hours", "median"), people=("people_needed", "median"),
    ).reset_index()
    words = load_tables()["activities"]
    fields, modes = words.column("service_field").enum_labels, words.column("mode").enum_labels
    field = heads["service_field"].map(lambda code: fields.get(code, code))
    mode = heads["mode"].map(lambda code: modes.get(code, code))
    training = np.where(heads["gated"], " Training is asked for.", "")
    organisations = seen["organisations"].sort_values("org_id")
    return {
        "organisations": pd.DataFrame({
            "id": BASE + "organisation/" + organisations["org_id"], "name": organisations["name"],
            "cause": [_cause(code) for code in organisations["service_field"]],
        }).reset_index(drop=True),
        "activities": pd.DataFrame({
            "id": heads["activity"], "organisation": BASE + "organisation/" + heads["org_id"],
            "title": field, "description": mode + "." + training,
            "requiresEmergencyParticipation": (heads["mode"] == "emergency").to_numpy(),
            "publishStart": heads["first"].dt.strftime("%Y-%m-%d"), "publishEnd": heads["last"].dt.strftime("%Y-%m-%d"),
        }),
        "roles": pd.DataFrame({
            "activity": heads["activity"], "title": "Volunteer",
            "description": [f"People wanted for a shift: {count:g}." for count in heads["people"]],
            "commitment": [f"{hours:g} h a shift" for hours in heads["hours"]], "minimumAge": youngest,
            "allowsRemoteParticipation": heads["activity"].isin(_remote(seen, work)).to_numpy(),
        }),
        "sessions": _sessions(seen, work),
    }


def _cause(code: str) -> str:
    return VOCABULARY + CAUSES[code] if code in CAUSES else ""


def _remote(seen: Seen, work: pd.DataFrame) -> set[str]:
    online = seen["stations"].loc[seen["stations"]["kind"] == "online", "station_id"]
    return set(work.loc[work["station_id"].isin(online), "activity"])


def _sessions(seen: Seen, work: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each activity and place, with its cells of the week in order."""
    import pandas as pd

    places = seen["stations"].set_index("station_id")["name"]
    districts = seen["districts"].set_index("district")["name"]
    known = work.assign(
        name=work["station_id"].map(places).fillna(""), address=work["district"].map(districts).fillna(""),
    )
    rows = [
        (*key, [CELLS[slot] for slot in sorted(set(group))])
        for key, group in known.groupby(["activity", "name", "address"], sort=True)["start_slot"]
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS["sessions"]))


def vds_document(tables: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """Return the JSON-LD document of the tables of `postings`; it carries its own context, so nothing is fetched."""
    sessions: dict[str, list[dict[str, Any]]] = {}
    for row in tables["sessions"].to_dict("records"):
        place = {"type": "Location", **{key: row[key] for key in ("name", "address") if row[key]}}
        cells = [VOCABULARY + cell for cell in row["time"]]
        sessions.setdefault(row["activity"], []).append({"type": "Session", "location": place, "time": cells})
    roles: dict[str, list[dict[str, Any]]] = {}
    for row in tables["roles"].to_dict("records"):
        roles.setdefault(row["activity"], []).append({"type": "Role", **_plain(row, "activity")})
    activities: dict[str, list[dict[str, Any]]] = {}
    for row in tables["activities"].to_dict("records"):
        whole = {"type": "Activity", **_plain(row, "organisation"), "role": roles.get(row["id"], []),
                 "session": sessions.get(row["id"], [])}
        activities.setdefault(row["organisation"], []).append(whole)
    graph = [
        {"type": "Organisation", "id": row["id"], "name": row["name"],
         **({"cause": [row["cause"]]} if row["cause"] else {}), "activity": activities.get(row["id"], [])}
        for row in tables["organisations"].to_dict("records")
    ]
    return {
        "@context": CONTEXT, "conformsTo": VOCABULARY, "license": "CC-BY-4.0",
        "publisher": "Yunchuan (synthetic, 合成数据)", "graph": graph,
    }


def _plain(row: Mapping[Any, Any], left_out: str) -> dict[str, Any]:
    return {str(key): value.item() if isinstance(value, np.generic) else value
            for key, value in row.items() if key != left_out}


def vds_bytes(document: Mapping[str, Any]) -> bytes:
    """Return a document as UTF-8 text; the same document gives the same bytes."""
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def read_vds(raw: bytes | str | Mapping[str, Any]) -> Tables:
    """Return the tables of `postings` from a document.

    Raises
    ------
    DataError
        When the document is no JSON, too large, or has a fault that `check_vds` names.
    """
    import pandas as pd

    document = parsed(raw)
    faults = check_vds(document)
    if faults:
        raise DataError(f"posting: {faults[0]}. {len(faults)} faults in all; `check_vds` lists them.")
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in COLUMNS}
    for body in organisations_of(document):
        cause = next(iter(as_list(body.get("cause"))), "")
        rows["organisations"].append({"id": body["id"], "name": body["name"], "cause": cause})
        for activity in as_list(body.get("activity")):
            rows["activities"].append({**activity, "organisation": body["id"]})
            rows["roles"] += [{**role, "activity": activity["id"]} for role in as_list(activity["role"])]
            for session in as_list(activity["session"]):
                cells = [cell_of(cell) for cell in as_list(session["time"]) if not isinstance(cell, Mapping)]
                rows["sessions"] += [
                    {"activity": activity["id"], "name": place.get("name", ""), "address": place.get("address", ""),
                     "time": cells} for place in as_list(session["location"])
                ]
    return {name: pd.DataFrame(found, columns=list(COLUMNS[name])) for name, found in rows.items()}


def parsed(raw: bytes | str | Mapping[str, Any] | list[Any]) -> Any:
    """Return a document from its text; what is parsed already comes back as it is."""
    if isinstance(raw, Mapping | list):
        return raw
    if len(raw) > LARGEST:
        raise DataError(f"posting: has {len(raw):,} bytes; allowed {LARGEST:,}. Publish it in parts.")
    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise DataError(f"posting: is no JSON ({type(error).__name__}). Write it with a JSON library.") from None
