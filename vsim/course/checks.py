"""The checks of a lesson or unit: a Python file beside its text, loaded by path and handed on as plain functions.

The file gives `TASKS`, `truth(tables)` and, for a unit, `city(seed)`; optionally `faults(truth)`, which says why a
drawn city would be no fair question. It is the author's code and trusted; what a learner's kernel says is not.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any

from vsim.course.tasks import Task
from vsim.errors import DataError, UsageError

Tables = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Checks:
    """What a checks file gives.

    Attributes
    ----------
    tasks : tuple of Task
    truth : callable
        `truth(tables)` returns whatever the checks compare answers with.
    city : callable, optional
        `city(seed)` returns the tables of a learner's own city.
    faults : callable
        `faults(truth)` returns why a city is no fair question, in words; none when it is.
    path : Path
    """

    tasks: tuple[Task, ...]
    truth: Callable[[Tables], Any]
    city: Callable[[int], Tables] | None
    faults: Callable[[Any], list[str]]
    path: Path

    def task(self, name: str) -> Task:
        """Return the task of a name."""
        return next(task for task in self.tasks if task.id == name)

    @property
    def points(self) -> float:
        """Points of all tasks together."""
        return sum(task.points for task in self.tasks)


def load_checks(path: Path) -> Checks:
    """Return what a checks file gives.

    Raises
    ------
    UsageError
        When there is no such file.
    DataError
        When it cannot be run, or lacks what a checks file must give.
    """
    if not path.is_file():
        raise UsageError(f"{path}: not found; allowed the checks file that belongs to the notebook. Copy it beside it.")
    module = _module(path)
    tasks = getattr(module, "TASKS", None)
    if not isinstance(tasks, tuple) or not tasks or not all(isinstance(task, Task) for task in tasks):
        raise DataError(f"{path.name}: TASKS must be a tuple of vsim.course.Task, at least one.")
    names = [task.id for task in tasks]
    if len(set(names)) != len(names):
        raise DataError(f"{path.name}: TASKS has an id twice: {', '.join(names)}. Give each task its own.")
    if not callable(getattr(module, "truth", None)):
        raise DataError(
            f"{path.name}: has no function truth(tables). Write one; the checks compare with what it returns."
        )
    return Checks(
        tasks, module.truth, getattr(module, "city", None), getattr(module, "faults", lambda _truth: []), path
    )


def _module(path: Path) -> ModuleType:
    content = path.read_bytes()
    name = f"vsim_checks_{sha256(str(path.resolve()).encode() + content).hexdigest()[:16]}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise DataError(f"{path}: is no Python file; allowed a file that ends in .py.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    before = sys.dont_write_bytecode
    sys.dont_write_bytecode = True  # a checks folder stays as it is
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        sys.modules.pop(name, None)
        raise DataError(f"{path.name}: cannot be run ({type(error).__name__}: {error}). Correct it.") from error
    finally:
        sys.dont_write_bytecode = before
    return module
