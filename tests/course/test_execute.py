"""Whatever a student's cell does, the cells before it keep their outputs, the run ends in time, nothing is raised."""

from __future__ import annotations

import gc
import json
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from tests.course.running import Ran, executor, run
from vsim.course.kernel_line import Message, read_json, take_apart
from vsim.course.kernel_outputs import ANSWER, CellOutputs, bundle, plain
from vsim.course.kernel_words import DIED
from vsim.errors import UsageError, VsimError

KEY = b"key"
RAW = r'''
import json
kernel = get_ipython().kernel
def raw(content, kind="display_data"):
    parts = [json.dumps(kernel.session.msg_header(kind), default=str).encode(),
             json.dumps(kernel.get_parent()["header"], default=str).encode(), b"{}", content]
    kernel.iopub_socket.send_multipart([b"x", b"<IDS|MSG>", kernel.session.sign(parts)] + parts)
'''


# --- messages and outputs, without a kernel (quick)

def message(kind: str, content: object) -> Message:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Message("iopub", kind, "x", raw)


def outputs_of(*messages: Message, limit: int = 10_000) -> CellOutputs:
    outputs = CellOutputs(limit, 1)
    for one in messages:
        outputs.take(one)
    return outputs


@pytest.mark.parametrize("content", [
    b"", b"not json", b"[]", b"\xff\xfe", b'{"a": NaN}', b'{"a": -Infinity}', b'{"a": ' + b"9" * 6000 + b"}",
    b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
])
def test_what_is_no_plain_json_object_is_not_read(content: bytes) -> None:
    assert read_json(content) is None


@pytest.mark.parametrize("parts", [
    [], [b"<IDS|MSG>"], [b"a"] * 1000, [b"<IDS|MSG>", b"", b"{}", b"{}", b"{}", b"{}"],
    [b"<IDS|MSG>", b"0" * 64, b"{}", b"{}", b"{}", b"{}"], [b"<IDS|MSG>", b"", b"{" * 70_000, b"{}", b"{}", b"{}"],
])
def test_what_is_no_signed_message_is_dropped(parts: list[bytes]) -> None:
    assert take_apart("iopub", parts, KEY) is None


@pytest.mark.parametrize(("header", "parent"), [("[]", "{}"), ("{}", "{}"), ('{"msg_type": 3}', "{}"),
                                                ('{"msg_type": "stream"}', '{"msg_id": []}')])
def test_a_signed_message_of_a_wrong_shape_is_dropped(header: str, parent: str) -> None:
    import hmac

    parts = [header.encode(), parent.encode(), b"{}", b"{}"]
    signature = hmac.digest(KEY, b"".join(parts), "sha256").hex().encode()
    assert take_apart("iopub", [b"<IDS|MSG>", signature, *parts], KEY) is None


def test_a_stream_keeps_its_beginning_and_says_that_it_was_cut() -> None:
    outputs = outputs_of(*[message("stream", {"name": "stdout", "text": "字" * 1000})] * 10)
    shown = outputs.finished()
    assert outputs.cut
    assert [output["output_type"] for output in shown] == ["stream", "stream"]
    assert 9000 < len(shown[0]["text"].encode()) <= 10_000
    assert "was cut" in shown[1]["text"]


def test_a_talkative_cell_keeps_its_answer_and_an_error() -> None:
    flood = [message("stream", {"name": "stdout", "text": "x" * 9000})] * 3
    answer = message("display_data", {"data": {ANSWER: {"task": "q1", "answer": {"share": 0.5}}}})
    failed = message("error", {"ename": "ValueError", "evalue": "bad", "traceback": ["x" * 50_000]})
    shown = outputs_of(*flood, answer, failed, failed, failed).finished()
    assert [output["output_type"] for output in shown] == ["stream", "display_data", "error", "stream"]
    assert shown[1]["data"][ANSWER]["answer"] == {"share": 0.5}
    assert shown[2]["evalue"] == "bad"


