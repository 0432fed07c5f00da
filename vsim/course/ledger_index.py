"""Where in a ledger the lines of each learner stand: what was added since the last look is read, and nothing twice.

A course of a thousand asks for one learner's lines a few thousand times; each line is parsed once for the places, and
once more when it is wanted. Lines are kept on the disk and not in memory: an answer may be a megabyte long.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

TAIL = 256                 # bytes before the end of what is known, by which a changed file is found out
Parse = Callable[[str, int], dict[str, Any] | None]


class Index:
    """The places of one ledger's lines, by learner."""

    def __init__(self, path: Path, parse: Parse) -> None:
        self.path, self.parse = path, parse
        self.lock = threading.Lock()
        self.bytes_read = 0
        self._forget()

    def _forget(self) -> None:
        self.end, self.lines, self.tail, self.number = 0, 0, b"", -1
        self.places: dict[str, list[tuple[int, int, int]]] = {}

    def of(self, learner: str) -> Iterator[dict[str, Any]]:
        """Yield a learner's lines in order."""
        if not self.path.exists():
            return
        with self.lock, self.path.open("rb") as file:
            rest = self._look(file)
            found = list(self.places.get(learner, ()))
            raw = [self._at(file, place, length) for place, length, _ in found]
        numbers = [number for *_, number in found]
        if rest:
            raw, numbers = [*raw, rest], [*numbers, self.lines + 1]
        for text, number in zip(raw, numbers, strict=True):
            row = self.parse(text.decode("utf-8", "replace"), number)
            if row is not None and row.get("learner") == learner:
                yield row

    def _at(self, file: Any, place: int, length: int) -> bytes:
        file.seek(place)
        self.bytes_read += length
        return bytes(file.read(length))

    def _look(self, file: Any) -> bytes:
        """Take in what was added; return the beginning of a line that is not whole."""
        state = os.fstat(file.fileno())
        start = max(0, self.end - TAIL)
        same = state.st_ino == self.number and state.st_size >= self.end
        if not same or self._at(file, start, self.end - start) != self.tail:
            self._forget()
            self.number = state.st_ino
        added = self._at(file, self.end, state.st_size - self.end)
        whole, newline, rest = added.rpartition(b"\n")
        place = self.end
        for line in whole.split(b"\n") if newline else ():
            length = len(line) + 1
            self.lines += 1
            row = self.parse(line.decode("utf-8", "replace") + "\n", self.lines)
            if row is not None and "learner" in row:
                self.places.setdefault(str(row["learner"]), []).append((place, length, self.lines))
            place += length
        self.end = place
        start = max(0, place - TAIL)
        self.tail = self._at(file, start, place - start)
        return rest
