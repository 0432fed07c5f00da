"""Makers of a small release, of a learner's file, and of all that can be wrong with files that are handed in."""

from __future__ import annotations

import copy
import io
import json
import os
import socket
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

UNIT = "foundation-01-rates"
STUB = "# Fill in\n{name} = ..."
Plain = dict[str, Any]


def _mark(
    grade_id: str, *, grade: bool = False, solution: bool = False, locked: bool = False, points: int = 0,
) -> Plain:
    label = {"schema_version": 3, "grade_id": grade_id, "grade": grade, "solution": solution, "locked": locked,
             "task": False} | ({"points": points} if grade else {})
    return {"nbgrader": label}


def release(words: str = "English") -> NotebookNode:
    """Return a small unit as it is handed out: intro, set-up, two answers with their checks, a text marked by hand."""
    say = {"English": ("# Rates", "Set the scene.", "Say why."), "Chinese": ("# 比率", "背景。", "说明理由。")}[words]
    return new_notebook(cells=[
        new_markdown_cell(f"{say[0]}\n\n{say[1]}", id="intro", metadata=_mark("intro", locked=True)),
        new_markdown_cell("## Room for notes", id="rates-2"),
        new_code_cell("import vsim\nunit = vsim.open_unit()", id="setup", metadata=_mark("setup", locked=True)),
        new_code_cell(STUB.format(name="rate"), id="q1", metadata=_mark("q1", solution=True)),
        new_code_cell('unit.check("q1")', id="q1-check", metadata=_mark("q1-check", grade=True, locked=True, points=2)),
        new_code_cell(STUB.format(name="hours"), id="q2", metadata=_mark("q2", solution=True)),
        new_code_cell('unit.check("q2")', id="q2-check", metadata=_mark("q2-check", grade=True, locked=True, points=3)),
        new_markdown_cell(say[2], id="why", metadata=_mark("why", grade=True, solution=True, points=4)),
    ], metadata={
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "vsim": {"unit": UNIT, "course": "vol101"},
    })


ANSWERS = {"q1": "rate = 0.25", "q2": "hours = unit.data['shifts'].hours.sum()", "why": "Because 志愿者 stay."}


def plain(notebook: NotebookNode) -> Plain:
    """Return a notebook as plain mappings and lists."""
    found: Plain = json.loads(json.dumps(notebook))
    return found


def solved(learner: str = "ada", ticket: str | None = "t-ada", unit: str = UNIT, **answers: str) -> Plain:
    """Return a learner's notebook, answered and run, as JupyterLab saves it."""
    notebook = plain(release())
    notebook["metadata"]["vsim"] = {"unit": unit, "course": "vol101", "learner": learner, "ticket": ticket}
    for cell in notebook["cells"]:
        if cell["id"] in ANSWERS:
            cell["source"] = (ANSWERS | answers)[cell["id"]]
        if cell["cell_type"] == "code":
            cell["execution_count"] = 7
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["ran\n"]}]
    return notebook


def cell(notebook: Plain, name: str) -> Plain:
    """Return the cell of a notebook that bears an id."""
    return next(found for found in notebook["cells"] if found.get("id") == name)


def raw(notebook: Any, encoding: str = "utf-8") -> bytes:
    """Return anything as the bytes of a JSON file."""
    return json.dumps(notebook, ensure_ascii=False, indent=1).encode(encoding, "surrogatepass")


def changed(change: Callable[[Plain], Any]) -> Callable[[], bytes]:
    """Return a maker of the learner's file with one change; the change may return another notebook."""
    def made() -> bytes:
        notebook = solved()
        other = change(notebook)
        return raw(other if isinstance(other, dict) else notebook)
    return made


def _each(key: str, value: Any) -> Callable[[], bytes]:
    def change(notebook: Plain) -> None:
        for found in notebook["cells"]:
            found[key] = copy.deepcopy(value)
    return changed(change)


def _without(*names: str) -> Callable[[], bytes]:
    return changed(lambda notebook: notebook.update(
        cells=[found for found in notebook["cells"] if found["id"] not in names]))


