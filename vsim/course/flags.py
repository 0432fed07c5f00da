"""What was put right in a handed-in notebook: a fixed vocabulary of flags, and a kind sentence for each.

A flag is a pair: its code, and the cell that it is about or None. Flags travel in the notebook's metadata and end in
the learner's feedback; none of them costs points by itself.
"""

from __future__ import annotations

from collections.abc import Iterable

from vsim.i18n import t

Flag = tuple[str, str | None]

CODES = (
    "unreadable", "stranger", "encoding", "old-format", "stripped-metadata", "order", "extra-cut", "other-learner",
    "several-files", "relabelled", "duplicate", "rivals", "split", "copied-locked", "missing", "locked-edited",
    "kind-changed", "damaged", "answer-cut", "picture-dropped",
)
UNUSABLE = ("unreadable", "stranger")        # nothing of the learner's could be taken


def flag_text(flag: Flag) -> str:
    """Return the sentence of a flag for the learner, in the language in force; an unknown code comes back as it is.

    Parameters
    ----------
    flag : tuple of str and (str or None)
        Code, and the id of the cell.
    """
    code, task = flag
    sentence = {**_file_texts(), **_cell_texts()}.get(code, code)
    return sentence.replace("{task}", task or t("a cell"))


def in_order(flags: Iterable[Flag]) -> tuple[Flag, ...]:
    """Return each flag once, those of the whole file first, then as they were found."""
    once = list(dict.fromkeys(flags))
    return tuple([flag for flag in once if flag[1] is None] + [flag for flag in once if flag[1] is not None])


def _file_texts() -> dict[str, str]:
    return {
        "unreadable": t("The file could not be read as a notebook, so nothing in it could be marked. Send it again."),
        "stranger": t("No cell of this unit was found in the file, so nothing was marked. Is it another notebook?"),
        "encoding": t("The file was not saved as UTF-8. We read it as well as we could; look it through."),
        "old-format": t("The notebook was saved in an old format. We brought it up to date."),
        "stripped-metadata": t("The labels of the cells were gone, as some editors remove them. We found your answers "
                               "by their place and words."),
        "order": t("Some cells stood in another order. We put them back; your own cells stayed with their neighbours."),
        "extra-cut": t("There were more cells of your own than we can keep, or larger ones. Your answers are all "
                       "there, but some other cells were left out."),
        "other-learner": t("The file was handed out to another learner. It was marked with your own city's data."),
        "several-files": t("You handed in several different files. We took one and kept all of them."),
    }


def _cell_texts() -> dict[str, str]:
    return {
        "relabelled": t("The answer cell of {task} had lost its label. We took the cell that stood in its place."),
        "duplicate": t("We found several copies of the answer to {task} and took the edited one."),
        "rivals": t("We found several edited copies of the answer to {task} and took the first. Keep only one."),
        "split": t("The answer to {task} stood in several cells. We kept them all, in their order."),
        "copied-locked": t("The cell {task} was there more than once. One of them counts."),
        "missing": t("The cell {task} was missing. We put it back as it was handed out."),
        "locked-edited": t("The cell {task} is not meant to be changed. We put it back as it was handed out."),
        "kind-changed": t("The cell {task} had been turned into another kind of cell. We turned it back."),
        "damaged": t("What stood in the cell {task} could not be read. It counts as not answered."),
        "answer-cut": t("The answer to {task} was too long to keep whole. We cut it."),
        "picture-dropped": t("Pictures pasted into the answer to {task} cannot be kept. Say in words what they show."),
    }
