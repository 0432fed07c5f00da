"""Forms of answers by what a release says of them, and as one learner meets them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from vsim.course.answers import Choice, Form, Function, Number, Table
from vsim.errors import DataError


def form_of(public: Mapping[str, Any]) -> Form:
    """Return the form that `public` wrote down.

    Raises
    ------
    DataError
        When the text is not one that `public` writes.
    """
    fields = {name: value for name, value in public.items() if name != "kind"}
    try:
        if public["kind"] == "function":
            result = form_of(fields.pop("result"))
            if isinstance(result, Number | Choice):
                return Function(result=result, **fields)
        made: Callable[..., Form] = {"number": Number, "choice": Choice, "table": Table}[public["kind"]]
        return made(**{name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()})
    except (KeyError, TypeError, AttributeError) as error:
        raise DataError(
            f"unit.json: a form of an answer is {dict(public)}; allowed a kind that this version of vsim "
            f"knows ({error!r}). Ask for a fresh copy of the unit."
        ) from None


def dealt(parts: Sequence[Form], seed: int) -> tuple[Form, ...]:
    """Return the forms as a learner meets them: choices in an order of the learner's own."""
    return tuple(part.dealt(seed) if isinstance(part, Choice) else part for part in parts)