def _stripped(ids: bool) -> Callable[[], bytes]:
    """Return a maker of the file as another editor saves it: no metadata, and perhaps no ids."""
    def change(notebook: Plain) -> None:
        notebook["metadata"] = {}
        for found in notebook["cells"]:
            found["metadata"] = {}
            if not ids:
                del found["id"]
    return changed(change)


def _copied(first: str | None, second: str) -> Callable[[], bytes]:
    """Return a maker of the file with a second copy of q1: None leaves the first as it was handed out."""
    def change(notebook: Plain) -> None:
        found = cell(notebook, "q1")
        twin = copy.deepcopy(found) | {"id": "copy", "source": second}
        found["source"] = STUB.format(name="rate") if first is None else first
        notebook["cells"].insert(notebook["cells"].index(found) + 1, twin)
    return changed(change)


def _set(name: str, **values: Any) -> Callable[[], bytes]:
    return changed(lambda notebook: cell(notebook, name).update(values))


def _label(**values: Any) -> Callable[[], bytes]:
    def change(notebook: Plain) -> None:
        for found in notebook["cells"]:
            if "nbgrader" in found["metadata"]:
                found["metadata"]["nbgrader"].update(values)
    return changed(change)


def _old(notebook: Plain) -> Plain:
    cells = []
    for found in notebook["cells"]:
        code = found["cell_type"] == "code"
        made = {"cell_type": found["cell_type"], "metadata": found["metadata"]}
        made |= {"input": found["source"], "language": "python", "outputs": []} if code else {"source": found["source"]}
        cells.append(made)
    cells.insert(1, {"cell_type": "heading", "level": 2, "metadata": {}, "source": ["My part"]})
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": notebook["metadata"], "worksheets": [{"cells": cells}]}


def _in_text(old: str, new: str) -> Callable[[], bytes]:
    def made() -> bytes:
        text = raw(solved()).decode()
        assert old in text
        return text.replace(old, new, 1).encode()
    return made


def _many(count: int) -> Callable[[], bytes]:
    return changed(lambda notebook: notebook["cells"].extend(
        {"cell_type": "code", "metadata": {}, "source": f"x{number} = {number}"} for number in range(count)))


Q1 = json.dumps(ANSWERS["q1"])
DEEP = "[" * 10_000 + "]" * 10_000

