"""Student code in the jail sees the system, Python and vsim, nothing else; it reaches nobody and outlives nothing."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.course.running import Ran, run
from vsim.course import jail
from vsim.course.jail_command import SCRATCH, WORK, Bounds, Place, bwrap, environment
from vsim.course.jail_view import View, links_to, view, within
from vsim.errors import UsageError

ROOT = Path(__file__).resolve().parents[2]
NOBODY = 65534
TRY = r'''
import json, os, socket
def tried(f):
    try:
        return repr(f())
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
def forks():
    pids = []
    try:
        for _ in range(300):
            pid = os.fork()
            if pid == 0:
                import time
                time.sleep(30)
                os._exit(0)
            pids.append(pid)
    except OSError:
        pass
    for pid in pids:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
    return len(pids)
def fill(folder):
    total = 0
    try:
        for n in range(6):
            with open(os.path.join(folder, f"big{n}"), "wb") as file:
                for _ in range(50):
                    total += file.write(b"x" * 2**20)
    except OSError as error:
        return total // 2**20, type(error).__name__
    return total // 2**20
def show(name, call):
    print(json.dumps([name, tried(call)]))
'''
PROBES = r'''
show("curriculum", lambda: os.listdir(f"{ROOT}/curriculum"))
show("git", lambda: os.listdir(f"{ROOT}/.git"))
show("repository", lambda: sorted(os.listdir(ROOT)))
show("course", lambda: open(f"{COURSE}/secret.key").read())
show("shadow", lambda: open("/etc/shadow").read())
show("people", lambda: open("/etc/passwd").read().count("\n"))
show("packages", lambda: open(os.path.dirname(json.__file__) + "/x.py", "w"))
show("vsim", lambda: open(os.path.dirname(__import__("vsim").__file__) + "/x.py", "w"))
show("root", lambda: open("/x", "w"))
show("devices", lambda: open("/dev/x", "w"))
show("tcp", lambda: socket.create_connection(("127.0.0.1", PORT), 3))
show("udp", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 9)))
show("forks", forks)
show("memory", lambda: len(bytearray(4_500_000_000)))
show("disk", lambda: fill(os.getcwd()))
show("file", lambda: open("huge", "wb").truncate(100 * 2**20))
show("first", lambda: os.kill(1, 9))
show("host", lambda: os.kill(HOST, 9))
show("processes", lambda: sorted(int(p) for p in os.listdir("/proc") if p.isdigit()))
show("variables", lambda: sorted(os.environ))
show("user", lambda: (os.getuid(), os.geteuid(), os.getgroups()))
show("rights", lambda: [line.split()[1] for line in open("/proc/self/status") if line.startswith(("CapEff", "CapBnd"))])
show("setuid", lambda: os.setuid(0))
show("input", lambda: (open("data/seen.csv").read(), open("card.json").read()))
show("write input", lambda: open("card.json", "w"))
show("replace input", lambda: os.remove("card.json"))
show("link", lambda: os.path.lexists("secret"))
show("mode", lambda: (os.environ["NBGRADER_EXECUTION"], os.environ["VSIM_LANG"]))
show("alive", lambda: 1 + 1)
'''


# --- the command line that is built, and what it shows (quick)

def plain_view(*shown: Path) -> View:
    return View(shown=(Path("/usr"), *shown), links=(("usr/bin", Path("/bin")),), folders=(Path("/srv"),))


def command(tmp_path: Path, way: str, **place: Any) -> list[str]:
    seen = plain_view(Path("/srv/venv/lib"))
    return bwrap(way, seen, Place(tmp_path, **place), Bounds(), ["python", "x"], {"A": "b"})


@pytest.mark.needs("linux")
@pytest.mark.parametrize("way", ["root", "user"])
def test_the_jail_has_its_own_everything_and_dies_with_its_parent(tmp_path: Path, way: str) -> None:
    line = command(tmp_path, way)
    wanted = {"--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--die-with-parent", "--clearenv"}
    assert wanted <= set(line)
    assert line[1:4] == ["--pdeathsig", "KILL", "--"]
    assert line[-2:] == ["python", "x"]
    for limit in ("--cpu=180", f"--as={4 * 2**30}", f"--fsize={64 * 2**20}", "--nproc=128", "--nofile=256", "--core=0"):
        assert line.index(limit) > line.index("--clearenv")          # inside, where only the jail's processes count
    text = " ".join(line)
    assert text.index("--tmpfs /tmp") < text.index("--ro-bind /srv/venv/lib")
    assert text.index("--remount-ro /") > text.index("--ro-bind /srv/venv/lib")


@pytest.mark.needs("linux")
def test_root_takes_another_user_without_rights_and_anybody_else_a_user_namespace(tmp_path: Path) -> None:
    root, user = command(tmp_path, "root", slot=3), command(tmp_path, "user")
    for wanted in ("--reuid=64324", "--regid=64324", "--clear-groups", "--bounding-set=-all", "--no-new-privs"):
        assert root.index(wanted) > root.index("--clearenv")
    assert "--unshare-user" not in root
    assert {"--unshare-user", "--disable-userns", "--cap-drop"} <= set(user)
    assert not any(word.startswith("--reuid") for word in user)


@pytest.mark.needs("linux")
def test_every_file_system_that_can_be_written_has_a_size(tmp_path: Path) -> None:
    line = command(tmp_path, "root")
    for at in (n for n, word in enumerate(line) if word == "--tmpfs"):
        assert line[at - 2] == "--size"
    assert "--bind" not in line
    assert "--dev-bind" not in line


@pytest.mark.needs("linux")
def test_inputs_are_shown_read_only_and_links_are_not(tmp_path: Path) -> None:
    inputs = tmp_path / "inputs"
    (inputs / "data").mkdir(parents=True)
    (inputs / "card.json").write_text("{}")
    (inputs / "secret").symlink_to(tmp_path)
    line = command(tmp_path, "root", inputs=inputs)
    shown = {line[n + 2] for n, word in enumerate(line) if word == "--ro-bind"}
    assert {str(WORK / "data"), str(WORK / "card.json")} <= shown
    assert str(WORK / "secret") not in shown


@pytest.mark.needs("linux")
def test_a_checkout_shows_the_folder_of_the_package_and_no_other() -> None:
    seen = view()
    assert seen.covers(ROOT / "vsim" / "course" / "jail.py")
    assert seen.covers(Path(sys.executable))
    for name in ("curriculum", "tests", "notebooks", ".git", "build", "README.md"):
        assert not seen.covers(ROOT / name)
    assert not within(Path.home() / ".ssh", seen.shown)
    assert ROOT not in seen.shown


@pytest.mark.needs("linux")
def test_an_environment_in_a_repository_does_not_bring_it_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("bin", "lib", "curriculum"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(sys, "exec_prefix", str(tmp_path))
    seen = view()
    assert seen.covers(tmp_path / "lib" / "x.py")
    assert not seen.covers(tmp_path / "curriculum")


def test_links_on_the_way_to_an_interpreter_are_followed_step_by_step(tmp_path: Path) -> None:
    real = tmp_path / "versions" / "3.11.9"
    real.mkdir(parents=True)
    (real / "python").touch()
    (tmp_path / "versions" / "3.11").symlink_to("3.11.9")
    (tmp_path / "python").symlink_to(tmp_path / "versions" / "3.11" / "python")
    links, end = links_to(tmp_path / "python")
    names = [place.name for _, place in links if tmp_path in place.parents]
    assert names == ["python", "3.11"]
    assert end == (real / "python").resolve()


def test_the_environment_is_clean_and_single_threaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "x")
    found = environment(WORK, Path(SCRATCH), {"VSIM_LANG": "zh_CN"})
    assert "SECRET_TOKEN" not in found
    assert found["NBGRADER_EXECUTION"] == "autograde"
    assert found["OPENBLAS_NUM_THREADS"] == found["NUMBA_NUM_THREADS"] == found["OMP_NUM_THREADS"] == "1"
    assert found["VSIM_LANG"] == "zh_CN"
    assert all(found[name].startswith(SCRATCH) for name in ("IPYTHONDIR", "MPLCONFIGDIR", "JUPYTER_RUNTIME_DIR"))


@pytest.mark.parametrize(("system", "why", "advice"), [
    ("Linux", "bwrap not found", "apt-get install bubblewrap"), ("Darwin", "the jail is for Linux", "grade on Linux"),
])
def test_without_a_jail_running_is_refused_unless_asked_for_by_name(
    monkeypatch: pytest.MonkeyPatch, system: str, why: str, advice: str
) -> None:
    monkeypatch.setattr(jail.platform, "system", lambda: system)
    monkeypatch.setattr(jail, "found", lambda name: None if name in ("bwrap", "unshare") else shutil.which(name))
    jail.probed.cache_clear()
    try:
        assert jail.tier() == "none"
        with pytest.raises(UsageError, match=advice) as refused:
            jail.require()
        assert why in str(refused.value)
        assert "--allow-weak" in str(refused.value)
        assert jail.require(allow_weak=True) in ("landlock", "none")
        assert "No jail" in jail.weak_warning()
    finally:
        jail.probed.cache_clear()


# --- what a probe gets inside (slow)

class Listener(threading.Thread):
    """A service on the machine's own address that notes who came."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.came = 0
        self.start()

    def run(self) -> None:
        while True:
            try:
                self.socket.accept()[0].close()
            except OSError:
                return
            self.came += 1


