"""The part of YAML that vsim understands, read event by event.

Mappings with text keys, lists, text, numbers, true/false, null and ISO dates are understood. Repeated keys,
aliases, merge keys, tags and several documents in one file are refused, since each of them lets a file mean
something other than what a reader sees. Reading events, not a tree, keeps deep or cyclic input harmless.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import yaml

from vsim.errors import UsageError

DEEPEST = 20
INTEGER = re.compile(r"[-+]?[0-9]+(_[0-9]+)*")
NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(_[0-9]+)*(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
SPECIAL = {"nan", "inf", "infinity"}
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Location = tuple[str | int, ...]


def one_line(value: object, most: int = 60) -> str:
    """Return a value as one printable line of at most `most` characters, in the words of YAML."""
    words = {None: "empty", True: "true", False: "false"}
    text = value if isinstance(value, str) else repr(value)
    text = words[value] if value is None or isinstance(value, bool) else text
    text = "".join(letter if letter.isprintable() else " " for letter in text[: 4 * most])
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 3] + "..."


def line_of(event: yaml.Event) -> int:
    """Return the line, counted from 1, on which an event starts."""
    return event.start_mark.line + 1 if event.start_mark is not None else 1


class PlainReader:
    """Turns YAML events into plain values, noting lines and refusing what hides meaning."""

    def __init__(self, name: str, events: Iterator[yaml.Event]) -> None:
        self.name = name
        self.events = events
        self.lines: dict[Location, int] = {}

    def fail(self, event: yaml.Event, text: str) -> UsageError:
        """Return an error that names the file and the line of an event."""
        return UsageError(f"{self.name}:{line_of(event)}: {text}")

    def document(self) -> dict[str, Any]:
        """Return the one mapping of the stream."""
        next(self.events)
        first = next(self.events)
        content = None if isinstance(first, yaml.StreamEndEvent) else next(self.events)
        if content is None or (isinstance(content, yaml.ScalarEvent) and not content.value):
            raise UsageError(f"{self.name}: is empty. Write keys with values, such as 'weeks: 104'.")
        if not isinstance(content, yaml.MappingStartEvent):
            kind = "a list" if isinstance(content, yaml.SequenceStartEvent) else "one value"
            raise self.fail(content, f"holds {kind}; allowed keys with values, such as 'weeks: 104'.")
        data = self.value(content, ())
        next(self.events)
        after = next(self.events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise self.fail(after, "a second document starts here; allowed one. Remove the '---'.")
        assert isinstance(data, dict)
        return data

    def value(self, event: yaml.Event, location: Location) -> Any:
        """Return what starts with `event`, and read on to its end."""
        if isinstance(event, yaml.AliasEvent):
            raise self.fail(event, f"the alias *{event.anchor} is not allowed. Write the value out.")
        if len(location) > DEEPEST:
            raise self.fail(event, f"lists and keys are nested more than {DEEPEST} deep. Flatten the file.")
        tag = getattr(event, "tag", None)
        if tag not in (None, "!"):
            raise self.fail(event, f"the tag {one_line(tag)} is not allowed. Write a plain value.")
        self.lines.setdefault(location, line_of(event))
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(location)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(location)
        assert isinstance(event, yaml.ScalarEvent)
        return self.scalar(event)

    def sequence(self, location: Location) -> list[Any]:
        """Return a list, read up to its end."""
        result: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            result.append(self.value(event, (*location, len(result))))
        return result

    def mapping(self, location: Location) -> dict[str, Any]:
        """Return a mapping, read up to its end."""
        result: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self.fail(event, "a key is no plain text; allowed names such as 'weeks'.")
            key = str(event.value)
            if key == "<<":
                raise self.fail(event, "the merge key '<<' is not allowed. Write the keys out in full.")
            if key in result:
                raise self.fail(event, f"the key '{one_line(key)}' stands twice. Keep one of the two.")
            self.lines[(*location, key)] = line_of(event)
            result[key] = self.value(next(self.events), (*location, key))
        return result

    def scalar(self, event: yaml.ScalarEvent) -> Any:
        """Return one value: text when quoted, else what it plainly looks like."""
        text = str(event.value)
        if event.style:
            return text
        try:
            return _plain_value(text)
        except ValueError:
            message = f"the value {one_line(text)} is no date or number that exists. Correct it."
            raise self.fail(event, message) from None


def _plain_value(text: str) -> Any:
    """Return what a plain scalar means: YAML 1.2 numbers, true/false, null, an ISO date, or text."""
    folded = text.lower()
    if folded in ("", "~", "null"):
        return None
    if folded in ("true", "false"):
        return folded == "true"
    if INTEGER.fullmatch(text):
        return int(text)
    if NUMBER.fullmatch(text):
        return float(text)
    if folded.lstrip("+-").lstrip(".") in SPECIAL:
        return math.nan if "nan" in folded else math.copysign(math.inf, -1 if folded[0] == "-" else 1)
    if DATE.fullmatch(text):
        return date.fromisoformat(text)
    return text
