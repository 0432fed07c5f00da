"""The clause register: the 84 mechanisms of the policy text, and what vsim does with each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from types import MappingProxyType
from typing import Literal, cast

from vsim.errors import UsageError, did_you_mean
from vsim.spec.lever_files import Effect, load_levers
from vsim.spec.loading import PACKAGE, read_csv
from vsim.spec.plain_yaml import one_line

FILE = "clauses.csv"
STATUS = ("done", "planned")

TIERS = ("foundation", "practitioner", "leader")

Status = Literal["done", "planned"]
Tier = Literal["foundation", "practitioner", "leader"]


@dataclass(frozen=True, slots=True)
class Clause:
    """A mechanism of the 2024 Opinions on improving the volunteer-service system, sections IV.2 to VII.3.

    `zh` quotes the text; the rest is ours. `module` names the stems of the levers that carry the clause now, `tables`
    those of the registers and offices in which an agency would see it, both parted by "; "; `status` is "done" when
    the clause has lever, data and a test, else "planned". `tier` is the first in which it is taught, `taught_by` names
    the lessons and `examined_by` the graded units, written or planned.
    """

    clause_id: str
    zh: str
    en: str
    element: str
    lever: str
    observed: str
    lesson: str
    assessment: str
    module: str
    tables: str
    tier: Tier
    taught_by: str
    examined_by: str
    status: Status

    @property
    def id(self) -> str:
        """The id, such as "VII.3.b"."""
        return self.clause_id

    @property
    def section(self) -> str:
        """The section of the text, such as "VII.3"."""
        return ".".join(self.clause_id.split(".")[:2])

    @property
    def modules(self) -> tuple[str, ...]:
        """The stems of the levers that carry the clause."""
        return tuple(name for name in self.module.split("; ") if name)

    @property
    def data(self) -> tuple[str, ...]:
        """The tables in which an agency would see it."""
        return tuple(name for name in self.tables.split("; ") if name)

    @property
    def lessons(self) -> tuple[str, ...]:
        """The lessons that teach the clause, such as "policy/02-stars-points-time-credits"."""
        return tuple(self.taught_by.split("; "))

    @property
    def units(self) -> tuple[str, ...]:
        """The graded units that examine it, such as "foundation/08-stars-points-time-credits"."""
        return tuple(self.examined_by.split("; "))

    @property
    def effects(self) -> tuple[tuple[str, Effect], ...]:
        """What its levers move for it, with the lever's name: each is a test (`tests/levers/test_effects.py`)."""
        known = load_levers()
        return tuple((name, effect) for name in self.levers for effect in known[name].effects
                     if effect.clause == self.clause_id)

    @property
    def levers(self) -> tuple[str, ...]:
        """The names of the levers whose files name this clause."""
        return tuple(name for name, lever in load_levers().items() if self.clause_id in lever.clauses)


COLUMNS = tuple(field.name for field in fields(Clause))


@cache
def load_clauses() -> Mapping[str, Clause]:
    """Return every clause by id, in the order of the text (read once).

    Raises
    ------
    UsageError
        When the register has a repeated id, an empty field or an unknown status.
    """
    clauses: dict[str, Clause] = {}
    for number, row in enumerate(read_csv(PACKAGE / FILE, COLUMNS), start=2):
        where = f"vsim/{FILE}, row {number}"
        if row["clause_id"] in clauses:
            raise UsageError(f"{where}: {row['clause_id']} stands twice. Keep one of the two.")
        if row["status"] not in STATUS:
            status = one_line(row["status"])
            raise UsageError(f"{where}: status is {status}; allowed {', '.join(STATUS)}. Correct it.")
        if row["tier"] not in TIERS:
            raise UsageError(f"{where}: tier is {one_line(row['tier'])}; allowed {', '.join(TIERS)}. Correct it.")
        for name in COLUMNS:
            if not row[name] and name not in ("module", "tables"):
                raise UsageError(f"{where}: {name} is empty. Every clause says what it becomes in vsim.")
        own = {name: row[name] for name in COLUMNS if name not in ("status", "tier")}
        clauses[row["clause_id"]] = Clause(**own, tier=cast(Tier, row["tier"]), status=cast(Status, row["status"]))
    return MappingProxyType(clauses)


def clause(clause_id: str) -> Clause:
    """Return one clause.

    Raises
    ------
    UsageError
        When no clause has this id; the nearest is named.
    """
    known = load_clauses()
    if clause_id not in known:
        raise UsageError(f"clause is '{one_line(clause_id)}'; allowed ids such as VII.3.b."
                         f"{did_you_mean(clause_id, known)} `vsim clauses` lists them.")
    return known[clause_id]