@pytest.fixture(scope="module")
def probed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[dict[str, str], Ran, Listener]]:
    """What each probe got: answers, the run, and the listener outside."""
    folder = tmp_path_factory.mktemp("jail")
    inputs = folder / "inputs"
    (inputs / "data").mkdir(parents=True)
    (inputs / "data" / "seen.csv").write_text("a\n1\n")
    (inputs / "data" / "seen.csv").chmod(0o600)
    (inputs / "card.json").write_text("{}")
    (inputs / "secret").symlink_to("/etc")
    course = folder / "course"
    course.mkdir()
    (course / "secret.key").write_text("the key")
    listener = Listener()
    os.environ["PLANTED_SECRET"] = "x"
    known = (str(ROOT), str(course), listener.socket.getsockname()[1], os.getpid())
    try:
        source = f"ROOT, COURSE, PORT, HOST = {known}" + TRY + PROBES
        ran = run(source, inputs=inputs, variables={"VSIM_LANG": "zh_CN"}, timeout=60)
    finally:
        del os.environ["PLANTED_SECRET"]
    found = dict(json.loads(line) for line in ran.shown(0).splitlines() if line.startswith("["))
    yield found, ran, listener
    listener.socket.close()


EXPECTED = {
    "curriculum": "FileNotFoundError", "git": "FileNotFoundError", "course": "FileNotFoundError",
    "shadow": "FileNotFoundError", "people": "1", "packages": "OSError: [Errno 30]", "vsim": "OSError: [Errno 30]",
    "root": "OSError: [Errno 30]", "devices": "OSError: [Errno 30]", "tcp": "ConnectionRefusedError",
    "udp": "OSError: [Errno 101]", "memory": "MemoryError", "disk": "(256, 'OSError')", "file": "OSError: [Errno 27]",
    "host": "ProcessLookupError", "setuid": ("PermissionError", "OSError"),
    "input": repr(("a\n1\n", "{}")), "write input": ("OSError: [Errno 30]", "PermissionError"),
    "replace input": ("OSError: [Errno 16]", "OSError: [Errno 30]", "PermissionError"), "link": "False",
    "mode": repr(("autograde", "zh_CN")), "rights": repr(["0" * 16, "0" * 16]), "alive": "2",
}


