"""Truths that are kept in the course folder, so that a learner's city is not drawn again to score an answer anew.

Drawing a city takes half a second and more, scoring an answer a few milliseconds. A truth is kept under the digest of
the code that made it and the seed of the city, sealed with the course's secret key: what does not bear the seal is not
read. The folder `truths/` is the trainer's; nothing of it is ever handed out, and it may be deleted at any time.
"""

from __future__ import annotations

import hmac
import io
import os
import pickle
from contextlib import suppress
from hashlib import sha256
from typing import Any

from vsim.course.folder import Course
from vsim.course.marks import versions
from vsim.course.rescore_reach import reach_of
from vsim.course.unit import Sitting, Unit

FOLDER = "truths"
SEAL = 32                       # bytes of the seal before the truth
MODULES = "vsim_checks_"        # modules of checks files are named by their content


class Truths:
    """The kept truths of one unit of a course."""

    def __init__(self, course: Course, unit: Unit) -> None:
        checks = unit.checks
        reach = reach_of(checks.path, [task.id for task in checks.tasks])
        self._made_by = sha256(repr((reach.truth, unit.id, course.name, versions())).encode()).hexdigest()[:16]
        self._folder = course.place(FOLDER, unit.id)
        self._secret = course.secret
        self._module = checks.truth.__module__

    def find(self, seed: int) -> Any | None:
        """Return the truth of the city of a seed, or None when it is not kept, or not as it was."""
        try:
            raw = self._path(seed).read_bytes()
        except OSError:
            return None
        if not hmac.compare_digest(raw[:SEAL], self._seal(seed, raw[SEAL:])):
            return None
        with suppress(Exception):                       # of another version of what made it: it is drawn again
            return _Reader(io.BytesIO(raw[SEAL:]), self._module).load()
        return None

    def keep(self, seed: int, truth: Any) -> None:
        """Keep the truth of a city; one that cannot be kept is drawn again when it is wanted."""
        path = self._path(seed)
        if path.exists():
            return
        partial = path.with_name(f".{path.name}.{os.getpid()}")
        with suppress(Exception):
            body = pickle.dumps(truth, protocol=5)
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(self._seal(seed, body) + body)
            os.replace(partial, path)
        with suppress(OSError):
            partial.unlink(missing_ok=True)

    def keep_of(self, sitting: Sitting) -> Sitting:
        """Keep the truth of a sitting, and return the sitting."""
        self.keep(sitting.seed, sitting.truth)
        return sitting

    def clear(self, *, others_only: bool = True) -> None:
        """Delete what other code has made, or everything."""
        if not self._folder.is_dir():
            return
        for path in self._folder.iterdir():
            if not others_only or not path.name.startswith(self._made_by):
                with suppress(OSError):
                    path.unlink()

    def _path(self, seed: int) -> Any:
        return self._folder / f"{self._made_by}-{seed}.truth"

    def _seal(self, seed: int, body: bytes) -> bytes:
        return hmac.new(self._secret, b"truth\x1f%s\x1f%d\x1f" % (self._made_by.encode(), seed) + body, sha256).digest()


class _Reader(pickle.Unpickler):
    """Reads a truth whose class stands in the checks file, wherever that file was when it was kept."""

    def __init__(self, file: io.BytesIO, module: str) -> None:
        super().__init__(file)
        self._module = module

    def find_class(self, module: str, name: str) -> Any:
        return super().find_class(self._module if module.startswith(MODULES) else module, name)
