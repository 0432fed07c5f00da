"""The outputs of one cell, cut to size and put into a form that nbformat accepts, whatever the kernel sent.

What a kernel publishes is plain data of unknown shape. Texts keep what fits; a figure or table that does not fit is
left out; a note at the end says so. Answers have an allowance of their own, so that a talkative cell does not lose its
answer. What a finished cell shows is not changed any more: a later cell cannot rewrite it.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from vsim.course.kernel_line import EMPTY, Message, read_json
from vsim.i18n import t

ANSWER = "application/vnd.vsim.answer+json"
MIME = re.compile(r"[\w.+-]{1,100}/[\w.+-]{1,150}", re.ASCII)
JSON_MIME = re.compile(r"application/(.*\+)?json")
DEEPEST = 24
ROOM = 120                       # bytes that an output costs beside what it says
KINDS = ("display_data", "execute_result")
MOST_DISPLAYS = 500


def plain(value: object, depth: int = 0) -> Any:
    """Return JSON data with texts that can be written as UTF-8.

    Raises
    ------
    ValueError
        For data nested too deeply to be of use, and for numbers that are none.
    """
    if depth > DEEPEST:
        raise ValueError("too deep")
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("not finite")                     # 1e999 is JSON, and infinite
    if isinstance(value, dict):
        return {plain(str(key)): plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item, depth + 1) for item in value]
    return value


def text(value: object) -> str:
    """Return a text from a text or a list of texts, and "" from anything else."""
    if isinstance(value, list):
        value = "".join(part for part in value if isinstance(part, str))
    return plain(value) if isinstance(value, str) else ""


def fitting(words: str, size: int) -> str:
    """Return as much of the beginning of a text as has so many bytes."""
    return words.encode("utf-8", "replace")[: max(0, size)].decode("utf-8", "ignore")


def error(name: str, words: str, traceback: list[str] | None = None) -> dict[str, Any]:
    """Return an output that says that something went wrong."""
    return {"output_type": "error", "ename": name, "evalue": words, "traceback": traceback or [f"{name}: {words}"]}


def bundle(data: object) -> dict[str, Any]:
    """Return what an output shows, by kind of content; what has no proper kind or form is left out."""
    out: dict[str, Any] = {}
    for mime, value in (data.items() if isinstance(data, dict) else ()):
        if not MIME.fullmatch(mime):
            continue
        if JSON_MIME.fullmatch(mime):
            out[mime] = plain(value)
        elif isinstance(value, str | list):
            out[mime] = text(value)
    return out


class CellOutputs:
    """Collects what one cell shows."""

    def __init__(self, limit: int, count: int) -> None:
        self.limit, self.count = limit, count
        self.outputs: list[dict[str, Any]] = []
        self.cut = False
        self._used = {False: 0, True: 0}                      # bytes, apart for answers
        self._sizes: dict[int, tuple[bool, int]] = {}         # by identity of the output
        self._displays: dict[str, dict[str, Any]] = {}
        self._clear_next = False

    def take(self, message: Message) -> None:
        """Take one published message; what cannot be shown marks the cell as cut."""
        if message.kind not in {"stream", "error", "clear_output", "update_display_data", *KINDS}:
            return
        full = self._used[False] >= self.limit
        if (full and message.kind == "stream") or len(message.content) > 8 * self.limit + 2**16:
            self.cut = True
            return
        content = read_json(message.content or EMPTY)
        if content is None:
            self.cut = True
            return
        try:
            self._take(message.kind, content)
        except (ValueError, RecursionError, TypeError):
            self.cut = True

    def _take(self, kind: str, content: dict[str, Any]) -> None:
        if kind == "clear_output":
            self._clear_next = bool(content.get("wait"))
            if not self._clear_next:
                self._clear()
            return
        if kind == "update_display_data":
            self._update(content)
            return
        if self._clear_next:
            self._clear()
        if kind == "stream":
            self._stream("stderr" if content.get("name") == "stderr" else "stdout", text(content.get("text")))
        elif kind == "error":
            lines = content.get("traceback")
            lines = [text(line) for line in lines] if isinstance(lines, list) else []
            self._add(error(text(content.get("ename"))[:200] or "Error", text(content.get("evalue")), lines))
        else:
            self._show(kind, content)

    def _clear(self) -> None:
        """Forget what is shown; answers stay."""
        self._clear_next = False
        self.outputs = [output for output in self.outputs if self._sizes[id(output)][0]]
        self._sizes = {id(output): self._sizes[id(output)] for output in self.outputs}
        self._used[False] = 0
        self._displays.clear()

    def _room(self, answer: bool) -> int:
        return self.limit - self._used[answer]

    def _add(self, output: dict[str, Any]) -> bool:
        """Add an output when it fits."""
        answer = ANSWER in output.get("data", {})
        size = len(json.dumps(output, ensure_ascii=False).encode("utf-8", "replace")) + ROOM
        if size > self._room(answer):
            self.cut = True
            if output["output_type"] == "error" and not any(o["output_type"] == "error" for o in self.outputs):
                output = error(output["ename"], fitting(output["evalue"], 1000))     # without its details
                size = 0
            else:
                return False
        self.outputs.append(output)
        self._sizes[id(output)] = answer, size
        self._used[answer] += size
        return True

    def _stream(self, name: str, words: str) -> None:
        """Add to a stream, and join it to the output before when that is the same stream."""
        last = self.outputs[-1] if self.outputs else None
        joined = last is not None and last["output_type"] == "stream" and last["name"] == name
        kept = fitting(words, self._room(False) - (0 if joined else ROOM))
        self.cut |= len(kept) < len(words)
        if not kept:
            return
        size = len(kept.encode("utf-8")) + (0 if joined else ROOM)
        if joined and last is not None:
            last["text"] += kept
        else:
            last = {"output_type": "stream", "name": name, "text": kept}
            self.outputs.append(last)
        self._sizes[id(last)] = False, self._sizes.get(id(last), (False, 0))[1] + size
        self._used[False] += size

    def _show(self, kind: str, content: dict[str, Any]) -> None:
        metadata = content.get("metadata")
        output = {
            "output_type": kind, "data": bundle(content.get("data")),
            "metadata": plain(metadata) if isinstance(metadata, dict) else {},
        }
        if kind == "execute_result":
            output["execution_count"] = self.count
        name = self._display(content)
        if self._add(output) and name and len(self._displays) < MOST_DISPLAYS:
            self._displays[name] = output

    def _update(self, content: dict[str, Any]) -> None:
        """Change what this cell shows under a name, when the new content fits."""
        output = self._displays.get(self._display(content))
        if output is None:
            return
        answer, old = self._sizes[id(output)]
        data = bundle(content.get("data"))
        size = len(json.dumps(data, ensure_ascii=False).encode("utf-8", "replace")) + ROOM
        if answer or ANSWER in data or size > self._room(False) + old:
            self.cut = True
            return
        output["data"] = data
        self._sizes[id(output)] = False, size
        self._used[False] += size - old

    @staticmethod
    def _display(content: dict[str, Any]) -> str:
        transient = content.get("transient")
        name = transient.get("display_id") if isinstance(transient, dict) else None
        return name if isinstance(name, str) else ""

    def finished(self) -> list[dict[str, Any]]:
        """Return the outputs, with a note when something is missing."""
        if self.cut:
            words = t("Output of this cell was cut: at most {size} kB are kept.").format(size=self.limit // 1000)
            return [*self.outputs, {"output_type": "stream", "name": "stderr", "text": f"[{words}]\n"}]
        return self.outputs