def test_answers_are_cut_too_and_small_outputs_are_counted() -> None:
    answers = [message("display_data", {"data": {ANSWER: {"n": "x" * 4000}}})] * 50
    small = [message("display_data", {"data": {"text/plain": ""}})] * 5000
    outputs = outputs_of(*answers, *small)
    assert outputs.cut
    assert len(json.dumps(outputs.outputs)) < 40_000


def test_updates_change_only_what_this_cell_shows_and_never_an_answer() -> None:
    show = message("display_data", {"data": {"text/plain": "a"}, "transient": {"display_id": "d"}})
    given = message("display_data", {"data": {ANSWER: {"n": 1}}, "transient": {"display_id": "e"}})
    changes = [message("update_display_data", {"data": data, "transient": {"display_id": name}}) for name, data in (
        ("d", {"text/plain": "b"}), ("d", {"text/plain": "x" * 20_000}), ("d", {ANSWER: {"n": 2}}),
        ("e", {ANSWER: {"n": 3}}), ("f", {"text/plain": "c"}), ([], {}), (None, 7),
    )]
    outputs = outputs_of(show, given, *changes)
    assert [output["data"] for output in outputs.outputs] == [{"text/plain": "b"}, {ANSWER: {"n": 1}}]


def test_clearing_gives_room_again_and_keeps_answers() -> None:
    show = message("display_data", {"data": {"text/plain": "x" * 6000}})
    given = message("display_data", {"data": {ANSWER: {}}})
    outputs = outputs_of(show, given, message("clear_output", {"wait": True}), show, message("clear_output", {}), show)
    assert [ANSWER in output["data"] for output in outputs.outputs] == [True, False]
    assert not outputs.cut


@pytest.mark.parametrize("value", ["x" * 10, {"a": [1, 2.5, None, True]}, "\ud800"])
def test_plain_data_stays_and_can_be_written(value: object) -> None:
    assert json.dumps(plain(value), ensure_ascii=False).encode("utf-8")


@pytest.mark.parametrize("value", [float("inf"), {"a": [float("nan")]}, json.loads("[" * 30 + "]" * 30)])
def test_data_of_no_use_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        plain(value)


def test_a_bundle_keeps_proper_kinds_and_forms() -> None:
    data = {"text/plain": 5, "no mime": "x", "image/png": {"a": 1}, "a/b": ["x", 3, "y"], "application/json": [1],
            "text/html": "<b>", 7: "x"}
    kept = bundle({str(key): value for key, value in data.items()})
    assert kept == {"a/b": "xy", "application/json": [1], "text/html": "<b>"}
    assert bundle("text") == {}


def test_every_way_to_die_has_words() -> None:
    assert set(DIED) == {"ended", "stuck", "memory", "flood", "lost"}


# --- what cells survive (slow)

def lives(ran: Ran) -> bool:
    """Whether the kernel lived to the end, and the last cell gave what it gives."""
    return ran.report["died"] is None and ran.shown(len(ran.nb.cells) - 1) == "after"


def is_over(ran: Ran, at: int, why: str) -> bool:
    """Whether the kernel died in a cell, the cell before kept its output, and the next says that it was not run."""
    return (
        ran.shown(0) == "before" and ran.report["died"] == why and ran.report["unfinished"] == [at, at + 1]
        and "DeadKernelError" in ran.errors(at) and ran.errors(at + 1) == ["DeadKernelError"]
        and "Not run" in ran.shown(at + 1)
    )


FIRST, LAST = "word = 'before'; print(word, end='')", "print('after', end='')"
DEADLY = {
    "leaves": "import os\nos._exit(3)",
    "kills itself": "import os\nos.kill(os.getpid(), 9)",
    "is killed by its shell": "!kill -9 $PPID",
    "crashes": "import ctypes\nctypes.string_at(1)",
    "closes every file": "import os\nos.closerange(3, 200)",
}
SHORT = {"timeout": 2, "patience": 1, "deadline": 40}


@pytest.mark.slow
@pytest.mark.needs("jail")
@pytest.mark.parametrize("name", DEADLY)
def test_cells_before_the_death_of_a_kernel_keep_their_outputs(name: str) -> None:
    ran = run(FIRST, DEADLY[name], LAST, **SHORT)
    assert is_over(ran, 1, "ended"), ran.text
    assert ran.report["wall"] < 6