# name -> (maker, flags that must be among those found); in every one of these the learner's answer to q1 survives
READABLE: dict[str, tuple[Callable[[], bytes], set[tuple[str, str | None]]]] = {
    "as it should be": (changed(lambda notebook: None), set()),
    "utf-8 with mark": (lambda: raw(solved(), "utf-8-sig"), set()),
    "utf-16": (lambda: raw(solved(), "utf-16"), {("encoding", None)}),
    "utf-16 without mark": (lambda: raw(solved(), "utf-16-le"), {("encoding", None)}),
    "utf-32": (lambda: raw(solved(), "utf-32"), {("encoding", None)}),
    "gb18030": (lambda: raw(solved(), "gb18030"), {("encoding", None)}),
    "latin-1": (lambda: raw(solved(why="Zoë said"), "latin-1"), {("encoding", None)}),
    "one bad byte": (lambda: raw(solved()).replace("者".encode(), b"\xe8"), {("encoding", None)}),
    "crlf": (lambda: raw(solved()).replace(b"\n", b"\r\n"), set()),
    "tail of zeros": (lambda: raw(solved()) + bytes(4096), set()),
    "format 3": (changed(_old), {("old-format", None)}),
    "format 4.0 without ids": (changed(lambda notebook: [
        notebook.update(nbformat_minor=0), *(found.pop("id") for found in notebook["cells"])]), set()),
    "format 9": (changed(lambda notebook: notebook.update(nbformat=9)), set()),
    "format a word": (changed(lambda notebook: notebook.update(nbformat="four", nbformat_minor=None)), set()),
    "sources as lists": (changed(lambda notebook: [found.update(source=found["source"].splitlines(True))
                                                   for found in notebook["cells"]]), set()),
    "lists without line ends": (changed(lambda notebook: [found.update(source=found["source"].splitlines())
                                                          for found in notebook["cells"]]), set()),
    "cells in a mapping": (changed(lambda notebook: notebook.update(
        cells={str(number): found for number, found in enumerate(notebook["cells"])})), set()),
    "cells of other types": (changed(lambda notebook: notebook["cells"].extend([1, None, "x", [], {}])), set()),
    "metadata a list": (changed(lambda notebook: notebook.update(metadata=[1])), set()),
    "outputs a number": (_each("outputs", 5), set()),
    "attachments a word": (_each("attachments", "x"), set()),
    "same id everywhere": (_each("id", "q1"), set()),
    "ids of other types": (_each("id", {"a": 1}), set()),
    "stripped of labels": (_stripped(ids=True), {("stripped-metadata", None)}),
    "stripped of labels and ids": (_stripped(ids=False), {("stripped-metadata", None)}),
    "metadata of cells a list": (_each("metadata", []), {("stripped-metadata", None)}),
    "source a number": (_set("q2", source=17), {("damaged", "q2")}),
    "source a mapping": (_set("q2", source={"a": 1}), {("damaged", "q2")}),
    "source missing": (changed(lambda notebook: [cell(notebook, "q2").pop("source")]), {("damaged", "q2")}),
    "code turned into text": (_set("q1", cell_type="markdown"), {("kind-changed", "q1")}),
    "code turned into raw": (_set("q1", cell_type="raw"), {("kind-changed", "q1")}),
    "unknown kind": (_set("why", cell_type="hologram"), {("kind-changed", "why")}),
    "lone surrogates": (_in_text("志愿者", "\\ud83d"), set()),
    "lone surrogates as bytes": (_set("why", source="half \ud83d, 志愿者志愿者"), {("encoding", None)}),
    "nul and control": (_set("why", source="a\0b\x1b[31m\x07"), set()),
    "nul in the text itself": (lambda: raw(solved()).replace(b"\\u5fd7", b"\0").replace("志".encode(), b"\0"), set()),
    "not a number": (_in_text('"execution_count": 7', '"execution_count": NaN'), set()),
    "infinity": (_in_text('"execution_count": 7', '"execution_count": -Infinity'), set()),
    "huge number": (_in_text('"execution_count": 7', '"execution_count": ' + "9" * 100_000), set()),
    "huge fraction": (_in_text('"execution_count": 7', '"execution_count": 1.' + "9" * 100_000 + "e999999"), set()),
    "duplicate keys": (_in_text(f'"source": {Q1}', f'"source": "other", "source": {Q1}'), set()),
    "nested 10,000 deep": (_in_text('"execution_count": 7', f'"execution_count": {DEEP}'), set()),
    "nested deep with brackets in texts": (_in_text('"execution_count": 7', f'"execution_count": ["]}}\\"", {DEEP}]'),
                                           set()),
    "copied, second edited": (_copied(None, ANSWERS["q1"]), {("duplicate", "q1")}),
    "copied, first edited": (_copied(ANSWERS["q1"], STUB.format(name="rate")), {("duplicate", "q1")}),
    "copied, both edited": (_copied(ANSWERS["q1"], "rate = 9"), {("rivals", "q1")}),
    "split in two": (_copied(ANSWERS["q1"], "share = rate / 2"), {("split", "q1")}),
    "check copied": (changed(lambda notebook: notebook["cells"].append(cell(notebook, "q1-check"))),
                     {("copied-locked", "q1-check")}),
    "checks deleted": (_without("q1-check", "q2-check"), {("missing", "q1-check"), ("missing", "q2-check")}),
    "other answers deleted": (_without("q2", "why"), {("missing", "q2"), ("missing", "why")}),
    "turned upside down": (changed(lambda notebook: notebook["cells"].reverse()), {("order", None)}),
    "check rewritten": (_set("q1-check", source="pass"), {("locked-edited", "q1-check")}),
    "check turned into text": (_set("q1-check", cell_type="markdown"), {("kind-changed", "q1-check")}),
    "schema 1": (_label(schema_version=1), set()),
    "schema 9": (_label(schema_version=9), set()),
    "points of a million": (_label(points=1e6), set()),
    "unlocked": (_label(locked=False, grade=False, solution=True), set()),
    "label a list": (_label(points=[], locked={}, grade="x"), set()),
    "600 cells of one's own": (_many(600), {("extra-cut", None)}),
    "picture pasted in": (_set("why", attachments={"a.png": {"image/png": "aGk="}}), {("picture-dropped", "why")}),
    "huge answer": (_set("why", source="x" * 300_000), {("answer-cut", "why")}),
}

