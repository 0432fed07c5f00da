"""Lessons by name: "management/01-registers-and-rates" is notebooks/management/01-registers-and-rates.md."""

from __future__ import annotations

from pathlib import Path

from vsim.course.source import Source, read_source
from vsim.errors import UsageError, did_you_mean, listing
from vsim.spec.loading import PACKAGE, shown

FOLDER = "notebooks"


def notebooks_folder(start: Path | None = None) -> Path:
    """Return the folder of lessons: notebooks/ in the working folder or the nearest above it, else the repository's."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if is_folder_of_lessons(folder / FOLDER):
            return folder / FOLDER
    return PACKAGE.parent / FOLDER


def is_folder_of_lessons(folder: Path) -> bool:
    """Return whether a folder holds sources of lessons, not what was built from them."""
    return folder.is_dir() and any(folder.glob("*/*.md"))


def lessons(folder: Path) -> dict[str, Path]:
    """Return the paths of all lessons by name, in order."""
    found = {path: f"{path.parent.name}/{path.stem}" for path in sorted(folder.glob("*/*.md"))}
    return {name: path for path, name in found.items() if path.name.lower() != "readme.md"}


def find(name: str, folder: Path) -> Path:
    """Return the path of a lesson or unit by name or path.

    Raises
    ------
    UsageError
        With the nearest name when there is no such lesson.
    """
    path = Path(name)
    if path.suffix == ".md" or path.is_file():
        return path
    known = lessons(folder)
    plain = name.replace("\\", "/").strip("/").removeprefix(f"{FOLDER}/")
    tails = [lesson for lesson in known if lesson.rpartition("/")[2] == plain]
    if plain in known or len(tails) == 1:
        return known[plain if plain in known else tails[0]]
    allowed = listing(known, 30) or "the path of a .md file"
    raise UsageError(f"notebook: '{name}' is no lesson.{did_you_mean(plain, known)} Allowed: {allowed}.")


def open_source(name: str, folder: Path) -> Source:
    """Return the source of a lesson or unit by name or path; a lesson's id must be its name.

    Raises
    ------
    UsageError
        For an unknown name, for whatever is wrong in the source, and for an id that differs from its place.
    """
    path = find(name, folder)
    source = read_source(path)
    wanted = f"{path.resolve().parent.name}/{path.stem}"
    if source.kind == "lesson" and path.resolve().parent.parent == folder.resolve() and source.syllabus.id != wanted:
        raise UsageError(f"{shown(path)}: vsim.id is {source.syllabus.id}; allowed {wanted}, its folder and name.")
    return source


def open_lesson_source(name: str, folder: Path) -> Source:
    """Return the source of a lesson by name or path; a graded unit is refused, since a course releases it.

    Raises
    ------
    UsageError
        As `open_source`, and for a unit.
    """
    source = open_source(name, folder)
    if source.kind == "unit":
        raise UsageError(f"{shown(source.path)}: is a graded unit; allowed a lesson. Units are built by a course: "
                         "vsim course release.")
    return source


def all_names(names: list[str], folder: Path) -> list[str]:
    """Return the names that were given, those of all lessons when none was."""
    wanted = names or list(lessons(folder))
    if not wanted:
        raise UsageError(f"{shown(folder)}: holds no lesson; allowed files such as management/01-name.md. "
                         "Name the path of one, or go to the folder above notebooks/.")
    return wanted