@pytest.mark.slow
@pytest.mark.needs("jail")
@pytest.mark.parametrize("name", EXPECTED)
def test_a_probe_gets_what_the_jail_lets_it(probed: tuple[dict[str, str], Ran, Listener], name: str) -> None:
    wanted = EXPECTED[name]
    assert probed[0][name].startswith(wanted), probed[0][name]


@pytest.mark.slow
@pytest.mark.needs("jail")
def test_of_the_repository_only_the_package_and_the_environment_are_seen(
    probed: tuple[dict[str, str], Ran, Listener],
) -> None:
    found = probed[0]["repository"]
    environment_here = Path(sys.prefix).parent == ROOT
    assert found == repr([".venv", "vsim"] if environment_here else ["vsim"])


@pytest.mark.slow
@pytest.mark.needs("jail")
def test_nobody_comes_out_and_no_secret_comes_in(probed: tuple[dict[str, str], Ran, Listener]) -> None:
    found, ran, listener = probed
    assert listener.came == 0
    assert "PLANTED_SECRET" not in found["variables"]
    assert "VSIM_SOCKETS" not in found["variables"]
    assert len(eval(found["processes"])) <= 4               # the jail's own first process, and the kernel
    assert ran.report["tier"] == "bwrap"
    assert ran.report["died"] is None


