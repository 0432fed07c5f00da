"""What a run of a lesson has left: errors and warnings, and everything that was shown."""

from __future__ import annotations

from dataclasses import replace

from vsim.course.checks import Checks
from vsim.course.running import Outcome
from vsim.course.source import Source


def problems(outcome: Outcome) -> list[str]:
    """Return the errors and warnings that a run has left."""
    outputs = [output for cell in outcome.notebook.cells for output in cell.get("outputs", ())]
    loud = [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]
    return [str(found) for found in (outcome.failure, *loud) if found is not None]


def text_of(outcome: Outcome) -> str:
    """Return everything that the cells of a run have shown."""
    outputs = [output for cell in outcome.notebook.cells for output in cell.get("outputs", ())]
    return "\n".join(str(output.get("text") or output.get("data", {}).get("text/html", "")) for output in outputs)


def filled(source: Source, checks: Checks) -> Source:
    """Return a lesson in which a learner has filled every gap with the worked solution of its task."""
    cells = []
    for cell in source.cells:
        asked = [task for task in checks.tasks if f'lesson.check("{task.id}")' in cell.source]
        if cell.kind == "code" and asked:
            line = f'lesson.check("{asked[0].id}")'
            cell = replace(cell, source=cell.source.replace(line, f"{asked[0].code}\n{line}"))
        cells.append(cell)
    return replace(source, cells=tuple(cells))
