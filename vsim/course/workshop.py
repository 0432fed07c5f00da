"""The workshop: a new lesson or graded unit that works at once, to be changed into one's own piece by piece.

What is written passes `vsim course check` or runs through, so that an author always changes something that works.
"""

from __future__ import annotations

import re
from pathlib import Path

from vsim.course.catalogues import update
from vsim.course.source import read_source
from vsim.course.syllabus import TIERS, TRACKS
from vsim.course.writing import write_whole
from vsim.errors import UsageError, did_you_mean
from vsim.spec.loading import PACKAGE, read_text, shown

ASSETS = PACKAGE / "assets" / "workshop"
STEM = re.compile(r"\d{2}-[a-z0-9]+(?:-[a-z0-9]+)*")
MARK = re.compile(r"@(ID|TITLE|TIER|TRACK|STEM)@")


def new_unit_files(root: Path, name: str, track: str, title: str | None = None) -> list[Path]:
    """Write a new graded unit below a folder of units, and return what was written.

    Parameters
    ----------
    root : Path
        Folder of units, such as `curriculum`.
    name : str
        "<tier>/<NN>-<words>", such as "foundation/02-stations-and-demand".
    track : str
        One of management, evaluation, policy.
    title : str, optional
        Title in English; made from the name without it.

    Raises
    ------
    UsageError
        For a name or track that is not allowed, and when the unit is there already.
    """
    tier, stem = _parts("course new-unit", name, TIERS, "foundation/02-stations-and-demand")
    _known("course new-unit: --track", track, TRACKS)
    folder = root / tier / stem
    values = {"ID": f"{tier}-{stem}", "TITLE": _title(stem, title), "TIER": tier, "TRACK": track, "STEM": stem}
    return _written(folder, {
        folder / "assignment.md": "unit/assignment.md", folder / "checks.py": "unit/checks.py.txt",
        folder / "rubric.md": "unit/rubric.md", folder / "notes.md": "unit/notes.md",
        folder / "mutants" / "q1.py": "unit/mutants_q1.py.txt",
    }, values, folder / "assignment.md")


def new_lesson_files(root: Path, name: str, tier: str, title: str | None = None) -> list[Path]:
    """Write a new lesson below the folder of lessons, and return what was written.

    Parameters
    ----------
    root : Path
        Folder of lessons, such as `notebooks`.
    name : str
        "<track>/<NN>-<words>", such as "management/02-stations-and-demand".
    tier : str
        One of foundation, practitioner, leader.
    title : str, optional
        Title in English; made from the name without it.

    Raises
    ------
    UsageError
        For a name or tier that is not allowed, and when the lesson is there already.
    """
    track, stem = _parts("notebook new", name, TRACKS, "management/02-stations-and-demand")
    _known("notebook new: --tier", tier, TIERS)
    values = {"ID": f"{track}/{stem}", "TITLE": _title(stem, title), "TIER": tier, "TRACK": track, "STEM": stem}
    path = root / track / f"{stem}.md"
    return _written(path, {path: "lesson/lesson.md", path.with_suffix(".py"): "lesson/lesson.py.txt"}, values, path)


def _parts(command: str, name: str, first: tuple[str, ...], example: str) -> tuple[str, str]:
    """Return the two parts of a name."""
    head, _, stem = name.strip("/").partition("/")
    if head not in first or not STEM.fullmatch(stem):
        raise UsageError(
            f"{command}: the name is '{name}'; allowed {', '.join(first)}, a stroke, two digits and words in small "
            f"letters, such as {example}.{did_you_mean(head, first) if head not in first else ''}"
        )
    return head, stem


def _known(where: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise UsageError(f"{where} is '{value}'; allowed {', '.join(allowed)}.{did_you_mean(value, allowed)}")


def _title(stem: str, title: str | None) -> str:
    """Return the title as YAML and Python hold it: without quotes and strokes that would end it."""
    text = " ".join((title or stem[3:].replace("-", " ").capitalize()).split())
    if not text or len(text) > 80 or set(text) & set('"\\#:`{}'):
        raise UsageError(f"title is '{text[:90]}'; allowed 1 to 80 characters without quotation marks, colons, # or "
                         "braces. Choose another.")
    return text


def _written(there: Path, files: dict[Path, str], values: dict[str, str], source: Path) -> list[Path]:
    """Write files from their templates, the catalogue of the source with them, all or none."""
    taken = [path for path in (there, *files) if path.exists()]
    if taken:
        raise UsageError(f"{shown(taken[0])}: is there already; allowed a new name. Nothing was written.")
    write_whole({
        path: MARK.sub(lambda found: values[found[1]], read_text(ASSETS / template)).encode()
        for path, template in files.items()
    })
    update(read_source(source))
    return [*files, source.with_suffix(".zh_CN.po")]