UNREADABLE: dict[str, bytes] = {
    "empty": b"", "blank": b" \n", "zeros": bytes(500), "half a file": raw(solved())[:900], "code": b"def f(): pass",
    "web page": b"<!DOCTYPE html><html></html>", "picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "number": b"17",
    "list": b"[]", "null": b"null", "text": b'"cells"', "mapping": b"{}", "cells a word": b'{"cells": "x"}',
    "nested without end": b'{"cells": ' + b"[" * 100_000, "merge marks": b"<<<<<<< HEAD\n" + raw(solved()),
    "random": bytes(range(255, 0, -1)) * 40,
    "escapes without end": b'{"cells": ' + b"[" * 2000 + b'"' + b'\\"' * 200_000,
    "bare mark": b"\xff\xfe", "gzip": b"\x1f\x8b\x08" + bytes(100),
}


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def odd_member(name: str, content: bytes, mode: int = 0, flags: int = 0) -> bytes:
    """Return a zip file whose one member has a name, a mode or flags that zip tools do not write."""
    out = io.BytesIO()
    info = zipfile.ZipInfo("x" * len(name.encode("utf-8")))
    info.external_attr = mode << 16
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(info, content)
    made = out.getvalue().replace(info.filename.encode(), name.encode("utf-8"))
    if flags:
        for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            at = made.index(mark) + place
            made = made[:at] + flags.to_bytes(2, "little") + made[at + 2:]
    return made


def gbk_zip(name: str, content: bytes) -> bytes:
    """Return a zip file as old Chinese packers write it: the name in GBK, and nothing that says so."""
    coded = name.encode("gbk")
    return zipped({"x" * len(coded): content}).replace(b"x" * len(coded), coded)


def _file(name: str, content: bytes) -> Callable[[Path], Path]:
    def made(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content)
        return path
    return made


def _link(folder: Path) -> Path:
    (folder / "real.ipynb").write_bytes(raw(solved()))
    (folder / "link.ipynb").symlink_to(folder / "real.ipynb")
    return folder / "link.ipynb"


def _linked_folder(folder: Path) -> Path:
    (folder / "real").mkdir()
    (folder / "real" / "x.ipynb").write_bytes(raw(solved()))
    (folder / "linked").symlink_to(folder / "real", target_is_directory=True)
    return folder / "linked"


def _loop(folder: Path) -> Path:
    (folder / "loop.ipynb").symlink_to(folder / "loop.ipynb")
    return folder / "loop.ipynb"


def _pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe.ipynb")
    return folder / "pipe.ipynb"


def _socket(folder: Path) -> Path:
    path = folder / "s.ipynb"
    here = Path.cwd()
    os.chdir(folder)                     # the names of sockets must be short
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)
    return path


def _folder(name: str, files: dict[str, bytes]) -> Callable[[Path], Path]:
    def made(folder: Path) -> Path:
        for path, content in files.items():
            (folder / name / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / name / path).write_bytes(content)
        (folder / name).mkdir(exist_ok=True)
        return folder / name
    return made


def _cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _deep(levels: int) -> bytes:
    content = raw(solved())
    for level in range(levels):
        content = zipped({f"level{level}.zip" if level else "x.ipynb": content})
    return content


