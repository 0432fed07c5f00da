"""Rebuilds a handed-in notebook on its release: the skeleton is ours, the answers and further cells are the learner's.

Every released cell stands in its order with its metadata; a learner's source goes into solution cells only. What else
the file holds (outputs, pictures, metadata, changed points or locks) is left behind; a flag says what was put right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vsim.course.align import Homes, Slot, align, names_in, slots_of, tidy
from vsim.course.cards import FRONT
from vsim.course.claims import Identity, identity_of
from vsim.course.flags import UNUSABLE, Flag, flag_text, in_order
from vsim.course.loose import Loose, LooseCell, read

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["Flag", "Rebuilt", "flag_text", "rebuild"]

MOST_OWN = 400                # cells of the learner's own that are kept
LONGEST_OWN = 100_000         # characters of one of them
LONGEST_ALL_OWN = 1_000_000   # and of all
LONGEST_ANSWER = 200_000
CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A handed-in notebook on the skeleton of its release; `answered` counts the solution cells that were edited."""

    notebook: NotebookNode
    flags: tuple[Flag, ...]
    identity: Identity
    answered: int

    @property
    def usable(self) -> bool:
        """Whether anything of the learner's could be taken."""
        return not any(code in UNUSABLE for code, _ in self.flags)


def rebuild(release: NotebookNode, raw: bytes, *, editions: Iterable[NotebookNode] = ()) -> Rebuilt:
    """Return a handed-in file as a valid notebook of format 4.5 with exactly the release's graded cells.

    Parameters
    ----------
    release : NotebookNode
        The unit as it was handed out.
    raw : bytes
        The file; whatever it holds, nothing is raised. What cannot be read gives the untouched release.
    editions : iterable of NotebookNode
        The same unit in other languages: a cell that stands as in one of them was not edited.

    Returns
    -------
    Rebuilt
    """
    loose = read(raw)
    if loose is None:
        return Rebuilt(_notebook(release, {}, {}), (("unreadable", None),), Identity(), 0)
    slots = slots_of(release.cells, [edition.cells for edition in editions])
    homes = align(loose.cells, slots)
    identity = identity_of(loose.claims)
    if _stranger(slots, homes):
        flags = _file_flags(loose, slots, homes, loose.cut)
        return Rebuilt(_notebook(release, {}, {}), in_order([("stranger", None), *flags]), identity, 0)
    answers, spare, flags = _sorted(loose.cells, slots, homes)
    own, cut = _own(loose.cells, homes, spare)
    flags += _file_flags(loose, slots, homes, cut or loose.cut)
    answered = sum(bool(source.strip()) for source in answers.values())
    return Rebuilt(_notebook(release, answers, own), in_order(flags), identity, answered)


def _sorted(
    cells: Sequence[LooseCell], slots: Sequence[Slot], homes: Homes,
) -> tuple[dict[int, str], set[int], list[Flag]]:
    """Return the answers by slot, the copies that stay as cells of one's own, and what is to be said of the cells."""
    copies: dict[int, list[int]] = {}
    for number, home in enumerate(homes.of):
        if home is not None:
            copies.setdefault(home, []).append(number)
    answers: dict[int, str] = {}
    spare: set[int] = set()
    flags: list[Flag] = []
    for number, slot in enumerate(slots):
        mine = copies.get(number, [])
        if slot.answer and mine:
            source, more = _answer(slot, mine, cells, flags)
            spare |= more
            if source is not None:
                answers[number] = source
        elif slot.grade_id:
            _locked(slot, mine, cells, flags)
        elif slot.cell_id != FRONT:                          # an older date is no cell of the learner's own
            spare |= {copy for copy in mine if tidy(cells[copy].source or "") not in slot.known}
    return answers, spare, flags


def _answer(
    slot: Slot, mine: Sequence[int], cells: Sequence[LooseCell], flags: list[Flag],
) -> tuple[str | None, set[int]]:
    """Return the learner's source for a solution cell (None: not edited), and further copies to keep as own cells.

    The first copy that was really edited wins. A later one is kept when it adds to it (a cell that was split in two),
    not when it is a rival (it gives the same names a value again).
    """
    name = slot.grade_id
    readable = [number for number in mine if cells[number].source is not None]
    edited = [number for number in readable if tidy(cells[number].source or "") not in slot.known]
    filled = {tidy(cells[number].source or ""): number for number in reversed(edited)}
    different = sorted(number for text, number in filled.items() if text)
    winner = different[0] if different else (edited or readable or mine)[0]
    source = cells[winner].source
    taken = names_in(source or "") if slot.kind == "code" else set()
    more = {number for number in different[1:] if not taken & names_in(cells[number].source or "")}
    if not readable:
        flags.append(("damaged", name))
    if len(different) > 1:
        flags.append(("split" if len(more) == len(different) - 1 else "rivals", name))
    elif len(mine) > 1:
        flags.append(("duplicate", name))
    if cells[winner].kind != slot.kind:
        flags.append(("kind-changed", name))
    if any(cells[number].pictures for number in mine):
        flags.append(("picture-dropped", name))
    if source is not None and len(source) > LONGEST_ANSWER:
        flags.append(("answer-cut", name))
        source = source[:LONGEST_ANSWER]
    return (source if winner in edited else None), more


