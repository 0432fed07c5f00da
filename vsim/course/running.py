"""Running a lesson: built, then executed through papermill in a folder of its own, by the Python that runs vsim.

A run leaves nothing in the user's home. The kernel works in a temporary folder that holds the notebook, its
sidecar and its checks; IPython's and Jupyter's own files lie there too, and matplotlib's list of fonts in a folder
that may be kept (`scratch`), unless IPYTHONDIR, JUPYTER_RUNTIME_DIR or MPLCONFIGDIR name other places. Whatever
kernels are installed, the one that runs is `sys.executable -m ipykernel_launcher`. What comes back holds no times
and no paths, so that the same lesson with the same parameters gives the same notebook.
"""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from vsim.course.catalogues import Fault
from vsim.course.editions import edition_files, translations_of
from vsim.course.parameters import declared, settings
from vsim.course.source import Source, headings
from vsim.course.words import Said, Words, t
from vsim.course.writing import write_whole
from vsim.errors import VsimError
from vsim.i18n import VARIABLE, known_language
from vsim.spec.loading import shown
from vsim.spec.plain_yaml import one_line

if TYPE_CHECKING:
    from nbformat import NotebookNode

Progress = Callable[[int, int], None]
INJECTED = "injected-parameters"
LOG = "kernel.log"
MARKER = "papermill-error-cell-tag"
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True, slots=True)
class Failure:
    """Where a run stopped: the id of the cell, the heading above it, and the error in one line."""

    cell: str
    heading: str
    error: str

    def __str__(self) -> str:
        under = f" under \"{self.heading}\"" if self.heading else ""
        return f"cell {self.cell}{under}: {self.error}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run left: the executed notebook, why it stopped if it did, and what its edition could not say."""

    notebook: NotebookNode
    failure: Failure | None = None
    faults: tuple[Fault, ...] = ()