@pytest.mark.slow
@pytest.mark.needs("jail")
def test_a_loop_that_nothing_can_interrupt_is_killed_and_the_rest_is_marked() -> None:
    ran = run(FIRST, "sum(range(10**13))", LAST, **SHORT)
    assert is_over(ran, 1, "stuck"), ran.text
    assert ran.report["wall"] < 6


@pytest.mark.slow
@pytest.mark.needs("jail")
def test_processes_that_use_too_much_memory_together_are_killed() -> None:
    greedy = (
        "import os, time\nfor _ in range(6):\n    if os.fork() == 0:\n        block = bytearray(b'x') * 300_000_000\n"
        "        time.sleep(60)\ntime.sleep(60)"
    )
    ran = run(FIRST, greedy, LAST, memory=3 * 2**29, deadline=40, timeout=20)
    assert is_over(ran, 1, "memory"), ran.text


HARMLESS = {
    "leaves politely": "quit()",
    "raises SystemExit": "import sys\nsys.exit(0)",
    "takes too much memory": "block = bytearray(6 * 10**9)",
    "asks for input": "input('?')",
    "uses magics": "%time 1\n%matplotlib inline\n%cd /",
    "escapes to the shell": "!ls / >/dev/null; sleep 100 & echo started",
    "runs a script": "%%bash\nsleep 100 >/dev/null 2>&1 &\necho $HOME",
    "prints one long line": "print('z' * 60_000_000)",
    "floods with displays": "from IPython.display import display\nfor n in range(4000): display(n)",
    "floods with updates":
        "from IPython.display import display\nh = display(0, display_id=True)\nfor n in range(4000): h.update(n)",
    "floods with comms":
        "from comm import create_comm\nc = create_comm(target_name='x')\nfor n in range(4000): c.send({})",
    "shows a huge number":
        "import sys\nsys.set_int_max_str_digits(0)\nfrom IPython.display import JSON\nJSON({'n': 10**6000})",
    "shows no number": "from IPython.display import JSON\nJSON({'n': float('nan')})",
    "breaks its exit": "import atexit, time\natexit.register(time.sleep, 60)",
    "changes its display": "import sys\nsys.displayhook = None\nget_ipython().display_formatter = None",
    "sends what is no message": RAW + (
        "kernel.iopub_socket.send_multipart([b'<IDS|MSG>'])\nkernel.iopub_socket.send_multipart([b'a'] * 1000)\n"
        "raw(b'')\nraw(b'not json')\nraw(b'[]')\nraw(b'{}', 'nonsense')\nraw(b'{\"comm_id\": 3}', 'comm_msg')"
    ),
    "sends what nbformat refuses": RAW + (
        "raw(b'{\"data\": {\"text/plain\": 5, \"image/png\": {}, \"bad\": 1}, \"metadata\": 7}')\n"
        "raw(b'{\"name\": \"odd\", \"text\": \"\\\\ud800\"}', 'stream')\n"
        "raw(b'{\"ename\": 3, \"traceback\": [1]}', 'error')\n"
        "raw(b'{\"data\": {\"text/plain\": \"x\"}, \"execution_count\": -5}', 'execute_result')\n"
        "raw(b'{\"data\": {\"application/json\": 1e999}}')\nraw(b'{\"data\": {\"application/json\": NaN}}')\n"
        "raw(b'{\"data\": {\"application/json\": ' + b'9' * 6000 + b'}}')\n"
        "raw(b'{\"data\": {\"application/json\": ' + b'[' * 400 + b']' * 400 + b'}}')"
    ),
    "says that it is idle": RAW + "raw(b'{\"execution_state\": \"idle\"}', 'status')\nimport time\ntime.sleep(0.5)",
}
CUT = {"prints one long line", "floods with displays", "shows a huge number", "sends what nbformat refuses"}


