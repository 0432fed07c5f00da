"""A process that runs commands of vsim in children which stop at a given moment and wait to be killed.

`python -m tests.cli.stopping` reads one JSON object a line and answers with one. Everything heavy is loaded
once; a child is a fork. Moments are seen by Python's own audit events, so nothing of vsim is changed to be stopped:

write n    before the n-th file in the folder is opened for writing
half n     in the middle of the n-th file that `Path.write_bytes` or `Path.write_text` writes
read n     before the n-th file of the folder is read
rename n   before the n-th renaming in the folder
run n      before the n-th district is run
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

FOREVER = 60.0
WORKER = 0.4                   # a thread cannot be interrupted: it goes on after this


def stop_at(moment: str, number: int, folder: Path, flag: Path) -> None:
    """Make this process raise the flag and wait at a moment."""
    seen = 0
    inside = str(folder) + os.sep

    def here() -> None:
        nonlocal seen
        seen += 1
        if seen == number:
            flag.touch()
            main = threading.current_thread() is threading.main_thread()
            time.sleep(FOREVER if main else WORKER)

    def hook(event: str, found: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(found[0], str) and found[0].startswith(inside) and found[0] != str(flag):
            mode = found[1] or ""
            kind = "write" if "w" in mode or "x" in mode or "a" in mode else "read"
            if mode and kind == moment:
                here()
        elif event == "os.rename" and moment == "rename" and str(found[0]).startswith(inside):
            here()

    if moment == "run":
        from vsim.run import compare, run

        for module in (compare, run):
            module.advance = _before(module.advance, here)  # type: ignore[attr-defined]
    elif moment == "half":
        for name in ("write_bytes", "write_text"):
            setattr(Path, name, _half(getattr(Path, name), here))
    else:
        sys.addaudithook(hook)


def _before(function: Callable[..., Any], here: Callable[[], None]) -> Callable[..., Any]:
    def stopping(*given: Any, **named: Any) -> Any:
        here()
        return function(*given, **named)

    return stopping


def _half(function: Callable[..., Any], here: Callable[[], None]) -> Callable[..., Any]:
    def stopping(path: Path, content: Any, *given: Any, **named: Any) -> Any:
        function(path, content[: len(content) // 2], *given, **named)
        here()
        return function(path, content, *given, **named)

    return stopping


def child(order: dict[str, Any]) -> int:
    """Run one command and return its exit code; its words go to files."""
    from vsim.cli import main

    for stream, name in ((sys.stdout, "out"), (sys.stderr, "err")):
        handle = os.open(order[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(handle, stream.fileno())
    if order.get("moment"):
        stop_at(order["moment"], order["number"], Path(order["folder"]), Path(order["flag"]))
    try:
        main.run(order["words"])
    except SystemExit as leaving:
        return int(leaving.code or 0)
    return 0


class Picture:
    """Stands in for a chart."""

    def get(self, _lang: str, _form: str) -> Picture:
        """Return the one picture."""
        return self


def a_small_demo(folder: Path) -> None:
    """Let the demonstration show the town, with pictures of a few bytes and a page of a few words.

    What children need is loaded by doing it once here: twin worlds, a run, its data set.
    """
    from vsim.cli import main
    from vsim.report import figures, page, study
    from vsim.spec import scenario

    load = scenario.load_scenario
    named = {"riverside": load(folder / "town.yaml"), "riverside_pilot": load(folder / "town_pilot.yaml")}
    scenario.load_scenario = lambda name: named.get(str(name)) or load(name)

    def tell(found: Any, *_given: object) -> study.Told:
        effects = found.effects(study.TABLE, estimand="att")
        pictures: Any = dict.fromkeys(("a", "b"), Picture())
        return study.Told(effects, effects, pictures, found.base.start)

    def save(_figure: object, path: Path) -> Path:
        path.write_bytes(b"a picture of many bytes")
        return path

    study.tell, figures.save = tell, save  # type: ignore[assignment]
    study.page_of = lambda *_given, **_named: None  # type: ignore[assignment,return-value]
    page.build = lambda _content: "<!doctype html>" + "a page of many letters " * 1000
    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
        main.run(["demo", "--no-course", "--replicates", "2", "--quiet", "--out", str(folder / "demo")])


def main() -> None:
    """Answer orders until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for line in sys.stdin:
        order = json.loads(line)
        reply: dict[str, int] = {}
        if "demo" in order:
            a_small_demo(Path(order["demo"]))
        elif "wait" in order:
            reply["status"] = os.waitstatus_to_exitcode(os.waitpid(order["wait"], 0)[1])
        else:
            reply["pid"] = os.fork()
            if reply["pid"] == 0:
                signal.signal(signal.SIGINT, signal.default_int_handler)
                os._exit(child(order))
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main()
