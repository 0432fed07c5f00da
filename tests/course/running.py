"""Running small notebooks through `CourseExecute`, for the tests of the jail and of what it survives."""

from __future__ import annotations

import warnings
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook


@cache
def executor() -> Any:
    """Return the class; what nbgrader's own imports warn about is not ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from vsim.course.execute import CourseExecute
    return CourseExecute


class Ran:
    """A notebook that was run: what its cells show, and the report."""

    def __init__(self, nb: Any, report: dict[str, Any]) -> None:
        nbformat.validate(nb)
        self.text = nbformat.writes(nb).encode("utf-8").decode("utf-8")
        self.nb, self.report = nb, report

    def shown(self, index: int) -> str:
        """Return all that a cell shows, names of errors included."""
        out = []
        for output in self.nb.cells[index].get("outputs", []):
            if output.output_type == "error":
                out.append(f"{output.ename}: {output.evalue}")
            else:
                out.append(output.get("text") or str(output["data"].get("text/plain", "")))
        return "\n".join(out)

    def errors(self, index: int) -> list[str]:
        """Return the names of the errors in a cell."""
        return [output.ename for output in self.nb.cells[index].outputs if output.output_type == "error"]


def run(
    *sources: str, inputs: Path | None = None, variables: dict[str, str] | None = None, **traits: Any
) -> Ran:
    """Run cells; a source that starts with # is text."""
    base = executor()

    class Mine(base):
        def inputs(self, resources: dict[str, Any]) -> Path | None:
            return inputs

        def environment(self, resources: dict[str, Any]) -> dict[str, str]:
            return variables or {}

    cells = [new_markdown_cell(s) if s.startswith("# ") else new_code_cell(s) for s in sources]
    nb = new_notebook(cells=cells, metadata={"kernelspec": {"name": "no-such-kernel", "display_name": "x"}})
    nb, resources = Mine(**traits).preprocess(nb, {})
    return Ran(nb, resources["vsim"])