@pytest.mark.slow
@pytest.mark.needs("jail")
@pytest.mark.parametrize("name", HARMLESS)
def test_the_cells_after_a_strange_one_still_run(name: str) -> None:
    ran = run(FIRST, HARMLESS[name], LAST, timeout=15, deadline=40)
    assert ran.shown(0) == "before"
    assert lives(ran), ran.text[:3000]
    if name in CUT:
        assert 1 in ran.report["cut"]
    assert len(ran.text) < 600_000


ENDLESS = {
    "a plain loop": "while True: pass",
    "a loop that takes interrupts":
        "while True:\n    try:\n        while True: pass\n    except KeyboardInterrupt:\n        pass",
    "endless printing": "while True: print('y' * 100)",
    "a sleep": "import time\ntime.sleep(1000)",
    "a program": "!sleep 1000",
}


@pytest.mark.slow
@pytest.mark.needs("jail")
@pytest.mark.parametrize("name", ENDLESS)
def test_an_endless_cell_is_stopped_and_earlier_results_stay(name: str) -> None:
    ran = run(FIRST, ENDLESS[name], LAST, timeout=1, patience=3, deadline=40)
    assert ran.shown(0) == "before"
    assert 1 in ran.report["unfinished"]
    assert ran.report["wall"] < 8
    assert lives(ran) or ran.report["died"] == "stuck"
    if lives(ran):
        assert ran.errors(1)[-1] == "CellTimeoutError"
    if name == "endless printing":
        assert ran.report["cut"] == [1]
        assert 150_000 < len(ran.text) < 400_000


@pytest.mark.slow
@pytest.mark.needs("jail")
def test_a_message_too_long_for_the_line_costs_its_cell_and_no_other() -> None:
    ran = run(FIRST, "from IPython.display import HTML\nHTML('x' * 30_000_000)", "'x' * 10", LAST, timeout=15)
    assert lives(ran), ran.text[:3000]
    assert ran.shown(2) == repr("x" * 10)
    assert ran.report["cut"] == [1]


@pytest.mark.slow
@pytest.mark.needs("jail")
def test_messages_without_end_are_stopped_before_they_fill_the_memory() -> None:
    endless = RAW + (
        "import time, zmq\nthread = kernel.iopub_thread\ndef send():\n"
        "    while True: thread.socket.send(b'x' * 10**6, zmq.SNDMORE)\nthread.schedule(send)\ntime.sleep(30)"
    )
    ran = run(FIRST, endless, LAST, timeout=20, deadline=40, memory=2**30)
    assert any(is_over(ran, 1, why) for why in ("flood", "memory", "ended")), ran.text


@pytest.mark.slow
@pytest.mark.needs("jail")
def test_after_the_deadline_nothing_is_run_any_more() -> None:
    ran = run(FIRST, "import time\ntime.sleep(60)", LAST, "# text", "1", timeout=30, deadline=3)
    assert ran.report["deadline"] is True
    assert ran.report["died"] is None
    assert ran.report["unfinished"] == [1, 2, 4]
    assert ran.report["wall"] < 5
    assert ran.shown(0) == "before"
    assert [ran.errors(index) for index in (1, 2, 4)] == [["DeadlineError"]] * 3


@pytest.mark.slow
@pytest.mark.needs("jail")
def test_the_report_and_the_notebook_of_a_good_run() -> None:
    ran = run("# text", "1 + 1", "", "print('x')", "1 / 0", "2")
    assert {key: value for key, value in ran.report.items() if key not in ("wall", "cpu", "kernel")} == {
        "tier": "bwrap", "died": None, "deadline": False, "unfinished": [], "cut": [],
    }
    assert json.dumps(ran.report)
    assert (ran.shown(1), ran.shown(3), ran.shown(5)) == ("2", "x\n", "2")
    assert ran.errors(4) == ["ZeroDivisionError"]
    assert [cell.get("execution_count") for cell in ran.nb.cells] == [None, 1, None, 2, 3, 4]
    assert ran.nb.metadata.language_info.name == "python"


