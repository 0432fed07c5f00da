"""The catalogue: one card for each indicator, and what its function asks of an agency's tables.

Which tables and columns an indicator needs is read off the function itself: its plain arguments are tables, keywords
that hold the name of a column are columns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from inspect import Parameter, signature
from types import MappingProxyType
from typing import Any, Literal, cast

from vsim.errors import UsageError
from vsim.evaluate.kpi.parts import Parts
from vsim.spec.loading import PACKAGE, Document, pick, read_yaml

FILE = PACKAGE / "evaluate" / "kpi" / "cards.yaml"
NEEDED = ("number", "label", "numerator", "denominator", "unit", "window", "better", "clause", "source")
OPTIONAL = ("function", "options", "instead")
ROOMS = ("people", "shifts", "needs", "records", "money")
LAST = 53                     # rows of the catalogue
SETTINGS = frozenset({        # keywords that hold a text which is no column
    "stage", "of", "shape", "came", "absent", "done", "by", "only", "dimension", "first", "then", "last", "closed",
    "label", "served",
})
Better = Literal["up", "down", "neither"]


@dataclass(frozen=True, slots=True)
class Kpi:
    """An indicator of the catalogue.

    Attributes
    ----------
    key, label : str
    number : int
        Row of the catalogue, 1 to 53; several cards may share one.
    numerator, denominator, unit, window : str
        In words; no denominator where nothing is divided.
    better : {"up", "down", "neither"}
    clause : str
        Of the policy text (`vsim clauses`).
    source : str
    function : str
        "module.function" in `vsim.evaluate.kpi`; "" where `instead` names what answers it.
    options : mapping
        Keywords that make this card of the function.
    instead : str
    """

    key: str
    number: int
    label: str
    numerator: str
    denominator: str
    unit: str
    window: str
    better: Better
    clause: str
    source: str
    function: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    instead: str = ""

    @property
    def call(self) -> Callable[..., Parts]:
        """The function that makes its parts.

        Raises
        ------
        UsageError
            When another function answers it.
        """
        if not self.function:
            raise UsageError(f"indicator '{self.key}' is not read off a table; it is answered by {self.instead}.")
        module, _, name = self.function.partition(".")
        return cast("Callable[..., Parts]", getattr(import_module(f"vsim.evaluate.kpi.{module}"), name))

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that it needs, by the names that vsim gives them."""
        return tuple(name for name, one in self._parameters().items() if one.kind is not Parameter.KEYWORD_ONLY)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it needs, by the names that vsim gives them, in the order of the keywords."""
        found: list[str] = []
        for name, one in self._parameters().items():
            value = self.options.get(name, one.default)
            if one.kind is Parameter.KEYWORD_ONLY and name not in SETTINGS:
                found += [value] if isinstance(value, str) else list(value) if isinstance(value, tuple) else []
        return tuple(dict.fromkeys(found))

    def _parameters(self) -> Mapping[str, Parameter]:
        return signature(self.call).parameters if self.function else {}


@cache
def load_kpis() -> Mapping[str, Kpi]:
    """Return every card of the catalogue by key, in the order of the file (read once).

    Raises
    ------
    UsageError
        When a card is incomplete; file and line are named.
    """
    document = read_yaml(FILE)
    return MappingProxyType({key: _read(document, key) for key in document.data})


def kpi(key: str) -> Kpi:
    """Return a card, or raise UsageError naming the nearest."""
    return pick("indicator", load_kpis(), key)


def _read(document: Document, key: str) -> Kpi:
    given = document.data[key]
    blank = isinstance(given, dict) and given.get("denominator") == ""          # nothing is divided
    needed = tuple(name for name in NEEDED if name != "denominator" or not blank)
    fields = document.entry(key, needed, (*OPTIONAL, *(("denominator",) if blank else ())))
    if bool(fields.get("function")) == bool(fields.get("instead")):
        raise document.fault(key, "has neither function nor instead, or both; allowed one of them.")
    if fields["better"] not in ("up", "down", "neither"):
        raise document.fault(key, f"better is {fields['better']}; allowed up, down, neither.", "better")
    if not isinstance(fields["number"], int) or not 1 <= fields["number"] <= LAST:
        raise document.fault(key, f"number is {fields['number']}; allowed 1 to {LAST}.", "number")
    words = {name: str(fields.get(name) or "") for name in (*NEEDED, "function", "instead") if name != "number"}
    return Kpi(key=key, number=fields["number"], options=dict(fields.get("options") or {}),
               **words)  # type: ignore[arg-type]
