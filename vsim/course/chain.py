"""The links that vsim puts into nbgrader's own chain of marking, and the settings that put them there.

nbgrader rebuilds and runs a notebook as always, but the kernel sits in the jail and gets the learner's own city; then
each check cell's plain answer is held against the truth outside, and we write what nbgrader reads as the result.
`vsim course grade` and nbgrader's own commands go through the same chain.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from nbformat.v4 import new_output
from nbgrader.preprocessors import Execute, NbGraderPreprocessor
from nbgrader.utils import compute_checksum
from traitlets import Unicode

from vsim.course import ledger
from vsim.course.cards import DATA, LEARNER, PROBES, UNIT
from vsim.course.cleaning import ATTRIBUTES, TAGS, CleanNotebook, lightened
from vsim.course.editions import json_bytes
from vsim.course.execute import CourseExecute
from vsim.course.folder import Course, open_course
from vsim.course.handout import table_bytes
from vsim.course.jail import tier
from vsim.course.marks import marked_row, sheet_of
from vsim.course.release import learner_card
from vsim.course.replies import Reply, cleaned, reply_of
from vsim.course.seats import hidden_inputs, seat
from vsim.course.tasks import Score, Task, score
from vsim.course.words import Words, t

CHECK = "-check"  # the grade cell of task "q1" is "q1-check"


def attempt_of(course: Course, nb: Any, unit: str, learner: str) -> tuple[int, str]:
    """Return the number of the attempt that a notebook is, and the checksum it is known by."""
    known = ledger.sha_of(nb)
    return ledger.attempt(course.root, unit, learner, known), known


class GradingExecute(CourseExecute):
    """Runs a learner's notebook with the learner's own city beside it, made outside."""

    root = Unicode("", help="The course folder.").tag(config=True)
    _made: Path | None = None

    def preprocess(self, nb: Any, resources: Any = None, km: object = None) -> tuple[Any, Any]:
        """Run the notebook; the folder of inputs is gone afterwards."""
        try:
            resources["vsim_notebook"] = nb
            nb, resources = super().preprocess(nb, resources)
            lightened(nb)  # first of all: every link behind takes its time for each output
            return nb, resources
        finally:
            resources.pop("vsim_notebook", None)
            if self._made is not None:
                shutil.rmtree(self._made, ignore_errors=True)
                self._made = None

    def inputs(self, resources: Any) -> Path:
        """Return a folder with the unit's card, the learner's card, the tables and the hidden inputs."""
        who, name = resources["nbgrader"]["student"], resources["nbgrader"]["assignment"]
        course, sitting = seat(Path(self.root), name, who)
        unit = course.unit(name)
        self._made = Path(tempfile.mkdtemp(prefix="vsim-inputs-"))
        (self._made / DATA).mkdir()
        (self._made / PROBES).mkdir()
        shutil.copyfile(course.place("release", name, UNIT), self._made / UNIT)
        (self._made / LEARNER).write_bytes(json_bytes(learner_card(course, name, sitting)))
        for table, frame in sitting.tables.items():
            (self._made / DATA / f"{table}.csv").write_bytes(table_bytes(frame))
        attempt, _ = attempt_of(course, resources["vsim_notebook"], name, who)
        for task in unit.checks.tasks:
            if task.probes is not None:
                (self._made / PROBES / f"{task.id}.json").write_bytes(
                    json_bytes(hidden_inputs(course, task, name, who, attempt))
                )
        return self._made


class ExternalChecks(NbGraderPreprocessor):  # type: ignore[misc]
    """Holds the plain answers against the truth, and writes the marks where nbgrader reads them and into the ledger."""

    root = Unicode("", help="The course folder.").tag(config=True)

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Mark every check cell; what a cell printed, warned or returned is set aside."""
        who, name = resources["nbgrader"]["student"], resources["nbgrader"]["assignment"]
        course, sitting = seat(Path(self.root), name, who)
        unit = course.unit(name)
        words = Words(course.settings.language, _words(course, name))
        attempt, known = attempt_of(course, nb, name, who)
        scores: dict[str, Score] = {}
        replies: dict[str, Reply] = {}
        for cell in nb.cells:
            task = _task_of(cell, {task.id: task for task in unit.checks.tasks})
            if task is None:
                continue
            replies[task.id] = reply = reply_of(cell.outputs, task.id)
            inputs = hidden_inputs(course, task, name, who, attempt)
            result = score(task, reply.answer, sitting.truth, inputs, sitting.seed)
            scores[task.id] = result
            sheet = sheet_of(result, reply, words)
            cell.outputs = [
                new_output(
                    "execute_result",
                    {"text/plain": repr(float(result.earned)), "text/html": sheet.html},
                    execution_count=None,
                )
            ]
        ledger.append(
            course.root,
            marked_row(
                course,
                unit,
                sitting,
                scores,
                replies,
                attempt=attempt,
                sha256=known,
                run=resources.get("vsim", {}),
                blank=blank_cells(nb),
                flags=cleaned(nb.metadata.get("vsim", {})),
            ),
        )
        return nb, resources


