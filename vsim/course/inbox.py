"""What lies in an inbox: folders of learners, and loose files and folders."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from vsim.course.claims import kindly
from vsim.course.keys import learner_id
from vsim.course.parcels import CARDS, junk
from vsim.errors import UsageError

UNIT = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")


@dataclass(frozen=True, slots=True)
class Place:
    """A file or folder of an inbox; `learner` is set where its folder bears a learner's name."""

    path: Path
    learner: str | None = None
    folder: bool = False


def check_call(sources: Sequence[Path], unit: str, learners: Collection[str], now: datetime) -> None:
    """Refuse a collection that cannot be meant.

    Raises
    ------
    UsageError
        For a source that is not there, a unit or learner that no folder can bear, a time without its zone.
    """
    for source in sources:
        if not os.path.lexists(source):
            raise UsageError(f"{source}: no such file or folder. Name the inbox.")
    if not UNIT.fullmatch(unit):
        raise UsageError(f"unit is '{unit[:80]}'; allowed small letters, digits, '.', '_' and '-'. Name a unit.")
    for learner in learners:
        if learner_id(learner) != learner:
            raise UsageError(f"learner id is '{learner}'; allowed '{learner_id(learner)}'. Correct the roster.")
    if now.tzinfo is None:
        raise UsageError(f"time is {now.isoformat()} without its zone; allowed a time with one. Give its zone.")


def places(sources: Sequence[Path], learners: Collection[str]) -> Iterator[Place]:
    """Yield every place of the inboxes in the order of names; what systems leave behind is passed over.

    A source that is a folder of a learner's name counts as that learner's folder, any other folder as an inbox. A
    learner's folder with nothing in it is no place.
    """
    for source in sources:
        path = Path(os.path.abspath(source))
        named = kindly(path.name, learners)
        if path.is_symlink() or not path.is_dir():
            yield Place(path)
        else:
            yield from [Place(path, named, folder=True)] if named else _entries(path, learners)


def _entries(inbox: Path, learners: Collection[str]) -> list[Place]:
    try:
        found = []
        for path in sorted(inbox.iterdir(), key=lambda path: path.name):
            folder = path.is_dir() and not path.is_symlink()
            learner = kindly(path.name, learners) if folder else None
            if junk(path.name) or path.name in CARDS or (learner and _bare(path)):
                continue
            found.append(Place(path, learner, folder))
        return found
    except OSError:
        return [Place(inbox, None, folder=True)]       # opening it says what is wrong


def _bare(folder: Path) -> bool:
    return all(junk(path.name) for path in folder.iterdir())