@pytest.mark.slow
@pytest.mark.needs("jail")
def test_outputs_that_a_notebook_comes_with_are_gone_and_no_file_comes_back(tmp_path: Path) -> None:
    from nbformat.v4 import new_code_cell, new_notebook, new_output

    forged = new_output("display_data", data={ANSWER: {"task": "q1", "answer": 1}})
    leaves = "import os\nos._exit(1)"
    cells = [new_code_cell(leaves), new_code_cell("1", outputs=[forged]), new_code_cell("", outputs=[forged])]
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    resources: dict[str, Any] = {"metadata": {"path": str(tmp_path)}}
    executor()().preprocess(new_notebook(cells=cells), resources)
    assert ANSWER not in json.dumps(cells)
    run("open('made.txt', 'w').write('x')", inputs=inputs)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["inputs"]


@pytest.mark.slow
@pytest.mark.needs("jail")
def test_compiled_kernels_and_the_list_of_fonts_are_handed_in(tmp_path: Path) -> None:
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "vk_x.py").write_text("x = 1")
    (tmp_path / "vk_x.py").chmod(0o600)
    look = (
        "import os\nfolder = os.environ['VSIM_CACHE']\n"
        "print(sorted(os.listdir(folder)), open(folder + '/vk_x.py').read(), os.access(folder, os.W_OK))"
    )
    ran = run(look, "import matplotlib; matplotlib.get_cachedir()", compiled=str(tmp_path))
    assert ran.shown(0) == "['__pycache__', 'vk_x.py'] x = 1 True\n"
    assert ran.shown(1).endswith("/matplotlib'")


@pytest.mark.slow
@pytest.mark.needs("linux")
def test_without_a_jail_code_still_has_a_place_of_its_own_and_its_limits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLANTED_SECRET", "x")
    (tmp_path / "card.json").write_text("{}")
    look = (
        "import os\n"
        "print(sorted(os.listdir('.')), 'PLANTED_SECRET' in os.environ, os.path.expanduser('~') == os.getcwd())\n"
        "open('mine', 'w').write('x')"
    )
    ran = run(look, "bytearray(6 * 10**9)", "while True: pass", "import os\nos._exit(1)", "1",
              jail="none", inputs=tmp_path, timeout=1)
    assert ran.shown(0).splitlines()[0] == "['card.json'] False True"
    assert ran.errors(1) == ["MemoryError"]
    assert ran.errors(2)[-1] == "CellTimeoutError"
    assert ran.report["tier"] == "none"
    assert ran.report["died"] == "ended"
    assert ran.report["unfinished"] == [2, 3, 4]
    assert [path.name for path in tmp_path.iterdir()] == ["card.json"]


@pytest.mark.slow
@pytest.mark.needs("linux")
def test_no_jail_is_taken_by_name_only(monkeypatch: pytest.MonkeyPatch) -> None:
    from vsim.course import jail

    monkeypatch.setattr(jail, "tier", lambda: "none")
    with pytest.raises(UsageError, match="--allow-weak"):
        run("1")
    with pytest.raises(UsageError, match="--allow-weak"):
        run("1", jail="bwrap")


@pytest.mark.slow
@pytest.mark.needs("jail")
def test_a_kernel_that_does_not_start_is_the_trainers_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    from vsim.course import kernel_main

    monkeypatch.setattr(kernel_main, "__file__", "/no/such/file.py")
    with pytest.raises(VsimError, match=r"kernel: did not start .*No such file"):
        run("1", kernel="fresh")


@pytest.mark.slow
@pytest.mark.needs("jail")
def test_a_run_takes_everything_away_that_it_made(monkeypatch: pytest.MonkeyPatch) -> None:
    threads, files = threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        for source in ("1", "import os\nos._exit(1)"):
            run(source)
        assert list(Path(folder).iterdir()) == []
    gc.collect()
    until = time.monotonic() + 3
    while len(list(Path("/proc/self/fd").iterdir())) > files + 2 and time.monotonic() < until:
        time.sleep(0.1)
    assert threading.active_count() <= threads + 1
    assert len(list(Path("/proc/self/fd").iterdir())) <= files + 4