def blank_cells(nb: Any) -> list[str]:
    """Return the cells for a person to mark that were left as they were released; nbgrader gives them nothing."""
    found = []
    for cell in nb.cells:
        marks = cell.metadata.get("nbgrader", {})
        if marks.get("grade") and marks.get("solution") and marks.get("checksum") == compute_checksum(cell):
            found.append(str(marks["grade_id"]))
    return found


def _task_of(cell: Any, tasks: Mapping[str, Task]) -> Task | None:
    """Return the task whose check cell this is, or None."""
    marks = cell.metadata.get("nbgrader", {})
    if cell.cell_type != "code" or not marks.get("grade") or marks.get("solution"):
        return None
    return tasks.get(str(marks["grade_id"]).removesuffix(CHECK))


def _words(course: Course, unit: str) -> dict[str, str]:
    import json

    words = json.loads(course.place("release", unit, UNIT).read_text(encoding="utf-8"))["words"]
    return {str(key): str(value) for key, value in words.items()}


def configure(c: Any, file: str) -> None:
    """Set what nbgrader needs for a course; called by the course's own `nbgrader_config.py`.

    Parameters
    ----------
    c : traitlets.config.Config
    file : str
        Path of the configuration file, which stands in the course folder.
    """
    from nbconvert.preprocessors import ClearMetadataPreprocessor
    from nbgrader.preprocessors import CheckCellMetadata, SaveAutoGrades

    root = Path(file).resolve().parent
    course = open_course(root)
    c.CourseDirectory.root = str(root)
    c.CourseDirectory.course_id = course.name
    with suppress(OSError):                                         # nbgrader asks for one that is there
        (root / "exchange").mkdir(exist_ok=True)
    c.Exchange.root = str(root / "exchange")
    c.Exchange.cache = str(root / "exchange-cache")
    c.ClearSolutions.code_stub = {"python": ""}
    c.ClearSolutions.text_stub = Words(course.settings.language)(t("Write your answer here, in place of this line."))
    c.OverwriteCells.add_missing_cells = True
    c.Autograde.autograde_preprocessors = [
        GradingExecute,
        ClearMetadataPreprocessor,
        ExternalChecks,
        CleanNotebook,
        SaveAutoGrades,
        CheckCellMetadata,
    ]
    c.CleanNotebook.tags, c.CleanNotebook.attributes, c.CleanNotebook.strip = TAGS, ATTRIBUTES, True
    c.ClearMetadataPreprocessor.preserve_cell_metadata_mask = [("nbgrader",)]
    c.ClearMetadataPreprocessor.preserve_nb_metadata_mask = [("vsim",), "language_info", "kernelspec"]
    for link in (c.GradingExecute, c.ExternalChecks):
        link.root = str(root)
    c.GradingExecute.jail = "weak" if course.settings.weak and tier() == "none" else "auto"
    c.GradingExecute.kernel = course.settings.kernel
    c.GradingExecute.timeout = course.settings.cell_seconds
    c.GradingExecute.deadline = course.settings.notebook_seconds
    c.GradingExecute.memory = int(course.settings.memory_gib * 2**30)
    c.GenerateFeedback.exporter_class = "vsim.course.feedback.FeedbackExporter"
    c.HTMLExporter.filters = {"markdown2html": "vsim.course.links.markdown_html"}      # formgrader's pages
    c.FeedbackExporter.root = str(root)
    c.FeedbackExporter.dress = "vsim.report.fonts.font_face"        # named, not imported: it stands on a higher floor
    assert issubclass(GradingExecute, Execute)
