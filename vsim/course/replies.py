"""What a kernel replies: the plain answer in the outputs of a check cell, read as hostile text.

A kernel may claim any answer; it cannot claim a score. Nothing else of what it prints, warns or returns is looked at.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from vsim.course.payload import MIME
from vsim.course.words import Said

LARGEST = 1_000_000  # characters of an answer in JSON
LARGEST_WHOLE = 10**30
DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it came out of a kernel, or why none did.

    Attributes
    ----------
    answer : mapping or None
        Names of parts with plain values.
    reason : Said or None
        Why there is no answer, in words.
    """

    answer: Mapping[str, Any] | None
    reason: Said | None = None


def reply_of(outputs: Iterable[Any], task: str) -> Reply:
    """Return the answer to a task among the outputs of its check cell; the last one stands.

    Parameters
    ----------
    outputs : iterable
        Outputs as nbformat has them; they may hold anything.
    task : str
    """
    found: Reply | None = None
    failed = ""
    for output in outputs:
        if not isinstance(output, Mapping):
            continue
        if output.get("output_type") == "error":
            failed = failed or str(output.get("ename", ""))[:60]
        data = output.get("data")
        if output.get("output_type") == "display_data" and isinstance(data, Mapping) and MIME in data:
            found = _read(data[MIME], task) or found
    if found is not None:
        return found
    if failed:
        return Reply(None, Said("No answer arrived: the cell stopped with {error}.", {"error": failed}))
    return Reply(None, Said("No answer arrived from this cell."))


def _read(payload: object, task: str) -> Reply | None:
    if (
        not isinstance(payload, Mapping)
        or payload.get("task") != task
        or not isinstance(payload.get("answer"), Mapping)
    ):
        return None
    try:
        answer = cleaned(payload["answer"])
        if len(json.dumps(answer)) > LARGEST:
            return Reply(None, Said("The answer is too large to be read."))
    except (ValueError, RecursionError):
        return Reply(None, Said("The answer cannot be read."))
    return Reply(answer)


def cleaned(value: Any, depth: int = 0) -> Any:
    """Return a JSON value that can be stored: numbers finite and of a sane size, texts valid, nothing too deep."""
    if depth > DEEPEST:
        return None
    if isinstance(value, Mapping):
        return {_text(key): cleaned(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [cleaned(item, depth + 1) for item in value]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return int(value) if abs(value) < LARGEST_WHOLE else None
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return _text(value)


def _text(value: object) -> str:
    return str(value).encode("utf-8", "replace").decode("utf-8")
