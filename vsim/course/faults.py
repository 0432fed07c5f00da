"""Why something that was dropped could not be taken: one plain message for the trainer for each kind of fault."""

from __future__ import annotations

from dataclasses import dataclass

from vsim.i18n import t

LARGEST = 20 * 2**20          # bytes of one file
MOST = 200                    # files of one folder or archive
LARGEST_ALL = 60 * 2**20      # bytes of one thing that was dropped, unpacked
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that was not taken: its name as shown, the code of the fault, and what to do."""

    name: str
    code: str
    message: str


def fault(name: str, code: str, detail: str = "") -> Fault:
    """Return a fault with its message in the language in force.

    Parameters
    ----------
    name : str
        Of the file, or of the member of an archive; it is shown on one line.
    code : str
        A key of `messages()`.
    detail : str
        What the system said, where it said something.
    """
    text = messages()[code].format(detail=shown(detail), size=LARGEST // 2**20, count=MOST, whole=LARGEST_ALL // 2**20)
    return Fault(shown(name), code, text)


def shown(name: str) -> str:
    """Return a name on one printable line of at most 120 characters."""
    line = "".join(letter if letter.isprintable() else "?" for letter in name[: 4 * LONGEST_NAME])
    return line if len(line) <= LONGEST_NAME else f"{line[: LONGEST_NAME // 2]}...{line[-LONGEST_NAME // 2 + 3:]}"


def messages() -> dict[str, str]:
    """Return the message of every code."""
    return {**_file_messages(), **_archive_messages()}


def _file_messages() -> dict[str, str]:
    return {
        "symlink": t("is a link, and links are not followed. Put the file itself there."),
        "special": t("is no ordinary file and was not opened. Put a notebook there."),
        "folder-name": t("is a folder that is named like a notebook. Put the notebook itself there."),
        "too-big": t("is larger than {size} MB. Clear the outputs of the notebook and hand it in again."),
        "too-many": t("holds more than {count} files. Hand in the notebook alone."),
        "too-deep": t("holds folders within folders within folders. Hand in the notebook alone."),
        "no-permission": t("may not be read. Give yourself the permission to read it and collect again."),
        "gone": t("went away while it was being read. Collect again."),
        "cannot-read": t("cannot be read ({detail}). Copy it again and collect again."),
        "empty": t("is empty; it may not have been sent to the end. Ask for it again."),
        "not-a-notebook": t("holds no notebook (.ipynb). Ask for the notebook."),
        "failed": t("could not be taken ({detail}). Everything else was; report this with the file."),
    }


def _archive_messages() -> dict[str, str]:
    return {
        "other-archive": t("is an archive of another kind than zip. Unpack it, or ask for a zip file."),
        "encrypted": t("is locked with a password. Ask for it without one."),
        "bad-archive": t("is broken; it may not have been sent to the end. Ask for it again."),
        "packing": t("is packed in a way that is not read here. Ask for an ordinary zip file."),
        "bomb": t("unpacks to far more than it seems to hold and was not unpacked. Ask what it is."),
        "too-big-unpacked": t("holds more than {whole} MB in all. Hand in the notebook alone."),
        "member-name": t("has a name that points out of its archive and was not taken. Ask for the notebook alone."),
        "nested": t("is an archive within archives. Unpack it by hand and look at it first."),
    }
