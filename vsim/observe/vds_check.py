"""What is wrong with a posting in the Volunteering Data Standard: missing fields, bad times, unknown cells.

The standard makes no property compulsory. What is demanded here is what a reader needs to decide: who, what, where,
when, and from which age. A property that the standard does not know is named with the nearest that it does know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from vsim.errors import did_you_mean, listing
from vsim.spec.plain_yaml import one_line

VOCABULARY = "https://ns.volunteeringdata.io/"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
PARTS = ("Morning", "Afternoon", "Evening")                       # 06-12, 12-18, 18-24
CELLS = tuple(day + part for day in DAYS for part in PARTS)       # in the order of the slots of the week
PROPERTIES = {
    "Organisation": ("type", "id", "name", "description", "website", "image", "activity", "cause", "charityNumber",
                     "charityRegistration"),
    "Activity": ("type", "id", "title", "description", "requiresEmergencyParticipation", "image", "publishStart",
                 "publishEnd", "organisation", "role", "session"),
    "Role": ("type", "id", "title", "description", "commitment", "applyLink", "allowsRemoteParticipation", "minimumAge",
             "maximumAge", "activity", "accessibility", "requirement", "reward", "skill"),
    "Session": ("type", "id", "activity", "location", "time"),
    "Location": ("type", "id", "name", "address", "geometry", "latitude", "longitude", "session"),
    "Time": ("type", "id", "rdfs:label", "beginning", "end", "time:hasBeginning", "time:hasEnd"),
}
NEEDED = {
    "Organisation": ("id", "name"), "Activity": ("id", "title", "role", "session"),
    "Role": ("title", "minimumAge"), "Session": ("location", "time"), "Location": (), "Time": (),
}
TAXONOMIES = ("cause", "requirement", "reward", "skill", "accessibility")
BOOLEANS = ("requiresEmergencyParticipation", "allowsRemoteParticipation")
OLDEST = 120
MOST = 1000                                # faults that are listed; a file of nothing but faults needs no more
ADDRESS = re.compile(r"(?:https?://|urn:[A-Za-z0-9][A-Za-z0-9-]*:|volunteering:)\S+")
CLOCK = re.compile(r"(\d{4}-\d{2}-\d{2}T)?([01]\d|2[0-4]):([0-5]\d)(:[0-5]\d)?(Z|[+-]\d{2}:\d{2})?")


def check_vds(document: Any) -> list[str]:
    """Return what is wrong with a document, one plain line a fault; none when it can be published.

    Parameters
    ----------
    document : dict or list
        A parsed document: a graph of organisations, a bare array of them, or one organisation.
    """
    found: list[str] = []
    if isinstance(document, Mapping) and "@context" not in document:
        found.append("document: has no @context; allowed the standard's address or a context of its own")
    bodies = organisations_of(document)
    if not bodies:
        found.append("document: has no organisation; allowed at least one in graph")
    seen: dict[str, str] = {}
    for number, body in enumerate(bodies):
        for fault in _organisation(f"graph[{number}]", body, seen):
            found.append(fault)
            if len(found) >= MOST:
                return [*found, f"document: has more faults; the first {MOST} are listed"]
    return found


def organisations_of(document: Any) -> list[Any]:
    """Return the organisations of a document: a graph, a bare array, or one organisation."""
    if isinstance(document, Mapping) and "graph" in document:
        document = document["graph"]
    return as_list(document)


def as_list(value: Any) -> list[Any]:
    """Return a value as JSON-LD sees it: one thing and a list of one thing are the same, nothing is no thing."""
    return list(value) if isinstance(value, list) else [] if value is None else [value]


def cell_of(term: object) -> str:
    """Return the name of a cell of the week from its address, its short form or its bare name."""
    text = str(term)
    for prefix in (VOCABULARY, "volunteering:"):
        text = text.removeprefix(prefix)
    return text


def _organisation(where: str, body: Any, seen: dict[str, str]) -> Iterator[str]:
    yield from _object(where, body, "Organisation", seen)
    if isinstance(body, Mapping):
        for number, activity in enumerate(as_list(body.get("activity"))):
            yield from _activity(f"{where}.activity[{number}]", activity, seen)


def _activity(where: str, body: Any, seen: dict[str, str]) -> Iterator[str]:
    yield from _object(where, body, "Activity", seen)
    if not isinstance(body, Mapping):
        return
    dates = [_date(body.get(name)) for name in ("publishStart", "publishEnd")]
    for name, value in zip(("publishStart", "publishEnd"), dates, strict=True):
        if name in body and value is None:
            yield f"{where}.{name}: is {one_line(body[name])}; allowed a date such as 2025-09-01"
    if dates[0] and dates[1] and dates[0] > dates[1]:
        yield f"{where}.publishEnd: is {dates[1]}, before publishStart {dates[0]}; allowed the reverse"
    for number, role in enumerate(as_list(body.get("role"))):
        yield from _role(f"{where}.role[{number}]", role, seen)
    for number, session in enumerate(as_list(body.get("session"))):
        yield from _session(f"{where}.session[{number}]", session, seen)


def _role(where: str, body: Any, seen: dict[str, str]) -> Iterator[str]:
    yield from _object(where, body, "Role", seen)
    if not isinstance(body, Mapping):
        return
    ages = {name: _age(body[name]) for name in ("minimumAge", "maximumAge") if name in body}
    for name, age in ages.items():
        if age is None:
            yield f"{where}.{name}: is {one_line(body[name])}; allowed whole years from 0 to {OLDEST}"
    low, high = ages.get("minimumAge"), ages.get("maximumAge")
    if low is not None and high is not None and low > high:
        yield f"{where}.maximumAge: is {high}, below minimumAge {low}; allowed the reverse"


def _session(where: str, body: Any, seen: dict[str, str]) -> Iterator[str]:
    yield from _object(where, body, "Session", seen)
    if not isinstance(body, Mapping):
        return
    for number, place in enumerate(as_list(body.get("location"))):
        spot = f"{where}.location[{number}]"
        yield from _object(spot, place, "Location", seen)
        if isinstance(place, Mapping):
            if not any(place.get(name) for name in ("name", "address", "geometry", "latitude")):
                yield f"{spot}: says no place; allowed name, address, geometry, or latitude and longitude"
            for name, most in (("latitude", 90), ("longitude", 180)):
                if name in place and not _within(place[name], most):
                    yield f"{spot}.{name}: is {one_line(place[name])}; allowed -{most} to {most} degrees"
    for number, cell in enumerate(as_list(body.get("time"))):
        yield from _time(f"{where}.time[{number}]", cell, seen)


def _time(where: str, body: Any, seen: dict[str, str]) -> Iterator[str]:
    if not isinstance(body, Mapping):
        if cell_of(body) not in CELLS:
            near = did_you_mean(cell_of(body)[:80], CELLS)
            yield f"{where}: is {one_line(body)}; allowed one of 21 cells such as {listing(CELLS, 2)}.{near}"
        return
    yield from _object(where, body, "Time", seen)
    ends = [body.get(f"time:has{word}", body.get(word.lower())) for word in ("Beginning", "End")]
    for word, value in zip(("beginning", "end"), ends, strict=True):
        if not CLOCK.fullmatch(str(value)):
            yield f"{where}.{word}: is {one_line(value)}; allowed a time such as 09:30 or 2025-09-01T09:30"
    if all(CLOCK.fullmatch(str(value)) for value in ends) and len(str(ends[0])) == len(str(ends[1])):
        if str(ends[0]) >= str(ends[1]):
            yield f"{where}: ends at {ends[1]}, not after its beginning {ends[0]}; allowed the reverse"


def _object(where: str, body: Any, kind: str, seen: dict[str, str]) -> Iterator[str]:
    """Yield what is wrong with one object by itself: its class, names, what is missing, and its simple values."""
    if not isinstance(body, Mapping):
        yield f"{where}: is {one_line(body)}; allowed an object of class {kind}"
        return
    if body.get("type", kind) != kind:
        yield f"{where}.type: is {one_line(body['type'])}; allowed {kind}"
    for name in body:
        plain = str(name).removeprefix("volunteering:")
        if plain not in PROPERTIES[kind] and (":" not in str(name) or plain != str(name)) and name != "@context":
            yield f"{where}: has {one_line(name)}, unknown to {kind}.{did_you_mean(plain[:80], PROPERTIES[kind])}"
    for name in NEEDED[kind]:
        if body.get(name) in (None, "", [], {}):
            yield f"{where}: has no {name}; allowed {kind} with {', '.join(NEEDED[kind])}"
    own = body.get("id")
    if own is not None and not (isinstance(own, str) and ADDRESS.fullmatch(own)):
        yield f"{where}.id: is {one_line(own)}; allowed an address, https: or urn:"
    elif own is not None and seen.setdefault(str(own), where) != where:
        yield f"{where}.id: is {one_line(own)}, as {seen[str(own)]}; allowed an id of its own"
    for name in BOOLEANS:
        if name in body and not isinstance(body[name], bool):
            yield f"{where}.{name}: is {one_line(body[name])}; allowed true or false"
    for name in TAXONOMIES:
        for term in as_list(body.get(name)):
            if not (isinstance(term, str) and ADDRESS.fullmatch(term)):
                yield f"{where}.{name}: is {one_line(term)}; allowed addresses of terms such as {VOCABULARY}Health"


def _date(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _age(value: Any) -> int | None:
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return int(text) if re.fullmatch(r"[0-9]{1,3}", text) and int(text) <= OLDEST else None


def _within(value: Any, most: int) -> bool:
    try:
        return not isinstance(value, bool) and -most <= float(value) <= most
    except (TypeError, ValueError):
        return False
