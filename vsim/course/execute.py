"""Run a student's notebook in a jailed kernel and keep what came of it: nbgrader's `Execute`, made to survive.

`CourseExecute` stands in the place of `Execute` among the preprocessors of nbgrader's Autograde, and works alone as
well. The kernel starts in a private folder; a subclass says which files and variables it finds there (`inputs`,
`environment`). Cells run in order, each within its own time and all within one deadline. When the kernel dies, hangs
or is killed, the cells before keep their outputs, the others get an error output that says why, and the run ends as
usual: what a student's code does raises nothing. `resources["vsim"]` tells how the run went:

    {"tier": "bwrap", "kernel": "forked", "wall": 0.4, "cpu": 0.3, "died": None, "deadline": False, "unfinished": [],
     "cut": []}

`cpu` is what the kernel took; `died` is one of `DIED`; `unfinished` and `cut` hold positions of cells. A kernel that
does not start is the trainer's matter, not the student's: that alone raises.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.preprocessors import Execute
from traitlets import Enum, Integer, Unicode

from vsim.course.jail import Tier, named, require
from vsim.course.jail_command import SCRATCH, Bounds
from vsim.course.kernel_cell import Session, run_cell
from vsim.course.kernel_launch import Plan
from vsim.course.kernel_outputs import error
from vsim.course.kernel_words import DIED, ended, unfinished

__all__ = ["DIED", "CourseExecute"]
FONT_LIST = "fontlist-*.json"


def font_lists() -> dict[str, Path]:
    """Return matplotlib's list of fonts, which a kernel would otherwise make anew in half a second, by its place."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "matplotlib"
    folder = Path(os.environ.get("MPLCONFIGDIR") or home)
    return {f"{SCRATCH}/matplotlib/{path.name}": path for path in sorted(folder.glob(FONT_LIST))}


class CourseExecute(Execute):  # type: ignore[misc, unused-ignore]
    """Run a notebook that nobody has read."""

    timeout = Integer(30, help="Seconds for one cell.").tag(config=True)
    deadline = Integer(180, help="Seconds for the whole notebook, start of the kernel included.").tag(config=True)
    startup_timeout = Integer(60, help="Seconds for the start of the kernel.").tag(config=True)
    patience = Integer(5, help="Seconds that an interrupted cell has before its kernel is killed.").tag(config=True)
    output_bytes = Integer(200_000, help="Bytes of output that are kept of one cell.").tag(config=True)
    memory = Integer(4 * 2**30, help="Bytes of memory for one process, and for all together.").tag(config=True)
    disk = Integer(256 * 2**20, help="Bytes of the working folder.").tag(config=True)
    processes = Integer(128, help="Processes and threads at a time.").tag(config=True)
    jail = Enum(
        ["auto", "bwrap", "unshare", "weak", "landlock", "none"], "auto",
        help="Where code runs: in the best jail and nowhere else (auto), in a jail by its name, or without one: as well"
        " as it can be (weak), or as named.",
    ).tag(config=True)

    kernel = Enum(
        ["forked", "fresh"], "fresh",
        help="In the jail: forked from a program that has all imports (where that is possible), or started anew.",
    ).tag(config=True)
    compiled = Unicode("", help="Folder of compiled kernels of vsim; each run gets a copy.").tag(config=True)

    def inputs(self, resources: dict[str, Any]) -> Path | None:
        """Return a folder whose files and folders lie read-only in the kernel's working folder."""
        return None

    def environment(self, resources: dict[str, Any]) -> dict[str, str]:
        """Return further environment variables of the kernel."""
        return {}

    def tier(self) -> Tier:
        """Return the tier of this run.

        Raises
        ------
        UsageError
            Where there is no jail, or not the one that `jail` names.
        """
        return require(allow_weak=False) if self.jail == "auto" else named(self.jail)

    def plan(self, resources: dict[str, Any]) -> Plan:
        """Return how the notebook is to be run."""
        bounds = Bounds(wall=self.deadline, memory=self.memory, disk=self.disk, processes=self.processes)
        return Plan(self.tier(), bounds, self.inputs(resources), self.environment(resources), font_lists(),
                    Path(self.compiled) if self.compiled else None, self.kernel == "forked")

    def preprocess(
        self, nb: nbformat.NotebookNode, resources: dict[str, Any] | None = None, km: object = None
    ) -> tuple[nbformat.NotebookNode, dict[str, Any]]:
        """Run every code cell, and note in `resources["vsim"]` how the run went.

        Parameters
        ----------
        nb : NotebookNode
            Changed in place: the outputs that it came with are gone.
        resources : dict, optional
        km : object
            Not used; here since nbconvert has it.

        Raises
        ------
        VsimError
            When no kernel starts, or the jail that `jail` asks for is not there.
        """
        resources = {} if resources is None else resources
        self.nb = nb
        cells = [(index, cell) for index, cell in enumerate(nb.cells) if cell.cell_type == "code"]
        for _, cell in cells:
            cell.outputs, cell.execution_count = [], None
        cells = [(index, cell) for index, cell in cells if cell.source.strip()]
        report: dict[str, Any] = {
            "tier": self.tier(), "kernel": "fresh", "wall": 0.0, "cpu": 0.0, "died": None, "deadline": False,
            "unfinished": [], "cut": [],
        }
        resources["vsim"] = report
        plan = self.plan(resources)
        plan.prepare()
        begun = time.monotonic()
        session = Session(plan, begun + self.deadline, self.output_bytes)
        try:
            nb.metadata["language_info"] = nbformat.from_dict(session.start(self.startup_timeout))
            report["kernel"] = session.kernel
            for count, (index, cell) in enumerate(cells, 1):
                self._run(session, index, cell, count, report)
        finally:
            session.stop()
        report["died"], report["deadline"], report["cpu"] = session.died, session.late, round(session.cpu, 2)
        report["wall"] = round(time.monotonic() - begun, 3)
        return nb, resources

    def _run(
        self, session: Session, index: int, cell: nbformat.NotebookNode, count: int, report: dict[str, Any]
    ) -> None:
        """Run one cell, or write into it why it is not run."""
        if session.over():
            cell.outputs = nbformat.from_dict([error(*unfinished(session.died, session.late))])
            report["unfinished"].append(index)
            return
        ran = run_cell(session, cell.source, count, self.timeout, self.patience)
        outputs = list(ran.outputs)
        if session.over() and not ran.finished:
            outputs.append(error(*ended(session.died, session.late)))
        cell.outputs, cell.execution_count = nbformat.from_dict(outputs), count
        if not ran.finished:
            report["unfinished"].append(index)
        if ran.cut:
            report["cut"].append(index)