# name -> (maker of what is dropped, the codes of the faults that it gives); none of these holds a notebook to take
HOSTILE: dict[str, tuple[Callable[[Path], Path], list[str]]] = {
    "link": (_link, ["symlink"]),
    "link to itself": (_loop, ["symlink"]),
    "link to a folder": (_linked_folder, ["symlink"]),
    "pipe": (_pipe, ["special"]),
    "socket": (_socket, ["special"]),
    "device": (lambda folder: Path(os.devnull), ["special"]),
    "not there": (lambda folder: folder / "gone.ipynb", ["gone"]),
    "empty file": (_file("x.ipynb", b""), ["empty"]),
    "empty folder": (_folder("work", {}), ["not-a-notebook"]),
    "folder named like a notebook": (_folder("x.ipynb", {"a.txt": b"a"}), ["folder-name"]),
    "folder too deep": (_folder("work", {"a/b/c/d/e/x.ipynb": raw(solved())}), ["too-deep"]),
    "folder of 300 files": (_folder("work", {f"{n}.ipynb": b"{}" for n in range(300)}), ["too-many"]),
    "too big": (_file("x.ipynb", b" " * (20 * 2**20 + 1)), ["too-big"]),
    "word file": (_file("x.docx", zipped({"word/document.xml": b"<w/>"})), ["not-a-notebook"]),
    "text": (_file("notes.txt", b"hello"), ["not-a-notebook"]),
    "card alone": (_file("card.json", b'{"format": 1}'), ["not-a-notebook"]),
    "rar": (_file("x.rar", b"Rar!\x1a\x07\0" + bytes(50)), ["other-archive"]),
    "gzip": (_file("x.tar.gz", b"\x1f\x8b\x08" + bytes(50)), ["other-archive"]),
    "empty zip": (_file("x.zip", zipped({})), ["not-a-notebook"]),
    "truncated zip": (_file("x.zip", _cut(zipped({"x.ipynb": raw(solved())}))), ["bad-archive"]),
    "zip with rubbish": (_file("x.zip", b"PK\x03\x04" + bytes(range(256)) * 20), ["bad-archive"]),
    "zip with wrong content": (_file("x.zip", zipped({"x.ipynb": b"A" * 60}, zipfile.ZIP_STORED).replace(
        b"A" * 60, b"B" * 60)), ["bad-archive"]),
    "locked zip": (_file("x.zip", odd_member("x.ipynb", b"{}", flags=1)), ["encrypted"]),
    "bomb": (_file("x.zip", zipped({"x.ipynb": bytes(19 * 2**20)})), ["bomb"]),
    "bomb by lzma": (_file("x.zip", zipped({"x.ipynb": bytes(2**20)}, zipfile.ZIP_LZMA)), ["packing"]),
    "300 members": (_file("x.zip", zipped({f"{n}.ipynb": b"{}" for n in range(300)})), ["too-many"]),
    "60,000 members": (_file("x.zip", b"PK\x03\x04" + b"PK\x01\x02" * 60_000), ["too-many"]),
    "member with dots": (_file("x.zip", odd_member("../../x.ipynb", raw(solved()))), ["member-name"]),
    "member with backslashes": (_file("x.zip", odd_member("..\\x.ipynb", raw(solved()))), ["member-name"]),
    "absolute member": (_file("x.zip", odd_member("/etc/x.ipynb", raw(solved()))), ["member-name"]),
    "member on a drive": (_file("x.zip", odd_member("C:\\x.ipynb", raw(solved()))), ["member-name"]),
    "member a link": (_file("x.zip", odd_member("x.ipynb", b"gradebook.db", mode=0o120777)), ["symlink"]),
    "member a pipe": (_file("x.zip", odd_member("x.ipynb", b"", mode=0o010644)), ["special"]),
    "member a folder named like a notebook": (_file("x.zip", zipped({"x.ipynb/": b""})), ["folder-name"]),
    "zip in zip in zip": (_file("x.zip", _deep(3)), ["nested"]),
}