@pytest.mark.slow
@pytest.mark.needs("jail")
def test_processes_are_counted_for_each_jail_alone(probed: tuple[dict[str, str], Ran, Listener]) -> None:
    if jail.probed().way == "root" or os.geteuid() != 0:
        assert 20 < int(probed[0]["forks"]) < 128
    user, effective, groups = eval(probed[0]["user"])
    assert user == effective > 60000
    assert 0 not in groups


@pytest.mark.slow
@pytest.mark.needs("jail")
def test_killing_the_first_process_ends_only_the_jail_if_anything() -> None:
    ran = run("1", "import os\nos.kill(os.getppid(), 9)", "2")
    assert ran.shown(0) == "1"
    assert ran.report["died"] in (None, "ended")


def processes_of(mark: str) -> list[str]:
    """Return the processes of this machine whose command holds a mark."""
    out = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        if mark in words:
            out.append(words)
    return out


@pytest.mark.slow
@pytest.mark.needs("jail")
def test_nothing_that_student_code_starts_outlives_the_run() -> None:
    start = (
        "import subprocess, os\n"
        "for _ in range(3):\n    subprocess.Popen(['sleep', '987654'], start_new_session=True)\n"
        "if os.fork() == 0:\n    os.setsid()\n    os.execvp('sleep', ['sleep', '987654'])"
    )
    ran = run(start, "1")
    assert ran.shown(1) == "1"
    until = time.monotonic() + 5
    while processes_of("987654") and time.monotonic() < until:
        time.sleep(0.05)
    assert processes_of("987654") == []


@pytest.mark.slow
@pytest.mark.needs("jail")
def test_a_kernel_dies_with_the_process_that_grades() -> None:
    code = (
        "import sys; sys.path.insert(0, '.')\nfrom tests.course.running import run\n"
        "run(\"import subprocess; subprocess.Popen(['sleep', '876543']); print('up', flush=True)\", 'while True: pass')"
    )
    grading = subprocess.Popen([sys.executable, "-W", "ignore", "-c", code], cwd=ROOT)
    until = time.monotonic() + 30
    while not processes_of("sleep 876543") and time.monotonic() < until:
        time.sleep(0.1)
    assert processes_of("sleep 876543") != []
    grading.kill()
    grading.wait()
    until = time.monotonic() + 5
    while processes_of("sleep 876543") and time.monotonic() < until:
        time.sleep(0.05)
    assert processes_of("sleep 876543") == []


@pytest.mark.slow
@pytest.mark.needs("jail")
def test_what_one_kernel_leaves_behind_no_other_finds() -> None:
    poison = (
        "import os, pathlib\n"
        "for home in (os.environ['IPYTHONDIR'], os.path.expanduser('~/.ipython')):\n"
        "    folder = pathlib.Path(home, 'profile_default', 'startup')\n    folder.mkdir(parents=True, exist_ok=True)\n"
        "    (folder / 'x.py').write_text('poisoned = 1')\n"
        "pathlib.Path('pandas.py').write_text('x = 1')"
    )
    first = run(poison)
    assert first.errors(0) == []
    second = run("'poisoned' in globals()", "import os; os.path.exists('pandas.py')")
    assert (second.shown(0), second.shown(1)) == ("False", "False")


