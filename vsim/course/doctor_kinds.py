"""What people hand in instead of a notebook, told by the first bytes: a web page, a picture, a document, a program."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from vsim.course.archives import is_other_archive, is_zip
from vsim.course.doctor_finding import Finding
from vsim.course.faults import shown
from vsim.i18n import t

FIRST = 4096
DOCUMENTS = (b"word/", b"ppt/", b"xl/")              # folders in the zip files that office programs write
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"RIFF")
MOVIES = (b"ftyp",)
SCRIPTS = (".py", ".r", ".md", ".txt")


def not_a_notebook(path: Path) -> Finding | None:
    """Return what a file is that is no notebook and no archive of one; None for one that should be looked into.

    Parameters
    ----------
    path : Path
        It is opened for reading only, and only when it is an ordinary file.
    """
    name = shown(path.name)
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return None
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(path, flags), "rb") as file:
            head = file.read(FIRST)
    except OSError:
        return None
    return kind_of(name, head)


def kind_of(name: str, head: bytes) -> Finding | None:
    """Return what a file is by its beginning; None where it may be a notebook or hold one."""
    start = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()         # UTF-16 too
    lost = t("The answers cannot be taken out of it.")
    if not head:
        return Finding("empty", name, t("The file is empty."), t("There is nothing to mark."),
                       t("It may not have been sent to the end. Ask for it again."))
    if start.startswith((b"<!doctype html", b"<html")):
        return Finding("web-page", name, t("It is a web page: an export of the notebook, or the page around it."), lost,
                       t("Ask for the notebook itself: in JupyterLab File > Download, not Save and Export."))
    if head.startswith(PICTURES) or head[4:8] in MOVIES:
        return Finding("picture", name, t("It is a picture or a film of the screen."), lost,
                       t("Ask for the notebook itself, the file that ends in .ipynb."))
    if head.startswith(b"%PDF"):
        return Finding("pdf", name, t("It is a PDF."), lost, t("Ask for the notebook itself, the file that ends in "
                                                               ".ipynb."))
    if is_zip(head) and any(folder in head for folder in DOCUMENTS):
        return Finding("document", name, t("It is a document of an office program."), lost,
                       t("Ask for the notebook itself, the file that ends in .ipynb."))
    if is_other_archive(head):
        return Finding("other-archive", name, t("It is an archive of another kind than zip."),
                       t("Only zip files are opened here."), t("Unpack it, or ask for a zip file."))
    if name.lower().endswith(SCRIPTS) and ".ipynb" not in name.lower() and not start.startswith((b"{", b"pk")):
        return Finding("script", name, t("It is a text or a program, not the notebook."),
                       t("It may hold the answers, but not in the cells that are marked."),
                       t("Ask for the notebook; or let the learner copy the lines into its cells."))
    return None
