"""The base of what a person declares (scenario, world, policy): strict fields, errors in one plain line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, ValidationError

from vsim.errors import UsageError, did_you_mean
from vsim.spec.plain_yaml import Location, one_line


class DeclarationError(UsageError):
    """A wrong value inside a declaration: where it stands in it, and what is wrong."""

    def __init__(self, kind: str, location: Location, text: str) -> None:
        super().__init__(f"{kind}: {sentence(location, text)}")
        self.location = location
        self.text = text


def sentence(location: Location, text: str) -> str:
    """Return "world.residents is 12; allowed ..." from a location and a predicate."""
    return f"{dotted(location)} {text}" if location else text


def dotted(location: Iterable[str | int]) -> str:
    """Return a location as a person would write it: "policies[0].values.per_hour"."""
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else f".{one_line(part, 40)}"
    return text.removeprefix(".")


class Declared(BaseModel):
    """A frozen declaration: unknown keys and values of the wrong type are refused with a plain message.

    The description of a field is what it allows, in words; messages quote it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)
    kind: ClassVar[str] = "declaration"

    def __init__(self, /, **fields: Any) -> None:
        try:
            super().__init__(**fields)
        except ValidationError as error:
            raise self._explained(error) from None

    @classmethod
    def _explained(cls, error: ValidationError) -> DeclarationError:
        """Return the first thing that is wrong, unknown keys first (they explain missing ones)."""
        faults = error.errors(include_url=False, include_context=False)
        first = min(faults, key=lambda fault: fault["type"] != "extra_forbidden")
        location = first["loc"]
        if first["type"] == "extra_forbidden":
            key = str(location[-1])
            nearest = did_you_mean(key, cls.model_fields) or f" Allowed {', '.join(cls.model_fields)}."
            return DeclarationError(cls.kind, location, f"is an unknown key.{nearest}")
        allowed = cls._allowed(location)
        if first["type"] == "missing":
            return DeclarationError(cls.kind, location, f"is missing; allowed {allowed}. Add it.")
        return DeclarationError(cls.kind, location, f"is {one_line(first['input'])}; allowed {allowed}.")

    @classmethod
    def _allowed(cls, location: Location) -> str:
        field = cls.model_fields.get(str(location[0])) if location else None
        return (field.description if field is not None else None) or "another kind of value"


def nested(kind: str, model: Callable[..., Any], fields: object, location: Location) -> Any:
    """Return a part of a declaration; what is wrong in it is named by its place in the whole."""
    if not isinstance(fields, dict):
        raise DeclarationError(kind, location, f"is {one_line(fields)}; allowed keys with values.")
    try:
        return model(**fields)
    except DeclarationError as fault:
        raise DeclarationError(kind, (*location, *fault.location), fault.text) from None


def as_date(value: object) -> object:
    """Return ISO text ("2025-03-03") and time stamps as dates, and anything else as it came."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value


def as_list(value: object) -> object:
    """Return tuples as lists, and anything else as it came."""
    return list(value) if isinstance(value, tuple) else value
