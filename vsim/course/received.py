"""Keeps what was received: every original, when it was first seen, and nbgrader's `submitted/` tree beside it.

`received/<unit>/<learner>/` holds the originals as `<8 digits of sha256>-<safe name>`, and `arrivals.jsonl`: for each
file when it was first collected. Files are written whole or not at all.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from vsim.course.flags import UNUSABLE
from vsim.course.writing import write_whole

ARRIVALS = "arrivals.jsonl"
TIME = "%Y-%m-%d %H:%M:%S.%f UTC"       # as nbgrader writes and reads timestamp.txt
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the files of one unit are kept: `received` and `submitted` of a course folder."""

    received: Path
    submitted: Path
    unit: str

    def originals(self, learner: str) -> Path:
        """Return the folder of a learner's originals."""
        return self.received / self.unit / learner

    def notebook(self, learner: str) -> Path:
        """Return the notebook that nbgrader marks."""
        return self.submitted / learner / self.unit / f"{self.unit}.ipynb"

    def keep(self, learner: str, name: str, raw: bytes, sha256: str, now: datetime) -> datetime:
        """Keep an original and return when it was first seen.

        A file that was seen before keeps its first time, whatever it is called now.
        """
        folder = self.originals(learner)
        seen = self._arrivals(folder)
        if sha256 in seen:
            arrived, kept = seen[sha256]
        else:
            arrived, kept = now, f"{sha256[:8]}-{safe_name(name)}"
            if (folder / kept).exists() and (folder / kept).read_bytes() != raw:
                kept = f"{sha256}-{safe_name(name)}"
        folder.mkdir(parents=True, exist_ok=True)
        if sha256 not in seen:
            line = json.dumps({"sha256": sha256, "arrived": arrived.isoformat(), "file": kept}, ensure_ascii=True)
            old = (folder / ARRIVALS).read_text(encoding="utf-8") if (folder / ARRIVALS).exists() else ""
            old += "\n" if old and not old.endswith("\n") else ""
            write_whole({folder / ARRIVALS: f"{old}{line}\n".encode()})
        if not (folder / kept).is_file():
            write_whole({folder / kept: raw})
        return arrived

    def _arrivals(self, folder: Path) -> dict[str, tuple[datetime, str]]:
        """Return when each file was first seen and how it is called; lines that cannot be read are passed over."""
        seen: dict[str, tuple[datetime, str]] = {}
        if not (folder / ARRIVALS).exists():
            return seen
        for line in (folder / ARRIVALS).read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                row = json.loads(line)
                arrived, name = datetime.fromisoformat(row["arrived"]), safe_name(row["file"], 200)
            except (ValueError, KeyError, TypeError, AttributeError):
                continue
            if arrived.tzinfo is not None:
                seen.setdefault(str(row["sha256"]), (arrived, name))
        return seen

    def submit(self, learner: str, notebook: bytes, arrived: datetime) -> bool:
        """Write the notebook and its time for nbgrader; return whether anything changed."""
        path = self.notebook(learner)
        stamp = arrived.astimezone(UTC).strftime(TIME).encode()
        changed = False
        for target, content in ((path.parent / "timestamp.txt", stamp), (path, notebook)):
            if not target.is_symlink() and target.is_file() and target.read_bytes() == content:
                continue
            write_whole({target: content}, self.submitted / learner)
            changed = True
        return changed

    def stands(self, learner: str) -> bool | None:
        """Return whether the notebook that stands holds work of the learner's; None when none stands."""
        path = self.notebook(learner)
        if not path.is_file():
            return None
        try:
            flags = json.loads(path.read_bytes())["metadata"]["vsim"]["flags"]
            return not any(flag[0] in UNUSABLE for flag in flags)
        except (ValueError, KeyError, TypeError, IndexError):
            return True


def safe_name(name: str, most: int = LONGEST_NAME) -> str:
    """Return the last part of a name as every file system takes it: letters, digits, `.`, `_`, `-`; its end is kept."""
    last = unicodedata.normalize("NFC", re.split(r"[/\\]", name.rstrip("/\\"))[-1])
    plain = re.sub(r"[^\w.-]+", "_", last).strip("._")
    return (plain if len(plain) <= most else plain[: most - 20] + plain[-20:]) or "file"