def _locked(slot: Slot, mine: Sequence[int], cells: Sequence[LooseCell], flags: list[Flag]) -> None:
    """Flag what was done to a cell of the release that is not the learner's to change."""
    if not mine:
        flags.append(("missing", slot.grade_id))
    elif any(tidy(cells[number].source or "") not in slot.known for number in mine):
        flags.append(("locked-edited", slot.grade_id))
    elif any(cells[number].kind != slot.kind for number in mine):
        flags.append(("kind-changed", slot.grade_id))
    if len(mine) > 1:
        flags.append(("copied-locked", slot.grade_id))


def _own(cells: Sequence[LooseCell], homes: Homes, spare: set[int]) -> tuple[dict[int, list[LooseCell]], bool]:
    """Return the learner's own cells by the slot that they follow (-1: before all), and whether some were left out."""
    own: dict[int, list[LooseCell]] = {}
    neighbour, count, size, cut = -1, 0, 0, False
    for number, cell in enumerate(cells):
        home = homes.of[number]
        if home is not None and homes.first[home] == number:
            neighbour = home
        source = cell.source or ""
        if (home is not None and number not in spare) or not source.strip():
            continue
        if count == MOST_OWN or len(source) > LONGEST_OWN or size + len(source) > LONGEST_ALL_OWN:
            cut = True
            continue
        own.setdefault(neighbour, []).append(cell)
        count, size = count + 1, size + len(source)
    return own, cut


def _graded(slots: Sequence[Slot], homes: Homes) -> set[int]:
    return {number for number in homes.first if slots[number].grade_id}


def _stranger(slots: Sequence[Slot], homes: Homes) -> bool:
    """Return whether no graded cell of the release was found."""
    return not _graded(slots, homes) and any(slot.grade_id for slot in slots)


def _file_flags(loose: Loose, slots: Sequence[Slot], homes: Homes, cut: bool) -> list[Flag]:
    """Return the flags of the whole file, and of answers that were found without their label."""
    firsts = [homes.first[number] for number in sorted(homes.first)]
    labels = {slot.grade_id for slot in slots if slot.grade_id}
    graded = _graded(slots, homes)
    stripped = bool(graded) and not any(cell.grade_id in labels for cell in loose.cells)
    found = {
        "encoding": not loose.utf8,
        "old-format": loose.old,
        "stripped-metadata": stripped,
        "order": firsts != sorted(firsts),
        "extra-cut": cut,
    }
    flags: list[Flag] = [(code, None) for code, is_so in found.items() if is_so]
    if not stripped:
        flags += [("relabelled", slots[number].grade_id) for number in sorted(homes.guessed & graded)
                  if slots[number].answer]
    return flags


def _notebook(release: NotebookNode, answers: dict[int, str], own: dict[int, list[LooseCell]]) -> NotebookNode:
    """Return the release with the learner's answers in it and the learner's own cells after their neighbours."""
    from nbformat import from_dict

    taken: set[str] = set()
    cells = []
    ids = [_fresh(cell.get("id"), "cell", taken) for cell in release.cells]
    cells += [_plain(cell, taken) for cell in own.get(-1, [])]
    for number, cell in enumerate(release.cells):
        kept = {key: deepcopy(cell[key]) for key in ("cell_type", "metadata", "source", "attachments") if key in cell}
        kept |= {"id": ids[number], "source": answers.get(number, cell["source"])}
        if cell["cell_type"] == "code":
            kept |= {"outputs": [], "execution_count": None}
        cells.append(kept)
        cells += [_plain(mine, taken) for mine in own.get(number, [])]
    whole: dict[str, Any] = {
        "nbformat": 4, "nbformat_minor": 5, "metadata": deepcopy(dict(release.metadata)), "cells": cells,
    }
    return from_dict(whole)  # type: ignore[no-any-return]


def _plain(cell: LooseCell, taken: set[str]) -> dict[str, Any]:
    """Return a cell of the learner's own: kind and words, nothing else."""
    made: dict[str, Any] = {
        "id": _fresh(None, "own", taken), "cell_type": cell.kind, "metadata": {}, "source": cell.source or "",
    }
    if cell.kind == "code":
        made |= {"outputs": [], "execution_count": None}
    return made


def _fresh(wanted: object, stem: str, taken: set[str]) -> str:
    """Return an id that no cell has yet: the wanted one, else the stem with the next number."""
    name = wanted if isinstance(wanted, str) and CELL_ID.fullmatch(wanted) and wanted not in taken else None
    number = len(taken) + 1
    while name is None or name in taken:
        name, number = f"{stem}-{number:04}", number + 1
    taken.add(name)
    return name