@pytest.mark.slow
@pytest.mark.needs("jail")
def test_two_kernels_at_once_have_users_of_their_own_and_do_not_see_each_other() -> None:
    from concurrent.futures import ThreadPoolExecutor

    code = "import os, time\ntime.sleep(1.5)\nprint(os.getuid(), len([p for p in os.listdir('/proc') if p.isdigit()]))"
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda _: run(code, "1"), range(2)))
    users = [ran.shown(0).split() for ran in both]
    assert [ran.report["died"] for ran in both] == [None, None]
    assert all(int(seen) <= 4 for _, seen in users)
    if jail.probed().way == "root":
        assert users[0][0] != users[1][0]


@pytest.mark.slow
@pytest.mark.needs("jail")
def test_any_jupyter_tool_is_jailed_by_the_name_of_the_provisioner(tmp_path: Path) -> None:
    import nbformat
    from nbformat.v4 import new_code_cell, new_notebook

    cell = new_code_cell("import os, socket\nprint(os.getcwd(), socket.gethostname())")
    about = {"kernelspec": {"name": "python3", "display_name": "x", "language": "python"}}
    nbformat.write(new_notebook(cells=[cell], metadata=about), tmp_path / "in.ipynb")
    done = subprocess.run(
        [sys.executable, "-m", "papermill", "--no-progress-bar", "in.ipynb", "out.ipynb"], cwd=tmp_path, timeout=120,
        env={**os.environ, "JUPYTER_DEFAULT_PROVISIONER_NAME": "vsim-jail"}, capture_output=True, text=True,
    )
    assert done.returncode == 0, done.stderr
    assert f"{WORK} jail" in (tmp_path / "out.ipynb").read_text()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that any user of the machine can walk into, which pytest's own are not."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.slow
@pytest.mark.needs("jail")
def test_the_other_way_in_holds_a_kernel_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    from vsim.course import kernel_launch

    monkeypatch.setattr(kernel_launch, "probed", lambda tier="bwrap": jail.Probed("user", ""))
    ran = run("import os\nos.listdir('/root') if os.path.exists('/root') else []", "open('/dev/x', 'w')", "os.getuid()")
    assert set(eval(ran.shown(0))) <= {".pyenv"}
    assert ran.errors(1) == ["OSError"]
    assert ran.shown(2) == "64321"


@pytest.mark.slow
@pytest.mark.needs("jail")
def test_the_command_for_a_plain_user_works_for_a_plain_user(open_folder: Path) -> None:
    """With the shell in place of Python, which such a user may not be able to read where this one lies."""
    place = Place(open_folder)
    place.write_people()
    seen = View((Path("/usr"), *(p for p in [Path("/lib64")] if p.is_dir() and not p.is_symlink())), tuple(
        (os.readlink(path), path) for name in ("bin", "lib", "lib64") if (path := Path("/", name)).is_symlink()
    ), ())
    script = (
        "ls -d /root /etc/shadow 2>/dev/null; cat /proc/self/status | grep -E 'CapEff|^Uid';"
        " grep processes /proc/self/limits; cat /etc/passwd;"
        " touch /x /usr/x /dev/x 2>/dev/null && echo wrote; pwd; echo hello > mine && cat mine;"
        " head -c 300000000 /dev/zero > big; ls /proc | grep -c '^[0-9]'"
    )
    line = bwrap("user", seen, place, Bounds(), ["/bin/sh", "-c", script], environment(WORK, Path(SCRATCH)))
    if os.geteuid() == 0:
        line = [shutil.which("setpriv") or "setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *line]
    done = subprocess.run(line, capture_output=True, text=True, timeout=60, check=False)
    words = done.stdout.split()
    assert done.stdout.startswith("Uid:\t64321"), done.stdout + done.stderr
    assert "0" * 16 in words
    assert {str(WORK), "hello", "128"} <= set(words)
    assert "wrote" not in words
    assert "big" not in words
    assert int(words[-1]) < 8
