"""vsim course backup, restore and doctor: keeping a course, and finding out what is wrong."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vsim.cli.common import DryRun, Force, Json, Lang, Quiet, done, print_json, progress_bar, say, speak, tell
from vsim.cli.course import HERE, Folder, opened, ready
from vsim.errors import UsageError
from vsim.i18n import t

if TYPE_CHECKING:
    from vsim.course.backup import Backup
    from vsim.course.doctor_finding import Finding

LEFT = {
    "link": "{path}: is a link, and links are not followed; what it leads to is not in the backup.",
    "special": "{path}: is no ordinary file and is not in the backup.",
    "name": "{path}: has a name that a zip file cannot hold, and is not in the backup. Rename it.",
}


def backup_command(
    file: Annotated[Path | None, typer.Argument(help="Zip file to write. [backups/ of the course]")] = None,
    folder: Folder = HERE,
    force: Force = False,
    as_json: Json = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Save all of a course that cannot be made again in one zip file, keys included; exit 1 if something stayed out."""
    here = opened(folder, lang)
    from vsim.course.backup import backup

    with progress_bar(t("Files"), quiet or as_json) as move:
        made = backup(here, file, force=force, progress=move)
    if as_json:
        print_json(asdict(made))
    else:
        _tell_backup(made, quiet)
    if made.left or made.book == "raw":
        raise typer.Exit(1)


def _tell_backup(made: Backup, quiet: bool) -> None:
    for one in made.left:
        say(t(LEFT[one.why]).format(path=one.path))
    for name in made.foreign:
        say(t("{path}: Windows cannot hold a file of that name; a restore there will refuse the backup.").format(
            path=name), quiet)
    for name in made.elsewhere:
        say(t("{path}: units of your own lie outside the course. What was released of them is in the backup, the "
              "folder itself is not.").format(path=name), quiet)
    if made.book == "raw":
        say(t("gradebook.db is damaged and was copied as it stands. See: vsim course doctor"))
    say(t("{n} files, {size:.1f} MB. The secret keys of the course and the names and marks of the learners are in it, "
          "not encrypted: keep it where only you can read it, and not on this disk alone.").format(
              n=made.files, size=made.size / 2**20), quiet)
    done(made.path, quiet)


def restore_command(
    file: Annotated[Path, typer.Argument(help="Backup that vsim course backup wrote.")],
    folder: Annotated[Path, typer.Argument(help="New folder of the course.")],
    dry_run: DryRun = False,
    as_json: Json = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Make a course folder from a backup, once every byte of it is verified."""
    speak(lang)
    ready()
    from vsim.course.backup_restore import restore

    found, made = restore(file, folder, dry_run=dry_run)
    if as_json:
        print_json({"course": found.course, "made": found.made, "vsim": found.vsim, "files": len(found.files),
                    "bytes": found.size, "folder": None if made is None else str(made.root)})
        return
    tell(t("The course {course} as it was on {made}: {n} files, every one as it was saved.").format(
        course=found.course, made=found.made, n=len(found.files)))
    if made is None:
        say(t("Nothing was written."), quiet)
        return
    done(made.root, quiet)
    say(t("Handouts, marked notebooks and feedback are made again: vsim course release UNIT gives everybody a handout, "
          "vsim course grade UNIT marks what was handed in and writes the feedback."), quiet)


def doctor_command(
    what: Annotated[
        Path | None, typer.Argument(help="A file or folder handed in, or a course folder. [the course, and the "
                                         "machine]")
    ] = None,
    folder: Folder = HERE,
    mend: Annotated[bool, typer.Option("--mend", help="Mend what is safe to mend; nothing is lost by it.")] = False,
    as_json: Json = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Say what is wrong with a submission, a course folder or this machine, and what to do; exit 1 on a fault."""
    speak(lang)
    ready()
    from vsim.course.doctor import course_root, examine, mended

    if what is not None and not what.exists():
        raise UsageError(f"{what}: no such file or folder. Name what was handed in, or a course folder.")
    root = course_root(folder if what is None else what)
    if what is None:
        found = [*(examine(root) if root is not None else ()), *_machine()]
    elif root is not None and root == what.resolve():
        found = list(examine(root))
    else:
        found = _submission(what, course_root(folder) or root)
    if mend:
        found = mended(found)
    if as_json:
        print_json([{name: getattr(one, name) for name in
                     ("code", "where", "what", "why", "then", "grave", "mended")} | {"mends": one.mend is not None}
                    for one in found])
    else:
        _tell(found, root if what is None else what, quiet)
    if any(one.grave and not one.mended for one in found):
        raise typer.Exit(1)


def _machine() -> list[Finding]:
    from vsim.course.doctor_machine import machine
    from vsim.report.fonts import FONT_FILE

    return list(machine(FONT_FILE))


def _submission(what: Path, root: Path | None) -> list[Finding]:
    """Return what is wrong with something handed in, held against its course where there is one that opens."""
    from vsim.course.doctor_folder import opened as opened_course
    from vsim.course.doctor_submission import submission

    here, faults = opened_course(root) if root is not None else (None, [])
    return [*faults, *submission(what, here)]


def _tell(found: list[Finding], what: Path | None, quiet: bool) -> None:
    for one in sorted(found, key=lambda one: (one.mended, not one.grave)):
        state = t("mended") if one.mended else t("wrong") if one.grave else t("good to know")
        tell(f"[{state}] {one.where}: {one.what}")
        if not quiet and not one.mended:
            tell("  " + t("Why it matters: {why}").format(why=one.why))
            tell("  " + t("Next: {then}").format(then=one.then))
    wrong = sum(one.grave and not one.mended for one in found)
    if not found:
        tell(t("{path}: nothing wrong was found.").format(path=what if what is not None else t("This machine")))
    elif any(one.grave and one.mend is not None and not one.mended for one in found):
        say(t("{n} faults; some can be mended: vsim course doctor --mend").format(n=wrong), quiet)
    else:
        say(t("{n} faults.").format(n=wrong), quiet)
