"""A brief: from a question's store to a folder with tables, notebooks, pages and a data package, in both languages."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from vsim.errors import UsageError, VsimError
from vsim.i18n import LANGUAGES
from vsim.report.brief_files import QUESTION, package_files
from vsim.report.brief_print import print_pdf
from vsim.report.package_folder import write_files
from vsim.run.question import Question, store_of
from vsim.run.question_answer import Answer, answer
from vsim.run.sweep import STORE
from vsim.spec.loading import PACKAGE, shown

SOURCE = PACKAGE / "assets" / "brief" / "policy-brief.md"
OURS = ("effects", "drivers", STORE)      # folders of the runs, which a new brief of the same question keeps


def check_folder(folder: Path, force: bool) -> None:
    """Refuse a folder that holds something else than a brief, or the runs of one.

    Raises
    ------
    UsageError
        Unless `force`.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"brief: {shown(folder)} is a file; allowed a folder. Name another.")
    if force or not folder.exists() or (folder / QUESTION).is_file():
        return
    others = [entry.name for entry in folder.iterdir() if entry.name not in OURS]
    if others:
        raise UsageError(f"brief: {shown(folder)} holds {others[0]} and no brief; allowed a new folder. Name another, "
                         "or write over it with --force.")


def write_brief(
    question: Question, folder: Path, seconds: float, *, notebook: Path = SOURCE, langs: Sequence[str] = LANGUAGES,
    pdf: bool = False,
) -> Answer:
    """Write the brief of a question whose runs are in the folder's store, and return the answer.

    Parameters
    ----------
    question : Question
    folder : Path
        Holds the store, and then `data/`, `brief.<language>.html` and `.ipynb`, and the data package.
    seconds : float
        How long the runs took.
    notebook : Path
        Source of the notebook; its parameter `folder` is the folder of the brief.
    langs : sequence of str
        "en", "zh_CN".
    pdf : bool
        Print the pages too.

    Raises
    ------
    VsimError
        When the notebook stops; what it showed until then is kept.
    """
    found = answer(question, store_of(folder))
    shutil.rmtree(folder / "data", ignore_errors=True)
    files = package_files(found, found.tables, seconds)
    write_files(folder, files)
    for lang in langs:
        page = _notebook(folder, notebook, lang)
        if pdf:
            print_pdf(page, page.with_suffix(".pdf"))
    return found


def _notebook(folder: Path, notebook: Path, lang: str) -> Path:
    """Run the notebook on a folder; write it and its page; return the page."""
    from vsim.course.editions import notebook_bytes
    from vsim.course.html import page
    from vsim.course.running import INJECTED, run
    from vsim.course.source import read_source
    from vsim.course.writing import write_whole
    from vsim.report.fonts import font_face

    source = read_source(notebook)
    with TemporaryDirectory(prefix="vsim-brief-", ignore_cleanup_errors=True) as scratch:
        outcome = run(source, [f"folder={folder.resolve().as_posix()}"], lang, scratch=Path(scratch))
    made = outcome.notebook
    made.cells = [cell for cell in made.cells if cell.id != INJECTED]      # the folder of this machine is its own
    made.metadata["vsim"]["parameters"] = {}
    path = folder / f"brief.{lang}.html"
    html = page(made, font_face, notebook.parent)
    write_whole({path.with_suffix(".ipynb"): notebook_bytes(made), path: html.encode()})
    if outcome.failure is not None:
        raise VsimError(f"brief: the notebook stopped in {outcome.failure}. What ran until then is in {shown(path)}.")
    return path
