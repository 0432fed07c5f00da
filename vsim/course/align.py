"""Finds for each cell of a handed-in notebook the cell of the release that it comes from.

By label first (nbgrader's grade_id), then by cell id, then by equal source and order; what is still open between two
cells that were found is paired by likeness. The last steps matter for files whose labels an editor has removed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any

from vsim.course.loose import LooseCell, clean

MOST_LOOSE = 2_000            # cells without a label that are aligned
MOST_IN_GAP = 60
MOST_WORDS = 300
ALIKE = 0.6                   # likeness from which two cells count as the same one edited
NAMES = re.compile(r"^(?:(?:async +)?def|class) +(\w+)|^(\w+(?: *, *\w+)*) *(?::[^=\n]*)?=(?!=)", re.MULTILINE)
WORDS = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell of the release: `known` holds its source in every edition, `answer` says that the learner writes there."""

    kind: str
    source: str
    known: frozenset[str]
    answer: bool
    grade_id: str | None
    cell_id: str | None


@dataclass(slots=True)
class Homes:
    """For each handed-in cell the number of its slot, or None; and the slots that were filled without a label."""

    of: list[int | None]
    first: dict[int, int] = field(default_factory=dict)
    guessed: set[int] = field(default_factory=set)

    def give(self, cell: int, slot: int, guessed: bool = False) -> None:
        """Say that a cell comes from a slot."""
        self.of[cell] = slot
        self.first.setdefault(slot, cell)
        if guessed:
            self.guessed.add(slot)


def tidy(source: str) -> str:
    """Return a source without what editors change by themselves: spaces at ends of lines, blank lines around."""
    return "\n".join(line.rstrip() for line in source.split("\n")).strip()


def names_in(source: str) -> set[str]:
    """Return the names that code gives a value at its outermost level, as far as its lines show it."""
    found = NAMES.findall(source[:100_000])
    return {name.strip() for made, given in found for name in (made, *given.split(",")) if name.strip()}


def slots_of(cells: Sequence[Mapping[str, Any]], editions: Sequence[Sequence[Mapping[str, Any]]] = ()) -> list[Slot]:
    """Return the slots of a release; other editions have the same cells in the same order."""
    slots = []
    for number, cell in enumerate(cells):
        twins = [edition[number] for edition in editions if number < len(edition)]
        label = cell["metadata"].get("nbgrader") or {}
        known = frozenset(tidy(clean(str(twin["source"]))) for twin in (cell, *twins))
        slots.append(Slot(
            str(cell["cell_type"]), clean(str(cell["source"])), known, bool(label.get("solution")),
            label.get("grade_id") or None, cell.get("id"),
        ))
    return slots


def align(cells: Sequence[LooseCell], slots: Sequence[Slot]) -> Homes:
    """Return the home of every cell that has one."""
    homes = Homes([None] * len(cells))
    labels = {slot.grade_id: number for number, slot in enumerate(slots) if slot.grade_id}
    for number, cell in enumerate(cells):
        if cell.grade_id in labels:
            homes.give(number, labels[cell.grade_id])
    ids = {slot.cell_id: number for number, slot in enumerate(slots) if slot.cell_id and number not in homes.first}
    for number, cell in enumerate(cells):
        home = ids.get(cell.cell_id or "") if homes.of[number] is None else None
        if home is not None and home not in homes.first:
            homes.give(number, home, guessed=True)
    _by_source(cells, slots, homes)
    _by_likeness(cells, slots, homes)
    return homes


def _by_source(cells: Sequence[LooseCell], slots: Sequence[Slot], homes: Homes) -> None:
    """Give open slots the cells of the same words, in order."""
    wanted = [number for number, slot in enumerate(slots) if number not in homes.first and tidy(slot.source)]
    if not wanted:
        return
    same = {known: tidy(slot.source) for slot in reversed(slots) for known in slot.known}
    loose = [number for number, home in enumerate(homes.of) if home is None and cells[number].source][:MOST_LOOSE]
    texts = [tidy(cells[number].source or "") for number in loose]
    matcher = SequenceMatcher(None, [same.get(text, text) for text in texts],
                              [tidy(slots[number].source) for number in wanted], autojunk=False)
    for cell, slot, length in matcher.get_matching_blocks():
        for step in range(length):
            homes.give(loose[cell + step], wanted[slot + step], guessed=True)


def _by_likeness(cells: Sequence[LooseCell], slots: Sequence[Slot], homes: Homes) -> None:
    """Pair the open slots between two slots that were found with the cells that stand between them."""
    anchored = bool(homes.first)
    first = dict(homes.first)
    for found, run in groupby(range(len(slots)), key=first.__contains__):
        if found:
            continue
        numbers = list(run)
        low = first.get(numbers[0] - 1, -1)
        high = first.get(numbers[-1] + 1, len(cells))
        between = [
            number for number in range(low + 1, high)
            if homes.of[number] is None and (cells[number].source or "").strip()
        ][:MOST_IN_GAP]
        pairs = _pairs([slots[number] for number in numbers], [cells[number] for number in between], anchored)
        for slot, cell in pairs:
            homes.give(between[cell], numbers[slot], guessed=True)


def _pairs(slots: Sequence[Slot], cells: Sequence[LooseCell], anchored: bool) -> list[tuple[int, int]]:
    """Return the pairs, in order on both sides, whose likeness is greatest in sum."""
    described = [(cell.kind, _words(cell.source or ""), names_in(cell.source or "")) for cell in cells]
    likeness = [_likeness(slot, described, anchored) for slot in slots]
    best = [[0.0] * (len(cells) + 1) for _ in range(len(slots) + 1)]
    for i in range(len(slots) - 1, -1, -1):
        for j in range(len(cells) - 1, -1, -1):
            paired = best[i + 1][j + 1] + likeness[i][j] if likeness[i][j] else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    pairs, i, j = [], 0, 0
    while i < len(slots) and j < len(cells):
        if likeness[i][j] and best[i][j] == best[i + 1][j + 1] + likeness[i][j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            i += 1
    return pairs


def _words(source: str) -> Counter[str]:
    return Counter(WORDS.findall(source[:20 * MOST_WORDS])[:MOST_WORDS])


def _likeness(slot: Slot, cells: Sequence[tuple[str, Counter[str], set[str]]], anchored: bool) -> list[float]:
    """Return how well each cell (kind, words, names) fits a slot, 0 where it does not at all."""
    own, wanted = _words(slot.source), names_in(slot.source)
    fits = []
    for kind, words, names in cells:
        total = own.total() + words.total()
        shared = 2 * (own & words).total() / total if total else 0.0
        named = len(wanted & names) / len(wanted) if wanted else 0.0
        if not slot.answer:
            fits.append(1.0 + shared if shared >= ALIKE else 0.0)
        elif shared >= ALIKE or named or (anchored and kind == slot.kind):
            fits.append(0.1 + shared + 2.0 * named)
        else:
            fits.append(0.0)
    return fits