def run(
    source: Source,
    given: Iterable[str] = (),
    lang: str = "en",
    *,
    claims: bool = False,
    scratch: Path | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Run a lesson and return its executed notebook, complete or up to the cell that failed.

    Parameters
    ----------
    source : Source
        The lesson.
    given : iterable of str
        Parameters as "name=value".
    lang : str
        "en" or "zh_CN": the edition, and the language of vsim inside it.
    claims : bool
        Whether to run the cells tagged `claim` too.
    scratch : Path, optional
        Folder that keeps caches between runs; without it they go with the run.
    progress : callable, optional
        Called with how many code cells are done, and of how many.

    Raises
    ------
    UsageError
        For an unknown parameter or a value of the wrong kind, before anything is run.
    VsimError
        When the kernel cannot be started.
    """
    lang = known_language(lang)
    said = translations_of(source, lang)
    with TemporaryDirectory(prefix="vsim-run-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        work = folder / "work"
        write_whole({work / file: content for file, content in edition_files(source, lang, said, claims).items()})
        built = work / f"{source.stem}.ipynb"
        values = settings(given, declared(built), shown(source.path))
        died = _execute(built, folder / "run.ipynb", values, _environment(folder, scratch, lang), progress)
        notebook = _tidied(folder / "run.ipynb", built, values, died)
    failure = _failure(notebook)
    if failure is not None:
        _add_note(notebook, failure, lang)
    return Outcome(notebook, failure, said.faults)


def _environment(folder: Path, scratch: Path | None, lang: str) -> dict[str, str]:
    """Return what the kernel finds in its environment beyond the user's own."""
    kept = (scratch or folder).resolve()
    places = {"IPYTHONDIR": folder / "ipython", "JUPYTER_RUNTIME_DIR": folder / "runtime",
              "MPLCONFIGDIR": kept / "matplotlib"}
    ours = {name: str(place) for name, place in places.items() if not os.environ.get(name)}
    for place in ours.values():
        Path(place).mkdir(parents=True, exist_ok=True)
    return ours | {VARIABLE: lang, "PYTHONUTF8": "1", "MPLBACKEND": "module://matplotlib_inline.backend_inline"}


def _execute(
    built: Path, output: Path, values: Mapping[str, Any], environment: Mapping[str, str], progress: Progress | None
) -> int | None:
    """Execute a notebook file into another; return the index of the cell in which the kernel died, if it did.

    An error in a cell is left for the reader of the output.
    """
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill import execute_notebook
    from papermill.exceptions import PapermillExecutionError

    begun: list[int] = []
    hooks: dict[str, Any] = {"on_cell_start": lambda cell, cell_index: begun.append(cell_index)}
    if progress is not None:
        hooks["on_cell_complete"] = _counter(built, bool(values), progress)
    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    try:
        execute_notebook(
            str(built), str(output), parameters=dict(values), cwd=str(built.parent), kernel_name="python3",
            language="python", progress_bar=False, kernel_manager_class=_manager(output.parent, environment),
            record_timing=False, **hooks,
        )
    except PapermillExecutionError:
        return None
    except (DeadKernelError, CellTimeoutError):
        return begun[-1] if begun else 0
    except RuntimeError as error:
        said = (output.parent / LOG).read_text(encoding="utf-8", errors="replace").strip().rpartition("\n")[2]
        raise VsimError(f"kernel: could not be started ({one_line(said or str(error), 160)}). "
                        "Run `vsim doctor`.") from error
    return None


def _counter(built: Path, injected: bool, progress: Progress) -> Callable[..., None]:
    from nbformat import read

    total = injected + sum(cell.cell_type == "code" for cell in read(built, as_version=4).cells)
    done: set[int] = set()

    def count(cell: NotebookNode, cell_index: int) -> None:
        if cell.cell_type == "code":
            done.add(cell_index)
            progress(len(done), total)

    progress(0, total)
    return count


def _manager(folder: Path, environment: Mapping[str, str]) -> type:
    """Return a kernel manager that starts this very Python, whatever kernels are installed."""
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    plain = {name: value.replace("$", "$$") for name, value in environment.items()}
    spec = KernelSpec(
        argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"], display_name="Python 3",
        language="python", env=plain, metadata={"supported_encryption": "curve"},
    )

    class ThisPython(AsyncKernelManager):
        """Starts `sys.executable`, with its connection file in the folder of the run."""

        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            self._kernel_spec = spec
            self.connection_file = str(folder / "kernel.json")
            if self.has_trait("transport_encryption"):          # else ipykernel remarks on it
                self.set_trait("transport_encryption", "auto")

        async def start_kernel(self, **options: Any) -> None:  # type: ignore[override]
            """Start the kernel; what it says beside the notebook goes to a log, not to the terminal."""
            with (folder / LOG).open("ab") as log:
                await super().start_kernel(**({"stdout": log, "stderr": log} | options))

    return ThisPython


def _tidied(output: Path, built: Path, values: Mapping[str, Any], died: int | None) -> NotebookNode:
    """Return an executed notebook without times, paths and marks of the tools, its ids and metadata as built."""
    from nbformat import read

    if not output.is_file():
        raise VsimError("kernel: stopped before the first cell. Run `vsim doctor`.")
    notebook: NotebookNode = read(output, as_version=4)
    before = read(built, as_version=4)
    metadata = {cell.id: cell.metadata for cell in before.cells}
    if died is not None:
        _say_dead(notebook.cells[died])
    notebook.cells = [cell for cell in notebook.cells if MARKER not in cell.metadata.get("tags", ())]
    for cell in notebook.cells:
        if INJECTED in cell.metadata.get("tags", ()):
            cell.id, cell.metadata = INJECTED, type(cell.metadata)({"tags": [INJECTED]})
        else:
            cell.metadata = metadata.get(cell.id, cell.metadata)
    widgets = notebook.metadata.get("widgets")
    notebook.metadata = before.metadata
    notebook.metadata["vsim"]["parameters"] = dict(values)
    if widgets:
        notebook.metadata["widgets"] = widgets
    return notebook


def _say_dead(cell: NotebookNode) -> None:
    """Write into a cell that never came to its end that the kernel died in it."""
    from nbformat.v4 import new_output

    if cell.cell_type == "code" and not any(output.output_type == "error" for output in cell.outputs):
        text = "the Python that ran the lesson ended here (out of memory, or stopped from outside)"
        cell.outputs.append(new_output("error", ename="DeadKernel", evalue=text, traceback=[f"DeadKernel: {text}"]))


def _failure(notebook: NotebookNode) -> Failure | None:
    """Return the first error that the lesson does not mean to show, with its place."""
    heading = ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            heading = (headings(cell.source) or [heading])[-1]
            continue
        wanted = "raises-exception" in cell.metadata.get("tags", ())
        for output in () if wanted else cell.get("outputs", ()):
            if output.output_type == "error" and not (output.ename == "SystemExit" and output.evalue in ("", "0")):
                text = f"{output.ename}: {COLOUR.sub('', str(output.evalue))}".removesuffix(": ")
                return Failure(str(cell.id), one_line(heading, 80), one_line(text, 200))
    return None


def _add_note(notebook: NotebookNode, failure: Failure, lang: str) -> None:
    """Say at the head of a notebook that its run stopped, and where."""
    from nbformat.v4 import new_markdown_cell

    words = Words(known_language(lang))
    text = words(Said(t("**This run stopped** in the cell `{cell}`: {error}. The cells after it were not run."),
                      {"cell": failure.cell, "error": f"`{failure.error.replace('`', chr(39))}`"}))
    notebook.cells.insert(0, new_markdown_cell(f"> {text}", id="stopped", metadata={"tags": ["stopped"]}))
